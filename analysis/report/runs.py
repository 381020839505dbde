"""Run notebooks side by side, one on a core, each in a kernel that is a fork of this process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from analysis import errors
from analysis.logs.workers import cores
from analysis.report.run import RunError, execute, surroundings

#: Run first, as no other can make up for the time that it takes: the simulation.
LONG = ("15-redesign",)


def execute_all(notebooks: Sequence[Path], dataset: str) -> None:
    """Run notebooks on a dataset, as many at a time as there are cores.

    They run in a process of their own, whose hash seed and settings are those of a run. One that
    fails says why and stops none of the others.

    Raises
    ------
    RunError
        When any of them failed: says which.
    """
    command = [sys.executable, "-m", "analysis.report.runs", dataset, *map(str, notebooks)]
    done = subprocess.run(command, env=os.environ | surroundings())
    if done.returncode:
        raise RunError("stopped" if done.returncode < 0 else "not every notebook ran, see above")


def main(dataset: str, *notebooks: str) -> int:
    """Fork a process for each notebook, the long ones first, and return how many failed."""
    from analysis.report import kernels

    if reason := kernels.preload():
        print(f"run: each notebook has a fresh kernel, which takes longer ({reason})", flush=True)
    waiting = sorted(map(Path, notebooks), key=lambda n: (n.stem not in LONG, n.stem))
    running: dict[int, Path] = {}
    failed = 0
    while waiting or running:
        while waiting and len(running) < cores():
            notebook = waiting.pop(0)
            pid = kernels.fork()
            if not pid:
                _worker(notebook, dataset, fresh=bool(reason))
            running[pid] = notebook
        pid, status = os.wait()
        notebook = running.pop(pid)
        if os.WIFSIGNALED(status):
            said = f"its run was ended by signal {os.WTERMSIG(status)}"
            print(f"{notebook.stem}: {said}", file=sys.stderr, flush=True)
        failed += status != 0
    return failed


def _worker(notebook: Path, dataset: str, *, fresh: bool) -> None:
    """Run one notebook and end, whatever happens: the caller's frames are another process's."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        status = _run(notebook, dataset, fresh=fresh)
    except BaseException as error:  # what polars calls a panic is no Exception
        print(f"{notebook.stem}: {errors.told(error)}", file=sys.stderr, flush=True)
    finally:
        os._exit(status)


def _run(notebook: Path, dataset: str, *, fresh: bool) -> int:
    from analysis.report.kernels import forked

    begun = time.monotonic()
    try:
        if fresh:
            execute(notebook, dataset)
        else:
            with forked() as manager:
                execute(notebook, dataset, manager)
    except RunError as error:
        print(f"{notebook.stem}: {error}", file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        print(f"{notebook.stem}: {error.strerror or 'not written'}", file=sys.stderr, flush=True)
        return 1
    print(f"ran {notebook.stem:<20} {time.monotonic() - begun:5.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    errors.hush()
    try:
        sys.exit(main(*sys.argv[1:]) > 0)
    except KeyboardInterrupt:
        sys.exit(130)
