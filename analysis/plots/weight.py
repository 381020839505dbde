"""Draw how likely each weight of a cache read in the quota is."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import polars as pl
from matplotlib.axes import Axes

from analysis.measures.likelihood import DROP, WEIGHTS
from analysis.plots.canvas import axes, band, legend, nothing, reference, stack
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import day
from analysis.words.weight import taken

#: Names and styles of the ways' lines; the first is named by what it takes tokens to weigh.
_LINES = {
    "headers": ("", "-"),
    "list": ("if as at list price", "--"),
    "dollars": ("if as at list, by model", ":"),
}
_WIDE = 0.3  # opacity of the interval
_ROW = 0.11  # of the likelihood's height: a row of the rug
_TOP = 1.06
_ROWS = 11  # rows of text that curves and rug are tall
_ROOM = 0.4  # of 0 to 1, right of a weight: what the day beside it takes


def plot_profile(
    frame: pl.DataFrame,
    interval: tuple[float, float],
    published: pl.DataFrame,
    ax: Axes | None = None,
) -> Axes:
    """Draw the likelihood of each weight, its interval, and below it what was published.

    Parameters
    ----------
    frame
        `measures.weight.curve`.
    interval
        The ends of the 90 % interval of the first way.
    published
        Facts `quota-weights` that have a weight, by day.
    """
    ax = ax or axes(rows=_ROWS)
    first = frame.filter(pl.col("way") == "headers")
    weight, likely = first["weight"].to_numpy(), first["likelihood"].to_numpy()
    if frame.height:
        inside = np.linspace(*interval, len(WEIGHTS))
        height = np.interp(inside, weight, likely)
        band(ax, inside, 0, height, color=COLOURS["read"], alpha=_WIDE, label="90 % interval")
    for way, (name, style) in _LINES.items():
        some = frame.filter(pl.col("way") == way)
        label = (name or f"if {taken()}") if some.height else None
        colour = COLOURS["muted" if name else "read"]
        ax.plot(some["weight"], some["likelihood"], style, color=colour, label=label, zorder=3)
    reference(ax, float(np.exp(-DROP)), "90 %")
    ax.axhline(0, color=COLOURS["edge"], linewidth=SIZES["rule"])
    _rug(ax, published)
    ax.set_xlim(-0.03, WEIGHTS[-1] + 0.02)
    ax.set_ylim(-(published.height + 1) * _ROW, _TOP)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
    ax.set_xticks(
        [0, 0.1, 0.25, 0.5, 0.75, 1, 1.25],
        ["0\nfree", "0.1\nas listed", "0.25", "0.5", "0.75", "1\nas input", "1.25"],
    )
    ax.set_xlabel("weight of a cache read in the quota, an input token being 1")
    ax.set_ylabel("likelihood, the best being 1", loc="top")
    legend(ax, columns=3)
    nothing(ax, frame)
    return ax


def _rug(ax: Axes, published: pl.DataFrame) -> None:
    """Mark each published weight in a row of its own, the oldest on top, with its day."""
    rows = published.with_columns(y=-_ROW * pl.int_range(1, published.height + 1))
    for inferred, marker, face, name in (
        ("no", "D", "accent", "read off a header"),
        ("yes", "o", "paper", "inferred"),
    ):
        some = rows.filter(pl.col("inferred") == inferred)
        ax.plot(
            some["weight"],
            some["y"],
            marker,
            color=COLOURS["accent"],
            markerfacecolor=COLOURS[face],
            markeredgewidth=SIZES["ring"],
            label=name if some.height else None,
            clip_on=False,
            zorder=4,
        )
    for row in rows.iter_rows(named=True):
        right = row["weight"] <= WEIGHTS[-1] - _ROOM
        stack(
            ax,
            day(row["measured_day"]),
            (row["weight"], row["y"]),
            (8 if right else -8, 0),
            across="left" if right else "right",
            down="center",
            color=COLOURS["soft"],
            fontsize=plt.rcParams["xtick.labelsize"],
        )
