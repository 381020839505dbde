"""Say what the write-up's advice comes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from analysis.params import notebooks
from analysis.words.numbers import count, extent
from analysis.words.scorecard import number

ADVICE = "`data/raw/facts/claims.csv`, published figures, and these logs"

#: Claims of the text's section on advice, by recommendation.
ADVISED = {
    "T11.1": "1. Monitor costs",
    "T11.2": "2. Keep sessions short",
    "T11.3": "2. Keep sessions short",
    "T11.4": "2. Keep sessions short",
    "T11.5": "3. Minimise CLAUDE.md",
    "T11.6": "4. Verify what it claims",
    "T11.7": "5. Understand the subscription",
}

#: What verdicts come to, in the words of the caption.
FOUND = {
    ("exact", "rounding"): "as printed",
    ("definition",): "under another definition than the text's",
    ("differs", "unsupported"): "not borne out",
    ("quoted", "unreached", "pending"): "not checked",
    ("opinion",): "advice, which nothing can confirm or refute",
}


def advice(card: pl.DataFrame) -> pl.DataFrame:
    """Return what stands below each recommendation, with what was found.

    Parameters
    ----------
    card
        `measures.scorecard.scorecard`.
    """
    rows = [_advised(row) for row in card.filter(pl.col("claim").is_in(list(ADVISED))).to_dicts()]
    columns = ("advice", "what it rests on", "verdict", "ours", "these logs", "chapter")
    return pl.DataFrame(rows, dict.fromkeys(columns, pl.String))


def _advised(row: Mapping[str, Any]) -> dict[str, str | None]:
    return {
        "advice": ADVISED[row["claim"]],
        "what it rests on": f"{row['says']} ([](#claim-{row['claim'].lower().replace('.', '-')}))",
        "verdict": f"**{row['verdict']}**",
        "ours": _first(row["ours"]) or row["lacks"],
        "these logs": _first(row["yours"]),
        "chapter": link(row["chapter"]),
    }


def _first(found: list[dict[str, Any]]) -> str | None:
    """Write the first reading, and how far all of its unit go."""
    if not found:
        return None
    first, unit = found[0], found[0]["unit"]
    told = f"{number(first['value'], unit)}: {first['definition']}"
    alike = [r["value"] for r in found if r["unit"] == unit]
    if len(alike) == 1:
        return told
    return f"{told}; {count(len(alike), 'reading')}, {extent(alike, lambda v: number(v, unit))}"


def link(chapter: str) -> str:
    """Return a link to a chapter, or its name where it is not in the report."""
    built = {notebook.stem for notebook in notebooks()}
    return f"[](#{chapter})" if chapter in built else chapter


def advice_caption(card: pl.DataFrame) -> str:
    """Caption the advice."""
    rows = card.filter(pl.col("claim").is_in(list(ADVISED)))
    counted = {told: _having(rows, words) for words, told in FOUND.items()}
    first = "as printed"
    said = "; ".join(
        f"{found or 'none'} {told}" for told, found in counted.items() if found or told == first
    )
    return (
        f"Of {count(rows.height, 'statement')} below the five recommendations: {said}. Ours: "
        "from published figures, the first reading and how far all go. These logs: a "
        "like measure on the logs at hand, which has no part in the verdict. The "
        "reasons are in the chapter named."
    )


TOOL = (
    "The write-up advises to compare the columns *API Cost* and *Total Cost* of its author's tool. "
    "The tool has no column of the second name: it prints `API Cost (USD)` and `Cost (USD)`, and "
    "the second is the sum of input, output and cache at list price. Both are list prices, so for "
    "a subscriber neither is a bill; and the tool keeps the first copy of each request, whose "
    "output may be a placeholder, which makes the cache's share look larger than it is "
    "([](#03-margin))."
)


def _having(rows: pl.DataFrame, words: tuple[str, ...]) -> int:
    return rows.filter(pl.col("verdict").is_in(words)).height


def context() -> str:
    """Say where the advice on context files is tried."""
    return (
        "What such a file costs is its tokens times the requests that "
        "read it, mostly at the price of a read; what it is worth was measured by others. Both "
        f"are in {link('08-context-files')}."
    )


def elsewhere() -> str:
    """Say where the last two recommendations are tried."""
    return (
        f"Error rates by length of session are in {link('07-degradation')}, what is known of how "
        f"reads weigh in a plan's quota in {link('06-quota')}."
    )
