"""What the simulation of plans concludes, what each conclusion hangs on, and where it flips."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import polars as pl

from analysis.measures.assumed import middles, ranges
from analysis.measures.population import Population
from analysis.measures.redesign import PROPOSAL, TODAY
from analysis.measures.totals import totals
from analysis.measures.wanted import Array

#: Steps along each assumption's range, and along the fees.
STEPS = 9
#: All fees of a line-up over those of the facts.
FEES = tuple(round(0.5 + step / 10, 1) for step in range(16))
#: The last name an assumption may have here: fees, which the write-up does not give.
OF_FEES = "fees"


class Conclusion(NamedTuple):
    """What is asked of a line-up: whether it has more of an outcome than today's."""

    line_up: str
    outcome: str


ASKED = (
    Conclusion("degrade", "profit_usd"),
    Conclusion(PROPOSAL, "profit_usd"),
    Conclusion("metered", "revenue_usd"),
)
_SCHEMA = {
    "line_up": pl.String,
    "label": pl.String,
    "outcome": pl.String,
    "more_usd": pl.Float64,
    "net_usd": pl.Float64,
    "draws": pl.Int64,
    "holds": pl.Float64,
    "net_holds": pl.Float64,
    "hangs_on": pl.String,
    "hangs_label": pl.String,
    "unit": pl.String,
    "middle": pl.Float64,
    "flips_at": pl.Float64,
    "flips_alone": pl.Int64,
    "net_at_flip": pl.Float64,
}


def more(found: pl.DataFrame, line_up: str, outcome: str) -> Array:
    """Return by draw how much more of an outcome a line-up has than today's.

    Parameters
    ----------
    found
        `measures.totals.totals`.
    """
    one, today = (found.filter(pl.col("line_up") == name) for name in (line_up, TODAY))
    return (one[outcome] - today[outcome]).to_numpy()


def conclusions(
    people: Population, plans: pl.DataFrame, assumptions: pl.DataFrame, drawn: pl.DataFrame
) -> pl.DataFrame:
    """Return what is concluded of each of `ASKED`, how often it holds, and where it flips.

    A conclusion hangs on the assumption that turns it within its range, the others in the middle:
    of several, the one that moves it most. Where none does, the fees of the line-up are moved.

    Parameters
    ----------
    drawn
        `measures.frontier.frontier`.

    Returns
    -------
    pl.DataFrame
        `line_up`, `label`, `outcome`, `more_usd` (than today's, a user and month, in the middle),
        `net_usd` (the same of what users are left), `draws`, `holds`, `net_holds` (share of draws
        with the same sign), `flips_alone` (how many assumptions turn it by themselves),
        `hangs_on` (name; `OF_FEES` where it is none of them), `hangs_label`, `unit`, `middle`,
        `flips_at` (the value nearest to the middle; null where even fees do not turn it) and
        `net_at_flip` (what users are left there, over today's; null but for fees).
    """
    some = plans.filter(pl.col("line_up").is_in([TODAY, *(asked.line_up for asked in ASKED)]))
    known = ranges(assumptions)
    walked = totals(people, some, _walks(known))
    middle = totals(people, some, middles(assumptions))
    rows = []
    for asked in ASKED:
        walks = more(walked, *asked).reshape(known.height, STEPS)
        turning = _turning(walks)
        row = _now(asked, middle, drawn) | {"flips_alone": len(turning)}
        if turning:
            row |= _turned(known.row(turning[0], named=True), walks[turning[0]])
        else:
            row |= _by_fees(asked, people, some, assumptions)
        rows.append(row)
    return pl.DataFrame(rows, _SCHEMA)


def _walks(known: pl.DataFrame) -> dict[str, Array]:
    """Return draws in which one assumption after another goes through its range."""
    rows = known.to_dicts()
    walks = {r["name"]: np.full((len(rows), STEPS), r["middle"]) for r in rows}
    for place, row in enumerate(rows):
        walks[row["name"]][place] = _steps(row)
    return {name: walk.ravel() for name, walk in walks.items()}


def _steps(row: dict[str, float]) -> Array:
    """Return a range in steps, the middle one of which is its middle."""
    half = STEPS // 2
    below = np.linspace(row["low"], row["middle"], half, endpoint=False)
    return np.append(below, np.linspace(row["middle"], row["high"], STEPS - half))


def _turning(walks: Array) -> list[int]:
    """Return which assumptions turn a conclusion, the one first that moves it most."""
    swing = walks.max(axis=1) - walks.min(axis=1)
    turns = np.flatnonzero((walks.min(axis=1) < 0) & (walks.max(axis=1) > 0))
    return sorted((int(row) for row in turns), key=lambda row: -swing[row])


def _now(asked: Conclusion, middle: pl.DataFrame, drawn: pl.DataFrame) -> dict[str, object]:
    """Return what is concluded in the middle, and how often draws agree."""
    label = middle.filter(pl.col("line_up") == asked.line_up)["label"][0]
    row: dict[str, object] = {"line_up": asked.line_up, "label": label, "outcome": asked.outcome}
    for key, share, outcome in (
        ("more_usd", "holds", asked.outcome),
        ("net_usd", "net_holds", "net_usd"),
    ):
        at = float(more(middle, asked.line_up, outcome)[0])
        every = more(drawn, asked.line_up, outcome)
        row |= {key: at, share: float((np.sign(every) == np.sign(at)).mean()), "draws": len(every)}
    return row


def _turned(row: dict[str, Any], walk: Array) -> dict[str, object]:
    """Return on which assumption a conclusion hangs, and where it flips."""
    return {
        "hangs_on": row["name"],
        "hangs_label": row["label"],
        "unit": row["unit"],
        "middle": row["middle"],
        "flips_at": flip(_steps(row), walk, row["middle"]),
    }


def _by_fees(
    asked: Conclusion, people: Population, plans: pl.DataFrame, assumptions: pl.DataFrame
) -> dict[str, object]:
    """Move all fees of a line-up, and say where a conclusion turns."""
    fee = pl.col("fee_usd").cast(pl.Float64)
    own, today = (
        plans.filter(pl.col("line_up") == name).with_columns(fee) for name in (asked.line_up, TODAY)
    )
    dearer = [own.with_columns(fee * times, line_up=pl.lit(f"{times}")) for times in FEES]
    found = totals(people, pl.concat([today, *dearer]), middles(assumptions))
    walk, net = (
        np.array([more(found, f"{times}", outcome)[0] for times in FEES])
        for outcome in (asked.outcome, "net_usd")
    )
    at = flip(np.array(FEES), walk, 1.0)
    return {
        "hangs_on": OF_FEES,
        "hangs_label": "fees of its plans over today's",
        "unit": "multiple",
        "middle": 1.0,
        "flips_at": at,
        "net_at_flip": None if at is None else float(np.interp(at, FEES, net)),
    }


def flip(at: Array, values: Array, middle: float) -> float | None:
    """Return where a walk crosses zero, between steps in proportion; nearest to the middle.

    Examples
    --------
    >>> flip(np.array([0.0, 1.0, 2.0]), np.array([-1.0, 3.0, 3.0]), 1.0)
    0.25
    >>> flip(np.array([0.0, 1.0]), np.array([2.0, 3.0]), 1.0)
    """
    turns = np.flatnonzero(np.sign(values[:-1]) * np.sign(values[1:]) <= 0)
    turns = turns[values[turns] != values[turns + 1]]
    if not len(turns):
        return None
    part = values[turns] / (values[turns] - values[turns + 1])
    crossed = at[turns] + part * (at[turns + 1] - at[turns])
    return float(crossed[np.abs(crossed - middle).argmin()])
