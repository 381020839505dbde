"""The rebuild ledger: what was written to the cache though it had been there, and why.

A request goes on from another: the message it names as its parent, or else the one before it in
its chain. What that one's prompt has in common with this one's could have been read; what of it
was written instead is *rebuilt*. A chain's first request goes on from none, and after a compaction
the prompt is another: all that such a request writes counts, as the cost of starting anew.
"""

from __future__ import annotations

import polars as pl

from analysis.measures.published import write_nano
from analysis.prices import price
from analysis.sessions import CHAIN, steps, wrote

#: Why a prompt was written again, in the order in which they are looked for.
CAUSES = (
    "compaction",
    "new chain",
    "model change",
    "api reason",
    "expiry",
    "rewind or fork",
    "unknown",
)

#: Fewer tokens are the tail of a prompt that no breakpoint covers: on 208 public sessions 14,299
#: of 15,434 later requests lose a few, together 0.6 of 34 million.
LEAST = 1_000

#: How long an entry lives unread, in seconds. What the log does not split has the default.
SECONDS = {"5m": 300, "1h": 3_600}

#: The API's word for a miss that it cannot explain.
_NO_REASON = "unavailable"

_HALTS = ("limit", "api_error")

# a join leaves out what is null
_BY = [f"_{name}" for name in CHAIN]
_KEY = [pl.col(name).cast(pl.String).fill_null("").alias(f"_{name}") for name in CHAIN]


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
        nothing; never more than `write_tokens`; from 1,000 tokens on), `cause` (one of `CAUSES`;
        null where nothing was rebuilt) and `premium_nano` (rebuilt tokens times what the request
        paid for a written token less its read price; null where no price is known).

    Examples
    --------
    >>> from analysis.schema import dtypes
    >>> none = price(pl.DataFrame(schema=dtypes("requests")))
    >>> rebuilt(none, pl.DataFrame(schema=dtypes("events"))).columns[-3:]
    ['rebuilt_tokens', 'cause', 'premium_nano']
    """
    made = _with_base(steps(priced), events)
    shared = pl.min_horizontal("context_tokens", "base_context") - pl.col("read_tokens")
    anew = pl.col("base_context").is_null() | pl.col("base_compacted")
    lost = pl.when(anew).then("write_tokens").otherwise(shared)
    lost = pl.min_horizontal(lost, "write_tokens")
    found = made.with_columns(
        rebuilt_tokens=pl.when(lost >= LEAST).then(lost).otherwise(0).cast(pl.Int64),
    )
    return found.with_columns(cause=_cause(), premium_nano=_premium(found)).drop("^base_.*$")


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
        "new chain": pl.col("base_context").is_null(),
        "model change": pl.col("model") != pl.col("base_model"),
        "api reason": reason,
        "expiry": pl.col("base_seconds") > life,
        "rewind or fork": elsewhere,
    }
    named = [pl.when(holds).then(pl.lit(name)) for name, holds in cases.items()]
    cause = pl.coalesce(*named, pl.lit("unknown"))
    return pl.when(pl.col("rebuilt_tokens") > 0).then(cause)


def _with_base(ordered: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Set each request beside the one whose prompt it goes on from."""
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
    last = _last(based, events, ("compaction",), _BY)
    halted = _last(based, events, _HALTS, _BY[:1])  # a limit is the account's, not the chain's
    waits = (halted >= pl.col("asked")).fill_null(False)
    sent = pl.when(waits).then("first_seen").otherwise("asked")
    return based.with_columns(
        base_compacted=(last > pl.col("base_first_seen")).fill_null(False),
        base_seconds=(sent - pl.col("base_asked")).dt.total_milliseconds() / 1000,
    ).drop("row", "asked", "kept")


def _last(
    rows: pl.DataFrame, events: pl.DataFrame, kinds: tuple[str, ...], by: list[str]
) -> pl.Series:
    """Return when some kind of event last happened, in chain or session, before each answer."""
    some = events.filter(pl.col("kind").is_in(kinds)).drop_nulls("at")
    some = some.select(*_KEY, pl.col("at"), last=pl.col("at")).sort("at")
    return (
        rows.select(*_KEY, "row", "first_seen")
        .sort("first_seen")
        .join_asof(some, left_on="first_seen", right_on="at", by=by, check_sortedness=False)
        .sort("row")["last"]
    )


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
                *_KEY,
                id="message_id",
                at="first_seen",
                of=pl.struct(chain),
                base_context="context_tokens",
                base_model="model",
            ),
            on="id",
        )
        .filter(pl.col("at") < pl.col("first_seen"))
        .sort("row", pl.col("of").ne_missing(pl.col("chain")), "at")
        .unique("row", keep="first", maintain_order=True)
    )
    used = rows.select(
        *_KEY, "first_seen", base_asked="asked", base_kept="kept", base_first_seen="first_seen"
    ).sort("first_seen")
    return (
        found.sort("first_seen")
        .join_asof(used, on="first_seen", by=_BY, allow_exact_matches=False, check_sortedness=False)
        .select(
            "row",
            pl.lit(True).alias("base_elsewhere"),
            pl.col("^base_(context|model|asked|kept|first_seen)$"),
        )
    )


def _premium(found: pl.DataFrame) -> pl.Series:
    """Return what rebuilt tokens cost above the price of reading them."""
    tokens = pl.col("rebuilt_tokens")
    rate = pl.col("write_nano") / pl.col("write_tokens") - pl.col("read_rate")
    nano = pl.when(tokens == 0).then(0.0).otherwise(tokens * rate)
    known = pl.col("total_nano").is_not_null()
    return (
        found.with_columns(write_nano(), read_rate=read_rate(found))
        .select(pl.when(known).then(nano).round().cast(pl.Int64))
        .to_series()
    )


def read_rate(priced: pl.DataFrame) -> pl.Series:
    """Return what a token read from the cache costs in each request, in nano-dollars.

    What the request itself paid; where it read nothing, its input price times what its model's
    nearest request pays for a read token over an input token; where the model reads nothing in
    these logs, the list price of the day.
    """
    own = pl.when(pl.col("read_tokens") > 0).then(pl.col("read_nano") / pl.col("read_tokens"))
    fresh = pl.when(pl.col("input_tokens") > 0).then(pl.col("input_nano") / pl.col("input_tokens"))
    near = pl.col("own") / pl.col("fresh")
    rates = priced.select("model", "first_seen", own=own, fresh=fresh)

    def filled(value: pl.Expr) -> pl.Expr:
        return value.forward_fill().backward_fill().over("model", order_by="first_seen")

    seldom = rates.with_columns(scaled=filled(pl.col("fresh")) * filled(near))
    listed = price(
        priced.select("model", "first_seen", read_tokens=pl.lit(10**6, pl.Int64), aggregate=True)
    )
    return seldom.select(pl.coalesce("own", "scaled", listed["read_nano"] / 10**6)).to_series()
