"""Where, along the range of one assumption, a line-up gains what it lost against today's."""

from __future__ import annotations

import numpy as np
import polars as pl

from analysis.measures.assumed import middles, ranges
from analysis.measures.noise import differences, noise, told
from analysis.measures.population import Population
from analysis.measures.swings import walked
from analysis.measures.totals import totals
from analysis.measures.wanted import Array

#: What may flip: the firm's profit after and before demand answers, and what users are left.
ASKED = ("profit_usd", "still_usd", "net_usd")
#: Steps from the middle of a range to its end.
STEPS = 5
_ENDED = {
    "line_up": pl.String,
    "outcome": pl.String,
    "name": pl.String,
    "end": pl.String,
    "swing": pl.Float64,
}
_SCHEMA = _ENDED | {
    "label": pl.String,
    "unit": pl.String,
    "middle": pl.Float64,
    "flips_at": pl.Float64,
    "net_usd": pl.Float64,
}


def turned(ended: pl.DataFrame, line_ups: list[str]) -> pl.DataFrame:
    """Return which assumptions, at an end of their range, turn the sign of a difference to today.

    Both the middle and the end have to be told from nothing: what lies within its noise turns
    nothing.

    Parameters
    ----------
    ended
        `measures.swings.at_ends`.

    Returns
    -------
    pl.DataFrame
        `line_up`, `outcome`, `name`, `end` and `swing` (by how much the outcome moves to there),
        the largest first.
    """
    rows = []
    for line_up in line_ups:
        apart = differences(ended, line_up, columns=ASKED)
        for outcome in ASKED:
            value = pl.col(outcome)
            by = apart.group_by("name", "end", maintain_order=True).agg(
                value.mean().alias("value"), noise=noise(value)
            )
            middle, *others = by.to_dicts()
            sign = told(middle["value"], middle["noise"])
            for row in others:
                if sign * told(row["value"], row["noise"]) < 0:
                    swing = abs(row["value"] - middle["value"])
                    rows.append((line_up, outcome, row["name"], row["end"], swing))
    found = pl.DataFrame(rows, _ENDED, orient="row")
    return found.sort("swing", descending=True, maintain_order=True)


def flips(
    people: Population,
    plans: pl.DataFrame,
    assumptions: pl.DataFrame,
    ended: pl.DataFrame,
    line_ups: list[str],
) -> pl.DataFrame:
    """Walk to each end that turns a sign, and say from where on it stays turned.

    Returns
    -------
    pl.DataFrame
        `turned`, with `label`, `unit` and `middle` of the assumption, `flips_at` (the value beyond
        which the sign is the other one to the end of the range, between steps in proportion) and
        `net_usd` (what users are left there, over today's).
    """
    found = turned(ended, line_ups)
    if found.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    known = {r["name"]: r for r in ranges(assumptions).to_dicts()}
    walks = found.select("name", "end").unique(maintain_order=True).rows()
    steps = {
        (name, end): np.linspace(known[name]["middle"], known[name][end], STEPS + 1)
        for name, end in walks
    }
    names = [name for name, _ in walks for _ in range(STEPS + 1)]
    values = np.concatenate([steps[walk] for walk in walks])
    moved = pl.DataFrame({"name": names, "value": values})
    summed = totals(people, plans, walked(middles(assumptions), moved))
    rows = []
    for row in found.to_dicts():
        of = known[row["name"]]
        span = slice(
            (first := walks.index((row["name"], row["end"])) * (STEPS + 1)), first + STEPS + 1
        )
        apart = differences(summed, row["line_up"], columns=ASKED)[span]
        at = last_flip(steps[row["name"], row["end"]], apart[row["outcome"]].to_numpy())
        net = np.interp(at, *_rising(steps[row["name"], row["end"]], apart["net_usd"].to_numpy()))
        own = {name: of[name] for name in ("label", "unit", "middle")}
        rows.append(row | own | {"flips_at": at, "net_usd": float(net)})
    return pl.DataFrame(rows, _SCHEMA)


def _rising(at: Array, values: Array) -> tuple[Array, Array]:
    order = np.argsort(at)
    return at[order], values[order]


def last_flip(at: Array, values: Array) -> float:
    """Return where a walk crosses zero for the last time.

    Examples
    --------
    Of three crossings, the one after which the sign stays.

    >>> last_flip(np.array([1.0, 2.0, 3.0, 4.0]), np.array([-1.0, 1.0, -1.0, 3.0]))
    3.25
    """
    before = int(np.flatnonzero(np.sign(values) != np.sign(values[-1]))[-1])
    low, high = values[before], values[before + 1]
    return float(at[before] + low / (low - high) * (at[before + 1] - at[before]))


def told_flip(at: Array, values: Array, noises: Array, middle: float) -> float | None:
    """Return `flip` between steps that both are told from nothing; None where no two are.

    Examples
    --------
    The walk ends above zero, but within its noise.

    >>> values, noises = np.array([-3.0, -1.0, 0.5]), np.array([1.0, 0.5, 1.0])
    >>> told_flip(np.arange(3.0), values, noises, 1.0)
    >>> told_flip(np.arange(3.0), values, noises / 4, 1.0)
    1.6666666666666665
    """
    sure = np.flatnonzero(np.abs(values) > np.nan_to_num(noises))
    signs = np.sign(values[sure])
    found = [
        flip(at[low : high + 1], values[low : high + 1], middle)
        for low, high, turns in zip(sure, sure[1:], signs[1:] != signs[:-1], strict=False)
        if turns
    ]
    return min((x for x in found if x is not None), key=lambda x: abs(x - middle), default=None)


def flip(at: Array, values: Array, middle: float) -> float | None:
    """Return where a walk crosses zero, between steps in proportion; nearest to the middle.

    To touch zero on the way is not to cross it; to begin or to end there is.

    Examples
    --------
    >>> flip(np.array([0.0, 1.0, 2.0]), np.array([-1.0, 3.0, 3.0]), 1.0)
    0.25
    >>> flip(np.array([0.0, 1.0]), np.array([2.0, 3.0]), 1.0)
    """
    signs = np.sign(values)
    met = np.flatnonzero(signs)
    if not len(met):
        return None
    turns = met[:-1][signs[met[:-1]] != signs[met[1:]]]
    part = values[turns] / (values[turns] - values[turns + 1])
    ends = [at[end] for end in (met[0] - 1, met[-1] + 1) if 0 <= end < len(at)]
    crossed = np.append(at[turns] + part * (at[turns + 1] - at[turns]), ends)
    return float(crossed[np.abs(crossed - middle).argmin()]) if len(crossed) else None
