"""Draw what carrying a context file costs by the list."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from analysis.plots.canvas import axes, nothing, stack
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import usd

_TICKS_USD = tuple(10.0**n for n in range(-6, 12))


def plot_carried(frame: pl.DataFrame, example: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the cost of a session by its requests, a line for each size of the file.

    Parameters
    ----------
    frame
        `measures.carrying.carried` of one model.
    example
        `measures.carrying.example`: the text's point.
    """
    ax = ax or axes()
    rows = frame.drop_nulls("cost_usd").filter(pl.col("cost_usd") > 0)
    sizes = rows["file_tokens"].unique().sort().to_list()
    for size in sizes:
        line = rows.filter(pl.col("file_tokens") == size).sort("requests")
        own = size in example["file_tokens"].to_list()
        colour = COLOURS["accent"] if own else COLOURS["muted"]
        ax.plot(line["requests"], line["cost_usd"], color=colour, marker="o" * (line.height == 1))
        stack(
            ax,
            f"{size:,} tokens",
            (line["requests"][-1], line["cost_usd"][-1]),
            (6, 0),
            across="left",
            down="center",
            color=colour,
        )
    for row in example.drop_nulls("cost_usd").to_dicts():
        place = (row["requests"], row["cost_usd"])
        ax.plot(*place, "D", color=COLOURS["accent"], markersize=SIZES["dot"])
        ax.annotate(
            f"the text's example: {usd(row['cost_usd'])}",
            place,
            xytext=(0.04, 0.93),
            textcoords="axes fraction",
            va="center",
            color=COLOURS["accent"],
            arrowprops={"arrowstyle": "-", "color": COLOURS["accent"]},
        )
    ax.set_xscale("log")
    ax.set_yscale("log")
    ends = [10, *rows["requests"]]
    ax.set_xlim(min(ends) / 1.15, max(ends) * 3.2)
    costs = [0.01, 10, *rows["cost_usd"]]
    ax.set_ylim(min(costs) / 1.6, max(costs) * 1.6)
    ticks = sorted(set(rows["requests"].to_list())) or [10, 100, 1_000]
    ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    low, high = ax.get_ylim()
    ax.yaxis.set_major_locator(FixedLocator([t for t in _TICKS_USD if low <= t <= high]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.10g}"))
    ax.grid(visible=True, axis="x")
    ax.set_xlabel("requests of the session, log scale")
    ax.set_ylabel("list-price dollars a session, log scale")
    nothing(ax, rows)
    return ax
