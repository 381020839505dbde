"""Work that users want, hour by hour: day profiles, and the hours of a month that have any."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

HOURS = 24
IDLE = -1  # the profile of a day without work


class Work(NamedTuple):
    """What users want on each day, and how a day's work lies in its hours."""

    shape: Ints  #: (users, days): the day's profile, `IDLE` where there is no work
    usd: Array  #: (users, days): list-price dollars wanted, at the large model
    hours: Array  #: (profiles, 24): share of a day's dollars by hour; a row sums to 1
    context: Array  #: (profiles, 24): writing what stands at that hour, as a share of those dollars


class Steps(NamedTuple):
    """A month's hours with work, in order: arrays of shape (steps, users).

    Users with fewer such hours than others have empty ones at the end: the month's last hour, with
    nothing wanted.
    """

    at: Ints  #: hour since the start
    fresh: Array  #: dollars wanted anew
    context: Array  #: dollars of writing the context that stands, at the large model's list price


def steps(work: Work, users: Ints, first_day: int, days: int) -> Steps:
    """Return the hours with work of some users in some days.

    Examples
    --------
    >>> work = Work(shape=np.array([[0, IDLE]]), usd=np.array([[8.0, 8.0]]),
    ...             hours=np.eye(1, 24, 9) / 4 + np.eye(1, 24, 13) * 3 / 4,
    ...             context=np.full((1, 24), 0.5))
    >>> found = steps(work, np.array([0]), 0, 2)
    >>> found.at.ravel().tolist(), found.fresh.ravel().tolist(), found.context.ravel().tolist()
    ([9, 13], [2.0, 6.0], [0.0, 4.0])
    """
    span = slice(first_day, first_day + days)
    shape, usd = work.shape[users, span], work.usd[users, span]
    idle = np.zeros((1, HOURS))
    each = np.append(work.hours, idle, axis=0)[shape]  # position -1 is the idle day
    fresh = (each * usd[..., None]).reshape(len(users), -1)
    standing = np.append(_after_first(work), idle, axis=0)[shape]
    context = (standing * usd[..., None]).reshape(len(users), -1)
    some = fresh > 0
    order = np.argsort(~some, axis=1, kind="stable")[:, : int(some.sum(axis=1).max(initial=0))]
    wanted = np.take_along_axis(some, order, axis=1)
    last = days * HOURS - 1
    return Steps(
        first_day * HOURS + np.where(wanted, order, last).T,
        np.where(wanted, np.take_along_axis(fresh, order, axis=1), 0).T,
        np.where(wanted, np.take_along_axis(context, order, axis=1), 0).T,
    )


def _after_first(work: Work) -> Array:
    """Return what context stands at each hour: none in a day's first, where a session begins."""
    begun = np.cumsum(work.hours > 0, axis=1) - (work.hours > 0) > 0
    return np.where(begun, work.context, 0)
