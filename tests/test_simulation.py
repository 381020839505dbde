"""The chapter's simulation: one frame a figure, its sums, and nothing where days are too few."""

import matplotlib.pyplot as plt
import polars as pl
import pytest

from analysis import load
from analysis.facts import facts
from analysis.measures import redesign
from analysis.measures.day_shapes import day_shapes
from analysis.measures.simulation import change, simulate, spread
from analysis.plots.elasticity import plot_elasticity, plot_price_cut, plot_swings
from analysis.plots.frontier import plot_frontier
from analysis.plots.line_ups import plot_bills, plot_personas
from analysis.report.theme import STYLE
from analysis.words import conclusions as of_conclusions
from analysis.words import elasticity as of_elasticity
from analysis.words import frontier as of_frontier
from analysis.words import line_ups as of_line_ups
from analysis.words import simulation as of_simulation


def simulated(**where):
    shapes = day_shapes(load("sample").where(**where).priced())
    rest = redesign.personas(), redesign.line_ups(), redesign.assumptions()
    return simulate(shapes, *rest, users=60, days=60, draws=8)


@pytest.fixture(scope="module")
def found():
    return simulated()


@pytest.fixture(scope="module")
def none():
    return simulated(since="2099-01-01")


def captions(found):
    """Every sentence that the chapter says of a simulation."""
    return [
        of_frontier.frontier(found.spread, found.draws),
        of_frontier.outcomes(found.outcomes),
        of_line_ups.personas(found.gains),
        of_line_ups.bills(found.outcomes),
        of_elasticity.price_cut(found.cut),
        of_elasticity.elasticity(found.along),
        of_elasticity.swings(found.swings),
        of_conclusions.conclusion(found.conclusions, found.flips, found.outcomes, "metered"),
        of_conclusions.defined(found.conclusions),
        of_simulation.basis(found.basis, 1),
        of_simulation.told_apart(found.apart),
        of_simulation.today(found.basis),
        of_conclusions.also_robust(found.conclusions),
    ]


def alts(found):
    """What every figure of the chapter is said to look like."""
    return [
        of_frontier.frontier_alt(found.spread),
        of_line_ups.personas_alt(found.gains),
        of_line_ups.bills_alt(found.outcomes),
        of_elasticity.price_cut_alt(found.cut),
        of_elasticity.elasticity_alt(found.along),
        of_elasticity.swings_alt(found.swings),
    ]


def test_the_same_seed_gives_the_same_simulation(found):
    again = simulated()
    assert all(one.equals(other) for one, other in zip(found, again, strict=True))


def test_every_line_up_is_in_every_frame(found):
    names = redesign.line_ups()["line_up"].unique(maintain_order=True).to_list()
    assert found.outcomes["line_up"].to_list() == found.spread["line_up"].to_list() == names
    assert set(found.gains["line_up"]) == {*names} - {redesign.TODAY}
    assert set(found.along["line_up"]) == set(redesign.FOLLOWED)


def test_gains_of_personas_sum_to_those_of_users(found):
    net = dict(found.outcomes.select("line_up", "net_usd").iter_rows())
    gain = pl.col("gain_usd") * pl.col("share")
    for (name,), rows in found.gains.group_by("line_up"):
        per_user = rows.select(gain.sum() / pl.col("share").sum()).item()
        assert per_user == pytest.approx(net[name] - net[redesign.TODAY])


def test_profit_is_revenue_less_cost(found):
    rows = found.outcomes
    assert (rows["profit_usd"] - rows["revenue_usd"] + rows["cost_usd"]).abs().max() < 1e-9


def test_only_caps_that_shut_off_block(found):
    shuts = redesign.line_ups().filter(pl.col("at_cap") == "shut off")["line_up"].unique()
    blocked = found.outcomes.filter(pl.col("blocked_hours") > 0)["line_up"]
    assert set(blocked) <= set(shuts)
    assert redesign.TODAY in set(blocked)


def test_a_cut_of_prices_pays_beyond_minus_one(found):
    at = of_elasticity.crossing(found.cut, "change")
    assert at == pytest.approx(-1, abs=0.15)
    still = found.cut.filter(pl.col("elasticity") == 0)["change"].item()
    assert still == pytest.approx(-0.1, abs=0.02)


def test_medians_and_ends_of_draws():
    drawn = pl.DataFrame(
        {
            "line_up": ["caps"] * 3,
            "label": ["caps"] * 3,
            "blocked_hours": [1.0, 2.0, 9.0],
            "margin": [0.0, 0.1, 0.2],
        }
    )
    row = spread(drawn).row(0, named=True)
    assert (row["draws"], row["blocked_hours"], row["margin"]) == (3, 2.0, 0.1)
    assert row["margin_low"] == pytest.approx(0.01)


def test_a_change_is_of_the_price_before_the_cut():
    rows = {"value": [-1.0, -1.0], "line_up": ["metered", "metered, cut"]}
    found = change(pl.DataFrame(rows | {"revenue_usd": [50.0, 45.0]}))
    assert found["change"].to_list() == pytest.approx([-0.1])


def test_with_too_few_days_nothing_is_simulated(none, found):
    assert all(frame.is_empty() for frame in none)
    assert [f.columns for f in none] == [f.columns for f in found]
    assert all("too few days" in said for said in captions(none))
    assert set(alts(none)) == {"Empty axes."}
    assert of_frontier.listed(none.outcomes).is_empty()


def test_every_caption_has_its_numbers(found):
    assert not any("too few days" in said or "None" in said for said in captions(found))
    assert all(len(said) > 30 for said in alts(found))
    shown = of_frontier.listed(found.outcomes)
    assert shown["users gain"][0] == 0
    assert of_frontier.FORMATS.keys() <= set(shown.columns)


def test_hours_blocked_are_those_of_the_users_who_are_blocked(found):
    rows = found.outcomes
    assert rows["blocked_users"].is_between(0, 1).all()
    assert ((rows["blocked_users"] > 0) == (rows["blocked_hours"] > 0)).all()
    shown = of_frontier.listed(rows).row(0, named=True)
    assert shown["hours each of them"] > shown["hours blocked"]


def test_the_frontier_is_less_today_s(found):
    today = found.spread.filter(line_up=redesign.TODAY).row(0, named=True)
    assert {today[name] for name in ("margin", "margin_low", "blocked_hours")} == {0}
    assert "below today's" in of_frontier.frontier(found.spread, found.draws)


def test_lines_that_are_not_drawn_are_named(found):
    said = of_elasticity.elasticity(found.along)
    drawn = set(found.along["label"])
    left = set(found.outcomes.filter(pl.col("line_up") != redesign.TODAY)["label"]) - drawn
    assert left
    assert all(label in said for label in left)


@pytest.mark.parametrize("which", ["found", "none"])
def test_every_figure_is_drawn(which, request):
    drawn = request.getfixturevalue(which)
    with plt.style.context(STYLE):
        marks = plot_frontier(drawn.spread, drawn.ellipses)
        assert len(marks.get_yticks())
        rows = plot_personas(drawn.gains)
        assert len(rows.patches) == drawn.gains.height
        plot_bills(drawn.outcomes)
        plot_elasticity(drawn.along)
        plot_price_cut(drawn.cut, facts("elasticities"))
        bars = plot_swings(drawn.swings)
        assert len(bars.patches) == 2 * drawn.swings.filter(
            (pl.col("profit_low") - pl.col("profit_high")).abs() >= of_elasticity.LEAST
        ).height  # fmt: skip
    plt.close("all")


@pytest.mark.parametrize(("noise", "turns"), [(0.3, False), (0.1, True), (None, True)])
def test_a_sign_that_turns_within_its_noise_is_not_claimed(noise, turns):
    gains = pl.DataFrame(
        {
            "line_up": "overage",
            "label": "caps, then list price",
            "elasticity": [-2.0, -1.0, 0.0],
            "more_usd": [0.2, -3.0, -5.0],
            "more_noise": pl.Series([noise] * 3, dtype=pl.Float64),
        }
    )
    said = of_elasticity.elasticity(gains)
    assert ("caps, then list price (at −1.9)" in said) == turns
    assert ("no line-up turns" in said) != turns


def test_what_personas_gain_has_noise_from_groups_of_users(found):
    assert found.gains["gain_noise"].null_count() == 0
    assert (found.gains["gain_noise"] >= 0).all()
    assert found.along["more_noise"].null_count() == 0
