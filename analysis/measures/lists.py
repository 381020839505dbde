"""The same work at another price list: another model's, or another day's."""

from __future__ import annotations

import datetime as dt
import re

import polars as pl

from analysis.pricebook import known_models, rates

#: The day of the price list that other models are taken from: that of the bundled price book.
LIST_DAY = dt.date(2026, 11, 1)

#: Days whose list everything is priced at: the last one on which Opus 4.6 and Sonnet 4.6 had a
#: tier above 200,000 tokens, and the price book's.
DAYS = (dt.date(2026, 3, 12), LIST_DAY)

_FAMILY = re.compile(r"claude-([a-z]+)-(\d+)(?:-(\d+))?")
_CLASSES = ("input", "write_5m", "write_1h", "read", "output")


def at_list(rows: pl.DataFrame, model: str) -> pl.DataFrame:
    """Return the requests as one model's, at standard speed."""
    return rows.with_columns(model=pl.lit(model), speed=pl.lit(None, pl.String))


def current_models(day: dt.date = LIST_DAY) -> list[str]:
    """Return the newest model of each family on the price list, cheapest input first.

    Of families with the same prices, the first by name.

    Examples
    --------
    >>> current_models()
    ['claude-haiku-5-5', 'claude-sonnet-5-5', 'claude-opus-5-5', 'claude-fable-5-2']
    """
    newest: dict[str, tuple[tuple[int, int], str]] = {}
    for name in known_models():
        if found := _FAMILY.fullmatch(name):
            this = ((int(found[2]), int(found[3] or 0)), name)
            newest[found[1]] = max(newest.get(found[1], this), this)
    listed = rates([name for _, name in newest.values()], [day]).filter(pl.col("above") == 0)
    ordered = listed.sort("input", "model").unique(_CLASSES, keep="first", maintain_order=True)
    return ordered["model"].to_list()
