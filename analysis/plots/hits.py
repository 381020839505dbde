"""Draw the hit rates of one log side by side."""

from __future__ import annotations

import math

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.measures.hits import OURS, SHOWN
from analysis.plots.canvas import axes, nothing, percent
from analysis.plots.rows import SNUG, names_above
from analysis.report.theme import COLOURS, SIZES
from analysis.words.hits import rate

_ROOM = 0.05  # of the axis, right of 100 %, for the last mark
_TICK = 0.1


def plot_formulas(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the hit rate by each formula, and the interval of the one that has one.

    Parameters
    ----------
    frame
        `measures.hits.formulas`.
    """
    rows = frame.drop_nulls("value").reverse().with_row_index("y")
    # in the name, where a narrow screen shows it as well
    labels = [f"{row['name']}: {rate(row['value'])}" for row in rows.to_dicts()]
    ax = ax or axes(rows=SNUG * rows.height)
    ours = pl.col("formula") == OURS
    least = min([1 - _TICK, *rows["value"], *rows["low"].drop_nulls()])
    first = math.floor(least / _TICK) * _TICK
    ax.hlines(rows["y"], first, rows["value"], color=COLOURS["rule"], linewidth=SIZES["rule"])
    drawn = rows.drop_nulls("low")
    ax.hlines(
        drawn["y"], drawn["low"], drawn["high"], color=COLOURS["muted"], linewidth=SIZES["range"]
    )
    for part, colour, marker in (
        (rows.filter(~ours), "read", "o"),
        (rows.filter(ours), "accent", "D"),
    ):
        ax.scatter(
            part["value"],
            part["y"],
            facecolors=[
                COLOURS[colour if shown else "paper"] for shown in part.select(SHOWN)["tools"]
            ],
            edgecolors=COLOURS[colour],
            linewidths=SIZES["ring"],
            marker=marker,
            zorder=3,
        )
    names_above(ax, labels, [formula == OURS for formula in rows["formula"]])
    ax.set_xlim(first, 1 + _ROOM * (1 - first))
    ax.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 10]))
    ax.xaxis.set_major_formatter(percent())
    ax.set_ylim(-0.5, max(rows.height, 1) - 0.2)
    ax.set_xlabel("what is called the hit rate")
    nothing(ax, rows)
    return ax
