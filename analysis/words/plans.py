"""Say what few simulated users make of line-ups of plans."""

from __future__ import annotations

import polars as pl

from analysis.measures.noise import told
from analysis.measures.plans import DAYS, GROUPS, USERS
from analysis.words.line_ups import dollars
from analysis.words.numbers import count, share


def title(frame: pl.DataFrame) -> str:
    """Say which line-up earns most, and which leaves users most, beside today's.

    Parameters
    ----------
    frame
        `measures.plans.plans`.
    """
    others = frame.drop_nulls(["more_usd", "gain_usd"])
    if others.is_empty():
        return "Nothing is simulated: too few days of what was chosen have a price."
    firm, user = (others.sort(name).row(-1, named=True) for name in ("more_usd", "gain_usd"))
    return (
        f"Simulated: the firm {_most(firm, 'more', 'earns')}, and users "
        f"{_most(user, 'gain', 'are left')}."
    )


def _most(row: dict[str, float | str], name: str, verb: str) -> str:
    value, noise = float(row[f"{name}_usd"]), float(row[f"{name}_noise"] or 0)
    sign = told(value, noise)
    if not sign:
        return f"{verb} no more than today by any line-up, as far as so few users tell"
    if sign < 0:
        return f"{verb} less than today by every line-up"
    return f"{verb} most by {row['label']} ({dollars(value)} ± ${noise:,.0f} a user and month)"


def reading(frame: pl.DataFrame, knowledge_share: float) -> str:
    """Say who was simulated, and where more of them are."""
    if frame.is_empty():
        return ""
    caps = frame.row(0, named=True)
    return (
        "Nobody was asked: users are declared, with what they want and what it is worth to them, "
        f"{share(knowledge_share, 0)} of them knowledge workers; only the shape of their days is "
        f"that of these logs. {count(USERS, 'user')} over {count(DAYS, 'day')}, so that it answers "
        f"in about a second: bars are twice the standard error over {GROUPS} groups of users, and "
        f"what reaches across zero is no difference. Today's caps block "
        f"{share(caps['blocked_users'], 0)} of users in that month. Prices move those of every "
        "line-up but today's. Each slider begins at the median of what chapter 15 assumes, and all "
        "that has none stays there; the chapter on a redesign of plans has 6,000 users, every "
        "assumption, and what a user is left defined."
    )


def alt(frame: pl.DataFrame) -> str:
    """Say what is seen."""
    parts = [
        f"{row['label']} {dollars(row['more_usd'])} and {dollars(row['gain_usd'])}"
        for row in frame.drop_nulls(["more_usd", "gain_usd"]).to_dicts()
    ]
    return f"Two marks for each line-up, profit and users' gain: {'; '.join(parts) or 'none'}."
