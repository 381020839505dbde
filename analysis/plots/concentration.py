"""Draw how much of the dollars the dearest part has."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes

from analysis.measures.concentration import TOP
from analysis.plots.canvas import axes, legend, nothing, percent
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import share

_CURVES = {"sessions": ("read", "-"), "days": ("write", "--"), "projects": ("output", ":")}
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
            ax.plot(
                some["top"],
                some["share"],
                linestyle=style,
                color=COLOURS[colour],
                label=f"{name} of these logs",
            )
    ax.plot(
        [0, 1], [0, 1], color=COLOURS["muted"], linewidth=SIZES["rule"], label="if all cost alike"
    )
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
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax
