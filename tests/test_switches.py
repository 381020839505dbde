"""How long writes were kept, and when that changed for good."""

import datetime as dt

import polars as pl
import pytest
from gallery import ODD
from requests_by_hand import AT, requests
from test_synth_truth import made

from analysis.facts import facts
from analysis.measures import switches
from analysis.words import switches as words

__all__ = ["made"]
HOUR = {"write_tokens": 10, "write_5m_tokens": 0, "write_1h_tokens": 10}
FIVE = {"write_tokens": 10, "write_5m_tokens": 10, "write_1h_tokens": 0}


def stretch(kind, number, start=0, **more):
    moments = [AT + dt.timedelta(minutes=start + n) for n in range(number)]
    return [
        kind | {"first_seen": at, "message_id": f"msg_{start + n}"} | more
        for n, at in enumerate(moments)
    ]


def found(*stretches):
    return switches.switches(requests(*(row for rows in stretches for row in rows)))


def test_a_switch_is_the_first_request_of_a_run_that_stays():
    stays = switches.STAYS
    rows = found(
        stretch(FIVE, stays, version="2.1.1"), stretch(HOUR, stays, stays, version="2.1.2")
    )
    assert rows.rows() == [
        ("project-01", AT + dt.timedelta(minutes=stays), "5m", "1h", "2.1.1", "2.1.2")
    ]


def test_a_few_others_between_are_no_switch():
    stays = switches.STAYS
    assert found(
        stretch(FIVE, stays), stretch(HOUR, stays - 1, stays), stretch(FIVE, stays, 2 * stays)
    ).is_empty()


def test_a_few_over_more_than_a_day_stay():
    stays, day = switches.STAYS, 24 * 60
    rows = found(stretch(FIVE, stays), stretch(HOUR, 1, stays), stretch(HOUR, 1, stays + day))
    assert rows["at"].to_list() == [AT + dt.timedelta(minutes=stays)]


def test_planted_switches_are_found_to_the_request(made):
    """Each run of the sample is an account's planted regime; none is noise.

    All are found but a last one that these logs end in too soon: it has not stayed yet.
    """
    _, logs, _ = made
    main = logs.requests.filter(~pl.col("is_sidechain"), pl.col("write_tokens") > 0)
    runs = (
        main.sort("project", "first_seen")
        .with_columns(hour=pl.col("write_1h_tokens") > 0)
        .with_columns(run=pl.struct("project", "hour").rle_id())
        .group_by("project", "run", maintain_order=True)
        .agg(pl.len(), at=pl.col("first_seen").first(), ended=pl.col("first_seen").last())
        .with_columns(place=pl.int_range(pl.len()).over("project"), runs=pl.len().over("project"))
        .filter(pl.col("place") > 0)
    )
    stays = (pl.col("len") >= switches.STAYS) | (
        pl.col("ended") - pl.col("at") >= switches.STAYS_FOR
    )
    short = runs.filter(~stays)
    assert (short["place"] == short["runs"] - 1).all()
    assert short.height <= 1
    planted = set(runs.filter(stays).select("project", "at").rows())
    assert len(planted) >= 3
    assert set(switches.switches(logs.requests).select("project", "at").rows()) == planted


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_two_clients_side_by_side_are_no_switch(turns):
    stays = switches.STAYS
    old, new = FIVE | {"version": "2.1.17"}, HOUR | {"version": "2.1.37"}
    rows = [
        part
        for n in range(turns)
        for part in (stretch(old, stays, 2 * n * stays), stretch(new, stays, (2 * n + 1) * stays))
    ]
    again = stretch(old, 1, 2 * turns * stays)
    assert found(*rows, again).is_empty()


def test_one_client_that_goes_back_and_forth_switches_each_time():
    stays = switches.STAYS
    same = {"version": "2.1.17"}
    rows = found(
        stretch(FIVE, stays, **same),
        stretch(HOUR, stays, stays, **same),
        stretch(FIVE, stays, 2 * stays, **same),
    )
    assert rows["after"].to_list() == ["1h", "5m"]


def test_each_project_switches_by_itself_and_subagents_do_not_count():
    stays = switches.STAYS
    assert found(
        stretch(FIVE, stays),
        stretch(HOUR, stays, stays, project="project-02"),
        stretch(HOUR, stays, stays, is_sidechain=True),
    ).is_empty()


def test_days_sum_what_was_written():
    made = requests(*stretch(FIVE, 3), *stretch(HOUR, 1, 9), *stretch(HOUR, 1, 2_000))
    assert switches.by_day(made).rows() == [
        ("project-01", dt.date(2026, 4, 20), 30, 10, 0.25),
        ("project-01", dt.date(2026, 4, 21), 0, 10, 1.0),
    ]


def test_what_is_not_split_is_left_out():
    unsplit = {"write_tokens": 9, "write_5m_tokens": None, "write_1h_tokens": None}
    assert switches.by_day(requests(*stretch(unsplit, 3))).is_empty()


@pytest.mark.parametrize("name", ODD)
def test_every_caption_is_a_sentence_whatever_the_logs(name):
    made = ODD[name].priced
    days, turns = switches.by_day(made), switches.switches(made)
    for text in (words.timeline(days, turns, 1), words.switched(turns)):
        assert text[0].isalnum()
        assert text.endswith(".")
        assert "None" not in text


def test_the_captions_count():
    stays = switches.STAYS
    made = requests(*stretch(FIVE, stays), *stretch(HOUR, 3 * stays, stays, version="2.1.200"))
    days, turns = switches.by_day(made), switches.switches(made)
    assert words.timeline(days, turns, 1).startswith(
        "Main conversations wrote 75.0\u202f% of tokens for one hour, and changed to another "
        "lifetime once in 1 project."
    )
    assert words.switched(turns).startswith("0 of 1 change of lifetime came without")
    assert "27 days apart" in words.elsewhere(facts("switches"))
    assert switches.timed(turns).columns[:3] == ["project", "day", "time"]
    assert pl.Series(turns["at"]).len() == 1
