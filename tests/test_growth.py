"""How prompts grow: stretches, the fan, compactions and the pace, counted by hand."""

import polars as pl
import pytest
from chains import chain, events, line, priced, stretched

from analysis import load
from analysis.measures import growth
from analysis.measures.resample import Interval
from analysis.measures.shapes import fits
from analysis.words import growth as words
from analysis.words.numbers import NARROW_SPACE

CUT = [100, 150, 200, 60, 90]  # the fourth is under half of the third


def test_a_prompt_cut_in_half_begins_a_stretch():
    found = stretched(chain(CUT))
    assert found["stretch"].to_list() == [0, 0, 0, 1, 1]
    assert found["position"].to_list() == [1, 2, 3, 1, 2]
    assert found["number"].to_list() == [1, 2, 3, 4, 5]
    assert found["cut"].to_list() == [False, False, False, True, False]


def test_half_as_long_is_not_cut():
    assert stretched(chain([100, 50]))["stretch"].to_list() == [0, 0]


def test_subagents_are_no_main_chain():
    asked = chain([10, 20], session="a")
    helper = chain([5], session="a", agent="helper", is_sidechain=True)
    inline = chain([7], session="a", is_sidechain=True)
    assert growth.main_chains(priced(asked, helper, inline)).height == 2


def test_the_fan_counts_the_chains_that_are_still_alive():
    chains = [line(100 * n, 10, n, session=f"s{n}") for n in range(1, 7)]
    found = growth.fan(stretched(*chains))
    assert found["chains"].to_list() == [6, 5]
    assert found["median"].to_list() == [350, 410]
    assert found.row(0) == (1, 6, 150, 225, 350, 475, 550)


def test_the_fan_of_few_chains_shows_them_all():
    found = growth.fan(stretched(line(100, 10, 3)))
    assert found.select("number", "chains", "p10", "median", "p90").rows() == [
        (1, 1, 100, 100, 100),
        (2, 1, 110, 110, 110),
        (3, 1, 120, 120, 120),
    ]


def test_a_compaction_stands_at_the_request_before_it():
    happened = events(
        ("s", "compaction", 150, 250),  # after the third request, at 120 s
        ("s", "prompt", 30, None),
        ("s", "compaction", 200, None),  # after the fourth; its tokens are not logged
        ("other", "compaction", 10, 99),
    )
    found = growth.compactions(stretched(chain(CUT)), happened)
    assert found.rows() == [(3, 250), (4, 60)]


def test_every_compaction_planted_in_the_sample_is_found():
    logs = load("sample")
    found = growth.stretches(growth.main_chains(logs.requests), logs.events)
    planted = growth.main_chains(logs.events).filter(pl.col("kind") == "compaction")
    assert planted.height > 0
    assert growth.compactions(found, logs.events).height == planted.height
    assert found["cut"].sum() == planted.height
    assert growth.stretches(logs.requests, logs.events)["cut"].sum() >= planted.height


def test_after_a_compaction_a_stretch_begins_however_long_the_prompt():
    happened = events(("s", "compaction", 90, 90), ("s", "compaction", 100, 90))
    for rows in (chain([100, 90, 80, 85]), chain([100, 110, 120, 130])):
        assert stretched(rows)["cut"].sum() == 0
        found = growth.stretches(priced(rows), happened)
        assert found["cut"].to_list() == [False, False, True, False]
    helper = chain([5, 6, 7], agent="helper", is_sidechain=True)
    assert growth.stretches(priced(helper), happened)["cut"].sum() == 0


def test_what_a_cut_leaves_is_counted_from_the_first_prompt():
    assert growth.left(stretched(chain([*CUT, 30]), chain([50, 10], session="t"))).to_list() == [
        60 - 100,
        30 - 100,
        10 - 50,
    ]
    assert growth.left(stretched()).is_empty()


def test_the_pace_leaves_long_pauses_out_of_active_hours():
    quick = line(100, 1, 31, session="quick", seconds=120)  # an hour, no pause over 5 minutes
    slow = line(100, 1, 21, session="slow", seconds=360)  # two hours, nothing but pauses
    short = line(100, 1, 19, session="short")
    found = growth.pace(stretched(quick, slow, short))
    assert found["session"].to_list() == ["quick", "slow"]
    assert found["hours"].to_list() == [pytest.approx(1), pytest.approx(2)]
    assert found["an_hour"].to_list() == [pytest.approx(31), pytest.approx(10.5)]
    assert found["an_active_hour"].to_list() == [pytest.approx(31), None]


def test_requests_at_one_time_have_no_pace():
    found = growth.pace(stretched(line(100, 1, 20, seconds=0)))
    assert found["an_hour"].to_list() == [None]
    assert words.pace(found) == "No session is long enough to say how many requests an hour has."


def plain(text):
    return text.replace(NARROW_SPACE, " ")


def test_the_opening_says_growth_fit_and_evenness():
    chains = [line(1000, 10 * n, 40, session=f"s{n:02}") for n in range(1, 12)]
    found = stretched(*chains)
    said = plain(words.opening(found, fits(found)))
    assert "In 11 stretches of 20 requests or more, which 11 of 11 main chains have," in said
    assert "**60 tokens a request** (median; quartiles 35 and 85; 90 % interval by session" in said
    assert "a straight line explains 100.0 % of its variance" in said
    assert "gain 1.00 times what first halves gain" in said


@pytest.mark.parametrize("chains", [(), (chain([100]),), (line(10, 1, 19),)])
def test_too_little_is_said_to_be(chains):
    found = stretched(*chains)
    assert words.opening(found, fits(found)).startswith("No stretch of these logs has 20 requests")


def test_an_interval_or_why_there_is_none():
    assert plain(words.within(Interval(1, 2, 12))) == "90 % interval by session: 1 to 2"
    assert words.within(Interval(None, None, 1)) == "1 session, too few for an interval"
    assert words.within(Interval(None, None, 40)) == "no interval"


def test_the_fan_s_caption_names_the_request_that_half_the_chains_reach():
    chains = [line(100, 10, 3 * n, session=f"s{n}") for n in range(1, 11)]
    spread = growth.fan(stretched(*chains))
    said = plain(words.fan(spread, pl.DataFrame({"number": [3], "tokens": [120]})))
    assert "first prompt of a main chain is 100 tokens" in said
    assert "in request 18, which half the chains reach, it is 270" in said
    assert "1 compaction," in said
    assert words.fan(spread.clear(), pl.DataFrame()).startswith("No main chain has a request")
