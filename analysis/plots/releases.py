"""Draw when things were released, and where the write-up's timeline has them."""

from __future__ import annotations

import datetime as dt

import matplotlib.pyplot as plt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from analysis.measures.capabilities import FIRMS, founded, left
from analysis.plots.canvas import axes, cleared, legend, nothing, stack
from analysis.plots.capabilities import days
from analysis.report.theme import COLOURS, SIZES

_SPRING = 4  # month: the label of a year stands near its middle
_FIRST, _LAST = dt.date(2020, 1, 1), dt.date(2026, 7, 1)
_RIGHT_UNTIL = dt.date(2023, 1, 1)  # names stand right of earlier days, left of later ones
_ROW = 0.58  # rows of labels that a release takes
_GAP = 1  # rows between two firms


def plot_timeline(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each release in a row of its own by its day, firm by firm.

    Parameters
    ----------
    frame
        `measures.capabilities.timeline`.
    """
    rows = _placed(frame)
    height = int(rows["y"].to_numpy().max()) + 1 if rows.height else 1
    ax = ax or axes(rows=_ROW * height)
    moved, right = rows.filter(pl.col("late") > 0), rows.filter(pl.col("late") <= 0)
    for row in moved.to_dicts():
        start, given = days(row["announced_day"]), days(dt.date(row["row_year"], 1, 1))
        ax.plot([start, given], [row["y"]] * 2, color=COLOURS["accent"], linewidth=SIZES["span"])
        ax.plot([given], [row["y"]], ">", color=COLOURS["accent"])
    marks = (
        (right, "o", "muted", "muted", "in the year of the text's row"),
        (rows.filter(pl.col("late").is_null()), "o", "paper", "muted", "not in the text's table"),
        (moved, "D", "accent", "accent", "earlier; line to the text's year"),
    )
    for some, marker, face, edge, label in marks:
        ax.scatter(
            some["announced_day"].dt.epoch("d"),
            some["y"],
            marker=marker,
            facecolors=COLOURS[face],
            edgecolors=COLOURS[edge],
            linewidths=SIZES["ring"],
            label=label,
        )
    for row in rows.to_dicts():
        _name(ax, row)
    _start(ax, height - 1)
    firsts = rows.group_by("firm", maintain_order=True).agg(pl.col("y").first())
    for firm, y in firsts.rows():
        _firm(ax, firm, y)
    ax.set_yticks([])
    ax.set_ylim(height + 1.2, -1)
    _years(ax)
    legend(ax, columns=3)
    nothing(ax, frame)
    return ax


def _placed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the releases of the firms in the text's table, with the row `y` of each."""
    known = frame.filter(pl.col("firm").is_in(FIRMS))
    ordered = known.with_columns(
        firm_at=pl.col("firm").replace_strict(FIRMS, range(len(FIRMS)), return_dtype=pl.Int64)
    ).sort("firm_at", "announced_day", maintain_order=True)
    block = pl.col("firm_at").rle_id().cast(pl.Int64)
    return ordered.with_row_index("y").with_columns(pl.col("y").cast(pl.Int64) + _GAP * block)


def _firm(ax: Axes, firm: str, y: int) -> None:
    """Write a firm's name at the left of its first row, and a rule above where it is not on top."""
    at, of = (0, y), ("axes fraction", "data")
    stack(ax, firm, at, (-6, 0), across="right", down="center", of=of, color=COLOURS["soft"])
    if y:
        ax.axhline(y - _GAP, color=COLOURS["rule"], linewidth=SIZES["rule"])


def _name(ax: Axes, row: dict[str, object]) -> None:
    """Write a release's name beside its day."""
    day, y, late = row["announced_day"], row["y"], row["late"]
    assert isinstance(day, dt.date)
    assert isinstance(y, int)
    to_the_right = day < left() or founded() < day < _RIGHT_UNTIL
    stack(
        ax,
        str(row["release"]),
        (days(day), y),
        (6 if to_the_right else -6, 0),
        across="left" if to_the_right else "right",
        down="center",
        color=COLOURS["accent" if isinstance(late, int) and late > 0 else "soft"],
        fontsize=plt.rcParams["ytick.labelsize"],
        bbox=cleared(),
    )


def _start(ax: Axes, lowest: int) -> None:
    """Draw when the founders left OpenAI, and when Anthropic was founded."""
    size, blue = plt.rcParams["ytick.labelsize"], COLOURS["input"]
    told = ((left(), ":", "right", "left OpenAI"), (founded(), "--", "left", "Anthropic founded"))
    for day, style, across, text in told:
        ax.axvline(days(day), color=blue, linewidth=SIZES["reference"], linestyle=style)
        away = -4 if across == "right" else 4
        at = (days(day), lowest + 1)
        stack(ax, text, at, (away, 0), across=across, color=blue, fontsize=size)


def _years(ax: Axes) -> None:
    """Label the years, each between its first day and its last."""
    ax.set_xlim(days(_FIRST), days(_LAST))
    years = range(_FIRST.year, _LAST.year + 1)
    ax.set_xticks([days(dt.date(year, 1, 1)) for year in years], [""] * len(years))
    size = plt.rcParams["xtick.labelsize"]
    for year in years:
        at, below = (days(dt.date(year, _SPRING, 1)), 0), ("data", "axes fraction")
        stack(ax, str(year), at, (8, -8), of=below, color=COLOURS["soft"], fontsize=size)
    ax.xaxis.set_minor_locator(NullLocator())
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
