"""Say of each kind of outcome whether its rate moves along a session."""

from __future__ import annotations

import polars as pl

from analysis.measures.along import ALONG
from analysis.measures.degradation import AGAIN, CONTROL
from analysis.measures.jackknife import POWER
from analysis.words.degradation import points
from analysis.words.numbers import count, share


def slopes(frame: pl.DataFrame) -> str:
    """Caption the table of all that goes wrong."""
    known = frame.drop_nulls("low")
    clear = known.filter((pl.col("low") > 0) | (pl.col("high") < 0))
    found = (
        f"Of {frame.height} comparisons {known.height} have enough sessions for an interval, and "
        f"{clear.height} of these {'leaves' if clear.height == 1 else 'leave'} out 0"
    )
    return (
        f"{found}. Changes in percentage points, for {ALONG['context']} or {ALONG['progress']} "
        "more, main chains only; raw, within projects with nothing else held, and within sessions "
        "with the wider of its intervals by session and by project. Counts of sessions and "
        "projects are of those with an event. By chance one interval in ten would leave out 0. "
        "Least: what would be seen with a chance of "
        f"{share(POWER, 0)}. Again: of requests that call a kind of tool of which a call has just "
        "failed, those that fail. Server error: a status of 500 or more. Interruption: of human "
        "turns, those that the person stopped. Retry: of human turns, those that the person took "
        f"back by a rewind, or stopped and asked again within {AGAIN // 60} minutes; asking again "
        "in other words without stopping, or in another session, is missed."
    )


def control(frame: pl.DataFrame) -> str:
    """Say what the outcome that should not depend on context does."""
    rows = frame.filter(pl.col("outcome") == CONTROL)
    units, events = rows.select("units", "events").row(0)
    if not units:
        return "No request is here that a server could have failed."
    told = (
        "Server errors (a status of 500 or more) are the control: most come of a server's load. "
        "Refused logins, limits and prompts that are too long are left out. It is not a clean one: "
        "a long prompt takes longer to answer, so it may meet a fault or run into a time limit "
        "more often, and long sessions may fall on busy hours. Were it to move along sessions, "
        "that could be why"
    )
    seen = f"{told}. They follow {events:,} of {count(units, 'request')} here"
    known = rows.drop_nulls("low")
    if known.is_empty():
        return f"{seen}, in too few sessions for an interval: the control can say nothing."
    moved = known.filter((pl.col("low") > 0) | (pl.col("high") < 0))
    if moved.is_empty():
        return f"{seen}, and their rate does not move by more than chance explains."
    return (
        f"{seen}, and their rate moves along sessions ({points(moved['adjusted'][0])}): part of "
        "what tool errors do may come from whatever moves it."
    )


def missing(frame: pl.DataFrame) -> str:
    """Say what these logs do not have at all."""
    if not frame["units"].sum():
        return "With no request, nothing can be logged of any kind of outcome."
    none = frame.filter(pl.col("events") == 0, pl.col("units") > 0)["outcome"].unique(
        maintain_order=True
    )
    if none.is_empty():
        return "Every kind of outcome is logged here at least once."
    return (
        f"Not logged here even once: {', '.join(none)}. That may be because it did not happen, or "
        "because the text by which it is told was removed from the logs."
    )
