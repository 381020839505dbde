"""Whether a rate changes with something, among all units and within one cluster of them.

Raw, a rate is the share of units. Adjusted, it is a linear probability model with fixed effects:
what each cluster (a session, say) has in common is taken out by subtracting its means, and the
number of calls of each kind of tool is held fixed. It speaks in percentage points, and clusters
in which nothing happens, which a conditional logit has to leave out, still count.

Sessions of one project are alike too: the same people, files and tests. So errors are clustered by
session and, where enough projects have an event, by project; the wider interval is the headline.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from analysis.measures.degradation import TOOLS
from analysis.measures.jackknife import jackknife, less, quantiles, shares, varies
from analysis.measures.resample import FEWEST, Interval

#: What is held fixed, beside the session: how many tools of each kind a request calls.
CALLS = tuple(f"calls_{kind}" for kind in TOOLS)

#: What may be alike, the narrower first.
CLUSTERS = ("session", "project")


class Slope(NamedTuple):
    """How far a rate moves with something.

    Attributes
    ----------
    value
        Change of the rate for one more of it; None where nothing varies.
    interval
        Of 90 %; empty where fewer than 10 clusters have an event.
    least
        The least change, up or down, that these data would show with 80 % chance, by an interval
        without 0; None where there is no interval.
    units, events
        What the rate is of, and how many of them are events.
    cluster
        What was left out in turn.
    clusters
        How many of them there are, with an event or without.
    effective
        How many clusters of equal weight they are worth; None where nothing varies.
    largest
        The share that one of them has of what varies; None where nothing does.
    chance
        With which a slope so far from 0 would come up if there were none (two-sided); None where
        there is no interval.
    """

    value: float | None
    interval: Interval
    least: float | None
    units: int
    events: int
    cluster: str = "session"
    clusters: int = 0
    effective: float | None = None
    largest: float | None = None
    chance: float | None = None


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
    name, many, with_event = some[cluster], some[cluster].n_unique(), events[cluster].n_unique()
    empty = Interval(None, None, with_event)
    none = Slope(None, empty, None, some.height, events.height, cluster, many)
    y, x = less(some, outcome, [by, *held], fixed)
    if not events.height or events.height == some.height or not varies(x):
        return none
    values, spread = jackknife(y, x, name)
    value, error = float(values[0]), float(np.sqrt(spread[0, 0]))
    weights = shares(x, name)
    told = none._replace(
        value=value,
        effective=float(1 / (weights @ weights)),
        largest=float(weights.max()),
    )
    if with_event < FEWEST:
        return told
    wide, power = quantiles(many - 1)
    return told._replace(
        interval=Interval(value - wide * error, value + wide * error, with_event),
        least=(wide + power) * error,
        chance=_chance(value, error, many - 1),
    )


def by_cluster(
    frame: pl.DataFrame,
    outcome: str,
    by: str,
    *,
    fixed: str | None = "chain",
    held: Sequence[str] = CALLS,
) -> list[Slope]:
    """Return the slope clustered by session and by project, that with the wider interval first.

    Examples
    --------
    >>> rows = [(str(n), str(n % 12), x, (n + x) % 5 == 0) for n in range(40) for x in range(10)]
    >>> made = pl.DataFrame(rows, ["session", "project", "x", "failed"], orient="row")
    >>> made = made.with_columns(pl.col("failed").cast(int))
    >>> both = by_cluster(made, "failed", "x", fixed="session", held=())
    >>> sorted(found.clusters for found in both)
    [12, 40]
    """
    found = [slope(frame, outcome, by, fixed=fixed, held=held, cluster=name) for name in CLUSTERS]
    return sorted(found, key=_width, reverse=True)


def leader(
    frame: pl.DataFrame,
    outcome: str,
    by: str,
    *,
    fixed: str | None = "chain",
    held: Sequence[str] = CALLS,
    cluster: str = "project",
) -> str | None:
    """Return the cluster that a slope rests on most; None where nothing varies.

    Examples
    --------
    >>> made = pl.DataFrame({"project": ["a", "a", "b", "b"], "x": [1, 2, 1, 9], "y": [0, 1, 0, 1]})
    >>> leader(made, "y", "x", fixed="project", held=())
    'b'
    """
    some = frame.drop_nulls([outcome, by])
    _, x = less(some, outcome, [by, *held], fixed)
    if some.is_empty() or not varies(x):
        return None
    names = some[cluster].fill_null("").unique().sort()
    return str(names[int(shares(x, some[cluster]).argmax())])


def _width(found: Slope) -> float:
    low, high, _ = found.interval
    return -1.0 if low is None or high is None else high - low


def _chance(value: float, error: float, freedom: int) -> float:
    from scipy.stats import t

    return float(2 * t.sf(abs(value) / error, freedom)) if error else 0.0
