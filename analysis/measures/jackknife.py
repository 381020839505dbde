"""Least squares within something, and its spread by leaving out one cluster at a time.

The jackknife (MacKinnon, Nielsen and Webb, 2023, "CV3"): the common sandwich is too narrow where a
few clusters hold most of what varies, as they do in logs. Where one or two hold nearly all of it
no way of reckoning is sound: `shares` says how much each holds.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.measures.resample import LEVEL

#: Chance with which an effect of the least detectable size is seen.
POWER = 0.8

#: What is smaller, of the largest there is, is nothing: an error of floating point numbers.
_NOTHING = 1e-10

Array = npt.NDArray[np.float64]


def less(
    some: pl.DataFrame, outcome: str, columns: list[str], fixed: str | None
) -> tuple[Array, Array]:
    """Return outcome and regressors less the means of what is fixed."""
    all_of_them = [outcome, *columns]
    mean = pl.col(all_of_them).mean()
    less = some.select(pl.col(all_of_them) - (mean.over(fixed) if fixed else mean)).to_numpy()
    return less[:, 0], less[:, 1:]


def varies(x: Array) -> bool:
    """Return whether the first column is more than a sum of the others."""
    left = _alone(x)
    return float(left @ left) > _NOTHING * max(float(x[:, 0] @ x[:, 0]), _NOTHING)


def shares(x: Array, cluster: pl.Series) -> Array:
    """Return what share each cluster has of what varies in the first column, the others held.

    An estimate rests on clusters by these shares; one over the sum of their squares is how many
    clusters of equal weight they are worth.

    Examples
    --------
    >>> x = np.array([[1.0], [-1.0], [3.0], [-3.0]])
    >>> shares(x, pl.Series(["a", "a", "b", "b"])).tolist()
    [0.1, 0.9]
    """
    held = np.bincount(_place(cluster), weights=_alone(x) ** 2)
    return np.asarray(held / held.sum())


def _alone(x: Array) -> Array:
    """Return the first column less what the others say of it."""
    rest = x[:, 1:]
    return x[:, 0] - rest @ np.linalg.lstsq(rest, x[:, 0], rcond=None)[0] if rest.size else x[:, 0]


def _place(cluster: pl.Series) -> npt.NDArray[np.int64]:
    """Return the number of each row's cluster, by order of their names."""
    return cluster.fill_null("").rank("dense").to_numpy().astype(np.int64) - 1


def jackknife(y: npt.NDArray[np.generic], x: Array, cluster: pl.Series) -> tuple[Array, Array]:
    """Return least squares, and its spread by leaving out one cluster at a time."""
    place = _place(cluster)
    many, wide = int(place.max()) + 1, x.shape[1]
    squares, products = np.zeros((many, wide, wide)), np.zeros((many, wide))
    order = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[order], np.arange(many))
    for column in range(wide):
        beside = x[order] * x[order, column, None]
        squares[:, column] = np.add.reduceat(beside, starts)
    products[:] = np.add.reduceat(x[order] * np.asarray(y, dtype=float)[order, None], starts)
    whole, sums = squares.sum(axis=0), products.sum(axis=0)
    values = np.linalg.pinv(whole, rcond=_NOTHING, hermitian=True) @ sums
    inverse = np.linalg.pinv(whole - squares, rcond=_NOTHING, hermitian=True)
    off = np.einsum("gij,gj->gi", inverse, sums - products) - values
    return values, (many - 1) / many * (off.T @ off)


def half(spread: Array, cluster: pl.Series) -> Array:
    """Return half of each interval, from the spread."""
    wide, _ = quantiles(max(cluster.n_unique() - 1, 1))
    return np.asarray(wide * np.sqrt(np.clip(np.diag(spread), 0, None)))


def quantiles(freedom: int) -> tuple[float, float]:
    """Return quantiles of t: half the width of the interval in errors, and what power adds."""
    from scipy.stats import t

    return float(t.ppf((1 + LEVEL) / 2, freedom)), float(t.ppf(POWER, freedom))
