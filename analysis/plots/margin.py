"""Draw how much of the reader's bill is the prompt cache."""

from __future__ import annotations

from typing import Any

import polars as pl
from matplotlib.axes import Axes

from analysis.measures.margin import YOU
from analysis.plots.canvas import axes, nothing, percent
from analysis.plots.rows import SNUG, names_above
from analysis.report.theme import COLOURS, SIZES

_POSITIONS_FROM = 0.39  # where the axis begins, unless a share is lower; the lowest case
_POSITIONS_ROOM = 0.03  # of the axis, right of 100 %, for the last mark


def plot_positions(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the reader's cache share of dollars among the published cases.

    Parameters
    ----------
    frame
        `measures.margin.positions`.
    """
    rows = frame.drop_nulls("low").reverse().with_row_index("y")
    ax = ax or axes(rows=SNUG * rows.height)
    you = pl.col("case").is_in(YOU)
    low = min(_POSITIONS_FROM, *rows["low"], 1.0)
    left = low - 0.05
    ax.hlines(rows["y"], left, rows["low"], color=COLOURS["rule"], linewidth=SIZES["rule"])
    ax.hlines(
        rows["y"], rows["low"], rows["high"], color=COLOURS["muted"], linewidth=SIZES["range"]
    )
    others, own = rows.filter(~you), rows.filter(you)
    ax.scatter(others["point"], others["y"], color=COLOURS["read"], zorder=3)
    ax.scatter(own["point"], own["y"], color=COLOURS["accent"], marker="D", zorder=4)
    names_above(ax, list(map(_named, rows.to_dicts())), [case in YOU for case in rows["case"]])
    ax.set_xlim(left, 1 + _POSITIONS_ROOM * (1 - left))
    ax.set_ylim(-0.5, max(rows.height, 1) - 0.2)
    ax.set_xticks([tick for tick in (0, 0.2, 0.4, 0.6, 0.8, 1) if tick >= low])
    ax.xaxis.set_major_formatter(percent())
    ax.set_xlabel("cache reads and writes, share of list-price dollars")
    nothing(ax, frame)
    return ax


def _named(row: dict[str, Any]) -> str:
    """Return a case and its share, which a narrow screen shows only beside the name.

    >>> _named({"label": "one day", "low": 0.8812, "high": 0.91})
    'one day: 88.1 to 91.0 %'
    """
    one = f"{100 * row['high']:.1f}"
    text = one if row["high"] - row["low"] < 0.0005 else f"{100 * row['low']:.1f} to {one}"
    return f"{row['label']}: {text} %"
