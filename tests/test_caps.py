"""Caps: cases counted by hand, and what holds of any users and any plan."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from analysis.measures.caps import AT_CAP, DEGRADE, OVERAGE, SHUT_OFF, Terms, Use, use
from analysis.measures.wanted import IDLE, Work
from benchmarks.plain_caps import COUNTED, plain

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


# -- what holds of any users and any plan ---------------------------------------------------------

DAYS = 9
quick = settings(max_examples=60, deadline=None)  # no test here is about time
dollars = st.sampled_from([0.0, 0.0, 0.0, 1.0, 2.0, 5.0, 11.0])
caps = st.sampled_from([0.0, 1.0, 3.0, 8.0, 20.0, NONE])
shares = st.sampled_from([0.0, 0.5, 0.75, 1.0])


@st.composite
def some_work(draw):
    users, profiles = draw(st.integers(1, 3)), 3
    each = draw(arrays.arrays(float, (profiles, 24), elements=dollars))
    each[:, 9] += each.sum(axis=1) == 0
    context = draw(arrays.arrays(float, (profiles, 24), elements=st.sampled_from([0, 0.125, 0.5])))
    shape = draw(arrays.arrays(int, (users, DAYS), elements=st.integers(IDLE, profiles - 1)))
    usd = draw(arrays.arrays(float, (users, DAYS), elements=dollars))
    return Work(shape, usd, each / each.sum(axis=1, keepdims=True), context)


def sums(wanted, **terms):
    found = use(wanted, Terms(**terms), month=DAYS)
    return Use(*(of.sum() for of in found))


SLACK = 1e-9  # sums of rounded numbers


@quick
@given(some_work(), caps, caps, shares)
def test_a_larger_cap_never_leaves_more_undone_or_blocked(asked, one, other, waits):
    less, more = (
        sums(asked, window_usd=cap, week_usd=NONE, at_cap=SHUT_OFF, waits=waits)
        for cap in sorted([one, other])
    )
    assert more.unserved_usd <= less.unserved_usd + SLACK
    assert more.blocked_hours <= less.blocked_hours + SLACK


@quick
@given(some_work(), caps, caps, caps, caps)
def test_with_a_weekly_cap_a_larger_one_never_serves_less(asked, one, other, week, week_other):
    (window, window_more), (weekly, weekly_more) = sorted([one, other]), sorted([week, week_other])
    less = sums(asked, window_usd=window, week_usd=weekly, at_cap=SHUT_OFF)
    for cap, per_week in ((window_more, weekly), (window, weekly_more)):
        more = sums(asked, window_usd=cap, week_usd=per_week, at_cap=SHUT_OFF)
        assert more.large_usd >= less.large_usd - SLACK


@quick
@given(some_work(), caps, caps, shares, st.integers(0, 2))
def test_all_work_is_served_or_not(asked, window, week, waits, at_cap):
    found = sums(asked, window_usd=window, week_usd=week, at_cap=at_cap, waits=waits, small=0.2)
    done = found.large_usd + found.small_usd + found.unserved_usd
    assert done == pytest.approx(found.wanted_usd)
    assert 0 <= found.blocked_hours + found.degraded_hours <= found.wanted_hours + SLACK
    if at_cap != SHUT_OFF:
        assert (found.unserved_usd, found.blocked_hours) == (0, 0)


@quick
@given(some_work(), caps, caps, shares)
def test_degrading_blocks_no_more_than_shutting_off(asked, window, week, waits):
    shut, degrade = (
        sums(asked, window_usd=window, week_usd=week, at_cap=at_cap, waits=waits, small=0.2)
        for at_cap in (SHUT_OFF, DEGRADE)
    )
    assert degrade.blocked_hours <= shut.blocked_hours
    assert degrade.unserved_usd <= shut.unserved_usd


@quick
@given(some_work(), caps, caps, st.sampled_from([0.0, 0.25, 3.0]))
def test_overage_is_linear_in_its_rate_and_more_than_all_is_never_billed(asked, window, week, rate):
    once, priced = (
        sums(asked, window_usd=window, week_usd=week, at_cap=OVERAGE, rate=r) for r in (1.0, rate)
    )
    assert priced.overage_usd == pytest.approx(rate * once.overage_usd)
    assert once.overage_usd <= once.large_usd + SLACK


@quick
@given(some_work(), caps, caps, shares, st.integers(0, 2), st.randoms())
def test_a_user_does_not_depend_on_the_others(asked, window, week, waits, at_cap, random):
    terms = Terms(window, week, at_cap, waits=waits, small=0.2)
    order = list(range(len(asked.usd)))
    random.shuffle(order)
    some = order[: random.randint(1, len(order))]
    whole = use(asked, terms, month=DAYS)
    part = use(asked._replace(shape=asked.shape[some], usd=asked.usd[some]), terms, month=DAYS)
    for one, other in zip(whole, part, strict=True):
        assert other == pytest.approx(one[some])


@quick
@given(some_work(), caps, caps, shares, st.integers(0, 2))
def test_a_plain_loop_over_users_and_hours_says_the_same(asked, window, week, waits, at_cap):
    terms = {"window_usd": window, "week_usd": week, "rate": 1.5, "small": 0.2, "waits": waits}
    found = use(asked, Terms(at_cap=at_cap, **terms), month=DAYS)
    for user in range(len(asked.usd)):
        looped = plain(asked, user, terms, AT_CAP[at_cap], DAYS)
        assert [of[user, 0] for of in found] == pytest.approx(looped)
    assert found._fields == COUNTED
