"""Margins of token classes at list price, by the model of `measures.serving`: drawn, and swung."""

from __future__ import annotations

import numpy as np
import polars as pl

from analysis.measures.gross_margins import reported
from analysis.measures.margin import PARTS
from analysis.measures.serving import CHARGED, Array, assumptions, costs, draw

ALL = "all"
_ENDS = {"low": 0.05, "median": 0.5, "high": 0.95}


def drawn(loads: pl.DataFrame, seed: int = 1, charged: str = CHARGED[0]) -> tuple[list[str], Array]:
    """Draw the margin of each class that earns something, and of all.

    Returns
    -------
    tuple
        Classes, then `ALL`; margins, draws by class. No class where nothing earns anything.
    """
    revenue = loads["revenue_usd"].to_numpy()
    if revenue.sum() <= 0:
        return [], np.empty((0, 0))
    cost = costs(loads, draw(seed), charged)
    some = revenue > 0
    by_class = 1 - cost[:, some] / revenue[some]
    whole = 1 - cost.sum(axis=1, keepdims=True) / revenue.sum()
    names = [p for p, known in zip(PARTS, some, strict=True) if known]
    return [*names, ALL], np.hstack([by_class, whole])


def earning(loads: pl.DataFrame, part: str = "read", seed: int = 1) -> float | None:
    """Return the share of draws in which a class earns something, however attention is charged.

    It is that of the way that has fewer; None where the class has no revenue.

    Examples
    --------
    >>> from analysis.measures.workload import case_workload
    >>> 0 < earning(case_workload()) < 1
    True
    """
    shares = []
    for charged in CHARGED:
        names, found = drawn(loads, seed, charged)
        if part in names:
            shares.append(float((found[:, names.index(part)] > 0).mean()))
    return min(shares, default=None)


def simulated(loads: pl.DataFrame, seed: int = 1) -> pl.DataFrame:
    """Summarise the drawn margins: all draws, and those whose whole has a published margin.

    Parameters
    ----------
    loads
        `measures.workload.workload`.

    Returns
    -------
    pl.DataFrame
        One row per way of charging, selection and class: `charged`, `kept` (all draws, or those
        that agree with a published margin), `draws`, `class` (`ALL` last), `low`, `median`, `high`
        (5, 50 and 95 % of draws; null where none is left), `below` (share of draws below zero).
    """
    least, most = reported()
    rows = []
    for charged in CHARGED:
        names, found = drawn(loads, seed, charged)
        if not names:
            continue
        whole = found[:, -1]
        agree = (whole >= least) & (whole <= most)
        for kept, which in (("all draws", np.full(agree.shape, True)), ("agreeing", agree)):
            some = found[which]
            for place, name in enumerate(names):
                values = some[:, place]
                ends = np.quantile(values, list(_ENDS.values())) if values.size else [None] * 3
                below = float((values < 0).mean()) if values.size else None
                rows.append((charged, kept, int(which.sum()), name, *ends, below))
    texts = dict.fromkeys(("charged", "kept"), pl.String)
    head = texts | {"draws": pl.Int64, "class": pl.String}
    return pl.DataFrame(rows, head | dict.fromkeys((*_ENDS, "below"), pl.Float64), orient="row")


def swings(loads: pl.DataFrame, part: str = "read") -> pl.DataFrame:
    """Move one assumption at a time to its ends, all others in the middle.

    Parameters
    ----------
    loads
        `measures.workload.workload`.
    part
        The class whose margin is followed.

    Returns
    -------
    pl.DataFrame
        Widest swing first: `name`, `label`, `kind`, `low` and `high` (the range of the
        assumption), `unit`, `at_low`, `middle`, `at_high` (margins). No rows where the class earns
        nothing.
    """
    known = assumptions()
    revenue = float(loads.filter(pl.col("class") == part)["revenue_usd"].item())
    rows = known.to_dicts() if revenue > 0 else []
    count = known.height
    middle = {r["name"]: np.full(2 * count + 1, r["middle"]) for r in known.to_dicts()}
    for place, row in enumerate(rows):
        middle[row["name"]][2 * place : 2 * place + 2] = row["low"], row["high"]
    found = 1 - costs(loads, middle)[:, PARTS.index(part)] / revenue if rows else np.empty(0)
    swung = known.head(len(rows)).select("name", "label", "kind", "low", "high", "unit")
    return swung.with_columns(
        pl.Series("at_low", found[0:-1:2], pl.Float64),
        pl.lit(float(found[-1]) if rows else None, pl.Float64).alias("middle"),
        pl.Series("at_high", found[1::2], pl.Float64),
    ).sort((pl.col("at_low") - pl.col("at_high")).abs(), descending=True, maintain_order=True)
