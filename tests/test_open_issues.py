"""The cited issues: states as read, the rule that closes them, and the words on both."""

import datetime as dt

import polars as pl
import pytest

from analysis.claims import Verdict, claims, judge
from analysis.claims.open_issues import PUBLISHED
from analysis.measures import open_issues
from analysis.words import advice
from analysis.words import open_issues as words

DAY = dt.timedelta(1)


@pytest.fixture
def cited():
    return open_issues.issues()


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def claim(name):
    return claims().filter(pl.col("claim") == name).row(0, named=True)


def test_only_cited_issues_are_shown_and_the_listed_ones_stand_first(cited):
    assert cited["section"].null_count() == 0
    assert cited["listed"].to_list()[:5] == ["yes"] * 5
    assert "yes" not in cited["listed"].to_list()[5:]
    assert 16497 not in cited["issue"].to_list()


def test_states_sum_to_the_issues(cited):
    counted = open_issues.states(cited)
    assert counted["cited"].sum() == cited.height == 13
    assert counted["listed"].sum() == 5
    assert open_issues.states(cited.head(0))["cited"].to_list() == [0, 0, 0]


@pytest.mark.parametrize(
    ("filed", "closed"),
    [
        (dt.date(2025, 9, 18), dt.date(2025, 11, 17)),  # under the first rule to its end
        (dt.date(2025, 1, 1), dt.date(2025, 9, 21)),  # older than the rule: from its first day
        (dt.date(2026, 2, 8), dt.date(2026, 3, 8)),  # the second rule overtakes the first
        (dt.date(2026, 1, 1), dt.date(2026, 2, 26)),  # idle already when the second begins
        (dt.date(2026, 3, 1), dt.date(2026, 3, 29)),
    ],
)
def test_when_an_untouched_issue_is_closed(filed, closed):
    assert open_issues.idle(filed, dt.date(2026, 3, 25)) == closed


def test_a_rule_that_is_not_there_yet_closes_nothing():
    first = open_issues.rules()["from_day"][0]
    assert open_issues.idle(first - 365 * DAY, first - DAY) is None
    known = open_issues.idle(dt.date(2026, 2, 8), dt.date(2026, 2, 11))
    assert known == dt.date(2026, 2, 8) + 60 * DAY


def test_open_as_read_is_not_open_for_all_that_are_listed():
    verdict = judge(claim("T10.1"), PUBLISHED["still-open"]())
    assert verdict.word == "unsupported"
    assert [r.value for r in PUBLISHED["still-open"]()] == [2, 2]


def test_sixty_days_are_the_rule_before_that_of_the_day():
    found = judge(claim("T10.7"), PUBLISHED["auto-close"]())
    assert found == Verdict("definition", "rule from 2025-08-22, in days without activity")


def test_the_words_say_what_was_read_and_no_more(cited):
    said = plain(words.opening(cited))
    assert "Of 5 issues" in said
    assert "2 were open as read" in said
    assert "neither confirmed nor refuted" in said
    rule = plain(words.closing(cited))
    assert "since 12 February 2026, 41 days before" in rule
    assert "#24185 would have been closed on 8 March 2026, 17 days before" in rule
    assert "#24185 was filed by the write-up's own author" in words.states_caption(cited)


def test_an_issue_that_the_rule_spares_is_not_called_swept(cited):
    young = cited.with_columns(filed_day=pl.lit(dt.date(2026, 3, 20)))
    assert "Left alone" not in words.closing(young)


def test_each_recommendation_stands_beside_what_was_found():
    card = claims().with_columns(
        verdict=pl.lit("differs"),
        ours=pl.lit([{"definition": "a share", "value": 5.0, "unit": "percent"}]),
        yours=pl.lit(
            [
                {"definition": "one", "value": 1.0, "unit": "percent"},
                {"definition": "two", "value": 3.0, "unit": "percent"},
            ]
        ),
    )
    rows = advice.advice(card)
    assert rows["advice"].n_unique() == 5
    assert rows.height == len(advice.ADVISED)
    assert plain(rows["ours"][0]) == "5.0 %: a share"
    assert plain(rows["these logs"][0]) == "1.0 %: one; 2 readings, 1.0 % to 3.0 %"


def test_a_chapter_is_linked_only_where_it_is_built():
    assert advice.link("04-growth") == "[](#04-growth)"
    assert advice.link("99-nowhere") == "99-nowhere"
