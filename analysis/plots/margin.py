"""Draw how much of the reader's bill is the prompt cache."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes

from analysis.measures.margin import YOU
from analysis.plots.canvas import (
    axes,
    lines,
    nothing,
    percent,
    row_labels,
)
from analysis.report.theme import COLOURS, SIZES

_POSITIONS_FROM = 0.39  # where the axis begins, unless a share is lower; the lowest case
_POSITIONS_ROOM = 0.4  # of the axis, right of 100 %, for the last label


def plot_positions(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the reader's cache share of dollars among the published cases.

    Parameters
    ----------
    frame
        `measures.margin.positions`.
    """
    rows = frame.drop_nulls("low").reverse().with_row_index("y")
    ax = ax or axes(rows=rows.height * max(map(lines, rows["label"]), default=1))
    you = pl.col("case").is_in(YOU)
    ax.hlines(
        rows["y"], rows["low"], rows["high"], color=COLOURS["muted"], linewidth=SIZES["range"]
    )
    others, own = rows.filter(~you), rows.filter(you)
    ax.scatter(others["point"], others["y"], color=COLOURS["read"], zorder=3)
    ax.scatter(own["point"], own["y"], color=COLOURS["accent"], marker="D", zorder=4)
    for row in rows.iter_rows(named=True):
        one = f"{100 * row['high']:.1f}"
        text = one if row["high"] - row["low"] < 0.0005 else f"{100 * row['low']:.1f} to {one}"
        ax.annotate(
            f"{text} %",
            (row["high"], row["y"]),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            color=COLOURS["accent" if row["case"] in YOU else "ink"],
        )
    row_labels(ax, rows["label"].to_list(), [case in YOU for case in rows["case"]])
    low = min(_POSITIONS_FROM, *rows["low"], 1.0)
    left = low - 0.05
    ax.set_xlim(left, 1 + _POSITIONS_ROOM * (1 - left))
    ax.set_ylim(-0.7, max(rows.height, 1) - 0.3)
    ax.set_xticks([tick for tick in (0, 0.2, 0.4, 0.6, 0.8, 1) if tick >= low])
    ax.xaxis.set_major_formatter(percent())
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.set_xlabel("cache reads and writes, share of list-price dollars")
    nothing(ax, frame)
    return ax
