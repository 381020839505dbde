"""Limits and interruptions in every wording there is, and when a limit ends.

The wordings are those of the client over its versions, as its users have reported them.
"""

import pytest
from lines import NOON
from wordings import INTERRUPTIONS, LIMITS, NO_LIMITS, utc

from analysis.logs.limits import is_interruption, is_limit, resets_at


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
        "Mar 5",
        "Mar 5, 4pm",
        "Mar 5 (Europe/London)",
        "Mar 32, 4pm (Europe/London)",
        "Mar 0, 4pm (Europe/London)",
        "Feb 30, 4pm (Europe/London)",
        "Feb 29, 2026, 4pm (Europe/London)",
        "March 5, 4pm (Europe/London)",
        "Mar 5, 13pm (Europe/London)",
        "at 6am tomorrow",
        "in 2 hours",
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


@pytest.mark.parametrize(
    ("words", "at", "resets"),
    [
        ("Oct 9, 5pm (Europe/Amsterdam)", "2026-10-06 08:00", "2026-10-09 15:00"),
        ("Oct 9 at 5pm (Europe/Amsterdam)", "2026-10-06 08:00", "2026-10-09 15:00"),
        ("Oct 9 at 5:30pm (Europe/Amsterdam)", "2026-10-06 08:00", "2026-10-09 15:30"),
        ("Oct 9, 2026, 5pm (Europe/Amsterdam)", "2025-12-30 08:00", "2026-10-09 15:00"),
        ("Jan 2, 2027 at 5pm (Europe/Amsterdam)", "2026-12-30 08:00", "2027-01-02 16:00"),
        ("Oct 9 at 5\u202fPM (Europe/Amsterdam)", "2026-10-06 08:00", "2026-10-09 15:00"),
        ("Jan 2, 9am (UTC)", "2026-12-30 08:00", "2027-01-02 09:00"),
        ("Dec 30, 9am (UTC)", "2027-01-01 08:00", "2026-12-30 09:00"),  # said again, too late
        ("Feb 29, 9am (UTC)", "2028-02-27 08:00", "2028-02-29 09:00"),
        ("5pm (Etc/GMT+5)", "2026-10-06 08:00", "2026-10-06 22:00"),
    ],
)
def test_a_date_is_the_nearest_one(words, at, resets):
    assert resets_at(said(words), utc(at)) == utc(resets)


def test_a_spend_limit_names_the_moment_in_utc():
    text = "You will regain access on 2026-06-01 at 00:00 UTC."
    assert resets_at(text, None) == utc("2026-06-01 00:00")
    assert resets_at(text.replace("06-01", "06-31"), None) is None


@pytest.mark.parametrize(("text", "resets"), LIMITS)
def test_every_wording_of_a_limit(text, resets):
    assert is_limit(text)
    assert resets_at(text, NOON) == (utc(resets) if resets else None)


@pytest.mark.parametrize("text", NO_LIMITS)
def test_what_is_no_limit(text):
    assert not is_limit(text)
    assert not is_limit(text, "server_error")


def test_the_error_s_name_is_enough_unless_the_text_denies_it():
    assert is_limit("API Error: Request rejected (429)", "rate_limit")
    busy = (
        "API Error: Server is temporarily limiting requests (not your usage limit) · Rate limited"
    )
    assert not is_limit(busy, "rate_limit")


@pytest.mark.parametrize("text", INTERRUPTIONS)
def test_interruptions(text):
    assert is_interruption(text)


@pytest.mark.parametrize("text", ["why does it say [Request interrupted by user]?", "[Request", ""])
def test_what_is_no_interruption(text):
    assert not is_interruption(text)
