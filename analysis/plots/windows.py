"""Draw the five-hour windows of a quota."""

from __future__ import annotations

import matplotlib.dates as mdates
import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from analysis.plots.canvas import axes, legend, nothing
from analysis.report.theme import COLOURS

_TICKS = 6
_DECADES = 100  # of dollars, from least to most: under that powers of ten alone are too few


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
        days = mdates.date2num(some["begins"].to_list())
        ax.plot(days, some["cost_usd"], marker, color=COLOURS[colour], label=label)
    if priced.height:
        ax.set_yscale("log")
        low, high = min(priced["cost_usd"]), max(priced["cost_usd"])
        ax.set_ylim(low / 2, high * 2)
        few = high < _DECADES * low
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if few else (1,), numticks=_TICKS))
        ax.yaxis.set_minor_locator(NullLocator())
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.10g}"))
        ax.xaxis.set_major_locator(mdates.AutoDateLocator(maxticks=_TICKS))
        ax.xaxis.set_major_formatter(mdates.DateFormatter("%d %b\n%Y"))
    ax.set_ylabel("list-price dollars of a window")
    legend(ax, columns=2)
    nothing(ax, priced)
    return ax
