"""Draw what requests cost by how far into their session they are."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.plots.canvas import axes, legend, nothing, row_labels
from analysis.plots.ticks import Even
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import money

_PARTS = {"write": "cache writes", "read": "cache reads", "input": "uncached input"}
_SHOWN = ("request", "quarter of the session")


def plot_stages(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the dollars of a request's prompt by stage of the session, in parts.

    Parameters
    ----------
    frame
        `measures.fresh.stages`.
    """
    rows = frame.filter(pl.col("by").is_in(_SHOWN)).reverse()
    ax = ax or axes(rows=1.5 * rows.height)
    left = pl.Series([0.0] * rows.height)
    for part, name in _PARTS.items():
        cost = rows[f"{part}_usd"].cast(pl.Float64).fill_null(0)
        if rows.height:
            ax.barh(range(rows.height), cost, 0.6, left, color=COLOURS[part], label=name)
        left = left + cost
    write = money(max([0.0, *left]))
    for y, (whole, known) in enumerate(zip(left, rows["write_usd"].is_not_null(), strict=True)):
        ax.annotate(
            write(whole) if known else "no price",
            (whole, y),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
        )
    quarters = rows.filter(pl.col("by") != _SHOWN[0]).height
    if 0 < quarters < rows.height:
        ax.axhline(quarters - 0.5, color=COLOURS["edge"], linewidth=SIZES["rule"])
    row_labels(ax, rows["stage"].to_list(), [stage == "request 1" for stage in rows["stage"]])
    ax.set_xlim(0, 1.2 * (max([0.0, *left]) or 1))
    ax.set_ylim(-0.7, max(rows.height, 1) - 0.3)
    ax.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(Even(usd=True))
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.set_xlabel("cost of a request's prompt at list price, mean")
    legend(ax, columns=3)
    nothing(ax, rows)
    return ax
