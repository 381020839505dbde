"""Say what a subscription's plans promise, and what is disclosed of their quota."""

from __future__ import annotations

import polars as pl

from analysis.facts import case
from analysis.words.numbers import count
from analysis.words.pricing import times
from analysis.words.sources import published

PLANS = published("plans", "plan-guidance")
DISCLOSED = published("disclosures")

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
