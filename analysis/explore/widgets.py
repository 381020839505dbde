"""How pickers and panels look: the one module that needs ipywidgets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any
from zoneinfo import available_timezones

import ipywidgets as w
import polars as pl
from itables.widget import ITable

from analysis import errors
from analysis.explore.bench import SHARED, Bench, Show
from analysis.explore.controls import Control, Pick, Slide
from analysis.explore.view import View
from analysis.logs import store

_PICKER = {"style": {"description_width": "70px"}, "layout": {"width": "260px"}}
_TABLE = {
    "maxBytes": 0,
    "show_dtypes": False,
    "showIndex": False,
    "lengthMenu": [10, 25, 100],
    "classes": "display nowrap compact",
}
_SMALL = {"width": "40px"}
_WRAP = {"flex_flow": "row wrap", "align_items": "center", "grid_gap": "2px 12px"}


class Panel:
    """A view, its controls, and whether it is open: a closed one is not drawn."""

    def __init__(self, bench: Bench, view: Show, controls: Mapping[str, Control]) -> None:
        self.bench, self.view, self.controls = bench, view, controls
        self.drawn: View | None = None
        self.asked: dict[str, Any] = {}
        self._quiet = False
        self.seconds = 0.0
        self.parts = {name: self._part(name, control) for name, control in controls.items()}
        self.open = w.ToggleButton(value=True, icon="eye", tooltip="Hide or show", layout=_SMALL)
        self.open.observe(self._opened, "value")
        self.tools = w.HBox([*self.parts.values(), self.open], layout=w.Layout(**_WRAP))
        self.out, self.table = w.Output(), Table(self._picked)
        self.box = w.VBox([self.tools, self.out, self.table.place])
        self.redraw()

    def redraw(self) -> None:
        """Draw it again, if it is open and would look otherwise."""
        self._offer()
        if not self.open.value:
            self._clear()
            return
        begun = perf_counter()
        try:
            self._draw(self.bench.see(self.view, self.own), self.own)
        except Exception as error:  # else it would be seen nowhere
            self._clear(_failed(error))
        self.seconds = perf_counter() - begun

    def _draw(self, view: View, own: dict[str, Any]) -> None:
        if self.drawn is None or own != self.asked or not view.looks_like(self.drawn):
            self.out.outputs = tuple(view.outputs())
            self.table.show(view)
        self.drawn, self.asked = view, own

    def _clear(self, *outputs: dict[str, Any]) -> None:
        self.out.outputs, self.drawn = outputs, None
        self.table.show(None)

    @property
    def own(self) -> dict[str, Any]:
        """What its controls say."""
        return {name: part.value for name, part in self.parts.items()}

    def _part(self, name: str, control: Control) -> Any:
        part = _widget(control, self.bench)
        part.observe(lambda change: self._changed(name, change["new"]), "value")
        return part

    def _changed(self, name: str, value: Any) -> None:
        if self._quiet:
            return
        if name in SHARED:
            self.bench.choose(**{name: value or ""})
        else:
            self.redraw()

    def _offer(self) -> None:
        """Offer what there is to pick now, and show what all panels share."""
        self._quiet = True
        for name, control in self.controls.items():
            if isinstance(control, Pick):
                part = self.parts[name]
                offered = tuple(control.offered(self.bench.data, self.bench.choices))
                wanted = getattr(self.bench.choices, name) if name in SHARED else part.value
                known = [value for _, value in offered]
                if part.options != offered:
                    part.options = offered
                part.value = wanted if wanted in known else next(iter(known), None)
        self._quiet = False

    def _picked(self, row: int) -> None:
        if self.drawn and self.drawn.picks:
            name, values = self.drawn.picks
            self.bench.choose(**{name: values[row]})

    def _opened(self, change: Mapping[str, Any]) -> None:
        self.open.icon = "eye" if change["new"] else "eye-slash"
        self.redraw()


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


def pickers(bench: Bench) -> Any:
    """Return the pickers that all panels share."""
    data, chosen = bench.data, bench.choices
    parts = {
        "dataset": w.Dropdown(
            **_PICKER, description="Dataset", options=store.datasets(), value=data.logs.name
        ),
        "project": w.Dropdown(**_PICKER, description="Project", options=_projects(bench)),
        "model": w.Dropdown(**_PICKER, description="Model", options=_models(bench)),
        "since": w.DatePicker(**_PICKER, description="From", value=_day(chosen.since)),
        "until": w.DatePicker(**_PICKER, description="Until", value=_day(chosen.until)),
        "timezone": w.Combobox(
            **_PICKER,
            description="Days of",
            options=sorted(available_timezones()),
            ensure_option=True,
            value=chosen.timezone,
            continuous_update=False,
        ),
        "price_date": w.DatePicker(**_PICKER, description="Prices of", value=_day(data.price_date)),
    }
    parts["project"].value, parts["model"].value = chosen.project, chosen.model

    failed = w.Output()

    def choose(name: str, value: Any) -> None:
        if quiet:
            return
        said = f"{value:%Y-%m-%d}" if isinstance(value, dt.date) else value or ""
        try:
            bench.choose(**{name: said})
            failed.outputs = ()
        except Exception as error:  # else it would be seen nowhere
            failed.outputs = (_failed(error),)
        if name == "dataset":
            renew()

    def renew() -> None:
        quiet.append("dataset")
        for name, options in (("project", _projects(bench)), ("model", _models(bench))):
            parts[name].options, parts[name].value = options, ""
        parts["since"].value = parts["until"].value = None
        quiet.clear()

    quiet: list[str] = []
    for name, part in parts.items():
        part.observe(lambda change, name=name: choose(name, change["new"]), "value")
    return w.VBox([w.HBox([*parts.values()], layout=w.Layout(**_WRAP)), failed])


def _projects(bench: Bench) -> list[tuple[str, str]]:
    return [("all", ""), *((bench.data.named(label), label) for label in bench.data.projects)]


def _models(bench: Bench) -> list[tuple[str, str]]:
    return [("all", ""), *((model, model) for model in bench.data.models)]


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _widget(control: Control, bench: Bench) -> Any:
    wide = {"style": {"description_width": "initial"}, "layout": {"width": "auto"}}
    first = control.first(bench.data, bench.choices)
    if isinstance(control, Pick):
        offered = control.offered(bench.data, bench.choices)
        value = first if offered else None
        return w.Dropdown(description=control.label, options=offered, value=value, **wide)
    if not isinstance(control, Slide):
        return w.Checkbox(description=control.label, value=first, indent=False, **wide)
    whole = isinstance(control.value, int) and isinstance(control.step, int)
    slider = w.IntSlider if whole else w.FloatSlider
    return slider(
        description=control.label,
        min=control.low,
        max=control.high,
        step=control.step,
        value=first,
        continuous_update=False,
        **{**wide, "layout": {"width": "360px"}},
    )


def _failed(error: Exception) -> dict[str, Any]:
    said = f"This cannot be shown: {errors.told(error)}"
    return {"output_type": "stream", "name": "stderr", "text": f"{said}\n"}
