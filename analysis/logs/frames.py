"""Rows by column to polars frames, and frames to the Parquet files of a batch."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import schema
from analysis.logs.parts import Part

if TYPE_CHECKING:
    import polars as pl

_ROWS = 2**16  # in one file: what is held in memory before it is written


class Writer:
    """Writes parts to a folder: `copies.parquet`, `copies-0002.parquet` and so on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: dict[str, list[pl.DataFrame]] = {"copies": [], "events": [], "files": []}
        self._written = dict.fromkeys(self._waiting, 0)
        self._ends: dict[int, bytes] = {}

    def add(self, part: Part, without: Collection[int] = ()) -> None:
        """Take in a part, without the rows of some files."""
        import polars as pl  # when the workers are at work: it takes a while

        self._ends |= {n: found.end for n, found in part.found.items() if found.end is not None}
        for table, waiting in self._waiting.items():
            made = frame(getattr(part, table), table)
            if without:
                made = made.filter(~pl.col("file").is_in(list(without)))
            if not schema.fits(made, table):
                schema.validate(made, table)
            waiting.append(made)
            if sum(map(len, waiting)) >= _ROWS:
                self._write(table)

    def close(self) -> None:
        """Write what waits, so that each table has a file, and where each scan ended."""
        import polars as pl

        for table, waiting in self._waiting.items():
            if waiting or not self._written[table]:
                self._write(table)
        ends = {"file": list(self._ends), "end": list(self._ends.values())}
        made = pl.DataFrame(ends, schema={"file": pl.Int32, "end": pl.Binary})
        made.write_parquet(self._folder / "ends.parquet", **_FORMAT)

    def _write(self, table: str) -> None:
        import polars as pl

        self._written[table] += 1
        number = self._written[table]
        name = table if number == 1 else f"{table}-{number:04d}"
        made = pl.concat([frame([], table), *self._waiting[table]])
        made.write_parquet(self._folder / f"{name}.parquet", **_FORMAT)
        self._waiting[table].clear()


#: Logs are read more often than they are loaded: what is fast to read and to write.
_FORMAT: Any = {"compression": "lz4", "statistics": False}


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


def relabel(folder: Path, models: Mapping[str, str]) -> None:
    """Give models of unknown shape the labels they have in the dataset."""
    import polars as pl

    for path in (*folder.glob("copies*.parquet"), *folder.glob("events*.parquet")):
        made = pl.read_parquet(path)
        made.with_columns(pl.col("^(model|detail)$").replace(models)).write_parquet(path, **_FORMAT)
