"""The same work with other lifetimes: when an entry had been there, and when it had not.

A pause between five minutes and an hour is where the two lifetimes differ. What the request after
it *stakes* is read with the longer one and written with the shorter: where it expired, what was
written again; where it did not, all that was read.
"""

from __future__ import annotations

import polars as pl

from analysis.measures.rebuilds import SECONDS
from analysis.measures.rewrites import Reprice, kept, read_again
from analysis.sessions import CHAIN

#: What scenarios need of `analysis.measures.rebuilds.rebuilt`, beside tokens.
NEEDED = (*CHAIN, "gap_seconds", "lifetime", "rebuilt_tokens", "cause", "context_tokens")


def staked(rows: pl.DataFrame) -> pl.DataFrame:
    """Set each request in the state in which nothing it goes on from had expired within an hour.

    Where the lifetime is the one that was used, what happened stands, whatever the pause.

    Returns
    -------
    pl.DataFrame
        The rows, with tokens as they were if every entry lived an hour, and `stake_tokens`: how
        many of the tokens read would have been written if it had lived five minutes.
    """
    hour, gap = pl.col("lifetime") == "1h", pl.col("gap_seconds")
    expired = (pl.col("cause") == "expiry") & ~hour & (gap <= SECONDS["1h"])
    lived = hour & gap.is_between(SECONDS["5m"], SECONDS["1h"], closed="right")
    lived &= pl.col("cause").is_null()
    missed = pl.when(expired.fill_null(True)).then("rebuilt_tokens").otherwise(0)
    lost = pl.when(pl.col("cause").eq_missing(pl.lit("expiry"))).then(missed).otherwise(0)
    stake = pl.when(lived.fill_null(False)).then("read_tokens").otherwise(lost)
    return read_again(rows.with_columns(stake_tokens=stake, _lost=lost), pl.col("_lost")).drop(
        "_lost"
    )


def lives(rows: pl.DataFrame, reprice: Reprice) -> dict[str, pl.DataFrame]:
    """Price the same work with every write at five minutes, at an hour, and at the cheaper.

    Returns
    -------
    dict of pl.DataFrame
        `5m`, `1h`: one lifetime for all, with what expires by it; `session`: the cheaper of these
        two in each session; `gap`: each write has the cheaper lifetime for the pause that follows
        it. The last is a bound: it knows the pause before it comes, and it takes the longer
        lifetime of what was new in the request before for that of all it stands on.
    """
    held = staked(rows)
    stake, write = pl.col("stake_tokens"), pl.col("write_tokens")
    short, hour = reprice(kept(held, write, 0)), reprice(kept(held, 0, write))
    gone = _gone(held, pl.lit(True))
    lost = reprice(kept(gone, write, 0))
    by_session = pl.DataFrame(
        {"session": rows["session"], "5m": lost["total_nano"], "1h": hour["total_nano"]}
    ).select((pl.col("1h").sum() < pl.col("5m").sum()).over("session"))
    longer = hour["total_nano"] - short["total_nano"]
    again = lost["total_nano"] - short["total_nano"]
    choice = held.with_columns(longer=longer, again=again).with_columns(
        after=pl.col("again").shift(-1).over(CHAIN).fill_null(0)
    )
    choice = choice.with_columns(keeps=pl.col("longer") < pl.col("after"))
    choice = choice.with_columns(kept_before=pl.col("keeps").shift().over(CHAIN).fill_null(False))
    chosen = _gone(choice, (stake > 0) & ~pl.col("kept_before"))
    keeps, new = pl.col("keeps"), write - chosen["rewritten_tokens"]
    best = kept(
        chosen,
        pl.when(keeps).then(chosen["rewritten_tokens"]).otherwise(write),
        pl.when(keeps).then(new).otherwise(0),
    )
    return {
        "5m": lost,
        "1h": hour,
        "session": either(by_session.to_series(), hour, lost),
        "gap": reprice(best),
    }


def _gone(held: pl.DataFrame, lost: pl.Expr) -> pl.DataFrame:
    """Write again what was staked, where it was lost."""
    again = pl.when(lost).then("stake_tokens").otherwise(0)
    return held.with_columns(rewritten_tokens=again).with_columns(
        read_tokens=pl.col("read_tokens") - pl.col("rewritten_tokens"),
        write_tokens=pl.col("write_tokens") + pl.col("rewritten_tokens"),
    )


def either(mask: pl.Series, yes: pl.DataFrame, no: pl.DataFrame) -> pl.DataFrame:
    """Take rows of one scenario where a mask holds, of another elsewhere."""
    return yes.with_columns(
        pl.Series(name, yes[name].zip_with(mask, no[name])) for name in yes.columns
    )
