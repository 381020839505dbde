"""A log opened for reading only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class _File:
    def __init__(self, handle: int) -> None:
        self._handle = handle
        self.size = self._left = os.fstat(handle).st_size

    def readinto(self, buffer: memoryview, /) -> int:
        got = os.readv(self._handle, [buffer[: self._left]])
        self._left -= got
        return got


@contextmanager
def open_log(path: Path) -> Iterator[_File]:
    """Open a log."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        yield _File(handle)
    finally:
        os.close(handle)
