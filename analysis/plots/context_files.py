"""Draw what context files did in a published study."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes

from analysis.plots.canvas import axes, band, legend, nothing, stack
from analysis.report.theme import COLOURS, SIZES

#: Who wrote the file: how it is drawn, and how it is called.
_BY = {"model": ("accent", "s", "written by a model"), "people": ("ink", "o", "written by people")}
_LEFT, _RIGHT, _LOW, _TOP = -20.5, 37.0, -18.6, 15.0
_BREAK = (-5.4, -3.0)  # across: left of it no axis holds
_STRIP = (-17.6, -9.2)  # across: where points without a published cost stand
_FLOOR, _LID = -17.4, -12.4  # down: where points without a published success stand
_OPEN = 3.0  # how far the arrow of an open end reaches
_REACHES = {"wide_points": "reference", "narrow_points": "range"}
#: On which side of a mean its name stands, and how far from it, in points.
_NAMES = {"model-lite": ("right", -19, -15), "people-agentbench": ("right", -19, 16)}
#: Named below, where a neighbour's name is above: how far, in points (past the arrow's end).
_BELOW = {"model-no-docs": -8, "people-sonnet": -26}
_BRIEF = {
    "Claude Code with Sonnet 4.5": "Sonnet 4.5",
    "Codex with GPT-5.2": "GPT-5.2",
    "Codex with GPT-5.1 mini": "5.1 mini",
    "Qwen Code with Qwen3-30B-Coder": "Qwen3",
}


def plot_effects(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw change of success against change of cost; what has but one of them, in a strip.

    Parameters
    ----------
    frame
        `measures.context_files.effects`.
    """
    ax = ax or axes()
    band(ax, (_LEFT, _BREAK[0]), _LID, _TOP, color=COLOURS["rule"])
    band(ax, (_BREAK[1], _RIGHT), _LOW, _LID, color=COLOURS["rule"])
    _zeros(ax)
    rows = _placed(frame.filter(pl.col("half") != "both"))
    for by, (colour, marker, name) in _BY.items():
        style: dict[str, Any] = {
            "color": COLOURS[colour],
            "marker": marker,
            "markersize": SIZES["dot"],
        }
        some = rows.filter(pl.col("written_by") == by).to_dicts()
        for row in some:
            _point(ax, row, style)
        if some:
            ax.plot([], [], linestyle="none", label=name, **style)
    soft: dict[str, Any] = {"color": COLOURS["soft"], "across": "left"}
    stack(ax, "cost not\npublished", (_LEFT + 0.3, _TOP), (0, -4), **soft)
    stack(ax, "success not\npublished", (_LEFT + 0.3, _FLOOR), (0, 0), down="center", **soft)
    ax.set_xlim(_LEFT, _RIGHT)
    ax.set_ylim(_LOW, _TOP)
    ax.set_xticks(range(0, 31, 10), ["0", "+10 %", "+20 %", "+30 %"])
    ax.set_yticks(range(-10, 11, 5), ["−10", "−5", "0", "+5", "+10"])
    ax.grid(visible=False)
    ax.set_xlabel("change of cost with a file (left of the break: not published)")
    ax.set_ylabel("change of success, percentage points")
    legend(ax, columns=2)
    nothing(ax, rows)
    return ax


def _zeros(ax: Axes) -> None:
    """Draw no change of either; the axis of cost ends at the break, left of which is no cost."""
    rule: dict[str, Any] = {"color": COLOURS["muted"], "linewidth": SIZES["rule"]}
    ax.vlines(0, _LID, _TOP, **rule)
    ax.hlines([0, 0], [_LEFT, _BREAK[1]], [_BREAK[0], _RIGHT], **rule)
    ax.spines["bottom"].set_bounds(_BREAK[1], _RIGHT)
    for end in _BREAK:
        stack(ax, "/", (end, 0), (0, 0), down="center", color=COLOURS["soft"])


def _placed(frame: pl.DataFrame) -> pl.DataFrame:
    """Give each effect its place: what has no cost stands in the strip, by success."""
    away = pl.col("cost_percent").is_null()
    number = pl.col("success_points").rank("ordinal").over(away) - 1
    spots = np.linspace(*_STRIP, max(frame.filter(away).height, 2))
    step = float(spots[1] - spots[0])
    return frame.with_columns(
        across=pl.when(away).then(_STRIP[0] + number * step).otherwise("cost_percent"),
        up=pl.col("success_points").fill_null(_FLOOR),
    )


def _point(ax: Axes, row: dict[str, Any], style: dict[str, Any]) -> None:
    """Draw one effect with its reach, its open ends and its name."""
    place, colour = (row["across"], row["up"]), style["color"]
    if row["cost_percent"] is not None:
        for reach, width in _REACHES.items():
            if row[reach] is not None:
                ends = (row["up"] - row[reach], row["up"] + row[reach])
                ax.vlines(row["across"], *ends, color=colour, linewidth=SIZES[width])
    for known, open_, (right, up) in (
        ("cost_high_percent", "cost_low_percent", (-_OPEN, 0)),
        ("success_high_points", "success_low_points", (0, -_OPEN)),
    ):
        if row[known] is not None and row[open_] is None:
            to, arrow = (place[0] + right, place[1] + up), {"arrowstyle": "->", "color": colour}
            ax.annotate("", to, place, arrowprops=arrow)
    ax.plot(*place, **style)
    if row["agent"] or row["tasks"] is None:
        what = "cost" if row["success_high_points"] is None else "success"
        brief = _BRIEF.get(row["agent"] or "")
        text = f"{brief}\n{what}" if brief else "other docs\nremoved"
        below = _BELOW.get(row["effect"])
        edge, lift = ("bottom", 7) if below is None else ("top", below)
        stack(ax, text, place, (0, lift), down=edge, color=colour)
    else:
        side, *offset = _NAMES.get(row["effect"], ("left", 9, 0))
        text = f"{row['half']}\n{row['tasks']} tasks"
        stack(ax, text, place, (offset[0], offset[1]), across=side, down="center", color=colour)
