"""Declared users at work: personas, and days drawn from the shapes of logs.

Everything about users is assumed but how a day's work lies in its hours and how unlike days are,
which comes from logs. What can be spread evenly is not left to chance: each persona has as many
users as another, weighed by its share; their levels are quantiles; each day of the logs is met as
often as another. Users come in groups, each a whole population by itself: how unlike groups are
says how much of a result is the luck of who was simulated.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from analysis.measures.caps import MONTH
from analysis.measures.day_shapes import Profiles
from analysis.measures.redesign import KNOWLEDGE
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
    group: Ints  #: (users,): the group it is in

    def of(self, column: str) -> Array:
        """Return a column of `personas` for each user."""
        return self.personas[column].to_numpy().astype(float)[self.persona]

    def weights(self, knowledge_share: float | Array) -> Array:
        """Return for whom each user stands: (draws, users), with a sum of 1.

        Parameters
        ----------
        knowledge_share
            Share of all that do not write code; of no effect where there are only such, or none.
        """
        share = np.atleast_1d(np.asarray(knowledge_share, float))[:, None]
        each = self.of("share") / np.bincount(self.persona, minlength=1)[self.persona]
        apart = np.isin(self.personas["persona"].to_numpy(), KNOWLEDGE)[self.persona]
        whole = [float(each[part].sum()) for part in (apart, ~apart)]
        if not all(whole):
            return np.broadcast_to(each / max(sum(whole), 1e-300), (len(share), len(each)))
        return np.where(apart, share / whole[0], (1 - share) / whole[1]) * each


def population(
    personas: pl.DataFrame,
    found: Profiles,
    users: int = USERS,
    days: int = DAYS,
    seed: int = 1,
    groups: int = 1,
) -> Population:
    """Make users by persona, each with its days.

    Users draw which days they work, and for each one a day of the logs, whose hours it keeps and
    whose size over the mean of all days it takes as that day's size. Reviews come on active days,
    by chance. Of all this a persona has as much as declared; chance says whose and when.

    Parameters
    ----------
    personas
        `persona`, `label`, `share` of users, `day_usd` (list-price dollars wanted on an active
        day), `active_days` (share of days), `reviews_month`, `worth_low`, `worth`, `worth_high`
        (dollars a list-price dollar of work), `office` (dollars a month).
    found
        Days of logs, at least one.
    users
        Of all groups together; each group has the same number, a remainder is left out.

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
    [20, 20, 20, 20, 20]
    >>> people.weights(0.6)[0, ::20].round(4).tolist()
    [0.0175, 0.0125, 0.011, 0.0075, 0.0015]
    >>> sorted(set(people.work.usd[people.persona == 3].ravel().tolist()))
    [0.0, 13.0]
    """
    if not len(found.usd):
        raise ValueError("there are no days to draw from: a population needs the shapes of some")
    rng = np.random.default_rng(seed)
    counts = by_share(np.ones(personas.height), users // groups)
    size = np.append(found.usd / found.usd.mean(), 0.0)
    parts = []
    for group in range(groups):
        for n, row in enumerate(personas.to_dicts()):
            parts.append(_users(row, int(counts[n]), days, len(found.usd), rng))
            parts[-1] |= {"persona": np.full(counts[n], n), "group": np.full(counts[n], group)}
    made = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    persona, shape = made["persona"], made["shape"]
    usd = size[shape] * personas["day_usd"].to_numpy()[persona, None]
    work = Work(shape, usd, found.hours, found.context)
    own = (made[name] for name in ("reviews", "own", "taste", "group"))
    return Population(personas, persona, work, *own)


def _users(
    row: dict[str, float], users: int, days: int, kinds: int, rng: np.random.Generator
) -> dict[str, Array]:
    """Return a persona's users: which day of the logs each works on which day, and its reviews."""
    cells = users * days
    active = rng.permutation(cells)[: round(cells * row["active_days"])]
    shape = np.full(cells, IDLE)
    shape[active] = rng.permutation(np.arange(len(active)) + rng.integers(kinds)) % kinds
    wanted = round(users * days / MONTH * row["reviews_month"]) if len(active) else 0
    reviews = np.zeros(cells)
    np.add.at(reviews, rng.choice(active, wanted) if wanted else [], 1.0)
    own, taste = (rng.permutation(_quantiles(users)) for _ in range(2))
    whole = {"shape": shape.reshape(users, days), "reviews": reviews.reshape(users, days)}
    return whole | {"own": own, "taste": taste}


def _quantiles(count: int) -> Array:
    """Return values at even distances along a standard normal."""
    from scipy.special import ndtri

    return np.asarray(ndtri((np.arange(count) + 0.5) / max(count, 1)))


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
