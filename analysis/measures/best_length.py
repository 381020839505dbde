"""After how many requests a fresh session would have been cheapest, and how sure that is.

By the same way of cutting as the workbench's slider, so that the length that is named is the one
whose bill is lowest there; of very many requests, lowest in a part of the sessions.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.measures.cuts import restarted, stretches
from analysis.measures.otherwise import Otherwise, listed
from analysis.measures.resample import DRAWS, Interval, Sums, interval
from analysis.measures.rewrites import Reprice, grouped

#: Lengths that are tried, in requests.
LENGTHS = (10, 20, 30, 50, 75, 100, 150, 200, 300)

_MANY, _FEWER = 2_000, 500  # sessions from which on so many draws do
_MOST = 100_000  # requests that are cut so often; of more, whole sessions that have about so many
_LEAST = 500  # sessions that such a part has
_UNCUT = 0


def best(lived: pl.DataFrame, asked: Otherwise, reprice: Reprice) -> pl.DataFrame:
    """Find the cheapest of `LENGTHS`, or that none is cheaper than sessions as they were.

    Parameters
    ----------
    lived
        `analysis.measures.otherwise.lived`.
    asked
        What else is otherwise; its length and its size are left out.

    Returns
    -------
    pl.DataFrame
        One row: `length`, and the ends `low` and `high` of its 90 % interval, from drawing whole
        sessions anew; 0 where nothing is cut, and null where there are too few `sessions`. These
        are part of the `of` that there are where these have very many requests. No row where
        something has no price.

    Examples
    --------
    >>> from analysis import load
    >>> from analysis.measures.rebuilds import rebuilt
    >>> from analysis.measures.rewrites import known
    >>> logs = load("sample")
    >>> rows = known(rebuilt(logs.priced(), logs.events))
    >>> found = best(rows, Otherwise(), logs.pricing()).row(0, named=True)
    >>> found["sessions"], found["of"], found["low"] is None
    (50, 50, False)
    """
    kinds = dict.fromkeys(("length", "low", "high", "sessions", "of"), pl.Int64)
    sessions = lived["sitting"].unique().sort()
    every = min(math.ceil(lived.height / _MOST), sessions.len() // _LEAST)
    some = sessions.gather_every(max(1, every))
    part = lived if some.len() == sessions.len() else lived.filter(pl.col("sitting").is_in(some))
    costs, tried = _costs(part, asked, reprice)
    if costs.is_empty():
        return pl.DataFrame(schema=kinds)
    names = [str(length) for length in (_UNCUT, *tried)]

    def cheapest(sums: Sums) -> npt.NDArray[np.float64]:
        at = np.stack([sums[name] for name in names], axis=1).argmin(axis=1)
        return np.where(at, at - 1.0, len(tried))  # what cuts nothing is no cheaper than uncut

    sums = {name: pl.col(name).sum() for name in names}
    draws = DRAWS if costs.height <= _MANY else _FEWER
    found: Interval = interval(costs, sums, cheapest, cluster="sitting", draws=draws)
    whole = {name: costs[name].sum() for name in names}
    length = int(min(names, key=whole.__getitem__))
    lengths = (*tried, _UNCUT)
    low = None if found.low is None else lengths[math.floor(found.low)]
    high = None if found.high is None else lengths[math.ceil(found.high)]
    return pl.DataFrame([(length, low, high, found.clusters, sessions.len())], kinds, orient="row")


def _costs(
    lived: pl.DataFrame, asked: Otherwise, reprice: Reprice
) -> tuple[pl.DataFrame, list[int]]:
    """Return what each session costs uncut and at each length, in nano-dollars, and the lengths.

    A length that cuts nothing is not tried, and what no length cuts is left out: it costs the same.
    """
    of = lived.select("chain", "sitting").unique()
    found = of.select("sitting").unique()
    work = stretches(lived)
    longest = int(work.filter("is_main").select(pl.col("requests").max().fill_null(0)).item())
    tried = [length for length in LENGTHS if length < longest]
    some = pl.col("is_main") & (pl.col("requests") > LENGTHS[0])
    work = (work.filter(some) if tried else work).join(of, on="chain", maintain_order="left")
    for length in (*tried, _UNCUT):
        made = restarted(work, length, asked.carry_over) if length else work
        priced = listed(grouped(made, "sitting"), asked, reprice)
        if priced["total_nano"].null_count():
            return found.clear(), []
        cost = priced.group_by("sitting").agg(pl.col("total_nano").sum().alias(str(length)))
        found = found.join(cost, on="sitting", how="left")
    return found.fill_null(0).sort("sitting"), tried
