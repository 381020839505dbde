"""Draw how much of the reader's bill is the prompt cache."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes

from analysis.measures.margin import YOU
from analysis.plots.canvas import (
    axes,
    column_labels,
    lines,
    nothing,
    percent,
    row_labels,
    stack,
)
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import compact, ratio, share

_ERAS_FROM = 0.7  # where the share's axis begins, unless a share is lower
_POSITIONS_FROM = 0.39  # likewise; the lowest published case
_POSITIONS_ROOM = 0.4  # of the axis, right of 100 %, for the last label


def plot_positions(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the reader's cache share of dollars among the published cases.

    Parameters
    ----------
    frame
        `measures.margin.positions`.
    """
    rows = frame.drop_nulls("low").reverse().with_row_index("y")
    ax = ax or axes(rows=rows.height * max(map(lines, rows["label"]), default=1))
    you = pl.col("case").is_in(YOU)
    ax.hlines(
        rows["y"], rows["low"], rows["high"], color=COLOURS["muted"], linewidth=SIZES["range"]
    )
    others, own = rows.filter(~you), rows.filter(you)
    ax.scatter(others["point"], others["y"], color=COLOURS["read"], zorder=3)
    ax.scatter(own["point"], own["y"], color=COLOURS["accent"], marker="D", zorder=4)
    for row in rows.iter_rows(named=True):
        one = f"{100 * row['high']:.1f}"
        text = one if row["high"] - row["low"] < 0.0005 else f"{100 * row['low']:.1f} to {one}"
        ax.annotate(
            f"{text} %",
            (row["high"], row["y"]),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            color=COLOURS["accent" if row["case"] in YOU else "ink"],
        )
    row_labels(ax, rows["label"].to_list(), [case in YOU for case in rows["case"]])
    low = min(_POSITIONS_FROM, *rows["low"], 1.0)
    left = low - 0.05
    ax.set_xlim(left, 1 + _POSITIONS_ROOM * (1 - left))
    ax.set_ylim(-0.7, max(rows.height, 1) - 0.3)
    ax.set_xticks([tick for tick in (0, 0.2, 0.4, 0.6, 0.8, 1) if tick >= low])
    ax.xaxis.set_major_formatter(percent())
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.set_xlabel("cache reads and writes, share of list-price dollars")
    nothing(ax, frame)
    return ax


def plot_eras(frame: pl.DataFrame, printed: float, ax: Axes | None = None) -> Axes:
    """Draw the logged cache share of dollars by client-version era.

    Parameters
    ----------
    frame
        `measures.margin.by_era`.
    printed
        The published share, as a line to compare with.
    """
    ax = ax or axes()
    ax.axhline(printed, color=COLOURS["accent"], linewidth=SIZES["reference"], linestyle="--")
    stack(
        ax,
        f"{share(printed)}\npublished",
        (1, printed),
        (5, 0),
        across="left",
        down="center",
        of=("axes fraction", "data"),
        color=COLOURS["accent"],
    )
    room = 0.1  # below a dot, for its label
    lowest = min([_ERAS_FROM + room, *frame["share"].drop_nulls()]) - room
    low = _ERAS_FROM if lowest >= _ERAS_FROM else 0.0
    for x, row in enumerate(frame.iter_rows(named=True)):
        if row["share"] is None:
            text = "no price" if row["requests"] else "no requests"
            ax.annotate(text, (x, low + 0.005), ha="center", va="bottom", color=COLOURS["soft"])
            continue
        _dot(ax, x, row, above=row["share"] > printed or row["share"] < low + room)
    column_labels(ax, [_era_name(r["era"], r["requests"]) for r in frame.to_dicts()])
    ax.set_xlim(-0.6, max(frame.height, 1) - 0.4)
    ax.set_ylim(low, 1.07 if max([0, *frame["share"].drop_nulls()]) > printed else 1.01)
    ax.set_yticks([0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1] if low else [0, 0.2, 0.4, 0.6, 0.8, 1])
    ax.yaxis.set_major_formatter(percent())
    ax.set_ylabel("cache share of list-price dollars, as logged")
    nothing(ax, frame)
    return ax


def _dot(ax: Axes, x: float, row: dict[str, float], *, above: bool) -> None:
    """Draw one era's share: filled, hollow or grey by what its counts are."""
    colour = COLOURS["muted" if row["final"] is None else "read"]
    ax.plot(
        x,
        row["share"],
        "o",
        markersize=SIZES["dot"],
        markeredgewidth=SIZES["ring"],
        color=colour,
        markerfacecolor=colour if row["final"] else COLOURS["paper"],
        clip_on=False,
    )
    text = f"{share(row['share'])}\n{ratio(row['ratio'])}"
    offset, edge = (8, "bottom") if above else (-10, "top")
    stack(ax, text, (x, row["share"]), (0, offset), down=edge)


def _era_name(era: str, requests: int) -> str:
    """Return an era's name on lines short enough for an axis of seven."""
    start, _, rest = era.replace(" to ", " to\u00a0").partition(" ")
    n = compact(requests) if requests >= 1e4 else f"{requests:,}"
    return f"{start}\n{rest}\nn = {n}"
