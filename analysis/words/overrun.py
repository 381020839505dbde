"""Say what a cut of the planned gross margin implies."""

from __future__ import annotations

import polars as pl

from analysis.measures import overrun as measure
from analysis.measures.gross_margins import planned
from analysis.words.numbers import share, signed
from analysis.words.sources import published

SOURCE = published("overruns", "margins")


def overrun(frame: pl.DataFrame) -> str:
    """Caption the share of cost that inference must have been."""
    first = frame.row(0, named=True)
    other = frame.filter(case="reported").row(0, named=True)
    return (
        f"A cut of the gross margin from {share(measure.first_planned(), 0)} to "
        f"{share(planned(), 0)} is a rise of {share(first['rise'], 0)} in all cost of revenue, at "
        f"the planned revenue. Inference is reported to have cost {share(measure.over(), 0)} more "
        "than planned. Both agree, with all other cost as planned, only if inference was "
        f"{share(first['share'], 0)} of planned cost ({share(first['low'], 0)} to "
        f"{share(first['high'], 0)}, as the figures are rounded). That is what they imply, not a "
        "finding: no such share is published. With revenue as last reported, "
        f"{signed(other['revenue'] - 1)} of plan, it is {share(other['share'], 0)}. Above "
        f"{share(1, 0)} inference cannot be the whole reason."
    )


def listed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the shares as a table, by revenue over plan."""
    return frame.select(
        pl.col("case").alias("revenue"),
        (pl.col("revenue") - 1).alias("over plan"),
        pl.col("rise").alias("rise of all cost"),
        pl.col("share").alias("share of inference"),
        pl.col("low").alias("at least"),
        pl.col("high").alias("at most"),
    )
