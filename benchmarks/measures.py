"""Time all point estimates together against one sorted pass over the same requests.

`python -m benchmarks.measures` makes a million synthetic requests in memory, prices them, and
takes each measure of the chapters once a round, those that rest on others after them. What draws
at random is timed apart: an interval costs as many draws as it is given.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from time import perf_counter

import polars as pl

from analysis import schema
from analysis.logs.dataset import Logs
from analysis.measures import (
    counterfactual,
    expiry,
    fresh,
    growth,
    hits,
    lengths,
    lifetimes,
    margin,
    optimum,
    paid,
    payback,
    pings,
    policies,
    pricing,
    rebuilds,
    reconstruct,
    restarts,
    shapes,
    spend,
    switches,
)
from analysis.measures.cuts import CARRIED
from analysis.measures.data import TOKENS
from analysis.sessions import CHAIN
from analysis.synth.tables import copies
from benchmarks.text import seconds, table

REQUESTS = 1_000_000
ROUNDS = 3

#: Sorted passes that all point estimates together may take.
AT_MOST = 20


@dataclass(frozen=True)
class Work:
    """Requests to be measured; what several measures rest on is computed once, in the first."""

    logs: Logs

    @cached_property
    def priced(self) -> pl.DataFrame:
        """The requests, priced: what everything begins with."""
        return self.logs.priced()

    @cached_property
    def rebuilt(self) -> pl.DataFrame:
        """The ledger of rebuilds."""
        return rebuilds.rebuilt(self.priced, self.logs.events)

    @cached_property
    def outputs(self) -> pl.DataFrame:
        """True output."""
        return reconstruct.outputs(self.priced)

    @cached_property
    def gone_on(self) -> pl.DataFrame:
        """The requests that go on from another."""
        return expiry.went_on(self.priced)

    @cached_property
    def stretched(self) -> pl.DataFrame:
        """Main chains between two cuts."""
        return growth.stretches(growth.main_chains(self.priced))

    @cached_property
    def fitted(self) -> pl.DataFrame:
        """A line and its rivals through each stretch."""
        return shapes.fits(self.stretched)

    @cached_property
    def ready(self) -> pl.DataFrame:
        """The requests that can be replayed."""
        return restarts.replayable(self.stretched)

    @cached_property
    def terms(self) -> pl.DataFrame:
        """What the best length of a session rests on."""
        return optimum.terms(self.ready, self.fitted, CARRIED)

    @cached_property
    def carried(self) -> pl.DataFrame:
        """The best length by what is carried over."""
        return lengths.by_carry_over(self.ready)


Measure = Callable[[Work], object]

#: Point estimates, in the order of their chapters, but for those that others rest on.
POINTS: Mapping[str, Measure] = {
    "02 prices": lambda w: payback.costs(payback.break_even(pricing.prices())),
    "02 paid": lambda w: paid.paid(w.logs),
    "03 shares": lambda w: [margin.totals(f) for f in (w.priced, margin.final(w.priced))],
    "03 output": lambda w: w.outputs,
    "03 reuse": lambda w: hits.reuse(w.priced),
    "04 stretches": lambda w: w.stretched,
    "04 shapes": lambda w: [shapes.wins(w.fitted), shapes.spread(w.fitted)],
    "04 fan": lambda w: growth.fan(w.stretched),
    "04 pace": lambda w: growth.pace(w.stretched),
    "04 replayable": lambda w: w.ready,
    "04 terms": lambda w: w.terms,
    "04 bowl": lambda w: restarts.replay(w.ready, CARRIED),
    "04 carry-overs": lambda w: lengths.most_carried(w.ready, w.carried),
    "04 fresh": lambda w: fresh.stages(w.stretched),
    "05 requests that go on": lambda w: w.gone_on,
    "05 losses": lambda w: expiry.losses(w.gone_on),
    "05 returns": lambda w: expiry.returns(w.priced, w.logs.events),
    "05 writes": lambda w: expiry.mean_writes(w.priced),
    "05 rebuilds": lambda w: w.rebuilt,
    "05 hits": lambda w: lifetimes.hits(w.gone_on),
    "05 break-even": lambda w: lifetimes.break_even(w.priced),
    "05 sessions": lambda w: lifetimes.by_session(w.priced),
    "05 switches": lambda w: [switches.by_day(w.priced), switches.switches(w.priced)],
    "16 parts": lambda w: spend.beyond(spend.spend(w.rebuilt), w.outputs),
    "16 ways": lambda w: counterfactual.scenarios(w.rebuilt),
    "16 pings": lambda w: pings.bridged(w.rebuilt, w.logs.pricing()),
}

#: What draws at random.
DRAWN: Mapping[str, Measure] = {
    "03 hits": lambda w: hits.formulas(w.priced),
    "03 counted by other rules": lambda w: policies.by_rule(w.logs),
    "04 rule": lambda w: optimum.rule(w.terms),
    "04 best": lambda w: lengths.best_replayed(w.ready, CARRIED),
    "03 eras": lambda w: reconstruct.by_era(w.priced),
    "05 hits beside the published": lambda w: lifetimes.published_hits(w.gone_on),
}


PASS = "one sorted pass"


def make(requests: int = REQUESTS) -> Logs:
    """Make synthetic logs in memory, with no events and no files."""
    made = pl.concat(copies(requests, seed=1))
    events, files = (pl.DataFrame(schema=schema.dtypes(name)) for name in ("events", "files"))
    return Logs("measures", made, events, files)


def one_pass(work: Work) -> pl.DataFrame:
    """Sort all requests by chain and time, and sum their tokens and dollars by chain."""
    ordered = work.priced.sort(*CHAIN, "first_seen")
    sums = pl.col(*TOKENS, "total_nano").sum()
    return ordered.group_by(*CHAIN, maintain_order=True).agg(sums)


def one_round(logs: Logs) -> dict[str, float]:
    """Return the seconds that a sorted pass and every measure take, each once."""
    work = Work(logs)
    work.priced  # noqa: B018  what the pass has as well
    return {name: took(do, work) for name, do in {PASS: one_pass, **POINTS, **DRAWN}.items()}


def took(do: Measure, work: Work) -> float:
    """Return the seconds of one measure."""
    begun = perf_counter()
    do(work)
    return perf_counter() - begun


def report(found: Mapping[str, float]) -> str:
    """Say what each took, and whether all point estimates together reach what is asked.

    Examples
    --------
    >>> found = dict.fromkeys([*POINTS, *DRAWN], 0.5) | {PASS: len(POINTS) / 8}
    >>> print(report(found).splitlines()[-1])
    all point estimates: 4.0 sorted passes, at most 20 asked: met
    """
    once = found[PASS]
    rows = [[name, seconds(t), f"{t / once:.1f}"] for name, t in found.items()]
    times = sum(found[name] for name in POINTS) / once
    said = "met" if times <= AT_MOST else "missed"
    return (
        f"{table(['what', 'wall', 'sorted passes'], rows)}\n\n"
        f"all point estimates: {times:.1f} sorted passes, at most {AT_MOST} asked: {said}"
    )


def main(words: list[str] | None = None) -> int:
    """Time everything, print medians over rounds, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.measures", description=__doc__)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args(words)
    logs = make(given.requests)
    rounds = [one_round(logs) for _ in range(given.rounds)]
    print(report({name: median(r[name] for r in rounds) for name in rounds[0]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
