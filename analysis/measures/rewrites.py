"""The same requests with other tokens: what a cache of another kind would have logged.

Each function takes priced requests and returns them with other token columns; who calls it prices
them again. Prompts keep their length, so a request keeps its tier.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

#: Prices rows by their token columns, such as `analysis.prices.price`.
Reprice = Callable[[pl.DataFrame], pl.DataFrame]

#: What a price depends on, beside the tokens; `lines` and `request_id` say how some policies count.
_PRICED_BY = ("model", "first_seen", "speed", "geo", "service_tier", "lines", "request_id")
_TOKENS = ("input_tokens", "output_tokens", "read_tokens", "web_searches")
NANO = ("input_nano", "output_nano", "write_5m_nano", "write_1h_nano", "read_nano", "search_nano")


def split(rows: pl.DataFrame) -> pl.DataFrame:
    """Give every request its writes by lifetime, as they were priced.

    Writes that the log does not split count as five-minute ones, as `analysis.prices.price` has it.

    Examples
    --------
    >>> rows = {"write_tokens": [9], "write_5m_tokens": [None], "write_1h_tokens": [None]}
    >>> split(pl.DataFrame(rows, schema_overrides=dict.fromkeys(rows, pl.Int64))).row(0)
    (9, 9, 0)
    """
    hour = pl.col("write_1h_tokens").fill_null(0)
    short = pl.max_horizontal((pl.col("write_tokens") - hour).clip(0), "write_5m_tokens")
    return kept(rows, short, hour)


def kept(rows: pl.DataFrame, short: pl.Expr | int, hour: pl.Expr | int) -> pl.DataFrame:
    """Set what is written for five minutes and for an hour."""
    both = rows.with_columns(
        write_5m_tokens=pl.lit(short) if isinstance(short, int) else short,
        write_1h_tokens=pl.lit(hour) if isinstance(hour, int) else hour,
    )
    return both.with_columns(
        pl.col("write_5m_tokens", "write_1h_tokens").cast(pl.Int64),
        write_tokens=(pl.col("write_5m_tokens") + pl.col("write_1h_tokens")).cast(pl.Int64),
    )


def bare(rows: pl.DataFrame) -> pl.DataFrame:
    """Return every prompt token as uncached input.

    Examples
    --------
    >>> rows = {"input_tokens": [1], "read_tokens": [20], "write_tokens": [300]}
    >>> bare(pl.DataFrame(rows)).select("input_tokens", "write_tokens", "read_tokens").row(0)
    (321, 0, 0)
    """
    prompt = pl.col("input_tokens") + pl.col("write_tokens") + pl.col("read_tokens")
    return kept(rows.with_columns(input_tokens=prompt, read_tokens=pl.lit(0, pl.Int64)), 0, 0)


def read_again(rows: pl.DataFrame, tokens: pl.Expr) -> pl.DataFrame:
    """Move tokens from what was written to what was read, one-hour writes first."""
    hour = pl.min_horizontal(tokens, "write_1h_tokens")
    moved = rows.with_columns(read_tokens=pl.col("read_tokens") + tokens, _hour=hour, _all=tokens)
    short = pl.col("write_5m_tokens") - (pl.col("_all") - pl.col("_hour"))
    return kept(moved, short, pl.col("write_1h_tokens") - pl.col("_hour")).drop("_hour", "_all")


def narrow(rows: pl.DataFrame, *more: str) -> pl.DataFrame:
    """Keep the priced requests, and of them what prices and scenarios depend on."""
    known = rows.filter(pl.col("total_nano").is_not_null())
    here = [name for name in (*_PRICED_BY, *_TOKENS) if name in rows.columns]
    writes = ["write_tokens", "write_5m_tokens", "write_1h_tokens"]
    return split(known.select(*here, *writes, *more))
