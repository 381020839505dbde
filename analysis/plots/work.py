"""Draw what work is worth per dollar of list price."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from analysis.measures.work import ASSUMED, STUDIES, TEXT
from analysis.plots.canvas import axes, legend, nothing, stack
from analysis.plots.rows import names_above
from analysis.plots.value import just_worth_it
from analysis.report.theme import COLOURS, SIZES
from analysis.words.value import per_dollar
from analysis.words.work import LABELS

_BAND = 0.35
_FLOOR, _TOP = 0.1, 1e4  # dollars of work per dollar of price that the axis shows
_OFF = 0.3  # of a row, between the two ways of counting


def plot_worth(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the dollars of work that a dollar of list price spares, by kind of work.

    Parameters
    ----------
    frame
        `measures.work.worth`.
    """
    works = frame["work"].unique(maintain_order=True).to_list()
    labels = [LABELS[work] for work in works]
    ax = ax or axes(rows=2.5 * max(len(works), 1))
    ways = {
        TEXT: ("accent", "D", 0, "accent"),
        STUDIES: ("read", "o", _OFF, "read"),
        ASSUMED: ("ink", "s", 0, "paper"),
    }
    named: set[str] = set()
    for row in frame.to_dicts():
        colour, marker, off, inside = ways[row["hours_by"]]
        y = works.index(row["work"]) + off
        low, high = (min(max(row[end], _FLOOR), _TOP) for end in ("low", "high"))
        ax.plot([low, high], [y, y], color=COLOURS[colour], linewidth=SIZES["range"], alpha=_BAND)
        if row["low"] < _FLOOR:
            ax.plot(_FLOOR, y, "<", color=COLOURS[colour], clip_on=False)
        middle = min(max(row["middle"], _FLOOR), _TOP)
        name = "" if row["hours_by"] in named else f"by {row['hours_by']}"
        named.add(row["hours_by"])
        ax.plot(
            middle,
            y,
            marker,
            color=COLOURS[colour],
            markerfacecolor=COLOURS[inside],
            zorder=4,
            label=name,
        )
        stack(
            ax,
            per_dollar(row["middle"]),
            (1, y),
            (8, 0),
            across="left",
            down="center",
            of=("axes fraction", "data"),
            color=COLOURS[colour],
        )
    ax.set_xscale("log")
    ax.set_xlim(_FLOOR, _TOP)
    just_worth_it(ax)
    ax.set_ylim(max(len(works), 1) - 0.5, -0.7)
    names_above(ax, labels, [work == "review" for work in works])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: per_dollar(value)))
    ax.set_xlabel("dollars of work spared for a dollar of list price, log scale")
    legend(ax, columns=3)
    nothing(ax, frame)
    return ax
