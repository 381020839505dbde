"""Draw what the log leaves out of the answers, and what that does to the cache's share."""

from __future__ import annotations

from typing import Any

import polars as pl
from matplotlib.axes import Axes

from analysis.measures.reconstruct import ALL
from analysis.plots.canvas import (
    axes,
    column_labels,
    nothing,
    percent,
    reference,
    row_labels,
    stack,
)
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import compact, ratio, share

_FROM = 0.7  # where the share's axis begins, unless a share is lower
_ROOM = 0.08  # below a dot, for its label
_CAP = 0.2  # half the width of a band's ends, wider than the dot
_OF = {"all": "{}", "model": "{}", "era": "versions {}", "evidence": "known {}"}
_APART = 0.012  # a shorter way from logged to reconstructed has no arrow


def plot_eras(frame: pl.DataFrame, printed: float, ax: Axes | None = None) -> Axes:
    """Draw the cache share of dollars by client-version era, as logged and reconstructed.

    Parameters
    ----------
    frame
        `measures.reconstruct.by_era`.
    printed
        The published share, as a line to compare with.
    """
    ax = ax or axes()
    reference(ax, printed, f"{share(printed)}\npublished")
    seen = [s for s in (*frame["share"], *frame["logged_share"], *frame["low"]) if s is not None]
    low = _FROM if min(seen, default=1) >= _FROM + _ROOM else 0.0
    for x, row in enumerate(frame.iter_rows(named=True)):
        if row["logged_share"] is None:
            text = "no price" if row["requests"] else "no requests"
            ax.annotate(text, (x, low + 0.005), ha="center", va="bottom", color=COLOURS["soft"])
        else:
            _era(ax, x, row, low)
    column_labels(ax, [_name(r["era"], r["requests"]) for r in frame.to_dicts()])
    if frame.height and frame["era"][-1] == ALL:
        ax.axvline(frame.height - 1.5, color=COLOURS["rule"], linewidth=SIZES["rule"])
    ax.set_xlim(-0.6, max(frame.height, 1) - 0.4)
    ax.set_ylim(low, 1.03)
    ax.set_yticks([0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1] if low else [0, 0.2, 0.4, 0.6, 0.8, 1])
    ax.yaxis.set_major_formatter(percent())
    ax.set_ylabel("cache share of list-price dollars")
    nothing(ax, frame)
    return ax


def _era(ax: Axes, x: float, row: dict[str, Any], bottom: float) -> None:
    """Draw one era: hollow as logged, filled with its band as reconstructed, an arrow between."""
    logged, true = row["logged_share"], row["share"]
    ring: dict[str, Any] = {
        "markersize": SIZES["dot"],
        "markeredgewidth": SIZES["ring"],
        "clip_on": False,
    }
    ax.plot(x, logged, "o", color=COLOURS["read"], markerfacecolor=COLOURS["paper"], **ring)
    if true is None:
        return
    if logged - true > _APART:
        arrow = {"arrowstyle": "->", "color": COLOURS["muted"], "shrinkA": 6, "shrinkB": 6}
        ax.annotate("", (x, true), (x, logged), arrowprops=arrow)
    ax.plot(x, true, "o", color=COLOURS["read"], **ring)
    ax.hlines((row["low"], row["high"]), x - _CAP, x + _CAP, color=COLOURS["read"])
    said, low = f"{share(true)}\n{ratio(row['ratio'])}", min(true, row["low"])
    if low > bottom + _ROOM:
        stack(ax, said, (x, low), (0, -9))
        if logged - true > _APART:
            ground = {"facecolor": COLOURS["paper"], "linewidth": 0, "pad": 1}
            text, soft = share(logged), COLOURS["soft"]  # the published line runs behind it
            stack(ax, text, (x, logged), (0, 8), down="bottom", color=soft, bbox=ground)
    else:
        stack(ax, said, (x, max(logged, true)), (0, 9), down="bottom")


def _name(era: str, requests: int) -> str:
    """Return an era's name on lines short enough for an axis of eight."""
    start, _, rest = era.replace(" to ", " to\u00a0").partition(" ")
    named = f"{start}\n{rest}" if rest else f"{start}\nversions"
    return f"{named}\nn = {compact(requests) if requests >= 1e4 else format(requests, ',')}"


def plot_errors(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how far predictions of final counts are off, by what was left out of learning.

    Parameters
    ----------
    frame
        `measures.learnt.validation`.
    """
    rows = frame.filter(pl.col("bias").is_not_null()).reverse()
    ax = ax or axes(rows=rows.height)
    ax.axvline(0, color=COLOURS["muted"], linewidth=SIZES["reference"])
    for y, row in enumerate(rows.iter_rows(named=True)):
        if (other := row["stranger_bias"]) is not None:
            ax.plot(other, y, "D", color=COLOURS["muted"], markerfacecolor=COLOURS["paper"])
        ax.plot(row["bias"], y, "o", color=COLOURS["read"])
    labels = [_OF[of].format(value) for of, value in rows.select("of", "value").rows()]
    row_labels(ax, labels, [of == "all" for of in rows["of"]])
    ax.margins(x=0.08)
    ax.set_ylim(-0.7, max(rows.height, 1) - 0.3)
    ax.xaxis.set_major_formatter(percent())
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.set_xlabel("predicted output tokens against counted ones")
    nothing(ax, rows)
    return ax
