"""What is live in a dataset: the private manifest and its public part, typed and written whole.

Both are JSON objects whose first key is a digest of the others: a flipped bit is found before any
number is believed. The private one has names and paths, and its rename is the commit; the public
one has what the tables need, and is written only when they have changed.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from analysis import paths

Stamp = tuple[int, int, int, int]  # inode, bytes, times of change of content and inode in ns
Parts = dict[str, str]  # the files of a batch, with their digests
Kind = TypeVar("Kind", bound=Struct)

_HEAD = b'{"digest":"'


class StoreError(Exception):
    """A dataset cannot be used as asked; says what, where and what to do."""


class Rows(Struct, omit_defaults=True):
    """Where the rows of one log file are, and how much they say."""

    number: int
    batch: str
    lines: int = 0
    requests: int = 0  # of this file; others may repeat them
    first: str | None = None  # day, UTC
    last: str | None = None


class Log(Rows, omit_defaults=True):
    """A log file as it was when it was read.

    `stat` is null when it could not be read. `prefix` is a digest of both ends of its first
    `size` bytes, which a log that only grew still has. `names` are private.
    """

    stat: Stamp | None = None
    size: int = 0
    prefix: str | None = None
    names: dict[str, list[str]] = {}


class Manifest(Struct):
    """All there is to know of a dataset. Private: paths, names, and the key of its labels."""

    roots: list[str]
    key: str
    listed: int = 0  # when the files were listed, in ns
    speed: float = 0.0  # bytes a second of the last large load
    next: int = 1
    files: dict[str, Log] = {}
    kept: list[Rows] = []  # what a file said before it was rewritten
    projects: dict[str, str] = {}
    models: dict[str, str] = {}
    batches: dict[str, Parts] = {}

    def rows(self) -> list[Rows]:
        """Return what is live: each file's rows, and those a file has lost since they were read."""
        return [*self.files.values(), *self.kept]


class Old(Manifest, kw_only=True):
    """A manifest of the first release: without digests, and one parser for all batches."""

    parser: str


class Summary(Struct):
    """What a dataset says, by the default policy; computed once for each change of its tables."""

    files: int
    lines: int
    rejected: dict[str, int]  # by reason
    requests: int
    sessions: int
    first: str | None  # day, UTC
    last: str | None
    input: int  # tokens, as the next three
    write: int
    read: int
    output: int


class Dataset(Struct):
    """What the tables of a dataset are: numbers of live files, and each batch's parts."""

    live: list[int]
    kept: list[int]
    batches: dict[str, Parts]
    summary: Summary

    @classmethod
    def of(cls, manifest: Manifest, summary: Summary) -> Dataset:
        """Return what of a manifest is public."""
        return cls(*_tables(manifest), summary)

    def tells(self, manifest: Manifest) -> bool:
        """Return whether these are the tables that a manifest has committed."""
        return (self.live, self.kept, self.batches) == _tables(manifest)


def _tables(manifest: Manifest) -> tuple[list[int], list[int], dict[str, Parts]]:
    live = sorted(log.number for log in manifest.files.values())
    return live, sorted(rows.number for rows in manifest.kept), manifest.batches


def public(name: str) -> Path:
    """Return the dataset file whose change means that the tables changed."""
    return paths.PROCESSED / name / "dataset.json"


def private(name: str) -> Path:
    """Return the file that only the owner of the logs may read."""
    return paths.PRIVATE / name / "manifest.json"


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


def read_manifest(name: str) -> Manifest | None:
    """Read the private manifest; null when there is none.

    Raises
    ------
    StoreError
        When it is damaged or something else.
    """
    path = private(name)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    found = _decode(data, Manifest) or _decode(data, Old, signed=False)
    if found is None:
        raise StoreError(
            f"{path} is damaged: `make clean NAME={path.parent.name} FORCE=yes`, load again"
        )
    return found


def read_dataset(name: str) -> Dataset | None:
    """Read the public part; null when there is none, or none that a load would not write anew."""
    try:
        return _decode(public(name).read_bytes(), Dataset)
    except FileNotFoundError:
        return None


def _decode(data: bytes, kind: type[Kind], *, signed: bool = True) -> Kind | None:
    if signed:
        said, data = data[len(_HEAD) : len(_HEAD) + 32], b"{" + data[len(_HEAD) + 34 :]
        if said != digest(data).encode():
            return None
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _odd(data, kind)


def _odd(data: bytes, kind: type[Kind]) -> Kind | None:
    """Decode what msgspec does not: names of files that are not UTF-8."""
    import json

    try:
        return msgspec.convert(json.loads(data), kind)
    except (ValueError, RecursionError):  # of which msgspec's errors are
        return None


def write(path: Path, value: Struct, mode: int = 0o644) -> None:
    """Write JSON so that a reader sees the old file or the new one."""
    body = _encode(value)
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}.making")
    handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as stream:
        stream.write(_HEAD + digest(body).encode() + b'",' + body[1:])
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(making, path)


def _encode(value: Struct) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        import json

        made: Any = msgspec.to_builtins(value)
        return json.dumps(made, separators=(",", ":")).encode()
