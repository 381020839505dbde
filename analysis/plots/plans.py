"""Draw what line-ups leave the firm and its users, less today's."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from analysis.measures.redesign import PROPOSAL
from analysis.plots.canvas import axes, legend, nothing
from analysis.plots.rows import TALL, names_above
from analysis.report.theme import COLOURS, SIZES
from analysis.words.line_ups import dollars

#: What is drawn of each line-up: the column, how it is called, its colour, its mark, its height.
_MARKS = (
    ("more", "the firm's profit", "ink", "o", -0.08),
    ("gain", "what users are left", "read", "D", 0.16),
)
_BELOW = 0.8  # rows below the last one
_SMALL = 0.7  # of a dot


def plot_plans(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw profit and what users are left, less today's, with the noise of who was simulated.

    Parameters
    ----------
    frame
        `measures.plans.plans`.
    """
    rows = frame.drop_nulls(["more_usd", "gain_usd"])
    ax = ax or axes(rows=TALL * rows.height)
    ax.axvline(0, color=COLOURS["edge"], linewidth=SIZES["rule"])
    for name, label, colour, mark, lower in _MARKS if rows.height else ():
        y = [place + lower for place in range(rows.height)]
        noise = rows[f"{name}_noise"].fill_null(0)
        ax.hlines(
            y,
            rows[f"{name}_usd"] - noise,
            rows[f"{name}_usd"] + noise,
            color=COLOURS[colour],
            linewidth=SIZES["span"],
        )
        size = SIZES["dot"] * _SMALL
        ax.plot(rows[f"{name}_usd"], y, mark, color=COLOURS[colour], markersize=size, label=label)
    marked = [line_up == PROPOSAL for line_up in rows["line_up"]]
    names_above(ax, rows["label"].to_list(), marked)
    ax.set_ylim(max(rows.height, 1) - 1 + _BELOW, -_BELOW)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: dollars(value)))
    ax.set_xlabel("dollars a user and month, less today's; simulated")
    legend(ax, columns=2)
    nothing(ax, rows)
    return ax
