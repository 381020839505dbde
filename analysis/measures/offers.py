"""What a plan gives and takes: its terms as arrays, the bill, the cost to serve, what is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from analysis.measures.assumed import within
from analysis.measures.caps import AT_CAP, Terms, Use
from analysis.measures.population import Population, spread_out
from analysis.measures.wanted import Array

#: How a plan has reviews: not at all, billed by their tokens, at a fixed price, in its fee.
REVIEWS = ("none", "token", "checkpoint", "included")


class Offers(NamedTuple):
    """Plans as arrays that broadcast to (draws, plans, users)."""

    fee_usd: Array
    units: Array  #: multiples of the smallest cap; inf: no cap, 0: all is billed
    at_cap: Array  #: position in `AT_CAP`
    rate: Array
    reviews: Array  #: position in `REVIEWS`
    review_usd: Array
    office: Array  #: 1 where the tools are in it


class Met(NamedTuple):
    """What plans gave and took, a month: (draws, plans, users)."""

    bills: Array  #: with a last axis of months
    cost_usd: Array  #: to serve
    reviews_usd: Array  #: of the bills, what reviews cost
    net_usd: Array  #: worth of all that was got, less the bill and what blocked hours cost
    price: Array  #: fee and overage over the list price of the work wanted; nan: none wanted


def offers(plans: pl.DataFrame) -> Offers:
    """Return plans as arrays of shape (plans, 1).

    Examples
    --------
    >>> from analysis.facts import facts
    >>> offers(facts("line-ups")).units[:3].ravel().tolist()
    [1.0, 5.0, 20.0]
    """
    places = {"at_cap": AT_CAP, "reviews": REVIEWS, "office": ("no", "yes")}
    missing = {"units": np.inf, "review_usd": 0.0}
    found = []
    for name in Offers._fields:
        column = plans[name]
        if name in places:
            column = column.replace_strict({word: n for n, word in enumerate(places[name])})
        found.append(
            column.cast(pl.Float64).fill_null(missing.get(name, np.nan)).to_numpy()[:, None]
        )
    return Offers(*found)


def priced(plans: Offers, times: Array) -> Offers:
    """Return plans at a multiple of their prices: fees, what metered work costs, and reviews."""
    dearer = (of * times for of in (plans.fee_usd, plans.rate, plans.review_usd))
    fee, rate, review = dearer
    return plans._replace(fee_usd=fee, rate=rate, review_usd=review)


def terms(plans: Offers, a: Mapping[str, Array]) -> Terms:
    """Return the terms of plans under what is assumed, billed at list price beyond the cap."""
    window = a["cap_usd"] * plans.units
    return Terms(window, window * a["week_windows"], plans.at_cap, 1.0, a["small"], a["waits"])


def met(people: Population, plans: Offers, got: Use, reviews: Array, a: Mapping[str, Array]) -> Met:
    """Return what plans gave and took.

    A user buys reviews where one is worth its price to it.

    Parameters
    ----------
    got
        `caps.use` under `terms`.
    reviews
        Reviews wanted: broadcast to (draws, plans, users, months).
    a
        What is assumed: arrays of shape (draws, 1, 1).

    Notes
    -----
    Overage is billed by the hour at list price (`terms`), and costs a plan's `rate` of that.
    """
    worth = a["review_worth"] * spread_out(people.taste, a["spread"])
    none = np.full(np.broadcast_shapes(plans.reviews.shape, worth.shape), np.inf)
    prices = (none, plans.rate * a["review_list"], plans.review_usd, np.zeros(()))
    price = np.choose(plans.reviews.astype(int), prices)
    buys = price <= worth
    bought = np.where(buys[..., None], a["reviews"][..., None] * reviews, 0.0)
    paid = np.where(buys, price, 0.0)
    for_work = plans.fee_usd[..., None] + plans.rate[..., None] * got.overage_usd
    bills = for_work + paid[..., None] * bought

    large, small, rewrite, blocked = (
        of.mean(-1) for of in (got.large_usd, got.small_usd, got.rewrite_usd, got.blocked_hours)
    )
    count = bought.mean(-1)
    listed = large + a["small"] * small + rewrite + a["review_list"] * count
    rate = within(a["worth"], *(people.of(name) for name in ("worth_low", "worth", "worth_high")))
    gained = rate * (large + a["quality"] * small) + worth * count
    gained = gained + plans.office * people.of("office")
    wanted, charged = got.wanted_usd.mean(-1), for_work.mean(-1)
    unknown = np.full(np.broadcast_shapes(charged.shape, wanted.shape), np.nan)
    return Met(
        bills,
        a["cost_share"] * listed,
        paid * count,
        gained - bills.mean(-1) - a["blocked_usd"] * blocked,
        np.divide(charged, wanted, where=wanted > 0, out=unknown),
    )
