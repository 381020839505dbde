"""The 30-day account's weeks, against its own sums."""

import datetime as dt

import pytest

from analysis.facts import case
from analysis.measures import weeks as measure
from analysis.words import weeks as words


def test_weeks_sum_to_the_account():
    frame = measure.by_week()
    assert frame["read_tokens"].sum() == case("issue-24147")["read_tokens"].item()
    first, last = case("issue-24147").select("first_day", "last_day").row(0)
    assert frame["days"].sum() == (last - first).days + 1


def test_the_printed_multiple_is_of_totals_not_of_days():
    second = measure.by_week().row(1, named=True)
    assert round(second["over_before"], 1) == second["printed_multiple"]
    assert second["over_before_a_day"] * 7 / 3 == pytest.approx(second["over_before"])


def test_a_week_that_began_on_its_label_would_contradict_the_issue():
    frame = measure.by_week()
    assert frame["label_day"].max() == dt.date(2026, 2, 8) == case("issue-24147")["last_day"].item()
    assert frame["read_tokens"][-1] > 5 * measure.last_day()


def test_the_caption_names_both_readings():
    text = words.weeks(measure.by_week())
    assert "3.5x" in text
    assert "grew by 50.2" in text
