"""Say how often something goes wrong along a session."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.measures.along import ALONG
from analysis.measures.jackknife import POWER
from analysis.measures.resample import FEWEST, LEVEL
from analysis.words.numbers import compact, count, share

_NONE = "No request of these logs calls a tool, so no call can fail"
_POOLED = "All client versions are pooled here"
_MOSTLY = 0.5  # of a raw change: where it lies


def points(value: float) -> str:
    r"""Write a change of a share in percentage points.

    Examples
    --------
    >>> points(0.0047), points(-0.0062)
    ('+0.47 points', '−0.62 points')
    """
    return f"{'−' if value < 0 else '+'}{100 * abs(value):.2f} points"


def ends(low: float, high: float) -> str:
    """Write the ends of an interval in percentage points.

    Examples
    --------
    >>> ends(-0.0074, 0.0168)
    '−0.74 to +1.68 points'
    """
    return f"{points(low).removesuffix(' points')} to {points(high)}"


def between(low: float, high: float) -> str:
    """Write an interval in percentage points, with its level."""
    return f"{share(LEVEL, 0)} interval: {ends(low, high)}"


def opening(rows: pl.DataFrame) -> str:
    """Say what these logs can say of tool errors along a session, and what that rests on.

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
    if row["low"] is None:
        return (
            f"{seen}, in too few sessions with a failed call for an interval: {FEWEST} are needed. "
            f"For {ALONG['context']} more, the raw rate changes by {points(row['raw'])}, and "
            f"within sessions by {points(row['adjusted'])}."
        )
    return f"**{_carried(row)}** {_rests(row)} {weighed(row)} {seen}. {_raw(row)}"


def _carried(row: dict[str, Any]) -> str:
    """Say in one sentence whether a change within sessions can be told from none."""
    moves = "rise" if row["adjusted"] > 0 else "fall"
    change = f"within sessions it is {points(row['adjusted'])} for {ALONG['context']} more"
    if row["low"] <= 0 <= row["high"]:
        found = f"A {moves} of failed tool calls with context cannot be told from none here"
    elif row[f"{row['by']}s_effective"] < FEWEST or abs(row["adjusted"]) < row["least"]:
        found = f"Failed tool calls {moves} with context here, by too little or in too few to trust"
    else:
        found = f"Failed tool calls {moves} with context here"
    return f"{found}: {change} ({between(row['low'], row['high'])}, by {row['by']})."


def _rests(row: dict[str, Any]) -> str:
    """Say what an interval rests on: the one by the other clusters, and how few hold it."""
    other = "session" if row["by"] == "project" else "project"
    low, high = row[f"{other}s_low"], row[f"{other}s_high"]
    if low is None or high is None:
        beside = (
            f"An interval by {other} needs {FEWEST} with a failed call, and there are "
            f"{row[f'{other}s']}"
        )
    else:
        beside = f"By {other}, as if each stood alone, it would be {ends(low, high)}"
    of = " or ".join(
        f"{row[f'{name}s_effective']:.1f} of {count(row[f'{name}s_all'], name)}"
        for name in ("session", "project")
    )
    most = f"{share(row['projects_largest'], 0)}, one session {share(row['sessions_largest'], 0)}"
    return (
        f"{beside}. What context varies within sessions is worth {of} of equal "
        f"weight; one project has {most} of it."
    )


def _raw(row: dict[str, Any]) -> str:
    """Say where a raw change lies: between projects, or within them."""
    interval = (
        f" ({between(row['raw_low'], row['raw_high'])})" if row["raw_low"] is not None else ""
    )
    told = f"For {ALONG['context']} more, the raw rate changes by {points(row['raw'])}{interval}"
    if row["project"] is None:
        return f"{told}."
    left = row["project"] / row["raw"] if row["raw"] else 1.0
    if left < _MOSTLY:
        return (
            f"{told}, and within projects, nothing else held, by {points(row['project'])}: most of "
            "the raw change lies between projects. It is of who works on what, not of who gives up."
        )
    return (
        f"{told}, and within projects, nothing else held, by {points(row['project'])}: "
        "most of it lies within projects."
    )


def weighed(row: dict[str, Any]) -> str:
    """Say what an interval shows, and what these data could have shown.

    Parameters
    ----------
    row
        `adjusted`, `low`, `high` and `least` of `measures.along.slopes`.
    """
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
    if not frame["events"].sum():
        return f"No call of {count(int(frame['units'].sum()), 'request')} failed."
    first, last = frame.row(0, named=True), frame.row(-1, named=True)
    if frame.height == 1:
        return (
            f"Failed tool calls are {share(first['raw'])} of "
            f"{count(first['units'], 'request')}, too few to be set apart by prompt."
        )
    within = "within sessions nothing can be compared"
    if first["adjusted"] is not None:
        within = f"within sessions from {share(first['adjusted'])} to {share(last['adjusted'])}"
    return (
        "From the shortest prompts to the longest, requests with a failed tool call go from "
        f"{share(first['raw'])} to {share(last['raw'])}, {_of_project(first, last)}{within}. "
        f"Requests that call tools, of main chains, in {frame.height} groups of equal counts by "
        f"prompt, the first up to {compact(1e5 * first['to'])} tokens, the last from "
        f"{compact(1e5 * last['from'])} on ({count(last['sessions'], 'session')}). Raw rates "
        "compare all with all: who writes long prompts may fail less. Squares compare each "
        "project with itself, nothing else held: what is left there may be of sessions that are "
        "given up when they go badly. Diamonds compare each session with itself: a linear "
        "probability model with an effect of each session and the number of calls of each kind of "
        "tool held fixed. All are set to one mean. Bars: "
        f"{share(LEVEL, 0)} intervals, leaving out one session or one project at a time, the wider "
        f"of the two. {_POOLED}; [](#fig-degradation-groups) has them apart."
    )


def _of_project(first: dict[str, Any], last: dict[str, Any]) -> str:
    if first["project"] is None or last["project"] is None:
        return ""
    return f"within projects from {share(first['project'])} to {share(last['project'])}, "


def rates_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the rates by context."""
    if frame.is_empty():
        return "Empty axes."
    reach = " to ".join(compact(1e5 * value) for value in (frame["at"][0], frame["at"][-1]))
    return (
        f"Three lines over prompts of {reach} tokens: open circles, dashed, for raw rates; open "
        "squares, dotted, for rates within projects; filled diamonds for rates within sessions."
    )
