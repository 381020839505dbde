"""Axes to draw on, and marks that several questions share."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import FuncFormatter, PercentFormatter

from analysis.plots.upright import upright
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import minus

_LINE = 2.1  # heights of a letter that a row of text takes, with room around it
_MARGIN = 6  # rows that axis and labels take
_PITCH = 1.25  # heights of a letter from one line of a text to the next
_LABEL = 42  # letters of a label beside a row


def axes(rows: float | None = None) -> Axes:
    """Return new axes, as tall as `rows` rows of labels need, or of the style sheet's size."""
    width, height = plt.rcParams["figure.figsize"]
    if rows is not None:
        height = (rows + _MARGIN) * _LINE * plt.rcParams["font.size"] / 72
    return plt.subplots(figsize=(width, height))[1]


def wrapped(label: str, letters: int = _LABEL) -> str:
    """Return a label on lines that leave room for what it labels.

    >>> wrapped("A label of rather more letters than there is room for").splitlines()
    ['A label of rather more letters than there', 'is room for']
    """
    return textwrap.fill(label, letters)


def stack(
    ax: Axes,
    text: str,
    xy: tuple[float | str, float],
    offset: tuple[float, float],
    *,
    across: str = "center",
    down: str = "top",
    of: tuple[str, str] = ("data", "data"),
    **style: Any,
) -> None:
    """Write lines of text below each other, each aligned by itself.

    The reader's font is not the one that is measured here: matplotlib would align only a text of
    one line in it.

    Parameters
    ----------
    xy, of
        What the text stands at, and in which coordinates, as `Axes.annotate` takes them.
    offset
        How far from there, in points: `down` names the edge of the text that lies there, and
        `across` the side, as matplotlib's `va` and `ha`.
    """
    size = style.setdefault("fontsize", plt.rcParams["font.size"])
    pitch = _PITCH * FontProperties(size=size).get_size_in_points()  # a style may say "large"
    written = text.splitlines()
    first = {"top": 0.0, "center": (len(written) - 1) / 2, "bottom": len(written) - 1.0}[down]
    for number, line in enumerate(written):
        ax.annotate(
            line,
            xy,
            xycoords=of,
            xytext=(offset[0], offset[1] + (first - number) * pitch),
            textcoords="offset points",
            ha=across,
            va=down,
            **style,
        )


def cleared() -> dict[str, Any]:
    """Return what keeps a line that runs behind a text off it, for the text's `bbox`."""
    return {"facecolor": COLOURS["paper"], "linewidth": 0, "pad": 1}


def reference(ax: Axes, value: float, text: str) -> None:
    """Draw a dashed line across at a value to compare with, and say right of it what it is."""
    ax.axhline(value, color=COLOURS["accent"], linewidth=SIZES["reference"], linestyle="--")
    stack(
        ax,
        text,
        (1, value),
        (5, 0),
        across="left",
        down="center",
        of=("axes fraction", "data"),
        color=COLOURS["accent"],
    )


def row_labels(ax: Axes, labels: Sequence[str], marked: Sequence[bool]) -> None:
    """Label rows 0, 1, ... at the left; those that are marked stand out."""
    ax.set_yticks(range(len(labels)), [""] * len(labels))
    for y, (label, stands_out) in enumerate(zip(labels, marked, strict=True)):
        colour, weight = ("accent", "bold") if stands_out else ("soft", "normal")
        stack(
            ax,
            wrapped(label),
            (0, y),
            (-6, 0),
            across="right",
            down="center",
            of=("axes fraction", "data"),
            color=COLOURS[colour],
            fontsize=plt.rcParams["ytick.labelsize"],
            fontweight=weight,
        )


def column_labels(ax: Axes, labels: Sequence[str]) -> None:
    """Label columns 0, 1, ... below the axes."""
    ax.set_xticks(range(len(labels)), [""] * len(labels))
    for x, label in enumerate(labels):
        stack(
            ax,
            label,
            (x, 0),
            (0, -8),
            of=("data", "axes fraction"),
            color=COLOURS["soft"],
            fontsize=plt.rcParams["xtick.labelsize"],
        )


def lines(label: str) -> int:
    """Return how many lines a label takes."""
    return len(wrapped(label).splitlines())


def legend(ax: Axes, columns: int) -> None:
    """Name what is drawn, above the axes; nothing where nothing is."""
    handles, labels = ax.get_legend_handles_labels()
    if handles:
        ax.figure.legend(
            handles,
            labels,
            loc="outside upper left",
            ncols=columns,
            handler_map=upright(handles),
        )


def nothing(ax: Axes, frame: pl.DataFrame) -> None:
    """Say so where a frame has nothing to draw."""
    if frame.is_empty():
        ax.text(
            0.5,
            0.5,
            "nothing to show",
            transform=ax.transAxes,
            ha="center",
            va="center",
            color=COLOURS["soft"],
        )


def band(ax: Axes, across: Any, low: Any, high: Any, **style: Any) -> PolyCollection:
    """Fill between two curves, without an edge of its own."""
    filled = ax.fill_between(across, low, high, **style)
    filled.set_linewidth(0)
    return filled


def percent(decimals: int = 0) -> PercentFormatter:
    """Return a formatter of shares: 0.977 as 97.7 %."""
    return PercentFormatter(1, decimals=decimals, symbol=" %")


def points(value: float, _: int = 0) -> str:
    """Write a difference of shares in points, with its sign, for an axis.

    >>> points(-0.2), points(0.05), points(0)
    ('−20', '+5', '0')
    """
    return minus(f"{100 * value:+.0f}") if round(100 * value) else "0"


def apart(values: Sequence[float], least: float) -> list[float]:
    """Move rising heights of labels apart, as little as can be on the whole.

    >>> [round(height, 3) for height in apart([0.1, 0.1, 0.5], 0.075)]
    [0.075, 0.15, 0.475]
    """
    found: list[float] = []
    for value in values:
        found.append(max(value, found[-1] + least) if found else value)
    if not found:
        return found
    down = sum(found) / len(found) - sum(values) / len(values)
    return [height - down for height in found]


def to_one() -> FuncFormatter:
    """Return a formatter of ratios: 43 as 43:1."""
    return FuncFormatter(lambda value, _: f"{value:,.10g}:1")
