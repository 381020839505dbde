"""Axes to draw on, and marks that several questions share."""

from __future__ import annotations

import textwrap

import matplotlib.pyplot as plt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, PercentFormatter

from analysis.report.theme import COLOURS

_LINE = 2.1  # heights of a letter that a row of text takes, with room around it
_MARGIN = 6  # rows that axis and labels take
_LABEL = 36  # letters of a label beside a row


def axes(rows: float | None = None) -> Axes:
    """Return new axes, as tall as `rows` rows of labels need, or of the style sheet's size."""
    width, height = plt.rcParams["figure.figsize"]
    if rows is not None:
        height = (rows + _MARGIN) * _LINE * plt.rcParams["font.size"] / 72
    return plt.subplots(figsize=(width, height))[1]


def wrapped(label: str, letters: int = _LABEL) -> str:
    """Return a label on lines that leave room for what it labels.

    >>> wrapped("A label of rather more letters than fit beside a row").splitlines()
    ['A label of rather more letters than', 'fit beside a row']
    """
    return textwrap.fill(label, letters)


def lines(label: str) -> int:
    """Return how many lines a label has."""
    return label.count("\n") + 1


def legend(ax: Axes, columns: int) -> None:
    """Name what is drawn, above the axes; nothing where nothing is."""
    handles, labels = ax.get_legend_handles_labels()
    if handles:
        ax.figure.legend(handles, labels, loc="outside upper left", ncols=columns)


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


def percent(decimals: int = 0) -> PercentFormatter:
    """Return a formatter of shares: 0.977 as 97.7 %."""
    return PercentFormatter(1, decimals=decimals, symbol=" %")


def to_one() -> FuncFormatter:
    """Return a formatter of ratios: 43 as 43:1."""
    return FuncFormatter(lambda value, _: f"{value:,.10g}:1")
