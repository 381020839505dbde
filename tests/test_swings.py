"""Frontier, swings and flips: what they hold, and where demand makes up for a lower price."""

import numpy as np
import polars as pl
import pytest
from matplotlib.path import Path
from plans_by_hand import MAX, METERED, PLAN, assumptions, people, plans

from analysis.facts import facts
from analysis.measures.flips import flip
from analysis.measures.frontier import LEVEL, differences, ellipses, frontier
from analysis.measures.swings import CUT, along, at_ends, price_cut, swings
from analysis.measures.swings import METERED as METERED_NAME
from analysis.measures.totals import gaps

ASKED = plans(PLAN, MAX, METERED | {"rate": 0.5})


def test_the_same_seed_draws_the_same():
    users = people(0.5, 4, 13, reviews_month=3.0)
    one, same, other = (
        frontier(users, facts("line-ups"), facts("redesign-assumptions"), draws=4, seed=seed)
        for seed in (1, 1, 2)
    )
    assert one.equals(same)
    assert not one.equals(other)
    assert set(facts("redesign-assumptions")["name"]) < set(one.columns)


def test_an_ellipse_holds_most_of_its_draws():
    rng = np.random.default_rng(1)
    points = rng.standard_normal((1000, 2)) @ np.array([[2.0, 0.3], [0.0, 0.1]]) + [20, 0]
    found = pl.DataFrame(points, ["blocked_hours", "margin"]).with_columns(
        line_up=pl.lit("caps"), label=pl.lit("caps")
    )

    line = ellipses(found).select("blocked_hours", "margin").to_numpy()
    assert line[0] == pytest.approx(line[-1])
    assert Path(line).contains_points(points).mean() == pytest.approx(LEVEL, abs=0.02)


def test_what_does_not_move_is_a_line_and_nothing_is_below_nothing():
    found = pl.DataFrame({"blocked_hours": [0.0, 0, 0], "margin": [0.1, 0.2, 0.4]}).with_columns(
        line_up=pl.lit("metered"), label=pl.lit("metered")
    )
    line = ellipses(found)
    assert line["blocked_hours"].to_list() == [0] * line.height
    assert line["margin"].max() > 0.3
    assert ellipses(found.with_columns(margin=pl.lit(None, pl.Float64))).is_empty()
    near = found.with_columns(blocked_hours=pl.Series([0.0, 0.1, 5.0]))
    assert ellipses(near)["blocked_hours"].min() == 0


def test_an_ellipse_ends_where_the_draws_do():
    tail = 1.5 ** np.arange(40) - 1
    found = pl.DataFrame({"blocked_hours": tail, "margin": -tail}).with_columns(
        line_up=pl.lit("degrade"), label=pl.lit("degrade")
    )
    line = ellipses(found)
    assert line["margin"].max() <= 0 <= line["blocked_hours"].min()


def test_what_a_draw_does_to_all_cancels():
    one = pl.DataFrame({"line_up": ["caps", "metered"], "label": ["caps", "metered"]})
    draws = [
        one.with_columns(
            draw=pl.lit(n), margin=pl.Series([at, at + 0.3]), blocked_hours=pl.Series([n + 1, 0])
        )
        for n, at in enumerate((-0.4, 0.2))
    ]
    found = differences(pl.concat(draws))
    assert found.filter(line_up="caps")["margin"].to_list() == [0, 0]
    assert found.filter(line_up="metered")["margin"].to_list() == pytest.approx([0.3, 0.3])
    assert found.filter(line_up="metered")["blocked_hours"].to_list() == [-1, -2]


def test_a_swing_by_hand():
    # metered pays 150 and Max 100 for what costs 300 times the share: at 0.5 margins are 0 and
    # -0.5, at 0.1 they are 0.8 and 0.7, at 0.7 they are -0.4 and -1.1
    table = assumptions(cost_share=(0.1, 0.7), elasticity=(-1.0, 0.0))
    ended = at_ends(people(10), ASKED, table)
    found = swings(ended, table, line_up="metered", other="caps")
    rows = {row["name"]: row for row in found.to_dicts()}
    cost = rows["cost_share"]
    assert cost["margin_low"] == pytest.approx(0.1)
    assert (cost["margin"], cost["margin_high"]) == (pytest.approx(0.5), pytest.approx(0.7))
    assert cost["revenue_low"] == cost["revenue"] == cost["revenue_high"] == 50
    # at an elasticity of -1 metering half again as dear as today brings what today does
    assert rows["elasticity"]["revenue_low"] == pytest.approx(0, abs=1e-9)
    still = rows["waits"]
    assert still["margin_low"] == still["margin"] == still["margin_high"]


def test_a_lower_price_brings_more_beyond_an_elasticity_of_one():
    table = assumptions(elasticity=(-2.0, 0.0))
    found = price_cut(people(10, 4, 0.3), ASKED, table)
    assert found["line_up"].unique(maintain_order=True).to_list() == [METERED_NAME, CUT]
    revenue, profit = (
        gaps(found, "value", CUT, METERED_NAME, name).sort("value")
        for name in ("revenue_usd", "profit_usd")
    )
    at, more = (revenue[name].to_numpy() for name in ("value", "gap"))
    assert flip(at, more, -1.0) == pytest.approx(-1, abs=0.01)
    assert more[0] > 0 > more[-1]
    # a cost of 0.5 on a price of 0.5 leaves nothing to win by selling more
    assert profit["gap"].max() <= 0


def test_ranks_along_an_assumption():
    found = along(people(10), ASKED, assumptions(cost_share=(0.1, 0.7)), "cost_share", points=4)
    assert found["value"].to_list() == pytest.approx([0.1, 0.1, 0.3, 0.3, 0.5, 0.5, 0.7, 0.7])
    rank = pl.col("profit_usd").rank(descending=True).over("value")
    assert found.select(rank).to_series().to_list() == [2, 1] * 4


def test_flips_cross_and_do_not_touch():
    at, values = np.arange(4.0), np.array([1.0, -1, 0, 3])
    assert [flip(at, values, middle) for middle in (0, 3)] == pytest.approx([0.5, 2.0])
    assert flip(at, np.array([1.0, 0, 0, 1]), 1) is None
    assert flip(at, np.array([1.0, 0, 0, -1]), 1) == 1.0
    assert flip(at[:0], values[:0], 0) is None
