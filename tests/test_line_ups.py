"""Which plan users take, what it gives and takes, and how demand answers: all by hand."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plans_by_hand import ASSUMED, MAX, METERED, PLAN, people, plans

from analysis.facts import facts
from analysis.measures import assumed as am
from analysis.measures.day_shapes import Profiles
from analysis.measures.line_ups import NO_PLAN, play


def bill(played, line_up=0, user=0):
    return float(played.bills[0, line_up, user].mean())


def test_the_plan_that_leaves_most_is_taken():
    # ten dollars each day in one hour. Pro: 6 of them, 180 a month, worth 360, less 20 and 12
    # blocked hours at 1: 328. Max: all 300, worth 600, less 100: 500
    played = play(people(10), plans(PLAN, MAX), ASSUMED)
    assert played.chosen[0, 0, 0] == 1
    assert played.net_usd[0, 0, 0] == 500
    assert (bill(played), played.cost_usd[0, 0, 0]) == (100, 0.5 * 300)
    # of seven a day Pro leaves 360 - 20 - 30 / 7, Max 420 - 100
    small = play(people(7), plans(PLAN, MAX), ASSUMED)
    assert small.chosen[0, 0, 0] == 0
    assert small.net_usd[0, 0, 0] == pytest.approx(360 - 20 - 30 / 7)
    assert small.blocked_hours[0, 0, 0] == pytest.approx(30 / 7)


def test_nobody_takes_a_plan_that_leaves_less_than_nothing():
    # a dollar in two months' days, worth two each: less than the fee
    played = play(people(0.3, 0), plans(PLAN, MAX), ASSUMED)
    assert (played.chosen == NO_PLAN).all()
    for of in (played.bills, played.cost_usd, played.blocked_hours, played.net_usd):
        assert not of.any()


def test_tools_make_a_plan_worth_its_fee():
    seat = PLAN | {"plan": "Seat", "office": "yes", "fee_usd": 30.0}
    played = play(people(0.1, office=35.0), plans(PLAN, seat), ASSUMED)
    assert played.chosen[0, 0, 0] == 1
    assert played.net_usd[0, 0, 0] == pytest.approx(2 * 0.1 * 30 + 35 - 30)


def test_what_the_smaller_model_does_is_worth_and_costs_less():
    degrade = PLAN | {"at_cap": "degrade"}
    played = play(people(10), plans(degrade), ASSUMED)
    assert played.net_usd[0, 0, 0] == 2 * (180 + 0.5 * 120) - 20
    assert played.cost_usd[0, 0, 0] == 0.5 * (180 + 0.2 * 120)
    assert played.degraded_hours[0, 0, 0] == pytest.approx(30 * 0.4)


def test_context_that_is_written_again_costs():
    # four hours: 8 of 10 fill the cap with 2 of the next hour, the third is the small model's; in
    # a new window the context, 0.1 of a day's 20, is written again, after 0.2 of that at the switch
    hours, context = np.zeros((1, 24)), np.full((1, 24), 0.1)
    hours[0, [8, 9, 10, 13]] = 0.4, 0.3, 0.1, 0.2
    users = people(20, logged=Profiles(np.array([1.0]), hours, context))
    played = play(users, plans(PLAN | {"at_cap": "degrade"}), ASSUMED | {"cap_usd": 10.0})
    a_day = (8 + 2 + 4) + 0.2 * (4 + 2) + 0.2 * 2 + 2
    assert played.cost_usd[0, 0, 0] == pytest.approx(0.5 * 30 * a_day)


def test_all_users_want_more_at_a_higher_level():
    one = play(people(6), plans(PLAN, MAX), ASSUMED)
    two = play(people(3), plans(PLAN, MAX), ASSUMED | {"level": 2.0})
    assert two.cost_usd == pytest.approx(one.cost_usd)
    assert two.net_usd == pytest.approx(one.net_usd)


def test_a_plan_without_a_cap_serves_all():
    played = play(people(500), plans(PLAN | {"units": None}), ASSUMED)
    assert (played.cost_usd[0, 0, 0], played.blocked_hours[0, 0, 0]) == (0.5 * 500 * 30, 0)


@pytest.mark.parametrize(
    ("reviews", "more", "worth", "price", "bought"),
    [
        ("none", {}, 40, 0, False),
        ("token", {"rate": 1.5}, 40, 30, True),
        ("token", {"rate": 1.5}, 25, 30, False),
        ("checkpoint", {"review_usd": 35.0}, 40, 35, True),
        ("checkpoint", {"review_usd": 45.0}, 40, 45, False),
        ("included", {}, 15, 0, True),
    ],
)
def test_a_review_is_bought_where_it_is_worth_its_price(reviews, more, worth, price, bought):
    users = people(5, reviews_month=8.0)
    count = users.reviews.sum()
    assert count > 0
    played = play(
        users, plans(PLAN | {"reviews": reviews} | more), ASSUMED | {"review_worth": worth}
    )
    assert bill(played) == 20 + bought * price * count
    assert played.cost_usd[0, 0, 0] == 0.5 * (150 + bought * 20 * count)
    assert played.net_usd[0, 0, 0] == 2 * 150 - 20 + bought * (worth - price) * count


def test_demand_answers_to_the_average_price_of_today():
    # today: 100 for 300 wanted, a third of a dollar each; metered at a half: half again as dear
    asked = plans(PLAN, MAX, METERED | {"rate": 0.5})
    same = play(people(10), asked, ASSUMED)
    assert (same.answer == 1).all()
    assert bill(same, 1) == 150
    played = play(people(10), asked, ASSUMED | {"elasticity": -1.0})
    assert played.answer[0, :, 0] == pytest.approx([1, 2 / 3])
    assert bill(played, 1) == pytest.approx(100)
    assert played.net_usd[0, 1, 0] == same.net_usd[0, 1, 0] == 2 * 300 - 150


def test_what_reviews_cost_moves_no_other_work():
    # one buys its reviews at their price, the other none at half again: both want the same work
    token = PLAN | {"reviews": "token", "units": 99.0}
    dear = token | {"line_up": "dear", "rate": 1.5}
    users, assumed = people(10, reviews_month=8.0), ASSUMED | {"review_worth": 25.0}
    played = play(users, plans(token, dear), assumed | {"elasticity": -1.0})
    assert (played.answer == 1).all()
    assert played.bills[0, :, 0].ravel().tolist() == [20 + 20 * users.reviews.sum(), 20]
    # where the fee doubles, the same reviews are bought for half the work
    double = token | {"line_up": "double", "fee_usd": 40.0}
    played = play(users, plans(token, double), assumed | {"elasticity": -1.0})
    assert played.bills[0, 1, 0, 0] == 40 + 20 * users.reviews.sum()
    assert played.cost_usd[0, 1, 0] == 0.5 * (150 + 20 * users.reviews.sum())


def test_any_line_up_may_be_that_of_today():
    played = play(
        people(10), plans(PLAN, MAX, METERED), ASSUMED | {"elasticity": -1.0}, today="metered"
    )
    assert played.answer[0, :, 0].tolist() == [pytest.approx(3), 1]  # a third of the price


def test_an_answer_has_bounds_and_needs_two_prices():
    cheap, dear = METERED | {"rate": 0.01}, METERED | {"rate": 1.9, "line_up": "dear"}
    played = play(people(10, 0.3), plans(PLAN, MAX, cheap, dear), ASSUMED | {"elasticity": -2.0})
    assert played.answer[0, :, 0].tolist() == [1, 4, 0.25]
    assert played.chosen[0, 0, 1] == NO_PLAN  # the second user has no plan today
    assert (played.answer[0, :, 1] == 1).all()


def test_with_one_elasticity_bills_under_metering_rise_with_the_rate():
    dear = METERED | {"rate": 1.5, "line_up": "dear", "label": "dear"}
    played = play(people(10, 4), plans(PLAN, MAX, METERED, dear), ASSUMED)
    assert played.bills[0, 2] == pytest.approx(1.5 * played.bills[0, 1])


def test_a_line_up_of_today_is_needed():
    with pytest.raises(ValueError, match="nothing to compare"):
        play(people(1), plans(METERED), ASSUMED)


#: Every assumption's range in the facts, at random.
ranges = st.lists(st.integers(0, 10_000), min_size=2, max_size=4)


@settings(max_examples=15, deadline=None)
@given(ranges)
def test_draws_do_not_know_of_each_other(seeds):
    users = people(0.5, 4, 13, 40, reviews_month=3.0, office=15.0)
    drawn = [am.draw(facts("redesign-assumptions"), 1, seed) for seed in seeds]
    stacked = {name: np.concatenate([one[name] for one in drawn]) for name in drawn[0]}
    whole = play(users, facts("line-ups"), stacked)
    for n, one in enumerate(drawn):
        alone = play(users, facts("line-ups"), one)
        assert (whole.chosen[n] == alone.chosen[0]).all()
        for name in ("bills", "cost_usd", "blocked_hours", "net_usd", "answer"):
            assert getattr(whole, name)[n] == pytest.approx(getattr(alone, name)[0])


def test_line_ups_do_not_know_of_each_other():
    users, everything = people(0.5, 4, 13, 40), facts("line-ups")
    middle = am.middles(facts("redesign-assumptions"))
    whole = play(users, everything, middle)
    for n, name in enumerate(whole.line_ups["line_up"].to_list()):
        some = everything.filter(pl.col("line_up").is_in(["caps", name]))
        alone = play(users, some, middle)
        assert alone.cost_usd[0, -1] == pytest.approx(whole.cost_usd[0, n])


def test_prices_are_moved_but_for_those_of_today():
    own = MAX | {"line_up": "max", "reviews": "checkpoint", "review_usd": 9.0}
    asked = plans(PLAN, MAX, METERED, own)
    users = people(10, reviews_month=8.0)
    one, two = (play(users, asked, ASSUMED | {"prices": times}) for times in (1.0, 1.5))
    assert [bill(one, n) for n in range(3)] == [100, 300, 100 + 9 * 8]
    assert [bill(two, n) for n in range(3)] == [100, 450, 150 + 13.5 * 8]


def test_reviews_wanted_are_a_multiple_of_the_personas():
    users = people(5, reviews_month=8.0)
    played = play(users, plans(PLAN | {"reviews": "token"}), ASSUMED | {"reviews": 0.5})
    assert bill(played) == 20 + 20 * 4
    assert played.reviews_usd[0, 0, 0] == 20 * 4


def test_profit_at_the_demand_before_it_answers():
    asked = plans(PLAN, MAX, METERED | {"rate": 0.5})
    played = play(people(10), asked, ASSUMED | {"elasticity": -1.0})
    assert played.still_usd[0, :, 0].tolist() == [100 - 150, 150 - 150]
    same = play(people(10), asked, ASSUMED)
    assert same.still_usd[0] == pytest.approx(same.bills.mean(-1)[0] - same.cost_usd[0])


@pytest.mark.parametrize(("reach", "answer"), [(2.0, 0.5), (10.0, 0.1)])
def test_how_far_demand_answers_is_assumed(reach, answer):
    dear = METERED | {"rate": 9.0, "line_up": "dear"}
    rich = {"worth_low": 20.0, "worth": 20.0, "worth_high": 20.0}
    more = {"elasticity": -2.0, "reach": reach}
    played = play(people(10, **rich), plans(PLAN, MAX, dear), ASSUMED | more)
    assert played.answer[0, 1, 0] == answer
