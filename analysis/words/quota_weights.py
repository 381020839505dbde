"""Say what public figures there are of a cache read's weight in a quota."""

from __future__ import annotations

import datetime as dt

import polars as pl

from analysis.words.numbers import count, day
from analysis.words.quota_labels import dated
from analysis.words.sources import published

SOURCE = published("quota-weights", "disclosures")

_HALF = 0.5  # a weight nearer to one than to nothing


def weights(frame: pl.DataFrame, written: dt.date) -> str:
    """Caption the dated weights.

    Parameters
    ----------
    frame
        `measures.quota_weights.weights`.
    written
        Day of the write-up.
    """
    plan = frame.filter(pl.col("known") != "rule")
    figures = plan.drop_nulls("weight")
    read = plan.filter(pl.col("known") == "no").row(0, named=True)
    guessed = figures.filter(pl.col("known") == "yes")
    full, free = (guessed.filter(pl.col("weight") == value) for value in (1, 0))
    before = figures.filter(pl.col("day") <= written)
    near = before.filter(pl.col("weight") > _HALF).height or "none"
    said = plan.filter(pl.col("known") == "asserted")
    asserted = said.filter(pl.col("day") <= written).height
    authors = count(figures["author"].n_unique(), "author")
    first = [day(min(some["day"])) for some in (free, full)]
    return (
        f"Of {count(figures.height, 'public figure')} of a read's weight in a quota that we found, "
        f"one is read off the meter and says {read['weight']:g}; {full.height} inferred from usage "
        f"say one, {free.height} nought. They are of {authors} at most; "
        "hypotheses of one author count each. When the write-up said that reads count "
        f"fully, on {day(written)}, there was {count(before.height, 'figure')}, and {near} near "
        f"one; {count(asserted, 'report')} asserted it without a weight. The meter was read in "
        f"{read['day']:%B %Y}; nought was first inferred on {first[0]}, one on {first[1]}. Listed: "
        "what the issue tracker and the pages that it cites say of a read's weight in a plan's "
        "quota, as a number, as an assertion, or as data to tell it by; what we did not find is "
        "missing. An input token weighs one; by list price a read is a tenth of it. Dotted: data "
        "that cannot tell. Diamonds: Anthropic's rules for the API and for Projects of claude.ai, "
        "where reads do not count; neither is Claude Code."
    )


def weights_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the dated weights."""
    listed = "; ".join(f"{dated(row)}, {_mark(row)}" for row in frame.to_dicts())
    return f"A mark in each row between free and in full, by day downwards. {listed}."


def _mark(row: dict[str, object]) -> str:
    if row["known"] == "asserted":
        return "asserted, no number"
    return "cannot tell" if row["weight"] is None else f"{row['weight']:g}"
