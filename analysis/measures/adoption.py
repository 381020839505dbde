"""Which share of businesses pays each firm: the published points of one index, by month.

The *data month* is the month in which a business paid; the *index month*, one later, is that of
the index that prints it. A change is in points, or relative to the share before.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import polars as pl

from analysis.facts import facts

FIRM, RIVAL, ANY = "Anthropic", "OpenAI", "any"
FIRMS = (FIRM, RIVAL)
#: The claims of a rise and of a fall in a month, both printed in percent.
GROWTH_CLAIM, FALL_CLAIM = "B25", "B26"


class Change(NamedTuple):
    """A change of a share: the printed values, and what their rounding leaves open.

    Percent of businesses and points; `relative` and its ends are shares of the value before.
    """

    before: float
    after: float
    points: float
    points_low: float
    points_high: float
    relative: float
    relative_low: float
    relative_high: float


def index_month() -> dt.date:
    """Return the index that the write-up names, by the first day of its month.

    Examples
    --------
    >>> index_month()
    datetime.date(2026, 3, 1)
    """
    month = facts("write-ups").filter(pl.col("text") == "business")["published_day"].item()
    return dt.date(month.year, month.month, 1)


def data_month() -> dt.date:
    """Return the month whose data that index has: the last that it prints.

    Examples
    --------
    >>> data_month()
    datetime.date(2026, 2, 1)
    """
    printed = facts("adoption").filter(pl.col("index_month_day") == index_month())
    month: dt.date = printed["data_month_day"].sort()[-1]
    return month


def points() -> pl.DataFrame:
    """Return every public point of the two firms, by data month; months without one have no row.

    Returns
    -------
    pl.DataFrame
        `data_month`, `index_month`, `firm`, `percent` (of businesses), `step` (unit of the last
        printed digit), `known` (printed, difference of printed ones, or in words), `method` (first
        or revised, from the index of June 2026), `source`.
    """
    return (
        facts("adoption")
        .filter(pl.col("firm") != ANY)
        .rename({"data_month_day": "data_month", "index_month_day": "index_month"})
        .sort("method", "firm", "data_month")
    )


def share(firm: str, month: dt.date, method: str = "first") -> float:
    """Return a printed share, in percent.

    Examples
    --------
    >>> share("Anthropic", data_month())
    24.4
    """
    return _value(firm, month, method)[0]


def _value(firm: str, month: dt.date, method: str) -> tuple[float, float]:
    """Return a published share and the unit of its last digit."""
    wanted = (pl.col(name) == value for name, value in (("firm", firm), ("method", method)))
    row = facts("adoption").filter(*wanted, pl.col("data_month_day") == month)
    value, step = row.select("percent", "step").row(0)
    return float(value), float(step)


def change(firm: str, month: dt.date | None = None, method: str = "first") -> Change:
    """Compute a firm's change in a month from the one before it, and what rounding leaves open.

    Examples
    --------
    >>> found = change("Anthropic")
    >>> round(found.points, 1), round(100 * found.relative, 1)
    (4.9, 25.1)
    """
    month = month or data_month()
    last = (month - dt.timedelta(days=1)).replace(day=1)
    (before, below), (after, above) = _value(firm, last, method), _value(firm, month, method)
    half_before, half_after = below / 2, above / 2
    return Change(
        before,
        after,
        after - before,
        after - half_after - before - half_before,
        after + half_after - before + half_before,
        after / before - 1,
        (after - half_after) / (before + half_before) - 1,
        (after + half_after) / (before - half_before) - 1,
    )


def changes() -> pl.DataFrame:
    """Compute both firms' change in the month that the write-up speaks of.

    Returns
    -------
    pl.DataFrame
        One row per firm: `firm` and the fields of `Change`.
    """
    return pl.DataFrame([{"firm": firm, **change(firm)._asdict()} for firm in FIRMS])


def drawn() -> pl.DataFrame:
    """Count the points of the write-up's chart that are public, of the months it can draw.

    The chart was not read; the index publishes its series from a month that is among its facts.

    Returns
    -------
    pl.DataFrame
        One row per firm: `firm`, `known` (points with a number, of the first method and up to the
        write-up), `months`.
    """
    first = facts("adoption-aspects").filter(pl.col("aspect") == "what counts")["from_day"].item()
    months = pl.date_range(first, data_month(), "1mo", eager=True)
    numbers = points().filter(
        pl.col("method") == "first",
        pl.col("known") != "in words",
        pl.col("data_month").is_in(months.implode()),
    )
    return (
        numbers.group_by("firm", maintain_order=True)
        .agg(pl.len().cast(pl.Int64).alias("known"))
        .with_columns(months=pl.lit(months.len()))
    )


def later() -> pl.DataFrame:
    """Set the months that followed beside each other, each firm's share and its change in points.

    Returns
    -------
    pl.DataFrame
        By method and data month: `method`, `data_month`, `index_month`, `anthropic`, `openai`
        (percent), `lead` (points).
    """
    wide = (
        points()
        .filter(pl.col("known") != "in words")
        .pivot("firm", index=["method", "data_month", "index_month"], values="percent")
    )
    return wide.select(
        "method",
        "data_month",
        "index_month",
        pl.col(FIRM).alias("anthropic"),
        pl.col(RIVAL).alias("openai"),
        lead=pl.col(FIRM) - pl.col(RIVAL),
    ).sort("method", "data_month")
