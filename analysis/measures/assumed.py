"""What the simulation of plans assumes: a number or a range for each name, the middles, draws."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.measures.wanted import Array

#: A number by name, or an array of draws.
Assumed = Mapping[str, float | Array]

#: Where each persona's worth of work lies in its own range: 0 its low end, 1 its high one.
WORTH = {
    "name": "worth",
    "label": "what a list-price dollar of work is worth to its user",
    "low": 0.0,
    "middle": 0.5,
    "high": 1.0,
    "unit": "of each persona's range",
    "kind": "assumed",
    "reason": "ranges of the personas",
    "source": "personas.csv",
}


def ranges(assumptions: pl.DataFrame) -> pl.DataFrame:
    """Return every assumption with its range: those of the facts, and `WORTH`.

    Examples
    --------
    >>> from analysis.facts import facts
    >>> ranges(facts("redesign-assumptions"))["name"][-1]
    'worth'
    """
    amounts = pl.col("low", "middle", "high").cast(pl.Float64)
    return pl.concat([assumptions.with_columns(amounts), pl.DataFrame([WORTH])], how="diagonal")


def middles(assumptions: pl.DataFrame) -> dict[str, float]:
    """Return the middle of every range.

    Examples
    --------
    >>> from analysis.facts import facts
    >>> middles(facts("redesign-assumptions"))["worth"]
    0.5
    """
    return dict(ranges(assumptions).select("name", "middle").iter_rows())


def draw(assumptions: pl.DataFrame, draws: int, seed: int = 1) -> dict[str, Array]:
    """Draw every assumption from its range, each by itself.

    Evenly on a log scale; evenly where a range holds 0 or less.

    Examples
    --------
    >>> from analysis.facts import facts
    >>> drawn = draw(facts("redesign-assumptions"), 500)["elasticity"]
    >>> bool(-2 <= drawn.min() < -1.9 < -0.1 < drawn.max() <= 0)
    True
    """
    rng = np.random.default_rng(seed)
    drawn = {}
    for row in ranges(assumptions).to_dicts():
        part, low, high = rng.random(draws), row["low"], row["high"]
        drawn[row["name"]] = low * (high / low) ** part if low > 0 else low + (high - low) * part
    return drawn


def within(part: float | Array, low: Array, middle: Array, high: Array) -> npt.NDArray[np.float64]:
    """Return where a part of a range lies, on a log scale, with its middle at a half.

    Examples
    --------
    >>> ends = np.array([2.0]), np.array([4.0]), np.array([32.0])
    >>> [round(float(within(part, *ends)[0]), 3) for part in (0, 0.5, 0.75, 1)]
    [2.0, 4.0, 11.314, 32.0]
    """
    below, above = np.minimum(2 * np.asarray(part), 1), np.maximum(2 * np.asarray(part) - 1, 0)
    return np.asarray(low * (middle / low) ** below * (high / middle) ** above)
