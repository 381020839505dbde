"""What a cached token costs on the list: prices by model and day, and their multiples.

A *multiple* is a price over the base input price of the same model on the same day.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from analysis.facts import facts
from analysis.overrides import CLASSES
from analysis.pricebook import changes, known_models, quote

_BY_PART = {part: f"{part}_multiple" for part in ("input", "write_1h", "write_5m", "read")}
#: The columns of the multiples: of input (over 1 in a tier), writes and reads.
MULTIPLES = [*_BY_PART.values()]


def prices() -> pl.DataFrame:
    """Return the list prices of every Claude model that caches, with their days.

    Returns
    -------
    pl.DataFrame
        One row per model, stretch of days and tier, in the order of `facts/models.csv`: `model`,
        `name`, `since` (of the model, as far as is known), `first` and `last` day of the price
        (null: open), `above` (prompt tokens beyond which it holds; 0 for the base), $ per million
        tokens by class, `input_multiple`, `write_5m_multiple`, `write_1h_multiple`,
        `read_multiple` (of the base input price).

    Examples
    --------
    >>> prices().filter(pl.col("model") == "claude-haiku-3")["read_multiple"].item()
    0.12
    """
    known = facts("models").select("model", "name", "since")
    rows = [row for model in known_models() for row in _stretches(model)]
    kinds: dict[str, Any] = dict.fromkeys((*CLASSES, *MULTIPLES), pl.Float64)
    head = {"model": pl.String, "first": pl.Date, "last": pl.Date, "above": pl.Int64}
    order = pl.col("model").replace_strict(known["model"], range(known.height), default=None)
    return (
        pl.DataFrame(rows, head | kinds)
        .join(known, on="model", how="left")
        .with_columns(pl.coalesce("name", "model").alias("name"))
        .sort(order, "model", "first", "above", nulls_last=[True, True, False, False])
        .select("model", "name", "since", "first", "last", "above", *kinds)
    )


def _stretches(model: str) -> list[dict[str, Any]]:
    """Return the rows of one model: a stretch lasts from one change of its prices to the next."""
    starts = [None, *changes(model)]
    rows = []
    for first, after in zip(starts, [*starts[1:], None], strict=True):
        last = after - dt.timedelta(days=1) if after else None
        found = quote(model, first or last or dt.date(dt.MAXYEAR, 1, 1))
        if found is None or "read" not in found.base:
            continue
        tiers = {0: found.base} | ({found.threshold: found.above} if found.threshold else {})
        days: dict[str, Any] = {"model": model, "first": first, "last": last}
        for above, paid in tiers.items():
            times = {m: float(paid[p] / found.base["input"]) for p, m in _BY_PART.items()}
            rows.append(days | {"above": above} | {p: float(paid[p]) for p in CLASSES} | times)
    return rows


def multiples(listed: pl.DataFrame) -> pl.DataFrame:
    """Put models of one family that have the same multiples in one row.

    Parameters
    ----------
    listed
        `prices`.

    Returns
    -------
    pl.DataFrame
        `family`, `versions`, `first` and `last` day where the multiples changed (null: open),
        `above` (prompt tokens), and the multiples.
    """
    same = ["family", "above", *MULTIPLES]
    family = pl.col("name").str.split(" ").list.first().alias("family")
    version = pl.col("name").str.split(" ").list.last()
    ends = [
        pl.when(pl.col(c).is_null().any()).then(None).otherwise(getattr(pl.col(c), how)()).alias(c)
        for c, how in (("first", "min"), ("last", "max"))
    ]
    return (
        listed.with_row_index("place")
        .with_columns(family, pl.col("place").min().over(family))
        .group_by("name", "place", *same, maintain_order=True)
        .agg(ends)
        .group_by("place", *same, "first", "last", maintain_order=True)
        .agg(version.str.join(", ").alias("versions"))
        .sort("place", "above", maintain_order=True)
        .select("family", "versions", "first", "last", "above", *MULTIPLES)
    )
