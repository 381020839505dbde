"""Draw what the choice of a reader's rule does to the cache's share."""

from __future__ import annotations

from typing import Any

import polars as pl
from matplotlib.axes import Axes

from analysis.measures.policies import OURS
from analysis.plots.canvas import axes, nothing, percent, stack
from analysis.plots.rows import SNUG, names_above
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import share
from analysis.words.policies import signed

_LEAST = 0.01  # of a share: half the width of the axis, at least
_ROOM = 0.8  # of the widest swing, on both sides, for labels
_BAR = 0.4  # of a row


def plot_choices(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how far the cache's share of dollars moves with each choice, from ours.

    Parameters
    ----------
    frame
        `measures.policies.choices`.
    """
    rows = frame.filter(pl.col("choice") != OURS).drop_nulls("share").reverse().with_row_index("y")
    ax = ax or axes(rows=SNUG * rows.height)
    base = frame.filter(pl.col("choice") == OURS)["share"].drop_nulls()
    if not rows.height or base.is_empty():
        nothing(ax, rows.clear())
        return ax
    ours = base[0]
    ax.barh(rows["y"], rows["swing"], left=ours, height=_BAR, color=COLOURS["read"])
    ax.axvline(ours, color=COLOURS["accent"], linewidth=SIZES["reference"])
    for row in rows.iter_rows(named=True):
        right = row["swing"] >= 0
        ax.annotate(
            share(row["share"]),
            (row["share"], row["y"]),
            xytext=(6 if right else -6, 0),
            textcoords="offset points",
            ha="left" if right else "right",
            va="center",
        )
        _beside(ax, signed(row["cost_swing"]), (1, row["y"]), color=COLOURS["ink"])
    top = {"of": ("axes fraction", "axes fraction"), "down": "bottom"}
    _beside(ax, "dollars", (1, 1), color=COLOURS["soft"], **top)
    stack(
        ax,
        f"ours: {share(ours)}",
        (ours, 1),
        (0, 4),
        down="bottom",
        of=("data", "axes fraction"),
        color=COLOURS["accent"],
    )
    names_above(ax, rows["choice"].to_list())
    widest = max(_LEAST, *rows["swing"].abs())
    ax.set_xlim(ours - widest * (1 + _ROOM), ours + widest * (1 + _ROOM))
    ax.set_ylim(-0.5, rows.height - 0.2)
    ax.xaxis.set_major_formatter(percent(1))
    ax.locator_params(axis="x", nbins=5)
    ax.set_xlabel("cache reads and writes, share of list-price dollars, as logged")
    return ax


def _beside(ax: Axes, text: str, at: tuple[float, float], **style: Any) -> None:
    """Write in the column at the right of the axes."""
    placed = {"of": ("axes fraction", "data"), "down": "center"} | style
    stack(ax, text, at, (8, 4 if placed["down"] == "bottom" else 0), across="left", **placed)
