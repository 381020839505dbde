"""Requests in the order they were made: chains, and what lies between two of them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

#: A chain is the main conversation of a session, or one of its subagents'. Old clients logged
#: subagents in the main file, without saying which: those of a session are one chain.
CHAIN = ("session", "agent", "is_sidechain")


def steps(requests: pl.DataFrame) -> pl.DataFrame:
    """Put requests in order and set each beside the one before it in its chain.

    An entry's life begins anew with every request that reads it, so a gap is counted from the
    first line of the answer before, the time nearest to that request which a log has.

    Returns
    -------
    pl.DataFrame
        The same rows by chain and time, with `step` (0 for a chain's first), `gap_seconds` (from
        the first line of the answer before to this request; never below 0),
        `previous_context_tokens` (the prompt of the one before), `previous_model`,
        `previous_message_id`, and `lifetime` (5m or 1h: that of the last tokens written before
        this request; null where nothing was, or the log does not split). All but the first are
        null for a chain's first.

    Examples
    --------
    >>> import datetime as dt
    >>> at = [dt.datetime(2026, 3, 19, 9, m, tzinfo=dt.UTC) for m in (0, 7)]
    >>> made = {"session": "s", "agent": None, "is_sidechain": False, "requested_at": at,
    ...         "first_seen": at, "message_id": ["a", "b"], "model": "claude-opus-4-6",
    ...         "context_tokens": [10, 12], "write_5m_tokens": [0, 2], "write_1h_tokens": [10, 0]}
    >>> steps(pl.DataFrame(made)).select("step", "gap_seconds", "lifetime").rows()
    [(0, None, None), (1, 420.0, '1h')]
    """
    asked = pl.coalesce("requested_at", "first_seen")
    gap = (asked - pl.col("first_seen").shift()).dt.total_milliseconds() / 1000
    before = ("context_tokens", "model", "message_id")
    # in order, one pass over neighbours does what a window over each chain would
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in CHAIN)
    row, wrote_at = pl.col("_row"), pl.when(wrote().is_not_null()).then("_row").forward_fill()
    follows = row > pl.col("_begins")
    kept = pl.when(wrote_at >= pl.col("_begins")).then(wrote().forward_fill())
    return (
        requests.sort(*CHAIN, "first_seen", "message_id")
        .with_columns(_row=pl.int_range(pl.len()))
        .with_columns(_begins=pl.when((row == 0) | ~same).then(row).forward_fill())
        .with_columns(
            (row - pl.col("_begins")).alias("step"),
            pl.when(follows).then(gap.clip(lower_bound=0)).alias("gap_seconds"),
            pl.when(follows).then(kept.shift()).alias("lifetime"),
            *(pl.when(follows).then(pl.col(n).shift()).alias(f"previous_{n}") for n in before),
        )
        .drop("_row", "_begins")
    )


def wrote() -> pl.Expr:
    """Return the lifetime of what a request wrote: 5m or 1h, null where nothing or not split."""
    hour, short = pl.col("write_1h_tokens") > 0, pl.col("write_5m_tokens") > 0
    return pl.when(hour).then(pl.lit("1h")).when(short).then(pl.lit("5m"))


def latest(
    requests: pl.DataFrame, events: pl.DataFrame, *kinds: str, of: Sequence[str] = CHAIN
) -> pl.Series:
    """Return when one of some events last happened before each answer, in its chain or session.

    Parameters
    ----------
    requests
        One row per request, in any order.
    kinds
        Kinds of events, as in `analysis.schema.EVENTS`.
    of
        What request and event have in common: columns of both.

    Returns
    -------
    pl.Series
        A time per request, null where nothing of the kind had happened.
    """
    some = events.filter(pl.col("kind").is_in(kinds)).drop_nulls("at")
    if some.is_empty():
        return pl.Series("happened", [None], some.schema["at"]).new_from_index(0, requests.height)
    marked = some.select(*keys(of), "at", happened="at").sort("at")
    return (
        requests.select(*keys(of), "first_seen")
        .with_row_index()
        .sort("first_seen")
        .join_asof(
            marked,
            left_on="first_seen",
            right_on="at",
            by=[f"_{name}" for name in of],
            check_sortedness=False,
        )
        .sort("index")["happened"]
    )


def keys(of: Sequence[str] = CHAIN) -> list[pl.Expr]:
    """Return columns to join by: without nulls, which a join leaves out."""
    return [pl.col(name).cast(pl.String).fill_null("").alias(f"_{name}") for name in of]


def triggered(ordered: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Say what led to each request: a person, or the result of a tool.

    Parameters
    ----------
    ordered
        `steps`.
    events
        The `events` table of the same logs.

    Returns
    -------
    pl.DataFrame
        The same rows with `trigger`: `human turn` where a prompt was typed since the answer
        before, else `tool result`; null for a chain's first.
    """
    before = pl.when(pl.col("step") > 0).then(pl.col("first_seen").shift())
    typed = (latest(ordered, events, "prompt") > before).fill_null(False)
    trigger = pl.when(typed).then(pl.lit("human turn")).otherwise(pl.lit("tool result"))
    return ordered.with_columns(trigger=pl.when(before.is_not_null()).then(trigger))
