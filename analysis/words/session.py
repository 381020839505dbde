"""Say what happened along a session."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from analysis.measures.session import MOST
from analysis.words.numbers import compact, count, usd


def called(row: dict[str, Any], project: str, timezone: str) -> str:
    """Return a session as it is called where one is picked.

    Parameters
    ----------
    row
        Of `measures.session.sessions`.
    project
        What its project is called.

    Examples
    --------
    >>> at = dt.datetime(2026, 3, 19, 9, tzinfo=dt.UTC)
    >>> called({"total_usd": 3.5, "requests": 12, "begins": at}, "acme", "UTC")
    '$3.50 · 12 requests · acme · 2026-03-19 09:00'
    """
    at = row["begins"].astimezone(ZoneInfo(timezone))
    many = count(row["requests"], "request")
    return f"{usd(row['total_usd'])} · {many} · {project} · {at:%Y-%m-%d %H:%M}"


def listed(frame: pl.DataFrame, shown: int, of: str = "") -> str:
    """Say how many sessions there are and what they cost."""
    if frame.is_empty():
        return f"No session{of}."
    known = frame["total_usd"].drop_nulls().to_list()
    if not known:
        return f"{count(frame.height, 'session')}{of}, of which no price is known."
    cut = f" The first {shown:,} are listed." if shown < frame.height else ""
    return (
        f"{count(frame.height, 'session')}{of} cost {usd(sum(known))}, the dearest "
        f"{usd(max(known))}.{cut}"
    )


LISTED_READING = (
    "Choose a row to see that session below. Hours: from its first request to its last. Premium: "
    "what was written to the cache again, above the price of reading it."
)


def course(frame: pl.DataFrame, cuts: int, project: str) -> str:
    """Say what a session came to: requests, time, compactions, rebuilds, dollars."""
    if frame.is_empty():
        return "No session is chosen, and none is there to choose."
    begins, again = frame["at"][0], frame.filter(pl.col("cause").is_not_null())
    spent = frame["cumulative_usd"][-1]
    premium = None if spent is None else float(again["premium_usd"].sum())
    came = "No price is known" if spent is None else usd(spent)
    rebuilds = (
        f"{count(again.height, 'rebuild')} of {compact(int(again['rebuilt_tokens'].sum()))} tokens "
        f"at {usd(premium)} above a read"
        if frame["rebuilt_tokens"].count()
        else "what was written again is not known"
    )
    return (
        f"{came} in {count(frame.height, 'request')} over "
        f"{_long(frame['at'][-1] - begins)} from {begins:%Y-%m-%d}, {project}: "
        f"{count(cuts, 'compaction')}, {rebuilds}."
    )


def course_reading(frame: pl.DataFrame, along: str = "number") -> str:
    """Say how to read the picture of a session, `along` its requests or the clock."""
    thin = (
        f" Of more than {MOST:,} requests the longest prompt of each few is drawn."
        if frame.height > MOST
        else ""
    )
    pauses = "the marks at the top are ends of pauses" if along == "number" else "a gap is a pause"
    return (
        "Above: each request's prompt, by what was read from the cache, written to it and sent "
        "uncached. A mark is a rebuild, by its cause; a dashed line is a compaction; "
        f"{pauses}. Below: what the session had cost by then at list price, and what "
        "of it rebuilds cost above reads."
        f"{thin}"
    )


COURSE_ALT = (
    "Areas for the prompt of each request, with marks where the cache was rebuilt or the "
    "session paused, and lines where it was compacted; below it two rising lines of dollars."
)


def _long(span: dt.timedelta) -> str:
    """Write how long something took, in its largest fitting unit."""
    seconds = span.total_seconds()
    for size, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} seconds"
