"""Draw what rebuilds cost, by cause."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.plots.canvas import axes, nothing
from analysis.report.theme import COLOURS
from analysis.words.numbers import compact, count, usd


def plot_causes(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the premium of rebuilds by cause as bars, each with its count and tokens.

    Parameters
    ----------
    frame
        `measures.rebuilds.by_cause`.
    """
    ax = ax or axes(rows=1.6 * frame.height)
    premium = (frame["premium_nano"] / 1e9).to_list()
    colours = [COLOURS["muted" if c == "new chain" else "write"] for c in frame["cause"]]
    ax.barh(range(frame.height), premium, 0.6, color=colours)
    for y, row in enumerate(frame.iter_rows(named=True)):
        many = (
            count(row["rebuilds"], "rebuild")
            if row["rebuilds"] < 1e4
            else (f"{compact(row['rebuilds'])} rebuilds")
        )
        text = f"{_short(premium[y])}, {many}" if row["rebuilds"] else "none"
        ax.annotate(
            text,
            (premium[y], y),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=COLOURS["ink" if row["rebuilds"] else "soft"],
        )
    ax.set_yticks(range(frame.height), frame["cause"])
    ax.set_xlim(0, 1.6 * max([*premium, 0.01]))
    ax.set_ylim(max(frame.height, 1) - 0.4, -0.6)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.xaxis.set_major_formatter(
        FuncFormatter(
            lambda value, _: f"${compact(value) if value >= 1e4 else format(value, ',.10g')}"
        )
    )
    ax.set_xlabel("paid above the price of a read, list-price dollars")
    nothing(ax, frame)
    return ax


def _short(dollars: float) -> str:
    return f"${compact(dollars)}" if dollars >= 1e6 else usd(dollars)
