"""Say what a dollar of list price buys in answers, workflows and reviews, and who measured it."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures import spared
from analysis.measures.turns import ANSWER, WORKFLOW
from analysis.words.assumptions import assumed
from analysis.words.dearer import finding
from analysis.words.numbers import count, extent, minus
from analysis.words.sources import published
from analysis.words.value import amount, per_dollar

WORK = f"these logs and {published('work-assumptions', 'value-assumptions', 'hours-spared')}"
RANGES = published("work-assumptions")
STUDIED = published("hours-spared")
LABELS = {
    "chat": "a short answer in a chat (tokens assumed)",
    "answer": "an answer inside a session: a turn of one request, these logs",
    "workflow": f"a workflow: a turn of {WORKFLOW} requests or more, these logs",
    "review": "a Code Review, price as published",
}


def worth(frame: pl.DataFrame, beside: pl.DataFrame) -> str:
    """Caption what a dollar of list price spares.

    Parameters
    ----------
    frame
        `measures.work.worth`.
    beside
        `measures.dearer.compared`.
    """
    return (
        f"{finding(frame, beside)} Marks: the median turn, or the middle price; bars: from the "
        "least hours at the highest price to the most at the lowest; an arrow goes on to work that "
        "took longer than without. Hours of studies are a share of time that was measured, times "
        "the length of a task, for METR's later rounds an assumed one. A review has assumed hours "
        "alone: the write-up gives it none, and nobody has measured them."
    )


def worth_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the worth of work."""
    rows = [
        f"{LABELS[r['work']]}, by {r['hours_by']}: {per_dollar(r['middle'])}"
        for r in frame.to_dicts()
    ]
    return f"Ranges on a log scale with a mark each: {'; '.join(rows)}." if rows else "Empty axes."


def studies(frame: pl.DataFrame) -> str:
    """Caption what studies found."""
    measured = frame.filter(pl.col("how").is_in(spared.MEASURED))
    hours = measured.drop_nulls("hours")
    seniors = measured.filter(pl.col("who") == spared.EXPERIENCED)
    longest = dict(hours.group_by("work").agg(pl.col("hours").max()).iter_rows())
    (estimated,) = frame.filter(~pl.col("how").is_in(spared.MEASURED))["hours"]
    every, own = (extent(some["share"].to_list()) for some in (measured, seniors))
    spans = dict(hours.group_by("work").agg(pl.col("task_hours").max()).iter_rows())
    return (
        f"Studies that measured time, or output, found {every} of it spared; with experienced "
        f"developers {own}. In hours that is {extent(hours['hours'], _hours)}: at most "
        f"{longest['answer']:.2f} for an answer (no task over {amount(spans['answer'], 'hours')}) "
        f"and {longest['workflow']:.2f} for a workflow (none over "
        f"{amount(spans['workflow'], 'hours')}): none could find more. Anthropic's own estimate, "
        f"by Claude, comes to {estimated:.1f} hours for a chat, checking left out. Hours are the "
        "share times the length of a task, which for METR's later rounds, weak evidence by its own "
        "account, is assumed. More output in the same hours is written as less time apiece."
    )


def _hours(value: float) -> str:
    return minus(f"{value:.2f}")


def study_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the studies as a table."""
    return frame.select(
        pl.format("{} ({})", "label", "source").alias("study, and source"),
        "work",
        "who",
        "how",
        pl.col("said_day").alias("day"),
        pl.col("share").alias("time spared"),
        pl.col("hours").alias("hours spared"),
    )


def answers() -> str:
    """Say what is called an answer and a workflow."""
    return (
        "The write-up's answer is one in a chat, given to an entry-level worker. These logs have "
        "none, so one is priced whose tokens are assumed. Beside it stands an answer inside a "
        f"session: a human turn with {count(ANSWER, 'request')}, which carries the session's whole "
        f"context. A turn with {WORKFLOW:,} requests or more is called a workflow; what lies "
        "between is left out. An answer is worth entry-level office wages, a workflow a senior "
        "developer's."
    )


def ranges(frame: pl.DataFrame) -> str:
    """Caption what the worth of answers and workflows rests on."""
    labels, own = assumed(frame, facts("work-assumptions"))
    quoted = frame.filter(pl.col("kind") == "quoted").height
    return (
        f"{len(labels):,} of {count(frame.height, 'range')} that the worth of answers and "
        f"workflows rests on {'is' if len(labels) == 1 else 'are'} assumed{own}. Quoted from the "
        f"write-up, which gives no source: {quoted:,}. The parameter `junior_wage_usd` sets a "
        "wage of your own; a senior developer's is that of [](#tab-value-ranges). Chat tokens are "
        "priced as uncached input and output of Opus 4.6."
    )
