"""Which request each one goes on from: the message named as its parent, or the one before it."""

from __future__ import annotations

import polars as pl

from analysis.sessions import CHAIN, keys, latest, wrote


def with_base(ordered: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Set each request beside the one whose prompt it goes on from.

    Parameters
    ----------
    ordered
        `analysis.sessions.steps`.
    events
        The `events` table of the same logs.

    Returns
    -------
    pl.DataFrame
        The same rows with `base_context` (tokens of that prompt; null where there is none),
        `base_model`, `base_lifetime` (of what was last written by then), `base_elsewhere`
        (whether it is not the one before in the chain), `base_asked`, `base_first_seen` (of the
        last request by then in its chain, which keeps its entry alive), `base_seconds` (from that
        request to this one; where a limit or an error made the client wait, to the answer) and
        `base_compacted` (whether the conversation was compacted since).

    Examples
    --------
    >>> from analysis.schema import dtypes
    >>> from analysis.sessions import steps
    >>> none = steps(pl.DataFrame(schema=dtypes("requests")))
    >>> with_base(none, pl.DataFrame(schema=dtypes("events")))["base_seconds"].len()
    0
    """
    rows = ordered.with_row_index("row").with_columns(
        asked=pl.coalesce("requested_at", "first_seen"), kept=pl.coalesce(wrote(), "lifetime")
    )
    follows = pl.col("step") > 0
    alone = ["asked", "kept", "first_seen"]
    before = rows.with_columns(
        base_context=pl.col("previous_context_tokens"),
        base_model=pl.col("previous_model"),
        base_elsewhere=pl.lit(False),
        **{f"base_{name}": pl.when(follows).then(pl.col(name).shift()) for name in alone},
    )
    named = ["context", "model", "elsewhere", *alone]
    linked = _parents(before)
    based = (
        before.join(linked, on="row", how="left", maintain_order="left", suffix="_linked")
        .with_columns(
            pl.when(pl.col("base_elsewhere_linked"))
            .then(f"base_{name}_linked")
            .otherwise(f"base_{name}")
            .alias(f"base_{name}")
            for name in named
        )
        .rename({"base_kept": "base_lifetime"})
    )
    last = latest(based, events, "compaction")
    halted = latest(based, events, "limit", "api_error", of=("session",))  # the account's
    waits = (halted >= pl.col("asked")).fill_null(False)
    sent = pl.when(waits).then("first_seen").otherwise("asked")
    return based.with_columns(
        base_compacted=(last > pl.col("base_first_seen")).fill_null(False),
        base_seconds=(sent - pl.col("base_asked")).dt.total_milliseconds() / 1000,
    ).drop("row", "asked", "kept")


def _parents(rows: pl.DataFrame) -> pl.DataFrame:
    """Find the parents of requests that do not go on from the one before them.

    A parent in another chain was last used by the last request that chain had made by then.
    """
    parent, before = pl.col("parent_message_id"), pl.col("previous_message_id")
    branched = rows.filter(parent.is_not_null() & before.ne_missing(parent))
    chain = [pl.col(name) for name in CHAIN]
    parents = rows.filter(pl.col("message_id").is_in(branched["parent_message_id"].implode()))
    found = (
        branched.select("row", "first_seen", pl.struct(chain).alias("chain"), id=parent)
        .join(
            parents.select(
                *keys(),
                id="message_id",
                at="first_seen",
                of=pl.struct(chain),
                base_context="context_tokens",
                base_model="model",
            ),
            on="id",
        )
        .filter(pl.col("at") < pl.col("first_seen"))
        .sort(
            "row", pl.col("of").ne_missing(pl.col("chain")), "at", descending=[False, False, True]
        )
        .unique("row", keep="first", maintain_order=True)
    )
    used = rows.select(
        *keys(), "first_seen", base_asked="asked", base_kept="kept", base_first_seen="first_seen"
    ).sort("first_seen")
    return (
        found.sort("first_seen")
        .join_asof(
            used,
            on="first_seen",
            by=[f"_{name}" for name in CHAIN],
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .select(
            "row",
            pl.lit(True).alias("base_elsewhere"),
            pl.col("^base_(context|model|asked|kept|first_seen)$"),
        )
    )
