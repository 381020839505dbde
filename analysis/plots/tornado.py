"""Draw how far each assumption moves a number, one at a time: what such figures have in common."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from matplotlib.axes import Axes

from analysis.plots.rows import names_above
from analysis.report.theme import COLOURS, SIZES

_BAR = 0.36  # of a row
#: The column of each end of an assumption.
ENDS = {"low": "at_low", "high": "at_high"}


def swung(ax: Axes, rows: pl.DataFrame) -> None:
    """Draw a bar from the middle to what each end of an assumption gives.

    Parameters
    ----------
    rows
        `y`, `middle`, `at_low`, `at_high`.
    """
    for (key, column), name in zip(ENDS.items(), ("muted", "read"), strict=True):
        ax.barh(
            rows["y"],
            rows[column] - rows["middle"],
            _BAR,
            rows["middle"],
            color=COLOURS[name],
            label=f"{key} end of the assumption" if rows.height else "",
        )
    if rows.height:
        ax.axvline(rows["middle"][0], color=COLOURS["ink"], linewidth=SIZES["rule"])


def around(ax: Axes, labels: Sequence[str], low: float, high: float) -> None:
    """Set the axes around the bars: what the axis shows, and a name for each row."""
    ax.set_xlim(low, high)
    ax.set_ylim(-0.5, max(len(labels), 1) - 0.2)
    names_above(ax, labels)
