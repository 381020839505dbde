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
    *,
    by_group: bool = False,
) -> pl.DataFrame:
    """Return what comes of each line-up, draw by draw, the same users in all.

    Parameters
    ----------
    assumed
        Every name of `assumed.ranges`: a number, or an array of draws.
    by_group
        Each group of users by itself.

    Returns
    -------
    pl.DataFrame
        One row per draw and line-up, and group if asked: `draw`, `group` (0 for all), `line_up`,
        `label`; a month and user `revenue_usd`, `cost_usd`, `profit_usd` (revenue less the cost to
        serve), `still_usd` (the same before demand answers), `reviews_usd` (of the revenue),
        `blocked_hours`, `degraded_hours`, `net_usd`; `margin` (gross, of revenue; null without
        revenue) and `without_plan` (share of users).
    """
    count = max((np.size(value) for value in assumed.values()), default=1)
    drawn = {name: np.broadcast_to(value, count) for name, value in assumed.items()}
    months = max(1, people.work.usd.shape[1] // month)
    size = max(1, _AT_ONCE // (plans.height * len(people.persona) * months))
    parts = []
    for at in range(0, count, size):
        some = {name: values[at : at + size] for name, values in drawn.items()}
        parts.append(summed(play(people, plans, some, month, today), at, by_group=by_group))
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


def summed(played: Played, first: int = 0, *, by_group: bool = False) -> pl.DataFrame:
    """Sum users up by draw and line-up: `totals` of what was played, draws counted from `first`."""
    group = played.people.group if by_group else np.zeros_like(played.people.group)
    groups = max(1, len(np.unique(group)))
    part = played.weight[..., None] * (group[:, None] == np.arange(groups))
    part = part / part.sum(axis=1, keepdims=True)
    shape = (*played.chosen.shape[:2], groups)
    found = {
        "revenue_usd": played.bills.mean(-1),
        "cost_usd": played.cost_usd,
        "still_usd": played.still_usd,
        "reviews_usd": played.reviews_usd,
        "blocked_hours": played.blocked_hours,
        "degraded_hours": played.degraded_hours,
        "net_usd": played.net_usd,
        "without_plan": (played.chosen == NO_PLAN).astype(float),
    }
    draw, line_up, number = (axis.ravel() for axis in np.indices(shape))
    profit = pl.col("revenue_usd") - pl.col("cost_usd")
    whole: pl.DataFrame = pl.concat(
        [
            pl.DataFrame({"draw": first + draw, "group": number}),
            played.line_ups[line_up],
            pl.DataFrame({name: (of @ part).ravel() for name, of in found.items()}),
        ],
        how="horizontal",
    )
    return whole.with_columns(
        profit_usd=profit,
        margin=pl.when(pl.col("revenue_usd") > 0).then(profit / pl.col("revenue_usd")),
    )
