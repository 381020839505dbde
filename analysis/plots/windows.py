"""Draw the five-hour windows of a quota."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from analysis.plots.canvas import axes, legend, nothing
from analysis.plots.ticks import dollars, mark_days
from analysis.report.theme import COLOURS

_TICKS = 5
_DECADES = 100  # of dollars, from least to most: under that powers of ten alone are too few
_DAY = 86_400_000  # milliseconds


def plot_windows(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what each window used, in list-price dollars, and which of them saw a limit.

    Parameters
    ----------
    frame
        `measures.windows.per_window`.
    """
    ax = ax or axes()
    priced = frame.filter(pl.col("cost_usd") > 0)
    for hit, marker, colour, name in (
        (False, "o", "muted", "no limit seen"),
        (True, "v", "accent", "limit hit"),
    ):
        some = priced.filter(pl.col("hit_at").is_not_null() == hit)
        label = name if some.height else None
        ax.plot(_days(some), some["cost_usd"], marker, color=COLOURS[colour], label=label)
    if priced.height:
        low, high = min(priced["cost_usd"]), max(priced["cost_usd"])
        ax.set_yscale("log")
        ax.set_ylim(low / 2, high * 2)
        subs = (1, 2, 5) if high < _DECADES * low else (1,)
        ax.yaxis.set_major_locator(LogLocator(subs=subs, numticks=_TICKS))
        ax.yaxis.set_minor_locator(NullLocator())
        ax.yaxis.set_major_formatter(FuncFormatter(dollars))
        days = _days(priced)
        mark_days(ax, min(days), max(days))
    ax.set_ylabel("list-price dollars of a window")
    legend(ax, columns=2)
    nothing(ax, priced)
    return ax


def _days(frame: pl.DataFrame) -> pl.Series:
    """Return when windows begin, in days from 1970."""
    return frame["begins"].dt.timestamp("ms") / _DAY
