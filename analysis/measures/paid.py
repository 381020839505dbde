"""What these logs paid for cached tokens, against the price of input."""

from __future__ import annotations

import datetime as dt

import polars as pl

from analysis.counted import known_sum
from analysis.logs.dataset import Logs
from analysis.measures.data import share_of
from analysis.measures.published import write_nano
from analysis.prices import price

_PROBE = 10**6  # tokens: prices are $ per million


def paid(logs: Logs, price_date: str = "") -> pl.DataFrame:
    """Compute what these logs paid for cached tokens, by model, against the break-even.

    The base input price is that of each request's model, day and mode (fast, in one country,
    batch). A premium is what a request paid over the base price because its prompt was long.
    Where writes are not known, what was written, and read per write, is without these requests.

    Returns
    -------
    pl.DataFrame
        One row per model with a price, dearest first, and the whole last (`model` is null):
        `requests`, `write_tokens`, `read_tokens`, `hour_share` (of tokens written, where the log
        splits them), `write_multiple`, `read_multiple` (paid per token, over the base input
        price; weighted by that price over models), `reads_per_write` (tokens read per token
        written), `even` (reads per write at which these multiples have paid), `premium_requests`,
        `premium_usd`, `premium_share` (of dollars), `total_usd`.
    """
    known = _with_base(logs, price_date).filter(pl.col("total_nano").is_not_null())
    alike = known.group_by("model", "input_rate").agg(_sums()).sort("model", "input_rate")
    if not known.height:
        return alike.group_by("model").agg(_paid())
    whole = alike.select(pl.lit(None, pl.String).alias("model"), *_paid())
    last, dearest = pl.col("model").is_null(), -pl.col("total_usd")
    models = alike.group_by("model", maintain_order=True).agg(_paid())
    return pl.concat([models, whole]).sort(last, dearest, "model")


def _with_base(logs: Logs, price_date: str) -> pl.DataFrame:
    """Return priced requests with their base input price, and what base prices come to."""
    day = dt.date.fromisoformat(price_date) if price_date else None
    flat = logs.requests.with_columns(aggregate=pl.lit(True))  # no tier applies to an aggregate
    labels = ("model", "first_seen", "speed", "geo", "service_tier", "aggregate")
    probe = flat.select(*labels, input_tokens=pl.lit(_PROBE, pl.Int64))
    rate = price(probe, date=day, overrides=logs.overrides)["input_nano"] / _PROBE
    base = price(flat, date=day, overrides=logs.overrides)["total_nano"]
    return logs.priced(price_date).with_columns(
        write_nano(), input_rate=rate, premium_nano=pl.col("total_nano") - base
    )


def _sums() -> list[pl.Expr]:
    """Sum in whole tokens and nano-dollars what has one model and one input price."""
    split, counted = pl.col("write_1h_tokens").is_not_null(), pl.col("write_tokens").is_not_null()
    return [
        pl.len().cast(pl.Int64).alias("requests"),
        known_sum("write_tokens"),
        pl.col("read_tokens", "write_1h_tokens").sum(),
        pl.col("read_tokens").filter(counted).sum().alias("beside_tokens"),
        pl.col("write_tokens").filter(split).sum().alias("split_tokens"),
        pl.col("write_nano", "read_nano", "premium_nano", "total_nano").sum(),
        (pl.col("premium_nano") > 0).sum().cast(pl.Int64).alias("premium_requests"),
    ]


def _paid() -> list[pl.Expr]:
    """Return what was paid for cached tokens, over any of these sums."""
    written, read, rate = pl.col("write_tokens"), pl.col("read_tokens"), pl.col("input_rate")
    beside = pl.col("beside_tokens")
    premium, total = pl.col("premium_nano").sum(), pl.col("total_nano").sum()
    write_multiple = share_of(pl.col("write_nano").sum(), (written * rate).sum())
    read_multiple = share_of(pl.col("read_nano").sum(), (read * rate).sum())
    return [
        pl.col("requests").sum(),
        known_sum("write_tokens"),
        read.sum(),
        share_of(pl.col("write_1h_tokens").sum(), pl.col("split_tokens").sum()).alias("hour_share"),
        write_multiple.alias("write_multiple"),
        read_multiple.alias("read_multiple"),
        share_of(beside.sum(), written.sum()).alias("reads_per_write"),
        share_of(write_multiple - 1, 1 - read_multiple).alias("even"),
        pl.col("premium_requests").sum(),
        (premium / 1e9).alias("premium_usd"),
        share_of(premium, total).alias("premium_share"),
        (total / 1e9).alias("total_usd"),
    ]
