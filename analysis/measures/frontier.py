"""Margin against blocked hours over draws of everything assumed, with an ellipse a line-up."""

from __future__ import annotations

import numpy as np
import polars as pl

from analysis.measures.assumed import draw
from analysis.measures.caps import MONTH
from analysis.measures.population import Population
from analysis.measures.totals import totals
from analysis.measures.wanted import Array

DRAWS = 300
LEVEL = 0.9
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


def ellipses(found: pl.DataFrame, x: str = "blocked_hours", y: str = "margin") -> pl.DataFrame:
    """Return an ellipse round most draws of each line-up.

    Its axes are those of the draws' covariance, its size the least that holds `LEVEL` of them. What
    cannot be less than nothing is cut there. Where one of the two does not move, it is a line.

    Parameters
    ----------
    found
        `frontier`.

    Returns
    -------
    pl.DataFrame
        `line_up`, `label`, `point`, and the columns `x` and `y`: a closed line for each line-up
        that has any draws with both.

    Examples
    --------
    >>> some = np.random.default_rng(1).normal(9, 1, (500, 2))
    >>> found = pl.DataFrame(some, ["blocked_hours", "margin"]).select(
    ...     pl.all(), line_up=pl.lit("caps"), label=pl.lit("caps"))
    >>> round(float(ellipses(found)["margin"].max()), 1)  # 9 + sqrt(-2 ln 0.1) = 11.1
    11.1
    """
    angle = np.linspace(0, 2 * np.pi, _POINTS)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    lines = []
    for key, rows in found.drop_nulls([x, y]).group_by("line_up", "label", maintain_order=True):
        line = _ellipse(rows.select(x, y).to_numpy(), circle)
        least = [0.0 if rows[name].min() >= 0 else -np.inf for name in (x, y)]  # type: ignore[operator]
        lines.append(
            pl.DataFrame(np.maximum(line, least), [x, y]).select(
                pl.lit(key[0]).alias("line_up"),
                pl.lit(key[1]).alias("label"),
                pl.int_range(pl.len()).alias("point"),
                pl.all(),
            )
        )
    schema = {
        "line_up": pl.String,
        "label": pl.String,
        "point": pl.Int64,
        x: pl.Float64,
        y: pl.Float64,
    }
    return pl.concat([pl.DataFrame(schema=schema), *lines])


def _ellipse(points: Array, circle: Array) -> Array:
    middle = points.mean(axis=0)
    away = points - middle
    spread, axes = np.linalg.eigh(away.T @ away / len(points))
    size = np.sqrt(np.maximum(spread, 0))
    flat = size <= 1e-12 * max(1.0, float(size.max()))
    unit = np.where(flat, 0, away @ axes / np.where(flat, 1, size))
    reach = np.quantile(np.linalg.norm(unit, axis=1), LEVEL)
    return np.asarray(middle + reach * (circle * size) @ axes.T)
