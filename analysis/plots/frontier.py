"""Draw gross margin against hours blocked, over draws of what is assumed."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes

from analysis.measures.redesign import PROPOSAL, TODAY
from analysis.measures.wanted import Array
from analysis.plots.canvas import axes, nothing, percent, stack
from analysis.report.theme import COLOURS, SIZES
from analysis.words.frontier import FLOOR, NEVER

_TALL = 15  # rows of text: a key of ten line-ups and room below it
_STRIP = 0.11  # of the axis of hours, for each line-up that never blocks
_ROOM = 1.05  # of the highest hours
_KEY = 0.085  # of the height, a line of the key
_STYLES = ("-", "--", ":", "-.")
_FIRST, _LAST = 60, -40  # degrees: where on their lines the first and last ellipse are numbered
_CLEAR = 0.09  # of the axes, from one number to the next
_MARK = 1.9  # times a dot, the ring round a number


def plot_frontier(summed: pl.DataFrame, ellipses: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw a line round nine tenths of each line-up's draws, numbered as in the key.

    A line-up that never blocks has no width: it has a bar, and a place of its own left of zero.

    Parameters
    ----------
    summed
        `measures.simulation.spread`, a row a line-up, in the order of the key.
    ellipses
        `measures.frontier.ellipses`.
    """
    ax = ax or axes(rows=_TALL)
    rows = summed.with_row_index("number", 1).to_dicts()
    never = [r for r in rows if r["blocked_hours"] <= NEVER]
    some = [r for r in rows if r["blocked_hours"] > NEVER]
    lines = {
        r["line_up"]: ellipses.filter(pl.col("line_up") == r["line_up"]).sort("point") for r in some
    }
    hours = [hour for line in lines.values() for hour in line["blocked_hours"]]
    most = max([0.01, *hours, *(r["blocked_hours"] for r in some)]) * _ROOM
    step = _STRIP * most
    margins = [m for line in lines.values() for m in line["margin"]]
    margins += [r[end] for r in rows for end in ("margin_low", "margin_high")]
    low, high = min([0.0, *margins]), max([0.5, *margins])
    ax.set_ylim(max(low, FLOOR) - 0.02, high + 0.05)
    for place, row in enumerate(never):
        x, colour = step * (place - len(never) + 0.4), _colour(row["line_up"])
        ends = (row["margin_low"], row["margin_high"])
        ax.plot((x, x), ends, color=colour, linewidth=SIZES["span"])
        _numbered(ax, row["number"], x, row["margin"], colour)
    angles = np.radians(np.linspace(_FIRST, _LAST, max(len(some), 1)))
    taken: list[Array] = []
    by_margin = sorted(some, key=lambda r: -r["margin"])
    for place, (row, angle) in enumerate(zip(by_margin, angles, strict=False)):
        line, colour = lines[row["line_up"]], _colour(row["line_up"])
        style = _STYLES[place % len(_STYLES)]
        ax.plot(line["blocked_hours"], line["margin"], style, color=colour)
        ax.plot(row["blocked_hours"], row["margin"], "o", color=colour)
        on = line.filter(pl.col("margin") > max(low, FLOOR))
        if on.height:
            spots = on.select("blocked_hours", "margin").to_numpy()
            unit = spots / np.array([most, high - max(low, FLOOR)])
            at = _clear(unit, unit @ np.array([np.cos(angle), np.sin(angle)]), taken)
            taken.append(unit[at])
            _numbered(ax, row["number"], float(spots[at, 0]), float(spots[at, 1]), colour)
    for row in rows:
        stack(
            ax,
            f"{row['number']}  {row['label']}",
            (1, 1 - _KEY * (row["number"] - 0.5)),
            (12, 0),
            across="left",
            down="center",
            of=("axes fraction", "axes fraction"),
            color=_colour(row["line_up"]),
        )
    left = -step * (len(never) + 0.3) if never else 0
    if never:
        ax.axvline(0, color=COLOURS["edge"], linewidth=SIZES["rule"])
        where, of = (left / 2, 1), ("data", "axes fraction")
        stack(ax, "never blocked", where, (0, 4), down="bottom", of=of, color=COLOURS["soft"])
    ax.set_xlim(left, most)
    ax.set_xticks([tick for tick in ax.get_xticks() if 0 <= tick <= most])
    ax.set_xlim(left, most)
    ax.yaxis.set_major_formatter(percent())
    ax.set_xlabel("hours blocked a user and month")
    ax.set_ylabel("gross margin of the line-up")
    nothing(ax, summed)
    return ax


def _clear(spots: Array, wanted: Array, taken: list[Array]) -> int:
    """Return the spot that is wanted most of those clear of the ones taken, else the clearest."""
    if not taken:
        return int(wanted.argmax())
    away = np.linalg.norm(spots[:, None] - np.array(taken), axis=2).min(axis=1)
    free = away >= _CLEAR
    return int(np.where(free, wanted, -np.inf).argmax() if free.any() else away.argmax())


def _colour(line_up: str) -> str:
    return COLOURS[{TODAY: "ink", PROPOSAL: "accent"}.get(line_up, "muted")]


def _numbered(ax: Axes, number: int, x: float, y: float, colour: str) -> None:
    """Mark a place by a number: colours alone would not tell ten line-ups apart."""
    size = _MARK * SIZES["dot"]
    ax.plot(x, y, "o", color=COLOURS["paper"], markeredgecolor=colour, markersize=size, zorder=5)
    stack(ax, f"{number}", (x, y), (0, 0), down="center", color=colour, zorder=6)
