"""Draw who is said to build what, and when."""

from __future__ import annotations

import datetime as dt

import matplotlib.pyplot as plt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.path import Path
from matplotlib.ticker import NullLocator

from analysis.measures.capabilities import FIRMS, before_founding, founded
from analysis.plots.canvas import axes, legend, lines, nothing, row_labels, stack
from analysis.report.theme import COLOURS, SIZES

_QUESTION = "$?$"
_TICK = Path([(-0.5, 0.0), (-0.1, -0.4), (0.6, 0.5)])
#: What the text claims: marker, whether it is filled, and its name.
_CLAIMED = {
    "in-house": ("s", True, "said: in-house"),
    "third party": ("D", False, "said: third party"),
    "none": ("o", False, "said: none"),
}
#: What a check found: marker, ink, name.
_CHECKED: dict[str, tuple[str | Path, str, str]] = {
    "agrees": (_TICK, "soft", "checked: agrees"),
    "disagrees": ("x", "accent", "checked: disagrees"),
    "not checked": (_QUESTION, "soft", "not checked"),
}
_CELL = 2.0  # rows of labels that a row of cells takes
_MARKS = 0.16  # of a row, above its middle
_APART = 0.11  # of a column, from its middle
_NAMED = 2  # the last releases before the founding, which the text has itself
_SPRING = 4  # month: the label of a year stands near its middle
_FIRST, _LAST = dt.date(2020, 1, 1), dt.date(2026, 7, 1)


def days(day: dt.date) -> int:
    """Return where a day stands on an axis: days since 1970.

    Examples
    --------
    >>> days(dt.date(1971, 1, 1))
    365
    """
    return (day - dt.date(1970, 1, 1)).days


def plot_matrix(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the table of capabilities: in each cell what is said, and what a check found.

    Parameters
    ----------
    frame
        `measures.capabilities.matrix`.
    """
    rows = frame.unique("capability", keep="first", maintain_order=True)
    ax = ax or axes(rows=_CELL * max(rows.height, 1))
    for name, (marker, filled, label) in _CLAIMED.items():
        some = frame.filter(pl.col("claimed") == name)
        face = COLOURS["ink"] if filled else COLOURS["paper"]
        ax.scatter(
            some["column"] - _APART,
            some["row"] - _MARKS,
            marker=marker,
            facecolors=face,
            edgecolors=COLOURS["ink"],
            linewidths=SIZES["ring"],
            label=label,
        )
    for name, (glyph, colour, label) in _CHECKED.items():
        some = frame.filter(pl.col("checked") == name)
        ax.plot(
            some["column"] + _APART,
            some["row"] - _MARKS,
            linestyle="none",
            marker=glyph,
            color=COLOURS[colour],
            markersize=SIZES["dot"],
            fillstyle="none" if glyph is _TICK else "full",
            markeredgewidth=SIZES["rule" if glyph == _QUESTION else "ring"],
            label=label,
        )
    for cell in frame.drop_nulls("named").to_dicts():
        wrong = cell["checked"] == "disagrees"
        stack(
            ax,
            cell["named"],
            (cell["column"], cell["row"] - _MARKS),
            (0, -9),
            color=COLOURS["accent" if wrong else "soft"],
            fontsize=plt.rcParams["ytick.labelsize"],
        )
    row_labels(ax, rows["capability"].to_list(), [False] * rows.height)
    ax.set_yticks(rows["row"], [""] * rows.height)
    ax.set_ylim(max(rows.height, 1) - 0.5, -0.5)
    ax.set_xlim(-0.5, len(FIRMS) - 0.5)
    names = [f"{firm} (restored)" if firm == "Google" else firm for firm in FIRMS]
    ax.set_xticks(range(len(FIRMS)), names)
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0)
    ax.spines["bottom"].set_visible(False)
    ax.grid(visible=False)
    for edge in range(1, rows.height):
        ax.axhline(edge - 0.5, color=COLOURS["rule"], linewidth=SIZES["rule"])
    legend(ax, columns=3)
    nothing(ax, frame)
    return ax


def plot_timeline(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw releases by day, one row a firm; those that the text puts in another year have one each.

    Parameters
    ----------
    frame
        `measures.capabilities.timeline`.
    """
    rows = [
        (firm, release)
        for firm in FIRMS
        for release in (None, *frame.filter(pl.col("firm") == firm, pl.col("late") > 0)["release"])
    ]
    labels = [release or firm for firm, release in rows]
    ax = ax or axes(rows=sum(map(lines, labels)) * 1.15)
    for y, (firm, release) in enumerate(rows):
        if release is None:
            _firm(ax, frame.filter(pl.col("firm") == firm), y)
        else:
            _moved(ax, frame.filter(pl.col("release") == release).row(0, named=True), y)
    _start(ax, before_founding(frame).tail(_NAMED), len(rows) - 1)
    row_labels(ax, labels, [release is not None for _, release in rows])
    ax.set_ylim(len(rows) - 0.2, -0.7)
    ax.set_xlim(days(_FIRST), days(_LAST))
    years = range(_FIRST.year, _LAST.year + 1)
    ax.set_xticks([days(dt.date(year, 1, 1)) for year in years], [""] * len(years))
    size = plt.rcParams["xtick.labelsize"]
    for year in years:
        at = (days(dt.date(year, _SPRING, 1)), 0)
        below = ("data", "axes fraction")
        stack(ax, str(year), at, (8, -8), of=below, color=COLOURS["soft"], fontsize=size)
    ax.xaxis.set_minor_locator(NullLocator())
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    legend(ax, columns=3)
    nothing(ax, frame)
    return ax


def _start(ax: Axes, before: pl.DataFrame, lowest: int) -> None:
    """Draw the founding of Anthropic, and name what OpenAI showed just before."""
    size = plt.rcParams["ytick.labelsize"]
    for day in before["announced_day"].unique():
        names = ", ".join(before.filter(pl.col("announced_day") == day)["release"])
        at = (days(day), FIRMS.index("OpenAI"))
        grey = COLOURS["soft"]
        stack(ax, names, at, (2, 6), across="right", down="bottom", color=grey, fontsize=size)
    day, blue = founded(), COLOURS["input"]
    ax.axvline(days(day), color=blue, linewidth=SIZES["reference"], linestyle="--")
    stack(ax, "Anthropic founded", (days(day), lowest), (6, -4), across="left", color=blue)


def _firm(ax: Axes, rows: pl.DataFrame, y: int) -> None:
    """Draw one firm's releases: filled in the text's year, hollow if the text has no row."""
    right = rows.filter(pl.col("late") <= 0)
    absent = rows.filter(pl.col("late").is_null())
    first = "_" if y else ""
    ax.scatter(
        right["announced_day"].dt.epoch("d"),
        [y] * right.height,
        color=COLOURS["muted"],
        label=f"{first}in the year of the text's row",
    )
    ax.scatter(
        absent["announced_day"].dt.epoch("d"),
        [y] * absent.height,
        facecolors=COLOURS["paper"],
        edgecolors=COLOURS["muted"],
        linewidths=SIZES["ring"],
        label=f"{first}not in the text's table",
    )


def _moved(ax: Axes, row: dict[str, object], y: int) -> None:
    """Draw a release of an earlier year, and a line to the year that the text gives."""
    day, year = row["announced_day"], row["row_year"]
    assert isinstance(day, dt.date)
    assert isinstance(year, int)
    shown = ax.get_legend_handles_labels()[1]
    label = "earlier; line to the text's year"
    start, given = days(day), days(dt.date(year, 1, 1))
    ax.plot([start, given], [y, y], color=COLOURS["accent"], linewidth=SIZES["span"])
    ax.plot([given], [y], ">", color=COLOURS["accent"])
    ax.plot([start], [y], "D", color=COLOURS["accent"], label="_" if label in shown else label)
