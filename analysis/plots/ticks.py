"""Round marks on axes of days, of dollars and of logarithms."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import matplotlib.pyplot as plt
from matplotlib import dates
from matplotlib.axes import Axes

from analysis.plots.canvas import stack
from analysis.report.theme import COLOURS

_DATES: Any = dates  # which has no types
_LEAST, _MOST = 4, 8  # marks on an axis of days
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
    """Write dollars for an axis, cents with both their digits.

    Examples
    --------
    >>> dollars(0), dollars(-1.5), dollars(0.05), dollars(20_000)
    ('$0', '−$1.50', '$0.05', '$20,000')
    """
    number = f"{abs(value):,.10g}"
    whole, point, part = number.partition(".")
    return f"{'−' if value < 0 else ''}${whole}{point}{part.ljust(2 * len(point), '0')}"
