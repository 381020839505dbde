"""Logs behind an address of `fsspec`: listed, placed and fetched, and never written to.

An address is `s3://bucket/folder`, `gs://`, `az://` or any other that fsspec knows, which is
imported only when one is read.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.logs import discover, sources
from analysis.logs.asking import asked, public
from analysis.logs.discover import Listed, LogFile, NoLogsError
from analysis.logs.objects import fetched as fetched
from analysis.logs.objects import opened, path_of

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_HEAD = 2**16  # bytes that say whose a log is, and of which project
_HEADS = 1_024  # of them on this disk at once

#: What a listing says of an object that is another one when the object is.
_VERSION = ("ETag", "etag", "generation", "md5Hash", "crc32c", "checksum", "ino")
_WRITTEN = ("LastModified", "last_modified", "updated", "mtime", "created")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def is_address(text: str) -> bool:
    """Return whether a text is an address, rather than a path.

    Examples
    --------
    >>> is_address("s3://bucket/logs"), is_address("/home/me/.claude")
    (True, False)
    """
    return "://" in text


def roots(logs: str) -> list[str]:
    """Resolve what the user typed to folders, files and addresses; see `discover.roots`.

    Examples
    --------
    >>> roots("s3://bucket/logs/, s3://bucket/more")
    ['s3://bucket/logs', 's3://bucket/more']
    """
    words = [word.strip() for word in logs.split(",") if is_address(word)]
    near = ",".join(word for word in logs.split(",") if not is_address(word))
    found = [str(root) for root in discover.roots(near)] if near.strip() or not words else []
    far = (word.rstrip("/") if path_of(word).name else word for word in words)
    return sorted({*found, *far})


def listed(roots: Sequence[str], known: Sequence[str] = ()) -> dict[str, Listed]:
    """List every log below folders and addresses.

    Parameters
    ----------
    known
        Roots at which there have been logs: where an address of them has none any more, they are
        gone, as files may be.
    """
    found = discover.listing(Path(root) for root in roots if not is_address(root))
    for root in filter(is_address, roots):
        with suppress(NoLogsError) if root in known else nullcontext():
            found |= listing(root)
    return found


def listing(address: str) -> dict[str, Listed]:
    """List every log below an address by its own.

    Parameters
    ----------
    address
        A bucket, a folder in one, or one object. If a folder `projects/` lies directly below,
        its logs alone are listed.

    Returns
    -------
    dict[str, Listed]
        The root is what stands behind the protocol. The inode stands for the version of the
        object that the listing tells, so the stamp changes if the object does.

    Raises
    ------
    NoLogsError
        When nothing is there.
    PlaceError
        When the place cannot be listed.

    Examples
    --------
    >>> from fsspec import filesystem
    >>> filesystem("memory").pipe("/shown/projects/-a/b.jsonl", b"{}")
    >>> for log, (root, about) in listing("memory://shown").items():
    ...     print(log, root.as_posix(), about.st_size)
    memory://shown/projects/-a/b.jsonl /shown/projects 2
    """
    root = path_of(address)
    if not root.name:
        raise NoLogsError(f"{address} names no bucket: LOGS=s3://bucket/folder does")
    address = address.rstrip("/")
    files = opened(address)
    found: dict[str, Any] = {}
    if root.name != "projects" and discover.told(str(root), root.parent) is False:
        found = _found(files, address, "projects/")
    if found:
        root /= "projects"
    found = found or _found(files, address)
    if not found:
        raise NoLogsError(f"nothing is there: {public(address)}: LOGS names a folder of logs")
    stats = {at: _stat(about) for at, about in found.items()}
    told = {at: discover.told(str(path_of(at)), root) for at in stats}
    listed = {at: Listed(root, _with_log(at, stats)) for at, is_log in told.items() if is_log}
    unsure = {
        at: Listed(root, _with_log(at, stats)) for at, is_log in told.items() if is_log is None
    }
    for at, path, head in _with_heads(unsure, projects=False):
        if sources.of(str(path), unsure[at].stat, root, head):
            listed[at] = unsure[at]
    return listed


def placed(listed: Mapping[str, Listed]) -> list[LogFile]:
    """Return where the logs of a listing belong, of paths and addresses, in a stable order."""
    near = {place: about for place, about in listed.items() if not is_address(place)}
    far = {place: about for place, about in listed.items() if is_address(place)}
    logs = {log.place: log for log in discover.placed(near)}
    for at, path, head in _with_heads(far, projects=True):
        logs[at] = discover.placed_at(path, far[at], head)._replace(path=path, address=at)
    return [logs[place] for place in discover.in_order(logs)]


def _with_heads(
    listed: Mapping[str, Listed], *, projects: bool
) -> Iterator[tuple[str, Path, Path | None]]:
    """Yield each address, what stands behind its protocol, and a file of its head if it tells.

    It tells the source of some, and the project of all that other sources have.
    """
    wanted: list[tuple[str, Path]] = []
    for at, about in listed.items():
        path = path_of(at)
        source, unsure = sources.by_place(str(path), about.root)
        if unsure or (projects and source not in (None, sources.CLAUDE_CODE)):
            wanted.append((at, path))
        else:
            yield at, path, None
    for first in range(0, len(wanted), _HEADS):
        some = dict(wanted[first : first + _HEADS])
        with fetched(some, _HEAD) as files:
            for at, path in some.items():
                yield at, path, files[at]


def _found(files: AbstractFileSystem, address: str, prefix: str = "") -> dict[str, Any]:
    """List the objects below an address, or those whose names go on with a prefix."""
    base, only = files._strip_protocol(address), {"prefix": prefix} if prefix else {}
    files.invalidate_cache()
    try:
        found = asked(
            lambda: files.find(base, detail=True, **only), address, "the list of what is there"
        )
    except FileNotFoundError:
        return {}
    if isinstance(found, list):  # of one object, as adlfs says it
        found = {
            name: asked(lambda: files.info(base), address, "the list of what is there")
            for name in found
        }
    wanted = base.rstrip("/") + "/" + prefix
    return {
        address + name[len(base) :]: about
        for name, about in found.items()
        if name.startswith(wanted) or (name == base and not prefix)
        if about["type"] == "file" and not name.endswith("/")
    }


def _stat(about: Mapping[str, Any]) -> os.stat_result:
    """Return what a listing says of an object as if it were a file."""
    told = "\0".join(f"{name} {about[name]}" for name in _VERSION if about.get(name))
    version = int.from_bytes(hashlib.blake2b(told.encode(), digest_size=8).digest()) >> 1
    written = _nanoseconds(next((about[name] for name in _WRITTEN if about.get(name)), 0))
    seconds = written // 10**9
    fields = (stat.S_IFREG | 0o400, version, 0, 1, 0, 0, int(about["size"] or 0), *[seconds] * 3)
    return os.stat_result(
        fields, {f"st_{name}_ns": written for name in ("atime", "mtime", "ctime")}
    )


def _nanoseconds(written: str | dt.datetime | float) -> int:
    if isinstance(written, str):
        written = dt.datetime.fromisoformat(written)
    if isinstance(written, dt.datetime):
        written = written if written.tzinfo else written.replace(tzinfo=dt.UTC)
        return (written - _EPOCH) // dt.timedelta(microseconds=1) * 1_000
    return round(written * 10**9)


def _with_log(at: str, stats: Mapping[str, os.stat_result]) -> os.stat_result:
    """Return the stat of an object; of a database also as its log, beside it, has it."""
    log = stats.get(f"{at}-wal") if at.endswith(".db") else None
    if log is None or not log.st_size:
        return stats[at]
    found = discover.later(stats[at], log)
    clocks = {name: getattr(found, name) for name in ("st_atime_ns", "st_mtime_ns", "st_ctime_ns")}
    return os.stat_result((found[0], found.st_ino ^ log.st_ino, *found[2:10]), clocks)
