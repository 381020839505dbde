"""Say what is found, each finding so that it can be read alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl

from analysis.measures.data import NO_VERSION
from analysis.measures.front import GONE, miscounted
from analysis.measures.published import published_share
from analysis.measures.reconstruct import ALL
from analysis.words.counterfactual import times
from analysis.words.numbers import FEW, count, extent, part, share

Row = Mapping[str, Any]

#: Rows of `measures.front.numbers`, by their measure.
Rows = Mapping[str, Row]


class Finding(NamedTuple):
    """One finding: a heading, a number and the sentence that goes on from it, how sure it is.

    `labels` are the figures that show it. Texts are Markdown of one line.
    """

    title: str
    number: str
    said: str
    band: str
    definition: str
    labels: tuple[str, ...]


def cache(rows: Rows, here: str) -> Finding:
    """Say what share of dollars is the cache, and of tokens."""
    dollars, logged, tokens = (rows[f"{name}-share"] for name in ("cache", "logged", "token"))
    title, labels = "The cache's share of the cost", ("fig-margin-positions",)
    known = f"Of tokens they are {share(tokens['value'])}."
    value, band = dollars["value"], between(dollars, "90 % band: {}.")
    if logged["value"] is None:
        said = f"of dollars, because no request in {here} has a price. {known}"
        return Finding(
            title,
            "no share",
            said.replace("they", "cache reads and writes"),
            "",
            "Cache reads and writes, as a share of tokens.",
            labels,
        )
    published = f"The published figure is {share(published_share())}, output as logged."
    if value is None:
        value, band = logged["value"], "No band: this policy counts lines, not requests."
    definition = "Reads and writes together"
    if dollars["low"] is not None:
        definition += (
            ", output reconstructed where the log lacks its final count; "
            f"as logged, {share(logged['value'])}"
        )
    said = f"**of list-price dollars are cache reads and writes.** {published} {known}"
    sure = band or "No band: nothing had to be reconstructed."
    return Finding(title, share(value), said, sure, f"{definition}.", labels)


def counter(eras: pl.DataFrame, here: str) -> Finding:
    """Say which client versions logged too little output, and what that did to the share.

    Parameters
    ----------
    eras
        `measures.reconstruct.by_era`.
    """
    title, labels = "What the logs miscounted", ("fig-margin-eras",)
    known = eras.filter(pl.col("era") != ALL, pl.col("share").is_not_null())
    if known.is_empty():
        said = (
            f"of answers can be checked: no request in {here} has a price and a count of its own."
        )
        return Finding(title, "no count", said, "", "", labels)
    short = miscounted(eras).to_dicts()
    if not short:
        said = (
            f"**of the {count(known.height, 'stretch', 'es')} of client versions in {here} is seen "
            "to miscount output.** Other versions do, and a share from their logs is too high."
        )
        return Finding(title, "none", said, "", "Output logged, of output reconstructed.", labels)
    worst, *others = short
    said = (
        f"**of output tokens are missing from the logs {_of(worst['era'])}**: they hold "
        f"{_tokens(worst['mean_output_tokens'])} a request, where about "
        f"{_tokens(worst['mean_expected_tokens'])} were written. So the cache seems to be "
        f"{share(worst['logged_share'])} of dollars there, and is {share(worst['share'])}."
    )
    band = between(worst, f"90 % band of the {share(worst['share'])}: {{}}.")
    definition = "Written: reconstructed from the lengths of an answer's parts"
    if others:
        listed = ", ".join(f"{_missing(r['held_share'], 0)} {_when(r['era'])}" for r in others)
        definition += f". Missing elsewhere: {listed}"
    return Finding(title, _missing(worst["held_share"]), said, band, f"{definition}.", labels)


def bare(rows: Rows, here: str) -> Finding:
    """Say what the same work would have cost without a cache."""
    row = rows["without-cache"]
    title, labels = "Without a cache", ("fig-counterfactual-uncached",)
    if row["value"] is None:
        said = f"to compare with: no request in {here} has a price."
        return Finding(title, "no bill", said, "", "", labels)
    said = (
        "**the price, had there been no cache**: the same answers, and every token of the same "
        "prompts as uncached input."
    )
    band = between(row, "90 % band: {}.", times) or "No band: nothing had to be reconstructed."
    definition = "Times the bill at list price"
    definition += ", output reconstructed in both." if row["low"] is not None else "."
    return Finding(title, times(row["value"]), said, band, definition, labels)


_LIVES = {"5m": "five minutes", "1h": "one hour"}


def expiry(rows: Rows, here: str) -> Finding:
    """Say how sharp the two lifetimes are."""
    title, labels = "When the cache expires", ("fig-expiry-losses",)
    past = {life: rows[f"lost-{life}-past"] for life in _LIVES}
    seen = {life: row for life, row in past.items() if row["value"] is not None}
    if not seen:
        known = "the lifetime of what was written, where it is known"
        said = f"in {here} is longer than {known}, so none is seen to end."
        return Finding(title, "no gap", said, "", "", labels)
    first, *second = seen
    said = (
        f"**{'' if seen[first]['count'] < FEW else 'of '}prompts cached for {_LIVES[first]} were "
        f"lost after {_gone(first)} unused**{_soon(rows, first)}."
    )
    for life in second:
        said += (
            f" Cached for {_LIVES[life]}: {_lost(seen[life])} after "
            f"{_gone(life)}{_soon(rows, life)}."
        )
    each = ", ".join(
        f"{extent((row['low'], row['high']))} of {row['count']:,}" for row in seen.values()
    )
    definition = "Lost: the next request read less than half of the prompt before it."
    number = _lost(seen[first])
    return Finding(title, number, said, f"90 % interval: {each}.", definition, labels)


def _gone(life: str) -> str:
    """Say when nothing is left.

    >>> _gone("1h")
    '65 minutes'
    """
    return count(GONE[life] // 60, "minute")


def _soon(rows: Rows, life: str) -> str:
    within = rows[f"lost-{life}-within"]
    return "" if within["value"] is None else f", and {_lost(within)} within {_LIVES[life]}"


def _lost(row: Row) -> str:
    r"""Write a share of gaps; of few gaps, how many.

    >>> _lost({"value": 1.0, "count": 4}), _lost({"value": 0.5, "count": 10})
    ('4 of 4', '50.0\u202f%')
    """
    value, whole = row["value"], row["count"]
    return part(round(value * whole), whole) if whole < FEW else share(value)


def _missing(held: float, decimals: int = 1) -> str:
    r"""Write the share of output that a log lacks; never all of it where it has some.

    >>> _missing(0.009), _missing(0.0001), _missing(0.2, 0)
    ('99.1\u202f%', 'over 99.9\u202f%', '80\u202f%')
    """
    step = 10.0**-decimals
    if 0 < 100 * held < step / 2:
        return f"over {share(1 - step / 100, decimals)}"
    return share(1 - held, decimals)


def _tokens(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _of(era: str) -> str:
    return "that name no version" if era == NO_VERSION else f"of client versions {era}"


def _when(era: str) -> str:
    if era == NO_VERSION:
        return "without a version"
    return era if era.startswith(("before", "from")) else f"in {era}"


def between(row: Row, form: str, write: Any = share) -> str:
    """Write an interval into a text; nothing where there is none."""
    return form.format(extent((row["low"], row["high"]), write)) if row["low"] is not None else ""
