"""Draw who gains and loses by a line-up, and how steady bills are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.measures.redesign import PROPOSAL, TODAY
from analysis.plots.canvas import (
    axes,
    column_labels,
    nothing,
    percent,
    row_labels,
    stack,
    wrapped,
)
from analysis.plots.rows import TALL, names_above
from analysis.report.theme import COLOURS, SIZES
from analysis.words.line_ups import dollars, off

_FAINTEST = 0.12
_STRONGEST = 0.55
_NARROW = 11  # letters of a column's label


#: How the line of a line-up is drawn: those that stand out, then the others.
_MAIN = {TODAY: "-", "overage": "--", "degrade": "-", "metered": ":", PROPOSAL: "-"}
_OTHER = {"knowledge": "-.", "base": ":", "tier": "--"}


def stands_out(line_up: str) -> bool:
    """Tell whether a line-up is one of those that a figure is about."""
    return line_up in _MAIN


def look(line_up: str) -> dict[str, Any]:
    """Return how the line of a line-up is drawn, the same in every figure.

    >>> look("degrade")["linestyle"], look("base")["linestyle"]
    ('-', ':')
    """
    main = stands_out(line_up)
    colour = "accent" if line_up == PROPOSAL else "ink" if main else "muted"
    return {
        "color": COLOURS[colour],
        "linewidth": SIZES["reference" if main else "rule"],
        "linestyle": (_MAIN if main else _OTHER).get(line_up, "-"),
    }


def name_beside(
    ax: Axes, text: str, path: Sequence[tuple[float, float]], height: float, colour: str
) -> None:
    """Write a line-up's name right of the axes, with a thin line to it.

    Parameters
    ----------
    path
        Where the thin line comes from, in parts of the axes.
    height
        Where the name stands, in the same; see `canvas.apart`.
    """
    xs, ys = zip(*path, (1.03, height), strict=True)
    ax.plot(
        xs,
        ys,
        color=COLOURS["edge"],
        linewidth=SIZES["rule"],
        transform=ax.transAxes,
        clip_on=False,
        zorder=1,
    )
    beside = ("axes fraction", "axes fraction")
    stack(ax, text, (1.03, height), (4, 0), across="left", down="center", of=beside, color=colour)


def plot_personas(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what each persona gains or loses by each line-up, a cell each.

    Parameters
    ----------
    frame
        `measures.simulation.gains`: `line_up`, `label`, `persona_label`, `gain_usd`, `gain_noise`.
    """
    rows = frame["label"].unique(maintain_order=True).to_list()
    columns = frame["persona_label"].unique(maintain_order=True).to_list()
    ax = ax or axes(rows=2 * max(len(rows), 1) + 1)
    most = max([1.0, *frame["gain_usd"].abs()])
    for cell in frame.to_dicts():
        x, y = columns.index(cell["persona_label"]), rows.index(cell["label"])
        gain = cell["gain_usd"]
        depth = _FAINTEST + (_STRONGEST - _FAINTEST) * (abs(gain) / most) ** 0.5
        colour = COLOURS["read" if gain > 0 else "write"]
        alpha = depth if abs(gain) >= 0.5 else 0
        box = Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, facecolor=colour, alpha=alpha)
        box.set_linewidth(0)
        ax.add_patch(box)
        said = (dollars(gain) + off(cell["gain_noise"])).replace("\n", " ")
        stack(ax, said, (x, y), (0, 0), down="center", color=COLOURS["ink"])
    ax.set_xlim(-0.5, max(len(columns), 1) - 0.5)
    ax.set_ylim(max(len(rows), 1) - 0.5, -0.5)
    marked = frame.unique("label", maintain_order=True)["line_up"].to_list()
    row_labels(ax, rows, [line_up == PROPOSAL for line_up in marked])
    column_labels(ax, [wrapped(c, _NARROW) for c in columns])
    ax.grid(visible=False)
    nothing(ax, frame)
    return ax


def plot_bills(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how many months have a bill near the user's mean, by line-up.

    Parameters
    ----------
    frame
        `measures.outcomes.outcomes`, the steadiest first.
    """
    rows = frame.to_dicts()
    ax = ax or axes(rows=TALL * len(rows))
    for y, row in enumerate(rows):
        if row["steady_months"] is None:
            continue
        stands_out = row["line_up"] in (TODAY, PROPOSAL)
        colour = COLOURS[
            "accent" if row["line_up"] == PROPOSAL else "ink" if stands_out else "muted"
        ]
        ax.plot((0, row["steady_months"]), (y, y), color=colour, linewidth=SIZES["span"])
        ax.plot(row["steady_months"], y, "o", color=colour, markersize=SIZES["dot"])
        text = f"{100 * row['bill_spread']:.0f} %" if row["bill_spread"] is not None else "no bill"
        where, of = (1, y), ("axes fraction", "data")
        stack(ax, text, where, (8, 0), across="left", down="center", of=of, color=COLOURS["soft"])
    if rows:
        stack(
            ax,
            "varies by",
            (1, 1),
            (8, 4),
            across="left",
            down="bottom",
            of=("axes fraction", "axes fraction"),
            color=COLOURS["soft"],
        )
    names_above(ax, [r["label"] for r in rows], [r["line_up"] == PROPOSAL for r in rows])
    ax.set_xlim(0, 1.02)
    ax.set_ylim(max(len(rows), 1) - 0.5, -0.8)
    ax.xaxis.set_major_formatter(percent())
    ax.set_xlabel("months whose bill is within a tenth of the user's mean")
    nothing(ax, frame)
    return ax
