"""What the simulation of plans concludes, what each conclusion hangs on, and where it flips."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from analysis.measures.assumed import middles, ranges
from analysis.measures.line_ups import Played, play
from analysis.measures.population import Population
from analysis.measures.redesign import PROPOSAL, TODAY
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
}


def sums(played: Played) -> dict[str, Array]:
    """Return dollars a user and month by draw and line-up.

    Returns
    -------
    dict
        `revenue_usd`, `cost_usd`, `profit_usd`, `net_usd`: arrays of shape (draws, line-ups).
    """
    revenue = played.bills.mean(axis=(-2, -1))
    cost = played.cost_usd.mean(axis=-1)
    return {
        "revenue_usd": revenue,
        "cost_usd": cost,
        "profit_usd": revenue - cost,
        "net_usd": played.net_usd.mean(axis=-1),
    }


def more(played: Played, asked: Conclusion) -> Array:
    """Return by draw how much more of an outcome a line-up has than today's."""
    names = played.line_ups["line_up"].to_list()
    found = sums(played)[asked.outcome]
    return np.asarray(found[:, names.index(asked.line_up)] - found[:, names.index(TODAY)])


def conclusions(
    people: Population | None, plans: pl.DataFrame, assumptions: pl.DataFrame, drawn: Played | None
) -> pl.DataFrame:
    """Return what is concluded of each of `ASKED`, how often it holds, and where it flips.

    A conclusion hangs on the assumption that turns it within its range, the others in the middle:
    of several, the one that moves it most. Where none does, the fees of the line-up are moved.

    Parameters
    ----------
    people
        None where logs have too few days.
    drawn
        `line_ups.play` over draws of the assumptions.

    Returns
    -------
    pl.DataFrame
        `line_up`, `label`, `outcome`, `more_usd` (than today's, a user and month, in the middle),
        `net_usd` (the same of what users are left), `draws`, `holds`, `net_holds` (share of draws
        with the same sign), `hangs_on` (name; null: nothing tried turns it), `hangs_label`,
        `unit`, `middle`, `flips_at` (the value nearest to the middle), `flips_alone` (how many
        assumptions turn it by themselves).
    """
    if people is None or drawn is None:
        return pl.DataFrame(schema=_SCHEMA)
    some = plans.filter(pl.col("line_up").is_in([TODAY, *(asked.line_up for asked in ASKED)]))
    known = ranges(assumptions)
    walked = play(people, some, _walks(known))
    middle = play(people, some, middles(assumptions))
    rows = [
        _one(asked, known, walked, middle, drawn) | _by_fees(asked, people, some, assumptions)
        if not _turning(asked, known, walked)
        else _one(asked, known, walked, middle, drawn)
        for asked in ASKED
    ]
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


def _turning(asked: Conclusion, known: pl.DataFrame, walked: Played) -> list[tuple[float, int]]:
    """Return which assumptions turn a conclusion: how far each moves it, and its row."""
    walks = more(walked, asked).reshape(known.height, STEPS)
    swing = walks.max(axis=1) - walks.min(axis=1)
    turns = (walks.min(axis=1) < 0) & (walks.max(axis=1) > 0)
    return sorted(((float(swing[row]), int(row)) for row in np.flatnonzero(turns)), reverse=True)


def _one(
    asked: Conclusion, known: pl.DataFrame, walked: Played, middle: Played, drawn: Played
) -> dict[str, object]:
    net = asked._replace(outcome="net_usd")
    at, net_at = (float(more(middle, each)[0]) for each in (asked, net))
    labels = dict(middle.line_ups.select("line_up", "label").iter_rows())
    found: dict[str, object] = {
        "line_up": asked.line_up,
        "label": labels[asked.line_up],
        "outcome": asked.outcome,
        "more_usd": at,
        "net_usd": net_at,
        "draws": len(drawn.chosen),
        "holds": float((np.sign(more(drawn, asked)) == np.sign(at)).mean()),
        "net_holds": float((np.sign(more(drawn, net)) == np.sign(net_at)).mean()),
    }
    turning = _turning(asked, known, walked)
    found |= {"flips_alone": len(turning)}
    if turning:
        row = known.row(turning[0][1], named=True)
        values = more(walked, asked).reshape(known.height, STEPS)[turning[0][1]]
        found |= {
            "hangs_on": row["name"],
            "hangs_label": row["label"],
            "unit": row["unit"],
            "middle": row["middle"],
            "flips_at": flip(_steps(row), values, row["middle"]),
        }
    return found


def _by_fees(
    asked: Conclusion, people: Population, plans: pl.DataFrame, assumptions: pl.DataFrame
) -> dict[str, object]:
    """Move all fees of a line-up, and say where a conclusion turns."""
    own, today = (plans.filter(pl.col("line_up") == name) for name in (asked.line_up, TODAY))
    dearer = [
        own.with_columns(
            pl.format("{}", pl.lit(f"{fee}")).alias("line_up"),
            (pl.col("fee_usd") * fee).alias("fee_usd"),
        )
        for fee in FEES
    ]
    table = pl.concat([today.with_columns(pl.col("fee_usd").cast(pl.Float64)), *dearer])
    played = play(people, table, middles(assumptions))
    found = sums(played)[asked.outcome][0]
    return {
        "hangs_on": OF_FEES,
        "hangs_label": "fees of its plans over today's",
        "unit": "multiple",
        "middle": 1.0,
        "flips_at": flip(np.array(FEES), found[1:] - found[0], 1.0),
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
