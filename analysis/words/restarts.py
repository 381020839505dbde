"""Say how long a session is best, and what it rests on."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.measures.growth import LONG_ENOUGH
from analysis.measures.lengths import FLAT, WORTH, bottom
from analysis.measures.resample import Interval
from analysis.measures.restarts import written
from analysis.words.growth import within
from analysis.words.numbers import compact, count, extent, money, share, usd

_NONE = "No main chain here paid for a cache write and went on, so there is nothing to cut"
ASSUMED = (
    "Assumed: requests and answers stay the same, and nothing is read again beyond the "
    "carry-over, which is a file that exists, or output that the model writes once a restart; the "
    "fresh prompt is written whole at the price the chain paid; what expired in the log expires "
    "again; a compaction begins the count anew."
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
        "cost of a request is lowest at the square root of 2F/(r g): "
        f"**{found['length']:,.0f} requests** ({within(found['interval'])}) if the carry-over "
        "costs nothing to make. If the model writes it, its tokens as output add "
        f"{usd(found['making_usd'])} to F, and it is **{found['written_length']:,.0f} requests** "
        f"({within(found['written_interval'])}). F, r and g are means over the requests of "
        f"stretches of {LONG_ENOUGH} requests or more, at list price."
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
    frame: pl.DataFrame, found: dict[str, Any], bands: tuple[Interval, Interval], carry_over: int
) -> str:
    """Caption the bowl.

    Parameters
    ----------
    frame, found
        `measures.restarts.replay` and `measures.optimum.rule`.
    bands
        `measures.lengths.best_replayed`, of a carry-over that costs nothing to make, and of one
        that the model writes.
    """
    free, dear = bottom(frame), bottom(written(frame))
    if not free or not dear or frame.height == 1:
        return f"{_NONE}."
    carried = f"a carry-over of {compact(carry_over)} tokens"
    if dear.saving > 0:
        other = (
            f"with one every {dear.length:,} requests, {share(dear.saving)} less if the model "
            "writes it"
        )
    else:
        other = "not less at any length if the model writes it"
    said = (
        f"With an end every {free.length:,} requests, prompts cost {share(free.saving)} less than "
        f"as logged if {carried} is free, and {other}"
        if free.saving > 0
        else f"At {carried} no session length is cheaper than the cost as logged, even if it costs "
        "nothing to make"
    )
    cost = money(frame["usd_a_request"][-1])
    ends = [
        f"{best.length:,} requests{'' if best.saving > 0 else ', at which nothing is cut'} "
        f"({within(band)}, of the lengths tried), {cost(best.usd_a_request)} a request, and within "
        f"{share(FLAT, 0)} of that from {best.shortest:,.0f} to {best.longest:,.0f}"
        for best, band in zip((free, dear), bands, strict=True)
    ]
    by_rule = (
        "none"
        if found["length"] is None
        else f"{found['length']:,.0f} and {found['written_length']:,.0f}"
    )
    return (
        f"{said}. Lowest where it costs nothing to make (grey): {ends[0]}. Lowest where the model "
        f"writes it (open circles): {ends[1]}. By the square-root rule, {by_rule}; "
        "the dashed curve is its first, and takes sessions for endless lines. Answers' output is "
        f"left out. {ASSUMED}"
    )


def bowl_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the bowl."""
    free, dear = bottom(frame), bottom(written(frame))
    if not free or not dear:
        return "Empty axes."
    cost = money(frame["usd_a_request"][-1])
    first, last = cost(frame["usd_a_request"][0]), cost(frame["usd_a_request"][-1])
    return (
        f"A bowl over 1 to {frame['length'][-1]:,} requests: {first} at the left, lowest at "
        f"{free.length:,}, {last} at the right; a second one above it, lowest at {dear.length:,}; "
        "a dashed curve close to the first on the left."
    )


def carry_overs(frame: pl.DataFrame, most: float | None, dear: float | None) -> str:
    """Caption what the carry-over does to the best length, made for nothing and by the model."""
    if frame.is_empty() or most is None:
        return f"{_NONE}, whatever is carried over."
    said = (
        "Ending sessions early stops paying where a fresh one must take over about "
        f"{compact(most)} tokens that cost nothing to make, or {compact(dear or 0)} that the model "
        f"writes: then no length saves {share(WORTH, 0)} of what prompts cost"
        if most
        else "Ending sessions early does not pay here, even if nothing is carried over: no length "
        f"saves {share(WORTH, 0)} of what prompts cost"
    )
    return (
        f"{said}. Length: the cheapest of those tried; shortest and "
        f"longest: within {share(FLAT, 0)} of it; saving: of dollars of prompts, against as "
        "logged; all if the carry-over costs nothing to make. Written length and saving: if the "
        "model writes it, as output once a restart."
    )


def hours(frame: pl.DataFrame) -> str:
    """Caption what the advised hours are in requests, and what they cost."""
    known = frame.drop_nulls("over_lowest")
    if known.is_empty():
        return f"{_NONE} every hour or two."
    over = (known["over_lowest"] - 1).clip(0).to_list()
    return (
        f"Ended by the advised hours, prompts cost {extent(over)} more than at the "
        "cheapest length, if the carry-over costs nothing to make. Length: requests in "
        "so many hours, at the pace of the median session, by the clock or in active hours; over "
        "lowest: times the cost at the cheapest length; against: of the cost as logged; written "
        "against: the same if the model writes the carry-over."
    )


def verdict(frame: pl.DataFrame) -> str:
    """Say whether the advised hours are a good length here."""
    known = frame.drop_nulls("over_lowest")
    if known.is_empty():
        return "Nothing here can be cut, so the advice cannot be tried."
    saving = known.filter(pl.col("against") < 1)
    saves, flat = saving.height, saving.filter(pl.col("over_lowest") <= 1 + FLAT).height
    dear = known.filter(pl.col("written_against") < 1).height
    return (
        f"Of {count(known.height, 'way')} to read *every 1-2 hours*, {saves:,} cost less than "
        f"these sessions as logged, {flat:,} of them at most {share(FLAT, 0)} more than the "
        "cheapest length, if the carry-over costs nothing to make; if the model writes it, "
        f"{dear:,} cost less. That is about money alone: what a cut loses in understanding has no "
        "price here."
    )
