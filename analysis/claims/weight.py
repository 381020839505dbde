"""Checks of what a cache read is claimed to weigh in a quota, from your logs."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading
from analysis.measures.likelihood import WEIGHTS, interval, profile
from analysis.measures.reconstruct import outputs
from analysis.measures.weight import fullest, tells, uses, weighed
from analysis.measures.windows import account, windowed
from analysis.words.numbers import count


def _own_weight(priced: pl.DataFrame, events: pl.DataFrame) -> list[Reading]:
    """Return the ends of the interval of the weight, and the best one if it tells."""
    rows = fullest(windowed(outputs(priced), events, account=account(events)))
    found = profile(uses(weighed(rows)))
    if not found.hits:
        return []
    low, high = interval(found)
    of = f"from {count(found.hits, 'limit hit')}"
    if not tells(found):
        of += ", which cannot tell"
    highest = "and more" if high >= WEIGHTS[-1] else "upper end"
    ends = [
        Reading(f"90 % interval {of}, lower end", low, unit="weight"),
        Reading(f"90 % interval {of}, {highest}", high, unit="weight"),
    ]
    best = Reading(f"likeliest {of}", float(WEIGHTS[found.fall.argmax()]), unit="weight")
    return [best, *ends] if tells(found) else ends


LOGGED: dict[str, Callable[[pl.DataFrame, pl.DataFrame], list[Reading]]] = {
    "quota-weight": _own_weight,
    "quota-community": _own_weight,
}
