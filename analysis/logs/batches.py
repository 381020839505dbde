"""Batches: folders of Parquet files that are written once and believed only by their digests.

A batch has any number of files for each table, such as `copies.parquet` or `copies-0002.parquet`,
and one that says where each scan ended.
Polars neither writes nor verifies Parquet's page checksums (2.1 has no option for them), and they
would not cover the footer. A digest of each whole file, kept in the manifest that commits the
batch, covers pages and footer alike, and tells a file that was swapped for another whole one.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.logs.files import Parts, StoreError, again, digest
from analysis.logs.sources import CLAUDE_CODE

if TYPE_CHECKING:
    import polars as pl

    from analysis.logs.manifest import Dataset

#: The tables of a batch.
STORED = ("copies", "events", "files")


def seal(folder: Path) -> Parts:
    """Bring the files of a batch to the disk and return their digests."""
    parts = {}
    for path in sorted(folder.glob("*.parquet")):
        with path.open("rb") as stream:
            parts[path.name] = digest(stream.read())
            os.fsync(stream.fileno())
    return parts


def damaged(folder: Path, batches: Mapping[str, Parts]) -> set[str]:
    """Return the batches of which a file is gone, or is not what was written."""
    return {
        batch
        for batch, parts in batches.items()
        if not all(_found(folder / batch / part) == known for part, known in parts.items())
    }


def _found(path: Path) -> str | None:
    try:
        with open(path, "rb") as stream:
            return digest(stream.read())
    except OSError:
        return None


def table(folder: Path, batches: Mapping[str, Parts], kind: str, wanted: Any) -> pl.DataFrame:
    """Read a table from all batches: the wanted columns, as expressions.

    Raises
    ------
    StoreError
        When a file is gone or damaged. What is parsed are the very bytes that were verified.
    """
    import polars as pl

    from analysis import schema

    frames = []
    if kind in schema.TABLES:  # with what an earlier version did not have
        frames.append(pl.LazyFrame(schema=schema.dtypes(kind)))
    frames += [
        pl.scan_parquet(io.BytesIO(_verified(folder, batch, part, known)))
        for batch, parts in sorted(batches.items())
        for part, known in sorted(parts.items())
        if kind_of(part) == kind
    ]
    read = pl.concat(frames, how="diagonal_relaxed")
    if kind == "files":  # no line was rejected for a reason that there was not yet
        read = read.with_columns(pl.col("^rejected_.*$").fill_null(0))
    if kind in ("events", "files"):  # nor was there another source
        read = read.with_columns(pl.col("source").fill_null(CLAUDE_CODE))
    return read.select(wanted).collect()


def tables(folder: Path, dataset: Dataset) -> list[pl.DataFrame]:
    """Read what is live of copies, events and files, and mark the files that are not here."""
    import polars as pl

    from analysis import schema

    live = dict.fromkeys(STORED, dataset.live) | {"copies": dataset.live + dataset.kept}
    found = []
    for kind, numbers in live.items():
        wanted = [pl.col(n).cast(t) for n, t in schema.dtypes(kind).items()]
        rows = table(folder, dataset.batches, kind, wanted)
        found.append(rows.filter(pl.col("file").is_in(numbers)))
    found[-1] = found[-1].with_columns(
        _days(dataset.gone).alias("gone"), _days(dataset.imported).alias("imported")
    )
    return found


def _days(marked: Mapping[str, list[int]]) -> pl.Expr:
    """Return each file's day, if it has one."""
    import polars as pl

    days = {number: day for day, numbers in marked.items() for number in numbers}
    found = pl.col("file").replace_strict(days, default=None, return_dtype=pl.String)
    return found.str.to_date("%Y-%m-%d", strict=True)


def extents(folder: Path) -> dict[int, tuple[int, int, str | None, str | None]]:
    """Return how much each file of a batch says: lines, copies, first and last day (UTC).

    Rows that are kept of a log that says something else now have no lines.
    """
    import polars as pl

    def scan(kind: str) -> pl.LazyFrame:
        return pl.scan_parquet(sorted(folder.glob(f"{kind}*.parquet")), glob=False)

    copies = (
        scan("copies")
        .group_by("file")
        .agg(
            pl.len().alias("copies"),
            pl.col("first_seen").min().dt.date().cast(pl.String),
            pl.col("last_seen").max().dt.date().cast(pl.String),
        )
    )
    lines = scan("files").select("file", "lines")
    said = lines.join(copies, on="file", how="full", coalesce=True).collect()
    return {file: (lines or 0, n or 0, *days) for file, lines, n, *days in said.iter_rows()}


def kind_of(part: str) -> str:
    """Return the table that a file belongs to.

    Examples
    --------
    >>> kind_of("copies.parquet"), kind_of("copies-0001.parquet")
    ('copies', 'copies')
    """
    return part.removesuffix(".parquet").partition("-")[0]


def _verified(folder: Path, batch: str, part: str, known: str) -> bytes:
    path = folder / batch / part
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    if digest(data) != known:
        state = "damaged" if data else "gone"
        raise StoreError(
            f"the tables of {folder.name!r} are {state} ({batch}/{part}): {again(folder.name)} "
            "reads the logs again"
        )
    return data


def sweep(folder: Path, live: Iterable[str]) -> None:
    """Remove batches with nothing live in them: superseded, or left by a load that died."""
    import shutil

    live = set(live)
    for found in folder.glob("*batch-*"):
        if found.name not in live:
            shutil.rmtree(found)
