"""Which session length the replay finds cheapest, and how sure that is."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.facts import facts
from analysis.measures.resample import Interval, Sums, interval
from analysis.measures.restarts import by_session, lengths, longest, replay, written

#: How far above the lowest cost is still as good: the zone that is called flat.
FLAT = 0.1
#: What ending sessions must save, of the prompts' cost, to be worth doing.
WORTH = 0.01
#: How near the two ends of a search come.
_NEAR = 1.05
#: Carry-overs that are tried: from nothing to more than a 200,000-token window leaves room for.
CARRY_OVERS = (0, 10_000, 20_000, 40_000, 80_000, 160_000)


class Bottom(NamedTuple):
    """The cheapest session length, and the lengths between which a request costs `FLAT` more."""

    length: int
    usd_a_request: float
    shortest: float
    longest: float
    saving: float  # of the cost as logged


def bottom(bowl: pl.DataFrame) -> Bottom | None:
    """Find the cheapest session length and how far one may stray from it.

    Between lengths that were tried the cost is a straight line in their logarithm.

    Parameters
    ----------
    bowl
        `replay`.

    Examples
    --------
    >>> tried = {"length": [1, 10, 100], "usd_a_request": [2.0, 1.0, 1.2], "against": [2, 1, 1.2]}
    >>> found = bottom(pl.DataFrame(tried, strict=False))
    >>> found.length, round(found.shortest, 1), round(found.longest, 1)
    (10, 7.9, 31.6)
    """
    if bowl.is_empty():
        return None
    at, cost = np.log(bowl["length"].to_numpy()), bowl["usd_a_request"].to_numpy()
    best = int(cost.argmin())
    bound = (1 + FLAT) * cost[best]

    def reach(toward: int, end: int) -> float:
        for n in range(best + toward, end, toward):
            if cost[n] > bound:
                inner = n - toward
                part = (bound - cost[inner]) / (cost[n] - cost[inner])
                return math.exp(at[inner] + part * (at[n] - at[inner]))
        return math.exp(at[end - toward])

    length, lowest, against = bowl.select("length", "usd_a_request", "against").row(best)
    return Bottom(length, lowest, reach(-1, -1), reach(1, len(cost)), 1 - against)


def by_carry_over(
    ready: pl.DataFrame, amounts: tuple[int, ...] = CARRY_OVERS, chosen: int | None = None
) -> pl.DataFrame:
    """Find the cheapest session length by what a fresh session must take over.

    Returns
    -------
    pl.DataFrame
        One row per amount: `carry_over_tokens`, `length` (cheapest of those tried), `shortest` and
        `longest` (the lengths within `FLAT` of it), `saving` (of the prompts' cost as logged), with
        a carry-over that costs nothing to make; `written_length` and `written_saving` with one
        that the model writes.
    """
    kinds: dict[str, Any] = {"carry_over_tokens": pl.Int64, "length": pl.Int64}
    kinds |= dict.fromkeys(("shortest", "longest", "saving"), pl.Float64)
    kinds |= {"written_length": pl.Int64, "written_saving": pl.Float64}
    rows: list[tuple[float, ...]] = []
    tried = lengths(longest(ready)) if ready.height else []
    for amount in sorted({*amounts, *([] if chosen is None else [chosen])}):
        free = replay(ready, amount, tried)
        best, dear = bottom(free), bottom(written(free))
        if best and dear:
            flat = (best.length, best.shortest, best.longest, best.saving)
            rows.append((amount, *flat, dear.length, dear.saving))
            # The more is carried over, the longer are the sessions that are cheap.
            tried = [length for length in tried if length >= best.shortest / 2]
    return pl.DataFrame(rows, kinds, orient="row", strict=False)


def most_carried(
    ready: pl.DataFrame, carried: pl.DataFrame, *, making: bool = False
) -> float | None:
    """Find the carry-over at which no session length saves `WORTH` of the prompts' cost any more.

    Parameters
    ----------
    carried
        `by_carry_over`, between whose amounts it is searched.
    making
        Whether the model writes the carry-over.

    Returns
    -------
    float or None
        Tokens, to a twentieth; 0 where not even a fresh session that takes nothing over saves
        that, None where there is nothing to cut.
    """
    if carried.is_empty() or longest(ready) == 1:
        return None
    saving = pl.col("written_saving" if making else "saving") >= WORTH
    pays, stops = carried.filter(saving), carried.filter(~saving)
    if pays.is_empty():
        return 0.0
    low, high = float(pays["carry_over_tokens"][-1]), float(ready["tokens"].to_numpy().max())
    if stops.height:
        high = float(stops["carry_over_tokens"][0])
    tried = [n for n in lengths(longest(ready)) if n >= pays["shortest"][-1] / 2]
    low = max(low, 1.0)
    while high > low * _NEAR:
        middle = math.sqrt(low * high)
        free = replay(ready, middle, tried)
        pays_still = bool(((written(free) if making else free)["against"] <= 1 - WORTH).any())
        low, high = (middle, high) if pays_still else (low, middle)
    return math.sqrt(low * high)


def best_replayed(
    ready: pl.DataFrame, carry_over: float, *, seed: int = 1, making: bool = False
) -> Interval:
    """Resample sessions and return the interval of the length that is cheapest in the replay.

    Parameters
    ----------
    making
        Whether the model writes the carry-over.
    """
    if ready.is_empty():
        return Interval(None, None, 0)
    tried = lengths(longest(ready))
    costs = by_session(ready, carry_over, tried, making=making)

    def cheapest(s: Sums) -> npt.NDArray[np.float64]:
        at = np.stack([s[str(n)] for n in tried], axis=1).argmin(axis=1)
        return np.asarray(np.array(tried, dtype=float)[at])

    return interval(costs, {str(n): pl.col(str(n)).sum() for n in tried}, cheapest, seed=seed)


def at_hours(
    ready: pl.DataFrame, paced: pl.DataFrame, carry_over: float, bowl: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Cost sessions as long as the text advises, at the pace of the median session.

    Parameters
    ----------
    paced
        `analysis.measures.growth.pace`.
    bowl
        `analysis.measures.restarts.replay` at this carry-over, if it is at hand.

    Returns
    -------
    pl.DataFrame
        One row per number of hours and way to count them: `hours`, `counted` (all, or active:
        without long pauses), `an_hour` (requests, median over sessions), `length` (requests),
        `against` (the cost as logged), `request_usd` (cost of a prompt), `over_lowest` (times
        that at the cheapest length), with a carry-over that costs nothing to make;
        `written_against` with one that the model writes.
    """
    bowl = replay(ready, carry_over) if bowl is None else bowl
    best = bottom(bowl)
    ends = facts("advice").row(0, named=True)
    hours = sorted({ends["from_hours"], ends["to_hours"]})
    kinds = {"hours": pl.Float64, "counted": pl.String, "an_hour": pl.Float64}
    rows = []
    for name, column in (("all hours", "an_hour"), ("active hours", "an_active_hour")):
        rate = paced[column].median()
        rows += [(h, name, rate) for h in hours if rate is not None and best]
    asked = pl.DataFrame(rows, kinds, orient="row").with_columns(
        length=(pl.col("hours") * pl.col("an_hour")).round().clip(1).cast(pl.Int64)
    )
    tried = sorted(set(asked["length"]))
    found = replay(ready, carry_over, tried) if tried else bowl.clear()
    return asked.join(
        found.select(
            "length",
            "against",
            request_usd="usd_a_request",
            over_lowest=pl.col("usd_a_request") / (best.usd_a_request if best else 1),
            written_against=written(found)["against"],
        ),
        on="length",
        maintain_order="left",
    )
