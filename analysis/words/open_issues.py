"""Say in what state the cited issues were read, and what the advice comes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from analysis.claims import claims
from analysis.measures.capabilities import WRITTEN
from analysis.measures.open_issues import idle_rules, rules, states
from analysis.words.numbers import count, day
from analysis.words.sources import published

ISSUES = published("issues")
RULES = published("closing-rules")


def opening(cited: pl.DataFrame) -> str:
    """Say how many of the listed issues are open as read."""
    told = {row["state"]: row for row in states(cited).to_dicts()}
    of = cited.filter(pl.col("listed") == "yes").height
    last = cited.filter(pl.col("listed") == "yes", pl.col("state") == "open")["seen_day"]
    until = f"; the latest comment in one of them is of {day(max(last))}" if last.count() else ""
    return (
        f"**Of {count(of, 'issue')} that the text lists as open without official response, "
        f"{told['open']['listed']} were open as read**{until}. {told['closed']['listed']} was "
        f"closed, and {told['not found']['listed']} could not be found. No reply of Anthropic was "
        "seen in what could be read of them, which is not every comment. So the sentence is "
        "neither confirmed nor refuted for its own day ([](#claim-t10-1)): a state is read on "
        "another."
    )


def lifelines(cited: pl.DataFrame) -> str:
    """Caption the lifelines."""
    told = {row["state"]: row for row in states(cited).to_dicts()}
    of = cited.filter(pl.col("listed") == "yes").height
    return (
        f"{told['open']['listed']} of the {of} issues listed as open were open as read, and "
        f"{told['open']['cited']} of all {cited.height} that the write-up cites. Bold: listed as "
        "open. Below each number: the state in the copy that was read, with the label under which "
        "it was closed. A copy is at least as late as its last dated comment, and its state "
        "may be of a later day: the day of closing is known for none of them. Not "
        "found: looked up by number and by title in stored copies of the tracker."
    )


def lifelines_alt(cited: pl.DataFrame) -> str:
    """Say what is seen in the lifelines."""
    found = "; ".join(
        f"#{r['issue']} filed {r['filed_day'] or 'on an unknown day'}, {r['state']}"
        for r in cited.to_dicts()
    )
    return f"A line for each issue from its filing to the last comment read. {found}."


def in_short(issue: Mapping[str, Any]) -> str:
    """Say what an issue is, in Markdown: its title, its day, its state as read.

    Examples
    --------
    >>> issue = {"title": "Quota is gone", "filed_day": None, "state": "closed"}
    >>> in_short(issue | {"closed_reason": "stale"})
    '*Quota is gone*, closed as read (stale)'
    """
    filed = f", filed {day(issue['filed_day'])}" if issue["filed_day"] else ""
    why = f" ({issue['closed_reason']})" if issue["closed_reason"] else ""
    state = f"{issue['state']} as read" if issue["state"] in ("open", "closed") else issue["state"]
    return f"*{issue['title']}*{filed}, {state}{why}"


def states_table(cited: pl.DataFrame) -> pl.DataFrame:
    """Return the cited issues, as a table."""
    return cited.select(
        pl.format("#{}", "issue").alias("issue"),
        "title",
        pl.col("section").str.replace_all(" ", ", ").alias("cited in section"),
        pl.col("filed_day").cast(pl.String).alias("filed"),
        pl.concat_str(["state", "closed_reason"], separator=", ", ignore_nulls=True).alias(
            "state as read"
        ),
        "note",
    )


def states_caption(cited: pl.DataFrame) -> str:
    """Caption the cited issues."""
    own = cited.filter(pl.col("filer") == "SDpower")["issue"].to_list()
    closed = cited.filter(pl.col("state") == "closed")
    named = closed["closed_reason"].drop_nulls().len()
    return (
        f"{closed.height} of {cited.height} cited issues were closed as read, {named} of them "
        "under a label of the tracker's robot or triage, none under one that says solved. "
        f"{', '.join(f'#{n}' for n in own)} was filed by the write-up's own author, who cites it "
        "beside others' reports without saying so. No reply of Anthropic was seen in the parts "
        "that could be read of any of them; the CSV of the figure above has the last day read."
    )


def closing() -> str:
    """Say what the robot's rules mean for an issue that is open, and for one that is closed."""
    known = idle_rules().filter(pl.col("from_day") <= WRITTEN)
    said = claims().filter(pl.col("claim") == "T10.7")["printed"].item()
    lengths = known.filter(pl.col("closed_days") == said)
    now, gap = known.row(-1, named=True), known.filter(pl.col("closed_days").is_null())
    stated = known.filter(pl.col("known") == "stated").row(-1, named=True)
    since = " and again from ".join(day(d) for d in lengths["from_day"])
    told = f", but not from {day(gap['from_day'][0])} on in between" if gap.height else ""
    until_close = stated["closed_days"] - stated["marked_days"]
    as_copied = now["closed_days"] - now["marked_days"]
    return (
        f"The text says that issues are closed *after {said:.0f} days of inactivity*. That was the "
        f"rule from {since}{told}. It ended on {day(stated['from_day'])}, {_before(stated)} before "
        f"the write-up: from then on a mark after {stated['marked_days']} days and the close "
        f"{until_close} days after the mark, by the texts of that day, or {as_copied} days after "
        "it, by later copies of the file that has the numbers; which of the two held on the day "
        "of the write-up is inferred. Assigned issues, those with a comment after the mark and "
        f"wishes with {now['votes_keep']} votes are spared. An issue that triage labels has days "
        f"of its own: {_labels()}. So an open issue is one that comments, votes or an assignment "
        "have kept open, and a closed one is not a solved one; neither tells whether somebody at "
        "the firm has read it."
    )


def _labels() -> str:
    told = rules().filter(pl.col("applies_to") != "idle", pl.col("from_day") <= WRITTEN)
    return ", ".join(f"{r['closed_days']} from *{r['applies_to']}*" for r in told.to_dicts())


def _before(rule: Mapping[str, Any]) -> str:
    return count((WRITTEN - rule["from_day"]).days, "day")


def rules_table() -> pl.DataFrame:
    """Return the closing rules, as a table."""
    return rules().select(
        pl.col("from_day").cast(pl.String).alias("from"),
        pl.col("applies_to").alias("applies to"),
        pl.col("marked_days").alias("days until the mark"),
        pl.col("closed_days").alias("days until the close"),
        "known",
        "note",
    )


def rules_caption() -> str:
    """Caption the closing rules."""
    idle = idle_rules()
    told = ", ".join("never" if d is None else f"{d}" for d in idle["closed_days"])
    inferred = idle.filter(pl.col("known") == "inferred").height
    return (
        f"Idle issues were closed after, in turn: {told} days. {inferred} of these "
        f"{idle.height} rules is inferred, the others are stated in a merged change. Days without "
        "activity; for a label, days that it has stood. The first rule closed some issues in "
        "spite of comments, by a report that was itself closed."
    )
