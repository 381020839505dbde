"""Tokens to money: requests at list prices, by token class and prompt size.

Prices come from the price book and the user's own overrides. A list price is not a bill.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP
from typing import TYPE_CHECKING, Any

import polars as pl

from analysis.models import normalise
from analysis.overrides import PriceError, own_prices
from analysis.pricebook import MODES, find_quote

if TYPE_CHECKING:
    from decimal import Decimal

_PICO_PER_TOKEN = 10**6  # 1 $ per million tokens, in pico-dollars per token
_PICO_PER_SEARCH = 10**9  # 1 $ per thousand searches, in pico-dollars per search
_KEY = ("model", "day", *MODES)
_PARTS = ("input", "output", "write_5m", "write_1h", "read", "search")
_NANO = tuple(f"{part}_nano" for part in _PARTS)
_LONG = pl.sum_horizontal("input", "write_5m", "write_1h", "read").gt(
    pl.col("threshold") * pl.col("calls")
)


def price(
    requests: pl.DataFrame,
    *,
    date: dt.date | None = None,
    overrides: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Price each request at list prices: whole nano-dollars by token class, rounded once.

    A request whose whole prompt (input, reads and writes) exceeds the model's threshold pays the
    higher tier on every token. Writes the log did not split are priced at five minutes.

    Parameters
    ----------
    requests
        One row per request: `model`, `first_seen`, and what there is of the token counts,
        `web_searches`, `speed`, `geo` and `service_tier`. A missing count column is 0, a missing
        label null. Rows that are sums of many requests say so in a Boolean column `aggregate`:
        no tier applies to them. Rows that are some calls alike give their number in `calls`:
        the tier is that of one.
    date
        Price every row as of this day; by default each row's own day (UTC).
    overrides
        From `analysis.overrides.read_overrides`.

    Returns
    -------
    pl.DataFrame
        The same rows in the same order, with `input_nano`, `output_nano`, `write_5m_nano`,
        `write_1h_nano`, `read_nano`, `search_nano` and their sum `total_nano` (Int64, 1e-9 $).
        Null where no price is known, or no count of what has one: unknown is not zero. What has
        neither costs nothing, such as cache writes that a provider neither counts nor charges,
        and a total is without web searches where nothing counts them.

    Raises
    ------
    PriceError
        `model` is missing, or `first_seen` is missing or no time where no date is given.

    Examples
    --------
    >>> case = {"model": ["claude-opus-4-6"], "first_seen": [dt.date(2026, 3, 19)],
    ...         "read_tokens": [90_360_262], "output_tokens": [51_360]}
    >>> price(pl.DataFrame(case)).select("read_nano", "total_nano").row(0)
    (45180131000, 46464131000)
    """
    missing = {"model", *(() if date else ("first_seen",))} - set(requests.columns)
    if missing:
        raise PriceError(f"nothing to price by: add column {', '.join(sorted(missing))}")

    if not date and not requests.schema["first_seen"].is_temporal():
        raise PriceError("first_seen is not a time: parse it as a date or a UTC time")

    work = _counted(requests, date)
    return requests.with_columns(
        work.join(
            _rates(work.select(_KEY).unique(), overrides),
            on=_KEY,
            how="left",
            nulls_equal=True,
            maintain_order="left",
        )
        .with_columns(over=~pl.col("aggregate") & _LONG.fill_null(False))
        .select(_cost(part) for part in _PARTS)
        .with_columns(total_nano=pl.sum_horizontal(_NANO, ignore_nulls=False))
        .get_columns()
    )


def _counted(requests: pl.DataFrame, date: dt.date | None) -> pl.DataFrame:
    """Return what a price depends on, one row per request, whatever columns were given."""

    def column(name: str, dtype: Any, default: Any = None) -> pl.Expr:
        known = name in requests.columns
        return (pl.col(name) if known else pl.lit(default)).cast(dtype).alias(name)

    def label(name: str, value: str, mode: str) -> pl.Expr:
        return (column(name, pl.String) == value).fill_null(False).alias(mode)

    day = pl.lit(date) if date else pl.col("first_seen")
    if not date and getattr(requests.schema["first_seen"], "time_zone", None):
        day = day.dt.convert_time_zone("UTC")
    long = column("write_1h_tokens", pl.Int64).fill_null(0)
    rest = (column("write_tokens", pl.Int64, 0) - long).clip(0)
    return requests.select(
        "model",
        day.cast(pl.Date).alias("day"),
        label("speed", "fast", "fast"),
        label("geo", "us", "us"),
        label("service_tier", "batch", "batch"),
        column("aggregate", pl.Boolean, False).fill_null(False),
        column("calls", pl.Int64, 1).fill_null(1),
        column("input_tokens", pl.Int64, 0).alias("input"),
        column("output_tokens", pl.Int64, 0).alias("output"),
        pl.max_horizontal(rest, column("write_5m_tokens", pl.Int64)).alias("write_5m"),
        long.alias("write_1h"),
        column("read_tokens", pl.Int64, 0).alias("read"),
        column("web_searches", pl.Int64, 0).fill_null(0).alias("search"),
    )


def _rates(keys: pl.DataFrame, overrides: pl.DataFrame | None) -> pl.DataFrame:
    """Return one row per key: whole pico-dollars per token or search, and the tier's."""
    own = own_prices(overrides)
    rows = []
    for key in keys.drop_nulls(["model", "day"]).iter_rows(named=True):
        modes = {m: key[m] for m in MODES}
        if found := find_quote(normalise(key["model"]), key["day"], own, **modes):
            low = {f"{f}_rate": _pico(f, v) for f, v in found.base.items()}
            high = {f"{f}_high": _pico(f, v) for f, v in found.above.items()}
            rows.append({**key, **low, **high, "threshold": found.threshold})
    amounts = ("threshold", *(f"{part}_{kind}" for part in _PARTS for kind in ("rate", "high")))
    return pl.DataFrame(rows, {**keys.schema, **dict.fromkeys(amounts, pl.Int64)})


def _pico(field: str, price: Decimal) -> int:
    unit = _PICO_PER_SEARCH if field == "search" else _PICO_PER_TOKEN
    return int((price * unit).to_integral_value(ROUND_HALF_UP))


def _cost(part: str) -> pl.Expr:
    rate = pl.when("over").then(f"{part}_high").otherwise(f"{part}_rate")
    return (
        pl.when(pl.col("input_rate").is_null())
        .then(None)
        .when((pl.col(part) == 0) | pl.all_horizontal(pl.col(part, f"{part}_rate").is_null()))
        .then(0)  # an unknown rate of nothing costs nothing, nor does what has no rate or count
        .otherwise((pl.col(part) * rate + 500) // 1000)  # half up; counts are never negative
        .cast(pl.Int64)
        .alias(f"{part}_nano")
    )
