"""What we compute for the claims on open issues, by the name in their column `check`."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading
from analysis.measures.capabilities import WRITTEN
from analysis.measures.open_issues import idle_rules


def _auto_close() -> list[Reading]:
    """Return the days until an idle issue is closed, by the rule of the day and by earlier ones."""
    told = idle_rules().filter(pl.col("from_day") <= WRITTEN).drop_nulls("closed_days")
    return [
        Reading(
            f"rule from {r['from_day']} ({r['known']}), in days without activity", r["closed_days"]
        )
        for r in told.reverse().to_dicts()
    ]


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "auto-close": _auto_close,
}
