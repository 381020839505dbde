"""What a token costs in a request, of classes that it used and of others."""

import datetime as dt

import pytest
from requests_by_hand import requests

from analysis.measures.rates import rates
from analysis.prices import price

OPUS = (5_000, 500, 6_250, 10_000)


def found(date=None, **row):
    return rates(price(requests(row), date=date)).row(0)


@pytest.mark.parametrize(
    "used",
    [{"input_tokens": 3}, {"read_tokens": 7}, {"write_tokens": 9}, {"output_tokens": 5}, {}],
)
def test_every_class_has_a_price_whatever_was_used(used):
    assert found(**used) == OPUS


def test_unsplit_writes_are_five_minute_writes():
    unsplit = {"write_tokens": 9, "write_5m_tokens": None, "write_1h_tokens": None}
    assert found(**unsplit) == OPUS


def test_a_tier_holds_for_every_class():
    long = {"model": "claude-sonnet-4-5-20250929", "read_tokens": 250_000}
    assert found(**long) == (6_000, 600, 7_500, 12_000)


def test_a_batch_is_half():
    assert found(input_tokens=4, service_tier="batch") == tuple(rate / 2 for rate in OPUS)


def test_a_price_date_holds_for_every_class():
    new = found(model="claude-opus-4-7", input_tokens=4, date=dt.date(2026, 5, 1))
    assert new == OPUS


def test_what_has_no_price_has_no_rates():
    assert found(model="other-01", input_tokens=4) == (None,) * 4
