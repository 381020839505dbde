"""Draw what a cached token costs."""

from __future__ import annotations

from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from analysis.plots.canvas import axes, cleared, legend, lines, nothing, row_labels, stack
from analysis.plots.rows import SNUG, names_above
from analysis.plots.ticks import decades
from analysis.report.theme import COLOURS, SIZES
from analysis.words.pricing import reads, row_name, times, usual

#: A class of tokens: how it is drawn, and where a label stands beside it.
_MARKS = {
    "read": ("read", "o", "cache read", "left"),
    "write_5m": ("write", "s", "write kept 5 minutes", "right"),
    "write_1h": ("write", "D", "write kept 1 hour", "left"),
}
_TICKS = (0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_LINES = {"5m": ("write", "-", "kept 5 minutes"), "1h": ("write", "--", "kept 1 hour")}
_ROOM = 1.21  # times the last read: where the axis ends, beyond what names the lines
_END: dict[str, Any] = {"offset": (6, 0), "across": "left", "down": "center"}


def plot_multiples(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the multiples of the base input price; label those that are not the usual ones.

    Parameters
    ----------
    frame
        `measures.pricing.multiples`.
    """
    rows = frame.reverse().with_row_index("y")
    labels = [row_name(row) for row in rows.to_dicts()]
    ax = ax or axes(rows=SNUG * rows.height)
    ax.axvline(1, color=COLOURS["input"], linewidth=SIZES["reference"], linestyle="--")
    for part, (colour, marker, name, side) in _MARKS.items():
        values = rows[f"{part}_multiple"]
        most = usual(values) if rows.height else None
        flat = rows.filter(pl.col("above") == 0)
        long = rows.filter(pl.col("above") > 0)
        ax.scatter(
            flat[f"{part}_multiple"], flat["y"], color=COLOURS[colour], marker=marker, label=name
        )
        ax.scatter(
            long[f"{part}_multiple"],
            long["y"],
            facecolors=COLOURS["paper"],
            edgecolors=COLOURS[colour],
            linewidths=SIZES["ring"],
            marker=marker,
        )
        for y, value in zip(rows["y"], values, strict=True):
            if value != most:
                above = side == "right" and value < most  # left of it is the line at one
                ax.annotate(
                    times(value),
                    (value, y),
                    xytext=(0, 6) if above else (8 if side == "left" else -8, 0),
                    textcoords="offset points",
                    ha="center" if above else side,
                    va="bottom" if above else "center",
                    color=COLOURS[colour],
                    bbox=cleared(),
                )
    names_above(ax, labels)
    ax.set_xscale("log")
    ax.set_xlim(0.016, 20)
    ax.set_xticks(_TICKS, [f"{tick:g}" for tick in _TICKS])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_ylim(-0.5, max(rows.height, 1) - 0.2)
    ax.set_xlabel("multiple of the base input price, log scale")
    legend(ax, columns=3)
    nothing(ax, frame)
    return ax


def plot_costs(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what a written token and its reads cost against sending it uncached each time.

    Parameters
    ----------
    frame
        `measures.pricing.costs`.
    """
    ax = ax or axes()
    last = max([1, *frame["reads"]])
    ax.hlines(1, 0, last, COLOURS["input"], linewidth=SIZES["reference"], linestyle="--")
    for lifetime, (colour, dash, name) in _LINES.items():
        rows = frame.filter(pl.col("lifetime") == lifetime)
        if not rows.height:
            continue
        ax.fill_between(
            rows["reads"],
            rows["low"],
            rows["high"],
            color=COLOURS["rule"],
            linewidth=SIZES["rule"],
        )
        ax.plot(rows["reads"], rows["usual"], color=COLOURS[colour], linestyle=dash)
        stack(ax, name, (rows["reads"][-1], rows["usual"][-1]), color=COLOURS[colour], **_END)
        even = rows["even"][0]
        ax.plot(even, 1, "o", color=COLOURS[colour], markersize=SIZES["dot"])
        below = lifetime == "5m"
        said = reads(even).replace(" ", "\n") if below else reads(even)
        offset, edge = ((-21, -9), "top") if below else ((8, 4), "bottom")
        stack(ax, said, (even, 1), offset, across="left", down=edge, color=COLOURS[colour])
    if frame.height:
        stack(ax, "no cache", (last, 1), color=COLOURS["input"], **_END)
    ax.set_xlim(0, last * _ROOM)
    ax.set_xticks(range(int(last) + 1))
    ax.set_ylim(0, 2.1)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: times(value)))
    ax.set_xlabel("reads that follow a write, each of the whole of it")
    ax.set_ylabel("cost, as a multiple of no cache")
    nothing(ax, frame)
    return ax


def plot_reads(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the reads of a written token in these logs, and at how many it has paid.

    Parameters
    ----------
    frame
        `measures.pricing.paid`.
    """
    rows = frame.drop_nulls("reads_per_write").reverse().with_row_index("y")
    labels = [model or "all models" for model in rows["model"]]
    ax = ax or axes(rows=sum(map(lines, labels)))
    known = [v for v in (*rows["even"], *rows["reads_per_write"]) if v]
    low, high = min([0.2, *known]) / 1.5, max([10, *known])
    found = rows["reads_per_write"].clip(low)
    even = rows["even"].clip(low)
    ax.hlines(rows["y"], even, found, color=COLOURS["rule"], linewidth=SIZES["span"])
    ax.plot(
        even,
        rows["y"],
        "|",
        color=COLOURS["accent"],
        markersize=SIZES["dot"],
        markeredgewidth=SIZES["ring"],
        label="reads at which a write has paid",
    )
    ax.plot(found, rows["y"], "o", color=COLOURS["read"], label="reads per written token")
    for y, at, value in zip(rows["y"], found, rows["reads_per_write"], strict=True):
        ax.annotate(
            f"{value:,.1f}", (at, y), xytext=(9, 0), textcoords="offset points", va="center"
        )
    row_labels(ax, labels, [model is None for model in rows["model"]])
    ax.set_xscale("log")
    ax.set_xlim(low, high * (high / low) ** 0.2)
    ticks = decades(low, high)
    ax.set_xticks(ticks, [f"{tick:,.10g}" for tick in ticks])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_ylim(-0.7, max(rows.height, 1) - 0.3)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.set_xlabel("tokens read per token written, log scale")
    legend(ax, columns=2)
    nothing(ax, rows)
    return ax
