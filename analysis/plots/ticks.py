"""Round marks on axes of days, of dollars and of logarithms."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib import dates
from matplotlib.axes import Axes
from matplotlib.ticker import Formatter

from analysis.plots.canvas import stack
from analysis.report.theme import COLOURS
from analysis.words.numbers import NARROW_SPACE, minus

_DATES: Any = dates  # which has no types
_LEAST, _MOST = 4, 8  # marks on an axis of days
_TOKENS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
_DOLLARS = ((1e9, "B"), (1e6, "M"))
_DIGITS = 9  # decimals of a mark at most
_NEAR = 1e-6  # of the largest mark: what is nearer is the same
_FINE = 1_500.0  # from least to most: up to there 2 and 5 of each power of ten are marked too


def round_days(first: float, last: float) -> list[int]:
    """Return round days of a span, such as firsts of months; its first day where none is.

    Parameters
    ----------
    first, last
        Days since 1970.

    Examples
    --------
    >>> [f"{dt.date(1970, 1, 1) + dt.timedelta(day)}" for day in round_days(20486, 20556)]
    ['2026-02-15', '2026-03-01', '2026-03-15', '2026-04-01']
    >>> round_days(3, 3)
    [3]
    """
    ends = (_DATES.num2date(end) for end in (first, last))
    locator = _DATES.AutoDateLocator(minticks=_LEAST, maxticks=_MOST)
    ticks = locator.tick_values(*ends) if last - first > 1 else []
    return [int(tick) for tick in ticks if tick.is_integer() and first <= tick <= last] or [
        math.floor(first)
    ]


def mark_days(ax: Axes, first: float, last: float) -> None:
    """Mark round days of a span on the axis across, each with its year below."""
    ticks = round_days(first, last)
    ax.set_xticks(ticks, [""] * len(ticks))
    for tick in ticks:
        day = dt.date(1970, 1, 1) + dt.timedelta(tick)
        stack(
            ax,
            f"{day.day} {day:%b}\n{day.year}",
            (tick, 0),
            (0, -8),
            of=("data", "axes fraction"),
            color=COLOURS["soft"],
            fontsize=plt.rcParams["xtick.labelsize"],
        )


def decades(low: float, high: float) -> list[float]:
    """Return round numbers of a span of a log axis.

    Examples
    --------
    >>> decades(0.8, 30), decades(0.8, 3_000)
    ([1.0, 2.0, 5.0, 10.0, 20.0], [1.0, 10.0, 100.0, 1000.0])
    """
    parts = (1, 2, 5) if high < _FINE * low else (1,)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [float(f"{part}e{power}") for power in powers for part in parts]
    return [tick for tick in ticks if low <= tick <= high]


def dollars(value: float, _: int = 0) -> str:
    """Write dollars for a logarithmic axis, cents with both their digits.

    Examples
    --------
    >>> dollars(0), dollars(-1.5), dollars(0.05), dollars(20_000)
    ('$0', '−$1.50', '$0.05', '$20,000')
    """
    number = f"{abs(value):,.10g}"
    whole, point, part = number.partition(".")
    return f"{'−' if value < 0 else ''}${whole}{point}{part.ljust(2 * len(point), '0')}"


class Even(Formatter):
    """Writes all marks of an axis alike: in one unit, with the decimals that any of them needs."""

    def __init__(self, *, usd: bool = False) -> None:
        self.usd = usd

    def __call__(self, value: float, _: int | None = None) -> str:
        """Return one mark alone."""
        return alike([value], usd=self.usd)[0]

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Return all marks; those beyond the ends of the axis do not count."""
        low, high = sorted(self.axis.get_view_interval()) if self.axis else (-math.inf, math.inf)
        seen = [value for value in values if low <= value <= high]
        return alike(values, usd=self.usd, of=seen or values)


def alike(
    values: Sequence[float], *, usd: bool = False, of: Sequence[float] | None = None
) -> list[str]:
    r"""Write numbers of tokens, or dollars, in one unit and with one number of decimals.

    Parameters
    ----------
    of
        Those that unit and decimals are chosen by; by default all.

    Examples
    --------
    >>> alike([0, 75_000, 175_000]), alike([50_000, 2_500_000])
    (['0', '75\u202fk', '175\u202fk'], ['0.05\u202fM', '2.50\u202fM'])
    >>> alike([0, 20, 60], usd=True), alike([-2.5, 5], usd=True), alike([1.5e6], usd=True)
    (['$0', '$20', '$60'], ['−$2.50', '$5.00'], ['$1.5\u202fM'])
    """
    of = values if of is None else of
    largest = max(map(abs, of), default=0)
    units = _DOLLARS if usd else _TOKENS
    size, unit = next(((size, unit) for size, unit in units if largest >= size), (1.0, ""))
    decimals = 0
    while decimals < _DIGITS and any(_off(value / size, decimals, largest / size) for value in of):
        decimals += 1
    if usd and not unit and decimals:
        decimals = max(decimals, 2)  # cents have both their digits
    sign, space = "$" if usd else "", NARROW_SPACE if unit else ""
    written = (f"{sign}{abs(value) / size:,.{decimals}f}{space}{unit}" for value in values)
    return [
        minus(f"{'-' if value < 0 else ''}{text}") if value else f"{sign}0"
        for value, text in zip(values, written, strict=True)
    ]


def _off(value: float, decimals: int, largest: float) -> bool:
    """Return whether a number needs more decimals."""
    return abs(round(value, decimals) - value) > _NEAR * largest
