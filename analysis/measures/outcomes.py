"""What comes of each line-up: revenue, cost to serve, margin, blocked hours, who is better off."""

from __future__ import annotations

import numpy as np
import polars as pl

from analysis.measures.line_ups import NO_PLAN, TODAY, Played
from analysis.measures.noise import noise
from analysis.measures.wanted import Array

#: A month is steady where its bill is within this part of the user's mean.
STEADY = 0.1
#: Dollars a month by which a user has to be better or worse off to count as such.
NOTICED = 1.0

_OF = ("line_up", "label")
_BY = (*_OF, "persona", "persona_label")


def users(played: Played, draw: int = 0) -> pl.DataFrame:
    """Return what came of each user in each line-up, at one draw of what is assumed.

    Returns
    -------
    pl.DataFrame
        One row per line-up and user: `line_up`, `label`, `user`, `group` (of users, a whole
        population by itself), `weight` (for whom it stands; sums to 1), `persona`, `persona_label`,
        `plan` (null: none), a month's `bill_usd`, `cost_usd`, `blocked_hours`, `degraded_hours`,
        `net_usd`, `today_net_usd` (the same under today's line-up), `bill_spread` (standard
        deviation of the monthly bills over their mean) and `steady_months` (share of months whose
        bill is within `STEADY` of the mean): both null without a bill, or with one month only.
    """
    line_ups, count = played.line_ups, len(played.people.persona)
    net = played.net_usd[draw]
    today = line_ups["line_up"].to_list().index(played.today)
    bills = played.bills[draw]
    spread, steady = _predictable(bills)
    plans = pl.Series("plan", played.chosen[draw].ravel())
    flat = {
        "bill_usd": bills.mean(-1),
        "cost_usd": played.cost_usd[draw],
        "blocked_hours": played.blocked_hours[draw],
        "degraded_hours": played.degraded_hours[draw],
        "net_usd": net,
        "today_net_usd": np.broadcast_to(net[today], net.shape),
        "bill_spread": spread,
        "steady_months": steady,
    }
    row = np.repeat(np.arange(line_ups.height), count)
    user = np.tile(np.arange(count), line_ups.height)
    of = played.people.personas.select("persona", persona_label="label")
    return pl.concat(
        [
            line_ups[row],
            pl.DataFrame(
                {
                    "user": user,
                    "group": played.people.group[user],
                    "weight": played.weight[draw][user],
                }
            ),
            of[played.people.persona[user]],
            played.plans["plan"].gather(plans.replace(NO_PLAN, None)).to_frame(),
            pl.DataFrame({name: values.ravel() for name, values in flat.items()}, nan_to_null=True),
        ],
        how="horizontal",
    )


def outcomes(each: pl.DataFrame) -> pl.DataFrame:
    """Sum users up by line-up.

    Parameters
    ----------
    each
        `users`.

    Returns
    -------
    pl.DataFrame
        One row per line-up, in its order: `line_up`, `label`, `users` (as many as are simulated),
        `share` (of all, for whom they stand); a month and user, those without a plan
        included, `revenue_usd`, `cost_usd`, `blocked_hours`, `degraded_hours`, `net_usd`;
        `blocked_users` (share of users who are ever blocked), `margin` (gross, of revenue; null
        without revenue), `bill_spread` (median over users with a bill) and `steady_months` (share
        of theirs), `without_plan` (share of users),
        `better` and `worse` (shares of users whose net worth is more than `NOTICED` a month above,
        or below, today's).

    Examples
    --------
    What is metered at list price has the margin of the list price.

    >>> from analysis.measures.assumed import middles
    >>> from analysis.measures.line_ups import play
    >>> from analysis.facts import facts
    >>> from analysis.measures.day_shapes import Profiles
    >>> from analysis.measures.population import population
    >>> logged = Profiles(np.array([5.0]), np.eye(1, 24, 9), np.zeros((1, 24)))
    >>> people = population(facts("personas"), logged, users=20, days=30)
    >>> assumed = middles(facts("redesign-assumptions")) | {"cost_share": 0.25}
    >>> found = outcomes(users(play(people, facts("line-ups"), assumed)))
    >>> round(found.filter(line_up="metered")["margin"].item(), 3)
    0.75
    """
    return _summed(each, _OF)


def by_persona(each: pl.DataFrame) -> pl.DataFrame:
    """Sum users up by line-up and persona: `outcomes` with `persona` and `persona_label`."""
    return _summed(each, _BY)


def gains(each: pl.DataFrame, today: str = TODAY) -> pl.DataFrame:
    """Return what each persona is left in each line-up less today's, and how sure that is.

    Returns
    -------
    pl.DataFrame
        `by_persona` without today's line-up, with `gain_usd` and `gain_noise`: twice its standard
        error over groups of users, null with one group.
    """
    gain = pl.col("net_usd") - pl.col("today_net_usd")
    noises = (
        each.group_by("line_up", "persona", "group", maintain_order=True)
        .agg(gain_usd=mean(gain))
        .group_by("line_up", "persona", maintain_order=True)
        .agg(gain_noise=noise(pl.col("gain_usd")))
    )
    whole = each.group_by("line_up", "persona", maintain_order=True).agg(gain_usd=mean(gain))
    keys = ["line_up", "persona"]
    return (
        by_persona(each)
        .filter(pl.col("line_up") != today)
        .join(whole, on=keys, maintain_order="left")
        .join(noises, on=keys, maintain_order="left")
    )


def _summed(each: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    gain = pl.col("net_usd") - pl.col("today_net_usd")
    bill, cost = pl.col("bill_usd"), pl.col("cost_usd")
    means = ("cost_usd", "blocked_hours", "degraded_hours", "net_usd")
    return each.group_by(*by, maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("users"),
        pl.col("weight").sum().alias("share"),
        mean(bill).alias("revenue_usd"),
        *(mean(pl.col(name)).alias(name) for name in means),
        mean(pl.col("blocked_hours") > 0).alias("blocked_users"),
        pl.when(mean(bill) > 0).then(1 - mean(cost) / mean(bill)).alias("margin"),
        _median(pl.col("bill_spread")).alias("bill_spread"),
        mean(pl.col("steady_months")).alias("steady_months"),
        mean(pl.col("plan").is_null()).alias("without_plan"),
        mean(gain > NOTICED).alias("better"),
        mean(gain < -NOTICED).alias("worse"),
    )


def mean(of: pl.Expr) -> pl.Expr:
    """Return the mean over users by whom they stand for; null where nothing is known."""
    weight = pl.col("weight").filter(of.is_not_null())
    some = of.drop_nulls().cast(pl.Float64)
    return pl.when(weight.sum() > 0).then((some * weight).sum() / weight.sum())


def _median(of: pl.Expr) -> pl.Expr:
    """Return the value that half of those users stay under for whom users stand."""
    known = of.is_not_null()
    some, weight = of.filter(known), pl.col("weight").filter(known).sort_by(of.filter(known))
    return some.sort().filter(weight.cum_sum() >= weight.sum() / 2).first()


def _predictable(bills: Array) -> tuple[Array, Array]:
    """Return how unlike a user's monthly bills are; nan where nothing can be said."""
    mean = bills.mean(-1)
    known = (mean > 0) & (bills.shape[-1] > 1)
    near = (np.abs(bills - mean[..., None]) <= STEADY * mean[..., None]).mean(-1)
    unknown = np.full(mean.shape, np.nan)
    spread = np.divide(bills.std(-1), mean, where=known, out=unknown.copy())
    return spread, np.where(known, near, np.nan)
