"""Say what carrying a context file costs by the list."""

from __future__ import annotations

import polars as pl

from analysis.measures.carrying import DAY, MODEL
from analysis.pricebook import price_book
from analysis.words.numbers import count, day, usd

SOURCE = (
    f"the list prices of genai-prices {price_book().version}, and `data/raw/facts/examples.csv`"
)


def opening(example: pl.DataFrame) -> str:
    """Say what the text's example is, and what it costs."""
    row = example.row(0, named=True)
    tokens = row["file_tokens"] * row["requests"]
    return (
        f"{row['file_tokens']:,} tokens over {row['requests']:,} messages are {tokens:,} tokens, "
        f"as the text says. Strictly the first request writes the file and the other "
        f"{row['requests'] - 1:,} read it: {row['read_tokens']:,} tokens of reads for "
        f"{usd(row['read_usd'])} and one write for {usd(row['write_usd'])}, together "
        f"**{usd(row['cost_usd'])}** at the list of Opus 4.6. That takes one request a message. An "
        "agent that calls tools makes several, and each of them reads the file."
    )


def carried(frame: pl.DataFrame, example: pl.DataFrame) -> str:
    """Caption the cost by size and requests."""
    known = frame.drop_nulls("cost_usd")
    if known.is_empty():
        return "The model has no list price, so that nothing can be said of what a file costs."
    row = example.row(0, named=True)
    write = row["write_usd"] / row["file_tokens"]
    read = row["read_usd"] / row["read_tokens"]
    low, high = (
        known.sort("cost_usd").row(0, named=True),
        known.sort("cost_usd").row(-1, named=True),
    )
    return (
        f"Carrying a file costs from {_dear(low['cost_usd'])} ({low['file_tokens']:,} tokens, "
        f"{low['requests']:,} requests) to {_dear(high['cost_usd'])} "
        f"({high['file_tokens']:,} tokens, {high['requests']:,} requests) a session. List "
        f"prices of {MODEL} on {day(DAY)}; one write, then reads, and no pause that lets it "
        f"expire: each rebuild of the prompt would write it again, at the price of "
        f"{write / read:.1f} reads. The dearer tier of very long prompts, which some models had at "
        "some times, is left out."
    )


def _dear(value: float) -> str:
    return f"${value:,.2f}" if value >= 0.01 else f"${value:.4f}"


def carried_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the cost by size and requests."""
    sizes = count(frame["file_tokens"].n_unique(), "line")
    return (
        f"{sizes} that rise from left to right on two log axes, higher for larger files; a "
        "diamond on one of them marks the text's example."
    )


def by_model(frame: pl.DataFrame, example: pl.DataFrame) -> str:
    """Caption the cost by model."""
    row = example.row(0, named=True)
    column = f"{row['requests']:,} requests"
    known = frame.drop_nulls(column)
    if known.is_empty():
        return "No model has a list price."
    return (
        f"The text's file of {row['file_tokens']:,} tokens costs {usd(min(known[column]))} to "
        f"{usd(max(known[column]))} over {row['requests']:,} requests, by model. "
        f"List-price dollars a session, prices of {day(DAY)}."
    )
