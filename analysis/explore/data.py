"""A dataset at one day's prices, with what all views of it rest on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import polars as pl

from analysis.explore.choices import Choices
from analysis.logs.dataset import Logs
from analysis.measures import rebuilds

#: Answers that are kept: what was chosen, and what was chosen before it.
_KEPT = 12


@dataclass(frozen=True, eq=False)
class Data:
    """The requests of a dataset, and projects' names by label; `price_date` as in `Logs.priced`."""

    logs: Logs
    rows: pl.DataFrame = field(repr=False)
    names: Mapping[str, str] = field(default_factory=dict)
    price_date: str = ""
    _answers: OrderedDict[tuple[str, Choices], pl.DataFrame] = field(
        default_factory=OrderedDict, repr=False
    )

    @classmethod
    def of(cls, logs: Logs, names: Mapping[str, str] | None = None, price_date: str = "") -> Data:
        """Price a dataset's requests and find every rebuild.

        Examples
        --------
        >>> from analysis.schema import dtypes
        >>> empty = (pl.DataFrame(schema=dtypes(t)) for t in ("copies", "events", "files"))
        >>> Data.of(Logs("none", *empty)).rows.height
        0
        """
        rows = rebuilds.rebuilt(logs.priced(price_date), logs.events)
        return cls(logs, rows, names or {}, price_date)

    def at(self, price_date: str) -> Data:
        """Return the same requests at the list of another day; empty: each at its own day's."""
        if price_date == self.price_date:
            return self
        rows = rebuilds.repriced(self.rows, self.logs.pricing(price_date))
        return replace(self, rows=rows, price_date=price_date, _answers=OrderedDict())

    def within(self, choices: Choices) -> pl.DataFrame:
        """Return the rows of what was chosen, of all its sessions."""
        kept = choices.kept()
        return self.once("rows", choices, lambda rows: rows.filter(*kept)) if kept else self.rows

    def once(
        self, name: str, choices: Choices, measure: Callable[[pl.DataFrame], pl.DataFrame]
    ) -> pl.DataFrame:
        """Return a measure of what was chosen, computed once; the last few answers are kept.

        Parameters
        ----------
        name
            Of the measure: of each name there is one.
        """
        asked = name, replace(choices, session="")
        if asked not in self._answers:
            self._answers[asked] = measure(self.rows if name == "rows" else self.within(choices))
        self._answers.move_to_end(asked)
        while len(self._answers) > _KEPT:
            self._answers.popitem(last=False)
        return self._answers[asked]

    def forget(self) -> None:
        """Let go of the answers that are kept, as when much else was asked since."""
        self._answers.clear()

    @property
    def events(self) -> pl.DataFrame:
        """What happened between the requests."""
        return self.logs.events

    @cached_property
    def projects(self) -> list[str]:
        """Labels of projects, those with most requests first."""
        return self._most("project")

    @cached_property
    def models(self) -> list[str]:
        """Models, those with most requests first."""
        return self._most("model")

    @cached_property
    def sources(self) -> list[str]:
        """Tools that wrote the logs, those with most requests first."""
        return self._most("source")

    def named(self, label: str) -> str:
        """Return a project's own name, or its label where no log tells one."""
        return self.names.get(label, label)

    def _most(self, column: str) -> list[str]:
        counts = self.rows.group_by(column).len().sort("len", column, descending=[True, False])
        return counts[column].to_list()
