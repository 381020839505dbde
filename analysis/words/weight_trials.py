"""Say how many limit hits tell a weight, by trials where it is known."""

from __future__ import annotations

import polars as pl

from analysis.measures.likelihood import MOST
from analysis.measures.resample import LEVEL
from analysis.measures.weight_trials import HELD, fewest, takes, trials
from analysis.words.numbers import count, share

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
    most = max(tried["hits"])
    needed = [
        f"{planted:g} from {count(hits, 'hit')} on" if hits else f"{planted:g} not even from {most}"
        for planted, hits in takes().items()
    ]
    return (
        f"It takes {fewest()} limit hits until intervals hold what they say; most trials tell a "
        f"weight of {', of '.join(needed)}. Accounts were simulated with a known weight, and "
        f"{tried['tries'][0]:,} tries made for each number of hits. *held*: intervals that held "
        f"the weight, which should be {share(LEVEL, 0)} and is called enough from "
        f"{share(HELD, 0)}; *length*: how much of 0 to 1 an interval covers (median); it tells if "
        f"that is at most {MOST:g}. A heavy weight is hard to tell from a heavier one: reads then "
        "make most of the use whatever they weigh."
    )


def hidden() -> str:
    """Say what usage outside the logs does."""
    rows = trials("hidden")
    most = max(rows["hits"])
    pulled = [
        f"{row['planted']:g} became {row['best']:.2f} (held in "
        f"{share(row['covered'] / row['tries'], 0)})"
        for row in rows.filter(pl.col("hits") == most).to_dicts()
    ]
    budget = share(_one(rows, pl.col("budget").mean()), 0)
    return (
        "**Use outside these logs makes budgets look smaller than they are**: claude.ai, other "
        "machines, other people on the account, the client's own calls. In trials where "
        f"{share(max(rows['hidden']), 0)} of sessions left no log, the budget found at the true "
        f"weight was {budget} of the true one. The weight is pulled inwards, and intervals are too "
        f"short: from {most} hits, a weight of "
        f"{', of '.join(pulled)}. No log can say how much is hidden from it."
    )


def likelihoods() -> str:
    """Compare the likelihood with a density of log use."""
    used, other = (
        _one(trials(way), pl.col("covered").sum() / pl.col("tries").sum())
        for way in ("interval", "density")
    )
    told, others = (
        _one(trials(way), pl.col("told").sum() / pl.col("tries").sum())
        for way in ("interval", "density")
    )
    return (
        "Why an interval of use and not a density of its logarithm: changing the weight changes "
        "the scale on which the density is measured, so it is no probability of one and the same "
        f"outcome. It matters little: over all trials intervals held the weight in {share(used)} "
        f"of tries with the one and in {share(other)} with the other, and told it in "
        f"{share(told)} and {share(others)}."
    )
