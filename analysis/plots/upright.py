"""Show in a legend as upright what stands upright in the axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.legend_handler import HandlerLine2D
from matplotlib.lines import Line2D

_MORE = 0.3  # of its height, at either end


class Upright(HandlerLine2D):
    """Draws the line of a legend's entry from below to above."""

    def create_artists(self, *args: Any) -> list[Any]:
        """Return what a line across would be, turned about its middle."""
        legend, handle, left, below, width, height, _, transform = args
        ends = [-below - _MORE * height, height - below + _MORE * height]
        line = Line2D([left + width / 2] * 2, ends)
        self.update_prop(line, handle, legend)
        line.set_transform(transform)
        return [line]


def upright(handles: Sequence[Any]) -> dict[Any, Any]:
    """Return how a legend draws those of its handles that are lines from below to above."""
    lines = (handle for handle in handles if isinstance(handle, Line2D))
    across = ((line, line.get_xdata()) for line in lines)
    return {line: Upright() for line, x in across if len(x) == 2 and x[0] == x[1]}  # type: ignore[arg-type,index]
