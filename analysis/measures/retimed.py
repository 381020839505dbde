"""The same work with other lifetimes of what is written to the cache.

The two lifetimes on sale differ where a pause is longer than five minutes and not longer than an
hour. What the request after it has at *stake* is read under the longer one and written under the
shorter: what was written again where it expired, all that was read where it did not.
"""

from __future__ import annotations

import polars as pl

from analysis.measures.rebuilds import SECONDS
from analysis.measures.rewrites import Reprice, all_at, either, of_chain, reread, written


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
        stands, whatever the pause.
    """
    hour = (pl.col("lifetime") == "1h").fill_null(False)
    within = (pl.col("gap_seconds") <= SECONDS["1h"]).fill_null(False)
    pause = within & (pl.col("gap_seconds") > SECONDS["5m"])
    expired = within & ~hour & (pl.col("cause") == "expiry").fill_null(False)
    lived = pause & hour & pl.col("cause").is_null()
    rebuilt = pl.when(expired).then("rebuilt_tokens").otherwise(0)
    stake = pl.when(lived).then("read_tokens").otherwise(rebuilt)
    return reread(rows.with_columns(stake_tokens=stake), rebuilt)


def lives(rows: pl.DataFrame, reprice: Reprice) -> dict[str, pl.DataFrame]:
    """Price the work with every write at five minutes, at an hour, and at the cheaper of them.

    Returns
    -------
    dict of pl.DataFrame
        `5m` and `1h`: one lifetime for all, and what expires by it. `session`: the cheaper of
        these two, session by session. `gap`: each write has the cheaper lifetime for the pause
        that follows it. The last is a bound: it knows every pause before it comes, and has all
        that a request stands on live for an hour where it writes only what is new so.
    """
    held = staked(rows)
    short, hour = (reprice(all_at(held, lifetime)) for lifetime in ("5m", "1h"))
    lost = reprice(all_at(_lost(held, pl.lit(True)), "5m"))
    by_session = pl.DataFrame(
        {"session": rows["session"], "short": lost["total_nano"], "hour": hour["total_nano"]}
    )
    cheaper = (pl.col("hour").sum() < pl.col("short").sum()).over("session")
    return {
        "5m": lost,
        "1h": hour,
        "session": either(by_session.select(cheaper).to_series(), hour, lost),
        "gap": reprice(_by_gap(held, short, hour, lost)),
    }


def _by_gap(
    held: pl.DataFrame, short: pl.DataFrame, hour: pl.DataFrame, lost: pl.DataFrame
) -> pl.DataFrame:
    """Give each write the lifetime that costs less, with what the request after it has at stake."""
    choice = held.with_columns(
        longer=hour["total_nano"] - short["total_nano"],
        again=lost["total_nano"] - short["total_nano"],
    ).with_columns(hour=(pl.col("longer") < of_chain(pl.col("again"), -1)).fill_null(False))
    saved = of_chain(pl.col("hour"), 1).fill_null(False)
    chosen = _lost(choice, ~saved)
    new = pl.when("hour").then(pl.col("write_tokens") - pl.col("lost_tokens")).otherwise(0)
    return written(chosen, pl.col("write_tokens") - new, new)


def _lost(held: pl.DataFrame, where: pl.Expr) -> pl.DataFrame:
    """Write again what was at stake, where it was lost."""
    lost = held.with_columns(lost_tokens=pl.when(where).then("stake_tokens").otherwise(0))
    return lost.with_columns(
        pl.col("read_tokens") - pl.col("lost_tokens"),
        pl.col("write_tokens") + pl.col("lost_tokens"),
    )


def undying(rows: pl.DataFrame, reprice: Reprice) -> pl.DataFrame:
    """Price the work with a cache that never expires: what was written again is read instead."""
    expired = (pl.col("cause") == "expiry").fill_null(False)
    return reprice(reread(rows, pl.when(expired).then("rebuilt_tokens").otherwise(0)))
