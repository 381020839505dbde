"""Draw degradation. A start: put your own plot in its place."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes

from analysis.plots.canvas import axes, nothing
from analysis.report.theme import COLOURS


def plot_weekdays(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw requests by weekday as bars, each with its count.

    Parameters
    ----------
    frame
        `measures.degradation.by_weekday`.
    """
    ax = ax or axes(rows=frame.height)
    bars = ax.barh(range(frame.height), frame["requests"], 0.6, color=COLOURS["muted"])
    ax.bar_label(bars, fmt="{:,.0f}", padding=4)
    ax.set_yticks(range(frame.height), frame["weekday"])
    ax.invert_yaxis()
    ax.margins(x=0.12)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    ax.set_xlabel("requests")
    nothing(ax, frame)
    return ax
