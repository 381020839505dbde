"""Draw the published points of adoption, and what a growth a month makes of a year."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
from matplotlib.axes import Axes

from analysis.measures.adoption import FIRM, FIRMS
from analysis.plots.canvas import axes, nothing, percent, stack
from analysis.report.theme import COLOURS, SIZES

#: Per firm: colour and marker.
_STYLE = {FIRM: ("accent", "D"), FIRMS[1]: ("soft", "o")}
_METHODS = {"first": "-", "revised": "--"}
_QUARTER = 3  # months between ticks
_NAMED = 6  # the month at which a curve is named


def plot_points(frame: pl.DataFrame, month: dt.date, ax: Axes | None = None) -> Axes:
    """Draw both firms' published points by data month; a month without one is left blank.

    Parameters
    ----------
    frame
        `measures.adoption.points`.
    month
        The data month that the write-up speaks of.
    """
    ax = ax or axes()
    for firm, (colour, marker) in _STYLE.items():
        own = frame.filter(pl.col("firm") == firm)
        for method, line in _METHODS.items():
            known = own.filter(pl.col("method") == method, pl.col("known") != "in words")
            for run in _runs(known):
                ax.plot(
                    run["data_month"],
                    run["percent"] / 100,
                    color=COLOURS[colour],
                    marker=marker,
                    linestyle=line,
                    markerfacecolor=COLOURS[colour if method == "first" else "paper"],
                )
        said = own.filter(pl.col("known") == "in words")
        ax.scatter(
            said["data_month"],
            said["percent"] / 100,
            marker="x",
            color=COLOURS[colour],
        )
        if said.height:
            _name(ax, said, "said in words: one in 25", (-4, -6), "left", "top", colour)
        first = own.filter(pl.col("method") == "first", pl.col("known") != "in words")
        if first.height:
            _name(ax, _runs(first)[-1], firm, (-8, 0), "right", "center", colour)
        for row in _labelled(frame, firm, month).to_dicts():
            side = 1 if row["above"] else -1
            beside = row["data_month"] == month  # a line goes through it
            stack(
                ax,
                f"{row['percent']:g}",
                (row["data_month"], row["percent"] / 100),
                (5 if beside else 0, 7 * side),
                across="left" if beside else "center",
                down="bottom" if side > 0 else "top",
                color=COLOURS[colour],
            )
    if frame.height:
        revised = frame.filter(pl.col("method") == "revised").sort("percent", "data_month")
        if revised.height:
            text = "hollow:\nrevised method"
            lowest = revised.filter(pl.col("data_month") == revised["data_month"].max())
            _name(ax, lowest, text, (4, -24), "right", "top", "soft")
        at: Any = month
        ax.axvline(at, color=COLOURS["muted"], linewidth=SIZES["reference"], linestyle=":")
        stack(
            ax,
            "the write-up's month",
            (at, 0),
            (4, 6),
            across="left",
            down="bottom",
            color=COLOURS["soft"],
        )
        _quarters(ax, frame)
    ax.set_ylim(0, max([0.5, *(frame["percent"] / 100 * 1.1)]))
    ax.margins(x=0.04)
    ax.yaxis.set_major_formatter(percent())
    ax.set_xlabel("month of the payments")
    ax.set_ylabel("share of businesses on Ramp that pay the firm")
    nothing(ax, frame)
    return ax


def _name(
    ax: Axes,
    frame: pl.DataFrame,
    text: str,
    offset: tuple[float, float],
    across: str,
    down: str,
    colour: str,
) -> None:
    """Write what points are at the first of them."""
    row = frame.row(0, named=True)
    place = (row["data_month"], row["percent"] / 100)
    stack(ax, text, place, offset, across=across, down=down, color=COLOURS[colour])


def _quarters(ax: Axes, frame: pl.DataFrame) -> None:
    """Mark a month in each quarter."""
    first, last = frame["data_month"].min(), frame["data_month"].max()
    if isinstance(first, dt.date) and isinstance(last, dt.date):
        days = pl.date_range(first, last, f"{_QUARTER}mo", eager=True)
        ax.set_xticks(days.to_numpy(), [f"{day:%b %Y}" for day in days])


def _runs(frame: pl.DataFrame) -> list[pl.DataFrame]:
    """Cut points into runs of months that follow each other."""
    ordered = frame.sort("data_month")
    follows = pl.col("data_month").shift().dt.offset_by("1mo") == pl.col("data_month")
    numbered = ordered.with_columns(run=(~follows.fill_null(False)).cum_sum())
    return numbered.partition_by("run", maintain_order=True)


def _labelled(frame: pl.DataFrame, firm: str, month: dt.date) -> pl.DataFrame:
    """Keep the points whose value is written, and say which stand above the other firm's.

    Those of the month and of the one before it, and a firm's first and last.
    """
    above = pl.col("percent") == pl.col("percent").max().over("data_month", "method")
    known = frame.with_columns(above=above).filter(
        pl.col("firm") == firm, pl.col("known") != "in words"
    )
    ends = known["data_month"].sort()
    before = (month - dt.timedelta(days=1)).replace(day=1)
    wanted = {before, month, *ends[:1], *ends[-1:]}
    return known.filter(pl.col("data_month").is_in(list(wanted)))


def plot_compounded(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what a steady growth a month makes of a share in a year, by reading.

    Parameters
    ----------
    frame
        `measures.adoption.compounded`.
    """
    ax = ax or axes()
    styles = zip(
        frame["reading"].unique(maintain_order=True), ("accent", "read"), ("--", "-"), strict=False
    )
    for reading, colour, line in styles:
        run = frame.filter(pl.col("reading") == reading).sort("month")
        last = run.row(-1, named=True)
        ax.plot(run["month"], run["percent"] / 100, line, color=COLOURS[colour])
        upper = last["percent"] == frame["percent"].max()
        for half in run.filter(pl.col("month") == _NAMED).iter_rows(named=True):
            stack(
                ax,
                f"{100 * last['growth']:.3g} % a month, {reading}",
                (_NAMED, half["percent"] / 100),
                (-6, 4) if upper else (0, -11),
                across="right" if upper else "center",
                down="bottom" if upper else "top",
                color=COLOURS[colour],
            )
        stack(
            ax,
            f"{last['percent']:.1f} %",
            (last["month"], last["percent"] / 100),
            (5, 0),
            across="left",
            down="center",
            color=COLOURS[colour],
        )
    ax.set_xlim(0, 13.5)
    ax.set_xticks(range(0, 13, _QUARTER))
    ax.set_ylim(0, max([0.1, *(frame["percent"] / 100 * 1.1)]))
    ax.yaxis.set_major_formatter(percent())
    ax.set_xlabel("months after one business in 25")
    ax.set_ylabel("share of businesses, at a steady growth")
    nothing(ax, frame)
    return ax
