"""The same requests with other tokens: what a cache of another kind would have logged.

Each function takes requests and returns them with other token columns, to be priced again. Prompts
keep their length where nothing else is said, so a request keeps its tier.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Protocol

import polars as pl

from analysis.counted import prompt
from analysis.pricebook import tiers


class Reprice(Protocol):
    """Prices rows by their tokens, such as `analysis.prices.price` and `Logs.pricing`."""

    def __call__(self, rows: pl.DataFrame, /, *, date: dt.date | None = ...) -> pl.DataFrame:
        """Return the rows priced, at their own days or at one day's list."""


NANO = ("input_nano", "output_nano", "write_5m_nano", "write_1h_nano", "read_nano", "search_nano")
Nano = Mapping[str, int | None]

#: Tokens that are priced as one row at most, so that its pico-dollars stay inside 64 bits.
_MOST = 5 * 10**10
_BITS = 2**20  # three numbers of twenty bits make one key

#: What a price depends on, beside the day.
_LABELS = ("model", "speed", "geo", "service_tier")
_WRITES = ("write_tokens", "write_5m_tokens", "write_1h_tokens")
_TOKENS = (*_WRITES, "input_tokens", "output_tokens", "read_tokens", "web_searches")

#: What scenarios take from `analysis.measures.rebuilds.rebuilt`.
_STEPS = ("gap_seconds", "lifetime", "rebuilt_tokens", "cause", "context_tokens")


def known(rebuilt: pl.DataFrame) -> pl.DataFrame:
    """Keep the requests that have a price, and of them what scenarios depend on.

    Parameters
    ----------
    rebuilt
        `analysis.measures.rebuilds.rebuilt`.

    Returns
    -------
    pl.DataFrame
        Their labels, tokens and nano-dollars by chain and time, with `first_seen` as a day,
        `calls`, `is_main`, `prompt_tokens`, and numbers of their `sitting` (session), `chain` and
        `price_key` (a run of equal labels). Writes are split by lifetime as they were priced: what
        the log does not split lives five minutes, and what it does not count was not written.
    """
    hour = pl.col("write_1h_tokens").fill_null(0)
    rest = (pl.col("write_tokens") - hour).clip(0)
    short = pl.max_horizontal(rest, "write_5m_tokens").fill_null(0)
    counted = pl.col("calls") if "calls" in rebuilt.columns else pl.lit(1)
    rows = rebuilt.select(
        *_LABELS,
        *_TOKENS,
        *_STEPS,
        *NANO,
        "total_nano",
        pl.col("first_seen").dt.convert_time_zone("UTC").dt.date(),
        calls=counted.cast(pl.Int64),
        sitting=_begins("session").cum_sum(),
        chain=(pl.col("step") == 0).cum_sum(),
        is_main=pl.col("agent").is_null() & ~pl.col("is_sidechain"),
    ).filter(pl.col("total_nano").is_not_null())
    rows = rows.with_columns(pl.col("rebuilt_tokens").fill_null(0))
    return written(rows, short, hour).with_columns(
        prompt(), price_key=_begins(*_LABELS, "first_seen").cum_sum()
    )


def _begins(*names: str) -> pl.Expr:
    """Return whether a row differs from the one before it."""
    return pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in names)


def grouped(rows: pl.DataFrame, *more: str) -> pl.DataFrame:
    """Sum rows that have one price list and one side of every tier, to be priced together.

    Returns
    -------
    pl.DataFrame
        One row per group, and per `sitting` if it is named in `more`: labels, tokens, `calls`,
        and sums of the other columns named. Priced together, a group is rounded once: where a
        rate is no whole number of nano-dollars, its total is off that of its rows by less than one
        nano-dollar a row.
    """
    by = [name for name in more if name == "sitting"]
    prompt = pl.col("input_tokens") + pl.col("write_tokens") + pl.col("read_tokens")
    calls = pl.col("calls").clip(1)
    side = pl.sum_horizontal(pl.lit(0, pl.Int64), *(prompt > tier * calls for tier in tiers()))
    block = (prompt + pl.col("output_tokens")).cum_sum() // _MOST
    key = (pl.col("price_key") * _BITS + side) * _BITS + block % _BITS
    summed = [*_TOKENS, "calls", *(name for name in more if name not in by)]
    row = pl.int_range(pl.len()).alias("row")
    groups = (
        rows.select(*by, *summed, row, key=key)
        .group_by(*by, "key")
        .agg(pl.col("row").first(), pl.col(summed).sum())
    )
    return groups.drop("key", "row").hstack(rows[groups["row"]].select(*_LABELS, "first_seen"))


def sums(rows: pl.DataFrame, reprice: Reprice) -> Nano:
    """Price rows and return their nano-dollars by class; none where one has no price."""
    return added(reprice(grouped(rows)))


def added(priced: pl.DataFrame) -> Nano:
    """Return nano-dollars by class; none where a row has no price."""
    unknown = priced["total_nano"].null_count() > 0
    return {name: None if unknown else int(priced[name].sum()) for name in NANO}


def written(rows: pl.DataFrame, short: pl.Expr, hour: pl.Expr) -> pl.DataFrame:
    """Set what is written for five minutes and for an hour.

    Examples
    --------
    >>> rows = pl.DataFrame({"write_tokens": [9]})
    >>> written(rows, pl.col("write_tokens"), pl.lit(0)).row(0)
    (9, 9, 0)
    """
    return rows.with_columns(
        short.cast(pl.Int64).alias("write_5m_tokens"), hour.cast(pl.Int64).alias("write_1h_tokens")
    ).with_columns(write_tokens=pl.col("write_5m_tokens") + pl.col("write_1h_tokens"))


def bare(rows: pl.DataFrame) -> pl.DataFrame:
    """Return every prompt token as uncached input.

    Examples
    --------
    >>> rows = {"input_tokens": [1], "read_tokens": [20], "write_tokens": [300]}
    >>> bare(pl.DataFrame(rows)).select("input_tokens", "write_tokens", "read_tokens").row(0)
    (321, 0, 0)
    """
    prompt = pl.col("input_tokens") + pl.col("write_tokens") + pl.col("read_tokens")
    zero = pl.lit(0, pl.Int64)
    return written(rows.with_columns(input_tokens=prompt, read_tokens=zero), zero, zero)


def all_at(rows: pl.DataFrame, lifetime: str) -> pl.DataFrame:
    """Give every write the lifetime `5m` or `1h`."""
    write, none = pl.col("write_tokens"), pl.lit(0)
    return written(rows, none, write) if lifetime == "1h" else written(rows, write, none)


def reread(rows: pl.DataFrame, tokens: pl.Expr) -> pl.DataFrame:
    """Read tokens that were written, one-hour writes first.

    Examples
    --------
    >>> rows = {"write_5m_tokens": [5], "write_1h_tokens": [4], "read_tokens": [90]}
    >>> reread(pl.DataFrame(rows), pl.lit(6)).row(0)
    (3, 0, 96, 3)
    """
    hour = pl.min_horizontal(tokens, "write_1h_tokens")
    short = pl.col("write_5m_tokens") - (tokens - hour)
    less = written(rows, short, pl.col("write_1h_tokens") - hour)
    return less.with_columns((pl.col("read_tokens") + tokens).cast(pl.Int64))


def of_chain(value: pl.Expr, by: int) -> pl.Expr:
    """Return a value of a row before (`by` > 0) or after in its chain; null beyond the ends."""
    return pl.when(pl.col("chain") == pl.col("chain").shift(by)).then(value.shift(by))
