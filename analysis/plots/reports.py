"""Draw when reports were filed, and when faults ran that were published later."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.plots.canvas import axes, legend, nothing
from analysis.plots.rows import SNUG, names_above
from analysis.report.theme import COLOURS, SIZES

_TALL = 0.2  # of a row: half of a bar
_TOP = -0.8  # where the rows begin
_RULE = 0.75  # of a row: from the first fault up to the rule over its name
_SHADE = 0.12  # opacity of a fault behind the reports
_DAYS = 31  # what an axis has before the first day and after the last


def _number(days: pl.Series) -> pl.Series:
    """Return days as matplotlib counts them, from 1970."""
    return days.cast(pl.Int32)


def plot_reports(frame: pl.DataFrame, faults: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw a row per issue and a row per fault.

    Parameters
    ----------
    frame
        `measures.reports.reports`.
    faults
        Facts `faults`.
    """
    issues = [
        f"#{number}: {reason or state or 'state unknown'}"
        for number, state, reason in frame.select("issue", "state", "closed_reason").rows()
    ]
    causes = faults["fault"].to_list()
    labels = [*issues, *causes]
    ax = ax or axes(rows=SNUG * len(labels))
    for y, (began, filed, seen) in enumerate(
        frame.select(
            _day("began_day"),
            _day("filed_day"),
            _day(pl.max_horizontal("seen_day", "closed_by_day")),
        ).rows()
    ):
        _life(ax, y, began, filed, seen)
    y = len(issues)
    for first, last in faults.select(_day("from_day"), _day("until_day")).rows():
        # behind the issues alone: below, a fault has its bar
        rows = (_TOP, y - _RULE)
        shade = ax.fill_betweenx(rows, first, last, color=COLOURS["muted"], alpha=_SHADE)
        shade.set_linewidth(0)
    for place, (first, last, told) in enumerate(
        faults.select(_day("from_day"), _day("until_day"), _day("published_day")).rows()
    ):
        label: dict[str, Any] = {"label": "fault ran"} if not place else {}
        ax.barh(
            y + place,
            last - first,
            2 * _TALL,
            left=first,
            color=COLOURS["muted"],
            **label,
        )
        label = {"label": "fault published"} if not place else {}
        ax.plot(told, y + place, "|", color=COLOURS["ink"], markersize=SIZES["dot"], **label)
    names_above(ax, labels, [n < y for n in range(len(labels))], clear=False)
    ax.axhline(y - _RULE, color=COLOURS["edge"], linewidth=SIZES["rule"])
    ax.set_ylim(max(len(labels), 1) - 0.5, _TOP)
    _months(ax, frame, faults)
    legend(ax, columns=3)
    nothing(ax, frame)
    return ax


def _day(name: str | pl.Expr) -> pl.Expr:
    """Return a day as matplotlib counts it, from 1970."""
    return (pl.col(name) if isinstance(name, str) else name).cast(pl.Int32)


def _life(ax: Axes, y: int, began: int | None, filed: int | None, seen: int | None) -> None:
    """Draw when an issue was filed and last seen, and from when it reports."""
    known = ax.get_legend_handles_labels()[1]

    def mark(name: str) -> dict[str, Any]:
        return {} if name in known else {"label": name}

    if began is not None and filed is not None:
        line = SIZES["range"]
        ax.hlines(
            y, began, filed, color=COLOURS["accent"], linewidth=line, **mark("days it reports on")
        )
    if filed is not None and seen is not None and seen > filed:
        width = SIZES["span"]
        ax.hlines(y, filed, seen, color=COLOURS["accent"], linewidth=width, **mark("seen since"))
    if filed is not None:
        ax.plot(filed, y, "D", color=COLOURS["accent"], **mark("issue filed"))
    elif seen is not None:
        paper = COLOURS["paper"]
        name = mark("issue seen, filed earlier")
        ax.plot(seen, y, "D", color=COLOURS["accent"], markerfacecolor=paper, **name)


def _months(ax: Axes, frame: pl.DataFrame, faults: pl.DataFrame) -> None:
    """Label months on the axis of days."""
    columns = [
        *(frame[name] for name in ("began_day", "filed_day", "seen_day")),
        *(faults[name] for name in ("from_day", "until_day", "published_day")),
    ]
    days = [day for column in columns for day in _number(column.cast(pl.Date)).drop_nulls()]
    if not days:
        return
    ax.set_xlim(min(days) - _DAYS, max(days) + _DAYS)
    ax.xaxis.set_major_locator(MaxNLocator(6))
    firsts = pl.date_range(
        dt.date(1970, 1, 1) + dt.timedelta(min(days)),
        dt.date(1970, 1, 1) + dt.timedelta(max(days)),
        "1mo",
        eager=True,
    ).dt.month_start()
    shown = firsts.gather_every(2)
    ax.set_xticks(_number(shown), [f"{day:%b %Y}" for day in shown])
