"""Draw how long cache writes were kept, by day and project."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes

from analysis.plots.canvas import axes, legend, nothing, row_labels
from analysis.plots.ticks import mark_days
from analysis.report.theme import COLOURS, SIZES

#: Projects with a row, those that wrote most.
MOST = 12
_TALL = 0.35  # of a row: half of a switch's mark


def plot_timeline(
    frame: pl.DataFrame, switches: pl.DataFrame, published: pl.DataFrame, ax: Axes | None = None
) -> Axes:
    """Draw the lifetime of writes by day, a row per project, with switches.

    Parameters
    ----------
    frame
        `measures.switches.by_day`.
    switches
        `measures.switches.switches`.
    published
        Facts `switches`: days on which others saw a switch, marked where they are in the span.
    """
    rows = largest(frame)
    ax = ax or axes(rows=max(len(rows), 1))
    kept = frame.filter(pl.col("project").is_in(rows))
    at = pl.col("project").replace_strict(rows, range(len(rows)), return_dtype=pl.Int64)
    for name, colour, marker, some in (
        ("five minutes", "write", "o", pl.col("hour_share") == 0),
        ("one hour", "read", "o", pl.col("hour_share") == 1),
        ("both", "muted", "D", pl.col("hour_share").is_between(0, 1, closed="none")),
    ):
        dots = kept.filter(some).with_columns(y=at)
        label = name if dots.height else None
        ax.plot(_number(dots["day"]), dots["y"], marker, color=COLOURS[colour], label=label)
    turned = switches.filter(pl.col("project").is_in(rows)).with_columns(y=at)
    if turned.height:
        days, rows_of = _number(turned["at"].dt.date()), turned["y"].cast(pl.Float64)
        ax.vlines(days, rows_of - _TALL, rows_of + _TALL, color=COLOURS["ink"], label="switch")
    row_labels(ax, rows, [False] * len(rows))
    ax.set_ylim(max(len(rows), 1) - 0.4, -0.6)
    if kept.height:
        _days(ax, kept["day"], published["switched_day"])
    ax.grid(visible=False, axis="x")
    legend(ax, columns=5)
    nothing(ax, frame)
    return ax


def largest(frame: pl.DataFrame) -> list[str]:
    """Return the projects that have a row: those that wrote most, by label."""
    wrote = pl.col("written_5m_tokens").sum() + pl.col("written_1h_tokens").sum()
    sums = frame.group_by("project").agg(wrote.alias("wrote"))
    most = sums.sort("wrote", "project", descending=[True, False]).head(MOST)
    return sorted(most["project"].to_list())


def _number(days: pl.Series) -> pl.Series:
    """Return days as matplotlib counts them, from 1970."""
    return days.cast(pl.Int32)


def _days(ax: Axes, days: pl.Series, published: pl.Series) -> None:
    """Mark some days on the axis, and those of published switches that lie among them."""
    numbers = _number(days).to_numpy()
    first, last = int(numbers.min()), int(numbers.max())
    room = max((last - first) * 0.04, 1)
    ax.set_xlim(first - room, last + room)
    mark_days(ax, first, last)
    label = "published switch"
    for marked in _number(published):
        if first <= marked <= last:
            width, colour = SIZES["reference"], COLOURS["accent"]
            ax.axvline(marked, color=colour, linewidth=width, linestyle="--", label=label)
            label = ""
