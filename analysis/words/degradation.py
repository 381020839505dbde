"""Say how often something goes wrong along a session, and around a compaction."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.measures.along import ALONG, COMMON, LAST
from analysis.measures.around import SPAN
from analysis.measures.degradation import AGAIN, CONTROL
from analysis.measures.resample import FEWEST, LEVEL
from analysis.measures.within import POWER, Slope
from analysis.words.numbers import compact, count, share

_NONE = "No request of these logs calls a tool, so no call can fail"
_POOLED = "All client versions are pooled here"


def points(value: float) -> str:
    r"""Write a change of a share in percentage points.

    Examples
    --------
    >>> points(0.0047), points(-0.0062)
    ('+0.47 points', '−0.62 points')
    """
    return f"{'−' if value < 0 else '+'}{100 * abs(value):.2f} points"


def _between(low: float, high: float) -> str:
    return f"{share(LEVEL, 0)} interval: {points(low).removesuffix(' points')} to {points(high)}"


def opening(rows: pl.DataFrame) -> str:
    """Say how the rate of tool errors moves with context, raw and within sessions.

    Parameters
    ----------
    rows
        `measures.along.slopes`.
    """
    row = rows.filter(pl.col("outcome") == "tool error", pl.col("along") == "context").row(
        0, named=True
    )
    if not row["units"]:
        return f"{_NONE}."
    seen = (
        f"Of {count(row['units'], 'request')} of main chains that call tools, {row['events']:,} "
        f"({share(row['events'] / row['units'])}) have a failed call"
    )
    if row["adjusted"] is None:
        return f"{seen}. Nothing varies here that a rate could be compared along."
    few = f"too few sessions with a failed call for an interval: {FEWEST} are needed"
    raw = f" ({_between(row['raw_low'], row['raw_high'])})" if row["raw_low"] is not None else ""
    begun = (
        f"{seen}. For {ALONG['context']} more, the raw rate changes by {points(row['raw'])}{raw}, "
    )
    if row["low"] is None:
        return f"{begun}and within sessions by {points(row['adjusted'])}, of {few}."
    held = f"{points(row['adjusted'])}** ({_between(row['low'], row['high'])})"
    return f"{begun}and within sessions by **{held}. {_weighed(row)}"


def _weighed(row: dict[str, Any]) -> str:
    """Say what an interval shows, and what these data could have shown."""
    least, power = f"{100 * row['least']:.2f} points", share(POWER, 0)
    if row["low"] <= 0 <= row["high"]:
        return (
            f"No change is seen: one of {least}, up or down, would have been, with a chance of "
            f"{power}."
        )
    if abs(row["adjusted"]) < row["least"]:
        return (
            f"The interval leaves out 0, but these data show a change with a chance of {power} "
            f"only from {least} on: one that is seen below that is likely to be smaller than it "
            "looks."
        )
    return (
        f"The interval leaves out 0, and the change is larger than the {least} that these data "
        f"would show with a chance of {power}."
    )


def rates(frame: pl.DataFrame) -> str:
    """Caption the rates by context."""
    if frame.is_empty():
        return f"{_NONE}."
    first, last = frame.row(0, named=True), frame.row(-1, named=True)
    raw = (
        f"Raw, failed tool calls go from {share(first['raw'])} of requests with the shortest "
        f"prompts to {share(last['raw'])} with the longest"
    )
    within = "within sessions nothing can be compared"
    if first["adjusted"] is not None:
        within = f"within sessions from {share(first['adjusted'])} to {share(last['adjusted'])}"
    return (
        f"{raw}, {within}. Requests that call tools, of main chains, in {frame.height} groups of "
        f"equal counts by prompt, the first up to {compact(1e5 * first['to'])} tokens, the last "
        f"from {compact(1e5 * last['from'])} on ({count(last['sessions'], 'session')}). Raw "
        "rates compare sessions with each other: if those that go badly are given up early, long "
        "prompts are those of sessions that went well. Diamonds compare each session with itself: "
        "a linear probability model with an effect of each session and the number of calls of "
        "each kind of tool held fixed, set to the same mean. Bars: "
        f"{share(LEVEL, 0)} intervals, leaving out one session at a time. {_POOLED}; "
        "[](#fig-degradation-groups) has them apart."
    )


def rates_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the rates by context."""
    if frame.is_empty():
        return "Empty axes."
    reach = " to ".join(compact(1e5 * value) for value in (frame["at"][0], frame["at"][-1]))
    return (
        f"Two lines over prompts of {reach} tokens: open circles, dashed, for raw rates; filled "
        "diamonds for rates within sessions."
    )


def groups(frame: pl.DataFrame) -> str:
    """Caption the comparison in parts."""
    known = frame.drop_nulls("low")
    if known.is_empty():
        return (
            "No part of these requests has enough sessions with a failed call to say how its rate "
            f"moves: {FEWEST} are needed."
        )
    if known.height == 1:
        return (
            f"Only {known['part'][0].removeprefix('all of ')} as a whole have enough sessions with "
            f"a failed call to say how its rate moves: {FEWEST} are needed in a part. "
            f"{points(known['adjusted'][0])} for {ALONG['context']} more "
            f"({_between(known['low'][0], known['high'][0])})."
        )
    clear = known.filter((pl.col("low") > 0) | (pl.col("high") < 0))
    found = (
        f"Within sessions, {clear.height} of {count(known.height, 'part')} of the requests "
        f"{'has' if clear.height == 1 else 'have'} an interval without 0"
    )
    kinds = clear.filter(pl.col("kind") == "calls").sort(pl.col("adjusted").abs(), descending=True)
    if kinds.height:
        most = kinds.row(0, named=True)
        found = (
            f"Within sessions, failures move with context most among {most['part']}: "
            f"{points(most['adjusted'])} for {ALONG['context']} more "
            f"({_between(most['low'], most['high'])}). Of {count(known.height, 'part')} of the "
            f"requests, {clear.height} {'has' if clear.height == 1 else 'have'} an interval "
            "without 0"
        )
    return (
        f"{found}; one in ten would by chance, and parts overlap. A client refuses to edit a file "
        "that was not read, or has changed since: such refusals grow with the work that lies "
        f"behind, whether or not a model attends less. Without the last {LAST} requests a session "
        f"cannot end because of what failed; sessions of {COMMON} requests or more are all there "
        f"in their first {COMMON}. Parts where fewer than {FEWEST} sessions have a failed call are "
        "in the data alone."
    )


def groups_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the comparison in parts."""
    return (
        f"A row for each of {count(frame.drop_nulls('low').height, 'part')}: an open circle for "
        "the raw change, a diamond with a bar for the change within sessions, and a line at 0."
    )


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
        "more, main chains only; raw, and within sessions with its interval. By chance one "
        "interval in ten would leave out 0. Least: what would be seen with a chance of "
        f"{share(POWER, 0)}. Again: of requests that call a kind of tool of which a call has just "
        "failed, those that fail. Interruption: of human turns, "
        "those that the person stopped. Retry: of human turns, those that the person took back by "
        f"a rewind, or stopped and asked again within {AGAIN // 60} minutes; asking again in other "
        "words without stopping, or in another session, is missed."
    )


def control(frame: pl.DataFrame) -> str:
    """Say what the outcome that should not depend on context does."""
    rows = frame.filter(pl.col("outcome") == CONTROL)
    units, events = rows.row(0, named=True)["units"], rows.row(0, named=True)["events"]
    told = (
        "API errors are the control: a server that is overloaded does not know how long a session "
        "is. If their rate moves along sessions too, something else varies with it"
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
    none = frame.filter(pl.col("events") == 0, pl.col("units") > 0)["outcome"].unique(
        maintain_order=True
    )
    if none.is_empty():
        return "Every kind of outcome is logged here at least once."
    return (
        f"Not logged here even once: {', '.join(none)}. That may be because it did not happen, or "
        "because the text by which it is told was removed from the logs."
    )


def around(sides: pl.DataFrame, change: Slope, compactions: int) -> str:
    """Caption the event study."""
    if sides.height < 2:
        return (
            "No compaction of these logs has requests with tool calls on both sides, so nothing "
            "can be compared."
        )
    before, after = (row["rate"] for row in sides.sort("after").to_dicts())
    found = (
        f"Failed calls are {share(before)} of requests in the {SPAN} before a compaction and "
        f"{share(after)} in the {SPAN} after"
    )
    if change.value is None:
        compared = "Each compaction compared with itself alone, nothing varies."
    elif change.interval.low is None or change.interval.high is None or change.least is None:
        compared = (
            f"Each compaction compared with itself, kinds of calls held fixed: "
            f"{points(change.value)}, with too few sessions for an interval."
        )
    else:
        row = {"low": change.interval.low, "high": change.interval.high}
        compared = (
            f"Each compaction compared with itself, kinds of calls held fixed: "
            f"{points(change.value)} ({_between(row['low'], row['high'])}). "
            + _weighed(row | {"adjusted": change.value, "least": change.least})
        )
    return (
        f"{found}. {count(compactions, 'compaction')}; a request between two belongs to the nearer "
        f"one. {compared} Marks: five requests each, with {share(LEVEL, 0)} intervals by session; "
        "lines: the means."
    )


AROUND_ALT = (
    "Diamonds with bars on both sides of a dashed line at the compaction, and a level line for the "
    "mean of each side."
)
