"""How far a figure would move in other sessions like these: intervals by resampling clusters.

A reader's own bill is a census and needs none of this. A comparison, a forecast or a statement
about people like this does: requests of one session are alike, so sessions are drawn, or projects,
never requests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

#: Fewer clusters than these say nothing of clusters not seen: no interval is given.
FEWEST = 10
DRAWS = 2_000
LEVEL = 0.9
_TOGETHER = 500  # groups that are drawn at once
_CELLS = 2_000_000  # of the table of draws, at once: memory does not grow with the clusters

Array = npt.NDArray[np.float64]
Sums = Mapping[str, Array]
Value = Callable[[Sums], Array]


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
    clusters as there are, drawn with replacement; the figure from their sums; its quantiles. Many
    draws at once are one product of matrices.

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
    parts = _parts(frame, sums, [cluster])
    if parts.height < FEWEST:
        return dict.fromkeys(values, Interval(None, None, parts.height))
    numbers = _numbers(parts, sums)
    table = np.concatenate([some @ numbers for some in _drawn(parts.height, draws, seed)])
    named = {name: table[:, n] for n, name in enumerate(sums)}
    return {
        name: _ends(_found(value, named), parts.height, level) for name, value in values.items()
    }


def grouped(
    frame: pl.DataFrame,
    sums: Mapping[str, pl.Expr],
    values: Mapping[str, Value],
    *,
    group: str,
    cluster: str = "session",
    seed: int = 1,
    draws: int = DRAWS,
    level: float = LEVEL,
) -> pl.DataFrame:
    """Return the intervals of each group, those that `intervals` gives of its rows alone.

    Groups of as many clusters share their draws, and what is drawn are sums by cluster: its time
    does not depend on how many rows there are.

    Parameters
    ----------
    group
        The column whose values have intervals of their own, such as a person.

    Returns
    -------
    pl.DataFrame
        A row per group, in order: `group`, `clusters`, and of each figure `{name}_low` and
        `{name}_high`, null where it has fewer than `FEWEST` clusters.

    Examples
    --------
    >>> two = {"who": ["a"] * 40 + ["b"] * 4, "session": [str(n) for n in range(44)]}
    >>> lost = pl.DataFrame(two | {"lost": [0, 1] * 22})
    >>> sums = {"lost": pl.col("lost").sum(), "all": pl.len()}
    >>> found = grouped(lost, sums, {"share": lambda s: s["lost"] / s["all"]}, group="who")
    >>> found.select("who", "clusters", pl.col("share_low", "share_high").round(1)).rows()
    [('a', 40, 0.4, 0.6), ('b', 4, None, None)]
    """
    parts = _parts(frame, sums, [group, cluster])
    sizes = parts.group_by(group, maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("clusters")
    )
    columns = [f"{name}_{end}" for name in values for end in ("low", "high")]
    ends = {column: np.full(sizes.height, np.nan) for column in columns}
    many = sizes["clusters"].to_numpy()
    numbers, first = _numbers(parts, sums), np.cumsum(many) - many
    for size in sizes.filter(pl.col("clusters") >= FEWEST)["clusters"].unique().sort():
        alike = np.flatnonzero(many == size)
        together = min(_TOGETHER, max(_CELLS // size, 1))
        for some in np.array_split(alike, -(-alike.size // together)):
            own = numbers[first[some][:, None] + np.arange(size)]  # groups, clusters, sums
            table = np.concatenate(
                [np.matmul(drawn, own) for drawn in _drawn(size, draws, seed)], axis=1
            )
            named = {name: table[..., n] for n, name in enumerate(sums)}
            for name, value in values.items():
                for place, found in zip(some, _found(value, named), strict=True):
                    low, high, _ = _ends(found, size, level)
                    if low is not None:
                        ends[f"{name}_low"][place], ends[f"{name}_high"][place] = low, high
    return sizes.with_columns(
        pl.Series(name, found, pl.Float64).fill_nan(None) for name, found in ends.items()
    )


def _found(value: Value, sums: Sums) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(value(sums))


def _ends(found: Array, clusters: int, level: float) -> Interval:
    found = found[np.isfinite(found)]
    if not found.size:
        return Interval(None, None, clusters)
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high), clusters)


def _drawn(clusters: int, draws: int, seed: int) -> Iterator[npt.NDArray[np.int64]]:
    """Yield how often each draw has each cluster, a row a draw: block by block the same draws."""
    rng, fair = np.random.default_rng(seed), np.full(clusters, 1 / clusters)
    block = max(_CELLS // clusters, 1)
    for begun in range(0, draws, block):
        yield rng.multinomial(clusters, fair, size=min(block, draws - begun))


def _parts(frame: pl.DataFrame, sums: Mapping[str, pl.Expr], by: list[str]) -> pl.DataFrame:
    """Return the sums of each cluster, in an order that does not depend on that of the rows."""
    named: list[Any] = [expression.alias(name) for name, expression in sums.items()]
    return frame.group_by(by).agg(named).sort(by)


def _numbers(parts: pl.DataFrame, sums: Mapping[str, pl.Expr]) -> Array:
    return parts.select(pl.col(list(sums)).cast(pl.Float64)).to_numpy()
