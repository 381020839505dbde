"""Draw what was used when: by day, and by the hours of a week."""

from __future__ import annotations

import datetime as dt

import polars as pl
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from analysis.measures.overview import PARTS
from analysis.plots.canvas import axes, legend, nothing, percent
from analysis.plots.ticks import Even, alike, mark_days
from analysis.report.theme import COLOURS
from analysis.words.overview import NAMES

_LONG = {"1d": 1, "1w": 7, "1mo": 28}  # days that a bar stands for
_BAR = 0.8  # of what it stands for
_EPOCH = dt.date(1970, 1, 1)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURS = range(0, 24, 3)
_CELL = 0.92  # of the room it has
_OUT = (0, -9)  # beyond the axes: cells of the scale, of which only the legend is seen
_STEPS = 5  # of the scale
_FAINT = 0.08  # of an hour with the least


def plot_days(frame: pl.DataFrame, unit: str = "usd", ax: Axes | None = None) -> Axes:
    """Draw dollars or tokens by day as bars, one part for each token class.

    Parameters
    ----------
    frame
        `measures.overview.by_day`.
    unit
        `usd` or `tokens`.
    """
    ax = ax or axes()
    days, wide = _days(frame)
    below = [0.0] * frame.height
    for part in PARTS:
        high = frame[f"{part}_{unit}"].fill_null(0).cast(pl.Float64).to_list()
        label = NAMES[part] if sum(high) else None
        ax.bar(days, high, wide, below, color=COLOURS[part], label=label)
        below = [one + other for one, other in zip(below, high, strict=True)]
    ax.set_ylim(0, 1.05 * max([*below, 0.01 if unit == "usd" else 1]))
    ax.yaxis.set_major_formatter(Even(usd=unit == "usd"))
    ax.set_ylabel("list-price dollars" if unit == "usd" else "tokens")
    _ends(ax, days, wide)
    legend(ax, columns=4)
    nothing(ax, frame)
    return ax


def plot_shares(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the cache's share of dollars and the hit rate by day.

    Parameters
    ----------
    frame
        `measures.overview.by_day`.
    """
    ax = ax or axes()
    days, wide = _days(frame)
    for column, colour, marker, label in (
        ("cache_share", "read", "o", "cache, of dollars"),
        ("hit_rate", "write", "D", "hit rate, of prompt tokens"),
    ):
        known = frame[column].is_not_null().any()
        ax.plot(
            days,
            frame[column].cast(pl.Float64),
            f"{marker}-",
            color=COLOURS[colour],
            label=label if known else None,
        )
    ax.set_ylim(0, 1.05)
    ax.yaxis.set_major_formatter(percent())
    _ends(ax, days, wide)
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax


def plot_hours(frame: pl.DataFrame, column: str = "total_usd", ax: Axes | None = None) -> Axes:
    """Draw the hours of a week as cells, the stronger the more there was, with a scale above.

    Parameters
    ----------
    frame
        `measures.overview.by_hour`.
    column
        Which of its sums.
    """
    ax = ax or axes()
    most = max([*frame[column].fill_null(0).to_list(), 0])

    def cell(x: float, y: float, value: float, label: str | None = None) -> None:
        shade = _FAINT + (1 - _FAINT) * value / most
        style = {"facecolor": COLOURS["read"], "alpha": shade, "label": label}
        ax.add_patch(Rectangle((x, y), _CELL, _CELL, **style))

    for weekday, hour, value in frame.select("weekday", "hour", column).iter_rows():
        if value and most:
            cell(hour + (1 - _CELL) / 2, weekday - 1 + (1 - _CELL) / 2, value)
    scale = _scale(most, whole=column != "total_usd")
    for value, label in zip(scale, alike(scale, usd=column == "total_usd"), strict=True):
        cell(*_OUT, value, label)
    ax.set_xlim(0, 24)
    ax.set_ylim(7, 0)
    ax.grid(visible=False)
    ax.set_yticks([row + 0.5 for row in range(7)], _WEEKDAYS)
    ax.set_xticks([hour + 0.5 for hour in _HOURS], [f"{hour:02}" for hour in _HOURS])
    ax.set_xlabel("hour of the day")
    legend(ax, columns=len(scale))
    nothing(ax, frame)
    return ax


def _scale(most: float, *, whole: bool) -> list[float]:
    """Return round values up to the largest one, for the scale of the shades."""
    found = MaxNLocator(_STEPS, steps=[1, 2, 2.5, 5, 10], integer=whole).tick_values(0, most)
    return [float(value) for value in found if 0 < value <= most]


def _days(frame: pl.DataFrame) -> tuple[list[float], float]:
    """Return the middle of each bar in days since 1970, and how wide bars are."""
    long = _LONG[frame["step"][0]] if frame.height else 1
    return [(day - _EPOCH).days + long / 2 for day in frame["begins"]], _BAR * long


def _ends(ax: Axes, days: list[float], wide: float) -> None:
    """Mark round days on the axis across, with a little room at its ends."""
    ax.grid(visible=False, axis="x")
    if days:
        room = max(wide, 0.02 * (days[-1] - days[0]))
        ax.set_xlim(days[0] - room, days[-1] + room)
        mark_days(ax, int(days[0]), int(days[-1]) + 1)
    else:
        ax.set_xticks([])
