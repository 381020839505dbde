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

#: All prices of a line-up over those of the facts. The firm sets them: no draw moves them.
PRICES = {
    "name": "prices",
    "label": "its prices (fees, metered work, reviews)",
    "low": 0.5,
    "middle": 1.0,
    "high": 2.0,
    "unit": "multiple",
    "kind": "set by the firm",
    "reason": "the write-up gives no price: half and twice of those taken here",
    "source": "line-ups.csv",
}


def ranges(assumptions: pl.DataFrame) -> pl.DataFrame:
    """Return every assumption with its range: those of the facts, `WORTH` and `PRICES`.

    Examples
    --------
    >>> from analysis.facts import facts
    >>> ranges(facts("redesign-assumptions"))["name"][-2:].to_list()
    ['worth', 'prices']
    """
    amounts = pl.col("low", "middle", "high").cast(pl.Float64)
    return pl.concat(
        [assumptions.with_columns(amounts), pl.DataFrame([WORTH, PRICES])], how="diagonal"
    )


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
    """Draw every assumption from its range, each by itself, with its middle as the median.

    Either half of a range is gone through evenly on a log scale, or evenly where the range holds 0
    or less; one draw lies in each of as many equal parts as there are draws. `PRICES` stay.

    Examples
    --------
    >>> from analysis.facts import facts
    >>> drawn = draw(facts("redesign-assumptions"), 500)["elasticity"]
    >>> bool(-2 <= drawn.min() < -1.9 < -0.1 < drawn.max() <= 0)
    True
    >>> int((drawn < -1).sum())
    250
    """
    rng = np.random.default_rng(seed)
    drawn = {}
    for row in ranges(assumptions).to_dicts():
        part = (rng.permutation(draws) + rng.random(draws)) / draws
        ends = (np.float64(row[end]) for end in ("low", "middle", "high"))
        fixed = row["name"] == PRICES["name"]
        drawn[row["name"]] = np.full(draws, row["middle"]) if fixed else within(part, *ends)
    return drawn


def within(
    part: float | Array,
    low: Array | np.float64,
    middle: Array | np.float64,
    high: Array | np.float64,
) -> npt.NDArray[np.float64]:
    """Return where a part of a range lies, with its middle at a half.

    On a log scale; evenly in either half where a range holds 0 or less.

    Examples
    --------
    >>> ends = np.array([2.0]), np.array([4.0]), np.array([32.0])
    >>> [round(float(within(part, *ends)[0]), 3) for part in (0, 0.5, 0.75, 1)]
    [2.0, 4.0, 11.314, 32.0]
    >>> within(np.array([0.25, 0.75]), *map(np.float64, (-2, -1, 0))).tolist()
    [-1.5, -0.5]
    """
    below, above = np.minimum(2 * np.asarray(part), 1), np.maximum(2 * np.asarray(part) - 1, 0)
    if np.min(low, initial=np.inf) <= 0:
        return np.asarray(low + (middle - low) * below + (high - middle) * above)
    return np.asarray(low * (middle / low) ** below * (high / middle) ** above)
