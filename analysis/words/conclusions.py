"""Say what the simulation of plans concludes, how often that holds, and where it flips."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.measures.conclusions import OF_FEES
from analysis.measures.redesign import TODAY
from analysis.words.frontier import TOO_FEW
from analysis.words.numbers import count, share
from analysis.words.redesign import amount

#: Share of draws from which a conclusion is called robust, and below which it is called open.
ROBUST, OPEN = 0.95, 2 / 3
_OUTCOMES = {"profit_usd": "profit", "revenue_usd": "revenue"}


def more(value: float) -> str:
    """Write dollars more or less.

    >>> more(12.4), more(-3.06)
    ('$12.40 more', '$3.06 less')
    """
    return f"${abs(value):.2f} {'more' if value >= 0 else 'less'}"


def firmness(holds: float) -> str:
    """Say how robust a share of draws makes a conclusion.

    >>> firmness(0.99), firmness(0.7), firmness(0.5)
    ('robust over these ranges', 'likely, not robust', 'open')
    """
    if holds >= ROBUST:
        return "robust over these ranges"
    return "likely, not robust" if holds >= OPEN else "open"


def conclusion(frame: pl.DataFrame, outcomes: pl.DataFrame, line_up: str) -> str:
    """Say what is concluded of a line-up, on what it hangs, and where it flips.

    Parameters
    ----------
    frame
        `measures.conclusions.conclusions`.
    outcomes
        `Simulated.outcomes`.
    """
    rows = frame.filter(pl.col("line_up") == line_up).to_dicts()
    if not rows:
        return f"{TOO_FEW}."
    row = rows[0]
    what = _OUTCOMES[row["outcome"]]
    return (
        f"**{_sentence(row['label'])}** would bring the firm {more(row['more_usd'])} {what} a user "
        f"and month than today's caps, with every assumption in its middle, and leave users "
        f"{more(row['net_usd'])}. Of {count(row['draws'], 'draw')}, {share(row['holds'], 0)} agree "
        f"on the firm ({firmness(row['holds'])}) and {share(row['net_holds'], 0)} on users "
        f"({firmness(row['net_holds'])}). {_hangs(row)}{_upgrades(row, outcomes)}"
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _hangs(row: dict[str, Any]) -> str:
    """Say what turns a conclusion on the firm."""
    where = None if row["flips_at"] is None else _near(row["flips_at"], row["unit"])
    if row["hangs_on"] == OF_FEES:
        none = "No single assumption turns it within its range: it hangs on fees as they are today"
        if where is None:
            return f"{none}, and from half to twice of them it does not flip either."
        left = more(row["net_at_flip"])
        return f"{none}. It flips where they are {where} that, and users are left {left} than now."
    start = f"It hangs on: {row['hangs_label']}, {amount(row['middle'], row['unit'])} in the middle"
    others = row["flips_alone"] - 1
    also = f", as {others} other{'s do' if others > 1 else ' does'} alone" if others else ""
    return f"{start}. It flips at about {where}{also}."


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
    """Say which conclusions did not come out robust."""
    if frame.is_empty():
        return f"{TOO_FEW}."
    weak = frame.filter(pl.col("holds") < ROBUST)
    if weak.is_empty():
        return "All three hold for the firm in nearly every draw."
    said = [f"{r['label']} ({share(r['holds'], 0)} of draws)" for r in weak.to_dicts()]
    return (
        f"Not robust for the firm: {'; '.join(said)}. There the sign is a matter of what is "
        "assumed, not a finding."
    )
