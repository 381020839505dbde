"""Draw the cited issues: when they were filed, what was read of them last, and in what state."""

from __future__ import annotations

import datetime as dt

import matplotlib.pyplot as plt
import polars as pl
from matplotlib.axes import Axes

from analysis.measures.capabilities import WRITTEN
from analysis.measures.open_issues import STATES
from analysis.plots.canvas import axes, legend, nothing, row_labels, stack
from analysis.plots.capabilities import days
from analysis.report.theme import COLOURS, SIZES

#: A state: marker, whether it is filled, colour.
_STATE = {
    "open": ("o", False, "accent"),
    "closed": ("s", True, "muted"),
    "not found": ("x", True, "soft"),
}
_QUARTERS = [dt.date(2025 + n // 4, 1 + 3 * (n % 4), 1) for n in range(2, 8)]
_LEFT = 0.02  # of the axes' width: where the mark of a state stands
_BELOW = 11  # points from a number to its state below it


def plot_lifelines(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw a line from filing to the last day that the copy shows, and at its left the state.

    Parameters
    ----------
    frame
        `measures.open_issues.issues`.
    """
    rows = frame.with_row_index("y")
    ax = ax or axes(rows=max(rows.height, 1) * 1.35)
    lives = rows.drop_nulls(["filed_day", "seen_day"])
    ax.hlines(
        lives["y"],
        lives["filed_day"].dt.epoch("d"),
        lives["seen_day"].dt.epoch("d"),
        color=COLOURS["muted"],
        linewidth=SIZES["span"],
    )
    filed = rows.drop_nulls("filed_day")
    seen = rows.drop_nulls("seen_day").filter(pl.col("seen_day").ne_missing(pl.col("filed_day")))
    ink, blue = COLOURS["ink"], COLOURS["input"]
    ax.plot(
        filed["filed_day"].dt.epoch("d"),
        filed["y"],
        "|",
        color=ink,
        label="filed",
        markersize=SIZES["dot"],
        markeredgewidth=SIZES["ring"],
    )
    last = seen["seen_day"].dt.epoch("d")
    ax.plot(last, seen["y"], ".", color=ink, label="last dated comment read")
    for state in STATES:
        _states(ax, rows.filter(pl.col("state") == state), state)
    ax.axvline(days(WRITTEN), color=blue, linewidth=SIZES["reference"], linestyle="--")
    of = ("data", "axes fraction")
    stack(ax, "write-up", (days(WRITTEN), 1), (-5, -2), across="right", of=of, color=blue)
    labels = [f"#{row['issue']}" for row in rows.to_dicts()]
    row_labels(ax, labels, [row["listed"] == "yes" for row in rows.to_dicts()])
    ax.set_xlim(days(_QUARTERS[0]), days(_QUARTERS[-1]))
    ax.set_xticks([*map(days, _QUARTERS)], [f"{day:%b %Y}" for day in _QUARTERS])
    ax.set_ylim(max(rows.height, 1) - 0.4, -1.1)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    legend(ax, columns=5)
    nothing(ax, frame)
    return ax


def _states(ax: Axes, rows: pl.DataFrame, state: str) -> None:
    """Draw a glyph for each issue of one state, left of its line, and a word below its number."""
    marker, filled, colour = _STATE[state]
    for row in rows.to_dicts():
        ax.plot(
            [_LEFT],
            [row["y"]],
            marker,
            color=COLOURS[colour],
            markerfacecolor=COLOURS[colour] if filled else COLOURS["paper"],
            markeredgewidth=SIZES["ring"],
            transform=ax.get_yaxis_transform(),
        )
        reason = row["closed_reason"] or ""
        stack(
            ax,
            f"{state}, {reason}" if reason else state,
            (0, row["y"]),
            (-6, -_BELOW),
            across="right",
            down="center",
            of=("axes fraction", "data"),
            color=COLOURS["accent" if state == "open" else "soft"],
            fontsize=plt.rcParams["ytick.labelsize"],
        )
