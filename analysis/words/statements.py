"""Say what partners and investors said, and who holds both."""

from __future__ import annotations

import polars as pl

from analysis.claims import claims
from analysis.facts import facts
from analysis.measures.carrying import DAY
from analysis.measures.funding import ranking
from analysis.words.numbers import day
from analysis.words.sources import published

SOURCE = published("partner-statements")
SHARED_SOURCE = published("shared-investors")
_SHARED = "T8.16"  # the claim that has the count


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
    public = frame.filter(
        pl.col("strategic") == "yes", pl.col("public") == "yes", pl.col("said_day") <= DAY
    )
    praise = public.filter(pl.col("about") == "technology")
    first = (
        f"{found['partner'][0]} published on {day(found['said_day'][0])} that a Claude model "
        "outperforms its peers"
        if found.height
        else "No dated statement that ranks a Claude model was found"
    )
    return (
        f"{first}; {praise.height} of the {public.height} public statements that we found of "
        "strategic partners before the text are about the technology. That nobody ever said so can "
        "be refuted by one statement and proved by none: it would take all that four companies "
        "published. A catalogue text of a seller may repeat the maker's own words, and praise is "
        "no ranking: the column says which is which. A press report of unnamed people is no "
        "public statement."
    )


def shared_caption() -> str:
    """Caption investors of both."""
    rows = facts("shared-investors")
    claim = claims().row(by_predicate=pl.col("claim") == _SHARED, named=True)
    return (
        f"By one count ({claim['source']}) {claim['printed']:.0f} investors of series G or more "
        f"hold OpenAI too; {rows.height} of them are named in what we could read. It calls this "
        "understandable of managers of many funds and new for venture firms."
    )
