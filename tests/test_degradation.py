"""Degradation: requests by weekday. A start: put your own tests in its place."""

import datetime as dt

import matplotlib.pyplot as plt
import pytest
from requests_by_hand import requests

from analysis.measures.degradation import by_weekday
from analysis.plots.degradation import plot_weekdays
from analysis.words.degradation import weekdays

SUNDAY_EVENING = {"first_seen": dt.datetime(2026, 3, 1, 23, tzinfo=dt.UTC), "read_tokens": 30}
MONDAY = {"first_seen": dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC), "read_tokens": 12}


def counted(frame):
    return {row["weekday"]: row["requests"] for row in frame.to_dicts() if row["requests"]}


def test_a_request_is_of_its_weekday_in_the_chosen_zone():
    made = requests(SUNDAY_EVENING, MONDAY)
    assert counted(by_weekday(made)) == {"Monday": 1, "Sunday": 1}
    assert counted(by_weekday(made, "Europe/Paris")) == {"Monday": 2}


def test_the_days_sum_to_the_whole():
    found = by_weekday(requests(SUNDAY_EVENING, MONDAY, MONDAY))
    assert found["weekday"].to_list()[::6] == ["Monday", "Sunday"]
    assert (found["requests"].sum(), found["read_tokens"].sum()) == (3, 54)


@pytest.mark.parametrize("rows", [[], [MONDAY], [MONDAY, SUNDAY_EVENING]])
def test_the_plot_has_a_bar_a_day_as_long_as_its_requests(rows):
    found = by_weekday(requests(*rows))
    ax = plot_weekdays(found)
    assert [bar.get_width() for bar in ax.patches] == found["requests"].to_list()
    assert [label.get_text() for label in ax.get_yticklabels()] == found["weekday"].to_list()
    plt.close("all")


def test_the_caption_names_the_busiest_day():
    said = weekdays(by_weekday(requests(MONDAY, MONDAY, SUNDAY_EVENING)), "UTC")
    assert said.startswith("Monday (UTC) has the most requests: 2 of 3 requests, 66.7")
    assert weekdays(by_weekday(requests()), "UTC") == "No request in these logs."
