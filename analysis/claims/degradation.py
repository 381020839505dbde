"""Checks of what is claimed of long sessions: published, and from your logs."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading, value_of
from analysis.facts import case, facts
from analysis.measures.along import headline
from analysis.measures.attention import largest_window, published
from analysis.measures.degradation import units
from analysis.measures.reports import SECTION
from analysis.measures.within import Slope

_TENS_OF_MILLIONS = (10_000_000, 100_000_000)  # tokens
_INSTRUCTION = 100  # tokens, the most that "some tens" can be
_MOST = 0.5  # of something: what most of it does
_SEVERITIES = r"\b(?:P\d|sev(?:erity)?[-: ]?\w+)\b"  # labels that a tracker has for severity


def _cited() -> pl.DataFrame:
    """Return the issues that the section on long sessions cites."""
    return facts("issues").filter(pl.col("section").str.split(" ").list.contains(SECTION))


def _independent() -> list[Reading]:
    """Ask whether the cited issues say that quality falls with the length of a session.

    An issue whose text could not be read may say so or not: a share has bounds, and no verdict
    while they lie on both sides of one half.
    """
    rows, about = _cited(), pl.col("about_session_length")
    told, beside = about == "yes", about.is_in(["yes", "partly"])
    return [
        *_bounded(rows, told, "say that quality falls with length"),
        *_bounded(rows, beside, "name long or compacted sessions"),
    ]


def _bounded(rows: pl.DataFrame, says: pl.Expr, what: str) -> list[Reading]:
    """Return the least and the largest share that says something; both must be most to hold."""
    shares = [value_of(rows, says.fill_null(value).mean()) for value in (False, True)]
    unread = value_of(rows, says.is_null().sum())
    said = "" if (min(shares) > _MOST) == (max(shares) > _MOST) else ": undecided"
    ends = ("at least", f"at most, with {unread:.0f} unread{said}")
    return [
        Reading(
            f"of {rows.height} cited issues, {what}, {end}",
            100 * share,
            min(shares) > _MOST,
            "percent",
        )
        for end, share in zip(ends, shares, strict=True)
    ]


def _severity() -> list[Reading]:
    """Ask whether the tracker gives #29230 a severity, or its filer does."""
    row = facts("issues").filter(pl.col("issue") == 29230)
    labelled = value_of(row, pl.col("labels").str.count_matches(_SEVERITIES).sum())
    own = value_of(row, (pl.col("severity") == "P1").fill_null(False).sum())
    return [
        Reading("labels of the tracker with a severity", labelled, labelled > 0, "count"),
        Reading("a P1 that the filer gave it", own, own > 0, "count"),
    ]


def _piled_up() -> list[Reading]:
    """Ask whether a long session's reads add up to tens of millions."""
    reads = value_of(case("session"), pl.col("read_tokens"))
    low, high = _TENS_OF_MILLIONS
    return [Reading("reads of the published session, in sum", reads, low <= reads < high, "tokens")]


def _attention() -> list[Reading]:
    """Ask whether a model sees tens of millions of tokens at once, or else far more than asked."""
    seen = [
        Reading(
            f"reads over {row['requests']} requests: what one of them sees",
            row["seen_tokens"],
            row["seen_tokens"] >= _TENS_OF_MILLIONS[0],
            "tokens",
        )
        for row in published().to_dicts()
    ]
    window = largest_window()
    text = "the largest window of any model"
    least = min(row["seen_tokens"] for row in published().to_dicts()) / _INSTRUCTION
    return [
        *seen,
        Reading(text, window, window >= _TENS_OF_MILLIONS[0], "tokens"),
        Reading(
            f"mean prompt over an instruction of {_INSTRUCTION} tokens: more in number; attention "
            "itself nobody measured",
            least,
            least > 1,
            "ratio",
        ),
    ]


def _obeys() -> list[Reading]:
    """Ask whether it was measured that instructions are followed better in a fresh session."""
    rows = facts("long-contexts")
    worse = pl.col("direction") == "worse"
    client = rows.filter(pl.col("claude_code") == "yes")
    told = rows.filter(pl.col("asks_for") == "instructions")
    shares = [value_of(some, worse.mean()) for some in (told, rows)]
    return [
        Reading("measured in sessions of Claude Code", client.height, client.height > 0, "count"),
        Reading(
            f"of {told.height} measurements of instructions along conversations, worse later",
            100 * shares[0],
            shares[0] > _MOST,
            "percent",
        ),
        Reading(
            f"of {rows.height} measurements of models at any task, most do worse with more turns "
            "or tokens",
            100 * shares[1],
            shares[1] > _MOST,
            "percent",
        ),
    ]


def _own_obeys(requests: pl.DataFrame, events: pl.DataFrame) -> list[Reading]:
    """Return how the rate of failed tool calls moves within sessions, a proxy at best."""
    made = units(requests, events)
    ways = {"context": "100,000 tokens", "progress": "100 requests"}
    found = []
    for by, more in ways.items():
        slope = headline(made, by=by)
        if slope.value is not None:
            text = f"points that failed tool calls change by within sessions, for {more} more"
            found.append(Reading(f"{text}{_band(slope)}", 100 * slope.value, unit="number"))
    return found


def _band(slope: Slope) -> str:
    low, high, _ = slope.interval
    if low is None or high is None:
        return ", too few sessions for an interval"
    return f" (90 % interval by {slope.cluster} {100 * low:+.2f} to {100 * high:+.2f})"


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "independent": _independent,
    "severity": _severity,
    "piled-up": _piled_up,
    "attention": _attention,
    "obeys": _obeys,
}

#: From the reader's requests and events.
LOGGED: dict[str, Callable[[pl.DataFrame, pl.DataFrame], list[Reading]]] = {"obeys": _own_obeys}
