"""Say in what state the cited issues were read, and what the advice comes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from analysis.measures.capabilities import WRITTEN
from analysis.measures.open_issues import idle, rules, states
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
        "neither confirmed nor refuted for its own day: a state is read on another."
    )


def lifelines(cited: pl.DataFrame) -> str:
    """Caption the lifelines."""
    told = {row["state"]: row for row in states(cited).to_dicts()}
    of = cited.filter(pl.col("listed") == "yes").height
    return (
        f"{told['open']['listed']} of the {of} issues listed as open were open as read, and "
        f"{told['open']['cited']} of all {cited.height} that the write-up cites. Bold: listed as "
        "open. Right: the state in the copy that was read, with the label under which it was "
        "closed. A copy is at least as late as its last dated comment, and a state at its right "
        "may be later than that: the day of closing is known for none of them. Not "
        "found: looked up by number and by title in stored copies of the tracker."
    )


def lifelines_alt(cited: pl.DataFrame) -> str:
    """Say what is seen in the lifelines."""
    found = "; ".join(
        f"#{r['issue']} filed {r['filed_day'] or 'on an unknown day'}, {r['state']}"
        for r in cited.to_dicts()
    )
    return f"A line for each issue from its filing to the last comment read. {found}."


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


def closing(cited: pl.DataFrame) -> str:
    """Say what the robot's rule means for an issue that is open, and for one that is closed."""
    now = rules().filter(pl.col("from_day") <= WRITTEN).row(-1, named=True)
    first = rules().row(0, named=True)
    stale = cited.filter(pl.col("listed") == "yes", pl.col("closed_reason") == "stale")
    left = "".join(_left_alone(row) for row in stale.to_dicts())
    return (
        f"The text says that issues are closed *after 60 days of inactivity*. That was the rule "
        f"from {day(first['from_day'])}; since {day(now['from_day'])}, {_before(now)} before the "
        f"write-up, it is {now['closed_days']}: a mark after {now['marked_days']} and the close "
        "as many later, unless the issue is assigned or commented on, or is a wish with ten votes. "
        "So an open issue is one that comments, votes or an assignment have kept open, and a "
        "closed one is not a solved one; neither tells whether somebody at the firm has read it."
        f"{left}"
    )


def _left_alone(row: Mapping[str, Any]) -> str:
    """Say when the robot would have closed an issue on which nobody did anything."""
    swept = idle(row["filed_day"], WRITTEN)
    if swept is None or swept >= WRITTEN:
        return ""
    return (
        f" Left alone since it was filed, #{row['issue']} would have been closed on {day(swept)}, "
        f"{count((WRITTEN - swept).days, 'day')} before the write-up; whether it was left alone "
        "until then is not known."
    )


def _before(rule: Mapping[str, Any]) -> str:
    return count((WRITTEN - rule["from_day"]).days, "day")


def rules_table() -> pl.DataFrame:
    """Return the closing rules, as a table."""
    return rules().select(
        pl.col("from_day").cast(pl.String).alias("from"),
        pl.col("marked_days").alias("days until the mark"),
        pl.col("closed_days").alias("days until the close"),
        "note",
    )


def rules_caption() -> str:
    """Caption the closing rules."""
    last = rules().row(-1, named=True)
    first = rules().row(0, named=True)
    return (
        f"An idle issue was closed after {first['closed_days']} days, and since "
        f"{day(last['from_day'])} after {last['closed_days']}. Days without activity. The "
        "first rule closed some issues in spite of comments, by a report that was itself closed."
    )
