"""Controls of a panel: what a view may be asked, without a word of how they look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.explore.choices import Choices
from analysis.explore.data import Data

#: What can be picked: what is read, and what it stands for.
Options = Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Pick:
    """One of some options, which may depend on what was chosen; the first without a `value`.

    Options that `slide` are in an order, and lie along a slider.
    """

    label: str
    options: Options | Callable[[Data, Choices], Options]
    value: Any = None
    slide: bool = False

    def offered(self, data: Data, choices: Choices) -> Options:
        """Return what there is to pick from."""
        return self.options(data, choices) if callable(self.options) else self.options

    def first(self, data: Data, choices: Choices) -> Any:
        """Return what is picked before anybody picks; nothing where there is nothing."""
        if self.value is not None:
            return self.value
        offered = self.offered(data, choices)
        return offered[0][1] if offered else ""


@dataclass(frozen=True)
class Slide:
    """A number between two ends; a whole one where its first value is whole."""

    label: str
    low: float
    high: float
    step: float
    value: float

    def first(self, data: Data, choices: Choices) -> float:
        """Return the number that it begins at."""
        return self.value


@dataclass(frozen=True)
class Tick:
    """Yes or no."""

    label: str
    value: bool = False

    def first(self, data: Data, choices: Choices) -> bool:
        """Return what it begins as."""
        return self.value


Control = Pick | Slide | Tick
