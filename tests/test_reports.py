"""The cited reports beside published faults: what their days have in common."""

import polars as pl
import pytest
from chains import chain, line, priced

from analysis.claims import degradation
from analysis.facts import facts
from analysis.measures import attention, reports
from analysis.words import attention as seen
from analysis.words import reports as words


@pytest.fixture(scope="module")
def cited():
    return reports.reports()


def test_the_reports_are_those_of_the_section(cited):
    assert cited["issue"].to_list() == [3377, 5810, 7824, 29230, 36241]


def test_a_report_over_days_begins_before_it_was_filed(cited):
    days = cited.filter(pl.col("issue") == 7824).select(pl.col("filed_day") - pl.col("began_day"))
    assert days.item().days == 45
    assert cited["began_day"].null_count() == 4


def test_faults_are_counted_on_the_days_of_a_report(cited):
    # 15 August: routing alone; 4 August to 18 September: all three, the last of which ended on
    # the vendor's own platform two days before; 27 February: none;
    # 19 March: effort, before thinking was cleared
    assert dict(cited.select("issue", "faults").rows()) == {
        3377: 0,
        5810: 1,
        7824: 3,
        29230: 0,
        36241: 1,
    }
    assert cited["faults_filed"].to_list() == [0, 1, 0, 0, 1]
    assert dict(cited.select("issue", "faults_elsewhere").rows())[7824] == 1
    assert cited["faults_named"][-1] == "reasoning effort lowered by default"


def test_the_words_count_what_the_texts_say(cited):
    said = words.opening(cited)
    assert "**none says that**; 2 name long or compacted sessions" in said
    one = cited.with_columns(about_session_length=pl.lit("yes"))
    assert "**5 say that**; 0 name" in words.opening(one)


def test_a_day_of_filing_and_the_days_reported_on_are_told_apart(cited):
    said = words.reports(cited, facts("faults"))
    assert said.startswith("Of 5 cited reports, 2 were filed on a day of a fault")
    assert "and 3 report on days that had one" in said
    assert "days on which 3 ran; on the day it was filed, none ran any more" in said
    assert "and 1 on another platform alone" in said


def test_who_closed_an_issue_is_counted_and_what_a_fault_affected_is_shown(cited):
    assert "3 of them by a robot" in words.table(cited)
    assert "#5810: says that quality fell within 2 to 3 days; its steps" in words.partly(cited)
    assert "16 %" in words.causes(facts("faults"))["affected"][0]


def test_the_title_says_in_how_many_measurements_models_do_worse():
    said = words.studies(facts("long-contexts"))
    assert said.startswith("In 5 of 6 published measurements most models do worse")
    assert "Not one of them was made in sessions of Claude Code" in said


def test_reads_add_up_and_prompts_do_not():
    found = attention.sessions(priced(line(100, 10, 5), chain([50], session="t")))
    # the first prompt is written; the others read the one before: 100 + 110 + 120 + 130
    assert found.rows() == [(5, 460, 120.0, 140, 140 / 460)]


def test_what_one_request_saw_is_reads_over_requests():
    found = attention.published()
    assert found["seen_tokens"].to_list() == [round(90_360_262 / 441), round(90_360_262 / 618)]
    assert max(found["seen_tokens"]) < attention.largest_window() == 1_000_000


def test_the_words_survive_logs_that_read_nothing():
    none = attention.sessions(priced(chain([50])))
    assert none.is_empty()
    said = seen.attention(none, attention.published(), attention.largest_window())
    assert "No session of these logs read anything" in said


def test_an_issue_that_is_not_read_leaves_bounds_and_no_verdict_between_them():
    readings = degradation.PUBLISHED["independent"]()
    assert [(r.value, r.holds) for r in readings] == [
        (0, False),
        (20, False),
        (40, False),
        (60, False),
    ]
    assert readings[-1].definition.endswith("at most, with 1 unread: undecided")
