"""An event study: what goes wrong in the requests before and after a compaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from analysis.measures.levels import levels
from analysis.measures.within import CALLS, Slope, by_cluster
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


def change(around: pl.DataFrame, outcome: str = "failed", held: Sequence[str] = CALLS) -> Slope:
    """Return how far the rate changes after a compaction, each compared with itself alone.

    The kinds of tools are held fixed: reading again what was cut is another mix of calls.
    """
    return by_cluster(around, outcome, "after", fixed="compaction", held=held)[0]


class Basis(NamedTuple):
    """What an event study rests on.

    Attributes
    ----------
    compactions, projects
        How many there are.
    most, share
        The compactions of the project with most requests here, and its share of the requests.
    led
        The compactions of a given project.
    """

    compactions: int
    projects: int
    most: int
    share: float
    led: int


def basis(around: pl.DataFrame, outcome: str = "failed", led: str | None = None) -> Basis:
    """Count the compactions and projects of an event study.

    Parameters
    ----------
    around
        `windows`.
    led
        A project, such as the one that another estimate rests on.
    """
    some = around.drop_nulls(outcome)
    by = (
        some.group_by("project")
        .agg(pl.len(), pl.col("compaction").n_unique().alias("compactions"))
        .sort("len", "project", descending=[True, False])
    )
    if by.is_empty():
        return Basis(0, 0, 0, 0.0, 0)
    most = by.row(0, named=True)
    mine = some.filter(pl.col("project") == pl.lit(led, pl.String))["compaction"].n_unique()
    return Basis(
        some["compaction"].n_unique(),
        by.height,
        most["compactions"],
        most["len"] / some.height,
        mine,
    )
