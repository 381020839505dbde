"""When a limit ends: old texts say a Unix time, new ones a local time in a zone."""

import datetime as dt

import pytest

from analysis.logs.limits import resets_at


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def said(words):
    return f"You've hit your limit · resets {words}"


@pytest.mark.parametrize(
    ("words", "at", "resets"),
    [
        ("4pm (Asia/Kuala_Lumpur)", "2026-01-14 07:59", "2026-01-14 08:00"),
        ("4pm (Asia/Kuala_Lumpur)", "2026-01-14 08:00", "2026-01-15 08:00"),
        ("12pm (Europe/London)", "2026-01-14 09:00", "2026-01-14 12:00"),
        ("12am (Europe/London)", "2026-01-14 21:30", "2026-01-15 00:00"),
        ("12:30am (America/New_York)", "2026-01-14 04:00", "2026-01-14 05:30"),
        ("4:30pm (Europe/London)", "2026-07-14 12:00", "2026-07-14 15:30"),
        ("9am (Asia/Kolkata)", "2026-01-14 02:00", "2026-01-14 03:30"),
        ("3pm (UTC)", "2026-01-14 14:00", "2026-01-14 15:00"),
    ],
)
def test_a_local_time_is_the_next_one(words, at, resets):
    assert resets_at(said(words), utc(at)) == utc(resets)


@pytest.mark.parametrize(
    ("words", "at", "resets"),
    [
        # 2026-03-29: London goes from 01:00 to 02:00.
        ("12am (Europe/London)", "2026-03-28 21:00", "2026-03-29 00:00"),
        ("4am (Europe/London)", "2026-03-28 23:30", "2026-03-29 03:00"),
        ("12am (Europe/London)", "2026-03-29 21:00", "2026-03-29 23:00"),
        ("1:30am (Europe/London)", "2026-03-28 23:30", "2026-03-29 01:30"),
        # 2026-10-25: London has the hour from 01:00 twice.
        ("1am (Europe/London)", "2026-10-24 22:00", "2026-10-25 00:00"),
        ("1am (Europe/London)", "2026-10-25 00:30", "2026-10-25 01:00"),
        ("4am (Europe/London)", "2026-10-24 23:30", "2026-10-25 04:00"),
    ],
)
def test_days_on_which_the_clock_changes(words, at, resets):
    assert resets_at(said(words), utc(at)) == utc(resets)


@pytest.mark.parametrize(
    "words",
    [
        "12pm",
        "12pm (Europe/Nowhere)",
        "12pm (Europe)",
        "12pm (../../etc/passwd)",
        "12pm (/etc/passwd)",
        "0am (Europe/London)",
        "13pm (Europe/London)",
        "4:75pm (Europe/London)",
        "Mar 5, 4pm (Europe/London)",
        "noon (Europe/London)",
        "",
    ],
)
def test_what_cannot_be_read_is_null(words):
    assert resets_at(said(words), utc("2026-01-14 09:00")) is None


def test_without_a_time_of_its_own_a_line_has_no_next_one():
    assert resets_at(said("4pm (Europe/London)"), None) is None


def test_old_texts_say_the_moment():
    text = "Claude AI usage limit reached|1777906800"
    assert resets_at(text, None) == utc("2026-05-04 15:00")
