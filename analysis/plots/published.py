"""Draw what others published, and what it comes to."""

from __future__ import annotations

import polars as pl
import seaborn as sns
from matplotlib.axes import Axes

from analysis.plots.canvas import axes, legend, nothing, percent, to_one
from analysis.plots.rows import SNUG, names_above
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import ratio, share

_MARKED = (1.0, 5.0, 10.0, 17.0)  # multiples worth a label: none, and the round ones published
_BAR = 0.4  # of a row
_CURVE_ROWS = 10  # rows of text that the curve is tall
_KNOWN_ROW = 0.75  # of a row of text, for a published undercount below it
_SHARES = (0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0)  # marked on the axis, from the curve's end
_PART_NAMES = {"read": "cache reads", "write": "cache writes", "io": "input and output"}
_PART_COLOURS = {"read": "read", "write": "write", "io": "output"}
_CASE_NAMES = {
    "session": "session",
    "snapshot": "later state",
    "issue-24147": "#24147",
    "text": "text",
}


def plot_headline(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the two headline rows as stacked bars, in tokens and in dollars.

    Parameters
    ----------
    frame
        `measures.published.headline`.
    """
    bars = frame.partition_by(["case", "unit", "io_split"], maintain_order=True)
    ax = ax or axes(rows=SNUG * len(bars))
    for row, bar in enumerate(bars):
        _stack(ax, row, bar, named=row == 0)
    names_above(ax, [_bar_name(b) for b in bars])
    ax.set_ylim(max(len(bars), 1) - 0.5, -0.8)
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    ax.xaxis.set_major_formatter(percent())
    ax.grid(visible=False)
    ax.set_xlabel("share of the row")
    legend(ax, columns=3)
    nothing(ax, frame)
    return ax


def _stack(ax: Axes, y: float, bar: pl.DataFrame, *, named: bool) -> None:
    left = 0.0
    for part in bar.iter_rows(named=True):
        colour = COLOURS[_PART_COLOURS[part["part"]]]
        name = _PART_NAMES[part["part"]] if named else None
        ax.barh(y, part["share"], _BAR, left, color=colour, label=name)
        if part["share"] > 0.1:
            middle = left + part["share"] / 2
            text = share(part["share"])
            ax.text(middle, y, text, ha="center", va="center", color=COLOURS["paper"])
        left += part["share"]


def _bar_name(bar: pl.DataFrame) -> str:
    """Return what a bar shows, and the part of it that is too thin to be written on."""
    first = bar.row(0, named=True)
    split = f" {first['io_split']}" if first["io_split"] else ""
    left = sum(bar.filter(part="io")["share"].to_list())
    return f"{_CASE_NAMES[first['case']]}, {first['unit']}: I/O{split} {share(left, 2)}"


def plot_definitions(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each ratio under its definition, and the two that are printed.

    Parameters
    ----------
    frame
        `measures.published.definitions`.
    """
    rows = frame.sort("ratio").with_row_index("y")
    ax = ax or axes(rows=SNUG * rows.height)
    for printed in sorted(set(frame["printed"])):
        ax.axvline(printed, color=COLOURS["accent"], linewidth=SIZES["reference"], linestyle="--")
        ax.annotate(
            f"printed {printed:,}:1",
            (printed, 1.01),
            xycoords=("data", "axes fraction"),
            ha="center",
            va="bottom",
            color=COLOURS["accent"],
        )
    ends = [*frame["ratio"], *frame["printed"], 10]
    low, high = min(1, *ends), max(ends)
    ax.hlines(rows["y"], low, rows["ratio"], color=COLOURS["rule"], linewidth=SIZES["rule"])
    for unit, colour, marker in (("dollars", "read", "o"), ("tokens", "write", "s")):
        mine = rows.filter(pl.col("unit") == unit)
        if mine.height:
            ax.scatter(
                mine["ratio"],
                mine["y"],
                color=COLOURS[colour],
                marker=marker,
                label=f"ratio of {unit}",
                zorder=3,
            )
    for row in rows.iter_rows(named=True):
        ax.annotate(
            f"{row['ratio']:,.1f}",
            (row["ratio"], row["y"]),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
        )
    labels = [f"{_CASE_NAMES[r['case']]}: {r['definition']}" for r in rows.iter_rows(named=True)]
    names_above(ax, labels)
    ax.set_xscale("log")
    ax.set_xlim(low, high * (high / low) ** 0.22)  # the last label's room
    ax.set_ylim(-0.5, max(rows.height, 1) - 0.2)
    ax.xaxis.set_major_formatter(to_one())
    ax.set_xlabel("ratio, log scale")
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax


def plot_undercount(frame: pl.DataFrame, known: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the session's share if its true output was k times the logged.

    Parameters
    ----------
    frame
        `measures.published.undercount`.
    known
        `measures.published.undercounts`, marked along the axis.
    """
    ax = ax or axes(rows=_CURVE_ROWS + _KNOWN_ROW * known.height)
    styles = {
        "5m": ("read", "-", "writes kept 5 minutes"),
        "1h": ("read", "--", "writes kept 1 hour"),
    }
    for lifetime, (colour, dash, name) in styles.items():
        mine = frame.filter(pl.col("lifetime") == lifetime)
        if mine.height:
            sns.lineplot(
                mine.to_pandas(),
                x="k",
                y="share",
                color=COLOURS[colour],
                linestyle=dash,
                label=name,
                legend=False,
                ax=ax,
            )
    marked = frame.filter(pl.col("k").is_in(_MARKED), pl.col("lifetime") == "5m")
    for row in marked.iter_rows(named=True):
        first = row["k"] == _MARKED[0]
        ax.annotate(
            f"{share(row['share'])}, {ratio(row['ratio'])}",
            (row["k"], row["share"]),
            xytext=(10, 2) if first else (-4, -4),
            textcoords="offset points",
            ha="left" if first else "right",
            va="bottom" if first else "top",
        )
        ax.plot(row["k"], row["share"], "o", color=COLOURS["read"])
    lowest = min([0.8, *frame["share"]])
    floor = max((tick for tick in _SHARES if tick < lowest), default=0.0)
    row_height = (1.02 - floor) / _CURVE_ROWS * _KNOWN_ROW
    _mark_known(ax, known, floor, row_height)
    ax.set_ylim(floor - row_height * (known.height + 0.5), 1.02)
    ax.set_yticks([tick for tick in _SHARES if tick >= floor])
    ax.set_xlim(0.5, 18)
    ax.set_xticks([1, 5, 10, 17], ["1×", "5×", "10×", "17×"])
    ax.yaxis.set_major_formatter(percent())
    ax.set_xlabel("true output, as a multiple of the logged; in red, published undercounts")
    ax.set_ylabel("cache share of list-price dollars")
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax


def _mark_known(ax: Axes, known: pl.DataFrame, top: float, row_height: float) -> None:
    """Draw each published undercount on a row of its own below the curve, smallest first."""
    for number, row in enumerate(known.iter_rows(named=True)):
        y = top - row_height * (number + 0.7)
        ax.plot(
            [row["low"], row["high"]],
            [y, y],
            color=COLOURS["accent"],
            marker="|",
            linewidth=SIZES["span"],
        )
        far = row["high"] > _MARKED[1]
        ax.annotate(
            row["label"],
            (row["low"] if far else row["high"], y),
            xytext=(-6 if far else 6, 0),
            textcoords="offset points",
            ha="right" if far else "left",
            va="center",
            color=COLOURS["accent"],
        )
