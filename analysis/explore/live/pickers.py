"""The pickers that all panels share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

import ipywidgets as w

from analysis import errors
from analysis.explore.bench import Bench
from analysis.explore.choices import LISTED
from analysis.explore.live.panel import WRAP, failed
from analysis.logs import store
from analysis.words.explore import TURNED, turned

_LOOK = {"style": {"description_width": "70px"}, "layout": {"width": "260px"}}

_AGAIN = {
    "description": "Look again",
    "tooltip": "List datasets that were loaded since",
    "layout": {"width": "auto"},
}


class Pickers:
    """Dataset, project, model, days, time zone and the day of the prices."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._quiet = False
        named = (zone for zone in available_timezones() if "/" in zone)
        zones = ["UTC", *sorted({*named, bench.choices.timezone} - {"UTC"})]
        chosen, prices = bench.choices, bench.data.price_date
        known, name = [bench.data.logs.name], bench.data.logs.name
        self.parts = {
            "dataset": w.Dropdown(description="Dataset", options=known, value=name, **_LOOK),
            **{n: w.Dropdown(description=n.capitalize(), **_LOOK) for n in LISTED},
            "since": w.DatePicker(description="From", value=_day(chosen.since), **_LOOK),
            "until": w.DatePicker(description="Until", value=_day(chosen.until), **_LOOK),
            "timezone": w.Dropdown(
                description="Days of", options=zones, value=chosen.timezone, **_LOOK
            ),
            "price_date": w.DatePicker(description="Prices of", value=_day(prices), **_LOOK),
        }
        self._offer()
        for part_name, part in self.parts.items():
            part.observe(lambda change, name=part_name: self._changed(name, change), "value")
        self.failed = w.Output()
        self.again = w.Button(icon="refresh", **_AGAIN)
        self.again.on_click(lambda _: self._look())
        dataset, *others = self.parts.values()
        row = w.HBox([dataset, self.again, *others], layout=w.Layout(**WRAP))
        self.box = w.VBox([row, self.failed])

    def _changed(self, name: str, change: Mapping[str, Any]) -> None:
        if self._quiet:
            return
        value = change["new"]
        said = f"{value:%Y-%m-%d}" if isinstance(value, dt.date) else value or ""
        try:
            try:
                self.bench.choose(**{name: said})
            finally:
                if name == "dataset":
                    self._offer()  # one that cannot be read is not chosen
            self._warn()
        except Exception as error:  # else it would be seen nowhere
            self.failed.outputs = (failed(errors.told(error)),)

    def _look(self) -> None:
        """Offer what was loaded since."""
        try:
            self._offer()
        except Exception as error:  # else it would be seen nowhere
            self.failed.outputs = (failed(errors.told(error)),)

    def _offer(self) -> None:
        """Offer what the dataset has, and show what is chosen of it."""
        self._quiet = True
        try:
            data, chosen = self.bench.data, self.bench.choices
            for name, found in LISTED.items():
                there, part = getattr(data, found), self.parts[name]
                part.options = [("all", ""), *((data.named(label), label) for label in there)]
                part.value = getattr(chosen, name)
            self.parts["source"].layout.display = "none" if len(data.sources) < 2 else None
            for name in ("since", "until"):
                self.parts[name].value = _day(getattr(chosen, name))
            self.parts["dataset"].options = sorted({*store.datasets(), data.logs.name})
            self.parts["dataset"].value = data.logs.name
        finally:
            self._quiet = False

    def _warn(self) -> None:
        """Say why nothing is left, where the days that were chosen are the wrong way round."""
        said = {"output_type": "stream", "name": "stderr", "text": f"{TURNED}\n"}
        self.failed.outputs = (said,) if turned(self.bench.choices) else ()


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
