"""What a request would cost if sessions were ended after so many of them.

A session that is ended goes on in a fresh one, whose first prompt is the standing part (the first
prompt of the chain), a carry-over of so many tokens, and what was new in that request. What stood
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
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.measures.growth import STRETCH
from analysis.sessions import CHAIN

#: What a fresh session takes over by default, in tokens: the upper quartile of what 39 compactions
#: in 208 public sessions left above their chain's first prompt (18,487), rounded up.
CARRY_OVER = 20_000
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


def longest(ready: pl.DataFrame) -> int:
    """Return the requests of the longest stretch."""
    return int(ready["at"].to_numpy().max()) + 1


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
            self.read * self.read_rate + self.write * self.write_rate + self.input * self.input_rate
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
    kinds: dict[str, Any] = {"length": pl.Int64, "restarts": pl.Int64}
    kinds |= dict.fromkeys(("usd_a_request", "usd", "against"), pl.Float64)
    if ready.is_empty():
        return pl.DataFrame(schema=kinds)
    arrays, rows = _Arrays.of(ready), []
    for length in tried or lengths(longest(ready)):
        later = np.flatnonzero(arrays.at >= length)
        logged = float(arrays.logged.sum())
        nano = logged + float((arrays.nano(length, carry_over, later) - arrays.logged[later]).sum())
        restarts = int((arrays.at[later] % length == 0).sum())
        rows.append((length, restarts, nano / ready.height / 1e9, nano / 1e9, nano / logged))
    return pl.DataFrame(rows, kinds, orient="row")


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
