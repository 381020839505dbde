"""Checks of what is claimed of funding and partners, from what is published."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading
from analysis.measures.funding import (
    FAR,
    assured,
    partners,
    ranking,
    rounds,
    statements,
    sums,
)


def _raised() -> list[Reading]:
    return [Reading("raised before + series G", rounds()["raised_usd"][-1])]


def _number() -> list[Reading]:
    return [Reading("rounds before + 1", rounds()["number"][-1])]


def _exceeds() -> list[Reading]:
    names = {
        "all": "known commitments over all investments, as if the rest were nothing",
        "all_low": "the same, at the lower estimate of a gigawatt's chips",
        "all_overlap": "as the first, if what Microsoft and Nvidia are owed overlaps entirely",
        "both": "commitment over investment, partners with dollars on both sides alone",
        "overlap": "the same, with the overlap",
    }
    found = sums()
    return [Reading(text, found[key], found[key] >= FAR, "multiple") for key, text in names.items()]


def _regardless() -> list[Reading]:
    """Ask to whom enough is published as paid ahead, or guaranteed by others than Anthropic."""
    rows = partners()
    whole = rows.filter(pl.col("state") == "text").height
    found = assured(rows).height
    text = f"of {whole} partners, with a published sum that covers the investment without Anthropic"
    return [Reading(text, found, found == whole, "count")]


def _endorsed() -> list[Reading]:
    """Look for one public statement that refutes it."""
    found = ranking(statements()).height
    text = "partners' public statements before the text that rank a Claude model above others"
    return [Reading(text, found, found == 0)]


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "raised": _raised,
    "rounds": _number,
    "commitments": _exceeds,
    "regardless": _regardless,
    "endorsed": _endorsed,
}
