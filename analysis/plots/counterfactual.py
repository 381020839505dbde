"""Draw what the same work would have cost otherwise."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from analysis.plots.canvas import axes, lines, nothing, row_labels
from analysis.plots.rows import SNUG, names_above
from analysis.plots.ticks import Even
from analysis.report.theme import COLOURS, SIZES
from analysis.words.counterfactual import change, times, written

_ROOM = 1.03  # of the longest bar
_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
_BAR = 0.4  # of a row
_ROWS = 5  # fewer rows are higher: their bars stay as thin, and below their names
_FAINT = 0.5  # of the way from the bill to a ratio, so that its end stands out


def plot_ratios(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what each way costs as a multiple of the bill, on a logarithmic axis.

    Parameters
    ----------
    frame
        `measures.counterfactual.scenarios`.
    """
    rows = frame.filter(pl.col("ratio") > 0, pl.col("group") != "bill").reverse()
    # beside the label, where a narrow screen shows it as well
    labels = [f"{row['scenario']}: {times(row['ratio'])}" for row in rows.to_dicts()]
    ax = ax or axes(rows=sum(map(lines, labels)))
    ax.set_xscale("log")
    low, high = min([0.8, *rows["ratio"]]), max([1.25, *rows["ratio"]])
    ax.axvline(1, color=COLOURS["edge"], linewidth=SIZES["reference"])
    for y, row in enumerate(rows.iter_rows(named=True)):
        colour = COLOURS["accent" if row["bound"] else "write" if row["ratio"] > 1 else "read"]
        ax.hlines(y, 1, row["ratio"], color=colour, linewidth=SIZES["range"], alpha=_FAINT)
        ax.plot(
            row["ratio"],
            y,
            "o",
            markersize=SIZES["dot"],
            markeredgewidth=SIZES["ring"],
            color=colour,
            markerfacecolor=COLOURS["paper"] if row["bound"] else colour,
        )
    row_labels(ax, labels, [False] * rows.height)
    ax.set_xlim(low / 1.3, high * 1.3)
    ax.set_ylim(-0.7, max(rows.height, 1) - 0.3)
    ax.set_xticks([tick for tick in _TICKS if low / 1.3 <= tick <= high * 1.3])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}×"))
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.set_xlabel("list-price dollars, times the bill (logarithmic)")
    nothing(ax, rows)
    return ax


def _colour(kind: str | None) -> str:
    """Return the colour of a token class; of totals and searches, grey."""
    return COLOURS[kind if kind in ("read", "write", "input", "output") else "muted"]


def plot_waterfall(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the steps from the bill to what other ways would have cost; a costlier one stands out.

    Parameters
    ----------
    frame
        `measures.counterfactual.waterfall`.
    """
    write = written(frame)
    steps = (frame["end_usd"] - frame["start_usd"]).abs()
    told = pl.Series([write(step) != write(0) for step in steps], dtype=pl.Boolean)
    rows = frame.filter(pl.col("class").is_null() | told).reverse()
    ax = ax or axes(rows=SNUG * rows.height)
    total, bill = rows["class"].is_null().to_list(), frame["end_usd"][0] if frame.height else 0
    costlier = [
        whole and write(end) != write(bill) and end > bill
        for whole, end in zip(total, rows["end_usd"], strict=True)
    ]
    bar = _BAR * min(1, rows.height / _ROWS)
    for y, row in enumerate(rows.iter_rows(named=True)):
        start, end = row["start_usd"], row["end_usd"]
        ax.barh(y, end - start, bar, left=start, color=_colour(row["class"]))
        if y and rows["way"][y - 1] == row["way"]:  # the next step starts where this one ends
            ax.vlines(end, y - 1, y, color=COLOURS["edge"], linewidth=SIZES["rule"], zorder=0.5)
    # what a step comes to stands in its name, where a narrow screen shows it as well
    said = [
        write(end) if whole else change(end - start, write)
        for start, end, whole in zip(rows["start_usd"], rows["end_usd"], total, strict=True)
    ]
    named = [f"{step}: {come}" for step, come in zip(rows["step"], said, strict=True)]
    names_above(ax, named, costlier, strong=total)
    ax.set_xlim(0, _ROOM * max([1e-9, *rows["start_usd"], *rows["end_usd"]]))
    ax.set_ylim(-0.5, max(rows.height, 1) - 0.2)
    ax.xaxis.set_major_formatter(Even(usd=True))
    ax.locator_params(axis="x", nbins=5)
    ax.set_xlabel("list-price dollars")
    nothing(ax, frame)
    return ax
