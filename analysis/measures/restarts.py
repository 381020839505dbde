"""What a request would cost if sessions were ended after so many of them.

A session that is ended goes on in a fresh one, whose first prompt is the standing part (the first
prompt of the chain), a carry-over of so many tokens, and what was new in that request. What stood
between the two is dropped until the next end. The fresh prompt is written anew, all of it; every
other token is read, written or sent as the log says, if it is still there: expired entries expire
again. The answers stay as they are, so their output is left out. A chain is cut in stretches, from
the start of each.

A carry-over may cost nothing to make (it was typed, or is a file that exists), or the model writes
it: then its tokens are output as well, once a restart. Neither is what happens: of a compaction's
carry-over a part is a summary, a part files that are read again.

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

#: What a fresh session takes over by default, in tokens: the upper quartile of what 39 compactions
#: in 208 public sessions left above their chain's first prompt (18,322), rounded up.
CARRY_OVER = 20_000
_A_DECADE = 8  # lengths tried between 1 and 10, 10 and 100, ...
_CLASSES = ("read", "write", "input")
_ROW = ("tokens", "standing", "before", "at", *(f"{c}_tokens" for c in _CLASSES))
_PAID = (*_CLASSES, "output")
_RATES = tuple(f"{c}_rate" for c in _PAID)

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int32]


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
        One row per request whose chain paid for a written token, by chain and time: `run` (its
        stretch), `session`, `project`, `at` (requests of its stretch before it), `tokens`
        (prompt), `before` (prompt of the request before, 0 for a stretch's first), `standing`
        (the chain's first prompt), `read_tokens`, `write_tokens`, `input_tokens`, and of each
        `read_rate`, `write_rate`, `input_rate`, `output_rate` (nano-dollars a token, 0 for a class
        that the chain has none of).
    """
    model = pl.col("model").cast(pl.Categorical).to_physical().cast(pl.Int64)
    paying = pl.col("chain") * (model.max() + 1) + model  # a number is grouped fastest

    def rate(part: str) -> pl.Expr:
        paid = pl.sum_horizontal(f"^{part}(_5m|_1h)?_nano$").sum().over("paying")
        return (
            (paid / pl.col(f"{part}_tokens").sum().over("paying"))
            .fill_nan(None)
            .alias(f"{part}_rate")
        )

    prompt = pl.sum_horizontal(f"{c}_tokens" for c in _CLASSES)
    return (
        stretched.filter(pl.col("total_nano").is_not_null())
        .with_columns(paying.alias("paying"))
        .with_columns(*map(rate, _PAID), tokens=prompt)
        .filter(pl.col("write_rate") > 0)
        .with_columns(
            at=pl.int_range(pl.len()).over("run"),
            before=pl.col("tokens").shift().over("run").fill_null(0),
            standing=pl.col("tokens").first().over("chain"),
        )
        .with_columns(pl.col(_RATES).fill_null(0))
        .select("run", "session", "project", *_ROW, *_RATES)
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
    at: npt.NDArray[np.int32]
    read: Floats
    write: Floats
    input: Floats
    read_rate: Floats
    write_rate: Floats
    input_rate: Floats
    output_rate: Floats

    @classmethod
    def of(cls, ready: pl.DataFrame) -> _Arrays:
        found: dict[str, Any] = {name: ready[name].to_numpy() for name in (*_ROW, *_RATES)}
        kinds = (np.int32 if name == "at" else np.float64 for name in found)
        return cls(*(part.astype(kind) for part, kind in zip(found.values(), kinds, strict=True)))

    @cached_property
    def logged(self) -> float:
        """What the prompts cost as logged."""
        return float(self._cost(self.read, self.write, self.input, slice(None)).sum())

    @cached_property
    def _grown(self) -> tuple[Floats, Floats, Floats]:
        """What stands behind the standing part: of the prompt before, of this, of what was read."""
        ends = (self.before, self.tokens, np.maximum(self.read, self.standing))
        before, now, read = (end - self.standing for end in ends)
        return before, now, read

    def saved(self, length: int, carry_over: float) -> tuple[Floats, Rows]:
        """Return what prompts cost less than as logged, of the requests behind the first end."""
        rows = np.flatnonzero(self.at >= length).astype(np.int32)
        part = self.at[rows] % length
        before, now, read = self._grown
        dropped = np.minimum(before[rows - part], now[rows])
        dropped -= carry_over
        np.maximum(dropped, 0, out=dropped)
        saved = dropped * self.read_rate[rows]  # where all that is dropped was read
        fresh = part == 0
        other = np.flatnonzero(fresh | (dropped > read[rows]))
        saved[other] = self._exactly(rows[other], dropped[other], fresh[other])
        return saved, rows

    def making(self, fresh: Rows, carry_over: float) -> Floats:
        """Return what the carry-overs of fresh sessions cost where the model writes them."""
        before, now, _ = self._grown
        carried = np.clip(np.minimum(before[fresh], now[fresh]), 0, carry_over)
        return np.asarray(carried * self.output_rate[fresh])

    def fresh(self, rows: Rows, length: int) -> Rows:
        """Keep the first requests of fresh sessions."""
        return np.asarray(rows[self.at[rows] % length == 0])

    def _exactly(self, rows: Rows, dropped: Floats, fresh: npt.NDArray[np.bool_]) -> Floats:
        """Return what prompts cost less, whatever of them is dropped or written anew."""
        begins, read, sent = self.standing[rows], self.read[rows], self.input[rows]
        ends, written = begins + dropped, read + self.write[rows]
        # What is dropped stands behind the standing part: of reads first, then of writes.
        off_read = np.clip(np.minimum(read, ends) - begins, 0, None)
        off_write = np.clip(np.minimum(written, ends) - np.maximum(read, begins), 0, None)
        left = self.tokens[rows] - dropped
        reads = np.where(fresh, 0, read - off_read)
        writes = np.where(fresh, np.clip(left - sent, 0, None), self.write[rows] - off_write)
        logged = self._cost(read, self.write[rows], sent, rows)
        return np.asarray(logged - self._cost(reads, writes, left - reads - writes, rows))

    def _cost(self, read: Floats, write: Floats, sent: Floats, rows: Rows | slice) -> Floats:
        rates = (self.read_rate[rows], self.write_rate[rows], self.input_rate[rows])
        return np.asarray(read * rates[0] + write * rates[1] + sent * rates[2])


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
        `against` (that over the cost as logged, 1 where nothing is cut), all with carry-overs that
        cost nothing to make, and `making_usd` (what a model's writing of them adds).
    """
    kinds: dict[str, Any] = {"length": pl.Int64, "restarts": pl.Int64}
    kinds |= dict.fromkeys(("usd_a_request", "usd", "against", "making_usd"), pl.Float64)
    if ready.is_empty():
        return pl.DataFrame(schema=kinds)
    arrays, rows = _Arrays.of(ready), []
    for length in tried or lengths(longest(ready)):
        saved, later = arrays.saved(length, carry_over)
        fresh = arrays.fresh(later, length)
        nano, making = arrays.logged - saved.sum(), arrays.making(fresh, carry_over).sum()
        row = (nano / ready.height / 1e9, nano / 1e9, nano / arrays.logged, making / 1e9)
        rows.append((length, len(fresh), *map(float, row)))
    return pl.DataFrame(rows, kinds, orient="row", strict=False)


def written(replayed: pl.DataFrame) -> pl.DataFrame:
    """Return a replay in which the model writes every carry-over: the columns of `replay`.

    Examples
    --------
    >>> free = {"usd": [8.0], "usd_a_request": [2.0], "against": [0.8], "making_usd": [1.0]}
    >>> written(pl.DataFrame(free)).rows()
    [(9.0, 2.25, 0.9, 0.0)]
    """
    more = 1 + pl.col("making_usd") / pl.col("usd")
    return replayed.with_columns(
        pl.col("usd", "usd_a_request", "against") * more, making_usd=pl.lit(0.0)
    )


def by_session(
    ready: pl.DataFrame, carry_over: float, tried: list[int], *, making: bool = False
) -> pl.DataFrame:
    """Cost the prompts of each session at each session length.

    Parameters
    ----------
    making
        Whether the model writes the carry-overs.

    Returns
    -------
    pl.DataFrame
        One row per session: `session`, and nano-dollars in a column for each length, by its digits.
    """
    arrays, costs = _Arrays.of(ready), {}
    logged = arrays._cost(arrays.read, arrays.write, arrays.input, slice(None))
    for length in tried:
        saved, later = arrays.saved(length, carry_over)
        costs[str(length)] = logged.copy()
        costs[str(length)][later] -= saved
        if making:
            fresh = arrays.fresh(later, length)
            costs[str(length)][fresh] += arrays.making(fresh, carry_over)
    rows = ready.select("session").with_columns(pl.Series(n, c) for n, c in costs.items())
    return rows.group_by("session", maintain_order=True).sum()
