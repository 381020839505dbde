"""How the prompt grows along a session: stretches, the fan, the pace.

A session is its main chain here: subagents have prompts of their own. A *stretch* is what lies
between two cuts of a chain's prompt, such as a compaction makes. Request numbers count from 1.
"""

from __future__ import annotations

from typing import Literal

import polars as pl

from analysis.sessions import steps

#: Requests of a stretch before a curve through it means anything.
LONG_ENOUGH = 20
#: A prompt shorter than this part of the one before was cut.
CUT = 0.5
#: Fewer chains than these make no band, unless there are no more at all.
FEWEST_ALIVE = 5
BANDS = {"p10": 0.1, "p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9}
#: A pause longer than this, in seconds, is not work: the default life of a cache entry.
PAUSE = 300


def main_chains(requests: pl.DataFrame) -> pl.DataFrame:
    """Keep the main chains: no subagent's request."""
    return requests.filter(pl.col("agent").is_null(), ~pl.col("is_sidechain"))


def stretches(requests: pl.DataFrame, events: pl.DataFrame | None = None) -> pl.DataFrame:
    """Put requests in order and number the stretches of each chain.

    Parameters
    ----------
    events
        Where given, the first request after a compaction begins a new stretch as well.

    Returns
    -------
    pl.DataFrame
        The rows of `analysis.sessions.steps`, with `number` (of the request in its chain, from 1),
        `stretch` (from 0; a prompt under half of the one before begins a new one), `position`
        (in its stretch, from 1), `cut` (whether it begins a stretch but not its chain), and
        `chain` and `run`, which number the chains and the stretches of this frame.
    """
    stepped = steps(requests).with_columns(number=pl.col("step") + 1)
    prompt, before = pl.col("context_tokens"), pl.col("previous_context_tokens")
    cut = prompt < CUT * before
    if events is not None:
        compacted = _beside(stepped, events, "forward").select("session", "number").unique()
        stepped = stepped.join(
            compacted.with_columns(compacted=True),
            on=["session", "number"],
            how="left",
            maintain_order="left",
        )
        main = pl.col("agent").is_null() & ~pl.col("is_sidechain")
        cut = cut | (main & pl.col("compacted").fill_null(False))
    return (
        stepped.with_columns(cut=cut.fill_null(False))
        .drop("compacted", strict=False)
        .with_columns(
            chain=(pl.col("step") == 0).cum_sum(),
            run=(pl.col("cut") | (pl.col("step") == 0)).cum_sum(),
        )
        .with_columns(
            stretch=pl.col("run") - pl.col("run").first().over("chain"),
            position=pl.int_range(1, pl.len() + 1).over("run"),
        )
    )


def _beside(
    stepped: pl.DataFrame, events: pl.DataFrame, side: Literal["backward", "forward"]
) -> pl.DataFrame:
    """Set each compaction of a main chain beside its last request before, or its first after."""
    happened = (
        main_chains(events)
        .filter(pl.col("kind") == "compaction")
        .drop_nulls(["at", "session"])
        .select("session", "at", "tokens")
        .sort("at")
    )
    made = main_chains(stepped).select("session", "number", "context_tokens", at="first_seen")
    found = happened.join_asof(
        made.sort("at"), on="at", by="session", strategy=side, check_sortedness=False
    )
    return found.drop_nulls("number")


def fan(stretched: pl.DataFrame) -> pl.DataFrame:
    """Spread the prompts of all chains that reach a request number.

    Returns
    -------
    pl.DataFrame
        One row per request number: `number`, `chains` (still alive there), `p10`, `p25`,
        `median`, `p75`, `p90` (tokens of the prompt). It ends where fewer than `FEWEST_ALIVE`
        chains are left, unless there are no more.
    """
    spread = [pl.col("context_tokens").quantile(q, "linear").alias(n) for n, q in BANDS.items()]
    found = stretched.group_by("number").agg(pl.len().cast(pl.Int64).alias("chains"), *spread)
    enough = pl.min_horizontal(pl.lit(FEWEST_ALIVE), pl.col("chains").max())
    return found.filter(pl.col("chains") >= enough).sort("number")


def compactions(stretched: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Find the request number at which each compaction of a main chain stands.

    Returns
    -------
    pl.DataFrame
        One row per compaction: `number` (of the last request before it), `tokens` (of the prompt
        that it cut, as the log says; of that request where it does not).
    """
    return (
        _beside(stretched, events, "backward")
        .select("number", tokens=pl.coalesce("tokens", "context_tokens"))
        .sort("number", "tokens")
    )


def left(stretched: pl.DataFrame) -> pl.Series:
    """Return what each cut of a prompt left above its chain's first prompt, in tokens.

    That is what a compaction carries over: a summary, and files to read again.
    """
    kept = pl.col("context_tokens") - pl.col("context_tokens").first().over("chain")
    return stretched.select(kept.alias("left").filter(pl.col("cut"))).to_series()


def pace(stretched: pl.DataFrame) -> pl.DataFrame:
    """Count requests an hour of each session that has `LONG_ENOUGH` requests.

    Returns
    -------
    pl.DataFrame
        One row per session: `session`, `requests`, `hours` (from its first request to its last),
        `active_hours` (without pauses over `PAUSE` seconds), `an_hour`, `an_active_hour`
        (requests; null where no time passes).
    """
    gap = pl.col("first_seen").diff().dt.total_milliseconds() / 3_600_000
    hours = {"hours": gap.sum(), "active_hours": gap.filter(gap <= PAUSE / 3600).sum()}
    rates = {"an_hour": "hours", "an_active_hour": "active_hours"}
    return (
        stretched.group_by("chain", maintain_order=True)
        .agg(pl.col("session").first(), pl.len().cast(pl.Int64).alias("requests"), **hours)
        .filter(pl.col("requests") >= LONG_ENOUGH)
        .with_columns(
            pl.when(pl.col(h) > 0).then(pl.col("requests") / pl.col(h)).alias(name)
            for name, h in rates.items()
        )
        .select("session", "requests", *hours, *rates)
    )
