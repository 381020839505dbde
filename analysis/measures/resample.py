"""How far a figure would move in other sessions like these: intervals by resampling clusters.

A reader's own bill is a census and needs none of this. A comparison, a forecast or a statement
about people like this does: requests of one session are alike, so sessions are drawn, or projects,
never requests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

#: Fewer clusters than these say nothing of clusters not seen: no interval is given.
FEWEST = 10
DRAWS = 2_000
LEVEL = 0.9

Sums = Mapping[str, npt.NDArray[np.float64]]
Value = Callable[[Sums], npt.NDArray[np.float64]]


class Interval(NamedTuple):
    """An interval, or none where there were too few clusters; `clusters` were drawn from."""

    low: float | None
    high: float | None
    clusters: int

    @property
    def known(self) -> bool:
        """Whether there is an interval."""
        return self.low is not None


def interval(
    frame: pl.DataFrame,
    sums: Mapping[str, pl.Expr],
    value: Value,
    *,
    cluster: str = "session",
    seed: int = 1,
    draws: int = DRAWS,
    level: float = LEVEL,
) -> Interval:
    """Resample clusters and return the interval of a figure that is made of sums.

    The percentile bootstrap over clusters (Efron and Tibshirani, 1993, chapters 13 and 8): as many
    clusters as there are, drawn with replacement; the figure from their sums; its quantiles. All
    draws are one product of matrices.

    Parameters
    ----------
    frame
        One row per request, or per whatever is summed.
    sums
        What the figure is made of: an aggregation by name.
    value
        The figure, from the sums: arrays of one number a draw. What is not finite is left out.
    cluster
        The column whose values are drawn: `session` or `project`.

    Returns
    -------
    Interval
        Empty where fewer than `FEWEST` clusters have rows.

    Examples
    --------
    >>> lost = pl.DataFrame({"session": [str(n) for n in range(40)], "lost": [0, 1] * 20})
    >>> found = interval(lost, {"lost": pl.col("lost").sum(), "all": pl.len()},
    ...                  lambda s: s["lost"] / s["all"])
    >>> 0.3 < found.low < 0.5 < found.high < 0.7, found.clusters
    (True, 40)
    """
    figures = {"figure": value}
    return intervals(frame, sums, figures, cluster=cluster, seed=seed, draws=draws, level=level)[
        "figure"
    ]


def intervals(
    frame: pl.DataFrame,
    sums: Mapping[str, pl.Expr],
    values: Mapping[str, Value],
    *,
    cluster: str = "session",
    seed: int = 1,
    draws: int = DRAWS,
    level: float = LEVEL,
) -> dict[str, Interval]:
    """Return the intervals of several figures from the same draws, each as `interval` has it."""
    parts = _parts(frame, sums, cluster)
    if parts.height < FEWEST:
        return dict.fromkeys(values, Interval(None, None, parts.height))
    drawn = np.random.default_rng(seed).multinomial(
        parts.height, np.full(parts.height, 1 / parts.height), size=draws
    )
    table = drawn @ parts.select(pl.col(list(sums)).cast(pl.Float64)).to_numpy()
    named = {name: table[:, n] for n, name in enumerate(sums)}
    return {name: _ends(value, named, parts.height, level) for name, value in values.items()}


def _ends(value: Value, sums: Sums, clusters: int, level: float) -> Interval:
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.asarray(value(sums))
    found = found[np.isfinite(found)]
    if not found.size:
        return Interval(None, None, clusters)
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high), clusters)


def _parts(frame: pl.DataFrame, sums: Mapping[str, pl.Expr], cluster: str) -> pl.DataFrame:
    """Return the sums of each cluster, in an order that does not depend on that of the rows."""
    named: list[Any] = [expression.alias(name) for name, expression in sums.items()]
    return frame.group_by(cluster).agg(named).sort(cluster)
