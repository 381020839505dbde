"""Say what line-ups earn and whom they block, over draws of what is assumed."""

from __future__ import annotations

import polars as pl

from analysis.measures.redesign import PROPOSAL, TODAY
from analysis.measures.totals import ahead
from analysis.words.numbers import count, minus, share
from analysis.words.sources import published

SIMULATED = f"days of these logs and {published('personas', 'line-ups', 'redesign-assumptions')}"
#: Hours blocked a user and month below which a line-up is said to block nobody.
NEVER = 0.005
#: Gross margin below which nothing is drawn.
FLOOR = -1.0
TOO_FEW = (
    "These logs have too few days with a price to lend their shapes to simulated users, so nothing "
    "is simulated"
)


def points(value: float) -> str:
    """Write a difference of two margins.

    >>> points(-0.0312), points(0.2)
    ('−3.1 points', '+20.0 points')
    """
    return minus(f"{100 * value:+.1f} points")


def frontier(summed: pl.DataFrame, draws: pl.DataFrame) -> str:
    """Caption the frontier.

    Parameters
    ----------
    summed
        `measures.simulation.spread`.
    draws
        `measures.frontier.frontier`.
    """
    if summed.is_empty():
        return f"{TOO_FEW}."
    by = {r["line_up"]: r for r in summed.to_dicts()}
    today, slow, other = (by[name] for name in (TODAY, "degrade", PROPOSAL))
    less = 1 - ahead(draws, "degrade", TODAY, "profit_usd")
    return (
        f"A cap that degrades blocks nobody, and earns the firm less than today's in "
        f"{share(less, 0)} of {count(today['draws'], 'draw')}, at today's fees: in the middle, a "
        f"gross margin of {share(slow['margin'], 0)} against {share(today['margin'], 0)} with "
        f"{today['blocked_hours']:.1f} hours blocked a user and month. The write-up's whole "
        f"proposal has {share(other['margin'], 0)}. A closed line holds 90 % of a line-up's draws; "
        f"a line-up that never blocks has a bar, 5 to 95 %, left of zero.{_cut(summed)} Simulated "
        "users with the shapes of these logs' days; all else is assumed "
        "([](#tab-redesign-assumptions)), and much of each range is what all line-ups have in "
        "common, the cost to serve a dollar of work."
    )


def _cut(summed: pl.DataFrame) -> str:
    """Say that lines are cut, if any is."""
    low = any(value < FLOOR for value in summed["margin_low"])
    return f" Nothing below {share(FLOOR, 0)} is drawn." if low else ""


def frontier_alt(summed: pl.DataFrame) -> str:
    """Say what is seen in the frontier."""
    if summed.is_empty():
        return "Empty axes."
    parts = [
        f"{r['label']} {r['blocked_hours']:.1f} hours, {share(r['margin'], 0)}"
        for r in summed.to_dicts()
    ]
    return f"Numbered marks with ellipses, hours blocked and margin: {'; '.join(parts)}."


def outcomes(frame: pl.DataFrame) -> str:
    """Caption the outcomes at the middle of all ranges."""
    if frame.is_empty():
        return f"{TOO_FEW}."
    best = frame.sort("profit_usd").row(-1, named=True)
    users = frame.sort("net_usd").row(-1, named=True)
    return (
        "With every assumption in the middle of its range, most profit is earned by "
        f"{best['label']}, and users are left most by {users['label']}. Dollars and hours a user "
        "and month, users without a plan included. What users gain, against today's: what work, "
        "reviews and tools are worth to them, less the bill and what blocked hours cost them, "
        "before demand answers to the price. Better and worse off: by more than a dollar a month."
    )


def listed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the outcomes as a table."""
    today = frame.filter(pl.col("line_up") == TODAY)["net_usd"]
    return frame.select(
        pl.col("label").alias("line-up"),
        pl.col("revenue_usd").alias("revenue"),
        pl.col("cost_usd").alias("cost to serve"),
        pl.col("margin").alias("gross margin"),
        pl.col("blocked_hours").round(2).alias("hours blocked"),
        pl.col("degraded_hours").round(2).alias("degraded"),
        pl.col("without_plan").alias("no plan"),
        (pl.col("net_usd") - (today.item() if today.len() else None)).alias("users gain"),
        pl.format(
            "{} / {}", *((100 * pl.col(n)).round().cast(pl.Int64) for n in ("better", "worse"))
        ).alias("better / worse off, %"),
    )
