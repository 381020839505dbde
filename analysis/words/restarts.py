"""Say how long a session is best, and what it rests on."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.measures.lengths import FLAT, WORTH, Bottom
from analysis.measures.resample import Interval
from analysis.words.growth import within
from analysis.words.numbers import compact, count, extent, share, usd

_NONE = "No main chain here paid for a cache write and went on, so there is nothing to cut"
ASSUMED = (
    "Assumed: output, tools and requests stay the same, nothing is lost by the cut and nothing "
    "read again beyond the carry-over; the fresh prompt (the chain's own first prompt, the "
    "carry-over and what is new) is written whole at the price the chain paid; entries that "
    "expired in the log expire again; a compaction stays where it was and begins the count anew."
)


def rule(found: dict[str, Any], carry_over: int) -> str:
    """Say the square-root rule with the numbers of these logs."""
    if found["length"] is None:
        return f"{_NONE}, or prompts do not grow: the square-root rule gives no length."
    return (
        f"A restart costs F = {usd(found['restart_usd'])} more than going on: a standing part of "
        f"{compact(found['standing'])} tokens and a carry-over of {compact(carry_over)}, written "
        f"at {usd(found['write'])} per million instead of read at r = {usd(found['read'])}. A "
        f"request adds g = {found['growth']:,.0f} tokens, to be read by all that follow. So the "
        "cost of a request is lowest at the square root of 2F/(r g), "
        f"**{found['length']:,.0f} requests** ({within(found['interval'])}). F, r and g are means "
        "over requests, at list price."
    )


def carried(left: pl.Series, carry_over: int) -> str:
    """Set the carry-over beside what compactions of these logs carried."""
    if left.is_empty():
        return (
            f"A carry-over of {compact(carry_over)} tokens is assumed; no prompt was cut here, so "
            "these logs have nothing to set beside it."
        )
    low, middle, high = (compact(left.quantile(q, "linear") or 0) for q in (0.25, 0.5, 0.75))
    return (
        f"A carry-over of {compact(carry_over)} tokens is assumed. What "
        f"{count(left.len(), 'cut')} of a prompt here left above their chain's first prompt, such "
        f"as a compaction's summary and files, is {middle} (median; quartiles {low} and {high})."
    )


def bowl(
    frame: pl.DataFrame,
    best: Bottom | None,
    found: dict[str, Any],
    replayed: Interval,
    carry_over: int,
) -> str:
    """Caption the bowl."""
    if not best or frame.height == 1:
        return f"{_NONE}."
    said = (
        f"Replayed with an end every {best.length:,} requests, prompts cost {share(best.saving)} "
        f"less than as logged at a carry-over of {compact(carry_over)} tokens"
        if best.saving > 0
        else f"At a carry-over of {compact(carry_over)} tokens no session length is cheaper than "
        "the cost as logged"
    )
    uncut = "" if best.saving > 0 else ", at which nothing is cut"
    by_rule = f"{found['length']:,.0f}" if found["length"] is not None else "none"
    return (
        f"{said}. Lowest at {best.length:,} requests{uncut} "
        f"({within(replayed)}, of the lengths tried), "
        f"{_fine(best.usd_a_request)} a request; within {share(FLAT, 0)} of that from "
        f"{best.shortest:,.0f} to {best.longest:,.0f} requests (grey); by the square-root rule, "
        f"{by_rule}. The rule takes sessions for endless lines; real ones end, so the replay "
        f"levels off at the cost as logged. Output, the same at any length, is left out. {ASSUMED}"
    )


def _fine(value: float) -> str:
    return f"${value:,.3g}"


def bowl_alt(frame: pl.DataFrame, best: Bottom | None) -> str:
    """Say what is seen in the bowl."""
    if not best:
        return "Empty axes."
    first, last = frame["usd_a_request"][0], frame["usd_a_request"][-1]
    return (
        f"A bowl over 1 to {frame['length'][-1]:,} requests: {_fine(first)} at the left, lowest at "
        f"{best.length:,}, {_fine(last)} at the right; a dashed curve close to it on the left."
    )


def carry_overs(frame: pl.DataFrame, most: float | None) -> str:
    """Caption what the carry-over does to the best length."""
    if frame.is_empty() or most is None:
        return f"{_NONE}, whatever is carried over."
    said = (
        "Ending sessions early stops paying where a fresh one must take over about "
        f"{compact(most)} tokens: then no length saves {share(WORTH, 0)} of what prompts cost"
        if most
        else "Ending sessions early does not pay here, even if nothing is carried over: no length "
        f"saves {share(WORTH, 0)} of what prompts cost"
    )
    return (
        f"{said}. Length: the cheapest of those tried; shortest and "
        f"longest: within {share(FLAT, 0)} of it; saving: of dollars of prompts, against as logged."
    )


def hours(frame: pl.DataFrame) -> str:
    """Caption what the advised hours are in requests, and what they cost."""
    known = frame.drop_nulls("over_lowest")
    if known.is_empty():
        return f"{_NONE} every hour or two."
    over = (known["over_lowest"] - 1).clip(0).to_list()
    return (
        f"Ended by the advised hours, prompts cost {extent(over)} more than at the "
        "cheapest length. Length: requests in "
        "so many hours, at the pace of the median session, by the clock or in active hours; over "
        "lowest: times the cost at the cheapest length; against: of the cost as logged."
    )


def verdict(frame: pl.DataFrame) -> str:
    """Say whether the advised hours are a good length here."""
    known = frame.drop_nulls("over_lowest")
    if known.is_empty():
        return "Nothing here can be cut, so the advice cannot be tried."
    saving = known.filter(pl.col("against") < 1)
    saves, flat = saving.height, saving.filter(pl.col("over_lowest") <= 1 + FLAT).height
    return (
        f"Of {count(known.height, 'way')} to read *every 1-2 hours*, {saves:,} cost less than "
        f"these sessions as logged, {flat:,} of them at most {share(FLAT, 0)} more than the "
        "cheapest length. That is about money alone: what a cut loses in understanding has no "
        "price here."
    )
