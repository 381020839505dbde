"""Draw what a request costs by the length of its session."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from analysis.plots.canvas import axes, legend, nothing, stack
from analysis.report.theme import COLOURS, SIZES

_FLAT = 0.15  # opacity
_HIGHEST = 2.2  # times the cost as logged or the lowest: where the axis ends


def plot_bowl(
    frame: pl.DataFrame,
    rule: pl.DataFrame,
    best: tuple[int, float, float] | None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the cost of a request's prompt by session length, replayed and by the rule.

    Parameters
    ----------
    frame
        `measures.restarts.replay`, the last length being that of the longest session.
    rule
        `measures.optimum.curve`.
    best
        `measures.restarts.bottom`: the cheapest length, and the ends of the flat zone.
    """
    ax = ax or axes()
    cost = frame["usd_a_request"]
    if best:
        name = "within 10 % of the lowest"
        ax.axvspan(best[1], best[2], color=COLOURS["muted"], alpha=_FLAT, lw=0, label=name)
    if rule.height:
        style = {"color": COLOURS["write"], "linestyle": "--", "linewidth": SIZES["span"]}
        ax.plot(rule["length"], rule["usd_a_request"], label="square-root rule", **style)
    if frame.height:
        ax.plot(
            frame["length"], cost, color=COLOURS["read"], marker="o", label="sessions replayed"
        )
        _as_logged(ax, cost[-1])
    if best:
        lowest = frame.filter(pl.col("length") == best[0])["usd_a_request"].min()
        text = f"${lowest:,.3g} at {best[0]:,}"
        stack(ax, text, (best[0], lowest), (0, -10), color=COLOURS["accent"])
        ax.plot(
            best[0], lowest, "D", color=COLOURS["accent"], markersize=SIZES["dot"] * 0.8, zorder=5
        )
    ends = [*frame["length"], 10]
    ax.set_xscale("log")
    ax.set_xlim(0.8, 1.25 * max(ends))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    ax.xaxis.set_minor_locator(NullLocator())
    top = _HIGHEST * (cost[-1] if frame.height else 1)
    ax.set_ylim(0, top or 1)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.3g}"))
    ax.set_xlabel("requests until a session ends, log scale")
    ax.set_ylabel("cost of a request's prompt, list price")
    legend(ax, columns=3)
    nothing(ax, frame)
    return ax


def _as_logged(ax: Axes, cost: float) -> None:
    ax.axhline(cost, color=COLOURS["accent"], linewidth=SIZES["reference"], linestyle="--")
    stack(
        ax,
        f"${cost:,.3g}\nas logged",
        (1, cost),
        (5, 0),
        across="left",
        down="center",
        of=("axes fraction", "data"),
        color=COLOURS["accent"],
    )
