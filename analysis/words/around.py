"""Say how often something goes wrong around a compaction."""

from __future__ import annotations

import polars as pl

from analysis.measures.around import SPAN, Basis
from analysis.measures.resample import FEWEST, LEVEL
from analysis.measures.within import Slope
from analysis.words.degradation import between, points, weighed
from analysis.words.numbers import count, share


def around(sides: pl.DataFrame, change: Slope, loose: Slope, basis: Basis) -> str:
    """Caption the event study.

    Parameters
    ----------
    sides
        `measures.around.sides`.
    change, loose
        `measures.around.change`, with the kinds of calls held fixed and without.
    basis
        `measures.around.basis`.
    """
    if sides.height < 2:
        return (
            "No compaction of these logs has requests with tool calls on both sides, so nothing "
            "can be compared."
        )
    before, after = (row["rate"] for row in sides.sort("after").to_dicts())
    return (
        f"Failed calls are {share(before)} of requests in the {SPAN} before a compaction and "
        f"{share(after)} in the {SPAN} after: {_told(change)}. A request between two belongs "
        f"to the nearer one. {_alone(change)}{_loose(change, loose, after - before)}{_of(basis)} "
        f"Marks: five requests each, with {share(LEVEL, 0)} intervals by session; lines: the means."
    )


def _told(change: Slope) -> str:
    """Say whether compactions compared with themselves tell a change."""
    low, high, _ = change.interval
    if change.value is None or low is None or high is None:
        return "too few sessions to tell a change"
    if low <= 0 <= high:
        return "a change cannot be told from none"
    return f"a change of {points(change.value)}, each compaction compared with itself"


def _alone(change: Slope) -> str:
    """Say what each compaction says when it is compared with itself."""
    if change.value is None:
        return "Each compaction compared with itself alone, nothing varies. "
    begun = "Each compaction compared with itself, kinds of calls held fixed: "
    low, high, _ = change.interval
    if low is None or high is None or change.least is None:
        return f"{begun}{points(change.value)}, with too few sessions for an interval. "
    row = {"low": low, "high": high, "adjusted": change.value, "least": change.least}
    return f"{begun}{points(change.value)} ({between(low, high)}). {weighed(row)} "


def _loose(change: Slope, loose: Slope, together: float) -> str:
    """Say why the sum of all and the comparison of each may differ."""
    if change.value is None or loose.value is None:
        return ""
    text = f"With the kinds not held it is {points(loose.value)}. "
    if together * change.value < 0:
        return (
            f"{text}All together the change is {points(together)}, of the other sign: some "
            "compactions have more failures than others, and one with more requests on one side "
            "pulls the rate of that side alone. "
        )
    return text


def _of(basis: Basis) -> str:
    """Say whose compactions these are."""
    few = (
        f", too few projects for an interval by project, which may be wider: {FEWEST} are needed"
        if basis.projects < FEWEST
        else ""
    )
    return (
        f"{count(basis.compactions, 'compaction')} of {count(basis.projects, 'project')}{few}; one "
        f"project has {basis.most:,} of them and {share(basis.share, 0)} of the requests, and that "
        f"on which [](#fig-degradation-rates) rests most has {basis.led:,}."
    )


AROUND_ALT = (
    "Diamonds with bars on both sides of a dashed line at the compaction, and a level line for the "
    "mean of each side."
)
