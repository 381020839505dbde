"""Does a rate change with something, among all units and within the same cluster of them?

Raw, a rate is the share of units. Adjusted, it is a linear probability model with fixed effects:
what each cluster (a session, say) has in common is taken out by subtracting its means, and the
number of calls of each kind of tool is held fixed. It speaks in percentage points, and clusters
in which nothing happens, which a conditional logit has to leave out, still count. Standard errors
are clustered by session (Liang and Zeger, 1986), with quantiles of t for as many clusters, less
one (Cameron and Miller, 2015).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.measures.degradation import TOOLS
from analysis.measures.resample import FEWEST, LEVEL, Interval

#: Chance with which an effect of the least detectable size is seen.
POWER = 0.8

#: What is held fixed, beside the session: how many tools of each kind a request calls.
CALLS = tuple(f"calls_{kind}" for kind in TOOLS)

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
        Columns that are held fixed, where they vary.

    Examples
    --------
    >>> rows = [(str(n), x, int((n + x) % 5 == 0)) for n in range(40) for x in range(10)]
    >>> made = pl.DataFrame(rows, ["session", "x", "failed"], orient="row")
    >>> found = slope(made, "failed", "x", fixed="session", held=())
    >>> found.units, found.events, abs(found.value) < 0.01
    (400, 80, True)
    """
    some = frame.drop_nulls([outcome, by])
    events = int(some[outcome].sum())
    clusters = some.filter(pl.col(outcome) == 1)[cluster].n_unique()
    none = Slope(None, Interval(None, None, clusters), None, some.height, events)
    y, x = _matrices(some, outcome, [by], fixed, held)
    if not x.shape[1] or not np.ptp(x[:, 0]) or not np.ptp(y):
        return none
    fit = _fit(y, x, some[cluster])
    value, error = float(fit.params[0]), float(fit.bse[0])
    if clusters < FEWEST or not np.isfinite(error):
        return none._replace(value=value)
    wide, power = _quantiles(some[cluster].n_unique() - 1)
    near = Interval(value - wide * error, value + wide * error, clusters)
    return Slope(value, near, (wide + power) * error, some.height, events)


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

    Returns
    -------
    pl.DataFrame
        A row per group, in order: the group, `units`, `events`, `sessions`, `rate`, `low`, `high`
        (90 %; null where fewer than 10 sessions have an event). Adjusted rates have the mean of
        the raw ones, weighted by units, and can lie below 0.
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
    names = counted[group].to_list()
    dummies = [f"_group_{n}" for n in range(len(names))]
    some = some.with_columns(
        (pl.col(group) == name).cast(pl.Float64).alias(d)
        for name, d in zip(names, dummies, strict=True)
    )
    rates = _levels(some, outcome, dummies, counted["units"].to_numpy(), fixed, held, cluster)
    found = [pl.Series(n, v, pl.Float64) for n, v in zip(("rate", "low", "high"), rates, strict=True)]
    return counted.with_columns(s.fill_nan(None) for s in found)


def _levels(
    some: pl.DataFrame,
    outcome: str,
    dummies: list[str],
    units: npt.NDArray[Any],
    fixed: str | None,
    held: Sequence[str],
    cluster: str,
) -> tuple[Array, Array, Array]:
    """Return each group's rate and the ends of its interval."""
    unknown = np.full(len(dummies), np.nan)
    if not some.height:
        return unknown, unknown, unknown
    mean = float(some[outcome].to_numpy().mean())
    weights = units / units.sum()
    if fixed is None:
        x = some.select(dummies).to_numpy()
        y = some[outcome].to_numpy().astype(float)
        contrast = np.eye(len(dummies))
    else:
        y, x = _matrices(some, outcome, dummies[1:], fixed, held)
        effects = np.eye(len(dummies))[:, 1:]
        contrast = np.zeros((len(dummies), x.shape[1]))
        contrast[:, : len(dummies) - 1] = effects - weights @ effects
        mean = mean if x.shape[1] else np.nan
    if len(dummies) < 2 and fixed is not None:
        return np.full(1, mean), unknown, unknown
    fit = _fit(y, x, some[cluster])
    rate = contrast @ fit.params + (mean if fixed is not None else 0)
    spread = contrast @ fit.cov_params() @ contrast.T
    wide, _ = _quantiles(max(some[cluster].n_unique() - 1, 1))
    half = wide * np.sqrt(np.clip(np.diag(spread), 0, None))
    if some.filter(pl.col(outcome) == 1)[cluster].n_unique() < FEWEST:
        return rate, unknown, unknown
    return rate, rate - half, rate + half


def _matrices(
    some: pl.DataFrame, outcome: str, by: list[str], fixed: str | None, held: Sequence[str]
) -> tuple[Array, Array]:
    """Return outcome and regressors less the means of what is fixed; constants are dropped."""
    columns = [outcome, *by, *held]
    mean = pl.col(columns).mean()
    less = some.select(pl.col(columns) - (mean.over(fixed) if fixed else mean))
    kept = [*by, *(name for name in held if np.ptp(less[name].to_numpy()) > 0)]
    return less[outcome].to_numpy(), less.select(kept).to_numpy()


def _fit(y: Array, x: Array, cluster: pl.Series) -> Any:
    """Return least squares with errors clustered."""
    from statsmodels.regression.linear_model import OLS

    groups = cluster.fill_null("").rank("dense").to_numpy().astype(int)
    if groups.max(initial=0) < 2:
        return OLS(y, x).fit()
    return OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": groups})


def _quantiles(freedom: int) -> tuple[float, float]:
    """Return quantiles of t: half the width of the interval in errors, and what power adds."""
    from scipy.stats import t

    return float(t.ppf((1 + LEVEL) / 2, freedom)), float(t.ppf(POWER, freedom))
