"""How far a month's list-price dollars can be told from the days that are known.

A month is drawn from days (or weeks, which keep busy days together) with replacement, out of a
draw of as many days (or weeks) as are known: few of them leave their mean itself open. All days
of the calendar count, silent ones too, from the first that has a request to the last. Such an end
is a busy day, so short spans make a month dearer than it is: none is drawn from less than a month.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.measures.resample import FEWEST, LEVEL
from analysis.measures.turns import MONTH, daily, recent

Array = npt.NDArray[np.float64]

#: Days that are drawn together.
BLOCKS = {"days": 1, "weeks": 7}
EVERY = "all projects"
LATELY = "all projects, since the last long silence"
DRAWS = 2000
_COLUMNS = ("project", "by", "since", "days", "active", "mean", "low", "high", "cv")


def calendar(days: pl.DataFrame) -> Array:
    """Return the dollars of each calendar day from the first to the last, zeros where none."""
    if days.is_empty():
        return np.empty(0)
    first = days["day"].min()
    place = days.select((pl.col("day") - pl.lit(first)).dt.total_days()).to_series().to_numpy()
    filled = np.zeros(int(place.max()) + 1)
    filled[place] = days["usd"].to_numpy()
    return filled


def drawn_months(usd: Array, block: int, seed: int = 1, draws: int = DRAWS) -> Array:
    """Draw months.

    Parameters
    ----------
    usd
        Dollars of consecutive calendar days.
    block
        Days that stay together: 1, or 7 for weeks. Days over at the end make no block.

    Returns
    -------
    Array
        Dollars of each drawn month; empty where there are fewer than `resample.FEWEST` blocks.

    Examples
    --------
    >>> found = drawn_months(np.tile([0.0, 2.0], 20), 1)
    >>> len(found), round(float(found.mean()))
    (2000, 30)
    """
    blocks = len(usd) // block
    if blocks < FEWEST:
        return np.empty(0)
    rng = np.random.default_rng(seed)
    sums = usd[: blocks * block].reshape(blocks, block).sum(axis=1)
    pool = rng.integers(blocks, size=(draws, blocks))
    whole, rest = divmod(MONTH, block)
    picks = np.take_along_axis(pool, rng.integers(blocks, size=(draws, whole + 1)), axis=1)
    return np.asarray(sums[picks[:, :-1]].sum(axis=1) + sums[picks[:, -1]] * rest / block)


def months(spent: pl.DataFrame, seed: int = 1) -> pl.DataFrame:
    """Tell the spread of a month's dollars: of all projects together, and of each by itself.

    Parameters
    ----------
    spent
        `measures.turns.costed`.

    Returns
    -------
    pl.DataFrame
        One row per `project` (`EVERY` first, then `LATELY`, where there was such a silence as
        `measures.turns.recent` has) and `by` (days, weeks) with a month of days, and enough weeks:
        `since` (first day), `days` (calendar), `active`, `mean`, `low`, `high` (dollars in 30 days:
        mean, and 90 % of draws), `cv` (standard deviation of draws over their mean).
    """
    every = daily(spent).with_columns(project=pl.lit(EVERY))
    single = daily(spent, "project").select(every.columns)
    alone = single["project"].n_unique() < 2
    groups = [] if alone else single.partition_by("project", maintain_order=True)
    lately = recent(every).with_columns(project=pl.lit(LATELY))
    groups = [every, *([lately] if lately.height < every.height else []), *groups]
    rows = []
    for group in groups:
        usd = calendar(group)
        if len(usd) < MONTH:
            continue
        since = group["day"].min()
        for name, block in BLOCKS.items():
            found = drawn_months(usd, block, seed)
            if not found.size or not found.mean():
                continue
            low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
            cv = found.std() / found.mean()
            mean = usd.mean() * MONTH
            spread = (mean, low, high, cv)
            rows.append((group["project"][0], name, since, len(usd), group.height, *spread))
    kinds = (*[pl.String] * 2, pl.Date, *[pl.Int64] * 2, *[pl.Float64] * 4)
    return pl.DataFrame(rows, dict(zip(_COLUMNS, kinds, strict=True)), orient="row")


def ecdf(spent: pl.DataFrame) -> pl.DataFrame:
    """Put days in order of dollars: of all projects together, and of one project at a time.

    Returns
    -------
    pl.DataFrame
        `days` (all projects, one project), `usd`, `share` (of such days that cost as much or
        less). Where there is one project, `days` is all projects alone.
    """
    frames = {EVERY: daily(spent)}
    if spent["project"].n_unique() > 1:
        frames["one project"] = daily(spent, "project")
    return pl.concat(
        frame.sort("usd").select(
            pl.lit(name).alias("days"), "usd", share=pl.int_range(1, pl.len() + 1) / pl.len()
        )
        for name, frame in frames.items()
    )
