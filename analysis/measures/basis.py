"""Who is simulated, and how today's line-up comes out beside the firm's own margin."""

from __future__ import annotations

import polars as pl

from analysis.measures.gross_margins import planned
from analysis.measures.noise import noise
from analysis.measures.population import Population
from analysis.measures.redesign import TODAY


def basis(
    by_group: pl.DataFrame, cost_share: float, people: list[Population], draws: int
) -> pl.DataFrame:
    """Return who was simulated, and how today's line-up came out, in one row.

    Parameters
    ----------
    by_group
        `measures.totals.totals` by group, every assumption in its middle.
    people
        Those in the middle, as one assumption moves, and at each draw.

    Returns
    -------
    pl.DataFrame
        `users`, `groups`, `days`; `walked` and `drawn` (users as one assumption moves, and at each
        of `draws`); of today's line-up `margin` and `margin_noise`, `reviews_share` (reviews' part
        of revenue), `cost_share` as assumed, `planned` margin, and `calibrated`: the cost share at
        which the margin would be the planned one. Null where nobody pays anything.
    """
    many, some, few = people
    today = by_group.filter(pl.col("line_up") == TODAY)
    revenue, cost, reviews, noisy = today.select(
        pl.col("revenue_usd", "cost_usd", "reviews_usd").mean(), noise(pl.col("margin"))
    ).row(0)
    margin = 1 - cost / revenue if revenue else None
    found = {
        "users": len(many.persona),
        "groups": today.height,
        "days": many.work.usd.shape[1],
        "walked": len(some.persona),
        "drawn": len(few.persona),
        "draws": draws,
        "margin": margin,
        "margin_noise": noisy if revenue else None,
        "reviews_share": reviews / revenue if revenue else None,
        "cost_share": cost_share,
        "planned": planned(),
        "calibrated": None if margin is None else calibrated(margin, cost_share, planned()),
    }
    return pl.DataFrame([found])


def calibrated(margin: float, cost_share: float, planned: float) -> float:
    """Return the cost to serve a list-price dollar at which a margin is the planned one.

    Cost is proportional to it, and nothing that users do depends on it.

    Examples
    --------
    >>> round(calibrated(0.1, 0.6, 0.4), 6)
    0.4
    """
    return cost_share * (1 - planned) / (1 - margin)
