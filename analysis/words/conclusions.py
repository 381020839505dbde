"""Say what the simulation of plans concludes, how often that holds, and where it flips."""

from __future__ import annotations

import math
from typing import Any

import polars as pl

from analysis.measures.assumed import PRICES
from analysis.measures.noise import told
from analysis.measures.redesign import TODAY
from analysis.words.frontier import TOO_FEW
from analysis.words.numbers import count, share
from analysis.words.redesign import amount

#: Share of draws from which a sign is called robust, and below which it is called open.
ROBUST, OPEN = 0.95, 2 / 3
#: Shares of draws with more than today's between which no sign is robust.
_UNSURE = 1 - ROBUST, ROBUST


def dollars(value: float, noise: float | None = None) -> str:
    """Write whole dollars, and their noise rounded up.

    >>> dollars(-12.4), dollars(3.1, 0.4), dollars(0.2, 1.1)
    ('$12', '$3 ± $1', 'under $1 ± $2')
    """
    whole = f"${abs(value):,.0f}" if round(value) else "under $1"
    return whole if noise is None else f"{whole} ± ${math.ceil(noise)}"


def moved(value: float, noise: float | None, up: str, down: str) -> str:
    """Write a difference to today's, or that there is none that can be told.

    >>> moved(-12.4, 1.2, "higher", "lower")
    '$12 ± $2 lower'
    >>> moved(-0.4, 1.2, "higher", "lower")
    'no different, as far as so many users can tell (under $1 ± $2 lower)'
    """
    said = f"{dollars(value, noise)} {up if value > 0 else down}"
    if told(value, noise):
        return said
    return f"no different, as far as so many users can tell ({said})"


def firmness(holds: float) -> str:
    """Say how robust a share of draws makes a sign.

    >>> firmness(0.99), firmness(0.7), firmness(0.5)
    ('robust', 'likely', 'open')
    """
    return "robust" if holds >= ROBUST else "likely" if holds >= OPEN else "open"


def defined(frame: pl.DataFrame) -> str:
    """Say what robust, likely and open mean.

    Parameters
    ----------
    frame
        `measures.conclusions.conclusions`.
    """
    if frame.is_empty():
        return f"{TOO_FEW}."
    return (
        f"A sign is called robust where {share(ROBUST, 0)} of draws or more agree on it, likely "
        "from two thirds, and open below: over these ranges, and at the prices assumed here. "
        "Dollars are a user and month, every assumption in its middle. An assumption is said to "
        "turn a sign if, moved alone, it turns it by more than noise and to the end of its range."
    )


def conclusion(
    frame: pl.DataFrame, flips: pl.DataFrame, outcomes: pl.DataFrame, line_up: str
) -> str:
    """Say what is concluded of a line-up, on what it hangs, and where it flips.

    Parameters
    ----------
    frame
        `measures.conclusions.conclusions`.
    flips
        `measures.flips.flips`.
    outcomes
        `Simulated.outcomes`.
    """
    rows = frame.filter(pl.col("line_up") == line_up).to_dicts()
    if not rows:
        return f"{TOO_FEW}."
    row, own = rows[0], flips.filter(pl.col("line_up") == line_up)
    profit = moved(row["more_usd"], row["more_noise"], "higher", "lower")
    still = moved(row["still_usd"], row["still_noise"], "higher", "lower")
    net = moved(row["net_usd"], row["net_noise"], "more", "less")
    return (
        f"**{_sentence(row['label'])}**, against today's caps: the firm's profit is {profit}; at "
        f"the demand before it answers to the price it is {still}, and users are left {net}. "
        f"{_draws(row)} {_firm(row, own)} {_users(row, own)}{_upgrades(row, outcomes)}"
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _draws(row: dict[str, Any]) -> str:
    """Say in which share of draws each difference has the sign that it has in the middle."""
    said = []
    for key, up, down in (
        ("more", "profit is higher", "profit is lower"),
        ("still", "higher before demand answers", "lower before demand answers"),
        ("net", "users are left more", "users are left less"),
    ):
        rises = row[f"{key}_rises"]
        upwards = row[f"{key}_usd"] > 0
        holds = rises if upwards else 1 - rises
        said.append(f"{up if upwards else down} in {share(holds, 0)} ({firmness(holds)})")
    return f"Of {count(row['draws'], 'draw')}, {said[0]}, {said[1]}, and {said[2]}."


def _firm(row: dict[str, Any], flips: pl.DataFrame) -> str:
    """Say what turns the sign for the firm."""
    if not told(row["more_usd"], row["more_noise"]):
        return "There is no sign for the firm that could turn."
    own = flips.filter(pl.col("outcome") == "profit_usd").to_dicts()
    if not own:
        return "Nothing turns the sign for the firm, nor do half and twice these prices."
    before = flips.filter(pl.col("outcome") == "still_usd", pl.col("name") == PRICES["name"])
    said = []
    for flip in own:
        text = f"{flip['label']}, at {_near(flip['flips_at'], flip['unit'])}"
        if flip["name"] == PRICES["name"]:
            left = f"{dollars(flip['net_usd'])} {'more' if flip['net_usd'] > 0 else 'less'}"
            text += f" (where users are left {left} than today"
            at = before["flips_at"]
            text += f"; {_near(at[0], flip['unit'])} before demand answers)" if len(at) else ")"
        said.append(text)
    return f"The sign for the firm turns with: {'; '.join(said)}."


def _users(row: dict[str, Any], flips: pl.DataFrame) -> str:
    """Say what turns the sign for users, and whether it is the same without reviews."""
    sign = told(row["net_usd"], row["net_noise"])
    if not sign:
        return "There is no sign for users that could turn."
    own = flips.filter(pl.col("outcome") == "net_usd").to_dicts()
    said = [f"{flip['label']}, at {_near(flip['flips_at'], flip['unit'])}" for flip in own]
    text = (
        f"That for users turns with: {'; '.join(said)}."
        if said
        else "Nothing turns that for users."
    )
    bare = told(row["bare_usd"], row["bare_noise"])
    if bare == -sign:
        without = moved(row["bare_usd"], row["bare_noise"], "more", "less")
        text += f" If nobody wanted reviews it would turn, too: users are then left {without}."
    return text


def _near(value: float, unit: str) -> str:
    """Write where something flips, with two digits: more is not known of it."""
    return amount(float(f"{value:.2g}"), unit)


def _upgrades(row: dict[str, Any], outcomes: pl.DataFrame) -> str:
    """Say what a cap sells: users who take a larger plan, today and under a line-up with plans."""
    dearer = dict(outcomes.select("line_up", "dearer").iter_rows())
    if not dearer.get(row["line_up"]) or not dearer.get(TODAY):
        return ""
    return (
        f" A plan above the smallest is taken by {share(dearer[row['line_up']], 0)} of users, and "
        f"by {share(dearer[TODAY], 0)} today: what a cap does is what sells the larger plan."
    )


def also_robust(frame: pl.DataFrame) -> str:
    """Say which signs did not come out robust."""
    if frame.is_empty():
        return f"{TOO_FEW}."
    weak = []
    for row in frame.to_dicts():
        both = (("more", "the firm"), ("net", "users"))
        whom = [who for key, who in both if _UNSURE[0] < row[f"{key}_rises"] < _UNSURE[1]]
        if whom:
            weak.append(f"{row['label']}, for {' and for '.join(whom)}")
    if not weak:
        return "All three signs, for the firm and for users, are robust over these ranges."
    return (
        f"Not robust: {'; '.join(weak)}. There the sign is a matter of what is assumed, not a "
        "finding."
    )
