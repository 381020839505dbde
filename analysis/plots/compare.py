"""Draw by how much one set of requests differs from another, measure by measure."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from analysis.plots.canvas import axes, nothing, points
from analysis.plots.rows import TALL, names_above
from analysis.report.theme import COLOURS, SIZES
from analysis.words.compare import row

_WIDEST = 4.0  # what is more is not drawn to its end
_LEAST = 0.05  # of a change, to either side
_ROOM = 0.04  # of the axis, beyond what is drawn


def plot_compare(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each change with its interval; filled where it is beyond noise.

    Parameters
    ----------
    frame
        `measures.compare.compare`.
    """
    rows = frame.drop_nulls(["a", "b"])
    ax = ax or axes(rows=TALL * rows.height)
    ax.axvline(0, color=COLOURS["edge"], linewidth=SIZES["rule"])
    for y, one in enumerate(rows.iter_rows(named=True)):
        colour = COLOURS["accent" if one["beyond"] else "soft"]
        low, high = one["change_low"], one["change_high"]
        if low is not None:
            ax.hlines(y, low, min(high, _WIDEST), color=colour, linewidth=SIZES["span"])
        if one["change"] is not None:
            ax.plot(
                min(one["change"], _WIDEST),
                y,
                "o" if one["change"] <= _WIDEST else ">",
                color=colour,
                markersize=SIZES["dot"],
                markeredgewidth=SIZES["ring"],
                markerfacecolor=colour if one["beyond"] else COLOURS["paper"],
            )
    said = [row(one).replace("$", r"\$") for one in rows.to_dicts()]  # two are mathematics
    names_above(ax, said, [bool(one) for one in rows["beyond"]])
    drawn = rows.select("change", "change_low", "change_high").unpivot()["value"].drop_nulls()
    low, high = min([-_LEAST, *drawn]), max([_LEAST, *drawn])
    room = _ROOM * (min(high, _WIDEST) - low)
    ax.set_xlim(low - room, min(high, _WIDEST) + room)
    ax.set_ylim(max(rows.height, 1) - 0.5, -0.8)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{points(value)} %"))
    ax.set_xlabel("B over A, change")
    nothing(ax, rows)
    return ax
