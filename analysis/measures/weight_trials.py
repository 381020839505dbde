"""How many limit hits tell what a read weighs: trials on accounts whose weight is known.

`benchmarks/weight.py` made them.
"""

from __future__ import annotations

import polars as pl

from analysis.facts import facts


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
    """Return how many hits must be seen: as many as most trials told any weight with at all.

    Fewer can leave a short interval by chance.
    """
    return min(hits for hits in takes().values() if hits is not None)
