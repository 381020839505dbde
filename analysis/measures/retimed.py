"""The same work with other lifetimes of what is written to the cache.

The two lifetimes on sale differ where a pause is longer than five minutes and not longer than an
hour. What the request after it has at *stake* is read under the longer one and written under the
shorter: what was written again where it expired, all that was read where it did not.
"""

from __future__ import annotations

import polars as pl

from analysis.measures.rebuilds import SECONDS
from analysis.measures.rewrites import (
    NANO,
    Nano,
    Reprice,
    added,
    all_at,
    grouped,
    of_chain,
    reread,
    sums,
    written,
)


def staked(rows: pl.DataFrame) -> pl.DataFrame:
    """Set requests as if every entry lived an hour.

    Parameters
    ----------
    rows
        `analysis.measures.rewrites.known`.

    Returns
    -------
    pl.DataFrame
        The rows, with `stake_tokens`: how many of the tokens read would have been written if
        entries lived five minutes. Where the lifetime is the one that was used, what happened
        stands, whatever the pause. Where none is known, what survived a pause of over five minutes
        is taken for an hour's.
    """
    hour = (pl.col("lifetime") == "1h").fill_null(False)
    within = (pl.col("gap_seconds") <= SECONDS["1h"]).fill_null(False)
    pause = within & (pl.col("gap_seconds") > SECONDS["5m"])
    expired = within & ~hour & (pl.col("cause") == "expiry").fill_null(False)
    lived = pause & (hour | pl.col("lifetime").is_null()) & pl.col("cause").is_null()
    rebuilt = pl.when(expired).then("rebuilt_tokens").otherwise(0)
    stake = pl.when(lived).then("read_tokens").otherwise(rebuilt)
    return reread(rows.with_columns(stake_tokens=stake), rebuilt)


def lives(rows: pl.DataFrame, reprice: Reprice) -> dict[str, Nano]:
    """Price the work with every write at five minutes, at an hour, and at the cheaper of them.

    Returns
    -------
    dict
        Nano-dollars by class. `5m` and `1h`: one lifetime for all, and what expires by it.
        `session`: the cheaper of these two, session by session. `gap`: each write has the cheaper
        lifetime for the pause that follows it. The last is a bound: it knows every pause before it
        comes, and has all that a request stands on live for an hour where it writes only what is
        new so.
    """
    held = staked(rows)
    groups = grouped(held, "sitting", "stake_tokens")
    short, hour = (reprice(kept_for(groups, lifetime)) for lifetime in ("5m", "1h"))
    whole = pl.col("total_nano").null_count() == 0
    by_session = pl.concat(
        priced.group_by("sitting").agg(pl.when(whole).then(pl.col(*NANO, "total_nano").sum()))
        for priced in (short, hour)
    )
    return {
        "5m": added(short),
        "1h": added(hour),
        "session": added(by_session.sort("total_nano").unique("sitting", keep="first")),
        "gap": sums(_by_gap(held, reprice), reprice),
    }


def kept_for(held: pl.DataFrame, lifetime: str) -> pl.DataFrame:
    """Give every write the lifetime `5m` or `1h`, and lose what expires by it.

    Parameters
    ----------
    held
        `staked`, or groups of its rows.
    """
    return all_at(held if lifetime == "1h" else _lost(held, pl.lit(True)), lifetime)


def _by_gap(held: pl.DataFrame, reprice: Reprice) -> pl.DataFrame:
    """Give each write the lifetime that costs less, with what the request after it has at stake."""
    follows = of_chain(pl.col("stake_tokens"), -1).fill_null(0) > 0
    held = held.with_columns(lost_tokens=pl.lit(0, pl.Int64), concerned=follows)
    concerned = pl.col("concerned") | (pl.col("stake_tokens") > 0)
    some, rest = held.filter(concerned), held.filter(~concerned).drop("concerned")
    short, hour = (reprice(all_at(some, lifetime))["total_nano"] for lifetime in ("5m", "1h"))
    again = reprice(all_at(_lost(some, pl.lit(True)), "5m"))["total_nano"] - short
    choice = some.with_columns(longer=hour - short, again=again)
    chosen = choice.with_columns(
        hour=(pl.col("longer") < of_chain(pl.col("again"), -1)).fill_null(False)
    ).with_columns(saved=of_chain(pl.col("hour"), 1).fill_null(False))
    best = _lost(chosen, ~pl.col("saved"))
    new = pl.when("hour").then(pl.col("write_tokens") - pl.col("lost_tokens")).otherwise(0)
    best = written(best, pl.col("write_tokens") - new, new)
    return pl.concat([all_at(rest, "5m"), best.select(rest.columns)])


def _lost(held: pl.DataFrame, where: pl.Expr) -> pl.DataFrame:
    """Write again what was at stake, where it was lost."""
    lost = held.with_columns(lost_tokens=pl.when(where).then("stake_tokens").otherwise(0))
    return lost.with_columns(
        pl.col("read_tokens") - pl.col("lost_tokens"),
        pl.col("write_tokens") + pl.col("lost_tokens"),
    )


def undying(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the requests with a cache that never expires: what was written again is read."""
    expired = (pl.col("cause") == "expiry").fill_null(False)
    return reread(rows, pl.when(expired).then("rebuilt_tokens").otherwise(0))
