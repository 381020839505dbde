"""Draw gross margin against hours blocked, each less today's, over draws of what is assumed."""

from __future__ import annotations

from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from analysis.measures.redesign import TODAY
from analysis.plots.canvas import apart, axes, nothing, points
from analysis.plots.line_ups import look, name_beside, stands_out
from analysis.report.theme import COLOURS, SIZES
from analysis.words.frontier import FLOOR

_TALL = 15  # rows of text
_ROOM = 0.06  # of the axes, beyond what is drawn
_AREA = 0.15
_SMALL = 0.7  # of a dot, one that does not stand out
_BESIDE = 0.012  # of the axis of hours: bars that are all at zero stand this far apart
_LABELS = 0.07  # of the height, from one label to the next


def plot_frontier(summed: pl.DataFrame, ellipses: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw an ellipse round nine tenths of each line-up's draws, its median draw, and its name.

    A line-up that the figure is about has an outline, another one an area.

    Parameters
    ----------
    summed
        `measures.simulation.spread` of `measures.frontier.differences`, a row a line-up.
    ellipses
        `measures.frontier.ellipses` of the same.
    """
    ax = ax or axes(rows=_TALL)
    rows = summed.drop_nulls(["blocked_hours", "margin"]).sort("margin").to_dicts()
    lines = {
        row["line_up"]: ellipses.filter(line_up=row["line_up"]).sort("point")
        for row in rows
        if row["line_up"] != TODAY
    }
    low, high = _ends(rows, lines, "margin", FLOOR)
    left, right = _ends(rows, lines, "blocked_hours", -float("inf"))
    ax.set_ylim(low, high)
    ax.set_xlim(left, right)
    ax.axhline(0, color=COLOURS["edge"], linewidth=SIZES["rule"])
    ax.axvline(0, color=COLOURS["edge"], linewidth=SIZES["rule"])
    bars = 0
    places = []
    for row in rows:
        x, own = row["blocked_hours"], lines.get(row["line_up"])
        style = look(row["line_up"])
        if own is not None and own.height:
            hours = own["blocked_hours"]
            if hours.min() == hours.max():
                bars += 1
                x += bars * _BESIDE * (right - left)
                hours += x - row["blocked_hours"]
            if stands_out(row["line_up"]) or hours.min() == hours.max():
                ax.plot(hours, own["margin"], zorder=3, **style)
            else:
                (area,) = ax.fill(hours, own["margin"], color=style["color"], alpha=_AREA)
                area.set_linewidth(0)
        size = SIZES["dot"] * (1 if stands_out(row["line_up"]) else _SMALL)
        ax.plot(x, row["margin"], "o", color=style["color"], markersize=size, zorder=4)
        places.append(((x - left) / (right - left), (row["margin"] - low) / (high - low)))
    heights = apart([y for _, y in places], _LABELS)
    for row, (x, y), height in zip(rows, places, heights, strict=True):
        colour = look(row["line_up"])["color"]
        name_beside(ax, row["label"], [(x, y), (1, height)], height, colour)
    ax.yaxis.set_major_formatter(FuncFormatter(points))
    ax.set_xlabel("hours blocked a user and month, less today's")
    ax.set_ylabel("gross margin less today's, points")
    nothing(ax, summed)
    return ax


def _ends(
    rows: list[dict[str, Any]], lines: dict[str, pl.DataFrame], name: str, floor: float
) -> tuple[float, float]:
    """Return how far an axis goes: all that is drawn, and room."""
    values = [0.0, *(row[name] for row in rows)]
    values += [value for line in lines.values() for value in line[name]]
    low, high = max(min(values), floor), max(values)
    room = _ROOM * (high - low or 1)
    return low - room, high + room
