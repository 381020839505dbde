"""Draw who is said to build what."""

from __future__ import annotations

import datetime as dt

import matplotlib.pyplot as plt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.path import Path

from analysis.measures.capabilities import FIRMS
from analysis.plots.canvas import axes, legend, nothing, row_labels, stack
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
