"""Draws that are the same on every Python: only `random()` keeps its sequence by promise."""

from __future__ import annotations

import math
import random
from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

#: A mixture of log-normal parts: weight, median, spread (standard deviation of the logarithm).
Mix = tuple[tuple[float, float, float], ...]

T = TypeVar("T")


class Dice:
    """A seeded source of draws; the same words seed the same sequence.

    Examples
    --------
    >>> Dice(1, "a").integer(1, 6) == Dice(1, "a").integer(1, 6)
    True
    """

    def __init__(self, *seed: object) -> None:
        self.uniform = random.Random("/".join(map(str, seed))).random

    def chance(self, share: float) -> bool:
        """Return True in a share of the draws."""
        return self.uniform() < share

    def integer(self, low: int, high: int) -> int:
        """Draw an integer, both ends included."""
        return low + int(self.uniform() * (high - low + 1))

    def choice(self, items: Sequence[T]) -> T:
        """Draw one of some items."""
        return items[int(self.uniform() * len(items))]

    def normal(self) -> float:
        """Draw from the standard normal distribution, after Box and Muller."""
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        return radius * math.cos(2 * math.pi * self.uniform())

    def weighted(self, weights: Sequence[float]) -> int:
        """Draw a number from 0 on, in proportion to weights."""
        ends = list(accumulate(weights))
        return bisect(ends, self.uniform() * math.fsum(weights), hi=len(weights) - 1)

    def mix(self, parts: Mix) -> float:
        """Draw from a mixture of log-normal parts."""
        _, median, spread = parts[self.weighted([weight for weight, _, _ in parts])]
        return median * math.exp(spread * self.normal())

    def hexadecimal(self, digits: int) -> str:
        """Draw hexadecimal digits."""
        words = (f"{int(self.uniform() * 2**32):08x}" for _ in range(-(-digits // 8)))
        return "".join(words)[:digits]

    def uuid(self) -> str:
        """Draw an id of the fourth kind."""
        h = self.hexadecimal(32)
        return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"
