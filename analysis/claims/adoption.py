"""Checks of what is claimed of adoption: points of one index, by the month of their data."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading
from analysis.measures.adoption import FIRM, RIVAL, change, data_month, drawn, points, share


def _share() -> list[Reading]:
    month = f"{data_month():%B %Y}"
    return [Reading(f"paid {FIRM} in {month}, of businesses on Ramp", share(FIRM, data_month()))]


def _change(firm: str) -> Callable[[], list[Reading]]:
    """Compute a change in percent, as the write-up prints it, then in points."""

    def check() -> list[Reading]:
        found = change(firm)
        return [
            Reading("relative to the share of the month before", abs(100 * found.relative)),
            Reading("in points, not percent", abs(found.points), unit="points"),
        ]

    return check


def _chart() -> list[Reading]:
    """Count what is public of the chart: of all months it can draw, then of the write-up's two."""
    found = drawn()
    known, months = int(found["known"].sum()), int(found["months"].sum())
    month = data_month()
    two = points().filter(
        pl.col("method") == "first",
        pl.col("known") != "in words",
        pl.col("data_month").is_between(pl.lit(month).dt.offset_by("-1mo"), month),
    )
    pairs = 2 * len((FIRM, RIVAL))
    return [
        Reading(
            f"of {months} points of both firms since the series begins, public",
            known,
            known == months,
            "points",
        ),
        Reading(
            f"of {pairs} points of the two months that it compares, public",
            two.height,
            two.height == pairs,
            "points",
        ),
    ]


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "adoption-share": _share,
    "adoption-rise": _change(FIRM),
    "adoption-fall": _change(RIVAL),
    "adoption-chart": _chart,
}
