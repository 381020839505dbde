"""Say what a ledger of rebuilds comes to."""

from __future__ import annotations

import polars as pl

from analysis.measures.rebuilds import LEAST
from analysis.words.numbers import compact, count, usd


def ledger(frame: pl.DataFrame, shown: int, of: str = "") -> str:
    r"""Say how many rebuilds there are, of how many tokens, and what they cost above reads.

    Parameters
    ----------
    frame
        `measures.rebuilds.detailed`.
    shown
        How many of them are listed.
    of
        Of what, such as ` of project-01`.

    Examples
    --------
    >>> made = pl.DataFrame({"rebuilt_tokens": [9_000], "premium_usd": [0.25], "cause": ["expiry"]})
    >>> ledger(made, 1).split(", ")[0]
    '1 rebuild wrote 9.00\u202fk tokens again'
    """
    if frame.is_empty():
        return f"Nothing{of} was written to the cache a second time."
    tokens, premium = int(frame["rebuilt_tokens"].sum()), float(frame["premium_usd"].sum())
    none = frame["premium_usd"].null_count()
    unpriced = f", {count(none, 'rebuild')} without a price left out" if none else ""
    cut = f" The dearest {shown:,} are listed." if shown < frame.height else ""
    return (
        f"{count(frame.height, 'rebuild')}{of} wrote {compact(tokens)} tokens again, "
        f"{usd(premium)} above the price of reading them{unpriced}.{cut}"
    )


READING = (
    "Pause: from the request before to this one, in minutes. Lifetime: of what was last written "
    f"before. Tokens: written again, of rebuilds from {LEAST:,} on. Premium: these tokens times "
    "what the request paid for a written token, less its read price. Choose a row to see its "
    "session above."
)
