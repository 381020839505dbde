"""Whether a rate changes with something, among all units and within one cluster of them.

Raw, a rate is the share of units. Adjusted, it is a linear probability model with fixed effects:
what each cluster (a session, say) has in common is taken out by subtracting its means, and the
number of calls of each kind of tool is held fixed. It speaks in percentage points, and clusters
in which nothing happens, which a conditional logit has to leave out, still count.

Errors are clustered by session: each is left out in turn (the jackknife, MacKinnon, Nielsen and
Webb, 2023, "CV3"). The common sandwich is too narrow where a few sessions hold most of what
varies, as they do here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.measures.degradation import TOOLS
from analysis.measures.resample import FEWEST, LEVEL, Interval

#: Chance with which an effect of the least detectable size is seen.
POWER = 0.8

#: What is held fixed, beside the session: how many tools of each kind a request calls.
CALLS = tuple(f"calls_{kind}" for kind in TOOLS)

#: What is smaller, of the largest there is, is nothing: an error of floating point numbers.
_NOTHING = 1e-10

Array = npt.NDArray[np.float64]


class Slope(NamedTuple):
    """How far a rate moves with something.

    Attributes
    ----------
    value
        Change of the rate for one more of it; None where nothing varies.
    interval
        Of 90 %; empty where fewer than 10 sessions have an event.
    least
        The least change, up or down, that these data would show with 80 % chance, by an interval
        without 0; None where there is no interval.
    units, events
        What the rate is of, and how many of them are events.
    """

    value: float | None
    interval: Interval
    least: float | None
    units: int
    events: int


def slope(
    frame: pl.DataFrame,
    outcome: str,
    by: str,
    *,
    fixed: str | None = "chain",
    held: Sequence[str] = CALLS,
    cluster: str = "session",
) -> Slope:
    """Regress an outcome on something.

    Parameters
    ----------
    frame
        One row per unit; rows whose outcome is null are left out.
    outcome
        A column of 0 and 1.
    by
        A number.
    fixed
        What is compared with itself alone; None compares all with all.
    held
        Columns that are held fixed.
    cluster
        What is left out in turn.

    Examples
    --------
    >>> rows = [(str(n), x, int((n + x) % 5 == 0)) for n in range(40) for x in range(10)]
    >>> made = pl.DataFrame(rows, ["session", "x", "failed"], orient="row")
    >>> found = slope(made, "failed", "x", fixed="session", held=())
    >>> found.units, found.events, abs(found.value) < 0.01
    (400, 80, True)
    """
    some = frame.drop_nulls([outcome, by])
    events = some.filter(pl.col(outcome) == 1)
    sessions = events[cluster].n_unique()
    none = Slope(None, Interval(None, None, sessions), None, some.height, events.height)
    y, x = _less(some, outcome, [by, *held], fixed)
    if not events.height or events.height == some.height or not _alone(x):
        return none
    values, spread = _jackknife(y, x, some[cluster])
    value, error = float(values[0]), float(np.sqrt(spread[0, 0]))
    if sessions < FEWEST:
        return none._replace(value=value)
    wide, power = _quantiles(some[cluster].n_unique() - 1)
    near = Interval(value - wide * error, value + wide * error, sessions)
    return Slope(value, near, (wide + power) * error, some.height, events.height)


def levels(
    frame: pl.DataFrame,
    outcome: str,
    group: str,
    *,
    fixed: str | None = "chain",
    held: Sequence[str] = CALLS,
    cluster: str = "session",
) -> pl.DataFrame:
    """Return the rate of an outcome by group, raw, or as if all groups had the same clusters.

    Parameters
    ----------
    group
        A column of few values, such as bins.
    fixed
        What is compared with itself alone; None gives the raw rates, with nothing held.

    Returns
    -------
    pl.DataFrame
        A row per group, in order: the group, `units`, `events`, `sessions`, `rate`, `low`, `high`
        (90 %; null where the group has fewer than 10 sessions, or fewer have an event). Adjusted
        rates have the mean of the raw ones, weighted by units, and can lie below 0.
    """
    some = frame.drop_nulls([outcome, group])
    counted = (
        some.group_by(group)
        .agg(
            pl.len().cast(pl.Int64).alias("units"),
            pl.col(outcome).sum().cast(pl.Int64).alias("events"),
            pl.col(cluster).n_unique().cast(pl.Int64).alias("sessions"),
        )
        .sort(group)
    )
    member = [(pl.col(group) == name).cast(pl.Float64) for name in counted[group]]
    names = [f"_group_{n}" for n in range(len(member))]
    some = some.with_columns(m.alias(n) for m, n in zip(member, names, strict=True))
    enough = some.filter(pl.col(outcome) == 1)[cluster].n_unique() >= FEWEST
    weights = counted["units"].to_numpy() / max(some.height, 1)
    if not names or (fixed and len(names) == 1):
        rate = np.full(len(names), some[outcome].mean() or 0.0)
        half = np.full(len(names), np.nan)
    elif fixed is None:
        rate, spread = _jackknife(
            some[outcome].to_numpy(), some.select(names).to_numpy(), some[cluster]
        )
        half = _half(spread, some[cluster])
    else:
        rate, half = _adjusted(some, outcome, names, weights, fixed, held, cluster)
    known = (pl.col("sessions") >= FEWEST) & enough
    low, high = (pl.when(known).then(pl.Series(rate + sign * half)) for sign in (-1, 1))
    return counted.with_columns(
        rate=pl.Series(rate, dtype=pl.Float64).fill_nan(None),
        low=low.cast(pl.Float64).fill_nan(None),
        high=high.cast(pl.Float64).fill_nan(None),
    )


def _adjusted(
    some: pl.DataFrame,
    outcome: str,
    names: list[str],
    weights: Array,
    fixed: str,
    held: Sequence[str],
    cluster: str,
) -> tuple[Array, Array]:
    """Return each group's adjusted rate and half of its interval; not a number if not known."""
    y, x = _less(some, outcome, [*names[1:], *held], fixed)
    effects = len(names) - 1
    if np.linalg.matrix_rank(x[:, :effects]) < effects:
        unknown = np.full(len(names), np.nan)
        return unknown, unknown
    values, spread = _jackknife(y, x, some[cluster])
    beside = np.eye(len(names))[:, 1:]
    contrast = beside - weights @ beside
    rate = contrast @ values[:effects] + float(some[outcome].to_numpy().mean())
    return rate, _half(contrast @ spread[:effects, :effects] @ contrast.T, some[cluster])


def _less(
    some: pl.DataFrame, outcome: str, columns: list[str], fixed: str | None
) -> tuple[Array, Array]:
    """Return outcome and regressors less the means of what is fixed."""
    all_of_them = [outcome, *columns]
    mean = pl.col(all_of_them).mean()
    less = some.select(pl.col(all_of_them) - (mean.over(fixed) if fixed else mean)).to_numpy()
    return less[:, 0], less[:, 1:]


def _alone(x: Array) -> bool:
    """Return whether the first column is more than a sum of the others."""
    rest = x[:, 1:]
    left = x[:, 0] - rest @ np.linalg.lstsq(rest, x[:, 0], rcond=None)[0] if rest.size else x[:, 0]
    return float(left @ left) > _NOTHING * max(float(x[:, 0] @ x[:, 0]), _NOTHING)


def _jackknife(y: npt.NDArray[np.generic], x: Array, cluster: pl.Series) -> tuple[Array, Array]:
    """Return least squares, and its spread by leaving out one cluster at a time."""
    place = cluster.fill_null("").rank("dense").to_numpy().astype(int) - 1
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


def _half(spread: Array, cluster: pl.Series) -> Array:
    wide, _ = _quantiles(max(cluster.n_unique() - 1, 1))
    return np.asarray(wide * np.sqrt(np.clip(np.diag(spread), 0, None)))


def _quantiles(freedom: int) -> tuple[float, float]:
    """Return quantiles of t: half the width of the interval in errors, and what power adds."""
    from scipy.stats import t

    return float(t.ppf((1 + LEVEL) / 2, freedom)), float(t.ppf(POWER, freedom))
