"""Published numbers, read from `data/raw/facts`, each row with its source."""

from __future__ import annotations

import polars as pl

from analysis.paths import FACTS


def facts(name: str) -> pl.DataFrame:
    """Read a table of published facts; an empty cell is null.

    Examples
    --------
    >>> facts("headlines")["ratio"].to_list()
    [43, 1310]
    """
    frame = pl.read_csv(FACTS / f"{name}.csv", infer_schema_length=None)
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
