"""Draw what partners put in against what was committed in return."""

from __future__ import annotations

from typing import Any

import polars as pl
from matplotlib.axes import Axes

from analysis.plots.canvas import axes, legend, lines, nothing, percent, row_labels, stack
from analysis.report.theme import COLOURS, SIZES

_BAR = 0.36  # of a row
_SIDES = {"invested": ("muted", 0.2, "invested"), "committed": ("accent", -0.2, "committed")}
#: Amounts that are not what will certainly be paid are hatched.
_SURE = ("stated", "more than")
_LINES = {"text": "-", "lower": "--"}


def plot_commitments(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw paired bars by partner; hatched what is at most or estimated, a gap what is unknown.

    Parameters
    ----------
    frame
        `measures.funding.partners`.
    """
    rows = frame.reverse().with_row_index("y")
    labels = [row_name(row) for row in rows.to_dicts()]
    ax = ax or axes(rows=2 * max(sum(map(lines, labels)), 1))
    most = max([1.0, *rows["committed_usd"].drop_nulls(), *rows["invested_usd"].drop_nulls()])
    for row in rows.to_dicts():
        for side, (colour, lift, _) in _SIDES.items():
            _bar(ax, row, side, COLOURS[colour], row["y"] + lift, most)
    for colour, _, name in _SIDES.values():
        if rows.height:
            ax.barh(0, 0, color=COLOURS[colour], label=name)
    if rows.height:
        empty = ax.barh(0, 0, edgecolor=COLOURS["soft"], hatch="///", fill=False)
        empty.set_label("at most, estimated or reported")
    row_labels(ax, labels, [row["name_restored"] == "yes" for row in rows.to_dicts()])
    ax.set_xlim(0, 1.5 * most / 1e9)
    ax.set_ylim(-0.7, max(rows.height, 1) - 0.3)
    ax.locator_params(axis="x", nbins=5)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.set_xlabel("billions of dollars")
    legend(ax, columns=3)
    nothing(ax, rows)
    return ax


def row_name(row: dict[str, Any]) -> str:
    """Name a row: the partner, and whether it is of the text.

    Examples
    --------
    >>> row_name({"partner": "Google", "name_restored": "yes", "state": "text"})
    'Google (name restored)'
    """
    if row["state"] != "text":
        return f"{row['partner']}, after the text"
    return f"{row['partner']} (name restored)" if row["name_restored"] == "yes" else row["partner"]


def _bar(ax: Axes, row: dict[str, Any], side: str, colour: str, y: float, most: float) -> None:
    amount, kind = row[f"{side}_usd"], row[f"{side}_is"]
    if amount is None:
        text = f"no dollars stated: {row['commitment']}"
        stack(ax, text, (0, y), (5, 0), across="left", down="center", color=COLOURS["soft"])
        return
    sure = kind in _SURE
    face, edge = (colour, "none") if sure else ("none", colour)
    ax.barh(
        y,
        amount / 1e9,
        _BAR,
        facecolor=face,
        edgecolor=edge,
        hatch=None if sure else "///",
        linewidth=SIZES["rule"],
    )
    name = "" if kind == "stated" else f", {kind}"
    low = row["committed_low_usd"] if side == "committed" else None
    if low is not None:
        ax.vlines(low / 1e9, y - _BAR / 2, y + _BAR / 2, color=COLOURS["ink"])
    times = ""
    if side == "committed" and row["ratio"] is not None:
        times = f": {row['ratio']:.1f}×"
        times += f" (or {low / 1e9:,.0f}: {row['low_ratio']:.1f}×)" if low is not None else ""
    text = f"{amount / 1e9:,.0f}{name}{times}"
    place = (amount / 1e9, y)
    stack(ax, text, place, (5, 0), across="left", down="center", color=COLOURS["ink"])


def plot_recovery(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the gross margin that repays an investment by the part of the commitment paid.

    Parameters
    ----------
    frame
        `measures.funding.recovery`.
    """
    ax = ax or axes()
    colours = {"Microsoft": "ink", "Nvidia": "accent"}
    keys = frame.select("partner", "estimate").unique(maintain_order=True).rows()
    for partner, estimate in keys:
        line = frame.filter(pl.col("partner") == partner, pl.col("estimate") == estimate)
        line = line.filter(pl.col("margin") <= 1).sort("paid")
        if line.is_empty():
            continue
        colour = COLOURS[colours.get(partner, "muted")]
        name = partner if estimate == "text" else f"{partner}, lower estimate"
        last = line.row(-1, named=True)
        place, text = (last["paid"], last["margin"]), f"{100 * last['margin']:.1f} %"
        ax.plot(line["paid"], line["margin"], _LINES[estimate], color=colour)
        # named where it begins: on a narrow screen its end is out of sight
        start = (line["paid"][0], line["margin"][0])
        stack(ax, name, start, (-6, -2), across="right", color=colour)
        ax.plot(*place, "o", color=colour, markersize=SIZES["dot"])
        stack(ax, text, place, (9, 0), across="left", down="center", color=colour)
    ax.set_xlim(0, 1.13)
    ax.set_ylim(0, 1)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(percent())
    ax.grid(visible=True, axis="x")
    ax.set_xlabel("part of the commitment that is paid")
    ax.set_ylabel("gross margin that repays it")
    nothing(ax, frame)
    return ax
