"""Tokens to money: list prices by model, day, prompt size, speed, place and service tier.

Prices come from the bundled, dated data of genai-prices, put right by
`data/raw/facts/price-corrections.csv`, and the user's own overrides win over both. Nothing is
fetched. A list price is not a bill.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import hashlib
import importlib.metadata
import json
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from analysis.models import normalise
from analysis.paths import FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from genai_prices.types import ModelInfo

CORRECTIONS = FACTS / "price-corrections.csv"

#: Token classes in the order of a price list, and where genai-prices keeps them.
CLASSES = ("input", "write_5m", "write_1h", "read", "output")
_UPSTREAM = {
    "input": "input_mtok",
    "write_5m": "cache_write_mtok",
    "write_1h": "cache_write_1h_mtok",
    "read": "cache_read_mtok",
    "output": "output_mtok",
    "search": "web_searches_kcount",
}
_CONTEXT = {"fast": {"speed": "fast"}, "batch": {"processing": "batch"}}
_MODES = ("fast", "us", "batch")

_PICO_PER_TOKEN = 10**6  # 1 $ per million tokens, in pico-dollars per token
_PICO_PER_SEARCH = 10**9  # 1 $ per thousand searches, in pico-dollars per search
_MAX_PRICE = 900  # $ per MTok: with schema.MAX_TOKENS a product still fits Int64
_KEY = ("model", "day", *_MODES)
_PARTS = ("input", "output", "write_5m", "write_1h", "read", "search")
_NANO = tuple(f"{part}_nano" for part in _PARTS)
_LONG = pl.sum_horizontal("input", "write_5m", "write_1h", "read") > pl.col("threshold")


class PriceError(ValueError):
    """A price file the user can put right: says what, where and how."""


class Quote(NamedTuple):
    """Prices of one model on one day: $ per MTok by class, `search` per 1,000.

    `above` holds for a request whose whole prompt exceeds `threshold` tokens.
    """

    base: Mapping[str, Decimal]
    above: Mapping[str, Decimal]
    threshold: int | None


class Correction(NamedTuple):
    """A price ($ per MTok) or a multiplier (`fast`, `us`, `batch`) that genai-prices lacks."""

    model: str
    field: str
    value: Decimal
    threshold: int | None
    start: dt.date
    until: dt.date


@dataclasses.dataclass(frozen=True)
class PriceBook:
    """Which prices a figure was computed with."""

    name: str
    version: str
    digest: str
    corrections: int
    overrides: int


@cache
def _upstream() -> dict[str, ModelInfo]:
    # The bundled data, not the snapshot of the process: that one can be updated over the network.
    # Keyed by exact name, because upstream's own matching takes claude-opus-4-10 for Opus 4.1.
    from genai_prices.data import providers

    anthropic = next(p for p in providers if p.id == "anthropic")
    return {normalise(m.id): m for m in anthropic.models}


@cache
def corrections() -> tuple[Correction, ...]:
    """Return the rows of the corrections file; `until` is the first day a row no longer holds.

    Examples
    --------
    >>> [c.value for c in corrections() if (c.model, c.field) == ("claude-opus-4-6", "fast")]
    [Decimal('6')]
    """
    with CORRECTIONS.open(encoding="utf-8", newline="") as handle:
        return tuple(
            Correction(
                row["model"],
                row["field"],
                Decimal(row["value"]),
                int(row["threshold"]) if row["threshold"] else None,
                dt.date.fromisoformat(row["from"]) if row["from"] else dt.date.min,
                dt.date.fromisoformat(row["until"]) if row["until"] else dt.date.max,
            )
            for row in csv.DictReader(handle)
        )


@lru_cache(maxsize=2**16)
def quote(
    model: str,
    day: dt.date,
    *,
    fast: bool = False,
    us: bool = False,
    batch: bool = False,
    corrected: bool = True,
) -> Quote | None:
    """Return the list prices of one model on one day (UTC), or None where there are none.

    Fast mode has no long-context premium and no batch; without a fast price there is no quote.
    Models that cannot be held in one country keep their price.

    Parameters
    ----------
    model
        Normalised name; matched exactly, never guessed.
    corrected
        False for genai-prices alone.

    Examples
    --------
    >>> quote("claude-opus-5-5", dt.date(2026, 11, 1)).base["read"]
    Decimal('0.2')
    >>> quote("claude-opus-9", dt.date(2026, 11, 1)) is None
    True
    """
    if fast and batch:
        return None
    held = [c for c in corrections() if fnmatchcase(model, c.model) and c.start <= day < c.until]
    held = held if corrected else []
    factors = {c.field: c.value for c in held if c.field in _MODES}
    modes = [m for m, on in zip(_MODES, (fast, us, batch), strict=True) if on]
    base: dict[str, Decimal] = {}
    above: dict[str, Decimal] = {}
    thresholds = set()

    if info := _upstream().get(model):
        noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
        left = [m for m in modes if m not in factors and m in _CONTEXT]
        found = info.get_prices(noon, {k: v for m in left for k, v in _CONTEXT[m].items()})
        if "fast" in left and found == info.get_prices(noon):
            return None
        for field, key in _UPSTREAM.items():
            value = getattr(found, key)
            if tiers := getattr(value, "tiers", None):
                (tier,) = tiers
                base[field], above[field] = value.base, tier.price
                thresholds.add(tier.start)
            elif value is not None:
                base[field] = value
    for c in held:
        if c.field not in _MODES and c.threshold is None:
            base[c.field] = c.value
        elif c.field not in _MODES:
            above[c.field] = c.value
            thresholds.add(c.threshold)
    if not base:
        return None

    for mode in modes:
        for prices in (base, above):
            prices |= {f: prices[f] * factors.get(mode, 1) for f in CLASSES if f in prices}
    (threshold,) = thresholds or {None}
    return Quote(base, base | above, None if fast else threshold)


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
        no tier applies to them.
    date
        Price every row as of this day; by default each row's own day (UTC).
    overrides
        From `read_overrides`.

    Returns
    -------
    pl.DataFrame
        The same rows in the same order, with `input_nano`, `output_nano`, `write_5m_nano`,
        `write_1h_nano`, `read_nano`, `search_nano` and their sum `total_nano` (Int64, 1e-9 $).
        Null where no price is known: unknown is not zero.

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
        column("input_tokens", pl.Int64, 0).alias("input"),
        column("output_tokens", pl.Int64, 0).alias("output"),
        pl.max_horizontal(rest, column("write_5m_tokens", pl.Int64)).alias("write_5m"),
        long.alias("write_1h"),
        column("read_tokens", pl.Int64, 0).alias("read"),
        column("web_searches", pl.Int64, 0).alias("search"),
    )


def _rates(keys: pl.DataFrame, overrides: pl.DataFrame | None) -> pl.DataFrame:
    """Return one row per key: whole pico-dollars per token or search, and the tier's."""
    own = _own(overrides)
    rows = []
    for key in keys.drop_nulls("model").iter_rows(named=True):
        if found := _find(normalise(key["model"]), key["day"], [key[m] for m in _MODES], own):
            low = {f"{f}_rate": _pico(f, v) for f, v in found.base.items()}
            high = {f"{f}_high": _pico(f, v) for f, v in found.above.items()}
            rows.append({**key, **low, **high, "threshold": found.threshold})
    amounts = ("threshold", *(f"{part}_{kind}" for part in _PARTS for kind in ("rate", "high")))
    return pl.DataFrame(rows, {**keys.schema, **dict.fromkeys(amounts, pl.Int64)})


def _find(
    model: str,
    day: dt.date | None,
    modes: Iterable[bool],
    own: Mapping[str, list[tuple[dt.date, dt.date, Quote]]],
) -> Quote | None:
    if day is None:
        return None
    mine = (found for start, until, found in own.get(model, ()) if start <= day < until)
    fast, us, batch = modes
    return next(mine, None) or quote(model, day, fast=fast, us=us, batch=batch)


def _own(overrides: pl.DataFrame | None) -> dict[str, list[tuple[dt.date, dt.date, Quote]]]:
    own: dict[str, list[tuple[dt.date, dt.date, Quote]]] = {}
    for row in [] if overrides is None else overrides.iter_rows(named=True):
        prices = {f: Decimal(str(row[f])) for f in _UPSTREAM if row.get(f) is not None}
        entry = (_start(row), _until(row), Quote(prices, prices, None))
        own.setdefault(normalise(row["model"]), []).append(entry)
    return own


def _pico(field: str, price: Decimal) -> int:
    unit = _PICO_PER_SEARCH if field == "search" else _PICO_PER_TOKEN
    return int((price * unit).to_integral_value(ROUND_HALF_UP))


def _cost(part: str) -> pl.Expr:
    rate = pl.when("over").then(f"{part}_high").otherwise(f"{part}_rate")
    return (
        pl.when(pl.col("input_rate").is_null())
        .then(None)
        .when(pl.col(part) == 0)  # an unknown rate of nothing costs nothing
        .then(0)
        .otherwise((pl.col(part) * rate + 500) // 1000)  # half up; counts are never negative
        .cast(pl.Int64)
        .alias(f"{part}_nano")
    )


def known_models() -> list[str]:
    """Return every model with a list price, by its normalised name.

    Examples
    --------
    >>> "claude-opus-4-6" in known_models()
    True
    """
    return sorted({*_upstream(), *(c.model for c in corrections() if "*" not in c.model)})


def rates(
    models: Iterable[str],
    dates: Iterable[dt.date],
    *,
    fast: bool = False,
    us: bool = False,
    batch: bool = False,
    overrides: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return the price list of some models on some days, in $ per MTok.

    Returns
    -------
    pl.DataFrame
        One row per model, date and tier, in the order asked: `model`, `date`, `above` (prompt
        tokens beyond which the row holds; 0 for the base), `input`, `write_5m`, `write_1h`,
        `read`, `output` (Float64). A model without a price has one row of nulls.

    Examples
    --------
    >>> rates(["claude-haiku-5-5"], [dt.date(2026, 11, 1)])["read"].to_list()
    [0.01, 0.05]
    """
    own, days, rows = _own(overrides), list(dates), []
    for model in map(normalise, models):
        for day in days:
            found = _find(model, day, (fast, us, batch), own) or Quote({}, {}, None)
            for above, prices in ((0, found.base), (found.threshold, found.above)):
                if above is not None:
                    row = {f: float(prices[f]) for f in CLASSES if f in prices}
                    rows.append({"model": model, "date": day, "above": above, **row})
    head = {"model": pl.String, "date": pl.Date, "above": pl.Int64}
    return pl.DataFrame(rows, head | dict.fromkeys(CLASSES, pl.Float64))


def price_book(overrides: pl.DataFrame | None = None) -> PriceBook:
    """Return name, version and digest of all prices in use; equal digests mean equal prices.

    Examples
    --------
    >>> book = price_book()
    >>> book.name, book.overrides, len(book.digest)
    ('genai-prices', 0, 64)
    """

    def plain(value: Any) -> Any:
        return vars(value) if hasattr(value, "__dict__") else str(value)

    prices = {name: (m.prices, m.price_variants) for name, m in _upstream().items()}
    own = [] if overrides is None else sorted(map(repr, overrides.iter_rows(named=True)))
    text = json.dumps([prices, corrections(), own], default=plain, sort_keys=True)
    return PriceBook(
        "genai-prices",
        importlib.metadata.version("genai-prices"),
        hashlib.sha256(text.encode()).hexdigest(),
        len(corrections()),
        len(own),
    )


def read_overrides(path: Path) -> pl.DataFrame:
    """Read the user's own prices, which win over the price book.

    The file is CSV with a header: `model`, `input`, `write_5m`, `write_1h`, `read`, `output` in
    $ per million tokens; optional `search` ($ per 1,000), `from` (first day) and `until` (first
    day no more), as YYYY-MM-DD. Such a price is final: no tier or multiplier applies to it.

    Raises
    ------
    PriceError
        What is wrong, in which line and column, and what to write instead.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, restkey="more", restval="")
            if missing := [c for c in ("model", *CLASSES) if c not in (reader.fieldnames or ())]:
                raise PriceError(
                    f"{path} line 1: no column {', '.join(missing)}; the header must read "
                    f"model,{','.join(CLASSES)} with commas"
                )
            rows = [_override(row, f"{path} line {reader.line_num}") for row in reader]
    except OSError as error:
        raise PriceError(f"{path}: {error.strerror}; name a CSV file of prices") from None
    except (UnicodeDecodeError, csv.Error):
        raise PriceError(f"{path}: not a CSV file in UTF-8; save it as such") from None

    for i, row in enumerate(rows):
        for other in rows[:i]:
            late, early = max(_start(row), _start(other)), min(_until(row), _until(other))
            if row["model"] == other["model"] and late < early:
                raise PriceError(
                    f"{path}: two prices for {row['model']} on one day; "
                    "give the rows from and until dates that do not overlap"
                )
    amounts = dict.fromkeys((*CLASSES, "search"), pl.Decimal(18, 6))
    return pl.DataFrame(
        rows, {"model": pl.String, **amounts, "from": pl.Date, "until": pl.Date}, orient="row"
    )


def _start(row: Mapping[str, Any]) -> dt.date:
    return row.get("from") or dt.date.min


def _until(row: Mapping[str, Any]) -> dt.date:
    return row.get("until") or dt.date.max


def _override(row: dict[str, str], where: str) -> dict[str, Any]:
    if "more" in row:
        raise PriceError(f"{where}: more cells than columns; write decimals with a point")
    if not row["model"].strip():
        raise PriceError(f"{where}, column model: empty; write the model's name as in the report")
    return {
        "model": normalise(row["model"].strip()),
        **{f: _amount(row[f], f"{where}, column {f}") for f in CLASSES},
        "search": _amount(row["search"], f"{where}, column search") if row.get("search") else None,
        **{f: _date(row.get(f, ""), f"{where}, column {f}") for f in ("from", "until")},
    }


def _amount(cell: str, where: str) -> Decimal:
    try:
        value = Decimal(cell.strip())
    except InvalidOperation:
        raise PriceError(f"{where}: {cell!r} is not a number; write such as 0.30") from None
    if not value.is_finite() or not 0 <= value <= _MAX_PRICE:
        raise PriceError(f"{where}: {cell!r} is not between 0 and {_MAX_PRICE} $ per MTok")
    if value != round(value, 6):
        raise PriceError(
            f"{where}: {cell!r} is too fine; write $ per million tokens, not per token"
        )
    return value


def _date(cell: str, where: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(cell.strip()) if cell.strip() else None
    except ValueError:
        raise PriceError(f"{where}: {cell!r} is not a day; write such as 2026-03-13") from None


def coverage(priced: pl.DataFrame) -> pl.DataFrame:
    """Measure by model how much has no price.

    Returns
    -------
    pl.DataFrame
        One row per model, most tokens first: `model`, `requests`, `tokens`, `unpriced_requests`,
        `unpriced_tokens`, `unpriced_share` (of the model's tokens; null where it has none).

    Examples
    --------
    >>> case = {"model": ["glm-9"], "first_seen": [dt.date(2026, 3, 1)], "input_tokens": [7]}
    >>> coverage(price(pl.DataFrame(case))).row(0)
    ('glm-9', 1, 7, 1, 7, 1.0)
    """
    unpriced = pl.col("total_nano").is_null()
    tokens = pl.sum_horizontal("input", "output", "write_5m", "write_1h", "read")
    return (
        _counted(priced, dt.date.min)
        .select("model", tokens.alias("tokens"))
        .with_columns(priced.select(unpriced=unpriced))
        .group_by("model")
        .agg(
            pl.len().cast(pl.Int64).alias("requests"),
            pl.col("tokens").sum(),
            pl.col("unpriced").sum().cast(pl.Int64).alias("unpriced_requests"),
            pl.col("tokens").filter("unpriced").sum().alias("unpriced_tokens"),
        )
        .with_columns(
            unpriced_share=pl.when(pl.col("tokens") > 0).then(
                pl.col("unpriced_tokens") / pl.col("tokens")
            )
        )
        .sort("tokens", "model", descending=[True, False])
    )


def usd(column: str) -> pl.Expr:
    """Return a nano-dollar column as dollars, for the edge: `total_nano` becomes `total_usd`.

    Examples
    --------
    >>> pl.DataFrame({"total_nano": [1_500_000_000]}).select(usd("total_nano")).item()
    1.5
    """
    return (pl.col(column) / 10**9).alias(column.removesuffix("_nano") + "_usd")
