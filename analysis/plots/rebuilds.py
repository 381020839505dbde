"""Draw what rebuilds cost, by cause."""

from __future__ import annotations

from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from analysis.measures.rebuilds import NEW_CHAIN
from analysis.plots.canvas import axes, legend, nothing
from analysis.plots.expiry import time_axis
from analysis.plots.ticks import Even, dollars
from analysis.report.theme import COLOURS
from analysis.words.numbers import compact, count, usd

#: Rebuilds that are drawn one by one.
MOST = 2_000

_DECADES = 100  # of dollars, from least to most: under that powers of ten alone are too few
_PAUSES = (10.0, 604_800.0)  # seconds: where the axis ends; what lies beyond is drawn there


def plot_causes(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the premium of rebuilds by cause as bars, each with its count and tokens.

    Parameters
    ----------
    frame
        `measures.rebuilds.by_cause`.
    """
    ax = ax or axes(rows=1.6 * frame.height)
    premium = (frame["premium_nano"].fill_null(0) / 1e9).to_list()
    colours = [COLOURS["muted" if c == NEW_CHAIN else "write"] for c in frame["cause"]]
    ax.barh(range(frame.height), premium, 0.6, color=colours)
    for y, row in enumerate(frame.iter_rows(named=True)):
        ax.annotate(
            _told(row),
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
    ax.xaxis.set_major_formatter(Even(usd=True))
    ax.set_xlabel("paid above the price of a read, list-price dollars")
    nothing(ax, frame)
    return ax


def plot_ledger(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each rebuild: its pause, its premium, and by shape and colour its cause.

    Parameters
    ----------
    frame
        `measures.rebuilds.listed`; the dearest `MOST` are drawn.
    """
    ax = ax or axes()
    dear = frame.filter(pl.col("premium_usd") > 0).sort("premium_usd", descending=True)
    dots = dear.head(MOST).with_columns(pl.col("pause_seconds").fill_null(0).clip(*_PAUSES))
    named = pl.col("cause").is_in(["expiry", "unknown"])
    for name, marker, colour, some in (
        ("expiry", "o", "write", pl.col("cause") == "expiry"),
        ("unknown", "x", "muted", pl.col("cause") == "unknown"),
        ("another cause", "D", "read", ~named),
    ):
        of = dots.filter(some)
        label = name if of.height else None
        ax.plot(of["pause_seconds"], of["premium_usd"], marker, color=COLOURS[colour], label=label)
    time_axis(ax)
    ax.set_xlim(_PAUSES[0] * 0.8, _PAUSES[1] * 1.2)
    paid = dots["premium_usd"].to_list()
    ax.set_yscale("log")
    low, high = min(paid, default=0.01), max(paid, default=1)
    ax.set_ylim(low / 1.5, high * 1.5)
    subs = (1, 2, 5) if high < _DECADES * low else (1,)
    ax.yaxis.set_major_locator(LogLocator(subs=subs, numticks=7))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(FuncFormatter(_axis))
    ax.set_xlabel("pause before the rebuild")
    ax.set_ylabel("premium, list-price dollars")
    legend(ax, columns=3)
    nothing(ax, dots)
    return ax


def _told(row: dict[str, Any]) -> str:
    """Say what stands at the end of a bar."""
    rebuilds, thing = row["rebuilds"], "chain" if row["cause"] == NEW_CHAIN else "rebuild"
    if not rebuilds:
        return "not known" if rebuilds is None else "none"
    many = count(rebuilds, thing) if rebuilds < 1e4 else f"{compact(rebuilds)} {thing}s"
    paid = row["premium_nano"]
    return f"{'no price' if paid is None else _short(paid / 1e9)}, {many}"


def _axis(value: float, _: int) -> str:
    return f"${compact(value)}" if value >= 1e4 else dollars(value)


def _short(value: float) -> str:
    return f"${compact(value)}" if value >= 1e6 else usd(value)
