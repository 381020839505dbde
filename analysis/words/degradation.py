"""Say degradation. A start: put your own sentences in its place."""

from __future__ import annotations

import polars as pl

from analysis.words.numbers import count, share

WEEKDAYS_ALT = "Degradation: seven horizontal bars, Monday to Sunday, for requests."
WEEKDAYS_TABLE = (
    "Requests and tokens by the weekday of a request's first line. Each column sums to the whole."
)


def weekdays(frame: pl.DataFrame, timezone: str) -> str:
    """Caption the requests by weekday."""
    total = int(frame["requests"].sum())
    if not total:
        return "No request in these logs."
    busiest = frame.sort("requests", descending=True, maintain_order=True).row(0, named=True)
    return (
        f"{busiest['weekday']} ({timezone}) has the most requests: {busiest['requests']:,} of "
        f"{count(total, 'request')}, {share(busiest['requests'] / total)}."
    )
