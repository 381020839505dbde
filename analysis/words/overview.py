"""Say what was used when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from analysis.words.numbers import compact, count, day, share, usd

#: Token classes as a reader calls them.
NAMES = {"read": "cache reads", "write": "cache writes", "input": "input", "output": "output"}

#: Input, where of some requests what was written to the cache is in it.
UNCOUNTED = "input, writes not counted"

_STEPS = {"1d": "day", "1w": "week", "1mo": "month"}
_MOST: dict[str, tuple[str, Callable[[Any], str]]] = {
    "total_usd": ("Most is spent", usd),
    "requests": ("Most requests are sent", "{:,}".format),
    "output_tokens": ("Most output tokens come", compact),
}
_WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def days(frame: pl.DataFrame, of: str = "") -> str:
    """Say what all days add up to, and which has most.

    Parameters
    ----------
    frame
        `measures.overview.by_day`.
    of
        Of what, such as ` of project-01`.
    """
    if frame.is_empty():
        return f"No request{of}."
    if not frame["total_usd"].count():
        return _unknown(frame, of)
    top = frame.sort("total_usd", descending=True, nulls_last=True).row(0, named=True)
    step, total = _STEPS[top["step"]], float(frame["total_usd"].sum())
    on = f"{'' if step == 'day' else f'the {step} from '}{day(top['begins'])}"
    return (
        f"{usd(total)} in {count(int(frame['requests'].sum()), 'request')}{of}, most on "
        f"{on}: {usd(top['total_usd'])}.{_unpriced(frame)}"
    )


def days_reading(frame: pl.DataFrame) -> str:
    """Say how to read the bars."""
    each = _STEPS[frame["step"][0]] if frame.height else "day"
    tokens = sum(int(frame[f"{part}_tokens"].sum()) for part in NAMES)
    return f"A bar is a {each}; list price, not an invoice. In all {compact(tokens)} tokens."


DAYS_ALT = "Bars by day, stacked by token class: cache reads, cache writes, input and output."


def shares(frame: pl.DataFrame, of: str = "") -> str:
    """Say what the cache is of all dollars, and how many prompt tokens were read from it."""
    if frame.is_empty():
        return f"No request{of}."
    sums = frame.select(pl.col("^.*_usd$", "^.*_tokens$").sum()).row(0, named=True)
    cached, prompt = sums["read_usd"] + sums["write_usd"], _prompt(sums)
    part = cached / sums["total_usd"] if sums["total_usd"] else None
    hits = sums["read_tokens"] / prompt if prompt else None
    dollars = f"As logged, the cache is {share(part)} of dollars{of}"
    return f"{dollars}; {share(hits)} of prompt tokens are read."


SHARES_READING = (
    "Cache: reads and writes, of list-price dollars with output as logged, which some client "
    "versions undercount; the report's margin chapter has it reconstructed. Hit rate: tokens "
    "read, of all prompt tokens (read, written and uncached)."
)
SHARES_ALT = "Two lines by day: the cache's share of dollars, and the hit rate."


def hours(frame: pl.DataFrame, of: str = "", column: str = "total_usd") -> str:
    """Say which hour of the week has most of what a `column` sums."""
    if frame.is_empty():
        return f"No request{of}."
    if not frame[column].count():
        return _unknown(frame, of)
    top = frame.sort(column, descending=True, nulls_last=True).row(0, named=True)
    begins, (most, write) = top["hour"], _MOST[column]
    return (
        f"{most} on {_WEEKDAYS[top['weekday'] - 1]} from {begins:02}:00 to "
        f"{(begins + 1) % 24:02}:00{of}: {write(top[column])} of {write(frame[column].sum())}."
    )


def hours_reading(timezone: str) -> str:
    """Say how to read the cells."""
    return f"Each cell is an hour of the week in {timezone}, and one without a colour has nothing."


HOURS_ALT = (
    "Seven rows of twenty-four cells, shaded by what each hour of the week has, below a scale of "
    "the shades."
)


def _prompt(sums: dict[str, float]) -> float:
    return sums["read_tokens"] + sums["write_tokens"] + sums["input_tokens"]


def _unknown(frame: pl.DataFrame, of: str) -> str:
    return f"No price is known for {count(int(frame['requests'].sum()), 'request')}{of}."


def _unpriced(frame: pl.DataFrame) -> str:
    none = int(frame["unpriced"].sum())
    return f" Without a price, and left out: {count(none, 'request')}." if none else ""
