"""A view with its controls, drawn again when they or the pickers change."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter
from typing import Any

import ipywidgets as w

from analysis import errors
from analysis.explore.bench import SHARED, Bench, Show
from analysis.explore.controls import Control, Pick, Slide
from analysis.explore.live.export import Export
from analysis.explore.live.table import Table
from analysis.explore.view import View

_SLIDER, _LETTER = 240, 7  # pixels of a slider with its number, and of a letter beside it
SMALL = {"width": "80px"}
_SHOWN = {"description": "Hide", "icon": "eye-slash", "tooltip": "Hide what this panel shows"}
_HIDDEN = {"description": "Show", "icon": "eye", "tooltip": "Show what this panel has hidden"}
WRAP = {"flex_flow": "row wrap", "align_items": "center", "grid_gap": "2px 12px"}


class Panel:
    """A view, its controls, and whether it is open: a closed one is not drawn."""

    def __init__(self, bench: Bench, view: Show, controls: Mapping[str, Control]) -> None:
        self.bench, self.view, self.controls = bench, view, controls
        self.drawn: View | None = None
        self.asked: dict[str, Any] = {}
        self._quiet = False
        self.seconds = 0.0
        self.parts = {name: self._part(name, control) for name, control in controls.items()}
        self.open = w.ToggleButton(value=True, layout=SMALL, **_SHOWN)
        self.open.observe(self._opened, "value")
        self.export = Export(bench, self._shown)
        tools = [*self.parts.values(), self.export.kind, self.export.named, self.open]
        self.tools = w.HBox(tools, layout=w.Layout(**WRAP))
        self.out, self.table = w.Output(), Table(self._picked)
        self.box = w.VBox([self.tools, self.export.said, self.out, self.table.place])
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
            self._clear(failed(errors.told(error)))
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

    def _shown(self) -> tuple[View | None, dict[str, Any]]:
        """Return what it shows, and what its own controls say that is not their first value."""
        known = self.bench.data, self.bench.choices
        first = {name: control.first(*known) for name, control in self.controls.items()}
        own = {n: v for n, v in self.asked.items() if n not in SHARED and v != first[n]}
        return self.drawn, own

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
                usual = control.first(self.bench.data, self.bench.choices) if known else None
                part.value = wanted if wanted in known else usual
        self._quiet = False

    def _picked(self, row: int) -> None:
        if self.drawn and self.drawn.picks:
            name, values = self.drawn.picks
            self.bench.choose(**{name: values[row]})

    def _opened(self, change: Mapping[str, Any]) -> None:
        for name, said in (_SHOWN if change["new"] else _HIDDEN).items():
            setattr(self.open, name, said)
        self.redraw()


def _widget(control: Control, bench: Bench) -> Any:
    wide = {"style": {"description_width": "initial"}, "layout": {"width": "auto"}}
    first = control.first(bench.data, bench.choices)
    if isinstance(control, Pick):
        offered = control.offered(bench.data, bench.choices)
        value = first if offered else None
        said: dict[str, Any] = {"description": control.label, "options": offered, "value": value}
        if control.slide:
            said |= wide | {"layout": _beside(control.label), "continuous_update": False}
            return w.SelectionSlider(**said)
        return w.Dropdown(**said, **wide)
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
        **{**wide, "layout": _beside(control.label)},
    )


def _beside(label: str) -> dict[str, str]:
    """Return the layout of a slider with its label and its number."""
    return {"width": f"{_SLIDER + _LETTER * len(label)}px"}


def failed(said: str) -> dict[str, Any]:
    """Say what could not be shown: of an error that is not ours, `told` says its class alone."""
    return {"output_type": "stream", "name": "stderr", "text": f"This cannot be shown: {said}\n"}
