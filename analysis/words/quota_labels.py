"""Label plans, days and multiples of a quota, alike in figures and captions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.words.pricing import times

_CHEAPEST = "Pro"


def multiple(value: float) -> str:
    """Write a spread: three digits, and none behind the point from a hundred on.

    Examples
    --------
    >>> multiple(10.6596), multiple(7362.7), multiple(1.0599)
    ('10.7×', '7,363×', '1.06×')
    """
    return f"{value:,.0f}×" if value >= 100 else times(value)


def dated(row: Mapping[str, Any]) -> str:
    """Label a public figure by its day.

    Examples
    --------
    >>> dated({"day": None, "label": "rule of API"})
    'undated: rule of API'
    """
    return f"{row['day']:%Y-%m-%d}: {row['label']}" if row["day"] else f"undated: {row['label']}"


def plan_row(row: Mapping[str, Any]) -> str:
    """Label a plan against a cheaper one, which is named unless it is the cheapest of all.

    Examples
    --------
    >>> row = {"plan": "Max 5x", "usd_a_month": 100.0, "base": "Pro", "measure": "messages"}
    >>> plan_row(row)
    'Max 5x at $100: messages'
    """
    over = "" if row["base"] == _CHEAPEST else f" over {row['base']}"
    return f"{row['plan']} at ${row['usd_a_month']:.0f}{over}: {row['measure']}"
