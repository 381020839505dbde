"""Draw how much of the dollars the dearest part has."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes

from analysis.measures.concentration import TOP
from analysis.plots.canvas import apart, axes, legend, nothing, percent, stack
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import share

_CURVES = {"sessions": ("read", "-"), "days": ("write", "--"), "projects": ("output", ":")}
_APART = 0.075  # of the height, from one name to the next
_SHOWN = 0.5  # of sessions, days, projects: where the curves are all but at their end


def plot_lorenz(frame: pl.DataFrame, published: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the share of dollars of the dearest sessions, days and projects.

    Parameters
    ----------
    frame
        `measures.concentration.lorenz`.
    published
        `measures.concentration.published`: of users.
    """
    ax = ax or axes()
    for name, (colour, style) in _CURVES.items():
        some = frame.filter(pl.col("unit") == name)
        if some.height:
            ax.plot(some["top"], some["share"], linestyle=style, color=COLOURS[colour])
    ax.plot([0, 1], [0, 1], color=COLOURS["muted"], linewidth=SIZES["rule"])
    _names(ax, frame)
    known = published.drop_nulls("share")
    has = [f"{share(r['top'], 0)} have {share(r['share'], 0)}" for r in known.to_dicts()]
    ax.plot(
        known["top"],
        known["share"],
        "D",
        color=COLOURS["accent"],
        label=f"users, {known['label'][0]}: {', '.join(has)}" if has else None,
        zorder=4,
    )
    ax.axvline(TOP, color=COLOURS["edge"], linewidth=SIZES["rule"])
    ax.set_xlim(0, _SHOWN)
    ax.set_ylim(0, 1)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(percent())
    ax.set_xlabel("dearest part of sessions, days, projects or users")
    ax.set_ylabel("share of list-price dollars")
    legend(ax, columns=1)
    nothing(ax, frame)
    return ax


def _names(ax: Axes, frame: pl.DataFrame) -> None:
    """Name curves and the diagonal right of the axes, where they end."""
    ends = [("if all cost alike", _SHOWN, "soft")]
    for name, (colour, _) in _CURVES.items():
        some = frame.filter(pl.col("unit") == name, pl.col("top") <= _SHOWN).sort("top")
        if some.height:
            ends.append((name, some["share"][-1], colour))
    ends.sort(key=lambda end: end[1])
    heights = apart([height for _, height, _ in ends], _APART)
    for (name, _, colour), height in zip(ends, heights, strict=True):
        place, of = (1, height), ("axes fraction", "data")
        stack(ax, name, place, (6, 0), across="left", down="center", of=of, color=COLOURS[colour])
