"""Caps: cases counted by hand."""

import numpy as np
import pytest

from analysis.measures.caps import DEGRADE, OVERAGE, SHUT_OFF, Terms, Use, use
from analysis.measures.wanted import IDLE, Work

NONE = np.inf


def work(*users, month=2, context=None):
    """Return work of users given as {(day, hour): dollars}; each day is a profile of its own."""
    usd, hours = np.zeros((len(users), month)), np.zeros((len(users), month, 24))
    for row, wanted in enumerate(users):
        for (day, hour), dollars in wanted.items():
            usd[row, day] += dollars
            hours[row, day, hour] = dollars
    shape = np.where(usd > 0, np.arange(usd.size).reshape(usd.shape), IDLE)
    day = np.where(usd > 0, usd, 1)[..., None]
    standing = np.broadcast_to((context or 0) / day, hours.shape)
    return Work(shape, usd, (hours / day).reshape(-1, 24), standing.reshape(-1, 24))


def got(wanted, **terms):
    found = use(wanted, Terms(**({"week_usd": NONE} | terms)), month=wanted.usd.shape[1])
    return Use(*(of[..., 0] for of in found))


def test_two_users_in_one_window():
    # the cap is 10: the first user wants 8 + 4 in hours 9 and 10, the second 6
    two = got(work({(0, 9): 8, (0, 10): 4}, {(0, 9): 6}), window_usd=10, at_cap=SHUT_OFF, waits=0)
    assert two.large_usd.tolist() == [8 + 2, 6]
    assert two.unserved_usd.tolist() == [2, 0]
    assert two.blocked_hours.tolist() == [2 / 4, 0]
    assert two.wanted_hours.tolist() == [2, 1]
    assert two.wanted_usd.tolist() == [12, 6]


def test_a_window_opens_with_work_and_lasts_five_hours():
    # opened at 9, it ends at 14: the 3 of hour 13 are over the cap, those of 14 are not
    one = got(work({(0, 9): 10, (0, 13): 3, (0, 14): 3}), window_usd=10, at_cap=SHUT_OFF)
    assert (one.large_usd[0], one.blocked_hours[0]) == (13, 1)
    # opened at 14, whose work it refuses none of, it goes on over midnight into nothing
    late = got(work({(0, 22): 10, (1, 2): 3, (1, 3): 3}), window_usd=10, at_cap=SHUT_OFF)
    assert (late.large_usd[0], late.unserved_usd[0]) == (13, 3)


def test_half_of_what_is_refused_waits_each_hour():
    # at 9 the cap refuses 8; half waits at 10 (4) with 2 fresh: refused; at 14, four hours on,
    # 6 / 2^4 = 0.375 still wait beside 1 fresh, and are done
    one = got(work({(0, 9): 18, (0, 10): 2, (0, 14): 1}), window_usd=10, at_cap=SHUT_OFF, waits=0.5)
    assert one.large_usd[0] == 10 + 1 + 0.375
    assert one.unserved_usd[0] == 18 + 2 + 1 - 11.375
    assert one.blocked_hours[0] == 8 / 18 + 1
    never = got(work({(0, 9): 18}), window_usd=10, at_cap=SHUT_OFF, waits=1)
    assert never.unserved_usd[0] == 8  # it waits to the end


def test_overage_is_billed_and_blocks_nothing():
    one = got(work({(0, 9): 18, (0, 10): 2}), window_usd=10, at_cap=OVERAGE, rate=1.5)
    assert (one.large_usd[0], one.overage_usd[0], one.blocked_hours[0]) == (20, 1.5 * 10, 0)
    metered = got(work({(0, 9): 18}), window_usd=0, at_cap=OVERAGE, rate=0.5)
    assert (metered.large_usd[0], metered.overage_usd[0]) == (18, 9)


def test_a_degrade_with_its_rewrite_and_the_switch_back():
    # 9: 10 of 12 fit, 2 go to the small model; a session's first hour has no context to write
    # 10: 4 on the small model, no second switch
    # 14: a new window: the context (2) is written again out of the cap, 8 of 9 fit; 1 is for the
    #     small model, which writes the context at a fifth of its price
    asked = work({(0, 9): 12, (0, 10): 4, (0, 14): 9}, context=2)
    one = got(asked, window_usd=10, at_cap=DEGRADE, small=0.2)
    assert one.large_usd[0] == 10 + 8
    assert one.small_usd[0] == 2 + 4 + 1
    assert one.rewrite_usd[0] == pytest.approx(2 + 0.2 * 2)
    assert one.degraded_hours[0] == pytest.approx(2 / 12 + 1 + 1 / 9)
    assert (one.blocked_hours[0], one.unserved_usd[0]) == (0, 0)


def test_the_way_back_is_charged_to_the_cap():
    # 9: 12 wanted of 10. 14: of a new window the context takes 2 and work 5; 15: 3 are left for 5
    asked = work({(0, 9): 12, (0, 14): 5, (0, 15): 5}, context=2)
    one = got(asked, window_usd=10, at_cap=DEGRADE, small=0.2)
    assert (one.large_usd[0], one.small_usd[0]) == (10 + 5 + 3, 2 + 2)
    # and to the week: of 17 it holds 7 after the first window, 2 for the context, 5 for work
    week = got(asked, window_usd=10, week_usd=17, at_cap=DEGRADE, small=0.2)
    assert (week.large_usd[0], week.small_usd[0]) == (10 + 5, 2 + 5)
    assert week.rewrite_usd[0] == pytest.approx(2 + 0.2 * 2)


def test_no_way_back_where_the_cap_does_not_pay_it():
    asked = work({(0, 8): 1, (0, 9): 12, (0, 14): 9}, context=10)
    one = got(asked, window_usd=10, at_cap=DEGRADE, small=0.2)
    assert (one.large_usd[0], one.small_usd[0]) == (10, 3 + 9)
    assert one.rewrite_usd[0] == 0.2 * 10


def test_a_new_day_begins_with_the_large_model_and_no_context():
    one = got(work({(0, 9): 12, (1, 9): 5}, context=2), window_usd=10, at_cap=DEGRADE, small=0.2)
    assert (one.large_usd[0], one.small_usd[0], one.rewrite_usd[0]) == (15, 2, 0)


def test_the_weekly_cap_binds_over_windows_and_is_new_after_seven_days():
    asked = work({(0, 9): 10, (1, 9): 10, (2, 9): 10, (7, 0): 10}, month=8)
    one = got(asked, window_usd=10, week_usd=25, at_cap=SHUT_OFF)
    assert (one.large_usd[0], one.unserved_usd[0], one.blocked_hours[0]) == (
        10 + 10 + 5 + 10,
        5,
        0.5,
    )


def test_months_are_whole_and_a_plan_is_an_axis():
    asked = work({(0, 9): 4}, {(1, 9): 6, (4, 0): 99}, month=5)
    caps = np.array([[2.0], [5.0], [NONE]])
    found = use(asked, Terms(caps, NONE, SHUT_OFF), month=2)
    assert found.large_usd.shape == (3, 2, 2)
    assert found.large_usd[..., 0].tolist() == [[2, 2], [4, 5], [4, 6]]
    assert not found.large_usd[..., 1].any()  # the fifth day is of no whole month
    with pytest.raises(ValueError, match="simulate more"):
        use(asked, Terms(caps, NONE, SHUT_OFF), month=6)


def test_twice_the_work_under_twice_the_cap_is_twice_of_all():
    asked = work({(0, 9): 12, (0, 10): 4, (0, 14): 9}, context=2)
    once = use(asked, Terms(10, 30, DEGRADE, small=0.2), month=2)
    twice = use(asked, Terms(20, 60, DEGRADE, small=0.2), month=2, scale=2.0)
    assert twice.large_usd == pytest.approx(2 * once.large_usd)
    assert twice.rewrite_usd == pytest.approx(2 * once.rewrite_usd)
    assert twice.degraded_hours == pytest.approx(once.degraded_hours)


def test_nobody_wants_anything():
    for at_cap in (SHUT_OFF, OVERAGE, DEGRADE):
        assert not any(of.any() for of in got(work({}, {}), window_usd=10, at_cap=at_cap))
