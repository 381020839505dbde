"""What holds of any users under any plan, and what a plain loop says of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from analysis.measures.caps import AT_CAP, DEGRADE, OVERAGE, SHUT_OFF, Terms, Use, use
from analysis.measures.wanted import IDLE, Work
from benchmarks.plain_caps import COUNTED, plain

NONE = np.inf
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
