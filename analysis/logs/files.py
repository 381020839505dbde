"""The files of a dataset: where they are, and the digest by which each is believed.

Standard library only, but for the lock: a load that finds nothing new needs no more.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

from analysis import paths

#: The files of a batch, with their digests.
Parts = dict[str, str]

#: The mode of a file that is for its owner alone.
PRIVATE = 0o600

_HEAD = b'{"digest":"'


class StoreError(Exception):
    """A dataset cannot be used as asked; says what, where and what to do."""


def public(name: str) -> Path:
    """Return the dataset file whose change means that the tables changed."""
    return paths.PROCESSED / name / "dataset.json"


def private(name: str) -> Path:
    """Return the file that only the owner of the logs may read."""
    return paths.PRIVATE / name / "manifest.json"


def team_manifest(name: str) -> Path:
    """Return the file that says what a team's store holds."""
    return paths.PROCESSED / name / "team.json"


def is_team(name: str) -> bool:
    """Return whether a name is a team's."""
    return team_manifest(name).exists()


def refuse_team(name: str) -> None:
    """Refuse a team where a dataset of logs is wanted."""
    if is_team(name):
        raise StoreError(
            f"NAME={name} is a team: requests that people handed over, without their logs. There "
            "is nothing to load, verify or export; "
            f"`make report team={name}` shows it (docs/team.md)"
        )


def folder(name: str) -> Path:
    """Return where a dataset's batches are."""
    return paths.PROCESSED / name


def check_name(name: str) -> str:
    """Return a dataset's name, or refuse it: it becomes the name of folders."""
    if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii():
        raise StoreError(f"NAME={name!r}: use letters, digits, - and _ only")
    return name


def again(name: str) -> str:
    """Return the command that brings a dataset up to date."""
    return "`make data`" if name == "sample" else f"`make data LOGS=... NAME={name}`"


def digest(data: bytes) -> str:
    """Return the BLAKE2b digest of a file, 128 bits: fast without help from the processor."""
    return blake2b(data, digest_size=16).hexdigest()


def sealed(data: bytes) -> bytes:
    """Return a JSON object with a digest of the others as its first key."""
    return _HEAD + digest(data).encode() + b'",' + data[1:]


def unsealed(data: bytes) -> tuple[str, bytes] | None:
    """Return the digest and the object it is of; null when they do not agree.

    Examples
    --------
    >>> unsealed(sealed(b'{"a":1}'))[1], unsealed(sealed(b'{"a":1}')[:-1])
    (b'{"a":1}', None)
    """
    said, body = data[len(_HEAD) : len(_HEAD) + 32], b"{" + data[len(_HEAD) + 34 :]
    known = digest(body)
    return (known, body) if said == known.encode() else None


def digest_of_manifest(name: str) -> str | None:
    """Return the digest of a whole private manifest; null when it is gone or damaged."""
    try:
        whole = unsealed(private(name).read_bytes())
    except FileNotFoundError:
        return None
    return whole[0] if whole else None


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file so that a reader sees the old one or the new one.

    One for its owner alone lies in a folder for its owner alone.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if mode == PRIVATE:
        path.parent.chmod(0o700)
    replace_whole(path, data, mode)


def replace_whole(path: Path, data: bytes, mode: int) -> None:
    """Write a file into a folder that is there, so that a reader sees the old one or the new."""
    making = path.with_name(f".{path.name}.making")
    handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(making, path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock: whoever else wants it waits."""
    from filelock import FileLock

    lock = FileLock(path)
    while not lock.is_locked:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # the folder was removed by who held it
            lock.acquire()
    try:
        yield
    finally:
        lock.release()
