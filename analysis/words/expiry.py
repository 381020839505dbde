"""Say how long gaps are, and what they lose."""

from __future__ import annotations

import polars as pl

from analysis.facts import case
from analysis.measures.expiry import LEAST_CONTEXT, LIFETIMES, breaks, whole_prompts
from analysis.measures.rebuilds import NEW_CHAIN
from analysis.words.numbers import count, part, share
from analysis.words.sources import published

GAPS = f"these logs and {published('gaps')}"
NAMES = {"5m": "five-minute", "1h": "one-hour"}
_SPANS = {300.0: "five minutes", 3_600.0: "an hour", 604_800.0: "a week"}
_BREAK = "gaps of five minutes to an hour"


def opening(gone_on: pl.DataFrame, rebuilt: pl.DataFrame) -> str:
    """Say what a gap of five minutes to an hour does, by lifetime."""
    away = breaks(gone_on)
    parts = [
        f"{part(int(some['lost'].sum()), some.height)} after {NAMES[life]} writes"
        for life in LIFETIMES
        if (some := away.filter(pl.col("lifetime") == life)).height
    ]
    if not parts:
        return f"These logs have no {_BREAK} that say how long their entries live."
    said = " and ".join(parts)
    return (
        f"Of {_BREAK}, **{said} lost the cache**: the next request read less than half of the "
        f"prompt before. {written_after(gone_on, rebuilt)}"
    )


def written_after(gone_on: pl.DataFrame, rebuilt: pl.DataFrame) -> str:
    """Say how much of what was written again, and of all writes, such gaps account for."""
    again = rebuilt.filter(
        pl.col("cause") == "expiry",
        pl.col("gap_seconds").is_between(LIFETIMES["5m"], LIFETIMES["1h"]),
    )
    tokens = int(again["rebuilt_tokens"].sum())
    all_again = int(rebuilt.filter(pl.col("cause") != NEW_CHAIN)["rebuilt_tokens"].sum())
    written = int(rebuilt["write_tokens"].sum())
    if not tokens or not all_again:
        return "No token was written again because of one."
    return (
        f"Entries that expired in such gaps are {share(tokens / all_again)} of the tokens "
        f"written again, and {share(tokens / written)} of all tokens written."
    )


def bound() -> str:
    """Say how often the published session can have written its whole prompt."""
    requests = case("session")["requests"].item()
    return (
        f"The published session has room for at most {whole_prompts():.1f} rebuilds of an average "
        f"prompt: all that it wrote is so many times the mean prompt of its {requests} requests "
        "(reads, writes and uncached input), and what is new in each request is written too."
    )


def returns(frame: pl.DataFrame) -> str:
    """Caption the returns by gap."""
    if frame.is_empty():
        return "No answer of a main conversation is followed for ten seconds, so none is drawn."
    at = {(r["gap_seconds"], r["trigger"]): r["share"] for r in frame.to_dicts()}
    last = float(frame["gap_seconds"].cast(pl.Float64).to_list()[-1])
    triggers = frame["trigger"].unique(maintain_order=True)
    led = (
        f"a person's prompt leads to it in {share(at[last, 'human turn'])}, the result of a tool "
        "in the rest"
        if "human turn" in triggers
        else "these logs have no prompts, so nobody knows what led to it"
    )
    spans = [(s, name) for s, name in _SPANS.items() if s <= last] or [(last, "the time watched")]
    returned = [share(sum(at[seconds, trigger] for trigger in triggers)) for seconds, _ in spans]
    first, *more = (f"within {name}" for _, name in spans)
    second = f" and {returned[1]} {more[0]}" if more else ""
    rest = f", {returned[2]} of them {more[1]}" if len(more) > 1 else ""
    return (
        f"The next request follows {returned[0]} of answers {first}{second}. "
        f"{count(frame['answers'][0], 'answer')}{rest}. Cumulative "
        f"incidence in the main conversation, from the answer's first line; {led}. What is above "
        "the colours has not returned by then, and at the right edge "
        "never does: the end of a conversation is a non-return, not the end of watching, which is "
        "the last line of these logs (estimator of Aalen and Johansen). Dashed: the two lifetimes."
    )


RETURNS_ALT = (
    "Two stacked areas over time on a log scale: requests after human turns below, those after "
    "tool results above them. Nearly all of the height is reached before five minutes."
)


def losses(frame: pl.DataFrame) -> str:
    """Caption the losses by gap."""
    seen = frame.filter(pl.col("requests") > 0)
    if seen.is_empty():
        return "No request in these logs goes on after a gap with a known lifetime."
    said = []
    for life, first in (("5m", "6 to 15 min"), ("1h", "over 65 min")):
        names = list(dict.fromkeys(frame["gap"]))
        late = seen.filter(
            pl.col("lifetime") == life, pl.col("gap").is_in(names[names.index(first) :])
        )
        if late.height:
            edge = {"5m": "six minutes", "1h": "65 minutes"}[life]
            said.append(f"in {_lost(late)} requests over {edge} after {NAMES[life]} writes")
    soon = seen.filter(gap="under 1 min")
    short = f", but within a minute in {_lost(soon)}" if soon.height else ""
    found = (
        f"The cache was lost {' and '.join(said)}{short}"
        if said
        else "No gap in these logs is longer than the lifetime of its writes"
    )
    return (
        f"{found}. Lost: less than half of the "
        "prompt before was read. Main conversations, the same model, a prompt not cut in half, and "
        f"{LEAST_CONTEXT:,} tokens or more before; lifetime of what was last written before. Bars: "
        "Wilson intervals at 90 %, which take requests for independent. Below: how many requests; "
        "nothing is drawn where there are none."
    )


def _lost(rows: pl.DataFrame) -> str:
    return part(int(rows["lost"].sum()), int(rows["requests"].sum()))


LOSSES_ALT = (
    "Dots by length of the gap, with intervals: circles after five-minute writes, which rise "
    "at five minutes, and diamonds after one-hour writes, which rise after an hour."
)


def losses_table(frame: pl.DataFrame) -> str:
    """Caption the table of losses."""
    requests, lost = int(frame["requests"].sum()), int(frame["lost"].sum())
    found = (
        f"Over gaps of every length, {share(lost / requests)} of {count(requests, 'request')} lost "
        "the cache"
        if requests
        else "No request in these logs goes on after a gap with a known lifetime"
    )
    return (
        f"{found}. The requests of [](#fig-expiry-losses), by gap and lifetime. Share: of requests "
        "that read less than half of the prompt before, with its Wilson interval at 90 %. Token "
        "share: of the tokens that both prompts have in common, those not read."
    )


def mean_writes(frame: pl.DataFrame) -> str:
    """Caption the mean writes by gap, published and own."""
    late = pl.col("gap").is_in(["5 to 10 min", "10 to 30 min", "over 30 min"])
    rate = pl.col("published_mean") * pl.col("published_requests")
    mean = rate.sum() / pl.col("published_requests").sum()
    times = frame.filter(late).select(mean).item() / frame.filter(~late).select(mean).item()
    return (
        f"In the account of #17084, a write after five minutes or more is {times:.1f} times as "
        "large as one before. Mean tokens written by a request, by the gap before it: as "
        "published, and in the main conversations of these logs, by the lifetime of what was last "
        "written before."
    )
