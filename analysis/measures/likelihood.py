"""The likelihood of what a cache read weighs in a quota, from where budgets ran out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

#: Weights that are tried. Above 1, as far as a write weighs at list.
WEIGHTS = np.linspace(0, 1.25, 126)
#: Spread of log budgets. No log knows a window's use to one part in twenty: summaries and titles
#: leave no line, and some output is predicted. At the other end a budget may be anything.
SPREADS = (0.05, 2.0)
#: Half the 90 % quantile of chi-square with one degree of freedom: how far a likelihood may fall.
DROP = 1.3528
#: An interval over more than this part of 0 to 1 tells nothing.
MOST = 0.5

_BEYOND = 1e6  # log use that no budget reaches
_STEPS = 100
_ENOUGH = 1e-9  # of log-likelihood: smaller gains end the search

Array = npt.NDArray[np.float64]
Hits = npt.NDArray[np.bool_]


class Use(NamedTuple):
    """What windows used: weighed tokens that were no reads, and reads; a row a window.

    The budget lies above `low` and, where the window was refused, at or under `high` (infinite
    elsewhere).
    """

    low_fresh: Array
    low_read: Array
    high_fresh: Array
    high_read: Array


class Profile(NamedTuple):
    """The likelihood of each of `WEIGHTS`, as its log, 0 at the best; and of what it was made.

    `budget` and `spread` are the best ones for each weight: weighed tokens, and of their log.
    """

    fall: Array
    budget: Array
    spread: Array
    hits: int
    quiet: int


def profile(use: Use) -> Profile:
    """Compute the profile likelihood of the weight.

    A hit has the probability that the budget lies between the use before the request that spent it
    and after, and a quiet window that it lies above. This is the probability of what is seen, step
    by step, if requests do not know the budget. (A density of log use at the hit is not: a weight
    changes the scale on which it is measured, and with it the density of one and the same
    outcome, so it needs the length of the last step, which the interval has.) With budget and
    spread as slope and offset the logarithm is concave in both, so there is one best pair for
    each weight; those of all weights are sought at once.

    Returns
    -------
    Profile
        Without hits every weight is as likely as another, at a budget beyond all that was used.

    Examples
    --------
    Two windows ran out at ten and at a hundred thousand tokens of input and output, the one after
    a million tokens were read, the other after as good as none: a read weighs about 0.1.

    >>> low = np.array([1e4, 1e5]), np.array([8e5, 0])
    >>> found = profile(Use(*low, low[0] + 1e3, low[1] + 1e5))
    >>> found.hits, [round(end, 2) for end in interval(found)]
    (2, [0.1, 0.14])
    """
    hit = np.isfinite(use.high_fresh)
    if not hit.any():
        nothing = np.full(len(WEIGHTS), np.nan)
        return Profile(np.zeros(len(WEIGHTS)), nothing, nothing, 0, len(hit))
    low, high = (
        np.log(np.maximum(fresh + np.outer(WEIGHTS, reads), least))
        for fresh, reads, least in (
            (use.low_fresh, use.low_read, 1),
            (use.high_fresh + 1, use.high_read, 2),
        )
    )
    middle = high[:, hit].mean(axis=1, keepdims=True)
    low, high = low - middle, np.where(hit, high - middle, _BEYOND)
    slope, offset, likely = _best(low, high, hit)
    budget = np.exp(offset / slope + middle.ravel())
    return Profile(likely - likely.max(), budget, 1 / slope, int(hit.sum()), int((~hit).sum()))


def _best(low: Array, high: Array, hit: Hits) -> tuple[Array, Array, Array]:
    """Climb to the best slope and offset of each weight by Newton's steps, and say how high it is.

    The logarithm of the likelihood is concave, so that there is one top. A step that leads down is
    taken again, shorter.
    """
    least, most = (1 / spread for spread in reversed(SPREADS))
    slope = np.full(len(low), 2 * least)
    offset, size = np.zeros(len(low)), np.ones(len(low))
    here = _likelihood(slope, offset, low, high, hit)
    for _ in range(_STEPS):
        _, by_slope, by_offset, slopes, both, offsets = here
        across = (both * by_offset - offsets * by_slope) / (slopes * offsets - both**2)
        across = np.clip(slope + size * across, least, most) - slope
        along = -(size * by_offset + both * across) / offsets
        there = _likelihood(slope + across, offset + along, low, high, hit)
        up = there[0] >= here[0]
        gain = np.where(up, there[0] - here[0], np.inf)
        slope, offset = slope + up * across, offset + up * along
        here = np.where(up, there, here)
        size = np.where(up, 1, size / 4)
        if (gain < _ENOUGH).all() or (size < _ENOUGH).any():
            break
    return slope, offset, here[0]


def _likelihood(slope: Array, offset: Array, low: Array, high: Array, hit: Hits) -> Array:
    """Return the log-likelihood of each weight, its two slopes and its three curvatures."""
    x, y = (slope[:, None] * end - offset[:, None] for end in (low, high))
    log = _log_probability(x, y, hit)
    below, above = (np.exp(-(end**2) / 2 - np.log(2 * np.pi) / 2 - log) for end in (x, y))
    curved = np.stack([x * below - below**2, below * above, -y * above - above**2])
    return np.stack(
        [
            log.sum(axis=1),
            (above * high - below * low).sum(axis=1),
            (below - above).sum(axis=1),
            (curved[0] * low**2 + 2 * curved[1] * low * high + curved[2] * high**2).sum(axis=1),
            -(curved[0] * low + curved[1] * (low + high) + curved[2] * high).sum(axis=1),
            (curved[0] + 2 * curved[1] + curved[2]).sum(axis=1),
        ]
    )


def interval(found: Profile) -> tuple[float, float]:
    """Return the ends of the 90 % interval of the weight, between weights that are tried.

    Where the likelihood falls by `DROP`; an end at an end of `WEIGHTS` is no end: it goes on.
    """
    inside = np.flatnonzero(found.fall >= -DROP)
    return _end(found, inside[0], -1), _end(found, inside[-1], 1)


def _end(found: Profile, last: int, step: int) -> float:
    """Go on from the last weight inside towards the next, as far as a straight line holds."""
    if not 0 <= last + step < len(WEIGHTS):
        return float(WEIGHTS[last])
    fall = [found.fall[last + step], found.fall[last]]
    return float(np.interp(-DROP, fall, [WEIGHTS[last + step], WEIGHTS[last]]))


def covered(low: float, high: float) -> float:
    """Return how much of 0 to 1 an interval of the weight covers.

    >>> covered(0.75, 1.25)
    0.25
    """
    return max(min(high, 1.0) - max(low, 0.0), 0.0)


def _log_probability(low: Array, high: Array, hit: Hits) -> Array:
    """Return the log of a normal's probability between two ends, or above the lower one."""
    from scipy.special import log_ndtr

    upper = (low > 0) & hit  # far up, the other tail is exact
    below, above = log_ndtr(np.where(upper, -high, low)), log_ndtr(np.where(upper, -low, high))
    between = above + np.log(-np.expm1(np.where(hit, below - above, -1)))
    found: Array = np.where(hit, between, log_ndtr(-low))
    return found
