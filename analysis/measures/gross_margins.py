"""What is published of gross margins: reported, planned or estimated, not by the firms."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.revenue import FIRM

_FIRST = 2025  # the first year of `reported`


def margins() -> pl.DataFrame:
    """Return the published gross margins.

    Returns
    -------
    pl.DataFrame
        `said_day`, `whose`, `covers`, `margin`, `bound`, `status`, `what`, `source`, by day.
    """
    return facts("margins").sort("said_day", maintain_order=True)


def planned() -> float:
    """Return the gross margin that was reported as planned for 2025, the last word on it.

    Examples
    --------
    >>> planned()
    0.4
    """
    said = margins().filter(pl.col("whose") == FIRM, pl.col("status") == "planned")
    return float(said["margin"][-1])


def reported() -> tuple[float, float]:
    """Return the least and the greatest gross margin reported of the firm for 2025 and later.

    Examples
    --------
    >>> reported()
    (0.38, 0.7)
    """
    year = pl.col("covers").str.extract(r"(\d{4})").cast(pl.Int64)
    said = margins().filter(pl.col("whose") == FIRM, year >= _FIRST)["margin"]
    return float(said.min()), float(said.max())  # type: ignore[arg-type]
