"""Compare a dataset with its logs, read afresh: every row, and what is counted from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from analysis import schema
from analysis.logs import batches, ingest, places, stamps, update
from analysis.logs.dataset import Logs
from analysis.logs.discover import Listed
from analysis.logs.files import StoreError, folder, private
from analysis.logs.fleet import given
from analysis.logs.manifest import Manifest, read_dataset, read_manifest
from analysis.logs.partial import load_part, partitions
from analysis.logs.store import read
from analysis.logs.summary import summarise
from analysis.words.numbers import count


@dataclass(frozen=True)
class Verified:
    """How much was compared, and a line for each difference.

    What is gone from disk, or was imported, has nothing to be compared with: how many files.
    """

    files: int
    rows: int
    gone: int
    imported: int
    differences: tuple[str, ...]


def verify(name: str) -> Verified:
    """Read all logs of a dataset again and compare; the dataset stays as it is.

    Raises
    ------
    StoreError
        When there is no such dataset, or its files are damaged.
    """
    logs, manifest = read(name), read_manifest(name)
    if manifest is None:
        raise StoreError(f"{private(name)} is gone, which says which logs the tables are of")
    said = [*_broken_rules(logs), *_other_summary(name, manifest)]
    listed = _listed(manifest)
    news = set(update.news(name, manifest, listed, keep=True).changed)
    known = {path: found for path, found in listed.items() if path not in news}
    with TemporaryDirectory() as place:
        fresh = _read_again(Path(place), manifest, known)
        now = _listed(manifest)  # a log may have grown while it was read
        news |= {path for path in listed if _stamp(listed, path) != _stamp(now, path)}
        numbers = {
            fresh.files[path].number: manifest.files[path].number for path in known.keys() - news
        }
        tables = [
            (table, _ours(logs, table, numbers), _theirs(Path(place), fresh, table, numbers))
            for table in batches.STORED
        ]
    if news:
        are, have = ("is", "has") if len(news) == 1 else ("are", "have")
        many = count(len(news), "log file")
        said.append(f"{many} {are} new or {have} changed since the load")
    said += [text for table, ours, theirs in tables for text in _differences(table, ours, theirs)]
    away = [manifest.files[path].imported for path in manifest.files.keys() - listed.keys()]
    gone, imported = away.count(None) + len(manifest.kept), len(away) - away.count(None)
    rows = sum(theirs.height for _, _, theirs in tables)
    return Verified(len(numbers), rows, gone, imported, tuple(said))


def _listed(manifest: Manifest) -> dict[str, Listed]:
    return places.listed(manifest.roots, known=manifest.roots)


def _stamp(listed: Mapping[str, Listed], path: str) -> object:
    return stamps.stamp(listed[path].stat) if path in listed else "gone"


def _broken_rules(logs: Logs) -> list[str]:
    said = []
    for table in (*batches.STORED, "requests"):
        try:
            schema.validate(getattr(logs, table), table)
        except schema.SchemaError as error:
            said.append(str(error))
    return said


def _other_summary(name: str, manifest: Manifest) -> list[str]:
    dataset = read_dataset(name)
    if dataset is None or not dataset.tells(manifest):
        return ["the tables are not those of the manifest: a load did not end"]
    if dataset.summary != summarise(folder(name), manifest):
        return ["the summary is not that of the tables"]
    return []


def _read_again(folder: Path, manifest: Manifest, known: Mapping[str, Listed]) -> Manifest:
    """Read logs into a folder as if for the first time, with the labels of the dataset."""
    fresh = Manifest(manifest.roots, manifest.key)
    fresh.projects, fresh.models = dict(manifest.projects), dict(manifest.models)
    logs, parts = places.placed(known), None
    if any(map(places.is_address, known)):
        packed = partitions(logs, known, bytes.fromhex(fresh.key))
        parts = given(packed, map(load_part, packed))
    ingest.add_batch(folder, fresh, logs, known, parts=parts)
    return fresh


def _ours(logs: Logs, table: str, numbers: Mapping[int, int]) -> pl.DataFrame:
    rows: pl.DataFrame = getattr(logs, table)
    return rows.filter(pl.col("file").is_in(list(numbers.values())))


def _theirs(folder: Path, fresh: Manifest, table: str, numbers: Mapping[int, int]) -> pl.DataFrame:
    """Return what the logs say, with the file numbers of the dataset."""
    rows = batches.table(folder, fresh.batches, table, schema.dtypes(table).names())
    there = pl.col("file").is_in(list(numbers))
    return rows.filter(there).with_columns(pl.col("file").replace(numbers))


def _differences(table: str, ours: pl.DataFrame, theirs: pl.DataFrame) -> list[str]:
    """Count the rows that only one of two frames has, whatever their order."""
    beside = (
        pl.concat([ours.with_columns(_n=pl.lit(1)), theirs.with_columns(_n=pl.lit(-1))])
        .group_by(ours.columns)
        .agg(pl.col("_n").sum())
        .filter(pl.col("_n") != 0)
        .select(more=pl.col("_n").clip(0).sum(), less=-pl.col("_n").clip(None, 0).sum())
    )
    more, less = beside.row(0)
    if not more and not less:
        return []
    files = f"{count(ours.height, 'row')} against {theirs.height:,} in the logs"
    return [f"{table}: {files}, {more:,} only in the dataset, {less:,} only in the logs"]
