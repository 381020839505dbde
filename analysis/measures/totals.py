"""Line-ups under many draws of what is assumed: totals by draw, and who is ahead how often."""

from __future__ import annotations

import numpy as np
import polars as pl

from analysis.measures.assumed import Assumed
from analysis.measures.caps import MONTH
from analysis.measures.line_ups import NO_PLAN, TODAY, Played, play
from analysis.measures.population import Population

_AT_ONCE = 500_000  # draws x plans x users x months that are held at once


def totals(
    people: Population,
    plans: pl.DataFrame,
    assumed: Assumed,
    month: int = MONTH,
    today: str = TODAY,
) -> pl.DataFrame:
    """Return what comes of each line-up, draw by draw, the same users in all.

    Parameters
    ----------
    assumed
        Every name of `assumed.ranges`: a number, or an array of draws.

    Returns
    -------
    pl.DataFrame
        One row per draw and line-up: `draw`, `line_up`, `label`; a month and user `revenue_usd`,
        `cost_usd`, `profit_usd` (revenue less the cost to serve), `blocked_hours`,
        `degraded_hours`, `net_usd`; `margin` (gross, of revenue; null without revenue) and
        `without_plan` (share of users).
    """
    count = max((np.size(value) for value in assumed.values()), default=1)
    drawn = {name: np.broadcast_to(value, count) for name, value in assumed.items()}
    months = max(1, people.work.usd.shape[1] // month)
    size = max(1, _AT_ONCE // (plans.height * len(people.persona) * months))
    parts = []
    for at in range(0, count, size):
        some = {name: values[at : at + size] for name, values in drawn.items()}
        parts.append(_summed(play(people, plans, some, month, today), at))
    return pl.concat(parts)


def ahead(frame: pl.DataFrame, line_up: str, other: str, column: str = "margin") -> float:
    """Return the share of draws in which one line-up has more of something than another.

    Draws in which one of the two has none of it are left out; nan where there are no draws.

    Examples
    --------
    >>> frame = pl.DataFrame({"draw": [0, 0, 1, 1], "line_up": ["a", "b"] * 2,
    ...                       "margin": [0.5, 0.4, 0.3, 0.4]})
    >>> ahead(frame, "a", "b")
    0.5
    """
    more = (gaps(frame, "draw", line_up, other, column)["gap"].drop_nulls() > 0).mean()
    return float("nan") if more is None else float(more)  # type: ignore[arg-type]


def gaps(frame: pl.DataFrame, of: str, line_up: str, other: str, column: str) -> pl.DataFrame:
    """Return by how much one line-up has more of something than another: `gap` by the column `of`.

    Null where one of the two has none of it.
    """
    one, two = (frame.filter(line_up=name).select(of, column) for name in (line_up, other))
    gap = pl.col(column) - pl.col(f"{column}_right")
    return one.join(two, on=of, maintain_order="left").select(of, gap=gap)


def _summed(played: Played, first: int) -> pl.DataFrame:
    draws, count, _ = played.chosen.shape
    revenue, cost = played.bills.mean(-1).mean(-1).ravel(), played.cost_usd.mean(-1).ravel()
    labels = played.line_ups[np.tile(np.arange(count), draws)]
    return labels.with_columns(
        revenue_usd=revenue,
        cost_usd=cost,
        profit_usd=revenue - cost,
        blocked_hours=played.blocked_hours.mean(-1).ravel(),
        degraded_hours=played.degraded_hours.mean(-1).ravel(),
        net_usd=played.net_usd.mean(-1).ravel(),
        without_plan=(played.chosen == NO_PLAN).mean(-1).ravel(),
    ).select(
        pl.Series("draw", first + np.repeat(np.arange(draws), count), pl.Int64),
        pl.all(),
        pl.when(pl.col("revenue_usd") > 0)
        .then(pl.col("profit_usd") / pl.col("revenue_usd"))
        .alias("margin"),
    )
