"""Say what line-ups earn and whom they block, over draws of what is assumed."""

from __future__ import annotations

import polars as pl

from analysis.measures.frontier import LEVEL, differences, ellipses
from analysis.measures.redesign import PROPOSAL, TODAY
from analysis.measures.totals import ahead
from analysis.words.numbers import count, minus, share
from analysis.words.sources import published

SIMULATED = f"days of these logs and {published('personas', 'line-ups', 'redesign-assumptions')}"
#: Gross margin less today's below which nothing is drawn.
FLOOR = -1.0
#: How the table of outcomes writes its columns.
FORMATS = dict.fromkeys(("revenue", "cost to serve", "users gain"), "usd") | {
    "gross margin": "percent-signed",
    "users ever blocked": "percent",
    "hours each of them": "number-one",
    "no plan": "percent",
}
TOO_FEW = (
    "These logs have too few days with a price to lend their shapes to simulated users, so nothing "
    "is simulated"
)


def points(value: float, decimals: int = 1) -> str:
    """Write a difference of two margins.

    >>> points(-0.0312), points(0.2), points(-0.152, 0)
    ('−3.1 points', '+20.0 points', '−15 points')
    """
    return minus(f"{100 * value:+.{decimals}f} points")


def frontier(summed: pl.DataFrame, draws: pl.DataFrame) -> str:
    """Caption the frontier.

    Parameters
    ----------
    summed
        `measures.simulation.spread` of `measures.frontier.differences`.
    draws
        `measures.frontier.frontier`.
    """
    if summed.is_empty():
        return f"{TOO_FEW}."
    by = {r["line_up"]: r for r in summed.to_dicts()}
    slow, other = by["degrade"], by[PROPOSAL]
    less = 1 - ahead(draws, "degrade", TODAY, "profit_usd")
    return (
        f"In the median draw caps that degrade block nobody, and their gross margin is "
        f"{_apart(slow['margin'])} today's; that of the write-up's whole proposal is "
        f"{_apart(other['margin'])} it. A draw takes every assumption from its range "
        "([](#tab-redesign-assumptions)); shown is each line-up less today's caps in the same "
        f"draw. A dot is the median of {count(slow['draws'], 'draw')}, a closed line or grey area "
        f"(an ellipse with a half-axis of its own to each side), or a bar where hours do not "
        f"change, holds {share(LEVEL, 0)}.{_cut(draws)} Caps that degrade earn less profit in "
        f"{share(less, 0)} of draws, at today's fees. Today's caps block for "
        f"{_mean_hours(draws):.1f} hours a user and month in the median draw: who blocks nobody "
        "lies that far left. [](#tab-redesign-outcomes) has every assumption in the middle "
        "instead. Simulated users' days are shaped like these logs'; all else is assumed."
    )


def _mean_hours(draws: pl.DataFrame) -> float:
    """Return the hours that today's caps block a user and month, in the median draw."""
    return float(draws.filter(line_up=TODAY)["blocked_hours"].median())  # type: ignore[arg-type]


def _apart(value: float) -> str:
    """Say by how many points a margin is above or below another.

    >>> _apart(-0.152), _apart(0.0)
    ('15 points below', '0 points above')
    """
    return f"{abs(100 * value):.0f} points {'below' if value < 0 else 'above'}"


def _hours(value: float) -> str:
    return minus(f"{value:+.2f} hours")


def _cut(draws: pl.DataFrame) -> str:
    """Say that lines are cut, if any is."""
    least = ellipses(differences(draws))["margin"].min()
    low = least is not None and float(least) < FLOOR  # type: ignore[arg-type]
    return f" Nothing below {points(FLOOR, 0)} is drawn." if low else ""


def frontier_alt(summed: pl.DataFrame) -> str:
    """Say what is seen in the frontier."""
    if summed.is_empty():
        return "Empty axes."
    parts = [
        f"{r['label']} {_hours(r['blocked_hours'])}, {points(r['margin'], 0)}"
        for r in summed.filter(pl.col("line_up") != TODAY).to_dicts()
    ]
    return (
        "Dots with ellipses round them, hours blocked and margin less today's, today's caps at "
        f"zero: {'; '.join(parts)}."
    )


def outcomes(frame: pl.DataFrame) -> str:
    """Caption the outcomes at the middle of all ranges."""
    if frame.is_empty():
        return f"{TOO_FEW}."
    best = frame.sort("profit_usd").row(-1, named=True)
    users = frame.sort("net_usd").row(-1, named=True)
    own = frame.filter(line_up=TODAY).row(0, named=True)
    blocked = own["blocked_users"]
    each = f", for {own['blocked_hours'] / blocked:.1f} hours a month each" if blocked else ""
    return (
        "With all assumptions in the middle of their ranges, most profit is earned by "
        f"{best['label']}, and users are left most by {users['label']}. A row is a line-up; "
        "dollars and hours are a user and month, users without a plan included. Hours blocked are "
        f"a mean over all users; under today's caps {share(blocked, 0)} of users are ever "
        f"blocked{each}. Who would be blocked often takes a larger plan, since users know their "
        "work when they choose. What a line-up leaves a user: what work, "
        "reviews and office tools (the model inside spreadsheets and slides) are worth to it, "
        "less the bill and what blocked hours cost it, before demand answers to the price; users "
        "gain what that is more than today's. Better and worse off: by more than a dollar a "
        "month. Caps of the same size at the same fees that block less can leave no user worse "
        "off, and a premium on reviews none better: there these columns say how many, not whether."
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
        pl.col("blocked_users").alias("users ever blocked"),
        pl.when(pl.col("blocked_users") > 0)
        .then(pl.col("blocked_hours") / pl.col("blocked_users"))
        .alias("hours each of them"),
        pl.col("degraded_hours").round(2).alias("hours degraded"),
        pl.col("without_plan").alias("no plan"),
        (pl.col("net_usd") - (today.item() if today.len() else None)).alias("users gain"),
        pl.format(
            "{} / {}", *((100 * pl.col(n)).round().cast(pl.Int64) for n in ("better", "worse"))
        ).alias("better / worse off, %"),
    )
