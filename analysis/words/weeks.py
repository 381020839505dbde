"""Say how the 30-day account's reads grew from week to week."""

from __future__ import annotations

import polars as pl

from analysis.measures.weeks import last_day
from analysis.words.numbers import day, share
from analysis.words.sources import published

SOURCE = published("cases", "weeks")
FORMATS = {"tokens_a_day": "integer"}
FORMATS |= dict.fromkeys(("over_before", "over_before_a_day", "printed_multiple"), "multiple")


def weeks(frame: pl.DataFrame) -> str:
    """Caption the weeks of issue #24147."""
    told = frame.filter(pl.col("printed_multiple").is_not_null()).row(0, named=True)
    first = frame.row(0, named=True)
    alone, last = last_day() / 1e6, frame["read_tokens"][-1] / 1e6
    begin = day(frame["label_day"][-1])
    return (
        f"The {told['printed_multiple']:g}x by which #24147's second week outgrows its first sets "
        f"{told['days']} days against {first['days']}: a day, reads grew by "
        f"{share(told['over_before_a_day'] - 1)}. Cache reads by week, and over the week before, "
        "as totals and a day. The account begins on a Friday; weeks are taken to end on the "
        f"Sunday that names them. Did they begin on it, the last would be {begin} alone, with "
        f"{last:,.0f} million reads, of which the issue itself gives {alone:,.0f} million."
    )
