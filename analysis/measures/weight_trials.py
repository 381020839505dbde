"""How many limit hits tell what a read weighs: trials on accounts whose weight is known.

`benchmarks/weight.py` made them.
"""

from __future__ import annotations

import polars as pl

from analysis.facts import facts

#: An interval of 90 % is believed if this part of the like of it held the truth in trials: few hits
#: make it too short.
HELD = 0.8


def trials(way: str = "interval") -> pl.DataFrame:
    """Return how trials with a known weight ended, by weight and hits.

    Parameters
    ----------
    way
        `interval` (the likelihood used here), `density` (another, for comparison) or `hidden`
        (some sessions leave no log).

    Returns
    -------
    pl.DataFrame
        Facts `weight-trials`: `planted` (weight), `hits`, `tries`, `covered` (tries whose 90 %
        interval held it), `told` (whose interval covers at most `MOST` of 0 to 1), medians of
        `part` (of 0 to 1 that the interval covers), `best` and `budget` (at the planted weight,
        over the true one).
    """
    return facts("weight-trials").filter(pl.col("way") == way).sort("planted", "hits")


def takes(way: str = "interval") -> dict[float, int | None]:
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
    """Return from how many hits on trials held the weight often enough, whatever it was.

    Examples
    --------
    >>> fewest() <= 20
    True
    """
    held = (pl.col("covered") / pl.col("tries")).min()
    by_hits = trials().group_by("hits").agg(held.alias("held")).sort("hits")
    short = by_hits.filter(pl.col("held") < HELD)["hits"]
    return int(min(by_hits.filter(pl.col("hits") > max([0, *short]))["hits"]))
