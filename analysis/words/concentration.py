"""Say how much of the dollars the dearest part has."""

from __future__ import annotations

import polars as pl

from analysis.measures.concentration import TOP
from analysis.measures.resample import FEWEST
from analysis.words.numbers import NARROW_SPACE, count, share
from analysis.words.sources import published

SOURCE = f"these logs and {published('concentration')}"


def tops(frame: pl.DataFrame, known: pl.DataFrame) -> str:
    """Caption the curves of concentration.

    Parameters
    ----------
    frame
        `measures.concentration.tops`.
    known
        `measures.concentration.published`.
    """
    some = frame.drop_nulls("share").to_dicts()
    few = frame.filter(pl.col("share").is_null()).to_dicts()
    lead = known.filter(pl.col("top") == TOP).drop_nulls("share").row(0, named=True)
    users = (
        f"Of {lead['users']:,} users of {lead['label']}, as published, the top tenth has "
        f"{share(lead['share'], 0)}."
    )
    told = (
        f" Of {_listed([r['unit'] for r in few])} there are too few here ({FEWEST} make a curve)."
        if few
        else ""
    )
    if not some:
        return f"These logs have too few sessions and days to tell who has the dollars. {users}"
    first, *rest = [
        f"{share(r['share'], 0)} of list-price dollars"
        if n == 0
        else f"of {r['unit']} {share(r['share'], 0)}"
        for n, r in enumerate(some)
    ]
    others = f", {_listed(rest)}" if rest else ""
    ends = "; ".join(
        f"{r['unit']} {share(r['low'], 0)} to {share(r['high'], 0)}, {r['count']:,} of them"
        for r in some
    )
    return (
        f"The dearest tenth of {some[0]['unit']} has {first}{others}. {users} "
        f"90{NARROW_SPACE}% intervals by resampling: {ends}.{told} A session or a project is not "
        "a user, and a leaderboard is of those who publish: neither says how unlike other users "
        "the heavy ones are."
    )


def _listed(parts: list[str]) -> str:
    *head, last = parts
    return f"{', '.join(head)} and {last}" if head else last


def lorenz_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the curves."""
    rows = frame.filter(pl.col("top").is_between(0.199, 0.201)).to_dicts()
    parts = [f"{r['unit']} {share(r['share'], 0)}" for r in rows]
    if not parts:
        return "A straight line and two published points."
    return f"Curves that rise steeply from nothing; at the dearest fifth: {'; '.join(parts)}."


def elsewhere(known: pl.DataFrame) -> str:
    """Say what is published of users beside the curve."""
    said = [
        f"Of {r['label']}, how many is not said, the top {share(r['top'], 0)} of users are said to "
        f"take {r['times_median']:,} times the {r['unit']} of the median one."
        for r in known.drop_nulls("times_median").to_dicts()
    ]
    of = count(max(known["users"].drop_nulls(), default=0), "user")
    return (
        "That heavy users are unlike the rest is said of users, and logs have sessions. The "
        f"published curve covers {of}. {' '.join(said)} Sources: {_sources(known)}."
    )


def _sources(known: pl.DataFrame) -> str:
    return "; ".join(known["source"].unique(maintain_order=True).to_list())
