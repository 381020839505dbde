"""The price book: list prices by model, day, speed, place and service tier.

Prices come from the bundled, dated data of genai-prices, put right by
`data/raw/facts/price-corrections.csv`; overrides win over both. Nothing is fetched.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import hashlib
import importlib.metadata
import json
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from analysis.models import normalise
from analysis.overrides import CLASSES, OwnPrices, own_prices, prices_on
from analysis.paths import FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from genai_prices.types import ModelInfo

_UPSTREAM_KEYS = {
    "input": "input_mtok",
    "write_5m": "cache_write_mtok",
    "write_1h": "cache_write_1h_mtok",
    "read": "cache_read_mtok",
    "output": "output_mtok",
    "search": "web_searches_kcount",
}
_CONTEXT = {"fast": {"speed": "fast"}, "batch": {"processing": "batch"}}
MODES = ("fast", "us", "batch")

#: Whose models other tools run.
_MAKERS = ("openai", "google")


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
def _others() -> dict[str, ModelInfo]:
    """Return the models of other tools' makers, by each exact name that upstream gives one."""
    from genai_prices.data import providers

    found: dict[str, ModelInfo] = {}
    for maker in (p for p in providers if p.id in _MAKERS):
        for model in maker.models:
            if model.id.startswith("claude"):  # sold by another: the maker's own list holds
                continue
            said = [model.id, *(c.equals for c in _clauses(model.match) if hasattr(c, "equals"))]
            for name in said:
                found.setdefault(normalise(name), model)
    return found


def _clauses(match: Any) -> list[Any]:
    return list(getattr(match, "or_", None) or [match])


@cache
def corrections() -> tuple[Correction, ...]:
    """Return the rows of the corrections file; `until` is the first day a row no longer holds.

    Examples
    --------
    >>> [c.value for c in corrections() if (c.model, c.field) == ("claude-opus-4-6", "fast")]
    [Decimal('6')]
    """
    with (FACTS / "price-corrections.csv").open(encoding="utf-8", newline="") as handle:
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
    factors = {c.field: c.value for c in held if c.field in MODES}
    modes = [m for m, on in zip(MODES, (fast, us, batch), strict=True) if on]
    base: dict[str, Decimal] = {}
    above: dict[str, Decimal] = {}
    thresholds = set()

    fast_known = not fast or "fast" in factors
    if info := _upstream().get(model) or _others().get(model):
        noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
        left = [m for m in modes if m not in factors and m in _CONTEXT]
        found = info.get_prices(noon, {k: v for m in left for k, v in _CONTEXT[m].items()})
        fast_known = fast_known or found != info.get_prices(noon)
        for field, key in _UPSTREAM_KEYS.items():
            value = getattr(found, key)
            if tiers := getattr(value, "tiers", None):
                (tier,) = tiers
                base[field], above[field] = value.base, tier.price
                thresholds.add(tier.start)
            elif value is not None:
                base[field] = value
    for c in held:
        if c.field not in MODES and c.threshold is None:
            base[c.field] = c.value
        elif c.field not in MODES:
            above[c.field] = c.value
            thresholds.add(c.threshold)
    if not base or not fast_known:
        return None

    for mode in modes:
        for prices in (base, above):
            prices |= {f: prices[f] * factors.get(mode, 1) for f in CLASSES if f in prices}
    (threshold,) = thresholds or {None}
    return Quote(base, base | above, None if fast else threshold)


def find_quote(model: str, day: dt.date, own: OwnPrices, **modes: bool) -> Quote | None:
    """Return the user's own prices where they have any, else the list prices."""
    mine = prices_on(own, model, day)
    return quote(model, day, **modes) if mine is None else Quote(mine, mine, None)


def known_models() -> list[str]:
    """Return every model of Anthropic's with a list price, by its normalised name.

    Examples
    --------
    >>> "claude-opus-4-6" in known_models()
    True
    """
    return sorted({*_upstream(), *(c.model for c in corrections() if "*" not in c.model)})


def changes(model: str) -> list[dt.date]:
    """Return the days on which a model's list prices change, in order; its first day is none.

    Examples
    --------
    >>> changes("claude-opus-4-6")
    [datetime.date(2026, 3, 13)]
    """
    info = _upstream().get(model) or _others().get(model)
    dated = info.prices if info and isinstance(info.prices, list) else []
    days = {getattr(price.constraint, "start_date", None) for price in dated}
    for held in corrections():
        if fnmatchcase(model, held.model) and held.field not in MODES:
            days |= {held.start, held.until}
    return sorted(day for day in days - {None, dt.date.min, dt.date.max} if day)


@cache
def tiers() -> tuple[int, ...]:
    """Return the prompts, in tokens, beyond which some model has other list prices, in order.

    Examples
    --------
    >>> 200_000 in tiers()
    True
    """
    models = {*known_models(), *_others()}
    days = ((model, day) for model in models for day in (dt.date(1970, 1, 1), *changes(model)))
    found = (quote(*dated, batch=batch) for dated in days for batch in (False, True))
    return tuple(sorted({quoted.threshold for quoted in found if quoted and quoted.threshold}))


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
    own, rows = own_prices(overrides), []
    for model, day in product(map(normalise, models), dates):
        found = find_quote(model, day, own, fast=fast, us=us, batch=batch) or Quote({}, {}, None)
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
    listed = _others() | _upstream()
    prices = {name: (m.prices, m.price_variants) for name, m in listed.items()}
    own = [] if overrides is None else sorted(map(repr, overrides.iter_rows(named=True)))
    used = [prices, corrections(), own]
    text = json.dumps(used, default=lambda v: getattr(v, "__dict__", str(v)), sort_keys=True)
    return PriceBook(
        "genai-prices",
        importlib.metadata.version("genai-prices"),
        hashlib.sha256(text.encode()).hexdigest(),
        len(corrections()),
        len(own),
    )
