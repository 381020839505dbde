"""Say what other lifetimes of the cache would serve and cost."""

from __future__ import annotations

import polars as pl

from analysis.facts import case, facts
from analysis.measures.lifetimes import rule
from analysis.measures.resample import FEWEST, LEVEL
from analysis.words.numbers import count, day, share, usd
from analysis.words.sources import published

POPULATION = f"these logs and {published('hits')}"
_NAMES = {60: "a minute", 300: "five minutes", 3_600: "an hour"}


def hits(frame: pl.DataFrame, beside: pl.DataFrame, sessions: int) -> str:
    """Caption the hits by lifetime."""
    own, users = beside.drop_nulls("share"), facts("hits")["users"][0]
    theirs = ", ".join(share(value) for value in beside["published"])
    if own.is_empty():
        return f"No request in these logs goes on from another; the published shares are {theirs}."
    mine = ", ".join(
        f"{share(r['share'])} at {_NAMES[int(r['lifetime_seconds'])]}" for r in own.to_dicts()
    )
    bars = (
        f"Bars: {LEVEL:.0%} of draws of {sessions:,} sessions.".replace("%", " %")
        if own["low"].null_count() == 0
        else f"No intervals: fewer than {FEWEST} sessions."
    )
    return (
        f"A cache that keeps entries for five minutes would have served {_at(own, 'share')} of "
        f"prompt tokens, and {_at(beside, 'published')} for a published population. Of prompt "
        f"tokens that came after another request: {mine}; for {users} published users {theirs}. Of "
        "returns alone: what is never asked again "
        "needs no cache and has no part in it. Weighted by tokens; an entry is lost to time "
        "alone, and holds what two prompts have in common. All conversations, subagents too; the "
        f"same model, a prompt not cut in half. {bars} Dashed: the two lifetimes on sale. The "
        "published share at five minutes is read off a curve."
    )


def _at(rows: pl.DataFrame, column: str) -> str:
    """Return the share at five minutes."""
    return share(rows.filter(lifetime_seconds=300.0)[column].item())


HITS_ALT = (
    "A curve that rises with the lifetime of an entry, on a log scale from ten seconds to a day, "
    "steeply before five minutes and little after an hour; three published shares as diamonds."
)


def hits_table(beside: pl.DataFrame) -> str:
    """Caption the table of hits at the published lifetimes."""
    rises = beside.filter(pl.col("lifetime_seconds").is_in([300.0, 3_600.0])).select(
        pl.col("share", "published").diff().last() * 100
    )
    own, theirs = rises.row(0)
    found = (
        f"An hour would serve {own:.1f} points more of these prompt tokens than five minutes, and "
        f"{theirs:.1f} more of the published population's"
        if own is not None
        else f"An hour serves {theirs:.1f} points more of the published population's prompt tokens "
        "than five minutes"
    )
    return f"{found}. In these logs with the interval of [](#fig-expiry-hits). Lifetime in seconds."


def break_even(frame: pl.DataFrame) -> str:
    """Caption the price of writes at which each lifetime breaks even."""
    at = {r["lifetime_seconds"]: r for r in frame.to_dicts()}
    if 3600.0 not in at:
        return (
            "No request here writes to the cache for a known lifetime at a known price, so none is "
            "seen to break even."
        )
    hour, even = at[3600.0]["listed"], at[3600.0]["multiple"]
    verdict = "cheaper" if hour < even else "dearer"
    return (
        f"One hour would be worth {even:.2f} times the input price for a written token, and the "
        f"list asks {hour:.2f}: on these logs it is {verdict} than five minutes. The curve is the "
        "multiple of the input price at which all writes and reads of these requests, with entries "
        "that live so long, cost what they do at five minutes. Entries are lost to time alone. "
        "Two lifetimes have a price (dashed); between and beyond them no list sells any."
    )


BREAK_EVEN_ALT = (
    "A curve that rises with the lifetime of an entry, through the listed price at five minutes; "
    "the listed price at one hour is a diamond."
)


def sessions(frame: pl.DataFrame) -> str:
    """Caption the gain of one hour by session."""
    if frame.is_empty():
        return (
            "No session has writes with a known lifetime and price, so none is seen to gain or "
            "lose by another."
        )
    gain = (frame["saved_nano"] - frame["extra_nano"]) / 1e9
    won = frame["hour_wins"]
    total, best = float(gain.sum()), float(gain.filter(won).sum())
    whole = count(frame.height, "session")
    model, on = case("session").select("model", "price_day").row(0)
    again, longer = rule(model, on)
    word = "gain" if total >= 0 else "lose"
    return (
        f"One hour is cheaper than five minutes in {won.sum():,} of {whole}. All of them at one "
        f"hour instead of five minutes would {word} {usd(abs(total))}; choosing the better of the "
        f"two in each session would gain {usd(best)} over five minutes. Entries are lost to time "
        "alone here; [](#tab-counterfactual-scenarios) lets stand what these logs lost and kept "
        "otherwise, and comes to other sums. The rule: one hour wins where gaps of five minutes "
        f"to an hour would make five minutes write again over {longer / again:.2f} of the tokens "
        f"that one hour writes (the difference of the two write prices, {longer:.2f} of input, "
        f"over a five-minute write less a read, {again:.2f}, at the list of {day(on)}). Each "
        "request at its own prices."
    )


SESSIONS_ALT = (
    "A bar for each session, sorted: upward, what one hour instead of five minutes saves; "
    "downward, what it costs more."
)
