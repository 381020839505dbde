"""What a request would cost if sessions were ended after so many of them.

A session that is ended goes on in a fresh one, whose first prompt is the standing part (the chain's
own first prompt), a carry-over of so many tokens, and what was new in that request. What stood
between the two is dropped until the next end. The fresh prompt is written anew, all of it; every
other token is read, written or sent as the log says, if it is still there: expired entries expire
again. Output is the same, so it is left out. A chain is cut in stretches, from the start of each.

Prices are what the chain paid for a token of each class, by model. Dollars are list-price
equivalents.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.measures.growth import STRETCH
from analysis.sessions import CHAIN

#: How far above the lowest cost is still as good: the zone that is called flat.
FLAT = 0.1
#: What ending sessions must save, of the prompts' cost, to be worth doing.
WORTH = 0.01
#: Carry-overs that are tried: from nothing to more than a 200,000-token window leaves room for.
CARRY_OVERS = (0, 5_000, 10_000, 20_000, 40_000, 80_000, 160_000)
_A_DECADE = 8  # lengths tried between 1 and 10, 10 and 100, ...
_CLASSES = ("read", "write", "input")
_ROW = ("tokens", "standing", "before", "at", *(f"{c}_tokens" for c in _CLASSES))
_RATES = tuple(f"{c}_rate" for c in _CLASSES)

Floats = npt.NDArray[np.float64]


def lengths(longest: int) -> list[int]:
    """Return session lengths to try: about eight between powers of ten, the longest last.

    Examples
    --------
    >>> lengths(20)
    [1, 2, 3, 4, 6, 7, 10, 13, 18, 20]
    """
    steps = math.ceil(_A_DECADE * math.log10(max(longest, 1))) + 1
    tried = {round(10 ** (step / _A_DECADE)) for step in range(steps)}
    return sorted(length for length in tried | {longest} if length <= longest)


def replayable(stretched: pl.DataFrame) -> pl.DataFrame:
    """Return the requests that can be replayed, with what a token of each class cost them.

    Parameters
    ----------
    stretched
        Priced requests from `analysis.measures.growth.stretches`.

    Returns
    -------
    pl.DataFrame
        One row per request whose chain paid for a written token, by chain and time: the stretch's
        columns, `project`, `at` (requests of its stretch before it), `tokens` (prompt), `before`
        (prompt of the request before, 0 for a stretch's first), `standing` (the chain's first
        prompt), `read_tokens`, `write_tokens`, `input_tokens`, and of each `read_rate`,
        `write_rate`, `input_rate` (nano-dollars a token, 0 for a class that the chain has none of).
    """
    by = [*CHAIN, "model"]

    def rate(part: str) -> pl.Expr:
        paid = pl.sum_horizontal(f"^{part}(_5m|_1h)?_nano$").sum().over(by)
        return (paid / pl.col(f"{part}_tokens").sum().over(by)).fill_nan(None).alias(f"{part}_rate")

    prompt = pl.sum_horizontal(f"{c}_tokens" for c in _CLASSES)
    return (
        stretched.filter(pl.col("total_nano").is_not_null())
        .with_columns(*map(rate, _CLASSES), tokens=prompt)
        .with_columns(
            at=pl.int_range(pl.len()).over(STRETCH),
            before=pl.col("tokens").shift().over(STRETCH).fill_null(0),
            standing=pl.col("tokens").first().over(CHAIN),
        )
        .drop_nulls("write_rate")
        .filter(pl.col("write_rate") > 0)
        .with_columns(pl.col(_RATES).fill_null(0))
        .select(*STRETCH, "project", *_ROW, *_RATES)
    )


@dataclass(frozen=True)
class _Arrays:
    """The columns of `replayable` as arrays."""

    tokens: Floats
    standing: Floats
    before: Floats
    at: npt.NDArray[np.int64]
    read: Floats
    write: Floats
    input: Floats
    read_rate: Floats
    write_rate: Floats
    input_rate: Floats

    @classmethod
    def of(cls, ready: pl.DataFrame) -> _Arrays:
        columns = [ready[c].to_numpy() for c in (*_ROW, *_RATES)]
        tokens, standing, before, at, *rest = columns
        return cls(_float(tokens), _float(standing), _float(before), at, *map(_float, rest))

    @cached_property
    def logged(self) -> Floats:
        """What the prompts cost as logged."""
        return np.asarray(
            self.read * self.read_rate
            + self.write * self.write_rate
            + self.input * self.input_rate
        )

    def nano(self, length: int, carry_over: float, later: npt.NDArray[np.int64]) -> Floats:
        """Cost the prompts of requests that are `later` than the first end."""
        part = self.at[later] % length
        tokens, standing, read = self.tokens[later], self.standing[later], self.read[later]
        kept = standing + carry_over
        drop = np.minimum(self.before[later - part], tokens) - kept
        # What is dropped stands behind the standing part: of reads first, then of writes.
        begins, ends = standing, standing + np.clip(drop, 0, None)
        read_end, write_end = read, read + self.write[later]
        off_read = np.clip(np.minimum(read_end, ends) - begins, 0, None)
        off_write = np.clip(np.minimum(write_end, ends) - np.maximum(read_end, begins), 0, None)
        left, fresh = tokens - np.clip(drop, 0, None), part == 0
        reads = np.where(fresh, 0, read - off_read)
        writes = np.where(
            fresh, np.clip(left - self.input[later], 0, None), self.write[later] - off_write
        )
        return np.asarray(
            reads * self.read_rate[later]
            + writes * self.write_rate[later]
            + (left - reads - writes) * self.input_rate[later]
        )


def _float(array: npt.NDArray[np.generic]) -> Floats:
    return array.astype(float)


def replay(ready: pl.DataFrame, carry_over: float, tried: list[int] | None = None) -> pl.DataFrame:
    """Cost the prompts of all requests at each session length.

    Parameters
    ----------
    ready
        `replayable`.
    carry_over
        Tokens that a fresh session takes over, or reads again, beside the standing part.
    tried
        Lengths in requests; by default `lengths` of the longest stretch, at which nothing is cut.

    Returns
    -------
    pl.DataFrame
        One row per length: `length`, `restarts` (fresh sessions), `usd_a_request`, `usd`,
        `against` (that over the cost as logged, 1 where nothing is cut).
    """
    head = {"length": pl.Int64, "restarts": pl.Int64}
    head |= dict.fromkeys(("usd_a_request", "usd", "against"), pl.Float64)
    if ready.is_empty():
        return pl.DataFrame(schema=head)
    arrays, rows = _Arrays.of(ready), []
    for length in tried or lengths(int(arrays.at.max()) + 1):
        later = np.flatnonzero(arrays.at >= length)
        logged = float(arrays.logged.sum())
        nano = logged + float((arrays.nano(length, carry_over, later) - arrays.logged[later]).sum())
        restarts = int((arrays.at[later] % length == 0).sum())
        rows.append((length, restarts, nano / ready.height / 1e9, nano / 1e9, nano / logged))
    return pl.DataFrame(rows, head, orient="row")


def by_session(ready: pl.DataFrame, carry_over: float, tried: list[int]) -> pl.DataFrame:
    """Cost the prompts of each session at each session length.

    Returns
    -------
    pl.DataFrame
        One row per session: `session`, and nano-dollars in a column for each length, by its digits.
    """
    arrays, costs = _Arrays.of(ready), {}
    for length in tried:
        later = np.flatnonzero(arrays.at >= length)
        nano = arrays.logged.copy()
        nano[later] = arrays.nano(length, carry_over, later)
        costs[str(length)] = nano
    rows = ready.select("session").with_columns(pl.Series(n, c) for n, c in costs.items())
    return rows.group_by("session", maintain_order=True).sum()


def bottom(bowl: pl.DataFrame) -> tuple[int, float, float] | None:
    """Find the cheapest session length and how far one may stray from it.

    Parameters
    ----------
    bowl
        `replay`.

    Returns
    -------
    tuple or None
        The length, and the least and the greatest length at which a request costs at most `FLAT`
        more, between lengths that were tried by a straight line in their logarithm; None of
        nothing.

    Examples
    --------
    >>> bottom(pl.DataFrame({"length": [1, 10, 100], "usd_a_request": [2.0, 1.0, 1.2]}))
    (10, 7.9..., 31.6...)
    """
    if bowl.is_empty():
        return None
    at, cost = np.log(bowl["length"].to_numpy()), bowl["usd_a_request"].to_numpy()
    best = int(cost.argmin())
    bound = (1 + FLAT) * cost[best]

    def reach(side: range) -> float:
        for n in side:
            if cost[n] > bound:
                inner = n + 1 if n < best else n - 1
                part = (bound - cost[inner]) / (cost[n] - cost[inner])
                return math.exp(at[inner] + part * (at[n] - at[inner]))
        return math.exp(at[side[-1]] if side else at[best])

    left, right = range(best - 1, -1, -1), range(best + 1, len(cost))
    return int(bowl["length"][best]), reach(left), reach(right)


def by_carry_over(
    ready: pl.DataFrame, amounts: tuple[int, ...] = CARRY_OVERS, chosen: int | None = None
) -> pl.DataFrame:
    """Find the cheapest session length by what a fresh session must take over.

    Returns
    -------
    pl.DataFrame
        One row per amount: `carry_over_tokens`, `length` (cheapest of those tried), `shortest` and
        `longest` (the lengths within `FLAT` of it), `saving` (of the prompts' cost as logged).
    """
    head = {"carry_over_tokens": pl.Int64, "length": pl.Int64, "shortest": pl.Float64}
    head |= {"longest": pl.Float64, "saving": pl.Float64}
    rows = []
    for amount in sorted({*amounts, *([] if chosen is None else [chosen])}):
        bowl = replay(ready, amount)
        if found := bottom(bowl):
            rows.append((amount, *found, 1 - float(bowl["against"].min() or 0)))
    return pl.DataFrame(rows, head, orient="row")


def most_carried(ready: pl.DataFrame) -> float | None:
    """Find the carry-over at which no session length saves `WORTH` of the prompts' cost any more.

    Returns
    -------
    float or None
        Tokens, to a hundredth; 0 where not even a fresh session that takes nothing over saves
        that, None where there is nothing to cut.
    """
    if ready.is_empty():
        return None
    tried = lengths(int(ready["at"].max() or 0) + 1)[::-2]
    saves = lambda tokens: float(replay(ready, tokens, tried)["against"].min()) < 1 - WORTH  # noqa: E731
    if not saves(0):
        return 0.0
    low, high = 1e3, float(ready["tokens"].max() or 0)
    if saves(high):
        return high
    while high > low * 1.02:
        middle = math.sqrt(low * high)
        low, high = (middle, high) if saves(middle) else (low, middle)
    return math.sqrt(low * high)
