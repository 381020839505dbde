"""One conversation as the API sees it: a growing prompt and what of it the cache holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from analysis.synth import shapes
from analysis.synth.dice import Dice

MINUTES, HOUR = dt.timedelta(minutes=5), dt.timedelta(hours=1)


@dataclass
class Chain:
    """`context` tokens are to be sent next, the first `cached` of them may still be in the cache.

    `shared` is a prefix that other sessions of the model keep alive, 0 where none does.
    """

    dice: Dice
    context: int
    shared: int = 0
    cached: int = 0
    used: dt.datetime | None = None
    model: str = ""
    lifetime: dt.timedelta = MINUTES

    def ask(self, at: dt.datetime, model: str, *, hour: bool) -> tuple[dict[str, int], str | None]:
        """Send the prompt; return its tokens by class and why a cached prefix was not read."""
        cause = self._missed(at, model)
        fresh = min(self.dice.choice(shapes.INPUT), self.context - 1)
        if self.used is None:
            self.cached = self.shared
        known = min(self.cached, self.context - fresh)
        read = 0 if cause == "model" else min(self.shared, known) if cause else known
        write = self.context - read - fresh
        self.cached, self.used, self.model = read + write, at, model
        self.lifetime = HOUR if hour else MINUTES
        return {"input": fresh, "write": write, "read": read}, cause

    def _missed(self, at: dt.datetime, model: str) -> str | None:
        if self.used is None:
            return None
        if model != self.model:
            return "model"
        if at - self.used > self.lifetime:
            return "expiry"
        return "tools" if self.dice.chance(shapes.TOOLS_CHANGED) else None

    def shrink(self, context: int, kept: int) -> None:
        """Go on from a shorter prompt whose first `kept` tokens are those of the old."""
        self.context, self.cached = context, min(self.cached, kept)
