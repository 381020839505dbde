"""A table that can be sorted and searched, and whose rows can be chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as w
import polars as pl
from itables.widget import ITable

from analysis.explore.view import View

_TABLE = {
    "maxBytes": 0,
    "show_dtypes": False,
    "showIndex": False,
    "text_in_header_can_be_selected": False,  # a click on a header sorts
    "lengthMenu": [10, 25, 100],
    "classes": "display compact",
    "columnDefs": [{"targets": "_all", "className": "dt-body-nowrap"}],  # heads may break
}


class Table:
    """A table that its reader sorts and searches; a row that is chosen is told."""

    def __init__(self, picked: Callable[[int], None]) -> None:
        self.place, self.picked = w.VBox([]), picked
        self._rows: pl.DataFrame | None = None

    def show(self, view: View | None) -> None:
        """Show the rows of a view; what shows them already keeps its page and its order."""
        if view is None or view.draw is not None or view.rows.is_empty():
            self.place.children, self._rows = (), None
            return
        rows = view.written()
        if self._rows is not None and rows.equals(self._rows):
            return
        self._rows = rows
        select = "single" if view.picks else False
        table = ITable(rows, select=select, order=[], **_TABLE)
        table.observe(self._selected, "selected_rows")
        self.place.children = (table,)

    def _selected(self, change: Mapping[str, Any]) -> None:
        if change["new"]:
            self.picked(change["new"][0])
