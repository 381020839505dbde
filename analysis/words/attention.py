"""Say what sessions read in sum, and what their models see at once."""

from __future__ import annotations

import polars as pl

from analysis.words.numbers import compact, count, share
from analysis.words.sources import published

SOURCE = f"these logs and {published('cases')} (stars)"


def attention(frame: pl.DataFrame, published: pl.DataFrame, window: int) -> str:
    """Caption the reads in sum beside what is seen at once.

    Parameters
    ----------
    frame
        `measures.attention.sessions`.
    published
        `measures.attention.published`.
    window
        Tokens that a model sees at once, at most.
    """
    first, last = published.row(0, named=True), published.row(-1, named=True)
    found = (
        f"The published session read {compact(first['read_tokens'])} tokens in sum, and a request "
        f"of it saw {first['seen_tokens']:,} on average, {share(first['share'])} of that"
    )
    also = (
        f"With {last['requests']:,} requests instead of {first['requests']:,}, the other number "
        f"that was published for it, the average is {last['seen_tokens']:,}."
    )
    return (
        f"{found}. Reads count the same conversation again in every request; attention has one "
        f"prompt before it, never more than the window of {compact(window)} tokens. {also} "
        f"{_own(frame)} Both axes logarithmic."
    )


def _own(frame: pl.DataFrame) -> str:
    if frame.is_empty():
        return "No session of these logs read anything."
    longest = frame.row(-1, named=True)
    over = frame.filter(pl.col("read_tokens") > pl.col("largest_tokens")).height
    return (
        f"Of {count(frame.height, 'session')} here, {over:,} read more in sum than any of their "
        f"prompts held; the longest, of {count(longest['requests'], 'request')}, read "
        f"{compact(longest['read_tokens'])}, and its largest prompt is "
        f"{compact(longest['largest_tokens'])}. Main chains alone."
    )


def attention_alt(frame: pl.DataFrame) -> str:
    """Say what is seen."""
    return (
        "Two clouds of dots over requests of a session: reads in sum climb across the line of the "
        "largest window, largest prompts stay below it; stars for the published session; a band at "
        f"the bottom for tens of tokens. {count(frame.height, 'session')} of these logs."
    )
