"""Users choose among the plans of each line-up, and answer once to the price they meet.

A user takes the plan that leaves it most: what its work, its reviews and the tools are worth to it,
less the bill and what blocked hours cost it, over the whole time simulated; or none, where each
leaves it less than nothing. Then the work it wants answers once to its average price, fee and
overage over work wanted (Ito, 2014, AER 104: people respond to what they pay on average, not to the
price of the next unit), against that under today's line-up, and it keeps its plan. However the
price changes, it wants no more than a multiple of its work, and no less than one over that. Reviews
do not answer: each is bought where it is worth its own price. Who chooses knows what the whole time
will bring. What a line-up leaves a user is said at the
demand before that answer: what work that comes or goes with a price is worth is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from analysis.measures.assumed import Assumed
from analysis.measures.caps import MONTH, Use, use
from analysis.measures.offers import Offers, met, offers, priced, terms
from analysis.measures.population import Population, spread_out
from analysis.measures.wanted import Array, Ints

TODAY = "caps"
NO_PLAN = -1
#: What is assumed that tells one user's hours from another's, whatever the plan costs.
_SHAPING = ("cap_usd", "week_windows", "small", "waits", "level", "spread")


class Played(NamedTuple):
    """What came of line-ups, a month: (draws, line-ups, users), 0 for users without a plan."""

    people: Population
    plans: pl.DataFrame
    line_ups: pl.DataFrame  #: `line_up`, `label`
    today: str
    chosen: Ints  #: row of `plans`, or `NO_PLAN`
    bills: Array  #: dollars, with a last axis of months
    cost_usd: Array  #: to serve
    blocked_hours: Array
    degraded_hours: Array
    net_usd: Array  #: left to the user, at the demand before it answers to the price
    answer: Array  #: multiple of its work with which it answers
    still_usd: Array  #: bill less cost to serve, at the demand before it answers
    reviews_usd: Array  #: of the bills, what reviews cost
    weight: Array  #: (draws, users): for whom each user stands; sums to 1


def play(
    people: Population,
    plans: pl.DataFrame,
    assumed: Assumed,
    month: int = MONTH,
    today: str = TODAY,
) -> Played:
    """Let users choose in every line-up.

    Parameters
    ----------
    plans
        `facts("line-ups")`: a row a plan.
    assumed
        Every name of `assumed.ranges`: a number, or an array of draws.
    month
        Days of a month; days after the last whole month are left out.
    today
        The line-up whose prices are those that demand is used to.

    Raises
    ------
    ValueError
        There are fewer days than a month has, or no line-up of today.

    Examples
    --------
    >>> from analysis.facts import facts
    >>> from analysis.measures.assumed import middles
    >>> from analysis.measures.day_shapes import Profiles
    >>> from analysis.measures.population import population
    >>> logged = Profiles(np.array([5.0]), np.eye(1, 24, 9), np.zeros((1, 24)))
    >>> people = population(facts("personas"), logged, users=20, days=30)
    >>> played = play(people, facts("line-ups"), middles(facts("redesign-assumptions")))
    >>> sorted(set(played.plans["plan"].gather(played.chosen[0, 0])))  # under the first line-up
    ['Max 20x', 'Max 5x', 'Pro']
    """
    line_ups = plans.select("line_up", "label").unique(maintain_order=True)
    names = line_ups["line_up"].to_list()
    if today not in names:
        raise ValueError(f"no line-up is called {today}: there is nothing to compare with")
    count = max((np.size(of) for of in assumed.values()), default=1)
    a = {
        name: np.broadcast_to(np.asarray(of, float), count)[:, None, None]
        for name, of in assumed.items()
    }
    reviews = _by_month(people.reviews, month)
    on_offer = offers(plans)
    own_price = (plans["line_up"] != today).to_numpy()[:, None]
    at_price = priced(on_offer, np.where(own_price, a["prices"], 1.0))
    served = _used(people, on_offer, a, month)
    first = met(people, at_price, served, reviews, a)
    chosen = np.stack([_best(first.net_usd, plans, name) for name in names], axis=1)
    has = chosen != NO_PLAN
    net, price, cost = (
        _of(chosen, every) for every in (first.net_usd, first.price, first.cost_usd)
    )
    still = _of(chosen, first.bills.mean(-1)) - cost
    answer = _answer(np.where(has, price, np.nan), names.index(today), a["elasticity"], a["reach"])

    of_others = np.array([name != today for name in names])[:, None]
    own = Offers(*(every[:, 0][chosen] for every in on_offer))
    got = _again(people, own, served, chosen, answer, a, month)
    own = priced(own, np.where(of_others, a["prices"], 1.0))
    last = met(people, own, got, reviews, a)
    return Played(
        people,
        plans,
        line_ups,
        today,
        chosen,
        np.where(has[..., None], last.bills, 0.0),
        np.where(has, last.cost_usd, 0.0),
        np.where(has, got.blocked_hours.mean(-1), 0.0),
        np.where(has, got.degraded_hours.mean(-1), 0.0),
        np.where(has, net, 0.0),
        answer,
        np.where(has, still, 0.0),
        np.where(has, last.reviews_usd, 0.0),
        people.weights(a["knowledge_share"].ravel()),
    )


def _used(people: Population, plans: Offers, a: Mapping[str, Array], month: int) -> Use:
    """Simulate each kind of cap once, whatever differs beside that in plans and in draws."""
    kinds, kind = np.unique(np.hstack([plans.units, plans.at_cap]), axis=0, return_inverse=True)
    of_kinds = plans._replace(units=kinds[:, :1], at_cap=kinds[:, 1:])
    shaping = np.stack([a[name].ravel() for name in _SHAPING])
    _, one, draw = np.unique(shaping, axis=1, return_index=True, return_inverse=True)
    some = {name: of[one] for name, of in a.items()}
    got = use(people.work, terms(of_kinds, some), month, _scale(people, some))
    return Use(*(part[np.ravel(draw)[:, None], np.ravel(kind)] for part in got))


def _scale(people: Population, a: Mapping[str, Array]) -> Array:
    return np.asarray(a["level"] * spread_out(people.own, a["spread"]))


def _again(
    people: Population,
    own: Offers,
    served: Use,
    chosen: Ints,
    answer: Array,
    a: Mapping[str, Array],
    month: int,
) -> Use:
    """Simulate the chosen plans at the demand that has answered, in line-ups where any has."""
    got = Use(*(np.take_along_axis(part, chosen[..., None], axis=1) for part in served))
    moved = np.flatnonzero((answer != 1).any(axis=(0, 2)))
    if len(moved):
        some = Offers(*(every[:, moved] for every in own))
        scale = _scale(people, a) * answer[:, moved]
        for whole, part in zip(got, use(people.work, terms(some, a), month, scale), strict=True):
            whole[:, moved] = part
    return got


def _by_month(daily: Array, month: int) -> Array:
    months = daily.shape[1] // month
    return np.asarray(daily[:, : months * month].reshape(len(daily), months, month).sum(-1))


def _best(net: Array, plans: pl.DataFrame, line_up: str) -> Ints:
    """Return the row of the plan that leaves each user most, `NO_PLAN` where all leave less than 0.

    Of plans that leave the same, the first in the table is taken.
    """
    rows = (plans["line_up"] == line_up).arg_true().to_numpy().astype(np.int64)
    best = net[:, rows].argmax(axis=1)
    return np.where(net[:, rows].max(axis=1) >= 0, rows[best], NO_PLAN)


def _of(chosen: Ints, every: Array) -> Array:
    """Return what the chosen plan of each line-up says."""
    return np.asarray(np.take_along_axis(every, chosen, axis=1))


def _answer(price: Array, today: int, elasticity: Array, reach: Array) -> Array:
    """Return by how much demand answers to a price; not where one of the two is unknown."""
    with np.errstate(divide="ignore", invalid="ignore"):
        answer = (price / price[:, [today]]) ** elasticity
    return np.where(np.isnan(answer), 1.0, np.clip(answer, 1 / reach, reach))
