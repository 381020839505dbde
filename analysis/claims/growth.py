"""Checks of what is claimed of a session's context and length: published, and from your logs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from analysis.claims import Reading, value_of
from analysis.counted import with_writes
from analysis.facts import case, facts
from analysis.measures.fresh import stages
from analysis.measures.growth import LONG_ENOUGH, main_chains, pace, stretches
from analysis.measures.lengths import at_hours
from analysis.measures.restarts import CARRY_OVER, replayable
from analysis.measures.shapes import fits, slowing
from analysis.sessions import steps
from analysis.words.numbers import count

_STRAIGHT = 0.9  # R² of a line from which growth is called linear
_HALVES = (pl.col("turn") <= 500, pl.col("turn") >= 500)  # the turn nearest to half of them
_MOST = 0.5  # of a prompt: what most of it is
_SQUARE = 1.5  # exponent nearer to 2 (a line from nothing) than to 1 (a prompt that stays as it is)
_A_TURN = "tokens written, of all tokens of its prompts"


def _prompts() -> pl.DataFrame:
    """Return the published prompts of a session of 990 turns: reads over their share of it."""
    return facts("turns").with_columns(tokens=pl.col("read_tokens") / pl.col("read_share"))


def _linear() -> list[Reading]:
    fit = value_of(_prompts(), pl.corr("turn", "tokens").pow(2))
    text = "R² of a line through ten prompts of ArkNill's 990 turns"
    early, late = (_prompts().filter(at).sort("turn") for at in _HALVES)
    growth = (pl.col("tokens").last() - pl.col("tokens").first()) / (
        pl.col("turn").last() - pl.col("turn").first()
    )
    even = value_of(late, growth) / value_of(early, growth)
    # Sums of steps lie near a line whatever the steps are, so evenness is asked first.
    return [
        Reading("growth after turn 500 over that before", even, even >= _STRAIGHT, "multiple"),
        Reading(text, fit, fit >= _STRAIGHT, "number"),
    ]


def _increments() -> list[Reading]:
    """Ask whether prompts grow bit by bit: they get longer, and little of them is new."""
    later = pl.col("tokens").shift().is_not_null()
    longer = pl.col("tokens") > pl.col("tokens").shift()
    grown = value_of(
        _prompts().sort("turn"), (longer & (pl.col("read_share") > _MOST)).filter(later).mean()
    )
    written, read = pl.col("write_tokens"), pl.col("read_tokens")
    new = value_of(case("session"), written / (written + read))
    bit_by_bit = grown > _MOST and new < _MOST
    return [
        Reading(
            "of ArkNill's prompts with one before, longer than it and mostly read",
            100 * grown,
            bit_by_bit,
            "percent",
        ),
        Reading(f"of the published session, {_A_TURN}", 100 * new, bit_by_bit, "percent"),
    ]


def _pile_up() -> list[Reading]:
    """Ask whether reads add up more like the square of requests: last prompt over the mean one."""
    rows = _prompts().sort("turn")
    turns, tokens = rows["turn"].to_numpy(), rows["tokens"].to_numpy()
    mean = np.trapezoid(tokens, turns) / (turns[-1] - turns[0])
    power = float(tokens[-1] / mean)
    text = "exponent of tokens sent so far at the end of ArkNill's 990 turns"
    return [Reading(text, power, power > _SQUARE, "number")]


def _short_sessions() -> list[Reading]:
    """Ask whether sessions as long as advised cost less a request than others, in one account."""
    advice = facts("advice").row(0, named=True)
    rows = facts("stages").filter(pl.col("by") == "session of minutes")
    begins, ends = 60 * advice["from_hours"], 60 * advice["to_hours"]
    cost = (pl.col("usd_a_request") * pl.col("requests")).sum() / pl.col("requests").sum()
    advised = value_of(rows.filter(pl.col("first") == begins, pl.col("last") == ends), cost)
    longer = advised / value_of(rows.filter(pl.col("first") >= ends), cost)
    shorter = advised / value_of(rows.filter(pl.col("last") <= begins), cost)
    text = "cost of a request in ArkNill's sessions of 1 to 2 hours, over that in {} ones"
    return [
        Reading(text.format("shorter"), shorter, shorter < 1, "multiple"),
        Reading(text.format("longer"), longer, longer < 1, "multiple"),
    ]


def _fresh() -> list[Reading]:
    """Say how much of a fresh session's prompts is read from the cache, and written to it."""
    rows = facts("stages")
    short = rows.filter(pl.col("by") == "session of requests", pl.col("first") == 1)
    first = rows.filter(pl.col("by") == "quarter of the session", pl.col("first") == 1)
    turn = facts("turns").sort("turn").head(1)
    return [
        Reading("of the first of ArkNill's 990 prompts, read", 100 * turn["read_share"].item()),
        Reading("of sessions of 1 to 10 messages in #17084, read", 100 * short["hit_rate"].item()),
        Reading(
            "of the first quarter of ArkNill's sessions, written", 100 * first["write_share"].item()
        ),
    ]


def _own_linear(priced: pl.DataFrame, policy: str) -> list[Reading]:
    """Fit a line to the prompt in each stretch between two cuts of it, subagents' too."""
    fitted = fits(stretches(priced)).drop_nulls("line")
    if not fitted.height:
        return []
    which = (
        f"{count(fitted.height, 'stretch', 'es')} of {LONG_ENOUGH} requests or more, subagents' too"
    )
    line = value_of(fitted, pl.col("line").median())
    found = [Reading(f"median R² of a line, {which}", line, unit="number")]
    even, _ = slowing(fitted)
    if even is None:
        return found
    return [Reading(f"second halves' growth over first, {which}", even, unit="multiple"), *found]


def _own_increments(priced: pl.DataFrame, policy: str) -> list[Reading]:
    later = steps(priced).drop_nulls("previous_context_tokens")
    known = with_writes(priced)
    total = int(known["read_tokens"].sum()) + int(known["write_tokens"].sum())
    found = []
    if total:
        new = int(known["write_tokens"].sum()) / total
        found.append(Reading(f"of all requests, {_A_TURN}", 100 * new, unit="percent"))
    if later.height:
        longer = value_of(
            later, (pl.col("context_tokens") >= pl.col("previous_context_tokens")).mean()
        )
        text = "of requests with one before, prompt no shorter"
        found.append(Reading(text, 100 * longer, unit="percent"))
    return found


def _own_pile_up(priced: pl.DataFrame, policy: str) -> list[Reading]:
    fitted = fits(stretches(main_chains(priced))).drop_nulls("exponent")
    if not fitted.height:
        return []
    which = f"{count(fitted.height, 'stretch', 'es')} of main chains"
    text = f"median exponent of cumulative reads, {which}"
    return [Reading(text, value_of(fitted, pl.col("exponent").median()), unit="number")]


def _own_short_sessions(priced: pl.DataFrame, policy: str) -> list[Reading]:
    stretched = stretches(main_chains(priced))
    found = at_hours(replayable(stretched), pace(stretched), CARRY_OVER).drop_nulls("against")
    makings = {"against": "given", "written_against": "written by the model"}
    return [
        Reading(
            f"cost of prompts, ended after {r['hours']:.0f} h ({r['counted']}: {r['length']:,} "
            f"requests), carry-over {how}, over as logged",
            r[column],
            unit="multiple",
        )
        for column, how in makings.items()
        for r in found.to_dicts()
    ]


def _own_fresh(priced: pl.DataFrame, policy: str) -> list[Reading]:
    found = stages(stretches(main_chains(priced)), policy).filter(pl.col("stage") == "request 1")
    named = {
        "cache_share": "of dollars, first requests of main chains with a final output count",
        "write_share": "of tokens of first prompts, written",
        "hit_rate": "of tokens of first prompts, read",
    }
    values = {text: found[column] for column, text in named.items()}
    return [Reading(text, 100 * v.item()) for text, v in values.items() if v.count()]


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "linear": _linear,
    "increments": _increments,
    "pile-up": _pile_up,
    "short-sessions": _short_sessions,
    "fresh": _fresh,
}

YOURS: dict[str, Callable[[pl.DataFrame, str], list[Reading]]] = {
    "linear": _own_linear,
    "increments": _own_increments,
    "pile-up": _own_pile_up,
    "short-sessions": _own_short_sessions,
    "fresh": _own_fresh,
}
