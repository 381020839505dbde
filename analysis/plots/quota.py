"""Draw what is published of a subscription's quota."""

from __future__ import annotations

import datetime as dt

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from analysis.plots.canvas import axes, legend, lines, nothing, row_labels, stack
from analysis.plots.rows import SNUG, names_above
from analysis.report.theme import COLOURS, SIZES
from analysis.words.pricing import times
from analysis.words.quota_labels import dated, multiple, plan_row

#: Per what a spread is: its colour and marker, and its name.
_PER = {
    "hour": ("input", "s", "points an hour, nights included"),
    "token": ("read", "o", "tokens a point: would show a rule that changes"),
}
#: How a weight is known: marker, whether hollow, and its name.
_KNOWN = {
    "no": ("o", False, "read off response headers"),
    "yes": ("o", True, "inferred from usage"),
    "rule": ("D", False, "Anthropic's rule elsewhere: API, Projects of claude.ai"),
}
_OVER_NAME = 0.25  # of a row, from a row down to between the name below and its own mark


def plot_plans(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each plan's stated multiple against that of the guidance for it.

    Parameters
    ----------
    frame
        `measures.quota.multiples`.
    """
    rows = frame.reverse().with_row_index("y")
    labels = [plan_row(row) for row in rows.to_dicts()]
    ax = ax or axes(rows=sum(map(lines, labels)))
    ends = rows.with_columns(high=pl.coalesce("high", "low"))
    for name in ("low", "high"):
        ax.hlines(
            ends["y"], ends[name], ends["stated"], color=COLOURS["rule"], linewidth=SIZES["span"]
        )
    ax.plot(
        ends["stated"],
        ends["y"],
        "|",
        color=COLOURS["accent"],
        markersize=SIZES["dot"],
        markeredgewidth=SIZES["ring"],
        label="multiple as sold",
    )
    for name in ("low", "high"):
        label = "by the guidance" if name == "low" else None
        ax.plot(ends[name], ends["y"], "o", color=COLOURS["read"], label=label)
    for y, low, high, stated in ends.select("y", "low", "high", "stated").iter_rows():
        text = times(low) if low == high else f"{times(min(low, high))} to {times(max(low, high))}"
        ax.annotate(
            text,
            (max(low, high, stated), y),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
        )
    row_labels(ax, labels, [False] * rows.height)
    ax.set_xlim(0, max([10, *ends["stated"]]) * 1.2)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: times(value)))
    ax.set_ylim(-0.7, max(rows.height, 1) - 0.3)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.set_xlabel("multiple of Pro, or of the plan that is named")
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax


def plot_spreads(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each published spread on a log axis, and what is printed of it.

    Parameters
    ----------
    frame
        `measures.quota_spreads.spreads`.
    """
    rows = frame.reverse().with_row_index("y")
    labels = rows["label"].to_list()
    ax = ax or axes(rows=SNUG * rows.height + 1)
    for per, (colour, marker, name) in _PER.items():
        part = rows.filter(pl.col("per") == per)
        ax.hlines(part["y"], 1, part["spread"], color=COLOURS["rule"], linewidth=SIZES["span"])
        ax.scatter(
            part["spread"], part["y"], color=COLOURS[colour], marker=marker, label=name, zorder=3
        )
    told = rows.drop_nulls("printed")
    ax.scatter(
        told["printed"],
        told["y"],
        facecolors=COLOURS["paper"],
        edgecolors=COLOURS["accent"],
        linewidths=SIZES["ring"],
        marker="D",
        label="as printed",
        zorder=2,
    )
    for y, spread in rows.select("y", "spread").iter_rows():
        ax.annotate(
            multiple(spread),
            (spread, y),
            xytext=(12, 0),
            textcoords="offset points",
            va="center",
        )
    names_above(ax, labels)
    ax.set_xscale("log")
    ax.set_xlim(0.9, 6e4)
    ax.set_xticks([1, 10, 100, 1000, 10_000], ["1×", "10×", "100×", "1,000×", "10,000×"])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_ylim(-0.5, max(rows.height, 1) - 0.2)
    ax.set_xlabel("largest rate over smallest, log scale")
    legend(ax, columns=1)
    nothing(ax, frame)
    return ax


def plot_weights(frame: pl.DataFrame, published: dt.date, ax: Axes | None = None) -> Axes:
    """Draw every public figure of a read's weight, a row each, by day.

    Parameters
    ----------
    frame
        `measures.quota_weights.weights`.
    published
        Day of the write-up.
    """
    rows = frame.reverse().with_row_index("y")
    labels = [dated(row) for row in rows.to_dicts()]
    ax = ax or axes(rows=SNUG * rows.height + 1)
    for known, (marker, hollow, name) in _KNOWN.items():
        part = rows.filter(pl.col("known") == known, pl.col("weight").is_not_null())
        ax.scatter(
            part["weight"],
            part["y"],
            facecolors=COLOURS["paper" if hollow else "read"],
            edgecolors=COLOURS["read"],
            linewidths=SIZES["ring"],
            marker=marker,
            label=name,
            clip_on=False,
            zorder=3,
        )
    asserted = pl.col("known") == "asserted"
    for (y,) in rows.filter(asserted).select("y").iter_rows():
        ax.annotate("asserted, no number", (0, y), va="center")
    ax.hlines(
        rows.filter(pl.col("weight").is_null(), ~asserted)["y"],
        0,
        1,
        color=COLOURS["muted"],
        linewidth=SIZES["span"],
        linestyle=":",
        label="cannot tell",
    )
    later = rows.filter(pl.col("day") > published)
    if later.height:
        line = later.height - _OVER_NAME
        ax.axhline(line, color=COLOURS["accent"], linewidth=SIZES["reference"], linestyle="--")
        stack(
            ax,
            "the write-up: “counts fully”",
            (1, line),
            (0, -3),
            across="right",
            down="top",
            of=("axes fraction", "data"),
            color=COLOURS["accent"],
        )
    names_above(ax, labels, [row["known"] == "no" for row in rows.to_dicts()])
    ax.set_xlim(-0.04, 1.04)
    ax.set_xticks([0, 0.1, 0.5, 1], ["0\nfree", "0.1", "0.5", "1\nin full"])
    ax.set_ylim(-0.5, max(rows.height, 1) - 0.2)
    ax.set_xlabel("weight of a cache read, an input token being one")
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax
