"""One session after the other: a list of them, and what happened along one."""

from __future__ import annotations

import polars as pl

from analysis.measures.rebuilds import NEW_CHAIN

#: Pauses that are marked, in seconds: the two lifetimes of a cache entry.
PAUSES = (300, 3_600)

#: Requests that are drawn one by one; of more, the longest prompt of each few.
MOST = 400

#: Spots across a plot, and up it, that an eye can tell apart.
SPOTS = 800

_SECOND = 1_000_000  # microseconds


def sessions(rows: pl.DataFrame) -> pl.DataFrame:
    """List sessions, the dearest first.

    Parameters
    ----------
    rows
        `analysis.measures.rebuilds.rebuilt`.

    Returns
    -------
    pl.DataFrame
        `session`, `project`, `begins`, `hours` (from its first request to its last), `requests`,
        `subagents` (their chains), `longest_tokens` (its longest prompt), `rebuilds`,
        `rebuilt_tokens`, `premium_usd` (what these cost above a read), `total_usd`. New chains
        count as no rebuild; requests without a price count no dollars; these are null where none
        has one. Of rebuilds only requests tell whose writes are known; null where none does.
    """
    again = (pl.col("cause") != NEW_CHAIN).fill_null(False)
    priced = pl.col("total_nano").count() > 0
    told = pl.col("rebuilt_tokens").count() > 0
    return (
        rows.lazy()
        .group_by("session")
        .agg(
            pl.col("project").first(),
            pl.col("first_seen").min().alias("begins"),
            ((pl.col("first_seen").max() - pl.col("first_seen").min()).dt.total_seconds() / 3600)
            .round(2)
            .alias("hours"),
            pl.len().cast(pl.Int64).alias("requests"),
            pl.col("agent").n_unique().cast(pl.Int64).sub(pl.col("agent").is_null().any()),
            pl.col("context_tokens").max().alias("longest_tokens"),
            pl.when(told).then(again.sum().cast(pl.Int64)).alias("rebuilds"),
            pl.when(told).then(pl.col("rebuilt_tokens").filter(again).sum()),
            (pl.when(priced & told).then(pl.col("premium_nano").filter(again).sum()) / 1e9).alias(
                "premium_usd"
            ),
            (pl.when(priced).then(pl.col("total_nano").sum()) / 1e9).alias("total_usd"),
        )
        .rename({"agent": "subagents"})
        .sort("total_usd", "session", descending=[True, False], nulls_last=True)
        .collect()
    )


def course(rows: pl.DataFrame, session: str) -> pl.DataFrame:
    """Put the requests of a session in order of time, with what each wrote again.

    Returns
    -------
    pl.DataFrame
        One row per request: `number` (from 1), `at`, `hours` (since the first), `chain` (main, or
        subagent and a number), `model`, `read_tokens`, `write_tokens`, `input_tokens`,
        `output_tokens`, `context_tokens`, `pause_seconds` (as in the ledger of rebuilds), `cause`
        (null where nothing was written again, or written for the first time), `rebuilt_tokens`,
        `premium_usd`, `usd`, `cumulative_usd`. Dollars are null where no price is known, and a
        sum goes on without them; what was written again is null where nobody counted writes.
    """
    again = (pl.col("cause") != NEW_CHAIN).fill_null(False)
    told = pl.col("rebuilt_tokens").is_not_null()
    own = rows.filter(pl.col("session") == session).sort("first_seen", "message_id")
    agents = own["agent"].drop_nulls().unique(maintain_order=True).to_list()
    named = {agent: f"subagent {number}" for number, agent in enumerate(agents, 1)}
    side = pl.when(pl.col("is_sidechain")).then(pl.lit("subagents")).otherwise(pl.lit("main"))
    chain = pl.col("agent").replace_strict(named, default=None, return_dtype=pl.String)
    priced = pl.col("total_nano").count() > 0
    since = (pl.col("first_seen") - pl.col("first_seen").first()).dt.total_microseconds()
    return own.select(
        pl.int_range(1, pl.len() + 1).alias("number"),
        pl.col("first_seen").alias("at"),
        (since / (_SECOND * 3600)).alias("hours"),
        pl.coalesce(chain, side).alias("chain"),
        "model",
        "read_tokens",
        "write_tokens",
        "input_tokens",
        "output_tokens",
        "context_tokens",
        "pause_seconds",
        pl.when(again).then("cause").alias("cause"),
        (pl.col("rebuilt_tokens") * again).alias("rebuilt_tokens"),
        (pl.when(again).then("premium_nano").when(told).then(0) / 1e9).alias("premium_usd"),
        (pl.col("total_nano") / 1e9).alias("usd"),
        (pl.when(priced).then(pl.col("total_nano").fill_null(0).cum_sum()) / 1e9).alias(
            "cumulative_usd"
        ),
    )


def compactions(events: pl.DataFrame, along: pl.DataFrame, session: str) -> pl.DataFrame:
    """Place the compactions of a session between its requests.

    Parameters
    ----------
    along
        `course` of the same session.

    Returns
    -------
    pl.DataFrame
        `number` (half a request after the last one before it), `hours` (since the first request),
        `tokens` (of the prompt that was cut, null where the log does not say).
    """
    found = (
        events.filter(pl.col("session") == session, pl.col("kind") == "compaction")
        .drop_nulls("at")
        .sort("at")
    )
    begins = along["at"].min()
    since = (pl.col("at") - pl.lit(begins, along.schema["at"])).dt.total_microseconds()
    before = along["at"].search_sorted(found["at"], side="right")
    return found.with_columns(
        (pl.Series("number", before, pl.Float64) + 0.5), (since / (_SECOND * 3600)).alias("hours")
    ).select("number", "hours", "tokens")


def thinned(along: pl.DataFrame, most: int = MOST) -> pl.DataFrame:
    """Keep so many requests at most: of each few the longest prompt of the main chain.

    Where a subagent asks, the main chain's prompt is nothing.

    Examples
    --------
    >>> long = {"context_tokens": [1, 2, 9, 3], "read_tokens": 1, "write_tokens": 0}
    >>> chain = ["main", "main", "main", "subagent 1"]
    >>> many = pl.DataFrame({"chain": chain, "input_tokens": 0, **long})
    >>> thinned(many)["context_tokens"].to_list(), thinned(many, most=2)["read_tokens"].to_list()
    ([1, 2, 9, 0], [1, 1])
    """
    prompts = ("context", "read", "write", "input")
    main = pl.col(*(f"{part}_tokens" for part in prompts)) * (pl.col("chain") == "main")
    shown, few = along.with_columns(main), -(-along.height // most)
    if few <= 1:
        return shown
    return (
        shown.with_columns(_of=pl.int_range(pl.len()) // few)
        .filter(pl.col("context_tokens") == pl.col("context_tokens").max().over("_of"))
        .unique("_of", keep="first", maintain_order=True)
        .drop("_of")
    )


def told_apart(points: pl.DataFrame, *along: str, spots: int = SPOTS) -> pl.DataFrame:
    """Keep of many points, where several fall on one spot of a plot, the first.

    Parameters
    ----------
    along
        The columns that place a point: across, or across and up.
    spots
        How many there are along each; so few points are kept as they are.

    Examples
    --------
    >>> many = pl.DataFrame({"number": [1, 2, 3, 900, 901], "tokens": [5, 5, 90, 5, 5]})
    >>> told_apart(many, "number", spots=3)["number"].to_list()
    [1, 900, 901]
    >>> told_apart(many, "number", "tokens", spots=3)["number"].to_list()
    [1, 3, 900, 901]
    """
    if points.height <= spots:
        return points
    low, high = (pl.col(*along).cast(pl.Float64).min(), pl.col(*along).cast(pl.Float64).max())
    spot = ((pl.col(*along) - low) / (high - low) * spots).fill_nan(0).floor()
    return points.filter(pl.struct(spot).is_first_distinct())
