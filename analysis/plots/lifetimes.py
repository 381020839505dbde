"""Draw what other lifetimes of the cache would serve and cost."""

from __future__ import annotations

import math

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.plots.canvas import axes, legend, nothing, percent, stack
from analysis.plots.expiry import time_axis
from analysis.plots.ticks import Even
from analysis.report.theme import COLOURS, SIZES

_DAY = 86_400
_BARS = 330  # points that all bars are wide together
_WIDEST = 24.0  # points
_STEP = 0.1  # where the axis of shares begins: at a whole one of these below the lowest


def plot_hits(frame: pl.DataFrame, published: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the share of prompt tokens that a cache of each lifetime would serve.

    Parameters
    ----------
    frame
        `measures.lifetimes.hits`.
    published
        `measures.lifetimes.published_hits`.
    """
    ax = ax or axes()
    curve = frame.filter(pl.col("lifetime_seconds") <= _DAY)
    name = "these logs" if curve.height else None
    ax.plot(curve["lifetime_seconds"], curve["share"], color=COLOURS["read"], label=name)
    known = published.drop_nulls("low")
    ax.vlines(
        known["lifetime_seconds"],
        known["low"],
        known["high"],
        color=COLOURS["read"],
        linewidth=SIZES["span"],
        zorder=3,
    )
    ax.plot(
        published["lifetime_seconds"],
        published["published"],
        "D",
        color=COLOURS["accent"],
        label="published population" if published.height else None,
        zorder=4,
    )
    time_axis(ax, _DAY)
    low = min([1 - _STEP, *curve["share"], *known["low"], *published["published"]])
    ax.set_ylim(math.floor(low / _STEP) * _STEP, 1)
    ax.yaxis.set_major_formatter(percent())
    ax.set_xlabel("lifetime of an entry")
    ax.set_ylabel("prompt tokens served")
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax


def plot_break_even(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the price of writes at which each lifetime costs as much as five minutes.

    Parameters
    ----------
    frame
        `measures.lifetimes.break_even`.
    """
    ax = ax or axes()
    curve = frame.filter(pl.col("lifetime_seconds") <= _DAY)
    name = "breaks even with five minutes" if curve.height else None
    ax.plot(curve["lifetime_seconds"], curve["multiple"], color=COLOURS["read"], label=name)
    listed = curve.drop_nulls("listed")
    ax.plot(
        listed["lifetime_seconds"],
        listed["listed"],
        "D",
        color=COLOURS["accent"],
        label="on the price list" if listed.height else None,
        zorder=4,
    )
    for row in listed.iter_rows(named=True):
        stack(
            ax,
            f"{row['listed']:.2f}×",
            (row["lifetime_seconds"], row["listed"]),
            (8, -6),
            across="left",
            color=COLOURS["accent"],
        )
    time_axis(ax, _DAY)
    ax.set_ylim(0, 1.1 * max([2.0, *curve["multiple"].drop_nulls(), *listed["listed"]]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}×"))
    ax.set_xlabel("lifetime of an entry")
    ax.set_ylabel("price of a write, input being 1")
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax


def plot_sessions(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what one hour instead of five minutes gains or costs, session by session.

    Parameters
    ----------
    frame
        `measures.lifetimes.by_session`.
    """
    ax = ax or axes()
    gain = (pl.col("saved_nano") - pl.col("extra_nano")) / 1e9
    bars = frame.with_columns(gain=gain, place=pl.int_range(1, frame.height + 1))
    width = min(_BARS / max(frame.height, 1), _WIDEST)
    for wins, colour, name in (
        (True, "read", "one hour is cheaper"),
        (False, "muted", "five minutes are cheaper, or neither"),
    ):
        some = bars.filter(pl.col("hour_wins") == wins)
        label = name if some.height else ""
        colour = COLOURS[colour]
        ax.vlines(some["place"], 0, some["gain"], colour, linewidth=width, label=label)
    ax.axhline(0, color=COLOURS["edge"], linewidth=SIZES["rule"])
    ax.set_xlim(0.4, max(frame.height, 1) + 0.6)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_formatter(Even(usd=True))
    ax.set_xlabel("sessions, by what one hour gains")
    ax.set_ylabel("list-price dollars gained")
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax
