"""Draw what a request costs by the length of its session."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator

from analysis.measures.lengths import FLAT, Bottom
from analysis.measures.restarts import written
from analysis.plots.canvas import axes, legend, nothing, reference, stack
from analysis.plots.ticks import Even, decades
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import money, share

_FLAT = 0.15  # opacity
_HIGHEST = 2.2  # times the cost as logged: where the axis ends


def plot_bowl(
    frame: pl.DataFrame,
    rule: pl.DataFrame,
    best: Bottom | None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the cost of a request's prompt by session length, replayed and by the rule.

    Replayed twice: with a carry-over that costs nothing to make, and one that the model writes.

    Lengths that cost over `_HIGHEST` times as much as logged lie beyond the axis.

    Parameters
    ----------
    frame
        `measures.restarts.replay`, the last length being that of the longest session.
    rule
        `measures.optimum.curve`.
    best
        `measures.lengths.bottom`: the cheapest length and the flat zone.
    """
    ax = ax or axes()
    cost = frame["usd_a_request"]
    top = _HIGHEST * (cost[-1] if frame.height else 1)
    if best:
        name = f"within {share(FLAT, 0)} of the lowest"
        ax.axvspan(
            best.shortest, best.longest, color=COLOURS["muted"], alpha=_FLAT, label=name
        ).set_linewidth(0)
    seen, write = pl.col("usd_a_request") <= top, money(cost[-1] if frame.height else 1)
    if rule.height:
        ax.plot(
            *rule.filter(seen).select("length", "usd_a_request"),
            color=COLOURS["write"],
            linestyle="--",
            linewidth=SIZES["span"],
            label="square-root rule",
        )
    if frame.height:
        ax.plot(
            *frame.filter(seen).select("length", "usd_a_request"),
            color=COLOURS["read"],
            marker="o",
            label="carry-over costs nothing to make",
        )
        ax.plot(
            *written(frame).filter(seen).select("length", "usd_a_request"),
            color=COLOURS["output"],
            marker="o",
            markerfacecolor=COLOURS["paper"],
            label="carry-over written by the model",
        )
        reference(ax, cost[-1], f"{write(cost[-1])}\nas logged")
    if best:
        place = (best.length, best.usd_a_request)
        text = f"{write(best.usd_a_request)} at {best.length:,}"
        stack(ax, text, place, (0, -18), color=COLOURS["accent"])
        ax.plot(*place, "D", color=COLOURS["accent"], markersize=SIZES["dot"], zorder=5)
    drawn = frame.filter(seen)["length"] if frame.height else frame["length"]
    first, last = 0.8 * min([*drawn, 10]), 1.25 * max([*frame["length"], 10])
    ax.set_xscale("log")
    ax.set_xlim(first, last)
    ticks = decades(first, last)
    ax.set_xticks(ticks, [f"{tick:,.0f}" for tick in ticks])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_ylim(0, top or 1)
    ax.yaxis.set_major_locator(MaxNLocator(5))
    ax.yaxis.set_major_formatter(Even(usd=True))
    ax.set_xlabel("requests until a session ends, log scale")
    ax.set_ylabel("cost of a request's prompt, list price")
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax
