"""What a cache read weighs in the quota, an input token being 1: by profile likelihood.

Nobody outside sees the budget of a window. What a log shows is where it ran out: at a refusal the
requests before the last one had not used it up, and with the last one they had. So the budget lies
between two uses, each of which depends on the weight asked for; in a window without a refusal it
lies above all that was used. If budgets of an account are log-normal, each weight has a
probability of what was seen, at the budget and the spread that suit it best.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from analysis.facts import facts
from analysis.measures.likelihood import MOST, WEIGHTS, Profile, Use, covered, interval, profile
from analysis.measures.rates import rates
from analysis.measures.weight_trials import fewest
from analysis.measures.windows import ON_ITS_WAY

#: What other tokens weigh, an input token being 1, while the weight of a read is sought.
WAYS = {
    "headers": "as response headers had it, all models alike",
    "list": "as at list price, all models alike",
    "dollars": "as at list price, each model at its own",
}


def weighed(windowed: pl.DataFrame, way: str = "headers") -> pl.DataFrame:
    """Weigh each request's tokens: what was no read, and the reads.

    Parameters
    ----------
    windowed
        `windows.windowed` of `reconstruct.outputs`: output is the expected one, because the log
        of some versions has a placeholder for it.
    way
        A key of `WAYS`.

    Returns
    -------
    pl.DataFrame
        The same rows with `fresh` and `reads`: tokens, weighed as input tokens; in the way of
        `dollars` nano-dollars, reads at the price of input. What has no price has none of them.
    """
    if way == "headers":
        weight = dict(facts("quota-classes").select("token", "weight").rows())
        written, said = pl.col("write_tokens"), pl.col("expected_output_tokens")
        fresh = pl.col("input_tokens") + weight["cache write"] * written + weight["output"] * said
        return windowed.with_columns(fresh=fresh, reads=pl.col("read_tokens"))
    rate = rates(windowed)["input_rate"].cast(pl.Float64)
    paid = pl.sum_horizontal(
        "input_nano", "write_5m_nano", "write_1h_nano", "output_nano", "rest_nano"
    )
    unit = pl.lit(1.0) if way == "dollars" else rate
    return windowed.with_columns(
        fresh=(paid / unit).fill_null(0),
        reads=(pl.col("read_tokens") * rate / unit).fill_null(0),
    )


def uses(rows: pl.DataFrame) -> Use:
    """Sum what each window had used before its budget ran out, and after; or in all.

    Parameters
    ----------
    rows
        `weighed`, of one account. What was refused has no tokens.

    Returns
    -------
    Use
        One row per window; a refused one with nothing logged before it says nothing and is left
        out. Answers seen shortly after a refusal were asked before it.
    """
    before = pl.col("first_seen") < pl.col("hit_at")
    quiet = pl.col("hit_at").is_null()
    last = pl.col("first_seen").filter(before).max()
    low = quiet | (before & (pl.col("first_seen") < last))
    high = pl.col("first_seen") < pl.col("hit_at") + ON_ITS_WAY
    found = (
        rows.group_by("begins")
        .agg(
            quiet.first().alias("quiet"),
            *(pl.col(name).filter(low).sum().alias(f"low_{name}") for name in ("fresh", "reads")),
            *(pl.col(name).filter(high).sum().alias(f"high_{name}") for name in ("fresh", "reads")),
        )
        .filter(pl.col("quiet") | (pl.col("high_fresh") + pl.col("high_reads") > 0))
        .with_columns(pl.when("quiet").then(np.inf).otherwise("high_fresh").alias("high_fresh"))
        .sort("begins")
    )
    names = ("low_fresh", "low_reads", "high_fresh", "high_reads")
    return Use(*(found[name].cast(pl.Float64).to_numpy() for name in names))


def fullest(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the windows of the account that saw most limits: budgets of others are others.

    Parameters
    ----------
    rows
        `windows.windowed`.
    """
    windows = rows.filter(pl.col("hit_at").is_not_null()).unique(["account", "begins"])
    most = windows["account"].value_counts().sort("count", "account", descending=[True, False])
    return rows.filter(pl.col("account") == most["account"][0]) if most.height else rows


def published() -> pl.DataFrame:
    """Return public figures of the weight that have one, by day: facts `quota-weights`."""
    return facts("quota-weights").drop_nulls("weight").sort("measured_day", maintain_order=True)


class Span(NamedTuple):
    """From the least to the most that 90 % intervals of the weight leave, and from what."""

    low: float
    high: float
    hits: int
    quiet: int


def profiles(rows: pl.DataFrame) -> dict[str, Profile]:
    """Compute the likelihood of the weight in each of `WAYS`.

    Parameters
    ----------
    rows
        `windows.windowed`, of one account.
    """
    return {way: profile(uses(weighed(rows, way))) for way in WAYS}


def curve(found: dict[str, Profile]) -> pl.DataFrame:
    """Write profiles as a table.

    Returns
    -------
    pl.DataFrame
        `way`, `weight`, `likelihood` (1 at the way's best), `budget`, `spread`.
    """
    names = ("weight", "likelihood", "budget", "spread")
    return pl.concat(
        pl.DataFrame(
            dict(zip(names, (WEIGHTS, np.exp(f.fall), f.budget, f.spread), strict=True)),
            nan_to_null=True,
        ).select(pl.lit(way).alias("way"), *names)
        for way, f in found.items()
    )


def by_way(profiles: dict[str, Profile]) -> pl.DataFrame:
    """Say what each of `WAYS` finds.

    Returns
    -------
    pl.DataFrame
        `way`, `hits`, `quiet` (windows), `best`, `low`, `high` (the 90 % interval), `spread` (of
        log budgets, at the best), `told` (whether the interval is short enough to say so). Without
        hits `best`, `low`, `high` and `spread` are null.
    """
    made = []
    for way, found in profiles.items():
        low, high = interval(found)
        best = int(np.argmax(found.fall))
        row = {"way": way, "hits": found.hits, "quiet": found.quiet}
        if found.hits:
            row |= {"best": float(WEIGHTS[best]), "low": low, "high": high}
            row |= {"spread": float(found.spread[best])}
        made.append(row | {"told": tells(Span(low, high, found.hits, found.quiet))})
    kinds = {"way": pl.String, "hits": pl.Int64, "quiet": pl.Int64, "best": pl.Float64}
    kinds |= {"low": pl.Float64, "high": pl.Float64, "spread": pl.Float64, "told": pl.Boolean}
    return pl.DataFrame(made, schema=kinds)


def union(profiles: dict[str, Profile]) -> Span:
    """Return what is left if nothing says which of `WAYS` is right."""
    ends = [interval(found) for found in profiles.values()]
    first = profiles["headers"]
    return Span(min(e[0] for e in ends), max(e[1] for e in ends), first.hits, first.quiet)


def tells(found: Span) -> bool:
    """Say whether it tells anything: from hits enough, and over little of 0 to 1."""
    return found.hits >= fewest() and covered(found.low, found.high) <= MOST
