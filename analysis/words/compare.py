"""Say how two sets of requests differ, and what of it is beyond noise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from analysis.measures.compare import MEASURES, OUTPUT
from analysis.measures.resample import FEWEST, LEVEL
from analysis.words.counterfactual import times
from analysis.words.numbers import count, share, usd

_WRITE: dict[str, Callable[[float], str]] = {"usd": usd, "share": share, "tokens": "{:,.0f}".format}

NOTHING = "Nothing to compare: a set has no requests."
CHOOSE = "Choose two others above: halves of the requests, projects, months or weeks."

READING = (
    "Across: B over A, so at 1× they are alike; an arrow lies farther than the axis goes. A tick "
    "is the ratio, filled bars are 90 % intervals from drawing whole sessions anew, whole days "
    "for what is a day's: how far other sessions like these would lie apart; what happened is as "
    "it is. Of "
    f"{len(MEASURES)} measures that do not differ, {len(MEASURES) * (1 - LEVEL):.1f} on average "
    "lie beyond by chance. Dollars are list-price equivalents. The premium is what was written "
    "again cost above reading it, first prompts of a chain left out. Output is as logged, which "
    "some client versions log short, so compare it within one."
)

_TOLD = 2  # measures that a title names


def same(side: str) -> str:
    """Say that both sets are one.

    >>> same("project-01")
    'Nothing to compare: A and B are the same, project-01.'
    """
    return f"Nothing to compare: A and B are the same, {side}."


def sizes(a: int, b: int, both: int = 0, *, halves: bool) -> str:
    """Say how many requests each set has, how many are in both, and of halves where they part.

    >>> sizes(1, 1200, halves=False), sizes(70, 1200, 60, halves=False)
    ('A has 1 request, B 1,200. ', 'A has 70 requests, B 1,200; 60 are in both. ')
    """
    shared = f"; {both:,} {'is' if both == 1 else 'are'} in both" if both else ""
    parted = ", parted at the day that leaves most nearly half on each side" if halves else ""
    return f"A has {count(a, 'request')}, B {b:,}{parted}{shared}. "


def value(one: float, unit: str) -> str:
    r"""Write a value of a measure.

    >>> value(1.5, "usd"), value(0.25, "share"), value(1234.5, "tokens")
    ('$1.50', '25.0\u202f%', '1,234')
    """
    return _WRITE[unit](one)


def row(one: dict[str, Any]) -> str:
    r"""Name a measure with both values, their ratio, and its interval where there is one.

    >>> row({"measure": "dollars a session", "unit": "usd", "a": 1.0, "b": 1.5, "change": 0.5,
    ...      "change_low": 0.1, "change_high": 0.9})
    'dollars a session: $1.00 → $1.50, 1.50× (1.10 to 1.90×)'
    """
    ends = [one["change_low"], one["change_high"]]
    low, high = (None if end is None else times(1 + end) for end in ends)
    within = f" ({low.removesuffix('×')} to {high})" if low and high else ""
    return f"{_briefly(one)}{within}"


def _briefly(one: dict[str, Any]) -> str:
    values = " → ".join(value(one[side], one["unit"]) for side in ("a", "b"))
    ratio = None if one["change"] is None else 1 + one["change"]
    return f"{one['measure']}: {values}, {times(ratio)}"


def title(frame: pl.DataFrame, a: str, b: str) -> str:
    """Say what differs beyond noise: the one or two measures that do most.

    Parameters
    ----------
    frame
        `measures.compare.compare`.
    a, b
        How the sets are called.
    """
    told = frame.drop_nulls(["a", "b"])
    if told.is_empty():
        return NOTHING
    sets = f"{b} (B) beside {a} (A)"
    if told["beyond"].null_count() == told.height:
        least = frame.filter(pl.col("drawn") == "session").row(0, named=True)
        return (
            f"{sets}: {_briefly(told.row(0, named=True))}; what differs beyond noise cannot be "
            f"said, with {count(least['of_a'], 'session')} and {least['of_b']:,} where {FEWEST} "
            "of each are the least."
        )
    beyond, unknown = told.filter(pl.col("beyond")), told["beyond"].null_count()
    more = f"; of {count(unknown, 'measure')} it cannot be said" if unknown else ""
    if beyond.is_empty():
        return f"{sets}: no difference is beyond noise{more}."
    at_least = pl.min_horizontal((1 + pl.col("^change_(low|high)$")).log().abs())
    logged = pl.col("measure") == OUTPUT  # client versions count it in different ways
    by = beyond.sort(logged, at_least, descending=[False, True], nulls_last=True)
    first = by.head(_TOLD).to_dicts()
    rest = f", and {beyond.height - _TOLD} more" if beyond.height > _TOLD else ""
    return f"{sets}, as logged, beyond noise: {'; '.join(map(_briefly, first))}{rest}{more}."


def by_project(frame: pl.DataFrame) -> str:
    """Say what stands if whole projects are drawn, or why they are not."""
    some = frame.drop_nulls("project_low")
    if some.is_empty():
        return f" Projects are not drawn: that takes {FEWEST} on either side."
    lost = some.filter(pl.col("beyond") & ~pl.col("project_beyond"))["measure"].to_list()
    if not lost:
        return " With whole projects drawn instead, the same is beyond noise."
    return f" With whole projects drawn instead, noise has also {', '.join(lost)}."


def alt(frame: pl.DataFrame) -> str:
    """Say what is seen."""
    seen = [row(one) for one in frame.drop_nulls(["a", "b"]).to_dicts()]
    return f"A bar with a tick for each measure: {'; '.join(seen) or 'none'}."
