"""Say how long a reached cap shuts a user out."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures import shut_off as measure
from analysis.words.numbers import count
from analysis.words.sources import published

SOURCE = f"these logs and {published('limit-waits', 'quota-limits')}"


def _hours(value: float) -> str:
    return f"{value:.1f}"


def waits(found: pl.DataFrame, told: pl.Series) -> str:
    """Caption the waits.

    Parameters
    ----------
    found
        `measures.shut_off.waits`.
    told
        `measures.shut_off.logged`.
    """
    known = measure.reported()["hours"]
    week = facts("quota-limits").filter(limit="week")["hours"].item()
    text = (
        f"A reached five-hour cap shuts out for {_hours(known.median())} hours in the middle of "  # type: ignore[arg-type]
        f"{count(known.len(), 'published report')} ({_hours(known.min())} to "  # type: ignore[arg-type]
        f"{_hours(known.max())}), not for five: the window of five hours runs from its first "  # type: ignore[arg-type]
        "request, so what is left of it is the wait. Five hours is the most it can be."
    )
    if told.len():
        middle = _hours(told.median())  # type: ignore[arg-type]
        text += f" The {count(told.len(), 'limit hit')} of these logs left {middle} in the middle."
    if found.height:
        text += (
            " Windows of these logs: when a cap would have been reached that holds what was used "
            "over the multiple, weighted by dollars."
        )
    return (
        f"{text} Who reports a limit is no sample of users. A weekly cap, which the text does not "
        f"name, can shut out for up to {week / 24:.0f} days."
    )


def listed(found: pl.DataFrame, told: pl.Series) -> pl.DataFrame:
    """Return the waits as a table, in hours: published, logged, and by the rule."""
    known = measure.reported()["hours"]
    rows = [_spread("published reports", known), _spread("limit hits of these logs", told)]
    ruled = [
        {
            "of": f"windows of these logs, work wanted {r['multiple']:g} times the cap",
            "number": r["windows"],
            "low": r["low"],
            "middle": r["median"],
            "high": r["high"],
        }
        for r in found.to_dicts()
    ]
    hours = pl.col("low", "middle", "high").round(1)
    return pl.DataFrame([*rows, *ruled]).filter(pl.col("number") > 0).with_columns(hours)


def _spread(of: str, hours: pl.Series) -> dict[str, object]:
    """Return what a table says of some waits: from the tenth to the ninetieth of a hundred."""
    ends = (hours.quantile(q, "linear") for q in (0.1, 0.5, 0.9))
    return {"of": of, "number": hours.len()} | dict(
        zip(("low", "middle", "high"), ends, strict=True)
    )
