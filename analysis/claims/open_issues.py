"""What we compute for the claims on open issues, by the name in their column `check`."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading
from analysis.measures.capabilities import WRITTEN
from analysis.measures.open_issues import listed, rules


def _still_open() -> list[Reading]:
    """Count the listed issues that the copies read have as open, with no reply seen."""
    rows = listed()
    held = rows.filter(pl.col("state") == "open", pl.col("official_reply") == "not seen")
    found = rows.filter(pl.col("reached") == "yes")
    return [
        Reading(
            f"of {rows.height} listed, open as read, no reply seen",
            held.height,
            held.height == rows.height,
            "issues",
        ),
        Reading(
            f"of the {found.height} that could be read, open and no reply seen",
            held.height,
            held.height == found.height,
            "issues",
        ),
    ]


def _auto_close() -> list[Reading]:
    """Return the days until an idle issue is closed, by the rule of the day and by earlier ones."""
    told = rules().filter(pl.col("from_day") <= WRITTEN).sort("from_day", descending=True)
    return [
        Reading(f"rule from {r['from_day']}, in days without activity", r["closed_days"])
        for r in told.to_dicts()
    ]


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "still-open": _still_open,
    "auto-close": _auto_close,
}
