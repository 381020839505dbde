"""Draw what the published session's totals allow."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes

from analysis.plots.canvas import axes, band, legend, nothing
from analysis.plots.ticks import Even
from analysis.report.theme import COLOURS, SIZES

_BAND = 0.15  # opacity
_EDGES = ("constant", "from nothing")
_DASHES = ("--", ":")  # of the path with the fewest cuts, and with the most


def plot_paths(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw paths of the prompt that share the session's totals: a band, and single lines.

    Of paths that are cut, that with the fewest cuts and that with the most.

    Parameters
    ----------
    frame
        `measures.paths.corners`.
    """
    ax = ax or axes()
    paths = {str(p["path"][0]): p for p in frame.partition_by("path", maintain_order=True)}
    if all(edge in paths and paths[edge].height == 2 for edge in _EDGES):
        low, high = (paths[edge] for edge in _EDGES)
        band(
            ax,
            low["number"],
            low["tokens"],
            high["tokens"],
            color=COLOURS["read"],
            alpha=_BAND,
            label="straight lines, whatever their start",
        )
    dashes = iter(_DASHES)
    cuts = frame.filter(pl.col("compactions") > 0)["compactions"]
    shown = {0, cuts.min(), cuts.max()}
    for name, path in paths.items():
        straight = path["compactions"][0] == 0
        if name in _EDGES or path["compactions"][0] not in shown:
            continue
        ax.plot(
            path["number"],
            path["tokens"],
            color=COLOURS["read" if straight else "write"],
            linestyle="-" if straight else next(dashes, "-"),
            linewidth=SIZES["span"] if straight else SIZES["reference"],
            label=name,
            marker="o" if path.height == 1 else "",
        )
    last = max([1.0, *frame["number"]])
    ax.set_xlim(1 - last / 100, last * 1.01)
    ax.set_ylim(0, 1.06 * max([1.0, *frame["tokens"]]))
    ax.yaxis.set_major_formatter(Even())
    ax.set_xlabel("request of the session")
    ax.set_ylabel("tokens of the prompt, by assumption")
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax
