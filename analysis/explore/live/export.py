"""The control that writes what a panel shows as files, and says where they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as w

from analysis import errors
from analysis.explore.bench import Bench
from analysis.explore.export import KINDS, export, place_of
from analysis.explore.view import View
from analysis.words import export as words

_EVERY = "all of these"


class Export:
    """What a view is to be written as, and whether with the names of projects.

    Parameters
    ----------
    shown
        Returns what the panel shows, and what its own controls say that is not their first value.
    """

    def __init__(
        self, bench: Bench, shown: Callable[[], tuple[View | None, dict[str, Any]]]
    ) -> None:
        self.bench, self.shown = bench, shown
        kinds = [(kind.upper(), kind) for kind in KINDS]
        offered = [("Export as …", ""), *kinds, (_EVERY, _EVERY)]
        self.kind = w.Dropdown(options=offered, value="", layout={"width": "130px"})
        self.named = w.Checkbox(description="with names", indent=False, layout={"width": "auto"})
        self.said = w.Output()
        self.kind.observe(self._chosen, "value")

    def _chosen(self, change: Mapping[str, Any]) -> None:
        if not change["new"]:
            return
        kinds = KINDS if change["new"] == _EVERY else (change["new"],)
        try:
            said = self._write(kinds)
        except Exception as error:  # else it would be seen nowhere
            said = f"Not written: {errors.told(error)}"
        self.said.outputs = ({"output_type": "stream", "name": "stdout", "text": f"{said}\n"},)
        self.kind.value = ""

    def _write(self, kinds: tuple[str, ...]) -> str:
        view, own = self.shown()
        if view is None:
            return words.NOTHING
        data = self.bench.data
        place = place_of(view, data, self.bench.choices, own)
        names = data.names if self.named.value else {}
        return words.exported(export(view, place, kinds, names), named=bool(names))
