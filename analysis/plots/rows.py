"""Name rows above what they show, so that a narrow screen shows both at once."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from analysis.plots.canvas import stack, wrapped
from analysis.report.theme import COLOURS

#: Rows of `canvas.axes` that a row takes which is named above.
TALL = 1.8
_LIFT = 9  # points from the middle of a row to its name
_LETTERS = 80  # of a name on one line


def names_above(ax: Axes, names: Sequence[str], marked: Sequence[bool] = ()) -> None:
    """Name rows 0, 1, ... from the left edge of the axes; those that are marked stand out."""
    ax.set_yticks(range(len(names)), [""] * len(names))
    for y, name in enumerate(names):
        stands_out = bool(marked) and marked[y]
        stack(
            ax,
            wrapped(name, _LETTERS),
            (0, y),
            (0, _LIFT),
            across="left",
            down="bottom",
            of=("axes fraction", "data"),
            color=COLOURS["accent" if stands_out else "soft"],
            fontsize=plt.rcParams["ytick.labelsize"],
            fontweight="bold" if stands_out else "normal",
            bbox={"facecolor": COLOURS["paper"], "linewidth": 0, "pad": 1},
        )
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
