"""An event study: what goes wrong in the requests before and after a compaction."""

from __future__ import annotations

import polars as pl

from analysis.measures.within import Slope, levels, slope
from analysis.sessions import CHAIN, latest

#: Requests before and after that are looked at, and how many make a bin.
SPAN, STEP = 30, 5


def windows(units: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Keep the requests around each compaction.

    Where two compactions are near, a request belongs to the nearer one, so that none counts twice.
    A compaction that no request follows is not seen.

    Parameters
    ----------
    units
        `analysis.measures.degradation.units`, of main chains, in its order.
    events
        The `events` table of the same logs.

    Returns
    -------
    pl.DataFrame
        The rows within `SPAN` requests, with `away` (-1 is the last before, 1 the first after;
        there is no 0), `bin` (of `STEP` requests; negative before), `after` (0 or 1) and
        `compaction` (its number in this frame).
    """
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in CHAIN)
    before = pl.when(same).then(pl.col("first_seen").shift())
    cut = pl.Series("cut", latest(units, events, "compaction"))
    runs = (
        units.with_columns(cut)
        .with_columns(cut=(pl.col("cut") > before).fill_null(False))
        .with_columns(run=(pl.col("cut") | (pl.col("step") == 0)).cum_sum())
        .with_columns(
            since=pl.int_range(1, pl.len() + 1).over("run"),
            until=pl.int_range(pl.len(), 0, -1).over("run"),
            follows=pl.col("cut").first().over("run"),
            precedes=pl.col("run") < pl.col("run").max().over("chain"),
        )
    )
    far = SPAN + 1
    since = pl.when("follows").then("since").otherwise(far)
    until = pl.when("precedes").then("until").otherwise(far)
    return (
        runs.with_columns(
            after=(since <= until).cast(pl.Int64), away=pl.min_horizontal(since, until)
        )
        .filter(pl.col("away") <= SPAN)
        .with_columns(
            compaction=pl.col("run") + 1 - pl.col("after"),
            away=pl.when(pl.col("after") == 1).then("away").otherwise(-pl.col("away")),
        )
        .with_columns(bin=((pl.col("away") - pl.col("after")) // STEP))
        .drop("cut", "run", "since", "until", "follows", "precedes")
    )


def study(around: pl.DataFrame, outcome: str = "failed") -> pl.DataFrame:
    """Return the rate of an outcome by requests from a compaction.

    Returns
    -------
    pl.DataFrame
        A row per bin: `bin`, `first`, `last` (requests away), `units`, `events`, `sessions`,
        `rate`, `low`, `high` (90 %, clustered by session).
    """
    first = pl.col("bin") * STEP + (pl.col("bin") >= 0)
    return levels(around, outcome, "bin", fixed=None).with_columns(
        first=first.cast(pl.Int64), last=first.cast(pl.Int64) + STEP - 1
    )


def sides(around: pl.DataFrame, outcome: str = "failed") -> pl.DataFrame:
    """Return the rate before and after.

    Returns
    -------
    pl.DataFrame
        `after` (0 or 1), `units`, `events`, `sessions`, `rate`, `low`, `high`.
    """
    return levels(around, outcome, "after", fixed=None)


def change(around: pl.DataFrame, outcome: str = "failed") -> Slope:
    """Return how far the rate changes after a compaction, each compared with itself alone.

    The kinds of tools are held fixed: reading again what was cut is another mix of calls.
    """
    return slope(around, outcome, "after", fixed="compaction")
