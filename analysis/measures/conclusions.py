"""What the simulation of plans concludes of three line-ups, and of how many draws that holds."""

from __future__ import annotations

import numpy as np
import polars as pl

from analysis.measures.noise import differences, noise
from analysis.measures.redesign import PROPOSAL, TODAY
from analysis.measures.wanted import Array

#: Line-ups of which something is concluded: whether the firm and users have more than today.
ASKED = ("degrade", PROPOSAL, "metered")
#: The firm's profit after demand has answered and before, and what users are left.
OUTCOMES = {"more": "profit_usd", "still": "still_usd", "net": "net_usd"}


def more(found: pl.DataFrame, line_up: str, outcome: str) -> Array:
    """Return, draw by draw, how much more of an outcome a line-up has than today's.

    Parameters
    ----------
    found
        `measures.totals.totals`.
    """
    return differences(found, line_up, columns=[outcome])[outcome].to_numpy()


def conclusions(
    summed: pl.DataFrame, drawn: pl.DataFrame, bare: pl.DataFrame, line_ups: tuple[str, ...] = ASKED
) -> pl.DataFrame:
    """Return what is concluded of line-ups, and in which share of draws.

    Parameters
    ----------
    summed
        `measures.totals.totals` by group, every assumption in its middle.
    drawn
        `measures.frontier.frontier`.
    bare
        `totals` by group, in the middle but without reviews.

    Returns
    -------
    pl.DataFrame
        `line_up`, `label`, `draws`; for each of `more` (profit), `still` (profit at the demand
        before it answers) and `net` (what users are left): `_usd` (over today's, a user and month,
        in the middle), `_noise` (twice its standard error over groups) and `_rises` (share of draws
        in which it is more than today's); `bare_usd` and `bare_noise`: `net` without reviews.
    """
    rows = []
    for line_up in line_ups:
        apart = differences(summed, line_up, columns=list(OUTCOMES.values()))
        row = {"line_up": line_up, "label": apart["label"][0], "draws": drawn["draw"].n_unique()}
        for key, outcome in OUTCOMES.items():
            every = more(drawn, line_up, outcome)
            row |= _mean(apart, outcome, key) | {f"{key}_rises": float(np.mean(every > 0))}
        without = differences(bare, line_up, columns=["net_usd"])
        rows.append(row | _mean(without, "net_usd", "bare"))
    return pl.DataFrame(rows)


def _mean(apart: pl.DataFrame, outcome: str, key: str) -> dict[str, float]:
    value = pl.col(outcome)
    found = apart.select(value.mean().alias(f"{key}_usd"), noise(value).alias(f"{key}_noise"))
    return found.row(0, named=True)


def apart(summed: pl.DataFrame) -> pl.DataFrame:
    """Return how far each line-up lies from today's, with its noise.

    Returns
    -------
    pl.DataFrame
        A row each but for today's: `line_up`, `label`, `profit_usd`, `profit_noise`, `net_usd`,
        `net_noise`.
    """
    rows = []
    for line_up in summed["line_up"].unique(maintain_order=True):
        if line_up != TODAY:
            own = differences(summed, line_up, columns=["profit_usd", "net_usd"])
            row = {"line_up": line_up, "label": own["label"][0]}
            rows.append(row | _mean(own, "profit_usd", "profit") | _mean(own, "net_usd", "net"))
    return pl.DataFrame(rows)
