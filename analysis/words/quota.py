"""Say what is published of a subscription's quota."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.facts import case
from analysis.measures.quota import session_hours
from analysis.words.numbers import count, day
from analysis.words.pricing import times
from analysis.words.quota_labels import dated, multiple
from analysis.words.sources import published

PLANS = published("plans", "plan-guidance")
RATES = published("burn-rates")
SPREADS = published("burn-rates", "quota-windows", "quota-spreads")
WINDOWS = published("quota-windows", "quota-classes")
WEIGHTS = published("quota-weights", "disclosures")
DISCLOSED = published("disclosures")

_HALF = 0.5  # a weight nearer to one than to nothing
_SONNET = pl.col("measure").str.contains("Sonnet")
_SESSION = pl.col("measure").str.contains("five hours")


def plans(frame: pl.DataFrame) -> str:
    """Caption the plans."""
    week, by_session = (frame.filter(some).sort("stated") for some in (_SONNET, _SESSION))
    opus = frame.filter(pl.col("measure").str.contains("Opus")).row(0, named=True)
    sold = " and ".join(times(v) for v in week["stated"])
    by_week = " and ".join(times(v) for v in week["low"])
    dearest = week.row(-1, named=True)
    held = (by_session["low"] == by_session["stated"]).all()
    session = case("session")["total_cost"].item()
    verb = "are" if held else "are not"
    return (
        f"The plans sold as {sold} Pro {verb} that by the session, and are {by_week} by weekly "
        "hours of Sonnet. By the session: messages and prompts in five hours, and the help "
        "centre's own words are “per session”. Between the two dearer plans, hours of Opus rise "
        f"{times(opus['high'])} to {times(opus['low'])} where {times(opus['stated'])} is sold. A "
        f"unit of Pro costs ${dearest['stated_usd']:,.2f} a month on {dearest['plan']} by the "
        f"multiple as sold and ${dearest['low_usd']:,.2f} by hours of Sonnet. A month of it "
        f"costs as much as {dearest['usd_a_month'] / session:.1f} of the published session at list "
        "price; a quota is not counted in such dollars. Guidance for most users, from July to "
        "October 2025; hours are of work, not tokens."
    )


def plans_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the plans."""
    listed = "; ".join(
        f"{r['plan']} over {r['base']}, {r['measure']}: sold {times(r['stated'])}, guided "
        f"{times(r['low'])}"
        for r in frame.to_dicts()
    )
    return f"In each row a tick for the multiple as sold and dots for the guidance. {listed}."


def disclosed(frame: pl.DataFrame) -> str:
    """Caption what is disclosed."""
    asked = frame.filter(pl.col("covers") == "plan")
    none = asked.filter(pl.col("disclosed") == "no")
    return (
        f"Nothing published answers {none.height} of {count(frame.height, 'question')} on quotas: "
        "how many tokens a plan has, and what reads and writes of the cache weigh in Claude Code. "
        "What the multiple is a multiple of is disclosed in part. The sentence that calls the cost "
        "display irrelevant to subscribers says why. Nothing found is not the same as nothing "
        "published: we looked in stored copies of the help centre, the documentation and the "
        "issue tracker."
    )


def disclosures(frame: pl.DataFrame) -> pl.DataFrame:
    """Return what is disclosed as a table."""
    return frame.select(
        pl.col("asked").alias("question"),
        pl.col("disclosed"),
        pl.col("said").fill_null("nothing found").alias("what is said"),
        pl.col("covers"),
        pl.col("said_day").alias("day"),
        "source",
    )


def rates(frame: pl.DataFrame) -> str:
    """Caption the burn rates of #22435."""
    whole, short = frame["rate"], frame.filter("fits")["rate"]
    least = frame["at_least"]
    early = frame.filter(pl.col("reset_hours") < session_hours()).height
    return (
        f"#22435's seven rates lie {_apart(whole)} apart by the hour of wall clock, and "
        f"{_apart(short)} in the {count(short.len(), 'stretch', 'es')} that fit in a five-hour "
        f"window. The {count(frame.height - short.len(), 'other')} last up to "
        f"{frame['hours'].to_numpy().max():.1f} hours, nights included: of each, five hours at "
        "most belong to the window that its last reading is of, so its rate was at least what the "
        f"column says, and the spread at this bound is {_apart(least)}. When anybody worked is not "
        "published, so no rate of an hour of work can be had. Nor do the stretches fit the rule: "
        f"{count(early, 'reset')} came sooner than five hours after the one before. Points are "
        "percent of the five-hour quota; the last stretch has no end, and its printed hours stand."
    )


def _spread(values: pl.Series) -> float:
    known = values.to_numpy()
    return float(known.max() / known.min())


def _apart(values: pl.Series) -> str:
    return multiple(_spread(values))


def rate_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the burn rates as a table."""
    return frame.select(
        "window",
        pl.col("begins").dt.strftime("%d %b %H:%M"),
        "hours",
        "points",
        pl.col("printed_rate").alias("an hour, printed"),
        pl.col("rate").alias("an hour, ours"),
        pl.col("at_least").alias("an hour of its window, at least"),
        pl.col("reset_hours").alias("hours to the next reset"),
    )


def spreads(frame: pl.DataFrame, mix: float) -> str:
    """Caption the spreads."""
    found = {row["label"]: row for row in frame.to_dicts()}
    quoted = found["#22435, as #29000 quotes it"]
    hour = found["#22435, an hour of wall clock"]
    five, eight = (
        found[f"ArkNill, {which}"] for which in ("the five windows it counts", "all eight windows")
    )
    beyond = "beyond" if quoted["spread"] > mix else "within"
    return (
        f"Of #22435 {multiple(hour['printed'])} and {multiple(quoted['printed'])} are told; its "
        f"own numbers give {multiple(hour['spread'])} by the hour and "
        f"{multiple(quoted['spread'])} by the token. An hour says nothing of what was done in it: "
        "tokens a point would show a rule that changes. A proxy saw "
        f"{multiple(five['spread'])} over the five windows that its author counts, "
        f"{multiple(eight['spread'])} over all eight. Dashed: {multiple(mix)}, how far raw tokens "
        "a point may lie apart under one fixed rule, that of the headers of December 2025, "
        f"between a point all of output and one all of reads; the quoted extremes lie {beyond} it. "
        "Accounts, plans and ways of weighing "
        "differ from row to row; two accounts rest on budgets that are inferred. Diamonds: as "
        "printed."
    )


def spreads_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the spreads."""
    listed = "; ".join(f"{r['label']}: {multiple(r['spread'])}" for r in frame.to_dicts())
    return f"A dot in each row on a log axis from one, how far rates lie apart. {listed}."


def windows(frame: pl.DataFrame) -> str:
    """Caption the windows that a proxy saw."""
    kept = frame.filter("chosen")
    split = (_spread(kept["free"]) > _spread(kept["full"])) != (
        _spread(frame["free"]) > _spread(frame["full"])
    )
    says = "the choice of windows decides" if split else "both choices of windows agree"
    return (
        f"Cache reads a point lie {_apart(kept['reads'])} apart over the five windows that the "
        f"author counts and {_apart(frame['reads'])} over all eight. A right weight would bring "
        f"points together. With reads near free, as headers had them in December 2025, the five "
        f"lie {_apart(kept['free'])} apart, with reads in full {_apart(kept['full'])}; all eight "
        f"{_apart(frame['free'])} and {_apart(frame['full'])}: {says}. Windows of few points are "
        "rounded most, and cache writes and thinking are not in the table, so no weight can be "
        "told from it. Output weighs five times input in both columns, as then (assumed to hold "
        "still)."
    )


def window_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the proxy's windows as a table."""
    return frame.select(
        "window",
        "points",
        "requests",
        pl.col("chosen").alias("counted by its author"),
        pl.col("reads").alias("reads a point"),
        pl.col("output").alias("output a point"),
        pl.col("free").alias("weighted, reads near free"),
        pl.col("full").alias("weighted, reads in full"),
    )


def weights(frame: pl.DataFrame, written: Any) -> str:
    """Caption the dated weights."""
    plan = frame.filter(pl.col("known") != "rule")
    read = plan.filter(pl.col("known") == "no").row(0, named=True)
    guessed = plan.filter(pl.col("known") == "yes", pl.col("weight").is_not_null())
    full = guessed.filter(pl.col("weight") == 1)
    before = plan.filter(pl.col("day") <= written, pl.col("weight").is_not_null())
    near = before.filter(pl.col("weight") > _HALF).height or "none"
    free = guessed.height - full.height
    return (
        f"Of {count(guessed.height + 1, 'public figure')} of a read's weight in a quota, one is "
        f"read off the meter and says {read['weight']:g}; {full.height} inferred from usage say "
        f"one, {free} nought. When the write-up said that reads count fully, on {day(written)}, "
        f"there was {count(before.height, 'figure')}, and {near} near one; the meter was read in "
        f"{read['day']:%B %Y}. In April 2026 both were inferred within weeks: nought by a fit to "
        "the meter, one by the windows that a guessed budget would have ended. An input token "
        "weighs one; by list price a read is a tenth of it. Dotted: data that cannot tell. "
        "Diamonds: Anthropic's rules for the API and for Projects of claude.ai, where reads do not "
        "count; neither is Claude Code."
    )


def weights_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the dated weights."""
    listed = "; ".join(
        f"{dated(row)}, {'cannot tell' if row['weight'] is None else format(row['weight'], 'g')}"
        for row in frame.to_dicts()
    )
    return f"A mark in each row between free and in full, by day downwards. {listed}."
