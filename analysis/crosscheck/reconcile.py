"""From our count to the tool's, a rule at a time, so that the parts sum to the difference."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from analysis.crosscheck import rules
from analysis.crosscheck.entries import Entry
from analysis.crosscheck.requests import spoken
from analysis.crosscheck.seen import Counts, Seen
from analysis.logs.frames import frame
from analysis.logs.identity import resolve
from analysis.logs.policies import Policy

_TOKENS = tuple(f"{part}_tokens" for part in Counts._fields)
_KEYED = Policy("", key=("request_id", "_unkeyed"))

#: Gives requests nano-dollars as `total_nano`, null where no price is known.
Price = Callable[[pl.DataFrame], pl.DataFrame]
Named = Callable[[str], str]


class Sums(NamedTuple):
    """What some requests add up to by model: tokens, and our nano-dollars."""

    tokens: Mapping[str, Counts]
    nano: Mapping[str, int]


def sums(requests: pl.DataFrame, price: Price) -> Sums:
    """Add up requests by model; what has no price adds no dollars."""
    found = (
        price(requests)
        .group_by("model")
        .agg(pl.col(_TOKENS).sum(), pl.col("total_nano").sum())
        .sort("model")
        .select("model", *_TOKENS, "total_nano")
        .rows()
    )
    return Sums(
        {model: Counts(*tokens) for model, *tokens, _ in found},
        {model: nano for model, *_, nano in found},
    )


def steps(
    copies: pl.DataFrame, found: Sequence[Entry], report: str, named: Named
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Apply the rules of a report to what the logs say, one after the other.

    Parameters
    ----------
    copies
        Our side of the entries: `entries.ours`.
    found
        `entries.entries` of the same logs.
    report
        `session` or `daily`.
    named
        Returns the name that the tables have for a model.

    Yields
    ------
    tuple
        A rule, and the requests that are left after it: first what we count, line by line, at
        last what the tool counts, if the rules are all there are.
    """
    looks = {n: entry.theirs[report] for n, entry in enumerate(found)}
    seen = {
        n: look.seen[0]._replace(session=look.seen[0].session or found[n].session)
        for n, look in looks.items()
        if look.seen
    }
    why = {n: look.rule for n, look in looks.items()}
    rows = copies.with_columns(_of(why, pl.String).alias("rule"))
    yield "lines", resolve(rows)
    wanted = rules.of(report)
    for rule in wanted:
        if rule in rules.LINES and rule not in ("split", "others"):
            rows = rows.filter(pl.col("rule") != rule)
            yield rule, resolve(rows)
    rows = _as_told(rows.drop("rule"), seen)
    yield "split", resolve(rows)
    rows = _with_others(rows, found, seen, named)
    yield "others", resolve(rows)
    yield "request-key", resolve(rows, Policy("", key=("request_id",)))
    rows = _as_placed(rows, seen, report)
    yield "no-request-id", resolve(rows, _KEYED)
    rows = _without_replays(rows)
    yield "replays", resolve(rows, _KEYED)
    own = pl.col("message_id").str.starts_with("msg_")
    theirs = spoken([(n, seen[n]) for n in sorted(seen)], report)
    counted = pl.col("entry").is_in(theirs)
    everything = _with_others(_as_told(copies, seen), found, seen, named)
    everything = everything.filter(pl.col("entry").is_in(list(seen)))
    apart = everything.filter(~own & counted)
    yield "other-ids", pl.concat([resolve(rows.filter(own), _KEYED), apart], how="diagonal_relaxed")
    yield "choice", everything.filter(counted)


def _as_told(rows: pl.DataFrame, seen: Mapping[int, Seen]) -> pl.DataFrame:
    """Take the tool's cache writes where they differ from ours."""
    write = _of({n: said.tokens.write for n, said in seen.items()}, pl.Int64)
    other = (write != pl.col("write_tokens")).fill_null(False)
    hour = pl.col("write_1h_tokens").fill_null(0)
    return rows.with_columns(
        pl.when(other).then(write).otherwise("write_tokens").alias("write_tokens"),
        pl.when(other)
        .then((write - hour).clip(0))
        .otherwise("write_5m_tokens")
        .alias("write_5m_tokens"),
        pl.when(other).then(hour).otherwise("write_1h_tokens").alias("write_1h_tokens"),
    )


def _with_others(
    rows: pl.DataFrame, found: Sequence[Entry], seen: Mapping[int, Seen], named: Named
) -> pl.DataFrame:
    """Add the usages that the tool alone reads."""
    made = [
        {
            "entry": n,
            "message_id": said.message or f"line-{n}",
            "request_id": said.request,
            "session": said.session,
            "origin": "assistant",
            "source": "claude-code",
            "is_sidechain": said.sidechain,
            "first_seen": dt.datetime.fromtimestamp(said.at / 1000, dt.UTC),
            "last_seen": dt.datetime.fromtimestamp(said.at / 1000, dt.UTC),
            "model": named(said.model),
            "speed": "fast" if said.fast else None,
            "web_searches": 0,
            "lines": 1,
            **dict(zip(_TOKENS, said.tokens, strict=True)),
        }
        for n, said in seen.items()
        if found[n].ours is None
    ]
    types = frame([], "copies").schema
    more = pl.DataFrame(made, {name: types.get(name, pl.Int64) for name in made[0]} if made else {})
    return pl.concat([rows, more], how="diagonal_relaxed") if made else rows


def _as_placed(rows: pl.DataFrame, seen: Mapping[int, Seen], report: str) -> pl.DataFrame:
    """Add what the tool tells messages without a request id apart by, and replays."""
    daily = report == "daily"
    session = {n: said.session for n, said in seen.items()}
    at = _of({n: said.at for n, said in seen.items()}, pl.Int64)
    unkeyed = pl.struct("_session", pl.when(daily).then(at).alias("at"))
    return rows.with_columns(
        _session=_of(session, pl.String),
        _side=_of({n: said.sidechain for n, said in seen.items()}, pl.Boolean),
        _at=pl.when(not daily).then(at),
    ).with_columns(_unkeyed=pl.when(pl.col("request_id").is_null()).then(unkeyed))


def _without_replays(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out what a sidechain repeats of the main chain of its session."""
    told = (~pl.col("_side")).any().over("message_id", "_session", "_at")
    return rows.filter(~(told & pl.col("_side")))


def _of(values: Mapping[int, Any], kind: Any) -> pl.Expr:
    """Return what an entry has; null where it has none."""
    if not values:
        return pl.lit(None, kind)
    return pl.col("entry").replace_strict(values, default=None, return_dtype=kind)
