"""Say how long a session is best, and what it rests on."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.measures.resample import Interval
from analysis.measures.restarts import FLAT, WORTH
from analysis.words.growth import within
from analysis.words.numbers import compact, count, share, usd

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
    band: Interval = found["interval"]
    return (
        f"A restart costs F = {usd(found['restart_usd'])} more than going on: a standing part of "
        f"{compact(found['standing'])} tokens and a carry-over of {compact(carry_over)}, written "
        f"at {usd(found['write'])} per million instead of read at {usd(found['read'])}. A request "
        f"adds g = {found['growth']:,.0f} tokens, to be read by all that follow. So the cost of a "
        "request is lowest at the square root of 2F/(r g), "
        f"**{found['length']:,.0f} requests** ({within(band)}); means over requests, by list price."
    )


def bowl(
    frame: pl.DataFrame,
    best: tuple[int, float, float] | None,
    found: dict[str, Any],
    replayed: Interval,
    carry_over: int,
) -> str:
    """Caption the bowl."""
    if not best or frame.height < 2:
        return f"{_NONE}."
    lowest, logged = frame["usd_a_request"].min(), frame["usd_a_request"][-1]
    saved = 1 - lowest / logged if logged else 0  # type: ignore[operator]
    by_rule = f"{found['length']:,.0f}" if found["length"] is not None else "none"
    said = (
        f"Replayed with an end every {best[0]:,} requests, prompts cost {share(saved)} less than "
        f"as logged at a carry-over of {compact(carry_over)} tokens"
        if saved > 0
        else f"At a carry-over of {compact(carry_over)} tokens no session length is cheaper than "
        "as logged"
    )
    return (
        f"{said}. Lowest: {usd(lowest)} a request ({within(replayed)}, of the lengths tried); "
        f"within {share(FLAT, 0)} of it from {best[1]:,.0f} to {best[2]:,.0f} requests (grey); by "
        f"the square-root rule, {by_rule}. The rule takes sessions for endless lines; real ones end, "
        f"so the replay levels off at the cost as logged. {ASSUMED}"
    )


def bowl_alt(frame: pl.DataFrame, best: tuple[int, float, float] | None) -> str:
    """Say what is seen in the bowl."""
    if not best:
        return "Empty axes."
    first, last = frame["usd_a_request"][0], frame["usd_a_request"][-1]
    return (
        f"A bowl over 1 to {frame['length'].max():,} requests: {usd(first)} at the left, lowest at "
        f"{best[0]:,}, {usd(last)} at the right; a dashed curve close to it on the left."
    )


def carry_overs(frame: pl.DataFrame, most: float | None) -> str:
    """Caption what the carry-over does to the best length."""
    if frame.is_empty() or most is None:
        return f"{_NONE}, whatever is carried over."
    stop = (
        f"from about {compact(most)} tokens on"
        if most
        else "even if nothing is carried over"
    )
    return (
        f"Ending sessions early stops paying {stop}: then no length saves {share(WORTH, 0)} of what "
        "the prompts cost as logged. Length: the cheapest of those tried; shortest and longest: "
        f"within {share(FLAT, 0)} of it; saving: of dollars of prompts, against as logged."
    )


def hours(frame: pl.DataFrame) -> str:
    """Caption what the advised hours are in requests, and what they cost."""
    if frame.is_empty():
        return f"{_NONE} every hour or two."
    parts = [
        f"{_hours(r['hours'])} {r['counted'].split()[0] if r['counted'] != 'all hours' else 'clock'} "
        f"({r['length']:,} requests) {share(r['over_lowest'] - 1)} above the lowest and "
        f"{_against(r['against'])}"
        for r in frame.drop_nulls("over_lowest").to_dicts()
    ]
    return (
        f"By the pace of the median session, ending costs after {'; '.join(parts)}. An hour: by the "
        "clock, pauses included, or active, without long ones. Against: of the cost as logged."
    )


def _hours(number: float) -> str:
    return count(round(number), "hour")


def _against(part: float) -> str:
    return f"{share(abs(1 - part))} {'below' if part <= 1 else 'above'} as logged"


def verdict(frame: pl.DataFrame) -> str:
    """Say whether the advised hours are a good length here."""
    known = frame.drop_nulls("over_lowest")
    if known.is_empty():
        return "Nothing here can be cut, so the advice cannot be tried."
    flat = known.filter(pl.col("over_lowest") <= 1 + FLAT).height
    saves = known.filter(pl.col("against") < 1).height
    return (
        f"Of {count(known.height, 'way')} to read *every 1-2 hours*, {saves:,} cost less than these "
        f"sessions as logged, and {flat:,} lie within {share(FLAT, 0)} of the lowest cost. That is "
        "about money alone: what a cut loses in understanding has no price here."
    )
