"""What a run of a command took: seconds on the wall, seconds of the processors, memory.

Times are taken from outside, of the whole process and of the children that it waits for. Memory
is taken in runs of their own, since looking takes time: every few milliseconds the resident set
sizes of the process and its descendants are summed, and the largest sum is the peak. A page that
two of them share counts twice, so the sum is an upper bound. (Proportional sizes, PSS, would count
it once, but get smaller when a stranger on the machine uses the same library.)
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

_BETWEEN_SECONDS = 0.002  # two looks at the memory
_MEBIBYTE = 2**20


class RunError(Exception):
    """A command that was to be measured failed; says which and how."""


@dataclass(frozen=True)
class Command:
    """What to run, and what must be done before it, which is not measured.

    A command that `times_itself` ends its output with two numbers: seconds on the wall and of
    the processors, of the part of it that is meant.
    """

    words: Sequence[str]
    cwd: Path = Path()
    env: Mapping[str, str] | None = None
    prepare: Callable[[], None] = lambda: None
    times_itself: bool = False


@dataclass(frozen=True)
class Took:
    """Seconds of one run."""

    wall: float
    cpu: float


def timed(command: Command) -> Took:
    """Run a command and time it.

    Raises
    ------
    RunError
        When it fails.

    Examples
    --------
    >>> timed(Command(["echo", "1.5", "0.25"], times_itself=True))
    Took(wall=1.5, cpu=0.25)
    """
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as wrong:
        command.prepare()
        begun = time.perf_counter()
        process = _start(command, said, wrong)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        _check(command, process.returncode, wrong)
        if not command.times_itself:
            return Took(wall, used.ru_utime + used.ru_stime)
        said.seek(0)
        inner_wall, inner_cpu = said.read().split()[-2:]
        return Took(float(inner_wall), float(inner_cpu))


def peak_mib(command: Command) -> float:
    """Run a command and return the most memory that it and its descendants had, in MiB.

    Raises
    ------
    RunError
        When it fails.

    Examples
    --------
    >>> import sys
    >>> hold = "import time; kept = bytes(range(256)) * 2**18; time.sleep(0.2)"
    >>> 64 < peak_mib(Command([sys.executable, "-c", hold])) < 128
    True
    """
    with tempfile.TemporaryFile() as wrong:
        command.prepare()
        process, peak = _start(command, subprocess.DEVNULL, wrong), 0
        tree = psutil.Process(process.pid)
        while process.poll() is None:
            with suppress(psutil.NoSuchProcess):
                peak = max(peak, sum(map(_bytes, [tree, *tree.children(recursive=True)])))
            time.sleep(_BETWEEN_SECONDS)
        _check(command, process.returncode, wrong)
        return peak / _MEBIBYTE


def _bytes(process: psutil.Process) -> int:
    with suppress(psutil.Error, ProcessLookupError):
        return int(process.memory_info().rss)
    return 0


def _start(command: Command, said: IO[bytes] | int, wrong: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command.words,
        cwd=command.cwd,
        env=command.env,
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=wrong,
    )


def _check(command: Command, status: int, wrong: IO[bytes]) -> None:
    if status != 0:
        wrong.seek(0)
        told = wrong.read().decode(errors="replace").strip()[-2000:]
        raise RunError(f"{' '.join(command.words)[:200]} ended with {status}: {told}")
