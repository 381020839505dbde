"""Say how two sets of requests differ, and what of it is beyond noise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from analysis.measures.compare import MEASURES
from analysis.measures.resample import FEWEST, LEVEL
from analysis.words.numbers import count, minus, share, signed, usd

_WRITE: dict[str, Callable[[float], str]] = {"usd": usd, "share": share, "tokens": "{:,.0f}".format}

READING = (
    "A dot is how much more or less B has than A, in percent of A; filled: beyond noise; an arrow: "
    "farther than the axis goes. Lines are 90 % intervals from drawing whole sessions anew, whole "
    "days for what is a day's, so they say how far other sessions like these would lie apart; what "
    "happened is as it is. Of "
    f"{len(MEASURES)} measures that do not differ, {len(MEASURES) * (1 - LEVEL):.1f} on average "
    "lie beyond by chance. Dollars are list-price equivalents. The premium is what was written "
    "again cost above reading it, first prompts of a chain left out. Output is as logged, which "
    "some client versions log short, so compare it within one."
)


def value(one: float, unit: str) -> str:
    r"""Write a value of a measure.

    >>> value(1.5, "usd"), value(0.25, "share"), value(1234.5, "tokens")
    ('$1.50', '25.0\u202f%', '1,234')
    """
    return _WRITE[unit](one)


def row(one: dict[str, Any]) -> str:
    r"""Name a measure with both values.

    >>> row({"measure": "dollars a session", "unit": "usd", "a": 1.0, "b": 1.5, "change": 0.5,
    ...      "difference": 0.5})
    'dollars a session: $1.00 → $1.50 (+50.0\u202f%)'
    """
    values = " → ".join(value(one[side], one["unit"]) for side in ("a", "b"))
    return f"{one['measure']}: {values} ({_change(one)})"


def _change(one: dict[str, Any]) -> str:
    """Write a difference: of shares in points, of others in percent."""
    if one["unit"] == "share":
        return minus(f"{100 * one['difference']:+.1f} points")
    return "no ratio" if one["change"] is None else signed(one["change"])


def title(frame: pl.DataFrame, a: str, b: str) -> str:
    """Say what differs beyond noise.

    Parameters
    ----------
    frame
        `measures.compare.compare`.
    a, b
        How the sets are called.
    """
    told = frame.drop_nulls(["a", "b"])
    if told.is_empty():
        return "Nothing to compare: a set has no requests."
    sets = f"{b} (B) beside {a} (A)"
    if told["beyond"].null_count() == told.height:
        least = frame.filter(pl.col("drawn") == "session").row(0, named=True)
        return (
            f"{sets}: {_first(told)}; what of it is noise cannot be said, with "
            f"{count(least['of_a'], 'session')} and {least['of_b']:,} where {FEWEST} of each are "
            "the least."
        )
    beyond, within = (told.filter(pl.col("beyond") == which) for which in (True, False))
    unknown = told.height - beyond.height - within.height
    more = f"; of {count(unknown, 'measure')} it cannot be said" if unknown else ""
    if beyond.is_empty():
        return f"{sets}: no difference is beyond noise{more}."
    said = "; ".join(f"{one['measure']} {_change(one)}" for one in beyond.to_dicts())
    rest = f"; {count(within.height, 'other')} within it" if within.height else ""
    return f"{sets}, beyond noise: {said}{rest}{more}."


def _first(told: pl.DataFrame) -> str:
    one = told.row(0, named=True)
    return f"{one['measure']} {_change(one)}"


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
    return f"A dot with a line for each measure: {'; '.join(seen) or 'none'}."
