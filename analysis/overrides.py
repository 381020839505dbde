"""The user's own prices, which win over the price book: read and checked."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import polars as pl

from analysis.models import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: Token classes in the order of a price list.
CLASSES = ("input", "write_5m", "write_1h", "read", "output")

#: By normalised model: the first day, the first day no more, and $ per MTok by class.
OwnPrices = dict[str, list[tuple[dt.date, dt.date, dict[str, Decimal]]]]

_MAX_PRICE = 900  # $ per MTok: with schema.MAX_TOKENS a product still fits Int64


class PriceError(ValueError):
    """A price file the user can put right: says what, where and how."""


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


def own_prices(overrides: pl.DataFrame | None) -> OwnPrices:
    """Return overrides as read by `read_overrides` in a form to look prices up in.

    Examples
    --------
    >>> frame = pl.DataFrame({"model": ["glm-9"], "input": [2], "from": [dt.date(2026, 3, 13)]})
    >>> own = own_prices(frame)
    >>> prices_on(own, "glm-9", dt.date(2026, 3, 13))
    {'input': Decimal('2')}
    """
    own: OwnPrices = {}
    for row in [] if overrides is None else overrides.iter_rows(named=True):
        prices = {f: Decimal(str(row[f])) for f in (*CLASSES, "search") if row.get(f) is not None}
        own.setdefault(normalise(row["model"]), []).append((_start(row), _until(row), prices))
    return own


def prices_on(own: OwnPrices, model: str, day: dt.date) -> dict[str, Decimal] | None:
    """Return the user's own prices of a normalised model on one day, or None without any."""
    held = (prices for start, until, prices in own.get(model, ()) if start <= day < until)
    return next(held, None)


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
