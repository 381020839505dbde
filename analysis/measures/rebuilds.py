"""The rebuild ledger: what was written to the cache though it had been there, and why.

A request goes on from another: the message it names as its parent, or else the one before it in
its chain. What that one's prompt has in common with this one's could have been read; what of it
was written instead is *rebuilt*. A chain's first request goes on from none, and after a compaction
the prompt is another: all that such a request writes counts, as the cost of starting anew.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis import schema
from analysis.counted import tell_writes
from analysis.measures.published import write_nano
from analysis.measures.rates import rates
from analysis.parents import with_base
from analysis.sessions import steps

#: The cause that is no rebuild: a chain's first request writes what was never written for it.
NEW_CHAIN = "new chain"

#: Why a prompt was written again, in the order in which they are looked for.
CAUSES = schema.CAUSES

#: Fewer tokens are the tail of a prompt that no breakpoint covers: on 208 public sessions 14,299
#: of 15,434 later requests lose a few, together 0.6 of 34 million.
LEAST = 1_000

#: How long an entry lives unread, in seconds. What the log does not split has the default.
SECONDS = {"5m": 300, "1h": 3_600}

#: The API's word for a miss that it cannot explain.
_NO_REASON = "unavailable"


def rebuilt(priced: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Find what each request wrote again, why, and what it paid for that above a read.

    Causes by precedence: a compaction between the two requests; a chain's first request; another
    model; the API's own reason; a pause longer than the lifetime last written; a prompt that does
    not go on from the one before (another parent, another chain, or half of it gone without an
    event); unknown, which is what a change of tools or of the system prompt looks like. The pause
    goes from request to request, since a log does not say when in between each was processed;
    where a limit or an error made the client wait, to the answer.

    Parameters
    ----------
    priced
        Requests with nano-dollars by token class.
    events
        The `events` table of the same logs.

    Returns
    -------
    pl.DataFrame
        The rows of `analysis.sessions.steps` in its order, with `rebuilt_tokens` (0 where
        nothing; never more than `write_tokens`, and null where these are; from 1,000 tokens on),
        `pause_seconds` (as above; null where it goes on from none), `cause` (one of `CAUSES`; null
        where nothing was rebuilt) and `premium_nano` (rebuilt tokens times what the request paid
        for a written token less its read price; null where no price is known).

    Examples
    --------
    >>> from analysis.schema import dtypes
    >>> from analysis.prices import price
    >>> none = price(pl.DataFrame(schema=dtypes("requests")))
    >>> rebuilt(none, pl.DataFrame(schema=dtypes("events"))).columns[-3:]
    ['pause_seconds', 'cause', 'premium_nano']
    """
    made = with_base(steps(priced), events)
    shared = pl.min_horizontal("context_tokens", "base_context") - pl.col("read_tokens")
    anew = pl.col("base_context").is_null() | pl.col("base_compacted")
    lost = pl.when(anew).then("write_tokens").otherwise(shared)
    lost = pl.min_horizontal(lost, "write_tokens")
    again = pl.when(lost >= LEAST).then(lost).otherwise(0)
    known = pl.col("write_tokens").is_not_null()
    found = made.with_columns(rebuilt_tokens=pl.when(known).then(again).cast(pl.Int64))
    return found.with_columns(
        pause_seconds=pl.col("base_seconds").clip(lower_bound=0),
        cause=_cause(),
        premium_nano=_premium(found),
    ).drop("^base_.*$")


def repriced(
    rebuilt: pl.DataFrame, pricing: Callable[[pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    """Return the same ledger at other prices: what was rebuilt, and why, does not depend on them.

    Parameters
    ----------
    pricing
        What prices rows: `Logs.pricing(date)`.
    """
    priced = pricing(rebuilt)
    return priced.with_columns(premium_nano=_premium(priced))


def ledger(rebuilt: pl.DataFrame) -> pl.DataFrame:
    """Return the requests that rebuilt something, by time."""
    return rebuilt.filter(pl.col("cause").is_not_null()).sort("first_seen", "message_id")


def _cause() -> pl.Expr:
    life = pl.col("base_lifetime").replace_strict(SECONDS, default=SECONDS["5m"])
    reason = pl.col("cache_miss_reason").fill_null(_NO_REASON) != _NO_REASON
    cut = pl.col("context_tokens") < pl.col("base_context") / 2
    elsewhere = pl.col("base_elsewhere") | cut
    cases = {
        "compaction": pl.col("base_compacted"),
        NEW_CHAIN: pl.col("base_context").is_null(),
        "model change": pl.col("model") != pl.col("base_model"),
        "api reason": reason,
        "expiry": pl.col("base_seconds") > life,
        "rewind or fork": elsewhere,
    }
    named = [pl.when(holds).then(pl.lit(name)) for name, holds in cases.items()]
    cause = pl.coalesce(*named, pl.lit("unknown"))
    return pl.when(pl.col("rebuilt_tokens") > 0).then(cause)


def _premium(found: pl.DataFrame) -> pl.Series:
    """Return what rebuilt tokens cost above the price of reading them."""
    tokens = pl.col("rebuilt_tokens")
    above = pl.col("write_nano") / pl.col("write_tokens") - pl.col("read_rate")
    nano = pl.when(tokens > 0).then(tokens * above).otherwise(0.0)
    known = pl.col("total_nano").is_not_null()
    return (
        found.with_columns(write_nano(), read_rate=rates(found)["read_rate"])
        .select(pl.when(known).then(nano).round().cast(pl.Int64))
        .to_series()
    )


def by_cause(rebuilt: pl.DataFrame, rest_nano: int = 0) -> pl.DataFrame:
    """Sum the ledger by cause.

    Parameters
    ----------
    rest_nano
        What the logs leave out of the bill's output, of `analysis.measures.reconstruct.outputs`.

    Returns
    -------
    pl.DataFrame
        A row per cause of `CAUSES`, dearest first: `cause`, `rebuilds`, `rebuilt_tokens`,
        `premium_nano` (of those with a price; null where none of them has one), `unpriced` (how
        many have none), `share` (of the bill as logged) and `corrected share` (of the bill and
        the rest of the output); null where nothing costs anything, and all of it null where there
        are requests and nobody counted what any of them wrote.
    """
    found = (
        ledger(rebuilt)
        .group_by("cause")
        .agg(
            pl.len().cast(pl.Int64).alias("rebuilds"),
            pl.col("rebuilt_tokens").sum(),
            pl.when(pl.col("premium_nano").count() > 0).then(pl.col("premium_nano").sum()),
            pl.col("premium_nano").null_count().cast(pl.Int64).alias("unpriced"),
        )
    )
    total = int(rebuilt["total_nano"].sum())
    none = pl.lit(None, pl.Float64)
    premium = pl.col("premium_nano")
    nothing = pl.lit(0 if tell_writes(rebuilt) else None, pl.Int64)
    return (
        pl.DataFrame({"cause": CAUSES})
        .join(found, on="cause", how="left", maintain_order="left")
        .with_columns(
            pl.col("rebuilds", "rebuilt_tokens", "unpriced").fill_null(nothing),
            pl.when(pl.col("rebuilds").is_null())
            .then(nothing)
            .otherwise(premium)
            .alias("premium_nano"),
        )
        .with_columns(
            (premium / total if total else none).alias("share"),
            (premium / (total + rest_nano) if total else none).alias("corrected share"),
        )
        .sort(
            "premium_nano", "rebuilt_tokens", descending=True, nulls_last=True, maintain_order=True
        )
    )


def in_dollars(causes: pl.DataFrame) -> pl.DataFrame:
    """Return the sums by cause with the premium in dollars.

    Parameters
    ----------
    causes
        `by_cause`.
    """
    premium = (pl.col("premium_nano") / 1e9).alias("premium_usd")
    shares = ("share", "corrected share")
    return causes.select("cause", "rebuilds", "unpriced", "rebuilt_tokens", premium, *shares)


def listed(rebuilt: pl.DataFrame) -> pl.DataFrame:
    """Return the ledger as it is published: every rebuild by time, a project by its label.

    Returns
    -------
    pl.DataFrame
        `day` (UTC), `project`, `cause`, `pause_seconds`, `lifetime` (of what was last written
        before), `rebuilt_tokens`, `premium_usd` (null where no price is known). New chains, which
        write anew, are left out.
    """
    return (
        ledger(rebuilt)
        .filter(pl.col("cause") != NEW_CHAIN)
        .select(
            pl.col("first_seen").dt.date().alias("day"),
            "project",
            "cause",
            "pause_seconds",
            "lifetime",
            "rebuilt_tokens",
            (pl.col("premium_nano") / 1e9).alias("premium_usd"),
        )
    )


def detailed(rebuilt: pl.DataFrame) -> pl.DataFrame:
    """Return the ledger as its owner may see it: by session and minute, the dearest first.

    Returns
    -------
    pl.DataFrame
        `at` (of the first line of the answer), `session`, `project`, `model`, `cause`,
        `pause_minutes`, `lifetime` (of what was last written before), `rebuilt_tokens`,
        `premium_usd` (null where no price is known). New chains are left out.
    """
    return (
        ledger(rebuilt)
        .filter(pl.col("cause") != NEW_CHAIN)
        .select(
            pl.col("first_seen").alias("at"),
            "session",
            "project",
            "model",
            "cause",
            (pl.col("pause_seconds") / 60).alias("pause_minutes"),
            "lifetime",
            "rebuilt_tokens",
            (pl.col("premium_nano") / 1e9).alias("premium_usd"),
        )
        .sort("premium_usd", descending=True, nulls_last=True, maintain_order=True)
    )


def costliest(listed: pl.DataFrame, rows: int = 10) -> pl.DataFrame:
    """Return the rebuilds with the highest premium, with the pause in minutes.

    Parameters
    ----------
    listed
        `listed`.
    """
    return (
        listed.filter(pl.col("premium_usd") > 0)
        .sort("premium_usd", descending=True, maintain_order=True)
        .head(rows)
        .select(
            "day",
            "project",
            "cause",
            (pl.col("pause_seconds") / 60).alias("pause_minutes"),
            "lifetime",
            "rebuilt_tokens",
            "premium_usd",
        )
    )
