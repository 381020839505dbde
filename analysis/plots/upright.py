"""Show in a legend as upright what stands upright in the axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.collections import LineCollection
from matplotlib.legend_handler import HandlerLine2D, HandlerLineCollection
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


class Uprights(Upright, HandlerLineCollection):
    """Draws one line for several that stand upright."""


def upright(handles: Sequence[Any]) -> dict[Any, Any]:
    """Return how a legend draws those of its handles that are lines from below to above."""
    return {handle: drawn() for handle in handles if (drawn := _drawn(handle))}


def _drawn(handle: Any) -> type[HandlerLine2D] | None:
    if isinstance(handle, LineCollection):
        places = [segment[:, 0] for segment in handle.get_segments()]
        return Uprights if all(x.min() == x.max() for x in places) else None
    if isinstance(handle, Line2D):
        x: Any = handle.get_xdata()
        return Upright if len(x) == 2 and x[0] == x[1] else None
    return None
