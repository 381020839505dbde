"""Requests in the order they were made: chains, and what lies between two of them."""

from __future__ import annotations

import polars as pl

#: A chain is the main conversation of a session, or one of its subagents'.
CHAIN = ("session", "agent")


def steps(requests: pl.DataFrame) -> pl.DataFrame:
    """Put requests in order and set each beside the one before it in its chain.

    Returns
    -------
    pl.DataFrame
        The same rows by chain and time, with `step` (0 for a chain's first), `gap_seconds` (from
        the last line of the answer before to this request; never below 0) and
        `previous_context_tokens` (the prompt of the one before); both null for a chain's first.

    Examples
    --------
    >>> import datetime as dt
    >>> at = [dt.datetime(2026, 3, 19, 9, m, tzinfo=dt.UTC) for m in (0, 7)]
    >>> made = {"session": "s", "agent": None, "requested_at": at, "first_seen": at,
    ...         "last_seen": at, "message_id": ["a", "b"], "context_tokens": [10, 12]}
    >>> steps(pl.DataFrame(made)).select("step", "gap_seconds", "previous_context_tokens").rows()
    [(0, None, None), (1, 420.0, 10)]
    """
    asked = pl.coalesce("requested_at", "first_seen")
    before = pl.col("last_seen").shift().over(CHAIN)
    return requests.sort(*CHAIN, "first_seen", "message_id").with_columns(
        pl.int_range(pl.len()).over(CHAIN).alias("step"),
        ((asked - before).dt.total_milliseconds() / 1000).clip(lower_bound=0).alias("gap_seconds"),
        pl.col("context_tokens").shift().over(CHAIN).alias("previous_context_tokens"),
    )
