"""Published numbers, read from `data/raw/facts`, each row with its source."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import polars as pl

from analysis.paths import FACTS


def facts(name: str) -> pl.DataFrame:
    """Read a table of published facts; an empty cell is null.

    Examples
    --------
    >>> facts("headlines")["ratio"].to_list()
    [43, 1310]
    """
    path = FACTS / f"{name}.csv"
    seen = path.stat()
    return _read(path, seen.st_ino, seen.st_size, seen.st_mtime_ns).clone()


@lru_cache(2**8)
def _read(path: Path, *_: int) -> pl.DataFrame:
    """Read a table once, until its file is another: a scorecard asks for some hundreds of times."""
    frame = pl.read_csv(path, infer_schema_length=None)
    days = [c for c in frame.columns if c.endswith("_day")]
    return frame.with_columns(pl.col(days).str.to_date())


def case(name: str) -> pl.DataFrame:
    """Return the one row of a published case.

    Examples
    --------
    >>> case("session")["read_tokens"].item()
    90360262
    """
    return facts("cases").filter(pl.col("case") == name)
