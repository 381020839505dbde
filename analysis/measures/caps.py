"""What users get under caps: work wanted by the hour, what is served, blocked, degraded or billed.

The rules are those of a plan with a cap in each window of five hours, and perhaps one a week:

- A window opens at the first hour with fresh demand after the one before has ended, served or not.
  A week is 168 hours, counted from the start.
- In an hour the user wants its fresh work and what still waits. What is left of window and week
  serves it. The rest is refused (of it a share waits for the next hour, and of that the same share
  for the one after; it is done when the user is next at work), or billed, or served by a smaller
  model.
- A switch to the smaller model writes the context again at that model's price. The switch back,
  once there is more left than it takes, writes it again at the large one's, out of the cap. A day
  begins with a new session: its first hour has no context to write again.
- What the smaller model does, and what is billed, counts against no cap.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.measures.wanted import Array, Ints, Steps, Work, steps

#: What a plan does at its cap; a `Terms.at_cap` is the position in it.
AT_CAP = ("shut off", "overage", "degrade")
SHUT_OFF, OVERAGE, DEGRADE = range(3)
WINDOW = 5  # hours
WEEK = 7 * 24  # hours
MONTH = 30  # days
_BLOCK = 2**14  # rows that are simulated at once: what they need stays in a core's cache


class Terms(NamedTuple):
    """A plan's terms: numbers, or arrays that broadcast to (..., users)."""

    window_usd: float | Array  #: list-price dollars that a window holds; inf: no cap
    week_usd: float | Array  #: list-price dollars that a week holds; inf: no cap
    at_cap: float | Array | Ints  #: position in `AT_CAP`
    rate: float | Array = 1.0  #: billed for a list-price dollar beyond the cap
    small: float | Array = 1.0  #: price of the smaller model over the large one's
    waits: float | Array = 0.0  #: share of refused work that still waits an hour later


class Use(NamedTuple):
    """What users got by month: arrays of shape (..., users, months)."""

    large_usd: Array  #: work done by the large model, also beyond the cap, at its list price
    small_usd: Array  #: work done by the smaller model, at the list price of the large one
    rewrite_usd: Array  #: list price of context written again at switches
    overage_usd: Array  #: billed for work beyond the cap
    unserved_usd: Array  #: work that was never done, at the large model's list price
    blocked_hours: Array  #: hours in which work was wanted and refused, by the share refused
    degraded_hours: Array  #: hours in which the smaller model worked, by its share of the work
    wanted_usd: Array  #: fresh work wanted, at the large model's list price
    wanted_hours: Array  #: hours in which fresh work was wanted


def use(work: Work, terms: Terms, month: int = MONTH, scale: float | Array = 1.0) -> Use:
    """Simulate what users get under plans, hour by hour.

    Every rule holds of a user by itself; a plan, or a draw of what is assumed, is another position
    on a leading axis. Days after the last whole month are left out. What waits at the end of the
    last month is never done.

    Parameters
    ----------
    work
        What users want.
    terms
        The terms each has: arrays that broadcast to (..., users).
    month
        Days of a month.
    scale
        Multiple of all that a user wants, broadcast like the terms.

    Returns
    -------
    Use
        Arrays of shape (..., users, months). Over all months `large_usd`, `small_usd` and
        `unserved_usd` sum to `wanted_usd`.

    Raises
    ------
    ValueError
        There are fewer days than a month has.

    Examples
    --------
    A dollar in each of two hours, a cap of 1.50 dollars: half an hour is blocked.

    >>> work = Work(shape=np.zeros((1, 30), int), usd=np.full((1, 30), 2.0),
    ...             hours=np.eye(1, 24, 9) / 2 + np.eye(1, 24, 10) / 2, context=np.zeros((1, 24)))
    >>> got = use(work, Terms(window_usd=1.5, week_usd=np.inf, at_cap=SHUT_OFF))
    >>> [float(of[0, 0]) for of in (got.large_usd, got.unserved_usd, got.blocked_hours)]
    [45.0, 15.0, 15.0]
    """
    users, days = work.usd.shape
    months = days // month
    if not months:
        raise ValueError(f"{days} days are less than a month of {month}: simulate more")
    asked = (*terms, scale)
    lead = np.broadcast_shapes(*(np.shape(term) for term in asked), (users,))[:-1]
    found = Use(*(np.zeros((*lead, users, months)) for _ in Use._fields))
    size = max(1, _BLOCK // int(np.prod(lead, dtype=int)))
    order = np.argsort((work.usd > 0).sum(axis=1), kind="stable")  # users alike share a block
    for first in range(0, users, size):
        some = order[first : first + size]
        own = [_cut(np.asarray(term), some, users, lead) for term in asked]
        block = _Block(Terms(*own[:-1]), own[-1])
        for number in range(months):
            block.month(steps(work, some, number * month, month))
            for whole, part in zip(found, block.got, strict=True):
                whole[..., some, number] = part
        found.unserved_usd[..., some, -1] += block.queue
    return found


def _cut(term: Array, some: Ints, users: int, lead: tuple[int, ...]) -> Array:
    """Return a term of some users, spread over all plans."""
    part = term[..., some] if term.shape[-1:] == (users,) else term
    return np.ascontiguousarray(np.broadcast_to(part, (*lead, len(some))))


class _Block:
    """Some users under all plans: where they stand, and what they got this month."""

    def __init__(self, terms: Terms, scale: Array) -> None:
        self.terms, self.scale = terms, scale
        self.shuts, self.bills, self.degrades = (terms.at_cap == n for n in range(len(AT_CAP)))
        self.window, self.week, self.queue = (np.zeros(scale.shape) for _ in range(3))
        self.on_small = np.zeros(scale.shape, bool)
        self.now, self.window_ends, self.week_ends = (
            np.zeros(scale.shape[-1:], np.int64) for _ in range(3)
        )
        self.got = Use(*(np.zeros(scale.shape) for _ in Use._fields))

    def month(self, hours: Steps) -> None:
        """Go through a month."""
        self.got = Use(*(np.zeros(self.scale.shape) for _ in Use._fields))
        for at, fresh, context in zip(*hours, strict=True):
            self._wait(at)
            self._open(at, fresh > 0)
            self._hour(self.scale * fresh, self.scale * context)

    def _wait(self, at: Ints) -> None:
        """Let time pass: of what waits, part is given up, the same share every hour."""
        some = self.queue > 0
        if some.any():
            gap = np.broadcast_to(at - self.now, some.shape)
            kept = np.power(self.terms.waits, gap, where=some, out=np.zeros(some.shape))
            gone = self.queue * (1 - kept)
            self.queue -= gone
            self.got.unserved_usd[...] += gone
        self.now = at

    def _open(self, at: Ints, works: npt.NDArray[np.bool_]) -> None:
        """Open a week and a window where the last is over: whatever the plan, at the same hour."""
        new = works & (at >= self.week_ends)
        np.copyto(self.week, self.terms.week_usd, where=new)
        self.week_ends = np.where(new, (at // WEEK + 1) * WEEK, self.week_ends)
        new = works & (at >= self.window_ends)
        np.copyto(self.window, self.terms.window_usd, where=new)
        self.window_ends = np.where(new, at + WINDOW, self.window_ends)

    def _hour(self, fresh: Array, context: Array) -> None:
        """Serve an hour. Where nothing fresh is wanted, what waits goes on waiting."""
        large, small, rewrite, overage, _, blocked, degraded, fresh_usd, hours = self.got
        works, terms = fresh > 0, self.terms
        left = np.minimum(self.window, self.week)
        if self.on_small.any():
            back = self.on_small & works & (left > context)
            again = np.where(back, context, 0)
            self._charge(again)
            rewrite += again
            self.on_small &= ~back
            left = np.where(self.on_small, 0, left - again)
        wanted = np.where(works, fresh + self.queue, 0)
        served = np.minimum(wanted, left)
        self._charge(served)
        rest = wanted - served
        beyond = rest * self.bills
        large += served + beyond
        overage += terms.rate * beyond
        share = np.divide(rest, wanted, where=works, out=np.zeros(rest.shape))
        blocked += share * self.shuts
        self.queue = np.where(works & self.shuts, rest, self.queue)
        down = self.degrades & (rest > 0)
        small += rest * down
        degraded += share * down
        rewrite += terms.small * context * (down & ~self.on_small)
        self.on_small |= down
        fresh_usd += fresh
        hours += works

    def _charge(self, usd: Array) -> None:
        self.window -= usd
        self.week -= usd
