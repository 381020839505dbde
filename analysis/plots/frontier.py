"""Draw gross margin against hours blocked, over draws of what is assumed."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes

from analysis.measures.redesign import PROPOSAL, TODAY
from analysis.plots.canvas import axes, nothing, percent, stack
from analysis.report.theme import COLOURS, SIZES
from analysis.words.frontier import NEVER

_TALL = 15  # rows of text: a key of ten line-ups and room below it
_STRIP = 0.22  # of the axis of hours, for each line-up that never blocks
_ROOM = 1.05  # of the highest hours
_KEY = 0.085  # of the height, a line of the key


def plot_frontier(summed: pl.DataFrame, ellipses: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each line-up's middle draw, and a line round nine tenths of its draws.

    A line-up that never blocks has no width: it has a place of its own left of zero.

    Parameters
    ----------
    summed
        `measures.simulation.spread`, a row a line-up, in the order of the key.
    ellipses
        `measures.frontier.ellipses`.
    """
    ax = ax or axes(rows=_TALL)
    blocks = summed.filter(pl.col("blocked_hours") > NEVER)
    most = max([1.0, *ellipses["blocked_hours"], *blocks["blocked_hours"]]) * _ROOM
    never = [r["line_up"] for r in summed.to_dicts() if r["blocked_hours"] <= NEVER]
    step = _STRIP * most / max(len(never), 1) * 1.6
    for number, row in enumerate(summed.to_dicts(), start=1):
        colour = _colour(row["line_up"])
        if row["line_up"] in never:
            x = -step * (never.index(row["line_up"]) + 0.7)
            ends = (row["margin_low"], row["margin_high"])
            ax.plot((x, x), ends, color=colour, linewidth=SIZES["span"])
        else:
            x = row["blocked_hours"]
            line = ellipses.filter(pl.col("line_up") == row["line_up"]).sort("point")
            ax.plot(
                line["blocked_hours"], line["margin"], color=colour, linewidth=SIZES["rule"] * 2
            )
        _numbered(ax, number, x, row["margin"], colour)
        stack(
            ax,
            f"{number}  {row['label']}",
            (1, 1 - _KEY * (number - 0.5)),
            (8, 0),
            across="left",
            down="center",
            of=("axes fraction", "axes fraction"),
            color=colour,
        )
    left = -step * (len(never) + 0.4) if never else 0
    ax.set_xlim(left, most)
    if never:
        ax.axvline(0, color=COLOURS["edge"], linewidth=SIZES["rule"])
        where, of = (left / 2, 1), ("data", "axes fraction")
        stack(ax, "never blocked", where, (0, 4), down="bottom", of=of, color=COLOURS["soft"])
    ax.set_xticks([tick for tick in ax.get_xticks() if 0 <= tick <= most])
    ax.set_xlim(left, most)
    ax.yaxis.set_major_formatter(percent())
    ax.set_xlabel("hours blocked a user and month")
    ax.set_ylabel("gross margin of the line-up")
    nothing(ax, summed)
    return ax


def _colour(line_up: str) -> str:
    return COLOURS[{TODAY: "ink", PROPOSAL: "accent"}.get(line_up, "muted")]


def _numbered(ax: Axes, number: int, x: float, y: float, colour: str) -> None:
    """Mark a place by a number: colours alone would not tell ten line-ups apart."""
    ax.plot(x, y, "o", color=COLOURS["paper"], markeredgecolor=colour, markersize=15, zorder=5)
    stack(ax, f"{number}", (x, y), (0, 0), down="center", color=colour, zorder=6)
