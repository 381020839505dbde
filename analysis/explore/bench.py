"""The bench: what was chosen, and the panels that show it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import fields, replace
from importlib.util import find_spec
from typing import Any, ClassVar, NamedTuple

from analysis import load
from analysis.asked import asked
from analysis.explore.choices import LISTED, Choices
from analysis.explore.controls import Control
from analysis.explore.data import Data
from analysis.explore.view import View
from analysis.logs import store
from analysis.report import names
from analysis.report.figures import say, use_theme
from analysis.words import explore as words

#: What `make lab NAME=...` sets.
DATASET = "EXPLORE_DATASET"

#: Names of the choices, which controls of any panel may set for all.
SHARED = tuple(f.name for f in fields(Choices))

#: Choices that mean something in one dataset alone.
_OF_ONE = ("project", "model", "source", "since", "until")

Show = Callable[..., View]


class Kept(NamedTuple):
    """What was chosen last, which a bench that is made anew in the same kernel begins with."""

    dataset: str = ""
    price_date: str = ""
    choices: Choices = Choices()


class Bench:
    """A dataset, what was chosen of it, and the panels that are drawn again when that changes.

    Parameters
    ----------
    dataset
        Its name, or where logs are, as `analysis.load` takes it; empty: what was chosen last in
        this kernel, as when all cells are run again, else what `make lab` was given, else the
        sample.
    price_date
        Price everything at this day's list; empty: what was chosen last, else each request at its
        own day's.
    chosen
        Fields of `Choices`, to begin with; without, those that were chosen last of this dataset.

    Raises
    ------
    StoreError
        When there is no such dataset; says which there are and how to load one.
    """

    kept: ClassVar[Kept] = Kept()

    def __init__(self, dataset: str = "", price_date: str = "", **chosen: str) -> None:
        use_theme()
        self.panels: dict[str, Any] = {}
        self._loaded: dict[str, Data] = {}
        kept = self.kept if self.kept.dataset in store.datasets() else Kept()
        if dataset not in ("", kept.dataset):
            kept = Kept()
        name = dataset or kept.dataset or os.environ.get(DATASET) or "sample"
        self.data = self._load(name).at(price_date or kept.price_date)
        there = {n: getattr(self.data, listed) for n, listed in LISTED.items()}
        gone = {n: "" for n, names in there.items() if getattr(kept.choices, n) not in names}
        self.choices = Choices(**chosen) if chosen else replace(kept.choices, **gone)

    def pickers(self) -> Any:
        """Show the pickers, or say what is shown where there are no widgets."""
        if not live():
            say(words.chosen(self.data, self.choices))
            return None
        from analysis.explore.live.pickers import Pickers

        return Pickers(self).box

    def panel(self, view: Show, **controls: Control) -> Any:
        """Show a view with its controls; it replaces the panel that showed the same view."""
        if not live():
            self.drawn(view, {n: c.first(self.data, self.choices) for n, c in controls.items()})
            return None
        from analysis.explore.live.panel import Panel

        panel = Panel(self, view, controls)
        self.panels[f"{view.__module__}.{view.__qualname__}"] = panel
        return panel.box

    def see(self, view: Show, own: dict[str, Any]) -> View:
        """Return a view of what was chosen; of `own`, what all panels share is left out."""
        mine = {name: value for name, value in own.items() if name not in SHARED}
        found = view(self.data, self.choices, **mine)
        return replace(found, title=words.TURNED) if words.turned(self.choices) else found

    def drawn(self, view: Show, own: dict[str, Any]) -> View:
        """Show a view once, and return it."""
        shared = {name: value for name, value in own.items() if name in SHARED}
        self.choices = replace(self.choices, **shared)
        found = self.see(view, own)
        found.show()
        return found

    def choose(self, **changes: str) -> None:
        """Choose something else, and draw every open panel again: `project="project-01"`.

        `dataset` and `price_date` may be among it. Another project, model or day lets go of the
        session; another dataset of project, model, source and days as well.
        """
        dataset = changes.pop("dataset", self.data.logs.name)
        price_date = changes.pop("price_date", self.data.price_date)
        if dataset != self.data.logs.name:
            changes = {**dict.fromkeys(_OF_ONE, ""), **changes}
        if changes.keys() - {"session"}:
            changes = {"session": ""} | changes
        self.data = self._load(dataset).at(price_date)
        self.choices = replace(self.choices, **changes)
        Bench.kept = Kept(dataset, price_date, self.choices)
        for panel in self.panels.values():
            panel.redraw()

    def _load(self, dataset: str) -> Data:
        if dataset not in self._loaded:
            logs = load(dataset)
            self._loaded = {logs.name: Data.of(logs, names.of(logs.name))}  # one alone: memory
        (data,) = self._loaded.values()
        names.choose(data.logs.name, always=True)
        return data


def live() -> bool:
    """Whether there are widgets: they are installed, and EXPLORE_STATIC does not forbid them."""
    needed = ("anywidget", "ipywidgets", "itables")
    return not asked("EXPLORE_STATIC") and all(map(find_spec, needed))
