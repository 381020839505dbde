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
        assert of.mean() == pytest.approx(row["share"])
        assert active[of].mean() == pytest.approx(row["active_days"], rel=0.05)
        assert users.work.usd[of][active[of]].mean() == pytest.approx(row["day_usd"], rel=0.05)
        assert users.reviews[of].mean() * 30 == pytest.approx(row["reviews_month"], rel=0.05)


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
