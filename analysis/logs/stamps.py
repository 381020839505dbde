"""What tells that a log has changed, or what reads it. Standard library only."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.logs.discover import Listed

#: A log when it was listed: inode, bytes, times of change of content and inode in ns.
Stamp = tuple[int, int, int, int]

#: Source files that decide what a log becomes; when one changes, files at hand are read again.
PARSER = (
    "logs/damage.py",
    "logs/decode.py",
    "logs/discover.py",
    "logs/documents.py",
    "logs/frames.py",
    "logs/limits.py",
    "logs/lines.py",
    "logs/names.py",
    "logs/reader.py",
    "logs/records.py",
    "logs/resume.py",
    "logs/scan.py",
    "logs/shapes.py",
    "logs/sheet.py",
    "logs/stream.py",
    "logs/times.py",
    "logs/usage.py",
    "logs/values.py",
    "schema.py",
    "models.py",
)


_END = 2**12  # bytes of each end


def parser() -> str:
    """Return the version of the parser, by which batches are named."""
    package = Path(__file__).parents[1]
    read = [*(package / p for p in PARSER), *sorted((package / "logs" / "sources").glob("*.py"))]
    return hashlib.sha256(b"".join(p.read_bytes() for p in read)).hexdigest()[:8]


def stamp(found: os.stat_result | None) -> Stamp | None:
    """Return what changes when a file does; null when it cannot be read."""
    return found and (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def bytes_of(found: os.stat_result | None) -> int:
    """Return a file's size; 0 when it cannot be read."""
    return found.st_size if found else 0


def prefix(path: str | bytes, size: int) -> str | None:
    """Return a digest of both ends of a file's first `size` bytes; a log that grew keeps it."""
    try:
        with open(path, "rb", buffering=0, opener=opened) as stream:
            head = stream.read(min(size, _END))
            stream.seek(max(size - _END, 0))
            tail = stream.read(min(size, _END))
    except OSError:
        return None
    return hashlib.sha256(head + tail).hexdigest()[:16]


def opened(path: str | bytes | os.PathLike[str], flags: int) -> int:
    """Open a file that may be anything: to open a pipe is to wait for whoever writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


#: The shape of dataset.json: another one makes the next load look closer.
FORMAT = "2"

#: A file that changed this short before it was listed may change again and keep its stamp (git's
#: rule): its ends are compared too.
RACY = 2 * 10**9  # nanoseconds: the coarsest clock of file systems in use


def racy(found: Stamp, listed: int) -> bool:
    """Return whether a stamp is so new, when files were listed, that it does not tell enough."""
    return found[2] > listed - RACY or found[3] > listed - RACY


def listing(roots: Iterable[Path], listed: Mapping[str, Listed]) -> str:
    """Return a digest of all that a load looks at: parser, roots, and every log with its stamp."""
    lines = sorted(
        f"{path} {s.st_ino} {s.st_size} {s.st_mtime_ns} {s.st_ctime_ns}" if s else path
        for path, (_, s) in listed.items()
    )
    text = "\0".join([FORMAT, parser(), *map(str, roots), *lines])
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
