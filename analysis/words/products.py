"""Say which products and seats were sold, and how far a rival had moved."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.monetization import text_day
from analysis.words.numbers import count, day
from analysis.words.sources import published

MOVES = published("product-moves")


def moves(frame: pl.DataFrame) -> str:
    """Caption the products."""
    out, rest = frame.filter("out"), frame.filter(~pl.col("out"))
    by = dict(out["audience"].value_counts().rows())
    listed = " and ".join(f"{by[a]:,} for {a}" for a in frame["audience"].unique().sort())
    other = " and ".join(f"{r['product']} is {r['seller']}'s" for r in rest.to_dicts())
    (review,) = frame.filter(pl.col("product") == "Code Review")["plans"]
    return (
        f"{out.height:,} of {count(frame.height, 'product')} that the write-up names were "
        f"Anthropic's and out by {day(text_day())}: {listed}. {other}, as far as we can tell. "
        f"Code Review was for {review}: the tier that the write-up proposes for it was there. "
        "For whom a product is, is our reading."
    )


def moves_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the products as a table."""
    return frame.select(
        "product",
        pl.col("audience").alias("for"),
        pl.col("out_day").alias("out"),
        pl.col("plans").alias("who could have it"),
        pl.format("{} ({})", "what", "source").alias("what it is, and source"),
    )


def sold(companies: pl.DataFrame) -> str:
    """Say which seats companies could buy."""
    without = companies.filter(~pl.col("coding"))
    named = " and ".join(f"{r['plan']} {r['seat']}" for r in without.to_dicts())
    change = facts("seats").filter(pl.col("until_day").is_not_null()).row(0, named=True)
    return (
        "The write-up calls it one broad subscription for both kinds of users. Of individual plans "
        f"that holds. Companies could buy {count(companies.height, 'kind')} of seats in March "
        f"2026, and {without.height:,} had no Claude Code in them: {named}. Team's standard seats "
        f"had none until {day(change['until_day'])}, either. So seats that told coders from others "
        "were sold before the write-up asked for them, and dropped since."
    )


def rival(rows: pl.DataFrame) -> str:
    """Say how far the rival's move to ads had gone."""
    shown = rows.filter("ads")
    named = " and ".join(shown["tier"])
    since = shown["from_day"].min()
    return (
        "The write-up ends on OpenAI's move to a model that rests on ads. By its day ads were a "
        f"test, begun on {day(since)} in one country, in {shown.height:,} of "  # type: ignore[arg-type]
        f"{rows.height:,} tiers of ChatGPT: {named}. The others, {(~rows['ads']).sum():,} of them, "
        "stayed without."
    )
