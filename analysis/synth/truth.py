"""What was simulated, whatever the logs say of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field, fields


@dataclass(frozen=True, order=True)
class Rebuild:
    """A prompt written to the cache again, `tokens` of it; `cause` is expiry, model or tools.

    The tokens include what was new in the prompt; the time is that of the answer's first line.
    """

    at: dt.datetime
    session: str
    tokens: int
    cause: str


@dataclass(frozen=True, order=True)
class Compaction:
    """A context cut to a summary; `trigger` is auto or manual, `tokens` stood before."""

    at: dt.datetime
    session: str
    trigger: str
    tokens: int


@dataclass(frozen=True, order=True)
class ModelChange:
    """The first answer of another model in a chain."""

    at: dt.datetime
    session: str
    model: str


@dataclass(frozen=True, order=True)
class Limit:
    """A request refused because the window's budget was spent."""

    at: dt.datetime
    session: str
    resets: dt.datetime


@dataclass
class Window:
    """A quota window and what was spent in it."""

    begins: dt.datetime
    used: float = 0.0


@dataclass
class Truth:
    """What was simulated.

    `tokens` are a right reader's totals of requests in transcripts, `progress_tokens` of those
    found in agent progress alone; `outputs` is what the model truly produced, by message id, and
    `lines` counts the lines of each class. A quota window's `used` weighs input and writes 1,
    output 5 and cache reads `quota_weight`, against `budget`; what no log shows, such as the
    request that summarises for a compaction, is not charged. `forks` counts sessions whose log
    begins as a copy of another's; `resumes` are those of them that renamed the copied lines, as
    the session copied and its copy.
    """

    quota_weight: float = 0.0
    budget: float = 0.0
    requests: int = 0
    progress_requests: int = 0
    extra_records: int = 0
    bytes: int = 0
    forks: int = 0
    resumes: list[tuple[str, str]] = field(default_factory=list)
    rewinds: int = 0
    tokens: Counter[str] = field(default_factory=Counter)
    progress_tokens: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)
    outputs: dict[str, int] = field(default_factory=dict)
    rebuilds: list[Rebuild] = field(default_factory=list)
    compactions: list[Compaction] = field(default_factory=list)
    model_changes: list[ModelChange] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)

    def add(self, other: Truth) -> None:
        """Take in what another account did; the quota is each account's own."""
        for name in (f.name for f in fields(self)):
            mine, theirs = getattr(self, name), getattr(other, name)
            if isinstance(mine, dict):  # a counter adds, ids are never the same
                mine.update(theirs)
            elif isinstance(mine, list):
                mine.extend(theirs)
            elif isinstance(mine, int):
                setattr(self, name, mine + theirs)

    @property
    def output(self) -> int:
        """Output tokens that the model truly produced."""
        return sum(self.outputs.values())

    @property
    def expiries(self) -> list[Rebuild]:
        """Prompts rebuilt because a pause outlived the cache entry."""
        return [r for r in self.rebuilds if r.cause == "expiry"]
