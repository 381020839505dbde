"""What a cache read weighs in a quota: every public figure of it, by day."""

from __future__ import annotations

import datetime as dt

import polars as pl

from analysis.facts import facts


def weights() -> pl.DataFrame:
    """Return every public figure of what a cache read weighs, an input token being one.

    Returns
    -------
    pl.DataFrame
        `day` (null where the copy is undated), `label`, `weight` (null where the data cannot tell
        it), `known`: `no` read off headers, `yes` inferred, `asserted` without a number (all of a
        plan's quota), or `rule` (Anthropic's own, of another product); `author` (null of a rule);
        rules first, then by day.

    Examples
    --------
    >>> weights().filter(pl.col("known") == "no").select("day", "weight").row(0)
    (datetime.date(2025, 12, 17), 0.0021)
    """
    rules = facts("disclosures").filter(pl.col("weight").is_not_null())
    weight = pl.col("weight").cast(pl.Float64)
    public = facts("quota-weights").sort("measured_day", maintain_order=True)
    return pl.concat(
        [
            rules.select(
                pl.col("said_day").alias("day"),
                pl.format("rule of {}", "covers").alias("label"),
                weight,
                known=pl.lit("rule"),
            ),
            public.select(
                pl.col("measured_day").alias("day"), "label", weight, "author", known="inferred"
            ),
        ],
        how="diagonal",
    )


def written() -> dt.date:
    """Return the day of the technical write-up.

    Examples
    --------
    >>> written()
    datetime.date(2026, 3, 25)
    """
    rows = facts("write-ups").filter(pl.col("text") == "technical")
    day: dt.date = rows["published_day"].item()
    return day
