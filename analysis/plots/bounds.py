"""Draw how far one margin bounds the margin of each token class."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes

from analysis.plots.canvas import axes, nothing, stack
from analysis.plots.margin_axis import draw_range, margin_axis, span
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import share
from analysis.words.serving import CLASSES

_GAP = 1.0  # rows between classes


def plot_bounds(frame: pl.DataFrame, margin: float, ax: Axes | None = None) -> Axes:
    """Draw how far the margin of each class is bounded, assumption by assumption.

    Parameters
    ----------
    frame
        `measures.bounds.bounds`.
    margin
        The gross margin of all.
    """
    steps = frame["step"].n_unique()
    classes = frame["class"].unique(maintain_order=True).to_list()
    ax = ax or axes(rows=len(classes) * (steps + _GAP))
    for place, name in enumerate(classes):
        top = place * (steps + _GAP)
        rows = frame.filter(pl.col("class") == name).sort("step").to_dicts()
        for row in rows:
            y = top + row["step"]
            draw_range(ax, y, row["low"], row["high"], name)
            text = f"{row['step'] + 1}: {span(row['low'], row['high'])}"
            stack(ax, text, (1, y), (8, 0), across="left", down="center")
        stack(
            ax,
            f"{CLASSES[name]}\n{share(rows[0]['share'])} of dollars",
            (0, top + (steps - 1) / 2),
            (-8, 0),
            across="right",
            down="center",
            of=("axes fraction", "data"),
            color=COLOURS["soft"],
        )
    height = len(classes) * (steps + _GAP)
    margin_axis(ax, max(height - _GAP, 1))
    _whole(ax, margin)
    ax.set_yticks([])
    ax.set_xlabel("margin on list-price dollars; numbers: assumptions, each with those before it")
    nothing(ax, frame)
    return ax


def _whole(ax: Axes, margin: float) -> None:
    ax.axvline(margin, color=COLOURS["accent"], linewidth=SIZES["reference"], linestyle="--")
    stack(
        ax,
        f"all: {100 * margin:.0f} %",
        (margin, 1),
        (0, 4),
        down="bottom",
        of=("data", "axes fraction"),
        color=COLOURS["accent"],
    )
