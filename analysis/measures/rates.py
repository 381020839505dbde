"""What a token of each class costs in a request, whether the request used that class or not."""

from __future__ import annotations

import polars as pl

from analysis.prices import price

CLASSES = ("input", "read", "write_5m", "write_1h")

_PROBE = 10**6  # tokens whose list price is asked for, so that rounding to nano-dollars is nothing


def rates(priced: pl.DataFrame) -> pl.DataFrame:
    """Return the price of a token of each class in each request, in nano-dollars.

    Of a class that a request used, what it paid. Of another, the list price of its day, times
    what the request paid over the list for the classes it used: so a tier, a mode and a price
    date hold for all its classes.

    Returns
    -------
    pl.DataFrame
        One row per request, in order: `input_rate`, `read_rate`, `write_5m_rate`,
        `write_1h_rate` (Float64). Null where no price is known.

    Examples
    --------
    >>> import datetime as dt
    >>> made = {"model": ["claude-opus-4-6"], "first_seen": [dt.datetime(2026, 3, 19)],
    ...         "write_tokens": [4], "read_tokens": [9]}
    >>> rates(price(pl.DataFrame(made))).row(0)
    (5000.0, 500.0, 6250.0, 10000.0)
    """
    modes = [name for name in ("speed", "geo", "service_tier") if name in priced.columns]
    probe = {f"{name}_tokens": pl.lit(_PROBE, pl.Int64) for name in CLASSES}
    probe["write_tokens"] = pl.lit(2 * _PROBE, pl.Int64)
    listed = price(priced.select("model", "first_seen", *modes, aggregate=pl.lit(True), **probe))
    paid = {name: _paid(priced, name) for name in CLASSES}
    beside = priced.select(**paid).hstack(
        listed.select(pl.col(f"{name}_nano").alias(f"{name}_listed") / _PROBE for name in CLASSES)
    )
    used = [pl.col(name) / pl.col(f"{name}_listed") for name in CLASSES]
    over = pl.coalesce(*used, 1.0)
    return beside.select(
        pl.coalesce(name, over * pl.col(f"{name}_listed")).alias(f"{name}_rate") for name in CLASSES
    )


def _paid(priced: pl.DataFrame, name: str) -> pl.Expr:
    tokens = pl.col(f"{name}_tokens") if f"{name}_tokens" in priced.columns else pl.lit(0)
    if name == "write_5m":  # what the log did not split was priced so
        hour = pl.col("write_1h_tokens") if "write_1h_tokens" in priced.columns else pl.lit(0)
        tokens = pl.col("write_tokens") - hour.fill_null(0)
    return pl.when(tokens > 0).then(pl.col(f"{name}_nano") / tokens)
