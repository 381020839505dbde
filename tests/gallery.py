"""Frames that plots should survive: what the measures make of odd logs and odd published figures.

A new plot needs one line in `OF_LOGS` or `OF_FACTS`; `test_gallery` finds the plots by itself,
and `make new-chapter` adds the line of its plot.
"""

import dataclasses
import importlib
from functools import cached_property
from pathlib import Path

import polars as pl
from requests_by_hand import AT, requests

from analysis import schema
from analysis.facts import facts
from analysis.logs.dataset import Logs
from analysis.measures import (
    adoption,
    adoption_year,
    along,
    around,
    attention,
    bounds,
    capabilities,
    carrying,
    compare,
    concentration,
    context_files,
    counterfactual,
    data,
    day_shapes,
    degradation,
    expiry,
    fresh,
    funding,
    growth,
    input_side,
    learnt,
    lengths,
    lifetimes,
    likelihood,
    margin,
    mixes,
    model_costs,
    monetization,
    months,
    open_issues,
    optimum,
    overview,
    paid,
    paths,
    payback,
    plans,
    policies,
    pricing,
    published,
    quota,
    quota_spreads,
    quota_weights,
    rebuilds,
    reconstruct,
    redesign,
    reports,
    restarts,
    revenue,
    scorecard,
    session,
    shapes,
    simulated,
    simulation,
    spared,
    spend,
    standing,
    switches,
    team,
    team_plans,
    team_shares,
    team_spread,
    team_tables,
    turns,
    value,
    weight,
    window_use,
    windows,
    work,
    workload,
)
from analysis.paths import FACTS
from analysis.prices import price
from analysis.words.months import documented

LONG = "A name of rather more than forty letters, as a team may give one"
VERSIONS = ("2.1.1", "2.1.20", "2.1.40", "2.1.60", "2.1.90", "2.1.112", None)
TOKENS = {"read_tokens": 90_000, "write_tokens": 9_000, "input_tokens": 5, "output_tokens": 700}


def times(factor, **more):
    return {name: max(int(value * factor), 1) for name, value in TOKENS.items()} | more


@dataclasses.dataclass(frozen=True)
class Odd:
    """Odd logs as plots meet them: priced requests, their name, and published figures to match."""

    rows: tuple[dict, ...]
    label: str = "These logs"
    scale: float = 1  # of the published tokens and dollars
    lines: int = 1  # in each file, of some classes
    times: int = 1  # how often each request was made
    heads: int | None = None  # rows of a frame that are left

    @cached_property
    def priced(self):
        return pl.concat([price(requests(*self.rows))] * self.times, rechunk=True)

    @property
    def logs(self):
        """A file and a request for each row, with copies, and with lines of several classes."""
        n = self.lines
        classes = {"usage": 5 * n, "other": 2 * n, "event": n, "rejected": n, "blank": 1}
        empty = {c.name: 0 if c.dtype.is_numeric() else None for c in schema.FILES}
        files = [empty | classes | {"lines": sum(classes.values())} for _ in self.rows]
        said = [
            {"message_id": f"msg_{number}", "lines": 2 * n, "session": session} | row
            for number, row in enumerate(self.rows)
            for session in ("first", "forked")
        ]
        made = requests(*said).with_columns(last_seen=pl.lit(AT))
        missing = {k: t for k, t in schema.dtypes("copies").items() if k not in made.columns}
        made = made.with_columns(pl.lit(None, t).alias(k) for k, t in missing.items())
        return Logs(
            LONG,
            made.select(*schema.dtypes("copies")),
            pl.DataFrame(schema=schema.dtypes("events")),
            pl.DataFrame(files, schema=schema.dtypes("files")),
        )


ODD = {
    "no requests": Odd(()),
    "no rows": Odd((), heads=0),
    "one row": Odd((times(1),), heads=1),
    "one session": Odd(tuple(times(n + 1) for n in range(12))),
    "every era": Odd(tuple(times(1, version=v) for v in VERSIONS)),
    "no price": Odd(tuple(times(1, version=v, model="other-01") for v in VERSIONS)),
    "no cache": Odd(({"input_tokens": 900, "output_tokens": 90},)),
    "nothing but cache": Odd(tuple({"read_tokens": 900, "version": v} for v in VERSIONS)),
    "long names": Odd(tuple(times(1, version=v) for v in VERSIONS), label=LONG),
    "huge": Odd(  # 1e14 tokens, over $1e9
        tuple(times(1e5, version=v) for v in VERSIONS), scale=1e3, lines=10**9, times=15_000
    ),
    "tiny": Odd(tuple(times(1e-9, version=v) for v in VERSIONS), scale=1e-3),
}


def write_facts(folder, odd):
    """Write the published figures with long names or of another size, for `facts` to read."""
    for path in FACTS.glob("*.csv"):
        frame = facts(path.stem)
        if path.stem in ("cases", "undercounts") and odd.label == LONG:
            long = pl.concat_str("label", pl.lit(f": {LONG.lower()}")).str.slice(0, 44)
            frame = frame.with_columns(long.alias("label"))
        if path.stem == "cases":
            tokens = (pl.col("^.*_tokens$") * odd.scale).cast(pl.Int64).clip(lower_bound=1)
            dollars = pl.when(pl.col("cost_unit") == "usd").then(odd.scale).otherwise(1)
            frame = frame.with_columns(tokens, pl.col("^.*_cost$") * dollars)
        frame.select(facts(path.stem).columns).write_csv(Path(folder) / path.name)


def of_priced(measure):
    """Return what a plot is given: a measure of priced requests, named as `word.function`."""
    word, _, name = measure.partition(".")
    return lambda odd: (
        getattr(importlib.import_module(f"analysis.measures.{word}"), name)(odd.priced),
    )


def grown(odd):
    """Return stretches of odd logs, each prompt as long as its parts."""
    parts = pl.sum_horizontal("read_tokens", "write_tokens", "input_tokens")
    return growth.stretches(growth.main_chains(odd.priced.with_columns(context_tokens=parts)))


def _fan(odd):
    cuts = grown(odd).select("number", tokens="context_tokens").head(3)
    return growth.fan(grown(odd)), cuts


def _exponents(odd):
    fitted = shapes.fits(grown(odd))
    return shapes.spread(fitted), fitted["exponent"].median()


def _units(odd):
    """Return units of odd logs, every third of which fails, with prompts that grow."""
    made = odd.priced.with_columns(
        context_tokens=pl.int_range(1, pl.len() + 1) * 1_000,
        tools=pl.lit("run,edit"),
        first_seen=pl.col("first_seen") + pl.duration(seconds=pl.int_range(pl.len())),
    )
    found = degradation.units(made, odd.logs.events)
    return found.with_columns(failed=(pl.int_range(pl.len()) % 3 == 0).cast(pl.Int64))


def _around(odd):
    near = around.windows(_units(odd), odd.logs.events)
    return around.study(near), around.sides(near)


def _bowl(odd):
    ready = restarts.replayable(grown(odd))
    bowl = restarts.replay(ready, 10_000)
    summed = optimum.terms(ready, shapes.fits(grown(odd)), 10_000)
    return bowl, optimum.curve(summed, bowl["length"].to_list()), lengths.bottom(bowl)


def _spent(odd):
    return turns.costed(reconstruct.outputs(odd.priced))


def _worth(odd):
    kinds = turns.by_kind(turns.turns(_spent(odd), odd.logs.events))
    return (work.worth(kinds, work.assumptions(), value.assumptions()),)


def _windowed(odd):
    return windows.windowed(reconstruct.outputs(odd.priced), odd.logs.events)


def _profile(odd):
    found = weight.profiles(_windowed(odd))
    return weight.curve(found), likelihood.interval(found["headers"]), weight.published()


def scenarios(odd):
    return counterfactual.scenarios(rebuilds.rebuilt(odd.priced, odd.logs.events))


def _costs(odd):
    """Return what turns of odd logs cost on several models."""
    made = odd.priced.with_row_index("row").with_columns(
        model=pl.when(pl.col("row") % 2 == 0).then(pl.lit("claude-sonnet-4-5")).otherwise("model"),
        session=(pl.col("row") % 40).cast(pl.String),
    )
    return model_costs.by_model(model_costs.turns(made.drop("row"), odd.logs.events))


def _simulated(odd, made={}):  # noqa: B006 - once for all plots
    """Simulate few users on odd logs."""
    if id(odd) not in made:
        made[id(odd)] = simulation.simulate(_days(odd), *_declared(), users=40, days=30, draws=4)
    return made[id(odd)]


def _days(odd):
    """Return the shapes of days with a request each."""
    days = pl.duration(days=pl.int_range(pl.len()))
    return day_shapes.day_shapes(odd.priced.head(40).with_columns(first_seen=pl.lit(AT) + days))


def _declared():
    return redesign.personas(), redesign.line_ups(), redesign.assumptions()


def _compared(odd):
    """Compare every other request of odd logs with the rest."""
    rows = rebuilds.rebuilt(odd.priced, odd.logs.events)
    return compare.compare(rows.gather_every(2), rows.gather_every(2, 1))


def _parted(odd):
    return spend.parted(rebuilds.rebuilt(odd.priced, odd.logs.events))


def _people(odd):
    """Return a team: three times as many people as odd logs have requests, each with one."""
    made = odd.priced.head(60).with_row_index("n")
    each = pl.concat([made.with_columns(n=3 * pl.col("n") + k) for k in range(3)]).sort("n")
    rows = each.with_columns(
        person=pl.format("p-{}", pl.col("n").cast(pl.String).str.zfill(16)),
        request=pl.format("r-{}", "n"),
        hour=pl.col("first_seen"),
        final=pl.lit(True),
        rebuilt_tokens=pl.col("write_tokens"),
        cause=pl.lit(rebuilds.CAUSES[0]),
    )
    return team.everyone([rows.select(schema.dtypes("team").names())], price)


def _shares(odd):
    """Return shares of odd people, every other with an interval."""
    found = team_shares.by_person(_people(odd), "share")
    known = pl.int_range(pl.len()) % 2 == 0
    ends = {"low": pl.col("value") - 0.1, "high": pl.col("value") + 0.05}
    return found.with_columns(pl.when(known).then(e).alias(n) for n, e in ends.items())


#: What each plot of logs is given, by `module.function`; the first is the frame.
def _course(odd):
    """Return an odd session, whose requests are an hour apart and rebuild now and then."""
    parts = pl.sum_horizontal("read_tokens", "write_tokens", "input_tokens")
    number = pl.int_range(pl.len())
    spread = odd.priced.with_columns(
        context_tokens=parts,
        first_seen=pl.col("first_seen") + pl.duration(minutes=20 * number),
        message_id=pl.format("msg_{}", number),
    )
    frame = session.course(rebuilds.rebuilt(spread, odd.logs.events), "s")
    causes = [c for c in rebuilds.CAUSES if c != rebuilds.NEW_CHAIN]
    named = (number % len(causes)).replace_strict(
        range(len(causes)), causes, return_dtype=pl.String
    )
    return frame.with_columns(cause=pl.when(number % 2 == 1).then(named))


def _cuts(odd):
    return (
        _course(odd)
        .select(pl.col("number").cast(pl.Float64), "hours", tokens="context_tokens")
        .head(2)
    )


OF_LOGS = {
    "overview.plot_days": lambda odd: (overview.by_day(odd.priced),),
    "overview.plot_shares": lambda odd: (overview.by_day(odd.priced),),
    "overview.plot_hours": lambda odd: (overview.by_hour(odd.priced),),
    "session.plot_context": lambda odd: (_course(odd), _cuts(odd)),
    "session.plot_dollars": lambda odd: (_course(odd),),
    "compare.plot_compare": lambda odd: (_compared(odd),),
    "plans.plot_plans": lambda odd: (plans.plans(_days(odd), *_declared(), users=40),),
    "monetization.plot_models": lambda odd: (_costs(odd),),
    "monetization.plot_inputs": lambda odd: (input_side.input_side(odd.priced, label=odd.label),),
    "frontier.plot_frontier": lambda odd: (_simulated(odd).spread, _simulated(odd).ellipses),
    "line_ups.plot_personas": lambda odd: (_simulated(odd).gains,),
    "line_ups.plot_bills": lambda odd: (_simulated(odd).outcomes,),
    "elasticity.plot_elasticity": lambda odd: (_simulated(odd).along,),
    "elasticity.plot_price_cut": lambda odd: (_simulated(odd).cut, facts("elasticities")),
    "elasticity.plot_swings": lambda odd: (_simulated(odd).swings,),
    "standing.plot_projects": lambda odd: (standing.by_project(_parted(odd)),),
    "standing.plot_sessions": lambda odd: (
        standing.by_session(standing.filed(_parted(odd), 15_000), odd.logs.events, 15_000),
        carrying.carried([15_000], carrying.MESSAGES),
    ),
    "revenue.plot_billed": lambda odd: (
        revenue.billed(revenue.implied(reconstruct.whole(odd.priced)["share"])),
    ),
    "bounds.plot_bounds": lambda odd: (bounds.bounds(mixes.mix(odd.priced), 0.4), 0.4),
    "serving.plot_simulated": lambda odd: (simulated.simulated(workload.workload(odd.priced)),),
    "serving.plot_swings": lambda odd: (simulated.swings(workload.workload(odd.priced)),),
    "degradation.plot_rates": lambda odd: (along.curve(_units(odd)),),
    "degradation.plot_groups": lambda odd: (along.groups(_units(odd)),),
    "degradation.plot_around": _around,
    "attention.plot_attention": lambda odd: (
        attention.sessions(odd.priced),
        attention.published(),
        attention.largest_window(),
    ),
    "counterfactual.plot_ratios": lambda odd: (scenarios(odd),),
    "counterfactual.plot_waterfall": lambda odd: (
        counterfactual.waterfall(scenarios(odd), "without a cache", "a cache that never expires"),
    ),
    "spend.plot_spend": lambda odd: (
        spend.beyond(
            spend.spend(rebuilds.rebuilt(odd.priced, odd.logs.events)),
            reconstruct.outputs(odd.priced),
        ),
    ),
    "expiry.plot_losses": lambda odd: (expiry.losses(expiry.went_on(odd.priced)),),
    "expiry.plot_returns": lambda odd: (expiry.returns(odd.priced, odd.logs.events),),
    "lifetimes.plot_break_even": lambda odd: (lifetimes.break_even(odd.priced),),
    "lifetimes.plot_hits": lambda odd: (
        lifetimes.hits(expiry.went_on(odd.priced)),
        lifetimes.published_hits(expiry.went_on(odd.priced)),
    ),
    "lifetimes.plot_sessions": lambda odd: (lifetimes.by_session(odd.priced),),
    "rebuilds.plot_ledger": lambda odd: (
        rebuilds.listed(rebuilds.rebuilt(odd.priced, odd.logs.events)),
    ),
    "rebuilds.plot_causes": lambda odd: (
        rebuilds.by_cause(rebuilds.rebuilt(odd.priced, odd.logs.events)),
    ),
    "switches.plot_timeline": lambda odd: (
        switches.by_day(odd.priced),
        switches.switches(odd.priced),
        facts("switches"),
    ),
    "data.plot_flow": lambda odd: (data.flow(odd.logs),),
    "hits.plot_formulas": of_priced("hits.formulas"),
    "margin.plot_positions": lambda odd: (
        margin.positions(odd.priced, reconstruct.by_era(odd.priced), label=odd.label),
    ),
    "policies.plot_choices": lambda odd: (
        policies.choices(policies.by_rule(dataclasses.replace(odd, lines=min(odd.lines, 99)).logs)),
    ),
    "pricing.plot_reads": lambda odd: (paid.paid(odd.logs),),
    "reconstruct.plot_eras": lambda odd: (
        reconstruct.by_era(odd.priced),
        published.published_share(),
    ),
    "reconstruct.plot_errors": lambda odd: (learnt.validation(odd.priced),),
    "fresh.plot_stages": lambda odd: (fresh.stages(grown(odd)),),
    "growth.plot_exponents": _exponents,
    "growth.plot_fan": _fan,
    "restarts.plot_bowl": _bowl,
    "weight.plot_profile": _profile,
    "concentration.plot_lorenz": lambda odd: (
        concentration.lorenz(_spent(odd)),
        concentration.published(),
    ),
    "months.plot_days": lambda odd: (months.ecdf(_spent(odd)), documented()),
    "work.plot_worth": _worth,
    "team.plot_lorenz": lambda odd: (team_spread.lorenz(_people(odd)),),
    "team.plot_people": lambda odd: (_shares(odd), "cache, share of list-price dollars"),
    "team.plot_causes": lambda odd: (team_tables.causes(_people(odd)),),
    "team.plot_plans": lambda odd: (team_plans.fit(_people(odd)),),
    "windows.plot_windows": lambda odd: (window_use.per_window(_windowed(odd)),),
}

#: And what each plot of published figures alone.
OF_FACTS = {
    "monetization.plot_units": lambda odd: (monetization.units(),),
    "adoption.plot_points": lambda odd: (adoption.points(), adoption.data_month()),
    "adoption.plot_compounded": lambda odd: (adoption_year.compounded(),),
    "quota.plot_plans": lambda odd: (quota.multiples(),),
    "quota.plot_spreads": lambda odd: (quota_spreads.spreads(),),
    "quota.plot_weights": lambda odd: (quota_weights.weights(), quota_weights.written()),
    "capabilities.plot_matrix": lambda odd: (capabilities.matrix(),),
    "releases.plot_timeline": lambda odd: (capabilities.timeline(),),
    "open_issues.plot_lifelines": lambda odd: (open_issues.issues(),),
    "funding.plot_commitments": lambda odd: (funding.partners(),),
    "funding.plot_recovery": lambda odd: (funding.recovery(),),
    "context_files.plot_effects": lambda odd: (context_files.effects(),),
    "carrying.plot_carried": lambda odd: (carrying.carried(), carrying.example()),
    "paths.plot_paths": lambda odd: (paths.corners(paths.compatible()),),
    "published.plot_definitions": lambda odd: (published.definitions(),),
    "published.plot_headline": lambda odd: (published.headline(),),
    "pricing.plot_costs": lambda odd: (payback.costs(payback.break_even(pricing.prices())),),
    "pricing.plot_multiples": lambda odd: (pricing.multiples(pricing.prices()),),
    "value.plot_break_even": lambda odd: (
        value.break_even(value.assumptions()),
        0.5,
        60 * spared.person_hours(),
    ),
    "value.plot_swings": lambda odd: (value.swings(value.assumptions()),),
    "revenue.plot_run_rates": lambda odd: (revenue.run_rates(),),
    "reports.plot_reports": lambda odd: (reports.reports(), facts("faults")),
    "scorecard.plot_tiles": lambda odd: (scorecard.tiles(scorecard.scorecard(odd.priced)),),
    "published.plot_undercount": lambda odd: (published.undercount(), published.undercounts()),
}

#: Odd logs that come with odd published figures, or frames cut short.
_FACTS = ("no rows", "one row", "every era", "long names", "huge", "tiny")

PLOTS = OF_LOGS | OF_FACTS
CASES = [(p, o) for p in OF_LOGS for o in ODD] + [(p, o) for p in OF_FACTS for o in _FACTS]


def frames(plot, name):
    """Return what a plot is given for odd logs."""
    odd = ODD[name]
    frame, *rest = PLOTS[plot](odd)
    return (frame if odd.heads is None else frame.head(odd.heads), *rest)
