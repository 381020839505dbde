"""What the tool says, and what it holds of a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Counts(NamedTuple):
    """Tokens by class; they add up like numbers."""

    input: int = 0
    output: int = 0
    write: int = 0
    read: int = 0

    def plus(self, other: Counts) -> Counts:
        """Return the sum."""
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))

    def minus(self, other: Counts) -> Counts:
        """Return the difference."""
        return Counts(*(a - b for a, b in zip(self, other, strict=True)))


@dataclass(frozen=True)
class Said:
    """What a report of the tool adds up to, by model as it spells it; "" is without a model.

    `nano` is its dollars in whole nano-dollars, rounded once.
    """

    tokens: Mapping[str, Counts]
    nano: Mapping[str, int]


class Seen(NamedTuple):
    """A usage as the tool holds it; `at` is in milliseconds of UTC, `cost` in nano-dollars."""

    message: str | None
    request: str | None
    session: str | None
    at: int
    sidechain: bool
    model: str
    tokens: Counts
    fast: bool
    cost: int | None = None


class Look(NamedTuple):
    """What the tool sees on a line: usages, the first the answer's; or the rule that says none."""

    seen: tuple[Seen, ...]
    rule: str = ""
