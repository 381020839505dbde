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

Array = npt.NDArray[np.float64]


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
    from scipy.optimize import minimize

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
    low, high = low - middle, high - middle
    slopes = [1 / spread for spread in reversed(SPREADS)]

    def lost(both: Array) -> tuple[float, Array]:
        slope, offset = both.reshape(2, -1, 1)
        fit, by_low, by_high = _log_probability(slope * low - offset, slope * high - offset, hit)
        by_slope = by_low * low + by_high * np.where(hit, high, 0)
        return -float(fit.sum()), -np.r_[by_slope.sum(axis=1), -(by_low + by_high).sum(axis=1)]

    begin = np.r_[np.full(len(WEIGHTS), slopes[0] * 2), np.zeros(len(WEIGHTS))]
    limits = [tuple(slopes)] * len(WEIGHTS) + [(None, None)] * len(WEIGHTS)
    best = minimize(
        lost,
        begin,
        jac=True,
        method="L-BFGS-B",
        bounds=limits,
        options={"maxiter": 2000, "maxfun": 4000, "ftol": 1e-12, "gtol": 1e-6},
    )
    slope, offset = best.x.reshape(2, -1, 1)
    likely = _log_probability(slope * low - offset, slope * high - offset, hit)[0].sum(axis=1)
    budget = np.exp((offset / slope + middle).ravel())
    return Profile(
        likely - likely.max(), budget, 1 / slope.ravel(), int(hit.sum()), int((~hit).sum())
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


def _log_probability(
    low: Array, high: Array, hit: npt.NDArray[np.bool_]
) -> tuple[Array, Array, Array]:
    """Return the log of a normal's probability between two ends, and its slopes by each."""
    from scipy.special import log_ndtr

    upper = (low > 0) & hit  # far up, the other tail is exact
    a, b = np.where(upper, -high, low), np.where(upper, -low, high)
    below, above = log_ndtr(a), log_ndtr(b)
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.where(hit, above + np.log(-np.expm1(below - above)), log_ndtr(-low))
    density = [
        np.exp(-(end**2) / 2 - np.log(2 * np.pi) / 2 - log) for end in (low, np.where(hit, high, 0))
    ]
    return log, -density[0], np.where(hit, density[1], 0)
