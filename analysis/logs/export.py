"""Write a dataset as one file."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path
from typing import NamedTuple

import polars as pl
from msgspec import structs

from analysis import schema
from analysis.logs import batches, frames, store, update
from analysis.logs.archive import BATCH, MEMBERS, VERSION, Contents, members
from analysis.logs.files import (
    PRIVATE,
    Parts,
    check_name,
    digest,
    folder,
    locked,
    public,
    replace_whole,
    sealed,
)
from analysis.logs.manifest import Manifest, encode, read_dataset
from analysis.logs.sound import ArchiveError, refuse

_ALWAYS = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say


class Exported(NamedTuple):
    """What was written: how many files and copies, and how many bytes they take."""

    files: int
    copies: int
    size: int


def export(name: str, target: Path) -> Exported:
    """Write a dataset to one file, for its owner alone; the same dataset gives the same bytes.

    Parameters
    ----------
    name
        The dataset.
    target
        The file. An archive that lies there is replaced, and nothing else is.

    Raises
    ------
    StoreError
        When there is no such dataset, or its files are damaged.
    ArchiveError
        When the file cannot be written there.
    """
    if not public(check_name(name)).exists():
        store.missing(name)
    with locked(folder(name) / ".lock"):
        manifest = update.existing(name) or store.missing(name)
        may_write(target, manifest)
        _may_replace(target)
        dataset = read_dataset(name)
        if dataset is None or not dataset.tells(manifest):  # a load was killed
            dataset = update.publish(name, manifest, None)
        tables = dict(zip(batches.STORED, batches.tables(folder(name), dataset), strict=True))
    nothing = {mark: pl.lit(None, pl.Date) for mark in ("gone", "imported")}
    tables["files"] = tables["files"].with_columns(**nothing)  # the manifest says them
    packed = {
        table: _parquet(frame.sort("file", maintain_order=True)) for table, frame in tables.items()
    }
    said = _portable(manifest, {f"{table}.parquet": digest(data) for table, data in packed.items()})
    body = sealed(encode(Contents(VERSION, schema.VERSION, said)))
    whole = _zipped(dict(zip(MEMBERS, [body, *packed.values()], strict=True)))
    write_archive(target, whole)
    return Exported(len(manifest.files), tables["copies"].height, len(whole))


def may_write(target: Path, manifest: Manifest) -> None:
    """Refuse a place in the folders of logs, and one without a folder."""
    place = target.resolve()
    if not place.parent.is_dir():
        refuse(target, "there is no such folder")
    if any(place.is_relative_to(root) for root in manifest.roots):
        refuse(target, "nothing is written into the folders of logs: name another")


def write_archive(target: Path, data: bytes) -> None:
    """Write a file for its owner alone where it was found that it may be written."""
    try:
        replace_whole(target, data, PRIVATE)
    except OSError as error:
        refuse(target, f"it cannot be written ({os.strerror(error.errno or 0)})")


def _may_replace(target: Path) -> None:
    """Refuse a place where something else than an archive lies."""
    if os.path.lexists(target):
        try:
            members(target)
        except ArchiveError:
            refuse(target, "something else lies there: name another file")


def _portable(manifest: Manifest, parts: Parts) -> Manifest:
    """Return what of a manifest is true on any machine."""
    logs = sorted(manifest.files.items(), key=lambda item: item[1].number)
    return Manifest(
        sorted({*manifest.roots, *manifest.elsewhere}),
        manifest.key,
        files={p: structs.replace(g, batch=BATCH, stat=None, imported=None) for p, g in logs},
        kept=[structs.replace(rows, batch=BATCH) for rows in manifest.kept],
        projects=manifest.projects,
        models=manifest.models,
        batches={BATCH: parts},
        ids=manifest.ids,
    )


def _parquet(frame: pl.DataFrame) -> bytes:
    made = io.BytesIO()
    frame.rechunk().write_parquet(made, row_group_size=2**18, **frames.FORMAT)
    return made.getvalue()


def _zipped(packed: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        for name, data in packed.items():
            entry = zipfile.ZipInfo(name, _ALWAYS)
            entry.external_attr = (stat.S_IFREG | PRIVATE) << 16
            entry.create_system = 3  # modes as on Unix
            written.writestr(entry, data)
    return made.getvalue()
