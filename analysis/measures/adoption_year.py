"""What was said of adoption a year before, and the growth a month that makes a year's rise."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.adoption import FIRM, GROWTH_CLAIM, index_month, points

_YEAR = 12  # months


def year_ago() -> pl.DataFrame:
    """Set what was said in words of a year before beside the share of which it was said.

    Returns
    -------
    pl.DataFrame
        One row per index that said it: `index_month`, `data_month` (a year before its data),
        `then` and `now` (percent), `times`, `monthly` (the steady growth a month that makes it).

    Examples
    --------
    >>> [round(times, 1) for times in year_ago()["times"]]
    [4.9, 6.1]
    """
    said = points().filter(pl.col("known") == "in words")
    later = (
        points()
        .filter(pl.col("firm") == FIRM)
        .select(pl.col("data_month").dt.offset_by("-1y"), pl.col("percent").alias("now"))
    )
    return (
        said.join(later, on="data_month", maintain_order="left")
        .with_columns(times=pl.col("now") / pl.col("percent"))
        .select(
            "index_month",
            "data_month",
            pl.col("percent").alias("then"),
            "now",
            "times",
            monthly=pl.col("times") ** (1 / _YEAR) - 1,
        )
    )


def compounded() -> pl.DataFrame:
    """Grow what was said of a year before by the growth of the month, in each of its readings.

    Returns
    -------
    pl.DataFrame
        For each reading of the claimed growth: `reading` (as the write-up prints it, or what the
        year's rise takes), `growth` (a month), `month` (0 to 12), `percent` (of businesses).

    Examples
    --------
    >>> last = compounded().filter(pl.col("month") == 12)
    >>> [round(percent, 1) for percent in last["percent"]]
    [7.2, 24.4]
    """
    claimed = facts("claims").filter(pl.col("claim") == GROWTH_CLAIM)["printed"].cast(pl.Float64)
    year = year_ago().filter(pl.col("index_month") == index_month()).row(0, named=True)
    readings = {"as printed": claimed.item() / 100, "as the year takes": year["monthly"]}
    months = pl.Series("month", range(_YEAR + 1))
    return pl.concat(
        pl.DataFrame({"month": months}).select(
            pl.lit(reading).alias("reading"),
            pl.lit(growth).alias("growth"),
            "month",
            percent=year["then"] * (1 + growth) ** pl.col("month"),
        )
        for reading, growth in readings.items()
    )
