"""Name rows above what they show, so that a narrow screen shows both at once."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.path import Path

from analysis.plots.canvas import stack, wrapped
from analysis.report.theme import COLOURS

#: Rows of `canvas.axes` that a row takes which is named above.
TALL = 1.8
#: The same where nothing is written below a mark, and bars are thin.
SNUG = 1.35
_LIFT = 9  # points from the middle of a row to its name
_LETTERS = 80  # of a name on one line
_NARROWER = 0.88  # the reader's font beside the one that is measured
_PAD = 0.1  # of a letter's height, around a name


def _ground(x: float, y: float, width: float, height: float, size: float) -> Path:
    """Return what is kept clear behind a name: as wide as the name is in the reader's font."""
    pad = _PAD * size
    left, right = x - pad, x + _NARROWER * width + pad
    low, high = y, y + height + pad  # what is below is the mark
    return Path([(left, low), (right, low), (right, high), (left, high), (left, low)], closed=True)


def names_above(
    ax: Axes,
    names: Sequence[str],
    marked: Sequence[bool] = (),
    *,
    strong: Sequence[bool] = (),
    clear: bool = True,
) -> None:
    """Name rows 0, 1, ... from the left edge of the axes; those that are marked stand out.

    Those that are `strong` are set in bold, without the colour.

    What runs down the page is kept off the names, unless they are not to be `clear` of it.
    """
    ground = {"facecolor": COLOURS["paper"], "linewidth": 0, "boxstyle": _ground}
    ax.set_yticks(range(len(names)), [""] * len(names))
    for y, name in enumerate(names):
        stands_out = bool(marked) and marked[y]
        bold = stands_out or (bool(strong) and strong[y])
        stack(
            ax,
            wrapped(name, _LETTERS),
            (0, y),
            (0, _LIFT),
            across="left",
            down="bottom",
            of=("axes fraction", "data"),
            color=COLOURS["accent" if stands_out else "ink" if bold else "soft"],
            fontsize=plt.rcParams["ytick.labelsize"],
            fontweight="bold" if bold else "normal",
            bbox=ground if clear else None,
        )
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
