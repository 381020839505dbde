"""Say how long a reached cap shuts a user out."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analysis.facts import facts
from analysis.measures import shut_off as measure
from analysis.words.numbers import count
from analysis.words.sources import published

SOURCE = f"these logs and {published('limit-waits', 'quota-limits')}"


FORMATS = dict.fromkeys(("hours, low tenth", "hours, middle", "hours, high tenth"), "number-one")


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
    every = measure.reported()
    known, ruled = measure.told_waits(), _ruled(every)
    against = every["hours"].null_count()
    week = facts("quota-limits").filter(limit="week")["hours"].item()
    text = (
        f"A reached five-hour cap shuts out for {_hours(known.median())} hours in the middle of "  # type: ignore[arg-type]
        f"{count(known.len(), 'published report')} that tell the reset ({_hours(known.min())} to "  # type: ignore[arg-type]
        f"{_hours(known.max())}), not for five. The window of five hours runs from its first "  # type: ignore[arg-type]
        "request, so what is left of it is the wait. Five hours is the most it can be. "
        f"{count(ruled.len(), 'more report')} tell only when the window began: their "
        "wait is what that rule gives, and no evidence for it."
    )
    if against:
        text += (
            f" {count(against, 'window')} of a further source are left out, as they "
            "contradict the rule: the next window began before the five hours were over."
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
        f"{text} Below the low tenth lie a tenth of waits, above the high tenth as many. Who "
        "reports a limit is no sample of users. A weekly cap, which the write-up does not name, "
        f"can shut out for up to {week / 24:.0f} days."
    )


def _ruled(every: pl.DataFrame) -> pl.Series:
    """Return the waits that the rule gives."""
    return every.filter(known=measure.RULED)["hours"].drop_nulls()


def listed(found: pl.DataFrame, told: pl.Series) -> pl.DataFrame:
    """Return the waits as a table, in hours: published, logged, and by the rule."""
    every = measure.reported()
    rows = [
        _spread("published reports that tell the reset", measure.told_waits()),
        _spread("published reports, reset by the rule", _ruled(every)),
        _spread("limit hits of these logs", told),
    ]
    ruled = [
        _row(
            f"windows of these logs, work wanted {r['multiple']:g} times the cap",
            r["windows"],
            (r["low"], r["median"], r["high"]),
        )
        for r in found.to_dicts()
    ]
    return pl.DataFrame([*rows, *ruled]).filter(pl.col("number") > 0)


def _spread(of: str, hours: pl.Series) -> dict[str, object]:
    """Return what a table says of some waits."""
    return _row(of, hours.len(), [hours.quantile(q, "linear") for q in (0.1, 0.5, 0.9)])


def _row(of: str, number: int, hours: Sequence[float | None]) -> dict[str, object]:
    return {"of": of, "number": number} | dict(zip(FORMATS, hours, strict=True))
