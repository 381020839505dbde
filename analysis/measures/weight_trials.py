"""How many limit hits tell what a read weighs: trials on accounts whose weight is known.

`benchmarks/weight.py` made them.
"""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.resample import LEVEL

_CHANCE = 0.05  # of so few tries by chance, were the level right


def trials(way: str = "interval") -> pl.DataFrame:
    """Return how trials with a known weight ended, by weight and hits.

    Parameters
    ----------
    way
        `interval` (the likelihood used here, given what a write weighs), `density` (another, for
        comparison), `hidden` (some sessions leave no log), `misweighed` (a write is taken to weigh
        twice what it does) or `union` (from the least to the most that the right and the wrong
        weight of a write leave).

    Returns
    -------
    pl.DataFrame
        Facts `weight-trials`: `planted` (weight), `hits`, `tries`, `covered` (tries whose 90 %
        interval held it), `told` (whose interval covers at most `MOST` of 0 to 1), medians of
        `part` (of 0 to 1 that the interval covers), `best` and `budget` (at the planted weight,
        over the true one).
    """
    return facts("weight-trials").filter(pl.col("way") == way).sort("planted", "hits")


def takes(way: str = "union") -> dict[float, int | None]:
    """Return the fewest hits that told each planted weight in most trials; None if none did.

    Examples
    --------
    >>> list(takes())
    [0.0, 0.1, 1.0]
    """
    told = pl.col("hits").filter(2 * pl.col("told") > pl.col("tries")).min()
    found = trials(way).group_by("planted", maintain_order=True).agg(told)
    return dict(found.rows())


def fewest() -> int:
    """Return from how many hits on the union was right as often as its level, whatever the weight.

    Examples
    --------
    >>> fewest() <= 20
    True
    """
    held = (pl.col("covered") / pl.col("tries")).min()
    by_hits = trials("union").group_by("hits").agg(held.alias("held")).sort("hits")
    short = by_hits.filter(pl.col("held") < LEVEL)["hits"]
    return int(min(by_hits.filter(pl.col("hits") > max([0, *short]))["hits"]))


def held(hits: int, way: str) -> tuple[int, float, float]:
    """Return how often trials held the weight: with the most hits tried up to so many.

    Returns
    -------
    tuple
        The hits of the trials, and the least and the most of them that held one of the weights.

    Examples
    --------
    >>> held(9, "interval")
    (8, 0.82, 0.94)
    """
    tried = trials(way).filter(pl.col("hits") <= hits)
    near = tried.filter(pl.col("hits") == pl.col("hits").max())
    shares = (near["covered"] / near["tries"]).to_list()
    return near["hits"][0], min(shares), max(shares)


def chance(tries: int) -> int:
    """Return the fewest tries that may hold if the level is right: fewer are too few (5 %).

    Examples
    --------
    >>> chance(100)
    85
    """
    from scipy.stats import binom

    return int(binom.ppf(_CHANCE, tries, LEVEL))
