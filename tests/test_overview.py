"""What was used when: every request once, on its own day, whatever the zone and the span."""

import datetime as dt

import polars as pl
import pytest
from requests_by_hand import AT, requests

from analysis.measures.overview import PARTS, by_day, by_hour
from analysis.prices import price
from analysis.words import overview as words

USED = {"read_tokens": 60, "write_tokens": 30, "input_tokens": 10, "output_tokens": 5}


def at(*moments, **more):
    """Return priced requests of some moments, alike."""
    return price(requests(*(USED | {"first_seen": moment} | more for moment in moments)))


def test_a_request_is_of_its_day_in_the_zone():
    late = dt.datetime(2026, 4, 20, 23, 30, tzinfo=dt.UTC)
    assert by_day(at(late))["begins"].to_list() == [dt.date(2026, 4, 20)]
    assert by_day(at(late), "Asia/Kathmandu")["begins"].to_list() == [dt.date(2026, 4, 21)]
    hours = by_hour(at(late), "Asia/Kathmandu").select("weekday", "hour").rows()
    assert hours == [(2, 5)]  # a Tuesday, 5:45 and three quarters of an hour


@pytest.mark.parametrize(
    ("days", "step", "bars"), [(100, "1d", 100), (101, "1w", 16), (701, "1mo", 24)]
)
def test_a_long_span_has_weeks_and_a_longer_one_months(days, step, bars):
    frame = by_day(at(*(AT + dt.timedelta(n) for n in range(days))))
    assert set(frame["step"]) == {step}
    assert abs(frame.height - bars) <= 1
    assert frame["requests"].sum() == days
    assert frame["begins"].is_sorted()


@pytest.mark.parametrize("measure", [by_day, by_hour])
def test_every_token_and_dollar_is_counted_once(measure):
    rows = at(*(AT + dt.timedelta(hours=5 * n) for n in range(50)))
    frame = measure(rows)
    for part in PARTS:
        assert frame[f"{part}_tokens"].sum() == 50 * USED[f"{part}_tokens"]
    parts = sum(frame[f"{part}_usd"].sum() for part in (*PARTS, "search"))
    assert frame["total_usd"].sum() == pytest.approx(parts)
    assert frame["total_usd"].sum() == pytest.approx(rows["total_nano"].sum() / 1e9)
    assert set(frame["hit_rate"]) == {0.6}


def test_what_has_no_price_counts_tokens_and_is_said():
    rows = pl.concat([at(AT), at(AT, model="other-01")])
    frame = by_day(rows)
    assert frame["unpriced"].to_list() == [1]
    assert frame["read_tokens"].to_list() == [120]
    assert frame["total_usd"].sum() == pytest.approx(at(AT)["total_nano"].sum() / 1e9)
    assert words.days(frame).endswith("Without a price, and left out: 1 request.")


def test_a_class_with_a_price_is_no_dollars_where_the_whole_has_none():
    none = dict.fromkeys(("write_tokens", "write_5m_tokens", "write_1h_tokens"))
    unknown = at(AT, read_tokens=9_000_000, **none)
    assert unknown.select("read_nano", "total_nano").row(0) == (4_500_000_000, None)
    alone, both = by_day(at(AT)), by_day(pl.concat([at(AT), unknown]))
    same = ["cache_share", *(f"{part}_usd" for part in (*PARTS, "search", "total"))]
    assert both.select(same).equals(alone.select(same))


def test_dollars_are_unknown_where_nothing_has_a_price():
    none = at(AT, model="other-01")
    for frame, say in ((by_day(none), words.days), (by_hour(none), words.hours)):
        assert frame["total_usd"].to_list() == frame["read_usd"].to_list() == [None]
        assert say(frame, " of project-01") == "No price is known for 1 request of project-01."
    both = pl.concat([none, at(AT + dt.timedelta(1))])
    assert "most on 21\u00a0April\u00a02026: $" in words.days(by_day(both))
    assert "on Tuesdays" in words.hours(by_hour(both))


def test_a_share_of_nothing_is_none():
    frame = by_day(at(AT, model="other-01"))
    assert frame["cache_share"].to_list() == [None]
    assert (
        words.shares(frame)
        == "As logged, the cache is no share of dollars; 60.0\u202f% of prompt tokens are read."
    )


def test_the_day_and_the_hour_with_most_are_named():
    rows = at(AT, AT + dt.timedelta(1), AT + dt.timedelta(1, minutes=1))
    assert "most on 21\u00a0April\u00a02026: $" in words.days(by_day(rows), " of project-01")
    assert "on Tuesdays from 12:00 to 13:00" in words.hours(by_hour(rows))
