"""Draw how long gaps are, and what they lose."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from analysis.measures.expiry import ANY, EDGES, LIFETIMES, TRIGGERS
from analysis.plots.canvas import axes, band, column_labels, legend, nothing, percent
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import compact

#: Where an axis of seconds is marked.
_TIMES = {10: "10 s", 60: "1 min", 300: "5 min", 3_600: "1 h", 86_400: "1 day", 604_800: "1 week"}
_MARKS = {
    "5m": ("o", "write", "after five-minute writes"),
    "1h": ("D", "read", "after one-hour writes"),
}
_BELOW = 58  # points that labels of four lines take
_ASIDE = 0.16  # of a column, that the two lifetimes stand to the sides


def time_axis(ax: Axes, last: float = 604_800) -> None:
    """Make the x axis one of seconds on a log scale, with the two lifetimes as lines."""
    ax.set_xscale("log")
    ax.set_xlim(10, last)
    ticks = [seconds for seconds in _TIMES if seconds <= last]
    ax.set_xticks(ticks, [_TIMES[seconds] for seconds in ticks])
    ax.xaxis.set_minor_locator(NullLocator())
    for seconds in LIFETIMES.values():
        ax.axvline(seconds, color=COLOURS["edge"], linewidth=SIZES["rule"], linestyle="--")


def plot_returns(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the share of answers that are gone on with, by gap, stacked by what led to it.

    Parameters
    ----------
    frame
        `measures.expiry.returns`.
    """
    ax = ax or axes()
    below = None
    seen = set(frame["trigger"])
    for trigger, colour in zip((*TRIGGERS, ANY), ("accent", "muted", "muted"), strict=True):
        curve = frame.filter(trigger=trigger).sort("gap_seconds")
        if trigger not in seen:
            continue
        base = below if below is not None else [0.0] * curve.height
        top = [low + share for low, share in zip(base, curve["share"], strict=False)]
        name = "whatever led to it" if trigger == ANY else f"after a {trigger}"
        band(ax, curve["gap_seconds"], base, top, color=COLOURS[colour], label=name)
        below = top
    time_axis(ax)
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter(percent())
    ax.set_xlabel("time since the answer's first line")
    ax.set_ylabel("answers followed by a request")
    if frame.height:
        legend(ax, columns=2)
    nothing(ax, frame)
    return ax


def plot_losses(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the share of requests that lost the cache, by gap and lifetime, with intervals.

    Parameters
    ----------
    frame
        `measures.expiry.losses`.
    """
    ax = ax or axes()
    columns = [name for name in EDGES if name in set(frame["gap"])]
    for (lifetime, (marker, colour, name)), side in zip(_MARKS.items(), (-1, 1), strict=True):
        seen = frame.filter(pl.col("lifetime") == lifetime, pl.col("requests") > 0)
        x = [columns.index(gap) + side * _ASIDE for gap in seen["gap"]]
        ax.vlines(x, seen["low"], seen["high"], color=COLOURS[colour], linewidth=SIZES["span"])
        ax.plot(
            x,
            seen["share"],
            marker,
            color=COLOURS[colour],
            label=name if x else None,
            clip_on=False,
        )
    counted = {(r["lifetime"], r["gap"]): r["requests"] for r in frame.to_dicts()}
    labels = [
        "\n".join(
            [
                *_two_lines(gap),
                *(f"{life}: {compact(counted.get((life, gap), 0))}" for life in _MARKS),
            ]
        )
        for gap in columns
    ]
    column_labels(ax, labels)
    ax.set_xlim(-0.6, max(len(columns), 1) - 0.4)
    ax.set_ylim(-0.02, 1.02)
    ax.yaxis.set_major_formatter(percent())
    ax.set_xlabel("pause before the request; 5m, 1h: requests by lifetime", labelpad=_BELOW)
    ax.set_ylabel("requests that lost the cache")
    legend(ax, columns=2)
    if not frame["requests"].sum():
        nothing(ax, frame.clear())
    return ax


def _two_lines(gap: str) -> list[str]:
    """Return the name of a class of gaps on two lines.

    >>> _two_lines("6 to 15 min"), _two_lines("under 1 min")
    (['6 to', '15 min'], ['under', '1 min'])
    """
    first, *last = gap.rsplit(" ", 2)
    return [first, " ".join(last)]
