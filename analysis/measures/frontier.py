"""Margin and blocked hours less today's, over draws of all that is assumed; an ellipse each."""

from __future__ import annotations

import numpy as np
import polars as pl

from analysis.measures.assumed import draw
from analysis.measures.caps import MONTH
from analysis.measures.line_ups import TODAY
from analysis.measures.population import Population
from analysis.measures.totals import totals
from analysis.measures.wanted import Array

DRAWS = 300
LEVEL = 0.9
#: Of `totals`, what line-ups are compared by.
OUTCOMES = (
    "revenue_usd",
    "cost_usd",
    "profit_usd",
    "blocked_hours",
    "degraded_hours",
    "net_usd",
    "without_plan",
    "margin",
)
_POINTS = 73  # of an ellipse, the first again at the end


def frontier(
    people: Population,
    plans: pl.DataFrame,
    assumptions: pl.DataFrame,
    draws: int = DRAWS,
    seed: int = 1,
    month: int = MONTH,
) -> pl.DataFrame:
    """Draw every assumption from its range, and let the same users choose at each draw.

    Parameters
    ----------
    assumptions
        `facts("redesign-assumptions")`.

    Returns
    -------
    pl.DataFrame
        `totals`, with the value drawn of each assumption in a column of its name.

    Examples
    --------
    >>> from analysis.facts import facts
    >>> from analysis.measures.day_shapes import Profiles
    >>> from analysis.measures.population import population
    >>> logged = Profiles(np.array([5.0]), np.eye(1, 24, 9), np.zeros((1, 24)))
    >>> people = population(facts("personas"), logged, users=20, days=30)
    >>> found = frontier(people, facts("line-ups"), facts("redesign-assumptions"), draws=3)
    >>> metered = found.filter(line_up="metered")  # its margin is that of the list price
    >>> metered.select((pl.col("margin") + pl.col("cost_share")).round(9)).to_series().to_list()
    [1.0, 1.0, 1.0]
    """
    drawn = draw(assumptions, draws, seed)
    values = pl.DataFrame(drawn).with_row_index("draw").cast({"draw": pl.Int64})
    return totals(people, plans, drawn, month).join(values, on="draw", maintain_order="left")


def differences(found: pl.DataFrame, today: str = TODAY) -> pl.DataFrame:
    """Return what each line-up has more than today's in the same draw.

    What a draw does to all line-ups alike, above all by the cost to serve, cancels.

    Parameters
    ----------
    found
        `frontier`, or `totals`.

    Returns
    -------
    pl.DataFrame
        A row per draw and line-up, today's with zeros: `draw`, `line_up`, `label`, and the outcomes
        of `totals` less today's (null where one of the two has none).

    Examples
    --------
    >>> found = pl.DataFrame({"draw": [0, 0], "line_up": ["caps", "metered"], "label": ["a", "b"],
    ...                       "blocked_hours": [0.5, 0.0], "margin": [0.1, 0.4]})
    >>> differences(found).select("line_up", "blocked_hours", pl.col("margin").round(9)).rows()
    [('caps', 0.0, 0.0), ('metered', -0.5, 0.3)]
    """
    names = [name for name in OUTCOMES if name in found.columns]
    base = found.filter(line_up=today).select("draw", pl.col(names).name.suffix("_today"))
    return found.join(base, on="draw", maintain_order="left").select(
        "draw", "line_up", "label", *(pl.col(n) - pl.col(f"{n}_today") for n in names)
    )


def ellipses(found: pl.DataFrame, x: str = "blocked_hours", y: str = "margin") -> pl.DataFrame:
    """Return an ellipse round most draws of each line-up, about its median draw.

    Draws have a long tail at one side: an ellipse of their covariance would reach where none is.
    So each of its four half-axes is the distance within which `LEVEL` of the draws on its own side
    lie, all times the least factor that holds `LEVEL` of all draws; and it ends where the draws
    do. Where one of the two does not move, it is a line.

    Parameters
    ----------
    found
        `differences`, or `frontier`.

    Returns
    -------
    pl.DataFrame
        `line_up`, `label`, `point`, and the columns `x` and `y`: a closed line for each line-up
        that has any draws with both.

    Examples
    --------
    >>> some = np.random.default_rng(1).normal(9, 1, (5000, 2))
    >>> found = pl.DataFrame(some, ["blocked_hours", "margin"]).select(
    ...     pl.all(), line_up=pl.lit("caps"), label=pl.lit("caps"))
    >>> round(float(ellipses(found)["margin"].max()), 1)  # 9 + sqrt(-2 ln 0.1) = 11.1
    11.1
    """
    angle = np.linspace(0, 2 * np.pi, _POINTS)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    lines = [
        pl.DataFrame(_ellipse(rows.select(x, y).to_numpy(), circle), [x, y]).select(
            pl.lit(key[0]).alias("line_up"),
            pl.lit(key[1]).alias("label"),
            pl.int_range(pl.len()).alias("point"),
            pl.all(),
        )
        for key, rows in found.drop_nulls([x, y]).group_by("line_up", "label", maintain_order=True)
    ]
    schema = {
        "line_up": pl.String,
        "label": pl.String,
        "point": pl.Int64,
        x: pl.Float64,
        y: pl.Float64,
    }
    return pl.concat([pl.DataFrame(schema=schema), *lines])


def _ellipse(points: Array, circle: Array) -> Array:
    """Return a circle stretched round points, each way as they lie on that side."""
    middle = np.median(points, axis=0)
    away = points - middle
    below, above = (
        np.array([np.quantile(side[side >= 0], LEVEL) for side in (sign * away).T])
        for sign in (-1, 1)
    )
    half = np.where(away < 0, below, above)
    unit = np.divide(away, half, where=half > 0, out=np.zeros_like(away))
    reach = np.quantile(np.linalg.norm(unit, axis=1), LEVEL)
    line = middle + reach * circle * np.where(circle < 0, below, above)
    return np.asarray(np.clip(line, points.min(axis=0), points.max(axis=0)))
