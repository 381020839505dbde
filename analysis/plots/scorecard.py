"""Draw the claims and their verdicts."""

from __future__ import annotations

import matplotlib.pyplot as plt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.plots.canvas import axes, nothing
from analysis.report.theme import COLOURS, SIZES

_A_ROW = 12  # tiles; more wrap
_FILL = {
    "exact": "read",
    "rounding": "read",
    "definition": "input",
    "differs": "accent",
    "unsupported": "accent",
    "quoted": "muted",
    "unreached": "muted",
    "opinion": "muted",
}
_BETWEEN = 0.35  # tiles between two groups
_HEIGHT = 0.72  # of a tile, in rows of text: all of them go on one sheet
_SIZE = 0.86  # of a tile, in steps of the grid


def plot_tiles(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw a tile for every claim, a group for every verdict; load-bearing claims are outlined.

    Parameters
    ----------
    frame
        `measures.scorecard.tiles`.
    """
    groups = [g for g in frame.partition_by("verdict", maintain_order=True) if g.height]
    rows = sum(-(-g.height // _A_ROW) for g in groups)
    ax = ax or axes(rows=_HEIGHT * (rows + _BETWEEN * len(groups)))
    y, ticks = 0.0, []
    for group in groups:
        word = str(group["verdict"][0])
        ticks.append((y, f"{word}  {group.height}"))
        for place, tile in enumerate(group.iter_rows(named=True)):
            down, along = divmod(place, _A_ROW)
            _tile(ax, along, y + down, tile)
        y += -(-group.height // _A_ROW) + _BETWEEN
    ax.set_yticks([t[0] for t in ticks], [t[1] for t in ticks])
    ax.set_xlim(-0.6, _A_ROW - 0.4)
    ax.set_ylim(max(y, 1) - 0.4, -0.7)
    ax.set_xticks([])
    ax.grid(visible=False)
    ax.spines["bottom"].set_visible(False)
    nothing(ax, frame)
    return ax


def _tile(ax: Axes, x: float, y: float, tile: dict[str, object]) -> None:
    fill = _FILL.get(str(tile["verdict"]))
    ax.add_patch(
        Rectangle(
            (x - _SIZE / 2, y - _SIZE / 2),
            _SIZE,
            _SIZE,
            facecolor=COLOURS[fill] if fill else COLOURS["paper"],
            edgecolor=COLOURS["ink" if tile["bearing"] else "edge"],
            linewidth=SIZES["ring" if tile["bearing"] else "rule"],
        )
    )
    ax.text(
        x,
        y,
        str(tile["claim"]),
        ha="center",
        va="center",
        fontsize=plt.rcParams["legend.fontsize"],
        color=COLOURS["paper" if fill else "soft"],
    )
