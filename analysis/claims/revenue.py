"""Checks of what is claimed of the cache's margin and of revenue: published, and from your logs."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading
from analysis.measures import bounds, gross_margins, mixes
from analysis.measures.architectures import attention, sizes_of
from analysis.measures.revenue import replies
from analysis.measures.simulated import earning
from analysis.measures.workload import case_workload, workload

_LITTLE = 0.1  # what a read is charged, as a part of input: less is called little


def _margin() -> list[Reading]:
    """Ask whether the published gross margin leaves reads above zero, account by account.

    What the bounds leave open is said to be not identified, which is no contradiction. The model
    rests on assumed ranges, so it carries the claim only if every draw does.
    """
    planned = gross_margins.planned()
    states = bounds.accounts(planned)["above_zero"]
    return [_bounded(states, planned), *_modelled(case_workload(), "the write-up's session")]


def _bounded(states: pl.Series, margin: float) -> Reading:
    """Read the bounds of several accounts: all must be above zero, none can be, or neither."""
    counts = {state: int((states == state).sum()) for state in ("must be", "cannot be")}
    start = f"accounts, if {margin:.0%} over all were theirs, whose reads ".replace("%", " %")
    if counts["cannot be"] == states.len():
        return Reading(f"{start}cannot earn anything", counts["cannot be"], False, "accounts")
    must = counts["must be"]
    text = f"{start}must earn something, of {states.len():,}"
    if must == states.len():
        return Reading(text, must, True, "accounts")
    return Reading(
        f"not identified: {text}; in the others they may or not", must, False, "accounts"
    )


def _modelled(loads: pl.DataFrame, whose: str) -> list[Reading]:
    found = earning(loads)
    text = f"assumed: draws of the model of serving in which reads earn something, in {whose}"
    return [] if found is None else [Reading(text, 100 * found, found == 1, "percent")]


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
    planned = gross_margins.planned()
    reads = bounds.of_class(mixes.mix(priced, policy), planned, "read")[:1]
    text = f"least margin on reads that {planned:.0%} over all leave, in this mix"
    least = [Reading(text.replace("%", " %"), 100 * r["low"], unit="percent") for r in reads]
    return [*least, *_modelled(workload(priced, policy), "this mix")]


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "cache-margin": _margin,
    "cheap-reads": _cheap,
    "answers": _answers,
}

YOURS: dict[str, Callable[[pl.DataFrame, str], list[Reading]]] = {"cache-margin": _own_margin}
