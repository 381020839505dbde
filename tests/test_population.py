"""Declared users: as many as they should be, at the level of their persona, the same every time."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plans_by_hand import DAY, people

from analysis.facts import facts
from analysis.measures.day_shapes import Profiles
from analysis.measures.population import by_share, population, spread_out
from analysis.measures.wanted import IDLE

LOGGED = Profiles(np.array([1.0, 3.0]), np.eye(2, 24, 9), np.zeros((2, 24)))


@settings(deadline=None)
@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=6), st.integers(0, 500))
def test_everybody_has_a_persona(shares, users):
    counts = by_share(np.array(shares), users)
    assert counts.sum() == users
    exact = np.array(shares) / np.sum(shares) * users
    assert (np.abs(counts - exact) < 1 + 1e-6).all()


def test_the_same_seed_makes_the_same_users():
    one, same, other = (
        population(facts("personas"), LOGGED, users=50, days=30, seed=seed) for seed in (1, 1, 2)
    )
    assert (one.work.usd == same.work.usd).all()
    assert (one.reviews == same.reviews).all()
    assert (one.own == same.own).all()
    assert (one.work.usd != other.work.usd).any()


def test_users_are_at_the_level_of_their_persona():
    personas = facts("personas")
    users = population(personas, LOGGED, users=1_000, days=200)
    active = users.work.shape != IDLE
    assert not users.work.usd[~active].any()
    assert not users.reviews[~active].any()
    for n, row in enumerate(personas.to_dicts()):
        of = users.persona == n
        assert users.weights(0.6)[0, of].sum() == pytest.approx(row["share"])
        assert of.sum() == 200
        assert active[of].mean() == pytest.approx(row["active_days"])
        assert users.work.usd[of][active[of]].mean() == pytest.approx(row["day_usd"], rel=1e-3)
        assert users.reviews[of].mean() * 30 == pytest.approx(row["reviews_month"], rel=1e-3)
        assert sorted(users.own[of]) == pytest.approx(sorted(users.taste[of]))


def test_a_day_is_as_large_beside_others_as_it_was_in_the_logs():
    users = people(10, days=300, logged=LOGGED)
    assert set(users.work.usd[0]) == {5.0, 15.0}


def test_spread_leaves_the_mean_and_half_of_them_below_it():
    normal = np.random.default_rng(1).standard_normal(200_000)
    assert spread_out(normal, 0.6).mean() == pytest.approx(1, rel=0.01)
    assert (spread_out(normal, 0.6) > np.exp(-0.18)).mean() == pytest.approx(0.5, abs=0.01)


def test_no_days_no_users():
    with pytest.raises(ValueError, match="no days"):
        population(facts("personas"), Profiles(*(of[:0] for of in DAY)))
    nobody = population(facts("personas"), DAY, users=0, days=30)
    assert nobody.work.usd.shape == (0, 30)
    assert nobody.personas.equals(pl.DataFrame(facts("personas")))


def test_a_group_is_a_whole_population():
    users = population(facts("personas"), LOGGED, users=1_000, days=30, groups=4)
    assert np.bincount(users.group).tolist() == [250] * 4
    for group in range(4):
        own = users.own[users.group == group]
        assert own.reshape(5, 50).mean(axis=1) == pytest.approx(np.zeros(5), abs=1e-9)
        assert users.weights(0.6)[0, users.group == group].sum() == pytest.approx(0.25)
    assert (users.work.usd[users.group == 0] != users.work.usd[users.group == 1]).any()


@pytest.mark.parametrize("share", [0, 0.2, 1])
def test_users_stand_for_more_or_fewer(share):
    users = population(facts("personas"), LOGGED, users=50, days=30)
    weight = users.weights(np.array([0.6, share]))[1]
    assert weight.sum() == pytest.approx(1)
    assert weight[users.persona < 2].sum() == pytest.approx(share)
    if share:
        assert weight[0] / weight[10] == pytest.approx(0.35 / 0.25)


def test_where_all_or_none_write_code_their_share_has_no_effect():
    coders = facts("personas").tail(3)
    users = population(coders, LOGGED, users=30, days=30)
    assert users.weights(0.6).sum() == pytest.approx(1)
    assert (users.weights(0.6) == users.weights(0.1)).all()
