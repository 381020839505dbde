"""Checks of what a cache read is claimed to weigh in a quota, from your logs."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading
from analysis.measures.likelihood import WEIGHTS
from analysis.measures.reconstruct import outputs
from analysis.measures.weight import fullest, profiles, tells, union
from analysis.measures.windows import account, windowed
from analysis.words.numbers import count


def _own_weight(priced: pl.DataFrame, events: pl.DataFrame) -> list[Reading]:
    """Return the ends of what the ways to weigh other tokens leave of the weight."""
    rows = fullest(windowed(outputs(priced), events, account=account(events)))
    found = union(profiles(rows))
    if not found.hits:
        return []
    of = f"from {count(found.hits, 'limit hit')}"
    if not tells(found):
        of += ", which cannot tell"
    highest = "and more" if found.high >= WEIGHTS[-1] else "upper end"
    return [
        Reading(f"90 % intervals of all ways {of}, lower end", found.low, unit="weight"),
        Reading(f"90 % intervals of all ways {of}, {highest}", found.high, unit="weight"),
    ]


LOGGED: dict[str, Callable[[pl.DataFrame, pl.DataFrame], list[Reading]]] = {
    "quota-weight": _own_weight,
    "quota-community": _own_weight,
}
