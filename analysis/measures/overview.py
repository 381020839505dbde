"""What was used when: tokens and dollars by day, and by the hours of a week."""

from __future__ import annotations

import polars as pl

from analysis.measures.data import share_of
from analysis.measures.published import write_nano

PARTS = ("read", "write", "input", "output")

_NANO = ("search_nano", "input_nano", "output_nano", "read_nano")

#: Days have their own bars up to so many; a longer span has weeks, and a still longer one months.
_DAYS, _WEEKS = 100, 700

#: Seconds of a quarter of an hour: every time zone's days begin at one.
_QUARTER = 900


def by_day(rows: pl.DataFrame, timezone: str = "UTC") -> pl.DataFrame:
    """Sum requests by day; by week or by month where there are many days.

    Parameters
    ----------
    rows
        Requests with nano-dollars by token class.
    timezone
        Whose days.

    Returns
    -------
    pl.DataFrame
        One row per day, week or month that has a request: `begins` (its first day), `step` (1d,
        1w or 1mo), `requests`, `unpriced` (of these), `read_tokens`, `write_tokens`,
        `input_tokens`, `output_tokens`, `read_usd`, `write_usd`, `input_usd`, `output_usd`,
        `search_usd`, `total_usd` (null where no request has a price), `cache_share` (reads and
        writes, of dollars) and `hit_rate` (reads, of prompt tokens); null where there is nothing
        to divide by. Writes are null where nobody counted any.
    """
    local = _quarters(rows).with_columns(pl.col("at").dt.convert_time_zone(timezone))
    days = local.with_columns(begins=pl.col("at").dt.date())
    first, last = days.select(pl.col("begins").min(), last=pl.col("begins").max()).row(0)
    many = (last - first).days + 1 if first else 0
    step = "1d" if many <= _DAYS else "1w" if many <= _WEEKS else "1mo"
    return _shares(days.with_columns(pl.col("begins").dt.truncate(step)), "begins").select(
        "begins", pl.lit(step).alias("step"), pl.exclude("begins")
    )


def by_hour(rows: pl.DataFrame, timezone: str = "UTC") -> pl.DataFrame:
    """Sum requests by the hours of a week.

    Returns
    -------
    pl.DataFrame
        `weekday` (1 is Monday), `hour` (0 to 23), and the columns of `by_day` from `requests` on.
        An hour without a request has no row.
    """
    at = pl.col("at").dt.convert_time_zone(timezone)
    local = _quarters(rows).with_columns(weekday=at.dt.weekday(), hour=at.dt.hour())
    return _shares(local, "weekday", "hour")


def _quarters(rows: pl.DataFrame) -> pl.DataFrame:
    """Sum requests by quarters of an hour: few, however many requests there are."""
    priced = pl.col("total_nano").is_not_null()  # a class may have a price where a whole has none
    sums = [f"{part}_{unit}" for unit in ("tokens", "nano") for part in PARTS]
    return (
        rows.lazy()
        .select(
            (pl.col("first_seen").dt.epoch("s") // _QUARTER).alias("quarter"),
            "total_nano",
            *(pl.when(priced).then(nano) for nano in (pl.col(_NANO), write_nano())),
            *(f"{part}_tokens" for part in PARTS),
        )
        .group_by("quarter")
        .agg(
            pl.len().cast(pl.Int64).alias("requests"),
            pl.col("total_nano").null_count().cast(pl.Int64).alias("unpriced"),
            pl.col("write_tokens").count().alias("counted"),
            pl.col(*sums, "search_nano", "total_nano").sum(),
        )
        .with_columns(at=pl.from_epoch(pl.col("quarter") * _QUARTER).dt.replace_time_zone("UTC"))
        .collect()
    )


def _shares(quarters: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Sum quarters of an hour by a key, with the cache's share and the hit rate."""
    tokens = [f"{part}_tokens" for part in PARTS]
    parts, counts = (*PARTS, "search", "total"), ("requests", "unpriced", "counted")
    read, write, fresh = (pl.col(f"{part}_tokens") for part in ("read", "write", "input"))
    cached, priced = (
        pl.col("read_nano") + pl.col("write_nano"),
        pl.col("unpriced") < pl.col("requests"),
    )
    return (
        quarters.group_by(by)
        .agg(pl.col(*counts, *tokens, *(f"{part}_nano" for part in parts)).sum())
        .sort(by)
        .select(
            *by,
            "requests",
            "unpriced",
            *tokens,
            *(pl.when(priced).then(pl.col(f"{p}_nano") / 1e9).alias(f"{p}_usd") for p in parts),
            share_of(cached, pl.col("total_nano")).alias("cache_share"),
            share_of(read, read + write + fresh).alias("hit_rate"),
            counted=pl.col("counted") > 0,
        )
        .with_columns(pl.when("counted").then(pl.col("write_tokens", "write_usd")))
        .drop("counted")
    )
