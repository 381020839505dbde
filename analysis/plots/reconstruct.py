"""Draw what the log leaves out of the answers, and what that does to the cache's share."""

from __future__ import annotations

from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from analysis.measures.reconstruct import ALL
from analysis.plots.canvas import (
    apart,
    axes,
    cleared,
    column_labels,
    legend,
    nothing,
    percent,
    points,
    stack,
)
from analysis.plots.rows import SNUG, names_above
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import NARROW_SPACE, compact, ratio, share

_FLOORS = (0.8, 0.7, 0.0)  # where the share's axis may begin: the highest that leaves room
_ROOM = 0.24  # of the axis: below a dot, for its label
_TOP = 1.03  # where the share's axis ends
_ROUND = 10_000  # a count from here on is written with two digits
_CAP = 0.2  # half the width of a band's ends, wider than the dot
#: What was left out of learning: column, marker, colour, face, name.
_LEFT_OUT = (
    ("stranger_bias", "D", "muted", "paper", "its project, model or era left out"),
    ("bias", "o", "read", "read", "its session left out"),
)
_OF = {"all": "{}", "model": "{}", "era": "versions {}", "evidence": "known {}"}
_NAME = 0.1  # of the axis: from one name right of the axes to the next
_APART = 0.012  # a shorter way from logged to reconstructed has no arrow


def plot_eras(frame: pl.DataFrame, printed: float, ax: Axes | None = None) -> Axes:
    """Draw the cache share of dollars by client-version era, as logged and reconstructed.

    Parameters
    ----------
    frame
        `measures.reconstruct.by_era`.
    printed
        The published share, as a line to compare with.
    """
    ax = ax or axes()
    seen = [s for s in (*frame["share"], *frame["logged_share"], *frame["low"]) if s is not None]
    least = min(seen, default=1)
    low = next(floor for floor in _FLOORS if not floor or least >= floor + _room(floor))
    _named(ax, frame, printed, low)
    for x, row in enumerate(frame.iter_rows(named=True)):
        if row["logged_share"] is None:
            text = "no\nprice" if row["requests"] else "no\nrequests"
            stack(ax, text, (x, low), (0, 3), down="bottom", color=COLOURS["soft"])
        else:
            _era(ax, x, row, low)
    column_labels(ax, [_name(r["era"], r["requests"]) for r in frame.to_dicts()])
    if frame.height and frame["era"][-1] == ALL:
        ax.axvline(frame.height - 1.5, color=COLOURS["rule"], linewidth=SIZES["rule"])
    ax.set_xlim(-0.6, max(frame.height, 1) - 0.4)
    ax.set_ylim(low, _TOP)
    ax.set_yticks([tick / 20 for tick in range(round(20 * low), 21, 1 if low else 4)])
    ax.yaxis.set_major_formatter(percent())
    ax.set_ylabel("cache share of list-price dollars")
    nothing(ax, frame)
    return ax


def _room(floor: float) -> float:
    """Return what the label of a dot takes, on an axis from a floor."""
    return _ROOM * (_TOP - floor)


def _named(ax: Axes, frame: pl.DataFrame, printed: float, floor: float) -> None:
    """Say right of the axes what the line is, and what the dots of all versions are."""
    ax.axhline(printed, color=COLOURS["accent"], linewidth=SIZES["reference"], linestyle="--")
    names = [(printed, f"{share(printed)}\npublished", "accent")]
    for row in frame.filter(pl.col("era") == ALL).drop_nulls("share").to_dicts():
        names += [(row["logged_share"], "as logged", "soft")] * (row["logged_share"] > row["share"])
        names.append((row["share"], "with output\nreconstructed", "read"))
    names.sort()
    for (_, text, colour), y in zip(
        names, apart([at for at, *_ in names], _NAME * (_TOP - floor)), strict=True
    ):
        place, of = (1, y), ("axes fraction", "data")
        colour = COLOURS[colour]
        stack(ax, text, place, (5, 0), across="left", down="center", of=of, color=colour)


def _era(ax: Axes, x: float, row: dict[str, Any], bottom: float) -> None:
    """Draw one era: hollow as logged, filled with its band as reconstructed, an arrow between."""
    logged, true = row["logged_share"], row["share"]
    ring: dict[str, Any] = {
        "markersize": SIZES["dot"],
        "markeredgewidth": SIZES["ring"],
        "clip_on": False,
    }
    ax.plot(x, logged, "o", color=COLOURS["read"], markerfacecolor=COLOURS["paper"], **ring)
    if true is None:
        return
    if logged - true > _APART:
        arrow = {"arrowstyle": "->", "color": COLOURS["muted"], "shrinkA": 6, "shrinkB": 6}
        ax.annotate("", (x, true), (x, logged), arrowprops=arrow)
    ax.plot(x, true, "o", color=COLOURS["read"], **ring)
    ax.hlines((row["low"], row["high"]), x - _CAP, x + _CAP, color=COLOURS["read"])
    said, low = f"{share(true)}\n{ratio(row['ratio'])}", min(true, row["low"])
    if low > bottom + _room(bottom):
        stack(ax, said, (x, low), (0, -9))
        if logged - true > _APART:
            text, soft = share(logged), COLOURS["soft"]  # the published line runs behind it
            stack(ax, text, (x, logged), (0, 8), down="bottom", color=soft, bbox=cleared())
    else:
        stack(ax, said, (x, max(logged, true)), (0, 9), down="bottom")


def _name(era: str, requests: int) -> str:
    """Return an era's name on lines short enough for an axis of eight."""
    start, _, rest = era.replace(" to ", " to\u00a0").partition(" ")
    named = f"{start}\n{rest}" if rest else f"{start}\nversions"
    return f"{named}\nn = {_many(requests)}"


def _many(number: int) -> str:
    r"""Write a count in the room of a column.

    >>> _many(4_237), _many(15_716), _many(1_240_000)
    ('4,237', '16\u202fk', '1.2\u202fM')
    """
    if number < _ROUND:
        return f"{number:,}"
    digits, unit = compact(number).split(NARROW_SPACE)
    return f"{float(digits):.2g}{NARROW_SPACE}{unit}" if float(digits) < 100 else compact(number)


def plot_errors(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how far predictions of final counts are off, by what was left out of learning.

    Parameters
    ----------
    frame
        `measures.learnt.validation`.
    """
    rows = frame.filter(pl.col("bias").is_not_null()).reverse()
    ax = ax or axes(rows=SNUG * rows.height)
    ax.axvline(0, color=COLOURS["muted"], linewidth=SIZES["reference"])
    for y, row in enumerate(rows.iter_rows(named=True)):
        if row["stranger_bias"] is not None:
            ax.hlines(y, row["bias"], row["stranger_bias"], color=COLOURS["rule"])
    for column, marker, colour, face, name in _LEFT_OUT:
        some = rows.with_row_index("y").drop_nulls(column)
        ax.plot(
            some[column],
            some["y"],
            marker,
            color=COLOURS[colour],
            markerfacecolor=COLOURS[face],
            label=name if some.height else None,
        )
    labels = [
        f"{_OF[of].format(value)} (n = {compact(n)})"
        for of, value, n in rows.select("of", "value", "requests").rows()
    ]
    names_above(ax, labels, [of == "all" for of in rows["of"]])
    ax.margins(x=0.08)
    ax.set_ylim(-0.5, max(rows.height, 1) - 0.2)
    ax.xaxis.set_major_formatter(FuncFormatter(_signed))
    ax.set_xlabel("predicted output tokens, more or less than counted ones")
    legend(ax, columns=2)
    nothing(ax, rows)
    return ax


def _signed(value: float, _: int = 0) -> str:
    """Write how much more or less, for an axis.

    >>> _signed(-0.05), _signed(0)
    ('−5 %', '0')
    """
    return f"{points(value)} %" if round(100 * value) else "0"
