"""Axes to draw on, and marks that several questions share."""

from __future__ import annotations

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, PercentFormatter

_LINE = 2.1  # heights of a letter that a row of text takes, with room around it
_MARGIN = 6  # rows that axis and labels take


def axes(rows: float | None = None) -> Axes:
    """Return new axes, as tall as `rows` rows of labels need, or of the style sheet's size."""
    width, height = plt.rcParams["figure.figsize"]
    if rows is not None:
        height = (rows + _MARGIN) * _LINE * plt.rcParams["font.size"] / 72
    return plt.subplots(figsize=(width, height))[1]


def percent(decimals: int = 0) -> PercentFormatter:
    """Return a formatter of shares: 0.977 as 97.7 %."""
    return PercentFormatter(1, decimals=decimals, symbol=" %")


def to_one() -> FuncFormatter:
    """Return a formatter of ratios: 43 as 43:1."""
    return FuncFormatter(lambda value, _: f"{value:,.10g}:1")
