"""A log opened for reading only: its bytes, unpacked, and never more than it had at first."""

from __future__ import annotations

import io
import os
import re
import stat
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.logs.stamps import opened

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

#: What a compressed file's name ends with, and what its bytes begin with.
PACKED = {".gz": b"\x1f\x8b\x08", ".zst": b"\x28\xb5\x2f\xfd"}

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_PIECE = 2**13  # bytes unpacked at a time, so that damage costs little of what stands before it
_UNPACKED = 2**18  # bytes given at a time, because as many are kept twice
_UTF16 = re.compile(rb"\xff\xfe[^\0]\0|\xfe\xff\0[^\0]|[^\0]\0[^\0]\0|\0[^\0]\0[^\0]", re.DOTALL)


class RefusedError(Exception):
    """A file that is not read; carries a reason from `schema.SKIPS`, never content."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Stream(io.RawIOBase):
    """The bytes of an open log, without a buffer in between.

    `size` is what the file had on disk when it was opened; what is appended after that is not
    read. `damaged` says, at the end, whether a compressed file's rest could not be unpacked.
    """

    damaged = False

    def __init__(self, file: io.FileIO, size: int) -> None:
        self.size = self._left = size
        self._file = file

    def readable(self) -> bool:
        """Return true: it is there to be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill a buffer, or some of it, and return with how many bytes; 0 at the end."""
        got = self._file.readinto(memoryview(buffer)[: self._left])
        self._left -= got
        return got

    def skip(self, size: int) -> None:
        """Begin behind so many bytes."""
        if size:
            self._left = max(self.size - self._file.seek(size), 0)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


class _Pieces(Stream):
    def readinto(self, buffer: WriteableBuffer, /) -> int:
        return super().readinto(memoryview(buffer)[:_PIECE])


class _Packed(Stream):
    """The bytes of a compressed log, as far as they can be unpacked."""

    def __init__(self, file: io.FileIO, size: int, suffix: str) -> None:
        super().__init__(file, size)
        self._unpacked, self._broken = _unpacking(_Pieces(file, size), suffix)

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        try:
            return 0 if self.damaged else self._unpacked.readinto1(memoryview(buffer)[:_UNPACKED])
        except self._broken:
            self.damaged = True
            return 0

    def close(self) -> None:
        self._unpacked.close()
        super().close()


def open_log(path: Path) -> Stream:
    """Open a log for reading only.

    Whether it is compressed is told by its name, `.gz` or `.zst`, and its first bytes must agree.

    Returns
    -------
    Stream
        A context manager, with the bytes of the log, unpacked.

    Raises
    ------
    RefusedError
        When it is no regular file, or not what its name says, or UTF-16.
    OSError
        When it is not there or may not be read.

    Examples
    --------
    >>> from analysis.paths import SAMPLE
    >>> log = next(SAMPLE.rglob("*.jsonl"))
    >>> buffer = bytearray(9)
    >>> with open_log(log) as stream:
    ...     stream.size == log.stat().st_size, stream.readinto(buffer), bytes(buffer)
    (True, 9, b'...')
    """
    handle = opened(path, _FLAGS)
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise RefusedError("not_regular")
        file = io.FileIO(handle, closefd=True)
    except BaseException:
        os.close(handle)
        raise
    try:
        head = file.read(4)
        file.seek(0)
        _check(head, path.suffix)
        if head and path.suffix in PACKED:
            return _Packed(file, about.st_size, path.suffix)
        return Stream(file, about.st_size)
    except BaseException:
        file.close()
        raise


def _check(head: bytes, suffix: str) -> None:
    packed = next((name for name, magic in PACKED.items() if head.startswith(magic)), None)
    if head and packed != (suffix if suffix in PACKED else None):
        raise RefusedError("misnamed")
    if _UTF16.match(head):
        raise RefusedError("utf16")


def _unpacking(
    stream: Stream, suffix: str
) -> tuple[io.BufferedIOBase, tuple[type[Exception], ...]]:
    """Return a compressed stream's bytes, and what is raised where they are damaged."""
    if suffix == ".gz":
        import gzip

        return gzip.GzipFile(fileobj=stream), (EOFError, zlib.error, gzip.BadGzipFile)
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd.ZstdFile(stream), (EOFError, zstd.ZstdError)
