"""How unlike people's use is: the curve of Lorenz over groups of people, and Gini's coefficient."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.measures.concentration import top_share
from analysis.measures.resample import FEWEST
from analysis.measures.suppress import FEWEST as GROUP
from analysis.measures.suppress import safe
from analysis.measures.team_shares import DECIMALS

#: Equal parts of a team that a curve shows, where each has people enough.
PARTS = 10
UNITS = {"dollars": "total_nano", "tokens": "tokens"}

Array = npt.NDArray[np.float64]


def gini(ordered: Array) -> Array:
    """Return Gini's coefficient along the last axis, largest first, corrected for few people.

    Times n / (n - 1): 0 where all have as much, 1 where one has all, of however few.

    Examples
    --------
    >>> gini(np.array([4.0, 0, 0, 0])), gini(np.array([1.0, 1, 1])), gini(np.array([3.0, 2, 1]))
    (np.float64(1.0), np.float64(0.0), np.float64(0.3333333333333333))
    """
    number = ordered.shape[-1]
    ranks = number + 1 - 2 * np.arange(1, number + 1)
    return np.asarray((ranks * ordered).sum(axis=-1) / ((number - 1) * ordered.sum(axis=-1)))[()]


def amounts(people: pl.DataFrame) -> dict[str, Array]:
    """Return each person's dollars and tokens, largest first; nothing of a team of few.

    Parameters
    ----------
    people
        `measures.team.everyone`.
    """
    tokens = pl.sum_horizontal("prompt_tokens", "output_tokens").alias("tokens")
    table = people.with_columns(tokens)
    found = {name: np.sort(table[of].to_numpy().astype(float))[::-1] for name, of in UNITS.items()}
    return {name: of for name, of in found.items() if of.size >= FEWEST and of.any() and safe(of)}


def ends(ordered: Array) -> npt.NDArray[np.int64]:
    """Return after how many people each part of a curve ends: none has so few as to be told.

    As many equal parts as there can be, `PARTS` at most, of which each has `suppress.FEWEST`
    people or more and no one person makes up its sum.

    Examples
    --------
    >>> ends(np.ones(12)), ends(np.ones(200))[:3], ends(np.array([99.0, *np.ones(11)]))
    (array([ 6, 12]), array([20, 40, 60]), array([12]))
    """
    for parts in range(min(PARTS, ordered.size // GROUP), 1, -1):
        cuts = ordered.size * np.arange(1, parts + 1) // parts
        if all(safe(part) for part in np.split(ordered, cuts[:-1])):
            return np.asarray(cuts)
    return np.array([ordered.size])


def lorenz(people: pl.DataFrame) -> pl.DataFrame:
    """Compute which share of dollars and of tokens the people with most have, part by part.

    Returns
    -------
    pl.DataFrame
        `unit` (dollars or tokens), `top` (part of the people, those with most first), `people`
        (how many that is), `share` (of the unit, rounded). From nothing to all; nothing in between
        where parts of few would be told, and no row of a team of fewer than `resample.FEWEST`.
    """
    rows = []
    for name, ordered in amounts(people).items():
        cuts = ends(ordered)
        shares = top_share(ordered, cuts / ordered.size)
        rows.append((name, 0.0, 0, 0.0))
        rows += [
            (name, float(n / ordered.size), int(n), round(float(s), DECIMALS))
            for n, s in zip(cuts, shares, strict=True)
        ]
    kinds = {"unit": pl.String, "top": pl.Float64, "people": pl.Int64, "share": pl.Float64}
    return pl.DataFrame(rows, kinds, orient="row")


def spread(people: pl.DataFrame) -> pl.DataFrame:
    """Compute Gini's coefficient, and what the part with most has.

    A team is all of its people: there is no interval, and of ten or twenty people one by drawing
    them would be far too narrow.

    Returns
    -------
    pl.DataFrame
        A row for each of `UNITS` of which a curve is shown: `unit`, `people`, `gini`, `top` (the
        first part of the curve: a tenth, where a tenth has people enough; null where the curve has
        one part alone) and `share` of it, rounded.
    """
    rows = []
    for name, ordered in amounts(people).items():
        first = int(ends(ordered)[0])
        top = None if first == ordered.size else first / ordered.size
        share = None if top is None else round(float(top_share(ordered, top)), DECIMALS)
        rows.append((name, ordered.size, round(float(gini(ordered)), DECIMALS), top, share))
    head = {"unit": pl.String, "people": pl.Int64}
    return pl.DataFrame(
        rows, head | dict.fromkeys(("gini", "top", "share"), pl.Float64), orient="row"
    )
