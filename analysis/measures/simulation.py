"""Simulate every line-up on users with the shapes of these logs' days: what chapter 15 shows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from analysis.measures.assumed import middles
from analysis.measures.conclusions import conclusions
from analysis.measures.day_shapes import Profiles, profiles
from analysis.measures.frontier import differences, ellipses, frontier
from analysis.measures.line_ups import TODAY, play
from analysis.measures.outcomes import by_persona, outcomes
from analysis.measures.outcomes import users as each_user
from analysis.measures.population import Population, population
from analysis.measures.redesign import FOLLOWED
from analysis.measures.swings import CUT, METERED, along, price_cut, swings

#: Users, and days of each, that are simulated by default: what fits in some seconds.
USERS, DAYS = 300, 90
DRAWS = 100
_EDGE = 0.05  # of draws, cut off at either end of a bar
_ODD = Profiles(np.ones(1), np.eye(1, 24, 9), np.zeros((1, 24)))  # a day of one hour


class Simulated(NamedTuple):
    """What the chapter shows; frames without rows where logs have too few days."""

    outcomes: pl.DataFrame  #: `measures.outcomes.outcomes` with `profit_usd` and `dearer`
    gains: pl.DataFrame  #: `by_persona` with `gain_usd`, net worth less today's; not of today's
    draws: pl.DataFrame  #: `measures.frontier.frontier`
    ellipses: pl.DataFrame  #: `measures.frontier.ellipses`, less today's
    spread: pl.DataFrame  #: `spread` of the draws less today's
    swings: pl.DataFrame  #: `measures.swings.swings`
    along: pl.DataFrame  #: `measures.swings.along` with `more_usd`, profit less today's
    cut: pl.DataFrame  #: `change` of revenue by a cut of metered prices, by `elasticity`
    conclusions: pl.DataFrame  #: `measures.conclusions.conclusions`


def simulate(
    shapes: pl.DataFrame,
    personas: pl.DataFrame,
    plans: pl.DataFrame,
    assumptions: pl.DataFrame,
    users: int = USERS,
    days: int = DAYS,
    seed: int = 1,
    draws: int = DRAWS,
) -> Simulated:
    """Let declared users, whose days have the shapes of logs, choose in every line-up.

    Parameters
    ----------
    shapes
        `measures.day_shapes.day_shapes`; without rows there is nothing to simulate.
    personas, plans, assumptions
        `measures.redesign`.

    Examples
    --------
    >>> from analysis import load
    >>> from analysis.measures import redesign
    >>> from analysis.measures.day_shapes import day_shapes
    >>> rest = redesign.personas(), redesign.line_ups(), redesign.assumptions()
    >>> few = day_shapes(load("sample").where(since="2099-01-01").priced())
    >>> simulate(few, *rest).outcomes.is_empty()
    True
    """
    if shapes.is_empty():
        odd = population(personas, _ODD, users=20, days=30, seed=seed)
        return Simulated(*(f.clear() for f in _all(odd, plans, assumptions, 2, seed)))
    people = population(personas, profiles(shapes), users, days, seed)
    return _all(people, plans, assumptions, draws, seed)


def _all(
    people: Population, plans: pl.DataFrame, assumptions: pl.DataFrame, draws: int, seed: int
) -> Simulated:
    each = each_user(play(people, plans, middles(assumptions)))
    drawn = frontier(people, plans, assumptions, draws, seed)
    return Simulated(
        outcomes(each)
        .with_columns(profit_usd=pl.col("revenue_usd") - pl.col("cost_usd"))
        .join(_dearer(each, plans), on="line_up", how="left", maintain_order="left"),
        gains(by_persona(each)),
        drawn,
        ellipses(differences(drawn)),
        spread(differences(drawn)),
        swings(people, plans, assumptions),
        profit_along(along(people, plans, assumptions)),
        change(price_cut(people, plans, assumptions)),
        conclusions(people, plans, assumptions, drawn),
    )


def _dearer(each: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """Return the share of users who take a plan with a cap above that of the smallest one."""
    more = pl.col("units") > pl.col("units").min().over("line_up")
    fees = plans.select("line_up", "plan", dearer=more)
    return (
        each.join(fees, on=["line_up", "plan"], how="left", nulls_equal=True)
        .group_by("line_up")
        .agg(pl.col("dearer").fill_null(value=False).mean())
    )


def gains(by: pl.DataFrame) -> pl.DataFrame:
    """Return what each persona is left in each line-up less today's, as `gain_usd`."""
    today = by.filter(pl.col("line_up") == TODAY).select("persona", today_usd="net_usd")
    return (
        by.filter(pl.col("line_up") != TODAY)
        .join(today, on="persona", maintain_order="left")
        .with_columns(gain_usd=pl.col("net_usd") - pl.col("today_usd"))
    )


def spread(drawn: pl.DataFrame) -> pl.DataFrame:
    """Sum draws up by line-up.

    Returns
    -------
    pl.DataFrame
        In the order of the line-ups: `line_up`, `label`, `draws`, medians `blocked_hours` and
        `margin`, and `margin_low` and `margin_high`, 5 and 95 % of draws.
    """
    return drawn.group_by("line_up", "label", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("draws"),
        pl.col("blocked_hours", "margin").median(),
        pl.col("margin").quantile(_EDGE, "linear").alias("margin_low"),
        pl.col("margin").quantile(1 - _EDGE, "linear").alias("margin_high"),
    )


def profit_along(found: pl.DataFrame) -> pl.DataFrame:
    """Return the profit of `FOLLOWED` less today's at each elasticity, as `more_usd`."""
    today = found.filter(pl.col("line_up") == TODAY).select("value", today_usd="profit_usd")
    return (
        found.filter(pl.col("line_up").is_in(FOLLOWED))
        .join(today, on="value", maintain_order="left")
        .with_columns(more_usd=pl.col("profit_usd") - pl.col("today_usd"))
        .rename({"value": "elasticity"})
    )


def change(found: pl.DataFrame) -> pl.DataFrame:
    """Return by how much a cut of metered prices changes revenue, at each elasticity."""
    wide = found.pivot("line_up", index="value", values="revenue_usd").sort("value")
    return wide.select(
        pl.col("value").alias("elasticity"),
        pl.col(METERED).alias("revenue_usd"),
        pl.col(CUT).alias("cut_usd"),
        (pl.col(CUT) / pl.col(METERED) - 1).alias("change"),
    )
