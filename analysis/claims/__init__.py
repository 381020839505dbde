"""What the write-ups claim, and the verdict on each: a comparison that code makes.

`data/raw/facts/claims.csv` has a row for every claim: where it stands, what it says in our words,
the number it prints. What we compute for it is in `analysis.measures.scorecard`.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import polars as pl

from analysis.facts import facts

#: Every verdict, in the order they are shown, and when it is given.
VERDICTS = {
    "exact": "computed, and equal to the last digit; a statement that the data bear out",
    "rounding": "computed, and equal once rounded to the printed digits",
    "definition": "not under the text's own definition, but under another, which is named",
    "differs": "computed, and not equal under any definition we know",
    "unsupported": "the data contradict it, or nothing that is published can carry it",
    "quoted": "somebody's number or words; the source was seen, and cannot be recomputed",
    "unreached": "somebody's number or words; the source could not be read",
    "opinion": "a view, a forecast or advice: nothing to compute",
    "pending": "not checked yet; the chapter that will is named",
}


class Reading(NamedTuple):
    """One way to read a claim: what is computed, what it gives, whether that agrees.

    `holds` is for statements without a number; a printed number is compared with `value`. `unit`
    is given where it is not the claim's own.
    """

    definition: str
    value: float
    holds: bool | None = None
    unit: str = ""


class Verdict(NamedTuple):
    """A verdict, and the definition that it rests on."""

    word: str
    definition: str


def claims() -> pl.DataFrame:
    """Return every claim of the write-ups and of the companion article.

    Returns
    -------
    pl.DataFrame
        One row per claim, in the order of the texts; columns as in `data/raw/facts/README.md`.

    Examples
    --------
    >>> claims().filter(pl.col("printed") == 97.7)["unit"].unique().to_list()
    ['percent']
    """
    text = ("printed", "step", "weight", "check", "lacks", "against", "shown", "source")
    frame = facts("claims").with_columns(pl.col(text).cast(pl.String))
    return frame.with_columns(pl.col("printed", "step").cast(pl.Float64))


def value_of(frame: pl.DataFrame, value: pl.Expr) -> float:
    """Compute one number of a frame.

    Examples
    --------
    >>> value_of(pl.DataFrame({"tokens": [1, 2]}), pl.col("tokens").sum())
    3.0
    """
    return float(frame.select(value).item())


def judge(claim: dict[str, Any], readings: list[Reading]) -> Verdict:
    """Return the verdict on one claim.

    Parameters
    ----------
    claim
        A row of `claims`.
    readings
        What was computed for it, the text's own definition first; empty when nothing was.

    Examples
    --------
    >>> claim = {"kind": "number", "printed": 43.0, "step": 1.0, "lacks": None, "source": None}
    >>> judge(claim, [Reading("cache : API", 41.7), Reading("total : API", 42.7)])
    Verdict(word='definition', definition='total : API')
    """
    for place, reading in enumerate(readings):
        if agreed := _agrees(claim, reading):
            return Verdict(agreed if place == 0 else "definition", reading.definition)
    if readings:
        word = "unsupported" if readings[0].holds is not None else "differs"
        return Verdict(word, readings[0].definition)
    if claim["kind"] == "view":
        return Verdict("opinion", "")
    if claim["lacks"]:
        return Verdict("unsupported", claim["lacks"])
    if claim["kind"] == "quote":
        return Verdict("quoted" if claim["source"] else "unreached", "")
    return Verdict("pending", "")


def _agrees(claim: dict[str, Any], reading: Reading) -> str:
    """Return `exact`, `rounding`, or nothing."""
    if reading.holds is not None:
        return "exact" if reading.holds else ""
    if math.isclose(reading.value, claim["printed"], rel_tol=1e-12):
        return "exact"
    half = claim["step"] / 2
    off = abs(reading.value - claim["printed"])
    return "rounding" if off < half or math.isclose(off, half, rel_tol=1e-9) else ""
