"""Declared users at work: personas, and days drawn from the shapes of logs.

Everything about users is assumed but how a day's work lies in its hours and how unlike days are,
which comes from logs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from analysis.measures.caps import MONTH
from analysis.measures.day_shapes import Profiles
from analysis.measures.wanted import IDLE, Array, Ints, Work

USERS = 1_000
DAYS = 90


class Population(NamedTuple):
    """Users, and what each wants at the level of its persona."""

    personas: pl.DataFrame
    persona: Ints  #: (users,): row of `personas`
    work: Work
    reviews: Array  #: (users, days): reviews wanted
    own: Array  #: (users,): how far a user's level lies from its persona's, a standard normal
    taste: Array  #: (users,): the same of what a review is worth to it

    def of(self, column: str) -> Array:
        """Return a column of `personas` for each user."""
        return self.personas[column].to_numpy().astype(float)[self.persona]


def population(
    personas: pl.DataFrame,
    found: Profiles,
    users: int = USERS,
    days: int = DAYS,
    seed: int = 1,
) -> Population:
    """Make users by persona, each with its days.

    Every user draws its active days, and for each one a day of the logs, whose hours it keeps and
    whose size over the mean of all days it takes as that day's size. Reviews come on
    active days, by chance.

    Parameters
    ----------
    personas
        `persona`, `label`, `share` of users, `day_usd` (list-price dollars wanted on an active
        day), `active_days` (share of days), `reviews_month`, `worth_low`, `worth`, `worth_high`
        (dollars a list-price dollar of work), `office` (dollars a month).
    found
        Days of logs, at least one.

    Raises
    ------
    ValueError
        There are no days to draw from.

    Examples
    --------
    >>> from analysis.facts import facts
    >>> logged = Profiles(np.array([5.0]), np.eye(1, 24, 9), np.zeros((1, 24)))
    >>> people = population(facts("personas"), logged, users=100, days=30)
    >>> np.bincount(people.persona).tolist()
    [35, 25, 22, 15, 3]
    >>> sorted(set(people.work.usd[people.persona == 3].ravel().tolist()))
    [0.0, 13.0]
    """
    if not len(found.usd):
        raise ValueError("there are no days to draw from: a population needs the shapes of some")
    rng = np.random.default_rng(seed)
    persona = np.repeat(np.arange(personas.height), by_share(personas["share"].to_numpy(), users))
    own, taste = rng.standard_normal((2, users))
    active = rng.random((users, days)) < personas["active_days"].to_numpy()[persona, None]
    shape = np.where(active, rng.integers(len(found.usd), size=(users, days)), IDLE)
    size = np.append(found.usd / found.usd.mean(), 0.0)[shape]
    usd = size * personas["day_usd"].to_numpy()[persona, None]
    a_day = personas["reviews_month"] / (MONTH * personas["active_days"])
    reviews = np.where(active, rng.poisson(a_day.to_numpy()[persona, None], active.shape), 0.0)
    work = Work(shape, usd, found.hours, found.context)
    return Population(personas, persona, work, reviews, own, taste)


def by_share(shares: Array, users: int) -> Ints:
    """Split users by shares, whole numbers, the largest remainders rounded up.

    Examples
    --------
    >>> by_share(np.array([0.5, 0.3, 0.2]), 7).tolist()
    [4, 2, 1]
    """
    exact = shares / shares.sum() * users
    counts = np.floor(exact + 1e-9).astype(np.int64)
    counts[np.argsort(counts - exact, kind="stable")[: users - counts.sum()]] += 1
    return np.asarray(counts)


def spread_out(normal: Array, spread: float | Array) -> Array:
    """Return lognormal multiples with a mean of 1 over all users.

    Examples
    --------
    >>> spread_out(np.array([-1.0, 1.0]), 0.0).tolist()
    [1.0, 1.0]
    """
    return np.asarray(np.exp(spread * normal - np.square(spread) / 2))
