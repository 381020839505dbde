"""The cited issues: states as read, the rule that closes them, and the words on both."""

import datetime as dt

import polars as pl
import pytest

from analysis.claims import Verdict, claims, judge
from analysis.claims.open_issues import PUBLISHED
from analysis.measures import open_issues
from analysis.words import advice
from analysis.words import open_issues as words


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


def test_nothing_was_closed_for_idleness_while_the_rule_was_taken_back():
    spans = dict(open_issues.idle_rules().select("from_day", "closed_days").rows())
    days = sorted(spans)
    assert (days[1], days[2]) == (dt.date(2025, 10, 10), dt.date(2025, 12, 2))
    assert [spans[d] for d in days[:3]] == [60, None, 60]


def test_only_the_rule_read_in_later_copies_is_inferred():
    inferred = open_issues.rules().filter(pl.col("known") == "inferred")
    assert inferred["closed_days"].to_list() == [28]
    assert "undated copies" in inferred["source"].item()
    labels = open_issues.rules().filter(pl.col("applies_to") != "idle")
    assert dict(labels.select("applies_to", "closed_days").rows())["needs-repro"] == 7


def test_whether_the_listed_issues_were_open_on_the_day_is_left_undecided(cited):
    assert judge(claim("T10.1"), []).word == "unreached"
    assert "([](#claim-t10-1))" in words.opening(cited)


def test_sixty_days_are_the_rule_before_that_of_the_day():
    found = judge(claim("T10.7"), PUBLISHED["auto-close"]())
    assert found == Verdict("definition", "rule from 2025-12-02 (stated), in days without activity")
    assert PUBLISHED["auto-close"]()[0].definition.startswith("rule from 2026-02-14 (inferred)")


def test_the_words_say_what_was_read_and_no_more(cited):
    said = plain(words.opening(cited))
    assert "Of 5 issues" in said
    assert "2 were open as read" in said
    assert "neither confirmed nor refuted" in said
    rule = plain(words.closing())
    assert "from 22 August 2025 and again from 2 December 2025" in rule
    assert "but not from 10 October 2025 on in between" in rule
    assert "ended on 12 February 2026, 41 days before" in rule
    assert "30 days after the mark" in rule
    assert "or 14 days after it" in rule
    assert "wishes with 10 votes" in rule
    assert "7 from *needs-repro*" in rule
    assert "#24185 was filed by the write-up's own author" in words.states_caption(cited)


def test_the_advice_is_counted_by_what_was_found():
    found = ["exact", "definition", "definition", "differs", "unsupported", "opinion", "opinion"]
    card = claims().filter(pl.col("claim").is_in(list(advice.ADVISED)))
    said = plain(advice.advice_caption(card.with_columns(verdict=pl.Series(found))))
    assert "Of 7 statements below the five recommendations: 1 as printed; 2 under another" in said
    assert "2 not borne out; 2 advice" in said
    none = plain(advice.advice_caption(card.with_columns(verdict=pl.lit("pending"))))
    assert "recommendations: none as printed; 7 not checked." in none


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
