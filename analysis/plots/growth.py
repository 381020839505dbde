"""Draw how the prompt grows along a session."""

from __future__ import annotations

import matplotlib.pyplot as plt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.measures.shapes import WIDTH
from analysis.plots.canvas import axes, band, legend, nothing, stack
from analysis.plots.ticks import Even
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import compact

_WIDE, _NARROW = 0.18, 0.3  # opacity of the bands of 80 and of 50 %
_TICKS = 6  # on the axis of requests, at most
_ENDS = (1.0, 2.0)  # exponents of a prompt that does not grow, and of one that begins at nothing


def plot_fan(frame: pl.DataFrame, cuts: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the spread of prompts by request number, and where compactions stand.

    Parameters
    ----------
    frame
        `measures.growth.fan`.
    cuts
        `measures.growth.compactions`.
    """
    ax = ax or axes()
    number, blue = frame["number"], COLOURS["read"]
    for low, high, opacity, name in (
        ("p10", "p90", _WIDE, "80 % of chains"),
        ("p25", "p75", _NARROW, "half of them"),
    ):
        band(ax, number, frame[low], frame[high], color=blue, alpha=opacity, label=name)
    ax.plot(number, frame["median"], color=blue, label="median", marker="o" * (frame.height == 1))
    last = max([1, *number])
    seen = cuts.filter(pl.col("number") <= last)
    if seen.height:
        ax.plot(
            seen["number"],
            seen["tokens"],
            linestyle="none",
            marker="v",
            color=COLOURS["accent"],
            label="compaction",
        )
    ax.set_xlim(0.5, last + 0.5)
    ax.set_ylim(0, 1.08 * max([1, *frame["p90"], *seen["tokens"]]))
    ax.yaxis.set_major_formatter(Even())
    ax.set_ylabel("tokens of the prompt")
    _alive(ax, frame, last)
    legend(ax, columns=4)
    nothing(ax, frame)
    return ax


def _alive(ax: Axes, frame: pl.DataFrame, last: int) -> None:
    """Label requests, and below them how many chains get there."""
    alive = dict(frame.select("number", "chains").rows())
    wanted = MaxNLocator(_TICKS - 1, integer=True).tick_values(0, last)
    ticks = [1, *(int(t) for t in wanted if last / _TICKS / 2 < t <= last and t > 1)]
    ticks = [t for t in ticks if t in alive]
    ax.set_xticks(ticks, [""] * len(ticks))
    size = plt.rcParams["xtick.labelsize"]
    for tick in ticks:
        text = f"{tick:,}\nn = {compact(alive[tick])}"
        place = (tick, 0.0)
        of = ("data", "axes fraction")
        stack(ax, text, place, (0, -8), of=of, color=COLOURS["soft"], fontsize=size)
    ax.set_xlabel("request of the session; n: chains that get there", labelpad=34)


def plot_exponents(frame: pl.DataFrame, median: float | None, ax: Axes | None = None) -> Axes:
    """Draw how many stretches add up reads with which exponent.

    Parameters
    ----------
    frame
        `measures.shapes.spread`: counts by exponent.
    median
        Of the exponents.
    """
    ax = ax or axes()

    ax.bar(frame["exponent"], frame["stretches"], WIDTH, color=COLOURS["read"], align="edge")
    top = max([1, *frame["stretches"]])
    names = ("1: a prompt that\ndoes not grow", "2: a line that\nbegins at nothing")
    for at, name, across in zip(_ENDS, names, ("left", "right"), strict=True):
        ax.axvline(at, color=COLOURS["muted"], linewidth=SIZES["reference"], linestyle="--")
        offset = 5 if across == "left" else -5
        stack(ax, name, (at, 1.3 * top), (offset, 0), across=across, color=COLOURS["soft"])
    if median is not None:
        ax.axvline(median, color=COLOURS["accent"], linewidth=SIZES["reference"])
        text = f"median {median:.2f}"
        ax.annotate(
            text,
            (median, 1.06 * top),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=COLOURS["accent"],
        )
    ends = [*_ENDS, *frame["exponent"], *(e + WIDTH for e in frame["exponent"])]
    ax.set_xlim(min(ends) - 0.1, max(ends) + 0.1)
    ax.set_ylim(0, 1.33 * top)
    ax.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    ax.set_xlabel("exponent of cumulative reads by request number, per stretch")
    ax.set_ylabel("stretches")
    nothing(ax, frame)
    return ax
