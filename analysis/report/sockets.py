"""A folder for the sockets of kernels: its path is short enough, and what is left is swept."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis import paths

#: As long as any that a kernel is given: a socket's path has at most 107 bytes.
_LONGEST = "0000000-0"


@contextmanager
def folder() -> Iterator[Path | None]:
    """Yield an empty folder for sockets, readable by its owner alone; null where there is none.

    It lies below `build`, where the next run removes what was left by one that was killed. Where
    that is too long or can hold no socket, it is a temporary one.
    """
    for base in (paths.BUILD / ".kernels", Path(tempfile.gettempdir()), Path("/tmp")):
        if made := _made(base):
            found, handle = made
            try:
                yield found
            finally:
                shutil.rmtree(found, ignore_errors=True)
                os.close(handle)
            return
    yield None


def _made(base: Path) -> tuple[Path, int] | None:
    """Make a folder and hold its lock, which kernels inherit; nothing where no socket can be."""
    with suppress(OSError):
        base.mkdir(parents=True, exist_ok=True)
        guard = os.open(base, os.O_RDONLY)
        try:
            if base.name == ".kernels":
                fcntl.flock(guard, fcntl.LOCK_EX)  # or one is swept before it has its lock
                _sweep(base)
            made = Path(tempfile.mkdtemp(dir=base, prefix="k-"))
            if not _fits(made):
                made.rmdir()
                return None
            handle = os.open(made, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX)
            return made, handle
        finally:
            os.close(guard)
    return None


def _sweep(base: Path) -> None:
    """Remove the folders that no run and no kernel holds any more."""
    for path in base.iterdir():
        handle = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path)
        except BlockingIOError:
            pass
        finally:
            os.close(handle)


def _fits(place: Path) -> bool:
    path = place / _LONGEST
    try:
        with socket.socket(socket.AF_UNIX) as tried:
            tried.bind(str(path))
    except OSError:
        return False
    path.unlink()
    return True
