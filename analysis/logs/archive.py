"""A dataset as one file: a zip of its tables and its manifest, for another machine.

Nothing in an archive is believed before all of it has been looked at: which members there are and
how large, their digests, the shape of the manifest, the schema of each table, and that both say
the same. Members are stored, not compressed, so none is larger than the file that it came in.
"""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path
from typing import NamedTuple

import polars as pl
from msgspec import Struct

from analysis import schema
from analysis.logs import batches, sound, stamps
from analysis.logs.files import digest, unsealed
from analysis.logs.manifest import Manifest, decode
from analysis.logs.sound import refuse

#: The shape of an archive.
VERSION = 1

#: All that an archive holds, in this order.
MANIFEST = "manifest.json"
MEMBERS = (MANIFEST, *(f"{table}.parquet" for table in batches.STORED))

#: What its tables are called in its manifest.
BATCH = "archive"


class Contents(Struct):
    """What the manifest of an archive says: its version, that of the columns, and the dataset."""

    archive: int
    columns: int
    dataset: Manifest


class Archive(NamedTuple):
    """An archive that was read and is sound: its manifest, and its tables by name."""

    manifest: Manifest
    tables: dict[str, pl.DataFrame]


def read_archive(path: Path) -> Archive:
    """Read an archive and check all of it.

    Raises
    ------
    ArchiveError
        When it is not sound: says what is wrong with it and where.
    """
    said, *packed = members(path)
    whole = unsealed(said)
    if whole is None:
        refuse(path, f"{MANIFEST} is damaged")
    manifest = _manifest(path, whole[1])
    parts = manifest.batches.get(BATCH, {})
    tables = {}
    for member, table, data in zip(MEMBERS[1:], batches.STORED, packed, strict=True):
        if parts.get(member) != digest(data):
            refuse(path, f"{member} is not what {MANIFEST} says it is")
        tables[table] = sound.table(path, member, data, table)
    sound.agree(path, manifest, tables)
    return Archive(manifest, tables)


def _manifest(path: Path, body: bytes) -> Manifest:
    """Decode a manifest of this version, or of one whose columns were fewer."""
    try:
        found = decode(body, Contents)
    except RecursionError:
        found = None
    if found is None:
        refuse(path, f"{MANIFEST} has another shape than that of any dataset")
    if found.archive != VERSION or found.columns > schema.VERSION:
        refuse(path, "a newer version of this suite wrote it: update this one first")
    return found.dataset


def members(path: Path) -> list[bytes]:
    """Read the members of an archive, as they stand in it: all of them, and nothing else.

    Raises
    ------
    ArchiveError
        When there are others, or they are no plain files.
    """
    try:
        with open(path, "rb", opener=stamps.opened) as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode):
                refuse(path, "it is no file")
            with zipfile.ZipFile(stream) as packed:
                _check(path, packed.infolist(), found.st_size)
                return [packed.read(entry) for entry in packed.infolist()]
    except FileNotFoundError:
        refuse(path, "there is no such file")
    except OSError as error:
        refuse(path, f"it cannot be read ({os.strerror(error.errno or 0)})")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError):
        refuse(path, "it is no whole zip, as an archive is")


def _check(path: Path, entries: list[zipfile.ZipInfo], size: int) -> None:
    """Check the list of members before any of them is read."""
    names = [entry.filename for entry in entries]
    for number, name in enumerate(names, 1):
        if name not in MEMBERS:
            refuse(path, f"member {number} has a name that no archive has")
        if names.count(name) > 1:
            refuse(path, f"{name} is in it more than once")
    if missing := [name for name in MEMBERS if name not in names]:
        refuse(path, f"{missing[0]} is missing")
    for entry in entries:
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            refuse(path, f"{entry.filename} is a link, or something else than a file")
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size:
            refuse(path, f"{entry.filename} is compressed, as no archive's member is")
        if entry.flag_bits & 1:
            refuse(path, f"{entry.filename} is encrypted")
    if sum(entry.file_size for entry in entries) > size:
        refuse(path, "its members are said to be larger than it is")
    if names != list(MEMBERS):
        refuse(path, "its members stand in another order")
