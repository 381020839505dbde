"""Draw what standing at the head of every prompt costs in the logs."""

from __future__ import annotations

from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from analysis.plots.canvas import axes, legend, lines, nothing, percent, row_labels, stack
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import share, usd

#: Projects with a row: those whose prefix cost most.
MOST = 12
_PARTS = {
    "read": ("read", None, "read again"),
    "begun": ("write", None, "written as a chain begins"),
    "again": ("write", "///", "written again"),
}
_BAR = 0.66  # of a row
_LEAST_SHOWN = 10  # messages of a session that the axis shows, at least


def plot_projects(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the standing prefix's share of each project's bill, by part.

    Parameters
    ----------
    frame
        `measures.standing.by_project`.
    """
    rows = frame.filter(pl.col("total_nano") > 0).head(MOST).reverse()
    ax = ax or axes(rows=sum(map(lines, rows["project"])))
    left = pl.Series([0.0] * rows.height)
    for part, (colour, hatch, name) in _PARTS.items():
        width = rows[f"{part}_nano"].fill_null(0) / rows["total_nano"]
        face, edge = ("none", COLOURS[colour]) if hatch else (COLOURS[colour], "none")
        edges = [SIZES["rule"] * (some > 0) for some in width]
        ax.barh(
            range(rows.height),
            width,
            _BAR,
            left=left,
            facecolor=face,
            edgecolor=edge,
            hatch=hatch,
            linewidth=edges,
            label=name if rows[f"{part}_nano"].count() else None,
        )
        left = left + width
    for y, row in enumerate(rows.to_dicts()):
        text = f"{share(row['share'])} of {usd(row['total_nano'] / 1e9)}"
        stack(ax, text, (left[y], y), (5, 0), across="left", down="center", color=COLOURS["ink"])
    row_labels(ax, rows["project"].to_list(), [False] * rows.height)
    ax.set_xlim(0, 1.6 * max([0.01, *left]))
    ax.set_ylim(-0.7, max(rows.height, 1) - 0.3)
    ax.xaxis.set_major_formatter(percent())
    ax.locator_params(axis="x", nbins=5)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.set_xlabel("of the project's list-price bill")
    legend(ax, columns=3)
    nothing(ax, rows)
    return ax


def plot_sessions(frame: pl.DataFrame, text: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what a file would cost in each session, against the text's reckoning.

    Parameters
    ----------
    frame
        `measures.standing.by_session`.
    text
        `measures.carrying.carried` of that file at one model: the text's line.
    """
    ax = ax or axes()
    rows = frame.filter(pl.col("cost_usd") > 0)
    ax.plot(
        rows["messages"],
        rows["cost_usd"],
        linestyle="none",
        marker="o",
        color=COLOURS["ink"],
        fillstyle="none",
        label="a session of these logs" if rows.height else None,
    )
    line = text.drop_nulls("cost_usd").filter(pl.col("cost_usd") > 0).sort("requests")
    reach = max([_LEAST_SHOWN, *rows["messages"]])
    line = line.filter(pl.col("requests").shift(1, fill_value=0) < reach)
    ax.plot(
        line["requests"],
        line["cost_usd"],
        color=COLOURS["accent"],
        linestyle="--",
        linewidth=SIZES["reference"],
        label="the text: one request a message",
    )
    ax.set_xscale("log")
    ax.set_yscale("log")
    _dollars(ax, [*rows["cost_usd"], *line["cost_usd"]])
    ends = [1, 10, *rows["messages"], *line["requests"]]
    ax.set_xlim(0.8, max(ends) * 1.25)
    ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000) if t <= max(ends)]
    ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.grid(visible=True, axis="x")
    ax.set_xlabel("messages of a person in the session, log scale")
    ax.set_ylabel("list-price dollars for the file, log scale")
    legend(ax, columns=2)
    nothing(ax, rows)
    return ax


def _dollars(ax: Axes, values: list[Any]) -> None:
    """Give the axis of dollars room and whole decades."""
    known = [value for value in values if value] or [0.1, 1]
    ax.set_ylim(min(known) / 1.6, max(known) * 1.6)
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.10g}"))
