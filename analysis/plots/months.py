"""Draw what days cost at list price."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from analysis.measures.months import EVERY
from analysis.plots.canvas import axes, cleared, legend, nothing, percent, stack
from analysis.report.theme import COLOURS, SIZES

_STEPS = {EVERY: ("read", "-"), "one project": ("output", ":")}
_DOCUMENTED = {
    True: "documented: 90 % of users, not of days, are below",
    False: "documented average",
}
_LEAST, _MOST = 1.0, 50.0  # dollars that the axis shows, at least
_SHARES = (0, 0.2, 0.4, 0.6, 0.8, 1)
_HEAD = 1.2  # labels of the diamonds stand above all curves
_DOWN = 32  # points from one text's labels to the next's
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
    last = documented["short"][-1].splitlines()[-1] if documented.height else ""
    for number, row in enumerate(documented.to_dicts()):
        below = row["quantile"] is not None
        step = number // len(
            _DOCUMENTED
        )  # labels of one text stand right of those before, or higher
        name = _DOCUMENTED[below] if row["short"].endswith(last) else ""
        colour = COLOURS["accent" if below else "ink"]
        if below:
            ax.plot(row["usd"], row["quantile"], "D", color=colour, zorder=4, label=name)
        else:
            ax.axvline(
                row["usd"], color=colour, linewidth=SIZES["reference"], linestyle="--", label=name
            )
        stack(
            ax,
            row["short"],
            (row["usd"], 1 if below else 0),
            (7 if step else -7, 5) if below else (-5, 6 + _DOWN * step),
            across="left" if below and step else "right",
            down="bottom",
            color=colour,
            bbox=cleared(),
        )
    ax.set_xscale("log")
    paid = frame.filter(pl.col("usd") > 0)["usd"].sort().to_list() or [_LEAST]
    ax.set_xlim(min(_LEAST, paid[int(_FEW * len(paid))] / _ROOM), max(_MOST, paid[-1] * _ROOM))
    ax.set_ylim(0, _HEAD)
    ax.yaxis.set_major_locator(FixedLocator(_SHARES))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.10g}"))
    ax.yaxis.set_major_formatter(percent())
    ax.set_xlabel("list-price dollars of an active day, log scale")
    ax.set_ylabel("days that cost as much or less")
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax
