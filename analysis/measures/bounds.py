"""What one gross margin says of the margins of token classes: bounds, by linear programme.

The unknowns are four costs: what serving a token of each class costs, in multiples of the list
price of an input token. One equation holds them, since total cost is total revenue less the margin;
named assumptions add inequalities. The bounds of a class are the least and the greatest cost that
all of these allow (Boyd and Vandenberghe, Convex Optimization, 2004, section 4.3). Cost is assumed
to be proportional to a model's input price from one model to the next.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import polars as pl

from analysis.measures.margin import PARTS
from analysis.measures.mixes import published_mixes

_LEAST = 1e-9  # of all tokens: a class with less has no bounds


class Assumption(NamedTuple):
    """What is added to the ones before it: costs in order, or none above the price."""

    name: str
    below: tuple[tuple[str, str], ...] = ()
    at_most_price: bool = False


#: Each step keeps the ones before it.
STEPS = (
    Assumption("no cost is below zero"),
    Assumption(
        "a read costs no more than an input token, which costs no more than a write or output",
        (("read", "input"), ("input", "write"), ("input", "output")),
    ),
    Assumption("no class is sold below cost", at_most_price=True),
)


def least(share: float, margin: float) -> float:
    """Return the least margin of a class with a share of revenue, if no cost is below zero.

    All cost would be this class's: the closed form of the first step.

    Examples
    --------
    >>> round(least(0.8, 0.4), 3)
    0.25
    """
    return 1 - (1 - margin) / share


def above_zero(least: pl.Expr, most: pl.Expr) -> pl.Expr:
    """Say whether a bounded margin is above zero: must be, may be or cannot be.

    Examples
    --------
    >>> ends = pl.DataFrame({"least": [0.1, -3.0, -3.0], "most": [1.0, 1.0, -0.2]})
    >>> ends.select(above_zero(pl.col("least"), pl.col("most"))).to_series().to_list()
    ['must be', 'may be', 'cannot be']
    """
    may = pl.when(most > 0).then(pl.lit("may be")).otherwise(pl.lit("cannot be"))
    return pl.when(least > 0).then(pl.lit("must be")).otherwise(may)


def accounts(margin: float) -> pl.DataFrame:
    """Bound the margin on reads in the mix of each published account, if no cost is below zero.

    Parameters
    ----------
    margin
        Gross margin over all of an account.

    Returns
    -------
    pl.DataFrame
        `case`, `low` and `high` (the reads' share of dollars), `least` and `most` (their margin,
        at the share that is worst and best for it), `above_zero`.

    Examples
    --------
    >>> accounts(0.4)["above_zero"].value_counts(sort=True).rows()
    [('may be', 7), ('must be', 1)]
    """
    cost = 1 - margin
    free = pl.when(pl.col("low") < 1).then(1.0).otherwise(margin)  # others can bear all cost
    return (
        published_mixes()
        .with_columns(least=1 - cost / pl.col("low"), most=free)
        .with_columns(above_zero=above_zero(pl.col("least"), pl.col("most")))
    )


def bounds(mixed: pl.DataFrame, margin: float) -> pl.DataFrame:
    """Bound the margin of each token class, step by step.

    Parameters
    ----------
    mixed
        `measures.mixes.mix` or `case_mix`.
    margin
        Gross margin over all of it.

    Returns
    -------
    pl.DataFrame
        One row per step and class with revenue: `step` (0 to 2), `assumption`, `class`, `share`
        (of revenue), `low`, `high` (margin of the class). Empty where there is no revenue.

    Examples
    --------
    >>> from analysis.measures.mixes import case_mix
    >>> rows = bounds(case_mix("session"), 0.4).filter(pl.col("class") == "read", step=0)
    >>> [round(rows[c].item(), 3) for c in ("share", "low", "high")]
    [0.808, 0.257, 1.0]
    """
    revenue = mixed["revenue_usd"].to_numpy()
    volume = mixed["input_usd"].to_numpy()
    head = {"step": pl.Int64, "assumption": pl.String, "class": pl.String}
    schema = head | dict.fromkeys(("share", "low", "high"), pl.Float64)
    if revenue.sum() <= 0 or volume.sum() <= 0:
        return pl.DataFrame(schema=schema)
    volume = volume / volume.sum()
    prices = np.divide(revenue / revenue.sum(), volume, where=volume > _LEAST, out=np.ones(4))
    rows = []
    for step, assumption in enumerate(STEPS):
        for place, name in enumerate(PARTS):
            if volume[place] > _LEAST and revenue[place] > 0:
                share = float(revenue[place] / revenue.sum())
                ends = _ends(place, volume, prices, margin, step)
                rows.append((step, assumption.name, name, share, *ends))
    return pl.DataFrame(rows, schema, orient="row")


def of_class(mixed: pl.DataFrame, margin: float, name: str) -> list[dict[str, Any]]:
    """Return the rows of `bounds` of one class, by step."""
    return bounds(mixed, margin).filter(pl.col("class") == name).sort("step").to_dicts()


def _ends(
    place: int, volume: np.ndarray, prices: np.ndarray, margin: float, step: int
) -> tuple[float, float]:
    """Return the least and the greatest margin of one class."""
    from scipy.optimize import linprog

    held = STEPS[: step + 1]
    pairs = [pair for assumption in held for pair in assumption.below]
    ordered = np.zeros((len(pairs), 4))
    for row, (less, more) in enumerate(pairs):
        ordered[row, PARTS.index(less)], ordered[row, PARTS.index(more)] = 1, -1
    capped = any(assumption.at_most_price for assumption in held)
    costs = []
    for sign in (-1, 1):
        aim = np.zeros(4)
        aim[place] = sign
        found = linprog(
            aim,
            A_ub=ordered if pairs else None,
            b_ub=np.zeros(len(pairs)) if pairs else None,
            A_eq=volume[None, :],
            b_eq=[1 - margin],
            bounds=[(0, p if capped else None) for p in prices],
        )
        costs.append(float(found.x[place]))
    low, high = (1 - cost / prices[place] for cost in costs)
    return float(low), float(high)
