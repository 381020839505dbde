"""Say how many limit hits tell a weight, by trials where it is known."""

from __future__ import annotations

import polars as pl

from analysis.measures.likelihood import MOST
from analysis.measures.resample import LEVEL
from analysis.measures.weight_trials import takes, trials
from analysis.words.numbers import share

#: Where the table of trials is from.
TRIALS = "simulated accounts, `benchmarks/weight.py`"


def _one(frame: pl.DataFrame, value: pl.Expr) -> float:
    return float(frame.select(value).item())


def rows() -> pl.DataFrame:
    """Return the table of trials, a row per number of hits."""
    rows = trials().with_columns(held=pl.col("covered") / pl.col("tries"))
    found = rows.select("hits").unique().sort("hits")
    for planted in takes():
        some = rows.filter(pl.col("planted") == planted)
        name = f"w = {planted:g}"
        found = found.join(
            some.select(
                "hits",
                pl.col("held").alias(f"{name}: held"),
                pl.col("part").alias(f"{name}: length"),
            ),
            on="hits",
            maintain_order="left",
        )
    return found


def caption() -> str:
    """Caption the table of trials."""
    tried = trials()
    needed = [
        f"of {planted:g} from {hits} on"
        if hits is not None
        else f"of {planted:g} from more than {max(tried['hits'])}"
        for planted, hits in takes().items()
    ]
    return (
        f"By limit hits, most trials tell a weight {', '.join(needed)}. Accounts were simulated "
        f"with a known weight, and {tried['tries'][0]:,} tries made for each number of hits. "
        f"*held*: intervals that held the weight, which should be {share(LEVEL, 0)}; *length*: how "
        f"much of 0 to 1 an interval covers (median). It tells if that is at most {MOST:g}. A "
        "heavy weight is hard to tell from a heavier one: reads then make most of the use whatever "
        "they weigh."
    )


def hidden() -> str:
    """Say what usage outside the logs does."""
    rows = trials("hidden").join(trials(), on=["planted", "hits"], suffix="_seen")
    many = rows.filter(pl.col("hits") == pl.col("hits").max())
    budget, part, before = (
        _one(many, pl.col(name).mean()) for name in ("budget", "part", "part_seen")
    )
    held = _one(rows, pl.col("covered").sum() / pl.col("tries").sum())
    return (
        "**Use outside these logs makes budgets look smaller than they are**: claude.ai, other "
        "machines, other people on the account, the client's own calls. In trials where "
        f"{share(_one(rows, pl.col('hidden').max()), 0)} of sessions left no log, the budget "
        f"found from {_one(many, pl.col('hits').max()):.0f} hits was {share(budget, 0)} of the "
        f"true one. Intervals still held the weight in {share(held, 0)} of tries, but from so many "
        f"hits covered {part:.2f} of 0 to 1 instead of {before:.2f}: hidden use blurs the weight "
        "more than it moves it, as long as its mix of tokens is that of what is logged."
    )


def likelihoods() -> str:
    """Compare the likelihood with a density of log use."""
    used, other = (
        trials(way).select(pl.col("covered").sum() / pl.col("tries").sum()).item()
        for way in ("interval", "density")
    )
    return (
        "Why an interval of use and not a density of its logarithm: changing the weight changes "
        "the scale on which the density is measured, so it is no probability of one and the same "
        f"outcome. In the trials intervals held the weight in {share(used, 0)} of tries with the "
        f"one, in {share(other, 0)} with the other."
    )
