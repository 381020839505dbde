"""A dataset's tables in one object, and the few ways to narrow it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import polars as pl

from analysis import paths
from analysis.logs.identity import calls, key, resolve
from analysis.logs.policies import POLICIES
from analysis.models import normalise
from analysis.overrides import read_overrides
from analysis.prices import price


@dataclass(frozen=True, repr=False, eq=False)
class Logs:
    """The tables of a dataset: `copies`, `events`, `files`, and `requests` resolved from copies.

    `synthetic` says whether any of it was simulated by `analysis.synth`, `reconstruction` whether
    any is a published session's totals on a simulated path; `labels` holds the labels of models
    whose names are not public, by the name in the logs.
    """

    name: str
    copies: pl.DataFrame
    events: pl.DataFrame
    files: pl.DataFrame
    counted: str = "largest"
    synthetic: bool = False
    reconstruction: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return (
            f"Logs({self.name!r}: {self.requests.height:,} requests in {self.files.height:,} files)"
        )

    @cached_property
    def requests(self) -> pl.DataFrame:
        """One row per API request, as the chosen policy counts."""
        return resolve(self.copies, self.counted)

    def policy(self, name: str) -> Logs:
        """Count by another policy: a name from `analysis.logs.policies.POLICIES`."""
        return replace(self, counted=name)

    def where(self, since: str = "", until: str = "", timezone: str = "UTC") -> Logs:
        """Keep requests and events of some days; the line ledger stays whole.

        Parameters
        ----------
        since, until
            First and last day, inclusive, as YYYY-MM-DD; empty for no bound.
        timezone
            Whose days.
        """
        first = pl.col("first_seen").min().over(key())
        return replace(
            self,
            copies=self.copies.filter(_within(first, since, until, timezone)),
            events=self.events.filter(_within(pl.col("at"), since, until, timezone)),
        )

    def tool(self, source: str) -> Logs:
        """Keep what one source says: a tool's requests and events, and their files."""
        if (self.files["source"] == source).all():
            return self
        own = pl.col("source") == source
        return replace(
            self,
            copies=self.copies.filter(own),
            events=self.events.filter(own),
            files=self.files.filter(own),
        )

    def priced(self, date: str = "") -> pl.DataFrame:
        """Price the requests at list.

        Parameters
        ----------
        date
            Price everything at this day's list; empty: each request at its own day's.

        Returns
        -------
        pl.DataFrame
            `requests` with `calls` (more than one where a policy counts lines as requests) and
            nano-dollars by token class; null where no price is known.
        """
        counted = self.requests.with_columns(calls(POLICIES[self.counted]))
        return self.pricing(date)(counted)

    def pricing(self, date: str = "") -> Callable[..., pl.DataFrame]:
        """Return what prices rows with other tokens, models or days as `priced` prices these."""
        day = dt.date.fromisoformat(date) if date else None

        def reprice(rows: pl.DataFrame, *, date: dt.date | None = day) -> pl.DataFrame:
            return price(rows, date=date, overrides=self.overrides)

        return reprice

    @property
    def overrides(self) -> pl.DataFrame | None:
        """The reader's own prices, if there are any, by the names that the tables use."""
        if not paths.PRICES.exists():
            return None
        known = {normalise(name): label for name, label in self.labels.items()}
        return read_overrides(paths.PRICES).with_columns(pl.col("model").replace(known))


def _within(at: pl.Expr, since: str, until: str, timezone: str) -> pl.Expr:
    day = at.dt.convert_time_zone(timezone).dt.date()
    kept = pl.lit(True)
    if since:
        kept &= day >= dt.date.fromisoformat(since)
    if until:
        kept &= day <= dt.date.fromisoformat(until)
    return kept
