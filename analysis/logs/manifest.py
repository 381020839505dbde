"""What is live in a dataset: the private manifest and its public part, typed and written whole.

Both are JSON objects whose first key is a digest of the others: a flipped bit is found before any
number is believed. The private one has names and paths, and its rename is the commit; the public
one has what the tables need, and is written only when they have changed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from analysis.logs.files import (
    Parts,
    StoreError,
    digest,
    private,
    public,
    sealed,
    unsealed,
    write_whole,
)
from analysis.logs.stamps import Stamp

Kind = TypeVar("Kind", bound=Struct)


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


class Summary(Struct, omit_defaults=True):
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
    sums: int = 0  # rows of other reports, which are no requests
    uncounted: int = 0  # requests whose cache writes are not known


class Dataset(Struct):
    """What the tables of a dataset are: numbers of live files, and each batch's parts.

    `manifest` is the digest of the manifest, and `listing` of the logs on disk, that they were
    written with; null where the listing alone cannot tell that nothing has changed.
    """

    live: list[int]
    kept: list[int]
    batches: dict[str, Parts]
    summary: Summary
    manifest: str | None
    listing: str | None

    def tells(self, manifest: Manifest) -> bool:
        """Return whether these are the tables that a manifest has committed."""
        return (self.live, self.kept, self.batches) == tables_of(manifest)


def tables_of(manifest: Manifest) -> tuple[list[int], list[int], dict[str, Parts]]:
    """Return what of a manifest is public."""
    live = sorted(log.number for log in manifest.files.values())
    return live, sorted(rows.number for rows in manifest.kept), manifest.batches


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
    whole = unsealed(data)
    found = _decode(whole[1], Manifest) if whole else _decode(data, Old)
    if found is None:
        raise StoreError(
            f"{path} is damaged: `make clean NAME={path.parent.name} FORCE=yes`, load again"
        )
    return found


def read_dataset(name: str) -> Dataset | None:
    """Read the public part; null when there is none, or none that a load would not write anew."""
    try:
        whole = unsealed(public(name).read_bytes())
    except FileNotFoundError:
        return None
    return _decode(whole[1], Dataset) if whole else None


def _decode(data: bytes, kind: type[Kind]) -> Kind | None:
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


def write(path: Path, value: Struct, mode: int = 0o644) -> str:
    """Write JSON so that a reader sees the old file or the new one; return its digest."""
    body = _encode(value)
    write_whole(path, sealed(body), mode)
    return digest(body)


def _encode(value: Struct) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        import json

        made: Any = msgspec.to_builtins(value)
        return json.dumps(made, separators=(",", ":")).encode()
