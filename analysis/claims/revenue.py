"""Checks of what is claimed of the cache's margin and of revenue: published, and from your logs."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading
from analysis.measures import bounds, gross_margins, mixes
from analysis.measures.disclosed import attention, sizes_of
from analysis.measures.revenue import replies

_LITTLE = 0.1  # what a read is charged, as a part of input: less is called little


def _margin() -> list[Reading]:
    """Ask whether the published gross margin leaves reads any below zero, in any account's mix."""
    lowest = float(mixes.published_mixes()["low"].min())  # type: ignore[arg-type]
    least = bounds.least(lowest, gross_margins.planned())
    text = f"least margin on reads that {gross_margins.planned():.0%} over all leave, over accounts"
    return [Reading(text.replace("%", " %"), 100 * least, least > 0, "percent")]


def _cheap() -> list[Reading]:
    """Ask for the compute of a cached token: of Claude, then of models of published size."""
    known, share = sizes_of(), float(attention()["share"].max())  # type: ignore[arg-type]
    return [
        Reading("models of the firm whose size is published", known, known > 0, "models"),
        Reading(
            "arithmetic for a cached token over a computed one, at most, in open models",
            100 * share,
            share < _LITTLE,
            "percent",
        ),
    ]


def _answers() -> list[Reading]:
    """Count statements of the firm: on what usage and its cache cost it, and with a number."""
    said = replies()
    before = said.filter(pl.col("before")).height
    costed = said.filter(pl.col("gives_cost")).height
    return [
        Reading(
            "statements by then on what a plan's use is worth, or what the cache saves",
            before,
            before == 0,
            "statements",
        ),
        Reading(
            "statements of any day that give a cost or a margin by token class",
            costed,
            costed == 0,
            "statements",
        ),
    ]


def _own_margin(priced: pl.DataFrame, policy: str) -> list[Reading]:
    rows = bounds.bounds(mixes.mix(priced, policy), gross_margins.planned())
    reads = rows.filter(pl.col("class") == "read", pl.col("step") == 0)
    text = f"least margin on reads that {gross_margins.planned():.0%} over all leave, in this mix"
    return [
        Reading(text.replace("%", " %"), 100 * r["low"], unit="percent") for r in reads.to_dicts()
    ]


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "cache-margin": _margin,
    "cheap-reads": _cheap,
    "answers": _answers,
}

YOURS: dict[str, Callable[[pl.DataFrame, str], list[Reading]]] = {"cache-margin": _own_margin}
