"""Draw where each dollar went."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes

from analysis.plots.canvas import axes, nothing
from analysis.plots.rows import SNUG, names_above
from analysis.plots.ticks import Even
from analysis.report.theme import COLOURS, SIZES
from analysis.words.counterfactual import brief
from analysis.words.numbers import share

_COLOUR = {"read": "read", "write": "write", "input": "input", "output": "output"}
_BAR = 0.4  # of a row
_ROOM = 1.6  # of the longest bar, for its label


def plot_spend(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the parts of the bill as bars, dearest first, and hollow what it leaves out.

    Parameters
    ----------
    frame
        `measures.spend.beyond`.
    """
    rows = frame.filter(pl.col("nano") > 0).sort("nano").with_columns(usd=pl.col("nano") / 1e9)
    ax = ax or axes(rows=SNUG * rows.height)
    for y, row in enumerate(rows.iter_rows(named=True)):
        inside = row["class"] != "beyond"
        colour = COLOURS[_COLOUR.get(row["class"], "muted")]
        face, edge = (colour, "none") if inside else ("none", COLOURS["output"])
        ax.barh(y, row["usd"], _BAR, facecolor=face, edgecolor=edge, linewidth=SIZES["ring"])
        part = share(row["share"]) if inside else "not in the bill"
        ax.annotate(
            f"{brief(row['usd'])}, {part}",
            (row["usd"], y),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=COLOURS["ink"],
        )
    names_above(ax, rows["part"].to_list())
    ax.set_xlim(0, _ROOM * max([1e-9, *rows["usd"]]))
    ax.set_ylim(-0.5, max(rows.height, 1) - 0.2)
    ax.xaxis.set_major_formatter(Even(usd=True))
    ax.locator_params(axis="x", nbins=5)
    ax.set_xlabel("list-price dollars, output as logged")
    nothing(ax, rows)
    return ax
