"""Say what one in 25 a year before comes to, and what growth a month makes a year's rise."""

from __future__ import annotations

import polars as pl

from analysis.measures.adoption import index_month
from analysis.words.adoption import month, percent
from analysis.words.numbers import share
from analysis.words.pricing import times


def year(frame: pl.DataFrame) -> str:
    """Say what one in 25 a year before comes to, and of which month it can be."""
    rows = frame.sort("index_month").to_dicts()
    own = [r for r in rows if r["index_month"] == index_month()]
    if not own:
        return "Nothing is said of a year before."
    first, this = rows[0], own[0]
    return (
        f"From one in 25 to {percent(this['now'])} is {times(this['times'])} in a year. The same "
        f"words stood in the index of {month(first['index_month'])}, there beside "
        f"{percent(first['now'])}, which is {times(first['times'])}. Said of each index's own "
        f"data, it is of {month(first['data_month'])} and of {month(this['data_month'])}. One in "
        f"25, as a whole number, is anything from {share(1 / 25.5)} to {share(1 / 24.5)}: so the "
        "share hardly moved between the two months, or one of the sentences was carried over. "
        "Which, only the series would tell."
    )


def compounded(frame: pl.DataFrame) -> str:
    """Caption the growth of a year."""
    if frame.is_empty():
        return "No growth is claimed."
    slow, fast = (
        frame.filter(pl.col("reading") == r).sort("month").row(-1, named=True)
        for r in frame["reading"].unique(maintain_order=True)
    )
    return (
        f"At {share(slow['growth'], 0)} a month, one business in 25 would be "
        f"{percent(slow['percent'])} after a year, not {percent(fast['percent'])}. So the "
        f"write-up's two sentences agree only if its growth is in points. The year's rise takes "
        f"{share(fast['growth'])} a month, and the month it speaks of was faster than that. "
        "Curves of steady growth, no data: the months between are not public."
    )


def compounded_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the growth of a year."""
    if frame.is_empty():
        return "Empty axes."
    ends = frame.filter(pl.col("month") == pl.col("month").max())
    listed = " and ".join(
        f"{share(r['growth'])} a month to {percent(r['percent'])}" for r in ends.to_dicts()
    )
    return f"Two curves that start at one business in 25 and rise by {listed} in twelve months."
