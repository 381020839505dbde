"""A time of a log as a table holds it: microseconds of UTC."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.logs.times import EARLIEST, LATEST, microseconds

DAY = 86_400 * 10**6


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.000001Z", 1),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("1970-01-02T00:00:00Z", DAY),
        ("2026-03-19T09:00:00.123456Z", 1_773_910_800_123_456),
        ("2026-03-19T10:00:00.123456+01:00", 1_773_910_800_123_456),
        ("2026-03-18T19:30:00.123456-13:30", 1_773_910_800_123_456),
        ("0001-01-01T00:00:00Z", -719_162 * DAY),
        ("9999-12-31T23:59:59.999999Z", 2_932_897 * DAY - 1),
    ],
)
def test_microseconds_since_1970(text, found):
    assert microseconds(dt.datetime.fromisoformat(text)) == found


@given(st.datetimes(timezones=st.timezones()), st.datetimes(timezones=st.timezones()))
def test_no_microsecond_is_lost_and_none_is_made(one, other):
    between = dt.timedelta(microseconds=microseconds(other) - microseconds(one))
    assert between == other.astimezone(dt.UTC) - one.astimezone(dt.UTC)


def test_what_a_log_s_times_lie_between():
    years = [dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in (2023, 2100)]
    assert years == [EARLIEST, LATEST]
