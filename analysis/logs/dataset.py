"""A dataset's tables in one object, and the few ways to narrow it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from analysis import paths
from analysis.logs.identity import calls, key, resolve, same, speakers, without_echo
from analysis.logs.policies import POLICIES
from analysis.models import normalise
from analysis.overrides import read_overrides
from analysis.params import ParameterError, checked, hint
from analysis.prices import price
from analysis.words.numbers import count

if TYPE_CHECKING:
    import pandas as pd

#: One value, or several of which any will do.
Wanted = str | Sequence[str]


class WhereError(ValueError):
    """Nothing of a dataset is called so, or a day is none; says what there is, or how to write."""


@dataclass(frozen=True, repr=False, eq=False)
class Logs:
    """The tables of a dataset: `copies`, `events`, `files`, and `requests` resolved from copies.

    Nothing changes it: `where` and `policy` return another one, narrowed or counted otherwise.

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
    _narrowed: tuple[Logs, Callable[[Logs], Logs]] | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        return (
            f"Logs({self.name!r}: {count(self.requests.height, 'request')} in "
            f"{count(self.files.height, 'file')})"
        )

    @cached_property
    def requests(self) -> pl.DataFrame:
        """One row per API request, as the chosen policy counts."""
        return resolve(self.copies, self.counted)

    def policy(self, name: str) -> Logs:
        """Count by another policy: a name from `analysis.logs.policies.POLICIES`.

        What was narrowed before is narrowed as that policy counts, so that the order is one: which
        copy speaks for a request, and so of which session it is, is for the policy to say.

        Examples
        --------
        >>> from analysis import load
        >>> logs = load("sample")
        >>> one = logs.where(project="project-01").policy("per-file").requests
        >>> one.equals(logs.policy("per-file").where(project="project-01").requests)
        True
        """
        if name == self.counted:
            return self
        if self._narrowed is None:
            return replace(self, counted=name)
        before, narrow = self._narrowed
        return narrow(before.policy(name))

    def where(
        self,
        since: str = "",
        until: str = "",
        timezone: str = "UTC",
        *,
        project: Wanted = (),
        session: Wanted = (),
        model: Wanted = (),
        source: Wanted = (),
    ) -> Logs:
        """Keep some requests, with all their copies, and the events around them.

        A request is of its first line's day, and of the project, session and model of the copy
        that speaks for it. Events of a model are those of its sessions. The line ledger stays
        whole but for a project or a session, since its lines have no day and no model.

        Parameters
        ----------
        since, until
            First and last day, inclusive, as YYYY-MM-DD; empty for no bound.
        timezone
            Whose days.
        project
            Labels, such as `project-01`, or names of folders; one or several, as with the next.
        session
            Ids, or how they begin.
        model, source
            As `requests` has them; a model may be spelled as in the log.

        Raises
        ------
        WhereError
            When nothing is called so; says what there is. When a day or a zone is none; says how
            one is written.

        Examples
        --------
        >>> from analysis import load
        >>> logs = load("sample")
        >>> logs.where(since="2026-03-01", project="project-02", model="claude-opus-4-6")
        Logs('sample': 54 requests in 19 files)
        >>> logs.where(model="gpt-0")
        Traceback (most recent call last):
        ...
        analysis.logs.dataset.WhereError: no request of 'sample' has model 'gpt-0': there are ...
        """
        first = pl.col("first_seen").min().over(key())
        for name, given in {"since": since, "until": until, "timezone": timezone}.items():
            _readable("where", name, given)
        copies = without_echo(self.copies) if since or until else self.copies  # a log's day counts
        again = partial(
            Logs.where,
            since=since,
            until=until,
            timezone=timezone,
            project=project,
            session=session,
            model=model,
            source=source,
        )
        days = replace(
            self,
            _narrowed=(self, again),
            copies=copies.filter(_within(first, since, until, timezone)),
            events=self.events.filter(_within(pl.col("at"), since, until, timezone)),
        )
        wanted = {"project": project, "session": session, "model": model, "source": source}
        chosen = {name: self._meant(name, value) for name, value in wanted.items() if value}
        return days._only(chosen) if chosen else days

    def _only(self, chosen: Mapping[str, Sequence[str]]) -> Logs:
        """Keep the requests, and the sums, whose columns have one of the values chosen."""
        wanted = [pl.col(name).is_in(v) for name, v in chosen.items()]
        speak = speakers(self.copies, self.counted).filter(wanted)
        one = same(POLICIES[self.counted])
        on = [by.meta.output_name() for by in one]
        copies = self.copies.with_columns(one).join(
            speak.select(one), on=on, how="semi", nulls_equal=True
        )
        sums = self.copies.filter(pl.col("origin") == "sum", *wanted)  # of which none speaks
        places = {name: v for name, v in chosen.items() if name in ("project", "session")}
        within = [pl.col(name).is_in(v) for name, v in places.items()]
        around = pl.lit(True)
        if len(places) < len(chosen):
            around = pl.col("session").is_in(speak["session"].unique().to_list())
        return replace(
            self,
            copies=pl.concat([copies.select(self.copies.columns), sums]),
            events=self.events.filter(*within, around),
            files=self.files.filter(*within),
        )

    def _meant(self, name: str, value: Wanted) -> Sequence[str]:
        """Return the values of a column that are meant by what was asked for."""
        there = self.copies[name].drop_nulls().unique().sort().to_list()
        found: list[str] = []
        for asked in [value] if isinstance(value, str) else value:
            meant = [v for v in there if v in self._spelled(name, asked)]
            if name == "session":
                meant = [v for v in there if v.startswith(asked)]
            if not meant:
                raise WhereError(
                    f"no request of {self.name!r} has {name} {asked!r}: {_there(name, there)}"
                )
            found += meant
        return found

    def _spelled(self, name: str, asked: str) -> set[str]:
        """Return how a table may spell a project or a model."""
        if name == "project":
            from analysis.report.names import of

            return {asked, *(label for label, named in of(self.name).items() if named == asked)}
        if name == "model":
            return {asked, normalise(asked), self.labels.get(asked, asked)}
        return {asked}

    def tool(self, source: str) -> Logs:
        """Keep what one source says: a tool's requests and events, and their files."""
        if (self.files["source"] == source).all():
            return self
        own = pl.col("source") == source
        return replace(
            self,
            _narrowed=(self, partial(Logs.tool, source=source)),
            copies=self.copies.filter(own),
            events=self.events.filter(own),
            files=self.files.filter(own),
        )

    def priced(
        self, date: str = "", overrides: str | Path | pl.DataFrame | None = None
    ) -> pl.DataFrame:
        """Price the requests at list.

        Parameters
        ----------
        date
            Price everything at this day's list; empty: each request at its own day's.
        overrides
            Prices that win over the list: a CSV file as `analysis.overrides.read_overrides` reads
            it, or a frame with its columns; without, `data/raw/prices.csv` if there is one.

        Returns
        -------
        pl.DataFrame
            `requests` with `calls` (more than one where a policy counts lines as requests) and
            nano-dollars by token class; null where no price is known.

        Raises
        ------
        PriceError
            When a file of prices cannot be used; says what is wrong in which line.
        WhereError
            When the date is none; says how one is written.

        Examples
        --------
        >>> from analysis import load
        >>> logs = load("sample").where(model="claude-opus-4-6")
        >>> own = {"model": ["claude-opus-4-6"], "input": [0], "write_5m": [0], "write_1h": [0]}
        >>> own = pl.DataFrame(own | {"read": [1], "output": [0]})
        >>> own_nano = logs.priced(overrides=own)["total_nano"].sum()
        >>> own_nano == logs.requests["read_tokens"].sum() * 1000
        True
        """
        counted = self.requests.with_columns(calls(POLICIES[self.counted]))
        return self.pricing(date, overrides)(counted)

    def pricing(
        self, date: str = "", overrides: str | Path | pl.DataFrame | None = None
    ) -> Callable[..., pl.DataFrame]:
        """Return what prices rows with other tokens, models or days as `priced` prices these."""
        _readable("priced", "date", date, "price_date")
        day = dt.date.fromisoformat(date) if date else None
        own = self.overrides if overrides is None else self._relabelled(overrides)

        def reprice(rows: pl.DataFrame, *, date: dt.date | None = day) -> pl.DataFrame:
            return price(rows, date=date, overrides=own)

        return reprice

    def to_pandas(self) -> dict[str, pd.DataFrame]:
        """Return the four tables as pandas frames, by name.

        Examples
        --------
        >>> from analysis import load
        >>> tables = load("sample").to_pandas()
        >>> sorted(tables), len(tables["requests"])
        (['copies', 'events', 'files', 'requests'], 516)
        """
        tables = ("copies", "requests", "events", "files")
        return {name: getattr(self, name).to_pandas() for name in tables}

    def _repr_html_(self) -> str:
        """Return the card that a notebook shows."""
        from analysis.words.card import card

        return card(self)

    @property
    def overrides(self) -> pl.DataFrame | None:
        """The reader's own prices, if there are any, by the names that the tables use."""
        return self._relabelled(paths.PRICES) if paths.PRICES.exists() else None

    def _relabelled(self, prices: str | Path | pl.DataFrame) -> pl.DataFrame:
        known = {normalise(name): label for name, label in self.labels.items()}
        own = prices if isinstance(prices, pl.DataFrame) else read_overrides(Path(prices))
        return own.with_columns(pl.col("model").replace(known))


def _readable(call: str, name: str, given: str, parameter: str = "") -> None:
    """Refuse a day or a zone that is none.

    >>> _readable("where", "since", "march")
    Traceback (most recent call last):
    analysis.logs.dataset.WhereError: where(since='march'): write a day as YYYY-MM-DD, or nothing
    """
    if (name, given) == ("timezone", "UTC"):
        return
    try:
        checked(parameter or name, given)
    except ParameterError as error:
        form = hint(parameter or name)
        raise WhereError(f"{call}({name}={given!r}): write {form}") from error


def _within(at: pl.Expr, since: str, until: str, timezone: str) -> pl.Expr:
    day = at.dt.convert_time_zone(timezone).dt.date()
    kept = pl.lit(True)
    if since:
        kept &= day >= dt.date.fromisoformat(since)
    if until:
        kept &= day <= dt.date.fromisoformat(until)
    return kept


_LISTED = 8


def _there(name: str, there: Sequence[str]) -> str:
    """Say what there is, but for ids, of which nobody remembers one.

    >>> _there("project", ["project-01", "project-02"]), _there("model", [])
    ('there are project-01, project-02', 'there is none')
    >>> _there("session", ["0a1b"])
    'the column session of requests has them'
    """
    if not there:
        return "there is none"
    if name == "session":
        return "the column session of requests has them"
    more = f" and {len(there) - _LISTED:,} more" if len(there) > _LISTED else ""
    return f"there are {', '.join(there[:_LISTED])}{more}"
