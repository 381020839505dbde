"""Draw what was read."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes

from analysis.plots.canvas import axes, nothing, wrapped
from analysis.report.theme import COLOURS

_COLOUR = {
    "usage": "read",
    "synthetic": "accent",
    "rejected": "accent",
    "requests": "read",
}
_LETTERS = 76  # that fit on a whole bar; a segment too short for its name has it below


def plot_flow(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what became of the lines, and of the usage records among them.

    Parameters
    ----------
    frame
        `measures.data.flow`.
    """
    ax = ax or axes(rows=4)
    stages = frame["stage"].unique(maintain_order=True).to_list()
    for row, stage in enumerate(stages):
        parts = frame.filter(pl.col("stage") == stage, pl.col("count") > 0)
        _bar(ax, -row, parts, max(int(parts["count"].sum()), 1))
    ax.set_yticks([-r for r in range(len(stages))], stages)
    ax.set_xlim(0, 1)
    ax.set_ylim(-max(len(stages), 1) + 0.25, 0.4)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    ax.set_xlabel("share of the row")
    ax.grid(visible=False)
    nothing(ax, frame)
    return ax


def _bar(ax: Axes, y: float, parts: pl.DataFrame, total: int) -> None:
    left, thin = 0.0, []
    for part in parts.iter_rows(named=True):
        width = part["count"] / total
        colour = _COLOUR.get(part["part"], "muted")
        ax.barh(y, width, 0.42, left, color=COLOURS[colour], edgecolor=COLOURS["paper"])
        text = f"{part['part']}  {part['count']:,}"
        if width * _LETTERS > len(text) + 1:
            ax.text(left + 0.008, y, text, va="center", color=COLOURS["paper"])
        else:
            thin.append(text)
        left += width
    if thin:
        also = wrapped("also: " + ", ".join(thin), _LETTERS)
        ax.text(0, y - 0.26, also, va="top", color=COLOURS["soft"])
    if not parts.height:
        ax.text(0, y, "none", va="center", color=COLOURS["soft"])
