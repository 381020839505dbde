"""Draw the cited issues: when they were filed, what was read of them last, and in what state."""

from __future__ import annotations

import datetime as dt

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from analysis.measures.capabilities import WRITTEN
from analysis.measures.open_issues import STATES
from analysis.plots.canvas import axes, legend, nothing, row_labels, stack
from analysis.report.theme import COLOURS, SIZES

#: A state: marker, whether it is filled, colour.
_STATE = {
    "open": ("o", False, "accent"),
    "closed": ("s", True, "muted"),
    "not found": ("x", True, "soft"),
}
_FIRST, _LAST = dt.date(2025, 7, 1), dt.date(2026, 10, 1)
_RIGHT = 1.03  # of the axes' width: where the state as read stands
_MONTHS = 3  # between two labels


def plot_lifelines(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw a line from filing to the last day that the copy shows, and at its right the state.

    Parameters
    ----------
    frame
        `measures.open_issues.issues`.
    """
    rows = frame.with_row_index("y")
    ax = ax or axes(rows=max(rows.height, 1) * 1.1)
    lives = rows.drop_nulls(["filed_day", "seen_day"])
    ax.hlines(
        lives["y"],
        mdates.date2num(lives["filed_day"]),
        mdates.date2num(lives["seen_day"]),
        color=COLOURS["muted"],
        linewidth=SIZES["span"],
    )
    filed = rows.drop_nulls("filed_day")
    seen = rows.drop_nulls("seen_day").filter(pl.col("seen_day").ne_missing(pl.col("filed_day")))
    ax.plot(filed["filed_day"], filed["y"], "|", color=COLOURS["ink"], markersize=SIZES["dot"],
            markeredgewidth=SIZES["ring"], label="filed")  # fmt: skip
    ax.plot(seen["seen_day"], seen["y"], ".", color=COLOURS["ink"], label="last dated comment read")
    for state in STATES:
        _states(ax, rows.filter(pl.col("state") == state), state)
    ax.axvline(WRITTEN, color=COLOURS["input"], linewidth=SIZES["reference"], linestyle="--")
    stack(ax, "write-up", (mdates.date2num(WRITTEN), 1), (-5, -2), across="right", down="top",
          of=("data", "axes fraction"), color=COLOURS["input"])  # fmt: skip
    stack(ax, "state as read", (_RIGHT, 1), (-4, 0), across="left", down="bottom",
          of=("axes fraction", "axes fraction"), color=COLOURS["soft"])  # fmt: skip
    labels = [f"#{row['issue']}" for row in rows.to_dicts()]
    row_labels(ax, labels, [row["listed"] == "yes" for row in rows.to_dicts()])
    ax.set_xlim(_FIRST, _LAST)
    ax.set_ylim(max(rows.height, 1) - 0.4, -1.1)
    ax.xaxis.set_major_locator(mdates.MonthLocator(interval=_MONTHS))
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%b %Y"))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    legend(ax, columns=5)
    nothing(ax, frame)
    return ax


def _states(ax: Axes, rows: pl.DataFrame, state: str) -> None:
    """Draw a glyph and a word for each issue of one state, right of the axes."""
    marker, filled, colour = _STATE[state]
    for row in rows.to_dicts():
        ax.plot(
            [_RIGHT],
            [row["y"]],
            marker,
            color=COLOURS[colour],
            markerfacecolor=COLOURS[colour] if filled else COLOURS["paper"],
            markeredgewidth=SIZES["ring"],
            transform=ax.get_yaxis_transform(),
            clip_on=False,
        )
        reason = row["closed_reason"] or ""
        stack(
            ax,
            f"{state}, {reason}" if reason else state,
            (_RIGHT, row["y"]),
            (9, 0),
            across="left",
            down="center",
            of=("axes fraction", "data"),
            color=COLOURS["accent" if state == "open" else "soft"],
            fontsize=plt.rcParams["ytick.labelsize"],
        )
