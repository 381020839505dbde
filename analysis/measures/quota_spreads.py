"""How far a quota's rates lie apart, as published: by the hour, and by the token."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.quota import burn

_SHORT = "#22435, an hour of its windows that fit in five hours"


def windows() -> pl.DataFrame:
    """Return tokens a point of eight windows that a proxy saw, by header.

    Returns
    -------
    pl.DataFrame
        `window`, `points`, `chosen` (whether the account's author counts it), `requests`, and a
        point's `reads`, `output` and, weighted, `free` (reads as the headers weighed them in
        December 2025) and `full` (reads in full; output weighs as measured then in both).

    Examples
    --------
    >>> reads = windows().filter("chosen")["reads"]
    >>> round(reads.max() / reads.min(), 2)
    1.35
    """
    output, read = _weight("output"), _weight("cache read")
    rest = pl.col("fresh_tokens") + output * pl.col("output_tokens")
    return facts("quota-windows").select(
        "window",
        "points",
        "requests",
        chosen=pl.col("chosen") == "yes",
        reads=pl.col("read_tokens") / pl.col("points"),
        output=pl.col("output_tokens") / pl.col("points"),
        free=(rest + read * pl.col("read_tokens")) / pl.col("points"),
        full=(rest + pl.col("read_tokens")) / pl.col("points"),
    )


def _weight(token: str) -> float:
    rows = facts("quota-classes").filter(pl.col("token") == token)
    return float(rows["weight"].item())


def mix() -> float:
    """Return how far tokens a point may lie apart by mix alone, under one fixed rule.

    The rule is that of the headers of December 2025: a point all of output against a point all
    of cache reads. One model is assumed; the read's weight is of one pair of calls.

    Examples
    --------
    >>> round(mix())
    2381
    """
    return _weight("output") / _weight("cache read")


def spreads() -> pl.DataFrame:
    """Return every published spread of a quota's rates: the largest over the smallest.

    Returns
    -------
    pl.DataFrame
        `label`, `per` (`hour` or `token`), `what`, `low`, `high`, `spread`, `printed` (null where
        none is), `how`, `source`; rates of an hour first, each group in order of the spread.

    Examples
    --------
    >>> spreads().filter(pl.col("printed") == 1500)["spread"].round().item()
    7363.0
    """
    rates, seen = burn(), windows()
    own = [
        _spread("#22435, an hour of wall clock", "hour", rates["rate"], "all seven windows"),
        _spread(
            "#22435, the same, five hours of a window at most",
            "hour",
            rates["at_least"],
            "a bound: slow windows were no slower than this",
        ),
        _spread(_SHORT, "hour", rates.filter("fits")["rate"], "without the nights"),
        _spread("ArkNill, all eight windows", "token", seen["reads"], "cache reads a point"),
        _spread(
            "ArkNill, the five windows it counts",
            "token",
            seen.filter("chosen")["reads"],
            "cache reads a point; windows of under ten points left out",
        ),
    ]
    others = facts("quota-spreads").select(
        "label",
        pl.lit("token").alias("per"),
        pl.col("low", "high", "printed").cast(pl.Float64),
        how=pl.col("what"),
    )
    printed = facts("claims").filter(pl.col("claim") == "T5.11")["printed"].cast(pl.Float64).item()
    first = pl.col("label") == "#22435, an hour of wall clock"
    return (
        pl.concat([pl.DataFrame(own), others], how="diagonal")
        .with_columns(
            spread=pl.col("high") / pl.col("low"),
            printed=pl.when(first).then(printed).otherwise("printed"),
        )
        .select("label", "per", "how", "low", "high", "spread", "printed")
        .sort("per", "spread", descending=[False, True], maintain_order=True)
    )


def _spread(label: str, per: str, values: pl.Series, how: str) -> dict[str, object]:
    low, high = values.cast(pl.Float64).min(), values.cast(pl.Float64).max()
    return {"label": label, "per": per, "low": low, "high": high, "how": how}
