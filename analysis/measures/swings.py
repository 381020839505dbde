"""One assumption at a time: what each moves, and what line-ups come to along one of them."""

from __future__ import annotations

import numpy as np
import polars as pl

from analysis.measures.assumed import middles, ranges
from analysis.measures.caps import MONTH
from analysis.measures.line_ups import TODAY
from analysis.measures.noise import differences, noise
from analysis.measures.population import Population
from analysis.measures.totals import totals
from analysis.measures.wanted import Array

PROPOSAL = "proposal"
METERED = "metered"
CUT = "metered, cut"
POINTS = 11
OUTCOMES = ("profit_usd", "revenue_usd", "net_usd", "margin")


def at_ends(
    people: Population, plans: pl.DataFrame, assumptions: pl.DataFrame, month: int = MONTH
) -> pl.DataFrame:
    """Take one assumption at a time to both ends of its range, all others at their middles.

    Returns
    -------
    pl.DataFrame
        `totals` by group without their draw, with `name` (null in the middle) and `value` (null
        there, too) of the assumption that was moved, and `end` (low, high; null).
    """
    rows = ranges(assumptions)
    moved = pl.concat(
        [
            pl.DataFrame({"name": None, "end": None, "value": None}),
            *(rows.select("name", end=pl.lit(end), value=end) for end in ("low", "high")),
        ],
        how="vertical_relaxed",
    )
    drawn = walked(middles(assumptions), moved)
    found = totals(people, plans, drawn, month, by_group=True)
    return pl.concat([moved[found["draw"].to_list()], found.drop("draw")], how="horizontal")


def walked(middle: dict[str, float], moved: pl.DataFrame) -> dict[str, Array]:
    """Return draws in each of which one assumption, `name`, has a `value` of its own."""
    drawn = {name: np.full(moved.height, value) for name, value in middle.items()}
    for place, (name, value) in enumerate(moved.select("name", "value").iter_rows()):
        if name is not None:
            drawn[name][place] = value
    return drawn


def swings(
    ended: pl.DataFrame, assumptions: pl.DataFrame, line_up: str = PROPOSAL, other: str = TODAY
) -> pl.DataFrame:
    """Say how far each assumption, taken to its ends, moves one line-up less another.

    Parameters
    ----------
    ended
        `at_ends`.

    Returns
    -------
    pl.DataFrame
        One row per assumption, the largest swing of the profit first: `name`, `label`, `unit`,
        `low`, `middle`, `high`; `profit_low`, `profit`, `profit_high` (of one line-up less the
        other's, dollars a month and user, at each), the same of `revenue`, of `net` (what users are
        left) and of `margin` (gross, as a share of revenue); `noise` (twice the standard error of
        the profit in the middle, by groups of users; null with one group), the same at either end,
        and `turns`: whether an end has the other sign, and it and the middle more than noise.
    """
    apart = (
        differences(ended, line_up, other, OUTCOMES)
        .group_by("name", "end")
        .agg(pl.col(*OUTCOMES).mean(), noise=noise(pl.col("profit_usd")))
    )
    short = {name: name.removesuffix("_usd") for name in OUTCOMES}
    middle = apart.filter(pl.col("name").is_null()).rename(short)
    rows = ranges(assumptions).select("name", "label", "unit", "low", "middle", "high")
    for end in ("low", "high"):
        of = apart.filter(pl.col("end") == end).select(
            "name",
            *(pl.col(name).alias(f"{word}_{end}") for name, word in short.items()),
            pl.col("noise").alias(f"noise_{end}"),
        )
        rows = rows.join(of, on="name", maintain_order="left")
    rows = rows.join(middle.select(*short.values(), "noise"), how="cross")
    sign = _told("profit", "noise")
    others = [sign * _told(f"profit_{end}", f"noise_{end}") for end in ("low", "high")]
    return rows.with_columns(turns=pl.min_horizontal(others) < 0).sort(
        (pl.col("profit_high") - pl.col("profit_low")).abs(), descending=True, maintain_order=True
    )


def _told(value: str, noise: str) -> pl.Expr:
    """Return the sign of a value, 0 where it lies within its noise."""
    of = pl.col(value)
    return of.sign() * (of.abs() > pl.col(noise).fill_null(0)).cast(pl.Int8)


def along(
    people: Population,
    plans: pl.DataFrame,
    assumptions: pl.DataFrame,
    name: str = "elasticity",
    points: int = POINTS,
    month: int = MONTH,
    today: str = TODAY,
    *,
    by_group: bool = False,
) -> pl.DataFrame:
    """Take one assumption along its range, in even steps, all others at their middles.

    Returns
    -------
    pl.DataFrame
        `totals` without its draw: one row per `value` of the assumption and line-up, and `group`
        of users if asked.
    """
    row = ranges(assumptions).row(by_predicate=pl.col("name") == name, named=True)
    values = np.linspace(row["low"], row["high"], points)
    drawn = middles(assumptions) | {name: values}
    found = totals(people, plans, drawn, month, today, by_group=by_group)
    whole = ("draw",) if by_group else ("draw", "group")
    return found.select(pl.Series("value", values).gather(found["draw"]), pl.exclude(*whole))


def price_cut(
    people: Population,
    plans: pl.DataFrame,
    assumptions: pl.DataFrame,
    cut: float = 0.1,
    month: int = MONTH,
) -> pl.DataFrame:
    """Cut the price where all is metered, along the elasticity.

    Demand answers to the cut alone: the price before it is the one that users are used to. Reviews
    are left out, as theirs is a price of its own.

    Returns
    -------
    pl.DataFrame
        `along` of the elasticity, of two line-ups: `METERED`, and `CUT`, whose fee and rate are
        less by `cut`.

    Examples
    --------
    >>> from analysis.facts import facts
    >>> from analysis.measures.day_shapes import Profiles
    >>> from analysis.measures.population import population
    >>> from analysis.measures.totals import gaps
    >>> logged = Profiles(np.array([5.0]), np.eye(1, 24, 9), np.zeros((1, 24)))
    >>> people = population(facts("personas"), logged, users=20, days=30)
    >>> found = price_cut(people, facts("line-ups"), facts("redesign-assumptions"))
    >>> more = gaps(found, "value", CUT, METERED, "revenue_usd").filter(pl.col("value") < -1.01)
    >>> bool((more["gap"] > 0).all())
    True
    """
    metered = plans.filter(line_up=METERED).with_columns(reviews=pl.lit("none"))
    cheaper = metered.with_columns(
        pl.lit(CUT).alias("line_up"),
        pl.lit(CUT).alias("label"),
        pl.col("fee_usd", "rate").cast(pl.Float64) * (1 - cut),
    )
    both = pl.concat([metered, cheaper], how="vertical_relaxed")
    return along(people, both, assumptions, month=month, today=METERED)
