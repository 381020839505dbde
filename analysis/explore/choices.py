"""What the pickers of the workbench share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import polars as pl

#: What a dataset has, and the property of `Data` that lists it.
LISTED = {"project": "projects", "model": "models", "source": "sources"}


@dataclass(frozen=True)
class Choices:
    """Which requests a view is of; empty stands for all.

    `project`, `model` and `source` are as the tables have them; `since` and `until` are days as
    YYYY-MM-DD, both inclusive, of `timezone`; `session` is the one that is looked at alone.
    """

    project: str = ""
    model: str = ""
    source: str = ""
    since: str = ""
    until: str = ""
    timezone: str = "UTC"
    session: str = ""

    def kept(self) -> list[pl.Expr]:
        """Return what a request must fulfil, but for its session.

        Examples
        --------
        >>> [str(e) for e in Choices(project="project-01").kept()]
        ['[(col("project")) == ("project-01")]']
        """
        wanted = [pl.col(n) == v for n in LISTED if (v := getattr(self, n))]
        seen = pl.col("first_seen")
        if self.since:
            wanted.append(seen >= midnight(self.since, self.timezone))
        if self.until:
            wanted.append(seen < midnight(self.until, self.timezone, days=1))
        return wanted


def midnight(day: str, timezone: str, days: int = 0) -> dt.datetime:
    """Return when a day begins somewhere, or one some days later, in UTC.

    Examples
    --------
    >>> f"{midnight('2026-03-19', 'Europe/Paris', days=1):%d %H:%M}"
    '19 23:00'
    """
    date = dt.date.fromisoformat(day) + dt.timedelta(days)
    begins = dt.datetime.combine(date, dt.time.min, ZoneInfo(timezone))
    return begins.astimezone(dt.UTC)
