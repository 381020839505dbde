"""Draw what days cost at list price."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from analysis.measures.months import EVERY
from analysis.plots.canvas import axes, legend, nothing, percent, stack
from analysis.report.theme import COLOURS, SIZES

_STEPS = {EVERY: ("read", "-"), "one project": ("output", ":")}
_LEAST, _MOST = 1.0, 50.0  # dollars that the axis shows, at least
_FEW, _ROOM = 0.02, 1.3  # part of the days that may lie left of it, and how far beyond it goes


def plot_days(frame: pl.DataFrame, documented: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the share of days that cost as much or less, with the documented averages.

    Parameters
    ----------
    frame
        `measures.months.ecdf`.
    documented
        Rows of `facts/documented-spend.csv` that are per day.
    """
    ax = ax or axes()
    for name, (colour, style) in _STEPS.items():
        some = frame.filter(pl.col("days") == name)
        if some.height:
            ax.step(
                some["usd"].clip(lower_bound=1e-6),
                some["share"],
                where="post",
                color=COLOURS[colour],
                linestyle=style,
                label=f"days of these logs: {name}",
            )
    for row in documented.to_dicts():
        below = row["quantile"] is not None
        colour = COLOURS["accent" if below else "ink"]
        if below:
            ax.plot(row["usd"], row["quantile"], "D", color=colour, zorder=4, clip_on=False)
        else:
            ax.axvline(row["usd"], color=colour, linewidth=SIZES["reference"], linestyle="--")
        stack(
            ax,
            row["short"],
            (row["usd"], row["quantile"] if below else 0),
            (-7, 0) if below else (-4, 6),
            across="right",
            down="center" if below else "bottom",
            color=colour,
        )
    ax.set_xscale("log")
    some = frame.filter(pl.col("usd") > 0)["usd"]
    low, high = (some.quantile(_FEW), some.max()) if some.len() else (_LEAST, _MOST)
    ax.set_xlim(min(_LEAST, float(low) / _ROOM), max(_MOST, float(high) * _ROOM))  # type: ignore[arg-type]
    ax.set_ylim(0, 1.02)
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.10g}"))
    ax.yaxis.set_major_formatter(percent())
    ax.set_xlabel("list-price dollars of an active day, log scale")
    ax.set_ylabel("days that cost as much or less")
    legend(ax, columns=1)
    nothing(ax, frame)
    return ax
