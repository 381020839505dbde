"""Draw what a Code Review must spare to be worth its price."""

from __future__ import annotations

from functools import partial

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.plots.canvas import (
    axes,
    band,
    legend,
    nothing,
    percent,
    reference,
    stack,
)
from analysis.plots.rows import TALL
from analysis.plots.tornado import around, swung
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import extent
from analysis.words.value import amount, per_dollar

_BAND = 0.25
_ROOM = 0.3  # of the widest swing, at either side, for what is written there
_LONGEST = 150  # minutes that the axis shows


def plot_break_even(
    frame: pl.DataFrame, success: float, person: float, ax: Axes | None = None
) -> Axes:
    """Draw how long a review must spare to be worth its price, by how often it spares anything.

    Parameters
    ----------
    frame
        `measures.value.break_even`.
    success
        Share of reviews that spare something, as taken.
    person
        Minutes that a person takes to review a change.
    """
    ax = ax or axes()
    for price, style, colour in (("low", "-", "read"), ("high", "--", "ink")):
        some = frame.filter(pl.col("price") == price).sort("success_rate")
        if some.is_empty():
            continue
        across, usd = some["success_rate"], some["review_usd"][0]
        band(ax, across, some["least"], some["most"], color=COLOURS[colour], alpha=_BAND)
        ax.plot(across, some["minutes"], style, color=COLOURS[colour])
        at = float(some["minutes"][0] * across[0] / success)
        ax.plot(success, at, "o", color=COLOURS[colour], zorder=4)
        stack(
            ax,
            f"{at:,.0f} min at ${usd:,.0f} a review",
            (success, at),
            (6, 8) if price == "high" else (-6, -8),
            across="left" if price == "high" else "right",
            down="bottom" if price == "high" else "top",
            color=COLOURS[colour],
        )
    if frame.height:
        ax.axvline(success, color=COLOURS["muted"], linewidth=SIZES["rule"], zorder=1)
        reference(ax, person, "a person's\nreview")
    top = max(min(_LONGEST, max(frame["most"], default=1.0)), 1.25 * person)
    ax.set_ylim(0, top)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(percent())
    ax.set_xlabel("share of reviews that spare any time")
    ax.set_ylabel("minutes that one of them must spare")
    nothing(ax, frame)
    return ax


def just_worth_it(ax: Axes) -> None:
    """Mark where a dollar of price spares a dollar of work."""
    ax.axvline(1, color=COLOURS["soft"], linewidth=SIZES["reference"], linestyle="--")
    stack(
        ax,
        "just worth it",
        (1, 1),
        (0, 3),
        down="bottom",
        of=("data", "axes fraction"),
        color=COLOURS["soft"],
    )


def plot_swings(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how far each assumption moves what a dollar of a review's price spares.

    Parameters
    ----------
    frame
        `measures.value.swings`.
    """
    rows = frame.reverse().with_row_index("y")
    labels = [f"{r['label']} ({r['kind']})" for r in rows.to_dicts()]
    ax = ax or axes(rows=TALL * len(labels))
    swung(ax, rows)
    for row in rows.to_dicts():
        ends = extent([row["low"], row["high"]], partial(amount, unit=row["unit"]))
        right = max(row["at_low"], row["at_high"])
        stack(ax, ends, (right, row["y"]), (6, 0), across="left", down="center", parse_math=False)
    if rows.height:
        just_worth_it(ax)
    values = [1.0, *rows["at_low"], *rows["at_high"]]
    low, high = min(values), max(values)
    room = max(_ROOM * (high - low), 0.5)
    around(ax, labels, low - room, high + room)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: per_dollar(value)))
    ax.set_xlabel("dollars of work spared for a dollar of a review's price")
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax
