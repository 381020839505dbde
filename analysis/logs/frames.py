"""Rows by column to polars frames, and frames to the Parquet files of a batch."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis import schema
from analysis.logs.batches import STORED
from analysis.logs.files import StoreError
from analysis.logs.parts import Found, Part

if TYPE_CHECKING:
    import polars as pl

_ROWS = 2**13  # that wait for a frame: as Python's objects they need much memory
_WRITTEN = 2**16  # rows in one file


class Framed(NamedTuple):
    """Whole files' rows as frames, and what else was found: a part from elsewhere."""

    copies: pl.DataFrame
    events: pl.DataFrame
    files: pl.DataFrame
    found: dict[int, Found]


class Writer:
    """Writes parts to a folder: `copies.parquet`, `copies-0002.parquet` and so on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: dict[str, list[list[Any]]] = {table: [] for table in STORED}
        self._frames: dict[str, list[pl.DataFrame]] = {table: [] for table in STORED}
        self._written = dict.fromkeys(STORED, 0)
        self._ends: dict[int, bytes] = {}

    def add(self, part: Part | Framed, without: Collection[int] = ()) -> None:
        """Take in a part, or a partial's frames, without the rows of some files."""
        self._ends |= {n: found.end for n, found in part.found.items() if found.end is not None}
        if isinstance(part, Framed):
            self._add_frames(part, without)
            return
        for table, rows in self._rows.items():
            columns = getattr(part, table)
            if without:
                columns = _but(columns, without)
            if not rows:
                rows += columns
            else:
                for have, more in zip(rows, columns, strict=False):
                    have += more
            if rows and len(rows[0]) >= _ROWS:
                self._frame(table)

    def _add_frames(self, part: Framed, without: Collection[int]) -> None:
        import polars as pl

        for table, frames in self._frames.items():
            rows: pl.DataFrame = getattr(part, table)
            if without:
                rows = rows.filter(~pl.col("file").is_in(list(without)))
            frames.append(rows)
            if sum(map(len, frames)) >= _WRITTEN:
                self._write(table)

    def close(self) -> None:
        """Write what waits, so that each table has a file, and where each scan ended."""
        import polars as pl

        for table in STORED:
            if self._rows[table]:
                self._frame(table)
            if self._frames[table] or not self._written[table]:
                self._write(table)
        ends = {"file": list(self._ends), "end": list(self._ends.values())}
        made = pl.DataFrame(ends, schema={"file": pl.Int32, "end": pl.Binary})
        save(made, self._folder / "ends.parquet")

    def _frame(self, table: str) -> None:
        """Make a frame of the rows that wait: it takes a tenth of their memory."""
        self._frames[table].append(frame(self._rows[table], table))
        self._rows[table] = []
        if sum(map(len, self._frames[table])) >= _WRITTEN:
            self._write(table)

    def _write(self, table: str) -> None:
        import polars as pl

        self._written[table] += 1
        number = self._written[table]
        name = table if number == 1 else f"{table}-{number:04d}"
        made = pl.concat([frame([], table), *self._frames[table]])
        if not schema.fits(made, table):
            schema.validate(made, table)
        save(made, self._folder / f"{name}.parquet")
        self._frames[table].clear()


def _but(columns: list[list[Any]], without: Collection[int]) -> list[list[Any]]:
    """Leave out the rows of some files; the first column is their number."""
    kept = [file not in without for file in columns[0]] if columns else []
    return [list(compress(column, kept)) for column in columns]


#: Logs are read more often than they are loaded: what is fast to read and to write.
FORMAT: Any = {"compression": "lz4", "statistics": False}


def frame(columns: list[list[Any]], table: str) -> pl.DataFrame:
    """Make a table's frame of its columns.

    Parameters
    ----------
    columns
        Values in the order of the schema, times in microseconds of UTC; empty without rows.
    table
        `copies`, `events` or `files`.

    Examples
    --------
    >>> frame([], "events").height
    0
    """
    import polars as pl

    types = schema.dtypes(table)
    if not columns:
        return pl.DataFrame(schema=types)
    named = zip(types.items(), columns, strict=True)
    return pl.DataFrame([_series(name, kind, values) for (name, kind), values in named])


def _series(name: str, kind: Any, values: list[Any]) -> pl.Series:
    import polars as pl

    if isinstance(kind, pl.Datetime):
        return pl.Series(name, values, pl.Int64).cast(kind)
    return pl.Series(name, values, kind)


def save(made: pl.DataFrame, path: Path) -> None:
    """Write a file of a batch.

    Raises
    ------
    StoreError
        When the disk does not take it; what has been written of the batch is removed.
    """
    import polars as pl

    try:
        made.write_parquet(path, **FORMAT)
    except (OSError, pl.exceptions.ComputeError):
        shutil.rmtree(path.parent, ignore_errors=True)
        raise StoreError(
            f"{path.parents[1]} cannot be written: is the disk full? What was there before stands"
        ) from None


def relabel(folder: Path, models: Mapping[str, str]) -> None:
    """Give models of unknown shape the labels they have in the dataset."""
    import polars as pl

    for path in (*folder.glob("copies*.parquet"), *folder.glob("events*.parquet")):
        made = pl.read_parquet(path)
        save(made.with_columns(pl.col("^(model|detail)$").replace(models)), path)
