"""Say what the price of a Code Review is in tokens, and what is published of reviews."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.facts import facts
from analysis.measures.spared import review
from analysis.words.numbers import compact, share
from analysis.words.sources import published

TOKENS = f"these logs and {published('code-reviews', 'cases')}"
_MIXES = {
    "input": "all of it uncached input",
    "output": "all of it output",
    "session": "as in the technical write-up's session",
    "logs": "as in these logs",
}


def tokens(frame: pl.DataFrame, low: float, high: float) -> str:
    """Caption what the price of a review buys in tokens."""
    rows = {r["mix"]: r for r in frame.to_dicts()}
    plain, said = rows["input"], rows["output"]
    own = rows.get("logs")
    mixed = (
        f" In the mix of these logs, mostly cache reads, it is {_reach(own)}, each of them cheaper."
        if own
        else ""
    )
    return (
        f"A Code Review of ${low:,.0f} to ${high:,.0f} is {_reach(plain)} tokens of uncached input "
        f"or {_reach(said)} of output at the list price of Opus 4.6.{mixed} What a review really "
        "sends is not published, nor on which model; it is billed by its tokens, and the range is "
        "one of averages. Writes are priced as kept for five minutes."
    )


def _reach(row: dict[str, Any]) -> str:
    return f"{compact(row['low'])} to {compact(row['high'])}"


def token_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return tokens for the two prices as a table."""
    return frame.select(
        pl.col("mix").replace_strict(_MIXES).alias("if its tokens are"),
        pl.col("usd_a_million").alias("dollars a million"),
        pl.col("low").alias("for the low price"),
        pl.col("high").alias("for the high price"),
    )


def launch() -> str:
    """Say what the launch of Code Review said of it, and what is known of reviews beside it."""
    price, most = review("price_low"), review("price_high")
    found = review("findings")
    return (
        f"By Anthropic's launch post, as quoted, {share(review('after'), 0)} of its own pull "
        f"requests get substantive comments with it, {share(review('before'), 0)} did before; on "
        f"those of over 1,000 lines it finds {found} things, and developers marked under "
        f"{share(review('wrong'), 0)} as wrong. If such a review costs the average, a finding "
        f"costs ${price / found:.2f} to ${most / found:.2f}. It says nothing of hours. Of work "
        f"done with Claude Code, a study found {share(review('merged'))} of pull requests merged "
        f"({share(review('merged_people'))} of those made without), and "
        f"{share(review('unchanged'))} of these without a change: the rest took a person's time "
        "as well."
    )


def reserved() -> str:
    """Say to whom Code Review was sold."""
    offers = facts("code-reviews").filter(pl.col("name") == "offers")["label"].item()
    return (
        f"At launch it was for {offers.split(': ')[-1]}: it came with the seat of an organisation, "
        "not with the API alone. So one way that the write-up proposes, *reserved for a specific "
        "tier*, was the one taken."
    )
