"""Simulate every line-up on users with the shapes of these logs' days: what chapter 15 shows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from analysis.measures.assumed import middles
from analysis.measures.basis import basis
from analysis.measures.conclusions import ASKED, apart, conclusions
from analysis.measures.day_shapes import Profiles, profiles
from analysis.measures.flips import flips
from analysis.measures.frontier import differences, ellipses, frontier
from analysis.measures.line_ups import TODAY, play
from analysis.measures.noise import differences as less_today
from analysis.measures.noise import noise
from analysis.measures.outcomes import gains, mean, outcomes
from analysis.measures.outcomes import users as each_user
from analysis.measures.population import population
from analysis.measures.redesign import FOLLOWED
from analysis.measures.swings import CUT, METERED, along, at_ends, price_cut, swings
from analysis.measures.totals import summed, totals

#: Users, and days of each, that are simulated with every assumption in its middle.
USERS, DAYS = 6_000, 90
#: Groups of them, whose differences say how much of a result is luck.
GROUPS = 10
#: Of which so many users and groups are simulated as one assumption moves, and at each draw.
WALKED, WALKED_GROUPS, DRAWN = 1_500, 5, 300
DRAWS = 100
_EDGE = 0.05  # of draws, cut off at either end of a bar
_ODD = Profiles(np.ones(1), np.eye(1, 24, 9), np.zeros((1, 24)))  # a day of one hour


class Simulated(NamedTuple):
    """What the chapter shows; frames without rows where logs have too few days."""

    outcomes: pl.DataFrame  #: `measures.outcomes.outcomes` with `profit_usd` and `dearer`
    gains: pl.DataFrame  #: `measures.outcomes.gains`
    draws: pl.DataFrame  #: `measures.frontier.frontier`
    ellipses: pl.DataFrame  #: `measures.frontier.ellipses`, less today's
    spread: pl.DataFrame  #: `spread` of the draws less today's
    swings: pl.DataFrame  #: `measures.swings.swings`
    along: pl.DataFrame  #: `profit_along` of `measures.swings.along`
    cut: pl.DataFrame  #: `change` of revenue by a cut of metered prices, by `elasticity`
    conclusions: pl.DataFrame  #: `measures.conclusions.conclusions`
    flips: pl.DataFrame  #: `measures.flips.flips`
    apart: pl.DataFrame  #: `measures.conclusions.apart`
    basis: pl.DataFrame  #: one row of `basis`: who was simulated, and how today's line-up came out


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
        odd = _all(personas, _ODD, plans, assumptions, 20, 30, seed, 2)
        return Simulated(*(frame.clear() for frame in odd))
    return _all(personas, profiles(shapes), plans, assumptions, users, days, seed, draws)


def _all(
    personas: pl.DataFrame,
    logged: Profiles,
    plans: pl.DataFrame,
    assumptions: pl.DataFrame,
    users: int,
    days: int,
    seed: int,
    draws: int,
) -> Simulated:
    many = population(personas, logged, users, days, seed, GROUPS)
    some = population(personas, logged, min(users, WALKED), days, seed, WALKED_GROUPS)
    few = population(personas, logged, min(users, DRAWN), days, seed)
    middle = middles(assumptions)
    played = play(many, plans, middle)
    each, by_group = each_user(played), summed(played, by_group=True)
    drawn = frontier(few, plans, assumptions, draws, seed)
    asked = plans.filter(pl.col("line_up").is_in([TODAY, *ASKED]))
    followed = plans.filter(pl.col("line_up").is_in([TODAY, *FOLLOWED]))
    ended = at_ends(some, asked, assumptions)
    bare = totals(some, asked, middle | {"reviews": 0.0}, by_group=True)
    summary = outcomes(each).with_columns(profit_usd=pl.col("revenue_usd") - pl.col("cost_usd"))
    distances = apart(by_group)
    noises = distances.select("line_up", "profit_noise", "net_noise")
    return Simulated(
        summary.join(_dearer(each, plans), on="line_up", how="left", maintain_order="left").join(
            noises, on="line_up", how="left", maintain_order="left"
        ),
        gains(each),
        drawn,
        ellipses(differences(drawn)),
        spread(differences(drawn)),
        swings(ended, assumptions),
        profit_along(along(some, followed, assumptions, by_group=True)),
        change(price_cut(some, plans, assumptions)),
        conclusions(by_group, drawn, bare),
        flips(some, asked, assumptions, ended, list(ASKED)),
        distances,
        basis(by_group, middle["cost_share"], [many, some, few], draws),
    )


def _dearer(each: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """Return the share of users who take a plan with a cap above that of the smallest one."""
    more = pl.col("units") > pl.col("units").min().over("line_up")
    fees = plans.select("line_up", "plan", dearer=more)
    return (
        each.join(fees, on=["line_up", "plan"], how="left", nulls_equal=True)
        .group_by("line_up")
        .agg(mean(pl.col("dearer").fill_null(value=False)).alias("dearer"))
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
    """Return the profit of `FOLLOWED` less today's at each elasticity.

    Parameters
    ----------
    found
        `measures.swings.along` by group.

    Returns
    -------
    pl.DataFrame
        `line_up`, `label`, `elasticity`, `more_usd`, and `more_noise`: twice its standard error
        over groups of users, null with one group.
    """
    asked = [line_up for line_up in FOLLOWED if line_up in found["line_up"]]
    more = pl.col("profit_usd")
    return (
        pl.concat([less_today(found, line_up) for line_up in asked] or [found.clear()])
        .group_by("line_up", "label", "value", maintain_order=True)
        .agg(more_usd=more.mean(), more_noise=noise(more))
        .rename({"value": "elasticity"})
        .sort("elasticity", maintain_order=True)
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
