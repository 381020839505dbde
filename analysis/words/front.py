"""Say what the report finds, on its first screen."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from analysis.facts import facts
from analysis.measures.published import published_share
from analysis.measures.reconstruct import ALL
from analysis.words import findings as of
from analysis.words.findings import Finding
from analysis.words.numbers import NARROW_SPACE, count, day, extent, share
from analysis.words.scorecard import CONTRADICTED, FAIL, HOLD, UNCARRIED
from analysis.words.unknown import unknown

INVOICE = "Dollars are list-price dollars, not your invoice."
#: What the words of every finding mean, for who has not met them.
CACHE = (
    "An agent sends its whole conversation with every request. What the provider has kept of it, "
    "the prompt cache, is billed as a cache read, below the price of input; what it is told to "
    "keep, as a cache write, above it."
)
PUBLIC = "public-sessions"


def findings(numbers: pl.DataFrame, eras: pl.DataFrame | None, here: str) -> list[Finding]:
    """Write the five findings; one whose chapter is not there is left out.

    Parameters
    ----------
    numbers
        `measures.front.numbers`.
    eras
        `measures.reconstruct.by_era`, or None.
    here
        What they are of: `these sessions`, `these logs`.
    """
    rows = {row["measure"]: row for row in numbers.to_dicts()}
    requests = rows["token-share"]["count"]
    of_requests = (
        of.cache(rows, here) if "cache-share" in rows else None,
        of.counter(eras, here) if eras is not None else None,
        of.bare(rows, here) if "without-cache" in rows else None,
        of.expiry(rows, here) if "lost-5m-past" in rows else None,
    )
    found = [f if requests else _empty(f, here) for f in of_requests if f is not None]
    if "read-weight" in rows and "read-margin" in rows:
        found.append(unknown(rows, here))
    return found


def _empty(finding: Finding, here: str) -> Finding:
    """Say of a finding that there is no request to find it in."""
    said = f"in {here}, so there is nothing to say of this."
    return finding._replace(number="no request", said=said, band="", definition="")


def of_public() -> str:
    """Say what the public sessions are."""
    row = facts(PUBLIC).row(0, named=True)
    homes = len(re.findall(r"\S+/\S+", row["source"]))
    return (
        f"{count(row['all_requests'], 'request')}, {_days(row)}, from {homes} public repositories."
    )


def _days(row: Mapping[str, Any]) -> str:
    return f"{day(row['from_day'])} to {day(row['until_day'])}"


def _sessions() -> str:
    return count(facts(PUBLIC)["sessions"][0], "public Claude Code session")


def public_title() -> str:
    """Name the public sessions."""
    return f"In {_sessions()}"


def own_title(synthetic: bool, reconstruction: bool) -> str:
    """Name the reader's logs, and say what they are not."""
    if synthetic:
        return "In these logs, which are synthetic"
    return "In these logs, a reconstruction among them" if reconstruction else "In these logs"


#: What is said of logs that are the public sessions, whose five are not said twice.
SAME = "These logs are the public sessions above, number by number. The figures that show them:"


def verdicts_title(card: pl.DataFrame) -> str:
    """Say how many claims have a verdict.

    Parameters
    ----------
    card
        `measures.scorecard.tiles`.
    """
    return f"What became of {count(card.height, 'published claim')}"


def verdicts_said(card: pl.DataFrame) -> str:
    """Sum the verdicts up, in Markdown; what fails is not lumped with what nothing can carry.

    Parameters
    ----------
    card
        `measures.scorecard.tiles`.
    """
    verdict = pl.col("verdict")
    parts = (
        (verdict.is_in(HOLD), "hold as they stand"),
        (verdict == "definition", "hold under another definition than the text's"),
        (CONTRADICTED, "are contradicted by what was computed or found"),
        (UNCARRIED, "have nothing published to carry them (both: *differs* and *unsupported*)"),
        (~verdict.is_in((*HOLD, "definition", *FAIL)), "are others' words, or views"),
    )
    *listed, last = (f"{card.filter(which).height:,} {said}" for which, said in parts)
    return (
        f"Claims of {write_up('technical')}, of its companion {write_up('companion')}, and of "
        f"{write_up('business')}, checked by code: {', '.join(listed)}, and {last}."
    )


def write_up(text: str) -> str:
    r"""Name a write-up under test in Markdown: its title, where it is, and its day or month.

    Examples
    --------
    >>> write_up("business")
    '*Anthropic Has a Business Model Problem* (pricingcode.substack.com, March 2026)'
    """
    row = facts("write-ups").row(by_predicate=pl.col("text") == text, named=True)
    site, told = row["source"].partition(";")[0].split(", ")
    published: dt.date = row["published_day"]
    when = day(published) if told == published.isoformat() else f"{published:%B %Y}"
    return f"*{row['title']}* ({site}, {when})"


def hero(eras: pl.DataFrame) -> dict[str, Any]:
    """Write the eras of public sessions as rows of a picture, places in percent of its width.

    Parameters
    ----------
    eras
        `measures.reconstruct.by_era`.

    Returns
    -------
    dict
        `title`, `alt`, `source` (Markdown), `published` and `ticks` (each a `text` at a place),
        and `rows`.
    """
    seen = eras.filter(pl.col("share").is_not_null())
    bottom = min(seen["low"].min(), seen["share"].min(), published_share())  # type: ignore[type-var]
    first = int(float(bottom) * 100 / _TICK) * _TICK  # type: ignore[arg-type]

    def at(value: float) -> str:
        return f"{100 * (100 * value - first) / (100 - first):.2f}"

    def row(era: dict[str, Any]) -> dict[str, Any]:
        found = {"name": "All" if era["era"] == ALL else era["era"], "whole": era["era"] == ALL}
        if era["share"] is None:
            return found | {"of": "no session"}
        return found | {
            "of": count(era["sessions"], "session"),
            "logged": share(era["logged_share"]),
            "share": share(era["share"]),
            "at": {n: at(era[n]) for n in ("logged_share", "share", "low", "high")},
        }

    listed = "; ".join(
        f"{r['era']} {share(r['logged_share'])} logged, {share(r['share'])} reconstructed "
        f"({extent((r['low'], r['high']))})"
        for r in seen.to_dicts()
    )
    printed = published_share()
    return {
        "title": _hero_title(seen.filter(pl.col("era") != ALL)),
        "alt": f"Two dots in each row of client versions, of public sessions: {listed}; a dashed "
        f"line at {share(printed)}.",
        "source": f"Source: {_sessions()}, {_days(facts(PUBLIC).row(0, named=True))}, row by row "
        f"in `data/raw/facts/public-eras.csv`.{_twice(eras)} Dashed: as published in "
        f"{write_up('technical')}.",
        "published": {"text": f"published {share(printed)}", "at": at(printed)},
        "ticks": [
            {"text": f"{n}{NARROW_SPACE}%", "at": at(n / 100)} for n in range(first, 101, _TICK)
        ],
        "rows": [row(era) for era in eras.to_dicts()],
    }


def _twice(eras: pl.DataFrame) -> str:
    """Say that rows share sessions, where they do."""
    whole = pl.col("era") == ALL
    alone, together = (eras.filter(which)["sessions"].sum() for which in (~whole, whole))
    return " A session of two versions is in both rows." if alone > together else ""


_TICK = 5  # points of a share
_STEADY = 0.5  # a spread of shares this much narrower than before is said to be the counter's


def _hero_title(eras: pl.DataFrame) -> str:
    logged, true = (float(eras[n].max() - eras[n].min()) for n in ("logged_share", "share"))  # type: ignore[operator,arg-type]
    apart = (
        "from one client version to another, the cache's share of dollars moves by "
        f"{100 * logged:.1f} points as logged, and by {100 * true:.1f} with output reconstructed."
    )
    if true <= _STEADY * logged:
        return f"The counter changed, not the cache: {apart}"
    return f"{apart[0].upper()}{apart[1:]}"
