"""Ways to have done the same work: what each would have cost, and what it assumes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from analysis.measures.cuts import (
    CARRIED,
    LENGTHS,
    SIZES,
    STILL_READ,
    SUMMARY,
    compacted,
    restarted,
    stretches,
)
from analysis.measures.lists import DAYS, LIST_DAY, at_list, current_models
from analysis.measures.pings import PAUSES, pings
from analysis.measures.retimed import lives, undying
from analysis.measures.rewrites import NANO, Nano, Reprice, added, all_at, bare, grouped, sums

BILL = "the bill"
BARE = "without a cache"
UNDYING = "a cache that never expires"

# What is assumed where the way alone does not say it.
NO_CACHE = "every prompt token is uncached input, and the answers are the same"
SHORT = (
    "after a pause of 5 to 60 minutes that an hour had covered, all that was read is written again"
)
HOUR = "what expired in a pause of up to 60 minutes is read; every write costs the hour's price"
NEVER = (
    "what was written again because it had expired is read, every write costs the price of five "
    "minutes, and storage is free; all other rebuilds stay"
)
COMPACTED = (
    f"beyond it a context is cut to its chain's first prompt, {STILL_READ:.0%} of it read as after "
    f"39 compactions of 208 public sessions, and {CARRIED:,} tokens of summary and files, written; "
    f"a request that writes the {SUMMARY:,} tokens of summary is priced too; what frees too little "
    "is left, and what the logs cut stays cut"
).replace("%", " %")
LISTED = (
    f"the same tokens at this model's list of {LIST_DAY}; another model would use others, by "
    "another tokeniser"
)


def restarting(carry_over: int) -> str:
    """Say what is assumed of sessions that begin anew.

    >>> restarting(20_000).partition("and ")[2]
    'carries over 20,000 tokens, made as output and then written to the cache'
    """
    return (
        "a main chain begins anew as it began, its first prompt as warm as in the log, and "
        f"carries over {carry_over:,} tokens, made as output and then written to the cache"
    )


class Scenario(NamedTuple):
    """One way the work might have been done, and what is assumed of it.

    `bound` says that nobody can have it: it is as cheap as it can get.
    """

    group: str
    scenario: str
    nano: Nano
    assumption: str
    bound: bool = False


def ways(rows: pl.DataFrame, reprice: Reprice, carry_over: int) -> Iterator[Scenario]:
    """Return the bill, and then every other way.

    Parameters
    ----------
    rows
        `analysis.measures.rewrites.known`.
    carry_over
        Tokens that a new session takes over from the one before.
    """
    yield Scenario("bill", BILL, added(rows), "as logged, at list price")
    yield from _without(rows, reprice)
    yield from _lifetimes(rows, reprice)
    yield from _habits(rows, reprice)
    yield from _cuts(stretches(rows), reprice, carry_over)
    yield from _lists(rows, reprice)


def _without(rows: pl.DataFrame, reprice: Reprice) -> Iterator[Scenario]:
    yield Scenario("cache", BARE, added(reprice(bare(grouped(rows)))), NO_CACHE)


def _lifetimes(rows: pl.DataFrame, reprice: Reprice) -> Iterator[Scenario]:
    repriced = "what was read and written stays as it was"
    groups = grouped(rows)
    for name, lifetime in (("5 minutes", "5m"), ("1 hour", "1h")):
        found = added(reprice(all_at(groups, lifetime)))
        yield Scenario("lifetime", f"writes repriced at {name}", found, repriced)
    lived = lives(rows, reprice)
    yield Scenario("lifetime", "every write at 5 minutes", lived["5m"], SHORT)
    yield Scenario("lifetime", "every write at 1 hour", lived["1h"], HOUR)
    text = "the cheaper of the two ways above in each session, known beforehand"
    yield Scenario("lifetime", "the cheaper lifetime, by session", lived["session"], text)
    text = (
        "each write has the cheaper lifetime for the pause that follows it, and keeps all that it "
        "stands on alive: a bound of the two lifetimes on sale"
    )
    yield Scenario("lifetime", "the cheaper lifetime, by pause", lived["gap"], text, bound=True)
    found = sums(all_at(undying(rows), "5m"), reprice)
    yield Scenario("cache", UNDYING, found, NEVER)


def _habits(rows: pl.DataFrame, reprice: Reprice) -> Iterator[Scenario]:
    tried = pings(rows, reprice)
    best = tried.sort("total_nano", "pause_minutes").row(0, named=True)
    text = (
        f"half a minute before expiry a request reads the prompt, through each pause of a main "
        f"chain up to the best longest one of {len(PAUSES)} tried, and after its last request"
    )
    label = f"kept alive for up to {best['pause_minutes']} minutes"
    yield Scenario("habit", label, {name: best[name] for name in NANO}, text)


def _cuts(work: pl.DataFrame, reprice: Reprice, carry_over: int) -> Iterator[Scenario]:
    for size in SIZES:
        found = sums(compacted(work, size), reprice)
        yield Scenario("habit", f"compacted beyond {size // 1000}k tokens", found, COMPACTED)
    for length in LENGTHS:
        found = sums(restarted(work, length, carry_over), reprice)
        text = restarting(carry_over)
        yield Scenario("habit", f"a new session every {length} requests", found, text)


def _lists(rows: pl.DataFrame, reprice: Reprice) -> Iterator[Scenario]:
    groups = grouped(rows)
    for model in current_models():
        found = added(reprice(at_list(groups, model), date=LIST_DAY))
        yield Scenario("list", f"all at {model.removeprefix('claude-')}", found, LISTED)
    text = "the same models at that day's list, or at a model's first if that is later"
    for day in DAYS:
        found = added(reprice(groups, date=day))
        yield Scenario("list", f"at the list of {day}", found, text)
