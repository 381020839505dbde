"""Checks of what is claimed of the gross margin and of caps that shut off."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading
from analysis.facts import facts
from analysis.measures import gross_margins, overrun, shut_off
from analysis.words.numbers import count


def _overrun() -> list[Reading]:
    """Ask whether inference over plan alone can cut the margin so far, at the planned revenue.

    It can if inference need not be more than all planned cost, however the figures were rounded.
    """
    found = overrun.by_revenue().row(0, named=True)
    before, after = overrun.first_planned(), gross_margins.planned()
    text = (
        f"share of planned cost that inference must have been, if {overrun.over():.0%} more of it "
        f"is all that took {before:.0%} to {after:.0%}; published is no such share"
    )
    can = found["low"] > 0 and found["high"] <= 1
    return [Reading(text.replace("%", " %"), 100 * found["share"], can, "percent")]


def _shut_off() -> list[Reading]:
    """Take the wait from a limit to its reset; then the window, which runs from its first request.

    The longest wait told is no reading of its own: the window is what bounds it.
    """
    told = shut_off.told_waits()
    length = facts("quota-limits").filter(limit="session")["hours"].item()
    return [
        Reading(
            f"wait from a limit to its reset, median of {count(told.len(), 'report')} that tell it",
            float(told.median()),  # type: ignore[arg-type]
        ),
        Reading("length of the window, which runs from its first request", float(length)),
    ]


def _own_waits(priced: pl.DataFrame, events: pl.DataFrame) -> list[Reading]:
    waits = shut_off.logged(events)
    if waits.is_empty():
        return []
    text = f"wait from a limit to its reset, median of {count(waits.len(), 'limit hit')}"
    return [Reading(text, float(waits.median()))]  # type: ignore[arg-type]


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "cost-overrun": _overrun,
    "shut-off": _shut_off,
}

LOGGED: dict[str, Callable[[pl.DataFrame, pl.DataFrame], list[Reading]]] = {"shut-off": _own_waits}
