"""The line-ups of chapter 15 on few users: seconds instead of minutes, and more noise."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from analysis.measures.assumed import middles
from analysis.measures.conclusions import apart
from analysis.measures.day_shapes import profiles
from analysis.measures.line_ups import play
from analysis.measures.outcomes import outcomes
from analysis.measures.outcomes import users as each_user
from analysis.measures.population import population
from analysis.measures.totals import summed

#: Users that are simulated, days of each, and groups whose differences say how much is luck.
USERS, DAYS, GROUPS = 800, 30, 5


def plans(
    shapes: pl.DataFrame,
    personas: pl.DataFrame,
    line_ups: pl.DataFrame,
    assumptions: pl.DataFrame,
    others: Mapping[str, float] | None = None,
    users: int = USERS,
    seed: int = 1,
) -> pl.DataFrame:
    """Let few users choose in every line-up, with every assumption in its middle.

    Parameters
    ----------
    shapes
        `measures.day_shapes.day_shapes`; without rows there is nothing to simulate.
    personas, line_ups, assumptions
        `measures.redesign`.
    others
        What is no row of `assumptions`: `prices`, those of all line-ups but today's, over theirs.

    Returns
    -------
    pl.DataFrame
        `measures.outcomes.outcomes` with `profit_usd`, and `more_usd` and `gain_usd` (profit, and
        what users are left, less today's; null for today's), `more_noise` and `gain_noise` (twice
        the standard error of those over groups). No rows where there are no shapes.

    Examples
    --------
    >>> from analysis import load
    >>> from analysis.measures import redesign
    >>> from analysis.measures.day_shapes import day_shapes
    >>> rest = redesign.personas(), redesign.line_ups(), redesign.assumptions()
    >>> found = plans(day_shapes(load("sample").priced()), *rest)
    >>> found["line_up"].to_list()[:3], found["more_usd"].null_count()
    (['caps', 'overage', 'degrade'], 1)
    """
    if shapes.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    people = population(personas, profiles(shapes), users, DAYS, seed, GROUPS)
    played = play(people, line_ups, middles(assumptions) | dict(others or {}))
    distances = apart(summed(played, by_group=True)).select(
        "line_up",
        more_usd="profit_usd",
        more_noise="profit_noise",
        gain_usd="net_usd",
        gain_noise="net_noise",
    )
    found = outcomes(each_user(played)).with_columns(
        profit_usd=pl.col("revenue_usd") - pl.col("cost_usd")
    )
    whole = found.join(distances, on="line_up", how="left", maintain_order="left")
    return whole.select(_SCHEMA.keys())


_NUMBERS = (
    "share",
    "revenue_usd",
    "cost_usd",
    "blocked_hours",
    "degraded_hours",
    "net_usd",
    "blocked_users",
    "margin",
    "without_plan",
    "better",
    "worse",
    "profit_usd",
    "more_usd",
    "more_noise",
    "gain_usd",
    "gain_noise",
)
_SCHEMA: dict[str, type[pl.DataType]] = {
    "line_up": pl.String,
    "label": pl.String,
    "users": pl.Int64,
    **dict.fromkeys(_NUMBERS, pl.Float64),
}
