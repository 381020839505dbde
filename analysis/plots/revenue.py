"""Draw what is said of revenue, and what cache revenue would be."""

from __future__ import annotations

import datetime as dt

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from analysis.measures.revenue import FIRM, PRODUCT
from analysis.plots.canvas import axes, band, legend, nothing, percent, stack
from analysis.report.theme import COLOURS

_BAND = 0.3  # opacity of the band over the accounts
_QUARTER = "3mo"
_TICKS_USD = tuple(step * 10.0**power for power in range(6, 13) for step in (1, 2, 5))
_ROOM = 1.25  # of the highest value, for its label
_APART = 0.2  # of the axis: a lower label that is nearer to the axis or to the other is left out


def _billions(value: float, _: int = 0) -> str:
    return f"${value / 1e9:,.10g} bn"


def plot_run_rates(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw published run-rates by day, the firm's and the product's.

    Parameters
    ----------
    frame
        `measures.revenue.run_rates`.
    """
    ax = ax or axes()
    for who, colour, marker, below in ((FIRM, "muted", "o", 5), (PRODUCT, "accent", "D", -14)):
        some = frame.filter(pl.col("who") == who).to_pandas()
        if some.empty:
            continue
        ax.plot(some["said_day"], some["usd_a_year"], color=COLOURS[colour], marker=marker)
        row = 0 if who == FIRM else -1
        stack(
            ax,
            who,
            (some["said_day"].iloc[row], some["usd_a_year"].iloc[row]),
            (10, -4) if who == FIRM else (9, 0),
            across="left",
            down="top" if who == FIRM else "center",
            color=COLOURS["soft" if who == FIRM else "accent"],
        )
        for day, usd in zip(some["said_day"], some["usd_a_year"], strict=True):
            stack(
                ax,
                f"{usd / 1e9:g}",
                (day, usd),
                (-4 if below > 0 else 0, below),
                down="bottom" if below > 0 else "top",
                across="right" if below > 0 else "center",
                color=COLOURS["soft" if who == FIRM else "accent"],
            )
    ax.set_yscale("log")
    known = [*frame["usd_a_year"], 1e9]
    ax.set_ylim(min(known) / 2, max(known) * 2)
    ax.margins(x=0.08)
    ax.yaxis.set_major_formatter(FuncFormatter(_billions))
    low, high = ax.get_ylim()
    ax.yaxis.set_major_locator(FixedLocator([t for t in _TICKS_USD if low <= t <= high]))
    ax.yaxis.set_minor_locator(NullLocator())
    _quarters(ax, frame)
    ax.set_ylabel("run-rate, dollars a year, log scale")
    nothing(ax, frame)
    return ax


def _quarters(ax: Axes, frame: pl.DataFrame) -> None:
    """Mark the days on which quarters begin."""
    first, last = frame["said_day"].min(), frame["said_day"].max()
    if isinstance(first, dt.date) and isinstance(last, dt.date):
        days = pl.date_range(first.replace(day=1), last, _QUARTER, eager=True)
        ax.set_xticks(days.to_numpy(), [f"{day:%b %Y}" for day in days])


def _top(frame: pl.DataFrame) -> float:
    """Return where the axis of dollars ends."""
    return float(_ROOM * max([1e9, *frame["high_usd"]]))


def plot_billed(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw cache revenue by the part of the product's revenue that is billed by token.

    Parameters
    ----------
    frame
        `measures.revenue.billed`.
    """
    ax = ax or axes()
    name = "at the shares of published accounts and these logs"
    if frame.height:
        band(
            ax,
            frame["billed"],
            frame["low_usd"],
            frame["high_usd"],
            color=COLOURS["read"],
            alpha=_BAND,
            label=name,
        )
        ax.plot(
            frame["billed"],
            frame["text_usd"],
            color=COLOURS["accent"],
            linestyle="--",
            label="at the text's share",
        )
        last = frame.row(-1, named=True)
        room = min(last["low_usd"], last["high_usd"] - last["low_usd"]) / _top(frame)
        ends = ("high_usd", "bottom", 6), ("low_usd", "top", -6)
        for key, down, away in ends[: 1 + (room > _APART)]:
            stack(
                ax,
                f"${last[key] / 1e9:.2f} bn",
                (1, last[key]),
                (-4, away),
                across="right",
                down=down,
                color=COLOURS["read"],
            )
    ax.set_xlim(0, 1)
    ax.set_ylim(0, _top(frame))
    ax.xaxis.set_major_formatter(percent())
    ax.yaxis.set_major_formatter(FuncFormatter(_billions))
    ax.set_xlabel("part of Claude Code's revenue that is billed by token (not published)")
    ax.set_ylabel("cache revenue a year")
    legend(ax, columns=1)
    nothing(ax, frame)
    return ax
