"""Draw by how much one set of requests differs from another, measure by measure."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from analysis.plots.canvas import axes, nothing
from analysis.plots.rows import TALL, names_above
from analysis.plots.ticks import decades
from analysis.report.theme import COLOURS, SIZES
from analysis.words.compare import row

_WIDEST = 32.0  # times more or less; what is farther off is not drawn to its end
_LEAST = 1.5  # times, to either side
_ROOM = 1.08  # times, beyond what is drawn
_FAINT = 0.5  # of the way to the colour of a value, so that its tick stands out
_NEAR = 20  # times from end to end: up to there, marks are those of `_FINE`
_FINE = (0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15)
_TICK = 0.17  # of a row, from its middle to either side


def plot_compare(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each ratio with its interval on a logarithmic axis; coloured where beyond noise.

    Parameters
    ----------
    frame
        `measures.compare.compare`.
    """
    rows = frame.drop_nulls(["a", "b"])
    ax = ax or axes(rows=TALL * rows.height)
    ax.set_xscale("log")
    ax.axvline(1, color=COLOURS["edge"], linewidth=SIZES["reference"])
    for y, one in enumerate(rows.iter_rows(named=True)):
        colour = COLOURS["accent" if one["beyond"] else "soft"]
        if one["change"] is None:
            continue
        if one["change_low"] is not None:
            begins, ends = _drawn(one["change_low"]), _drawn(one["change_high"])
            ax.hlines(y, begins, ends, color=colour, linewidth=SIZES["range"], alpha=_FAINT)
        at = 1 + one["change"]
        if _drawn(one["change"]) == at:
            ax.vlines(at, y - _TICK, y + _TICK, color=colour, linewidth=SIZES["ring"])
        else:
            ax.plot(_drawn(one["change"]), y, "<" if at < 1 else ">", color=colour)
    said = [row(one).replace("$", r"\$") for one in rows.to_dicts()]  # two are mathematics
    names_above(ax, said, [bool(one) for one in rows["beyond"]])
    changes = rows.select("change", "change_low", "change_high").unpivot()["value"].drop_nulls()
    ratios = [_drawn(change) for change in changes]
    low, high = min([1 / _LEAST, *ratios]) / _ROOM, max([_LEAST, *ratios]) * _ROOM
    ax.set_xlim(low, high)
    ax.set_ylim(max(rows.height, 1) - 0.5, -0.8)
    near = [mark for mark in _FINE if low <= mark <= high]
    ax.set_xticks(near if high / low <= _NEAR else decades(low, high))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}×"))
    ax.set_xlabel("B over A (logarithmic); 1×: no difference")
    nothing(ax, rows)
    return ax


def _drawn(change: float) -> float:
    """Return a change as a ratio, as far out as the axis goes."""
    return min(max(1 + change, 1 / _WIDEST), _WIDEST)
