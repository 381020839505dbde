"""How far a rate moves with something, raw and within what, and what each interval rests on."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.measures.within import CLUSTERS, Slope, by_cluster, slope

_NUMBERS = ("raw", "raw_low", "raw_high", "project", "adjusted", "low", "high", "least", "chance")
_OF_CLUSTER: dict[str, Any] = {
    "": pl.Int64,
    "_all": pl.Int64,
    "_low": pl.Float64,
    "_high": pl.Float64,
    "_effective": pl.Float64,
    "_largest": pl.Float64,
}
#: What is said of a change, and its type.
ROW: dict[str, Any] = (
    dict.fromkeys(("units", "events"), pl.Int64)
    | dict.fromkeys(_NUMBERS, pl.Float64)
    | {"by": pl.String}
    | {f"{name}s{end}": kind for name in CLUSTERS for end, kind in _OF_CLUSTER.items()}
)


def changes(units: pl.DataFrame, column: str, along: str) -> dict[str, Any]:
    """Say how far a rate moves with something: raw, within projects and within sessions.

    Parameters
    ----------
    column
        The outcome: 0, 1 or null.
    along
        A column of `measures.along.ALONG`.

    Returns
    -------
    dict
        The columns of `ROW`, as in `measures.along.slopes`.
    """
    raw, *_ = by_cluster(units, column, along, fixed=None, held=())
    project = slope(units, column, along, fixed="project", held=())
    both = by_cluster(units, column, along)
    within = both[0]
    return {
        "units": within.units,
        "events": within.events,
        "raw": raw.value,
        "raw_low": raw.interval.low,
        "raw_high": raw.interval.high,
        "project": project.value,
        "adjusted": within.value,
        "low": within.interval.low,
        "high": within.interval.high,
        "least": within.least,
        "chance": within.chance,
        "by": within.cluster,
        **{name: value for found in both for name, value in _of(found).items()},
    }


def _of(found: Slope) -> dict[str, Any]:
    """Return what an interval rests on, named by its cluster."""
    values = (
        found.interval.clusters,
        found.clusters,
        found.interval.low,
        found.interval.high,
        found.effective,
        found.largest,
    )
    return dict(zip((f"{found.cluster}s{end}" for end in _OF_CLUSTER), values, strict=True))
