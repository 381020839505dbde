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
    """Where the rows of one log file are, and how much they say.

    `prefix` is a digest of both ends of its first `size` bytes, which a log that only grew still
    has.
    """

    number: int
    batch: str
    lines: int = 0
    requests: int = 0  # of this file; others may repeat them
    first: str | None = None  # day, UTC
    last: str | None = None
    size: int = 0
    prefix: str | None = None


class Log(Rows, omit_defaults=True):
    """A log file as it was when it was read.

    `stat` is null when it could not be read. `names` are private. `gone` is the day of the first
    load that did not find it any more, `imported` the day on which it came from another dataset.
    """

    stat: Stamp | None = None
    names: dict[str, list[str]] = {}
    gone: str | None = None
    imported: str | None = None

    @property
    def here(self) -> bool:
        """Whether the last load found it on this disk."""
        return self.gone is None and self.imported is None

    def before(self) -> Rows:
        """Return what is kept of a log that says something else now."""
        return Rows(*(getattr(self, name) for name in Rows.__struct_fields__))


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
    ids: list[str] = []  # of which the tables have a keyed digest
    elsewhere: list[str] = []  # roots of what was imported

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
    away: int = 0  # files that are not on this disk
    alone: int = 0  # requests that no log that the last load found has
    alone_first: str | None = None
    alone_last: str | None = None
    sums: int = 0  # rows of other reports, which are no requests
    uncounted: int = 0  # requests whose cache writes are not known


class Dataset(Struct, kw_only=True):
    """What the tables of a dataset are: numbers of live files, and each batch's parts.

    `gone` and `imported` are numbers of live files by day. `manifest` is the digest of the
    manifest, and `listing` of the logs on disk, that they were written with; null where the listing
    alone cannot tell that nothing has changed.
    """

    live: list[int]
    kept: list[int]
    batches: dict[str, Parts]
    gone: dict[str, list[int]] = {}
    imported: dict[str, list[int]] = {}
    summary: Summary
    manifest: str | None
    listing: str | None

    @classmethod
    def of(
        cls, manifest: Manifest, summary: Summary, digest: str | None, listing: str | None
    ) -> Dataset:
        """Return what of a manifest is public."""
        logs = sorted(manifest.files.values(), key=lambda log: log.number)
        kept = sorted(rows.number for rows in manifest.kept)
        dataset = cls(
            live=[log.number for log in logs],
            kept=kept,
            batches=manifest.batches,
            summary=summary,
            manifest=digest,
            listing=listing,
        )
        for log in logs:
            for day, numbers in ((log.gone, dataset.gone), (log.imported, dataset.imported)):
                if day is not None:
                    numbers.setdefault(day, []).append(log.number)
        return dataset

    def tells(self, manifest: Manifest) -> bool:
        """Return whether these are the tables that a manifest has committed."""
        return self == Dataset.of(manifest, self.summary, self.manifest, self.listing)


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
    found = decode(whole[1], Manifest) if whole else decode(data, Old)
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
    return decode(whole[1], Dataset) if whole else None


def decode(data: bytes, kind: type[Kind]) -> Kind | None:
    """Read JSON of a shape; null when it has another."""
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
    body = encode(value)
    write_whole(path, sealed(body), mode)
    return digest(body)


def encode(value: Struct) -> bytes:
    """Write JSON, whatever bytes the names of files are made of."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        import json

        made: Any = msgspec.to_builtins(value)
        return json.dumps(made, separators=(",", ":")).encode()
