"""Measure counterfactual. A start: put your own measure in its place."""

from __future__ import annotations

import polars as pl

from analysis.measures.data import TOKENS

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def by_weekday(requests: pl.DataFrame, timezone: str = "UTC") -> pl.DataFrame:
    """Sum requests by the weekday of their first line.

    Parameters
    ----------
    requests
        `Logs.requests`, priced or not.
    timezone
        Whose days.

    Returns
    -------
    pl.DataFrame
        Seven rows, Monday first: `weekday`, `requests`, tokens by class; each column sums to the
        whole.

    Examples
    --------
    >>> from analysis.schema import dtypes
    >>> none = pl.DataFrame(schema=dtypes("requests"))
    >>> by_weekday(none).select("weekday", "requests").row(0)
    ('Monday', 0)
    """
    number = pl.col("first_seen").dt.convert_time_zone(timezone).dt.weekday().cast(pl.Int64)
    counted = requests.group_by(number=number).agg(
        pl.len().cast(pl.Int64).alias("requests"), pl.col(TOKENS).sum()
    )
    week = pl.DataFrame({"number": range(1, 8), "weekday": WEEKDAYS})
    return week.join(counted, on="number", how="left").fill_null(0).sort("number").drop("number")
