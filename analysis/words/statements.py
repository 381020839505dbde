"""Say what partners and investors said, and who holds both."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.carrying import DAY
from analysis.measures.funding import ranking
from analysis.words.numbers import day
from analysis.words.sources import published

SOURCE = published("partner-statements")
SHARED_SOURCE = published("shared-investors")


def said_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return what partners and investors said."""
    who = pl.concat_str("partner", "speaker", separator=", ")
    ranks = pl.when(pl.col("ranks") == "yes").then(pl.lit("yes")).otherwise(pl.lit("no"))
    return frame.select(
        pl.col("said_day").alias("day"),
        who.alias("who"),
        pl.col("about"),
        pl.col("says").alias("what, in our words"),
        ranks.alias("ranks it first or better"),
        pl.col("source").alias("where"),
    )


def said_caption(frame: pl.DataFrame) -> str:
    """Caption what partners said."""
    found = ranking(frame)
    praise = frame.filter(
        pl.col("strategic") == "yes", pl.col("about") == "technology", pl.col("said_day") <= DAY
    )
    first = (
        f"{found['partner'][0]} published on {day(found['said_day'][0])} that a Claude model "
        "outperforms its peers"
        if found.height
        else "No dated statement that ranks a Claude model was found"
    )
    return (
        f"{first}; {praise.height} of the statements that we found of strategic partners before "
        "the text are about the technology. That nobody ever said so can be refuted by one "
        "statement and proved by none: it would take all that four companies published. A "
        "catalogue text of a seller may repeat the maker's own words, and praise is no ranking: "
        "the column says which is which. A press report of unnamed people is no public statement."
    )


def shared_caption() -> str:
    """Caption investors of both."""
    rows = facts("shared-investors")
    return (
        f"{rows.height} of the at least 12 investors of series G that hold OpenAI too are named "
        "in what we could read of TechCrunch's count. It is of 23 February 2026, and calls this "
        "understandable of managers of many funds and new for venture firms. Microsoft and Nvidia, "
        "which put money in both as well, are not among them."
    )
