"""Run notebooks side by side, one on a core, each in a kernel that is a fork of this process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

BEGUN = time.time_ns()  # before the package is imported: what changes after that is newer

from analysis import errors  # noqa: E402
from analysis.logs.workers import cores  # noqa: E402
from analysis.report.run import RunError, execute, surroundings  # noqa: E402

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
    from analysis.report import kernels, sockets

    reason = kernels.preload()
    with sockets.folder() as place:
        if not reason and place is None:
            reason = "no folder for their sockets has a path that is short enough"
        if reason:
            print(
                f"run: each notebook has a fresh kernel, which takes longer ({reason})", flush=True
            )
        return _run_all(sorted(map(Path, notebooks), key=_turn), dataset, None if reason else place)


def _turn(notebook: Path) -> tuple[bool, str]:
    return notebook.stem not in LONG, notebook.stem


def _run_all(waiting: list[Path], dataset: str, place: Path | None) -> int:
    from analysis.report.kernels import fork

    running: dict[int, Path] = {}
    failed = 0
    while waiting or running:
        while waiting and len(running) < cores():
            notebook = waiting.pop(0)
            pid = fork()
            if not pid:
                _worker(notebook, dataset, place)
            running[pid] = notebook
        pid, status = os.wait()
        notebook = running.pop(pid)
        if os.WIFSIGNALED(status):
            said = f"its run was ended by signal {os.WTERMSIG(status)}"
            print(f"{notebook.stem}: {said}", file=sys.stderr, flush=True)
        failed += status != 0
    return failed


def _worker(notebook: Path, dataset: str, place: Path | None) -> None:
    """Run one notebook and end, whatever happens: the caller's frames are another process's."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        status = _run(notebook, dataset, place)
    except BaseException as error:  # what polars calls a panic is no Exception
        print(f"{notebook.stem}: {errors.told(error)}", file=sys.stderr, flush=True)
    finally:
        os._exit(status)


def _run(notebook: Path, dataset: str, place: Path | None) -> int:
    """Run one notebook in a fork whose sockets are in a place, or without one in a fresh kernel."""
    from analysis.report.kernels import forked

    begun = time.monotonic()
    try:
        with forked(place) if place else nullcontext() as manager:
            execute(notebook, dataset, manager, BEGUN)
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
