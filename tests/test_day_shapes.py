"""Days of logs by their hours: counted by hand, and what is left out."""

import datetime as dt

import numpy as np
import pytest
from requests_by_hand import AT, requests

from analysis import load
from analysis.measures.day_shapes import FEWEST, day_shapes, profiles
from analysis.prices import price

# Opus 4.7: a million tokens of output 25 $, written to a cache of five minutes 6.25 $
NINE, TEN = (AT.replace(hour=hour) for hour in (9, 10))


def asked(at, output, context=0, **more):
    return {
        "first_seen": at,
        "last_seen": at,
        "output_tokens": output,
        "context_tokens": context,
    } | more


def shapes(*rows):
    """Return the days of the rows, and of enough others of another project."""
    rest = [
        asked(NINE + dt.timedelta(days=day), 1000, project="project-02") for day in range(FEWEST)
    ]
    found = day_shapes(price(requests(*rows, *rest)))
    return found.filter(project="project-01")


def test_a_day_by_hand():
    found = shapes(
        asked(NINE, 40_000, 100_000),
        asked(NINE + dt.timedelta(minutes=59), 20_000, 300_000),
        asked(TEN, 20_000, 400_000),
    ).row(0, named=True)
    assert (found["requests"], found["usd"], found["day"]) == (3, pytest.approx(2), AT.date())
    hours = np.zeros(24)
    hours[[9, 10]] = 0.75, 0.25
    assert np.array(found["hours"]) == pytest.approx(hours)
    # the mean of 100,000 and 300,000 tokens is 1.25 $ to write, 400,000 are 2.50 $
    hours[[9, 10]] = 1.25 / 2, 2.5 / 2
    assert np.array(found["context"]) == pytest.approx(hours)


def test_days_are_utc_and_unpriced_requests_are_left_out():
    midnight = AT.replace(hour=23, minute=59)
    found = shapes(
        asked(midnight, 1000),
        asked(midnight + dt.timedelta(minutes=1), 1000),
        asked(NINE, 1000, model="some-model"),
        asked(NINE, 0),
    )
    assert found["requests"].to_list() == [2, 1]
    assert [list(np.flatnonzero(day)) for day in found["hours"].to_list()] == [[23], [0]]


def test_a_day_without_dollars_is_none():
    assert shapes(asked(NINE, 0, 1000)).is_empty()


def test_too_few_days_have_no_shapes():
    one = price(requests(asked(NINE, 1000)))
    assert day_shapes(one).is_empty()
    assert day_shapes(one.clear()).is_empty()
    assert day_shapes(load("sample").where(since="2099-01-01").priced()).is_empty()
    assert profiles(day_shapes(one)).hours.shape[0] == 0


def test_the_order_of_requests_does_not_matter_and_days_sum_to_the_bill():
    priced = load("sample").priced()
    found = day_shapes(priced)
    assert found["usd"].sum() == pytest.approx(priced["total_nano"].sum() / 1e9)
    assert np.allclose(profiles(found).hours.sum(axis=1), 1)
    mixed = day_shapes(priced.sample(fraction=1.0, shuffle=True, seed=1))
    assert np.allclose(profiles(mixed).context, profiles(found).context)
