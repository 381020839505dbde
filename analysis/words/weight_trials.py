"""Say how many limit hits tell a weight, by trials where it is known."""

from __future__ import annotations

import polars as pl

from analysis.measures.likelihood import MOST
from analysis.measures.resample import LEVEL
from analysis.measures.weight_trials import chance, fewest, takes, trials
from analysis.words.numbers import count, extent, share

#: Where the table of trials is from.
TRIALS = "simulated accounts, `benchmarks/weight.py`"


def _one(frame: pl.DataFrame, value: pl.Expr) -> float:
    return float(frame.select(value).item())


def rows() -> pl.DataFrame:
    """Return the table of trials, a row per number of hits."""
    right, span = (
        trials(way).with_columns(held=pl.col("covered") / pl.col("tries"))
        for way in ("interval", "union")
    )
    found = right.select("hits").unique().sort("hits")
    for planted in takes():
        name = f"w = {planted:g}"
        for some, column, what in (
            (right, "held", "held"),
            (span, "held", "span held"),
            (span, "part", "length"),
        ):
            of = some.filter(pl.col("planted") == planted)
            column_of = of.select("hits", pl.col(column).alias(f"{name}: {what}"))
            found = found.join(column_of, on="hits", maintain_order="left")
    return found


def caption() -> str:
    """Caption the table of trials."""
    tried = trials()
    tries, most = tried["tries"][0], max(tried["hits"])
    needed = [
        f"{planted:g} from {count(hits, 'hit')} on" if hits else f"{planted:g} not even from {most}"
        for planted, hits in takes().items()
    ]
    few = tried.filter(pl.col("covered") < chance(tries))
    short = " and ".join(f"{value:g}" for value in few["planted"].unique().sort())
    found = (
        f"From {extent(few['hits'], '{}'.format)} hits {share(LEVEL, 0)} intervals are too short "
        f"for a weight of {short}, even where other tokens are weighed right"
        if few.height
        else f"{share(LEVEL, 0)} intervals hold what they say where other tokens are weighed right"
    )
    return (
        f"{found}. From {count(fewest(), 'hit')} on the span over two weights of a write, one of "
        f"them right, held every weight tried in at least {share(LEVEL, 0)} of tries; it tells in "
        f"most trials a weight of {', of '.join(needed)}. Accounts were simulated with a known "
        f"weight, {tries:,} tries for each number of hits, and the estimate was given their exact "
        "output, its true weight and the true rule of windows. *held*: intervals that held the "
        f"weight, given what a write weighs; fewer than {chance(tries)} of {tries:,} are too few "
        f"for {share(LEVEL, 0)} beyond chance (5 %). *span held*: the same from the least to the "
        "most that the right weight of a write and its double leave. *length*: how much of 0 to 1 "
        f"the span covers (median); it tells if that is at most {MOST:g}. A heavy weight is hard "
        "to tell from a heavier one: reads then make most of the use whatever they weigh."
    )


def misweighed() -> str:
    """Say what a wrong weight of a write does."""
    rows = trials("misweighed")
    most = max(rows["hits"])
    pulled = [
        f"{row['planted']:g} became {row['best']:.2f} (held in "
        f"{share(row['covered'] / row['tries'], 0)})"
        for row in rows.filter(pl.col("hits") == most).to_dicts()
    ]
    return (
        "**A wrong weight of a write moves that of a read, and more hits do not help.** Where a "
        f"write was taken to weigh twice what it did, from {most} hits a weight of "
        f"{', of '.join(pulled)}. What a write weighs in a plan is not published, so the headline "
        "spans several."
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
