"""Take an archive into a dataset: what of it is new, and nothing twice.

A log is known by its content, a digest of both its ends, wherever it lay. Of two states of one log
the later holds the earlier; where neither holds the other, as when a log was rewritten, both stay.
Numbers of files are given anew; labels, and digests that a dataset makes with its key, by the
names that the private manifests tell.
"""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import polars as pl
from msgspec import structs

from analysis import schema
from analysis.logs import batches, frames, names, update
from analysis.logs.archive import Archive, read_archive
from analysis.logs.files import (
    PRIVATE,
    StoreError,
    check_name,
    folder,
    locked,
    private,
    refuse_team,
)
from analysis.logs.ingest import label
from analysis.logs.manifest import Manifest, read_dataset, write
from analysis.logs.overlap import Chosen, choose

#: Columns of ids, of which some may be digests that a dataset makes with its key.
_IDS = "^(session|agent|message_id|request_id|parent_message_id)$"


class Imported(NamedTuple):
    """What an import did: logs that are new, of how many; and requests that were not there."""

    logs: int
    of: int
    requests: int


def import_archive(name: str, path: Path) -> Imported:
    """Take what an archive has and a dataset has not into the dataset, or make one of it.

    Parameters
    ----------
    name
        The dataset; it need not be there.
    path
        An archive that `archive.export` wrote, here or elsewhere.

    Raises
    ------
    ArchiveError
        When the archive is not sound. Nothing was changed.
    StoreError
        When the dataset cannot be used or written.
    """
    if check_name(name) == "sample":
        raise StoreError("NAME=sample holds the shipped sample: name your logs otherwise")
    theirs = read_archive(path)
    refuse_team(name)
    with locked(folder(name) / ".lock"):
        found, dataset = update.existing(name), read_dataset(name)
        manifest = found or Manifest([], theirs.manifest.key)
        copies = pl.DataFrame(schema=schema.dtypes("copies"))
        if found is not None:
            if dataset is None or not dataset.tells(found):  # a load was killed
                dataset = update.publish(name, found, None)
            copies = batches.tables(folder(name), dataset)[0]
        said = theirs.manifest
        ids = pl.col(_IDS).replace(_digests(manifest, said))
        tables = {table: frame.with_columns(ids) for table, frame in theirs.tables.items()}
        theirs = Archive(said, tables)
        chosen = choose(manifest, copies, said.files, said.kept, theirs.tables["copies"])
        before = dataset.summary.requests if dataset else 0
        after = before
        if chosen.files or chosen.kept:
            _enter(folder(name), manifest, theirs, chosen)
            update.forget_batches(manifest)
            write(private(name), manifest, PRIVATE)
            after = update.publish(name, manifest, None).summary.requests
    return Imported(len(chosen.files), len(said.files), after - before)


def _enter(place: Path, manifest: Manifest, theirs: Archive, chosen: Chosen) -> None:
    """Write what enters as a batch, and enter it in a manifest that the caller commits."""
    incoming = [*chosen.files.values(), *chosen.kept]
    numbers = {rows.number: new for new, rows in enumerate(incoming, manifest.next)}
    batch = f"batch-{manifest.next:06d}-imported"
    tables = _renamed(manifest, theirs, numbers)
    parts = _written(place, batch, tables)
    found = batches.extents(place / batch)
    day = dt.datetime.now(dt.UTC).date().isoformat()
    for gone in chosen.held:
        del manifest.files[gone]
    manifest.kept += [manifest.files.pop(path).before() for path in chosen.displaced]
    for path, log in chosen.files.items():
        number = numbers[log.number]
        lines, requests, first, last = found[number]
        entry = structs.replace(log, number=number, batch=batch, stat=None, imported=day)
        entry.lines, entry.requests, entry.first, entry.last = lines, requests, first, last
        manifest.files[path] = entry
    for rows in chosen.kept:
        kept = structs.replace(rows, number=numbers[rows.number], batch=batch)
        _, kept.requests, kept.first, kept.last = found[kept.number]
        manifest.kept.append(kept)
    manifest.batches[batch] = parts
    manifest.next += len(incoming)
    said = theirs.manifest
    manifest.ids = sorted({*manifest.ids, *said.ids})
    manifest.elsewhere = sorted({*manifest.elsewhere, *said.roots})


def _renamed(
    manifest: Manifest, theirs: Archive, numbers: dict[int, int]
) -> dict[str, pl.DataFrame]:
    """Return the rows of some files with the numbers and labels of this dataset."""
    said = theirs.manifest
    projects = _labels(manifest.projects, "project", said.projects)
    models = _labels(manifest.models, "other", said.models)
    file = pl.col("file").replace_strict(numbers, return_dtype=pl.Int32)
    return {
        table: frame.filter(pl.col("file").is_in(list(numbers))).with_columns(
            file,
            pl.col("project").replace(projects),
            pl.col("^(model|detail)$").replace(models),
        )
        for table, frame in theirs.tables.items()
    }


def _labels(ours: dict[str, str], word: str, theirs: dict[str, str]) -> dict[str, str]:
    """Return our label for each of theirs: by name, and the next ones for names that are new."""
    in_order = sorted(theirs.items(), key=lambda item: int(item[1].removeprefix(f"{word}-")))
    return {their: label(ours, word, name) for name, their in in_order}


def _digests(ours: Manifest, theirs: Manifest) -> dict[str, str]:
    """Return our digest for each of theirs whose id is known: noted, or part of a path."""
    if ours.key == theirs.key:
        return {}
    odd = spelled(theirs) | spelled(Manifest([], theirs.key, ids=ours.ids))
    key = bytes.fromhex(ours.key)
    return {digest: str(names.opaque(said, key)) for digest, said in odd.items()}


def spelled(manifest: Manifest) -> dict[str, str]:
    """Return the ids that a dataset's digests are of, as far as known: noted, or part of a path.

    Examples
    --------
    >>> spelled(Manifest([], "00", ids=["acme-merger"])).values()
    dict_values(['acme-merger'])
    """
    known = {*manifest.ids}
    for path in manifest.files:
        for part in PurePosixPath(path).parts:
            stem = part.partition(".jsonl")[0]
            known |= {part, stem, stem.removeprefix("agent-")}
    key = bytes.fromhex(manifest.key)
    odd = sorted(said for said in known if said and names.opaque(said) != said)
    return {str(names.opaque(said, key)): said for said in odd}


def _written(place: Path, batch: str, tables: dict[str, pl.DataFrame]) -> dict[str, str]:
    """Write a batch, whole or not at all, and return its digests."""
    making = place / f".{batch}.making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    for table, frame in tables.items():
        frames.save(frame, making / f"{table}.parquet")
    parts = batches.seal(making)
    shutil.rmtree(place / batch, ignore_errors=True)
    making.rename(place / batch)
    return parts
