"""What comes of line-ups: sums by hand, and edges where there is nothing to divide by."""

import numpy as np
import pytest
from plans_by_hand import ASSUMED, DAY, MAX, METERED, PLAN, assumptions, people, plans

from analysis.facts import facts
from analysis.measures import assumed as am
from analysis.measures import outcomes, totals
from analysis.measures.line_ups import play
from analysis.measures.population import population

ASKED = plans(PLAN, MAX, METERED | {"rate": 0.5})


def each(*wanted, asked=ASKED, **more):
    return outcomes.users(play(people(*wanted, **more), asked, ASSUMED))


def test_sums_by_hand():
    # ten a day takes Max (100, costs 150) or pays 150 metered; 0.3 a day has no plan today, and
    # pays 4.50 metered for what costs the same
    found = outcomes.outcomes(each(10, 0.3))
    today, metered = found.to_dicts()
    assert (today["users"], today["revenue_usd"], today["cost_usd"]) == (2, 50, 75)
    assert (today["margin"], today["without_plan"]) == (-0.5, 0.5)
    assert (metered["revenue_usd"], metered["margin"]) == (pytest.approx(154.5 / 2), 0)
    # metered leaves the one 600 - 150 against 500, the other 18 - 4.50 against nothing
    assert (metered["better"], metered["worse"]) == (0.5, 0.5)
    assert (today["better"], today["worse"]) == (0, 0)
    assert metered["net_usd"] == pytest.approx((450 + 13.5) / 2)


def test_personas_and_plans():
    rows = each(10, 0.3)
    found = outcomes.by_persona(rows)
    assert found.select("line_up", "persona", "revenue_usd").rows() == [
        ("caps", "p0", 100),
        ("caps", "p1", 0),
        ("metered", "p0", 150),
        ("metered", "p1", pytest.approx(4.5)),
    ]
    assert found["margin"].to_list() == [-0.5, None, 0, 0]  # without revenue there is no margin
    assert rows.select("persona", "plan").unique(maintain_order=True).rows() == [
        ("p0", "Max"),
        ("p1", None),
        ("p0", "Metered"),
        ("p1", "Metered"),
    ]


def test_how_unlike_bills_are():
    users = people(10, days=60)
    users.work.usd[0, 30:] = 5  # half as much in the second month: 150 and 75 metered
    found = outcomes.users(play(users, ASKED, ASSUMED)).to_dicts()
    assert (found[0]["bill_spread"], found[0]["steady_months"]) == (0, 1)
    assert found[1]["bill_spread"] == pytest.approx(37.5 / 112.5)
    assert found[1]["steady_months"] == 0


def test_one_month_says_nothing_of_how_unlike_bills_are():
    found = each(10)
    assert found["bill_spread"].null_count() == found.height
    assert outcomes.outcomes(found)["steady_months"].null_count() == 2


def test_nobody():
    users = population(facts("personas"), DAY, users=0, days=30)
    assert outcomes.outcomes(outcomes.users(play(users, ASKED, ASSUMED))).is_empty()


def test_totals_are_the_outcomes_of_each_draw(monkeypatch):
    monkeypatch.setattr(totals, "_AT_ONCE", 1)  # a draw at a time
    users, table = people(0.5, 4, 13, reviews_month=3.0), facts("redesign-assumptions")
    drawn = am.draw(table, 3)
    found = totals.totals(users, facts("line-ups"), drawn)
    played = play(users, facts("line-ups"), drawn)
    for n in range(3):
        one = outcomes.outcomes(outcomes.users(played, n))
        total = found.filter(draw=n)
        for name in ("revenue_usd", "cost_usd", "blocked_hours", "net_usd", "without_plan"):
            assert total[name].to_numpy() == pytest.approx(one[name].to_numpy()), name
        margin = one["margin"].fill_null(np.nan).to_numpy()
        assert total["margin"].fill_null(np.nan).to_numpy() == pytest.approx(margin, nan_ok=True)


def test_who_is_ahead():
    drawn = am.middles(assumptions()) | {"cost_share": np.array([0.1, 0.5])}
    found = totals.totals(people(10), ASKED, drawn)
    # margins are 0.7 and 0.8, then -0.5 and 0: metering is ahead at both, revenue as well
    assert totals.ahead(found, "metered", "caps") == 1
    assert totals.ahead(found, "caps", "metered", "revenue_usd") == 0
    assert np.isnan(totals.ahead(found.clear(), "metered", "caps"))
