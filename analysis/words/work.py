"""Say what a dollar of list price buys in answers, workflows and reviews, and who measured it."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.measures import spared
from analysis.measures.turns import ANSWER, WORKFLOW
from analysis.measures.work import STUDIES, TEXT
from analysis.words.numbers import count, extent, minus
from analysis.words.sources import published
from analysis.words.value import per_dollar

WORK = f"these logs and {published('work-assumptions', 'value-assumptions', 'hours-spared')}"
RANGES = published("work-assumptions")
STUDIED = published("hours-spared")
LABELS = {
    "chat": "a short answer in a chat (tokens assumed)",
    "answer": "an answer: a turn of one request, these logs",
    "workflow": f"a workflow: a turn of {WORKFLOW} requests or more, these logs",
    "review": "a Code Review, as published",
}
_NAMES = {"answer": "an answer", "workflow": "a workflow", "review": "a Code Review"}


def worth(frame: pl.DataFrame) -> str:
    """Caption what a dollar of list price spares."""
    said = {r["work"]: r for r in frame.filter(pl.col("hours_by") == TEXT).to_dicts()}
    found = {r["work"]: r for r in frame.filter(pl.col("hours_by") == STUDIES).to_dicts()}
    by_text, by_studies = (
        _listed([f"{per_dollar(rows[w]['middle'])} in {n}" for w, n in _NAMES.items() if w in rows])
        for rows in (said, found)
    )
    return (
        f"By the write-up's own hours, a dollar of list price buys work worth {by_text}. "
        f"{_prices_rise(said)}Marks: the median turn, or the middle price; bars: from the least "
        "hours at the highest price to the most at the lowest. By measured hours it is "
        f"{by_studies}; a bar with an arrow goes on to work that took longer than without. Of a "
        "review, the hours are those declared above, over all reviews. An answer is counted at "
        "entry-level office wages, the others at a senior developer's. No log says what a turn "
        "was worth."
    )


def _listed(parts: list[str]) -> str:
    """Join parts.

    >>> _listed(["a", "b", "c"]), _listed(["a"])
    ('a, b and c', 'a')
    """
    *head, last = parts
    return f"{', '.join(head)} and {last}" if head else last


def _prices_rise(said: dict[str, dict[str, Any]]) -> str:
    """Say whether list price rises more than worth, from an answer to a workflow."""
    if not {"answer", "workflow"} <= set(said):
        return ""
    dearer = said["workflow"]["usd"] / said["answer"]["usd"]
    worthier = said["workflow"]["worth"] / said["answer"]["worth"]
    verdict = "rises more than" if dearer > worthier else "falls behind"
    even = said["workflow"]["hours"] * dearer / worthier
    return (
        f"In these logs a workflow costs {dearer:.1f} times what an answer does (medians of "
        f"{said['workflow']['turns']:,} and {said['answer']['turns']:,} turns), and is worth "
        f"{worthier:.1f} times as much by these hours: list price {verdict} the worth. They would "
        f"rise alike if a workflow spared {even:.1f} hours. "
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
    spans = hours["task_hours"].sort().to_list()
    return (
        f"Of the time that a piece of work takes, studies that measured it found {every} spared; "
        f"with experienced developers {own}. Where the length of a task is known, that is "
        f"{extent(hours['hours'], _hours)} hours: at most {longest['answer']:.2f} for an "
        f"answer and {longest['workflow']:.2f} for a workflow. No task took more than "
        f"{spans[-1]:.1f} hours, so none could spare more. Anthropic's own "
        f"estimate, by Claude, comes to {estimated:.1f} hours for a chat; it leaves checking out. "
        "More output in the same hours is written as less time apiece; of METR's later studies, "
        "which it calls weak evidence, the length of a task is assumed."
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
    """Say that a request of one turn is no chat."""
    return (
        f"A human turn with {count(ANSWER, 'request')} is called an answer, one with {WORKFLOW:,} "
        "or more a workflow: what lies between is left out here. An answer in a coding session "
        "carries the session's whole context; one in a chat does not, so one is added whose "
        "tokens are assumed."
    )


def ranges(frame: pl.DataFrame) -> str:
    """Caption what the worth of answers and workflows rests on."""
    assumed = frame.filter(pl.col("kind") == "assumed")
    return (
        f"What the worth of answers and workflows rests on: {count(frame.height, 'range')}, of "
        f"which {assumed.height:,} are assumed. The parameter `junior_wage_usd` sets a wage of "
        "your own; a senior developer's is that of [](#tab-value-ranges). Chat tokens are priced "
        "as uncached input and output of Opus 4.6."
    )


def ending(frame: pl.DataFrame) -> str:
    """Say whether list price follows the write-up's hours, as an item of a list."""
    said = {r["work"]: r for r in frame.filter(pl.col("hours_by") == TEXT).to_dicts()}
    if not {"answer", "workflow"} <= set(said):
        return (
            "- Whether list price rises with worth these logs cannot say: they have no turn of "
            f"one request, or none of {WORKFLOW} and more."
        )
    answer, workflow = said["answer"], said["workflow"]
    dearer, worthier = workflow["usd"] / answer["usd"], workflow["worth"] / answer["worth"]
    review = said["review"]["middle"]
    least = min(answer["middle"], workflow["middle"])
    last = "is the dearest of the three" if review < least else "is not the dearest of the three"
    return (
        f"- By the write-up's own hours a workflow is worth {worthier:.1f} times an answer; at "
        f"list price it costs {dearer:.1f} times as much, by medians ([](#fig-value-work)): the "
        "proportion hangs on what is called a workflow. Beside its worth "
        f"a Code Review {last}."
    )


def sensitive(found: pl.DataFrame, frame: pl.DataFrame) -> str:
    """Say how far the comparison hangs on what is called a workflow.

    Parameters
    ----------
    found
        `measures.turns.dearer`.
    frame
        `measures.work.worth`.
    """
    said = {r["work"]: r for r in frame.filter(pl.col("hours_by") == TEXT).to_dicts()}
    if found.is_empty() or not {"answer", "workflow"} <= set(said):
        return "These logs have no answer, or no workflow, to compare."
    worthier = said["workflow"]["worth"] / said["answer"]["worth"]
    ways = [r[name] for r in found.to_dicts() for name in ("median", "mean")]
    above = sum(way > worthier for way in ways)
    rises = "List price does rise with the work; w" if min(ways) > 1 else "W"
    parts = [
        f"of {r['least']:,} requests or more {r['median']:.1f} times by medians and "
        f"{r['mean']:.1f} by means ({count(r['count'], 'turn')})"
        for r in found.to_dicts()
    ]
    verdict = {
        0: "none of them is",
        len(ways): f"all {len(ways)} are",
    }.get(above, f"{above:,} of {len(ways)} are")
    return (
        f"How much dearer a workflow is hangs on what is called one: a turn {'; '.join(parts)}. "
        f"By the write-up's hours it is worth {worthier:.1f} times an answer, and {verdict} above "
        f"that. {rises}hether list price keeps up with such a worth is not settled by these."
    )
