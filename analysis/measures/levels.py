"""The rate of an outcome by group, raw or as if all groups had the same clusters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from analysis.measures.jackknife import Array, half, jackknife, less
from analysis.measures.resample import FEWEST
from analysis.measures.within import CALLS, CLUSTERS


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
        wide = np.full(len(names), np.nan)
    elif fixed is None:
        rate, spread = jackknife(
            some[outcome].to_numpy(), some.select(names).to_numpy(), some[cluster]
        )
        wide = half(spread, some[cluster])
    else:
        rate, wide = _adjusted(some, outcome, names, weights, fixed, held, cluster)
    known = (pl.col("sessions") >= FEWEST) & enough
    low, high = (pl.when(known).then(pl.Series(rate + sign * wide)) for sign in (-1, 1))
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
    y, x = less(some, outcome, [*names[1:], *held], fixed)
    effects = len(names) - 1
    if np.linalg.matrix_rank(x[:, :effects]) < effects:
        unknown = np.full(len(names), np.nan)
        return unknown, unknown
    values, spread = jackknife(y, x, some[cluster])
    beside = np.eye(len(names))[:, 1:]
    contrast = beside - weights @ beside
    rate = contrast @ values[:effects] + float(some[outcome].to_numpy().mean())
    return rate, half(contrast @ spread[:effects, :effects] @ contrast.T, some[cluster])


def wider(
    frame: pl.DataFrame,
    outcome: str,
    group: str,
    *,
    fixed: str | None = "chain",
    held: Sequence[str] = CALLS,
) -> pl.DataFrame:
    """Return `levels`, with the wider of the intervals by session and by project.

    Examples
    --------
    >>> rows = [(str(n), str(n % 12), x, (n + x) % 5 == 0) for n in range(40) for x in range(10)]
    >>> made = pl.DataFrame(rows, ["session", "project", "x", "failed"], orient="row")
    >>> made = made.with_columns(pl.col("failed").cast(int), late=pl.col("x") // 5)
    >>> found = wider(made, "failed", "late", fixed="session", held=())
    >>> found["low"][0] <= levels(made, "failed", "late", fixed="session", held=())["low"][0]
    True
    """
    by = [levels(frame, outcome, group, fixed=fixed, held=held, cluster=name) for name in CLUSTERS]
    first, *others = by
    return first.with_columns(
        low=pl.min_horizontal(first["low"], *(other["low"] for other in others)),
        high=pl.max_horizontal(first["high"], *(other["high"] for other in others)),
    )
