"""What first requests cost beside later ones, counted by hand."""

import polars as pl
import pytest
from chains import chain, line, priced, stretched

from analysis.measures import fresh
from analysis.measures.growth import main_chains, stretches
from analysis.words import fresh as words
from analysis.words.numbers import NARROW_SPACE


def stage(found, name):
    return found.row(by_predicate=pl.col("stage") == name, named=True)


def test_the_first_request_by_hand():
    found = fresh.stages(stretched(line(10_000, 100, 12), line(20_000, 100, 1, session="t")))
    first = stage(found, "request 1")
    assert (first["requests"], first["prompt_tokens"]) == (2, 15_000)
    assert (first["hit_rate"], first["write_share"]) == (0, 1)
    assert first["write_usd"] == pytest.approx(15_000 * 6.25e-6)
    assert first["read_usd"] == first["input_usd"] == 0
    assert first["cache_share"] == 1
    later = stage(found, "requests 2 to 10")
    assert later["requests"] == 9
    assert later["write_usd"] == pytest.approx(100 * 6.25e-6)
    assert later["read_usd"] == pytest.approx((10_000 + 400) * 0.5e-6)
    assert stage(found, "requests 11 to 50")["requests"] == 2


def test_each_way_sums_to_its_requests():
    frame = stretched(line(100, 1, 130), line(100, 1, 40, session="t"), line(9, 1, 3, session="u"))
    sums = dict(fresh.stages(frame).group_by("by").agg(pl.col("requests").sum()).rows())
    assert sums == {
        "request": 173,
        "session of requests": 173,
        "quarter of the session": 170,  # a session of three has no quarters
    }


def test_quarters_by_hand():
    found = fresh.stages(stretched(line(1000, 100, 10)))
    quarters = found.filter(pl.col("by") == "quarter of the session")
    assert quarters["stage"].to_list() == [f"quarter {n}" for n in (1, 2, 3, 4)]
    assert quarters["requests"].to_list() == [3, 2, 3, 2]


def test_what_is_published_stands_beside_its_stage():
    found = fresh.stages(stretched(line(100, 1, 130), line(100, 1, 8, session="t")))
    short = stage(found, "sessions of 1 to 10")
    assert (short["account"], short["published_hit_rate"]) == ("#17084", 0.74)
    assert stage(found, "sessions of 101 or more")["published_hit_rate"] == 0.91
    assert stage(found, "quarter 1")["published_write_share"] == 0.0393
    assert stage(found, "quarter 2")["published_write_share"] is None


def test_the_share_of_dollars_rests_on_final_counts():
    early = [row | {"version": "2.1.20"} for row in line(1000, 100, 2, session="early")]
    frame = stretches(main_chains(priced(early)))
    assert stage(fresh.stages(frame), "request 1")["cache_share"] is None
    answer = [row | {"output_tokens": 1000} for row in line(4000, 0, 1)]
    both = stretches(main_chains(priced(early, answer)))
    assert stage(fresh.stages(both), "request 1")["cache_share"] == 0.5  # $0.025 of $0.05


def test_without_a_price_there_are_tokens_and_no_dollars():
    frame = stretched([row | {"model": "other-01"} for row in chain([100, 200])])
    found = stage(fresh.stages(frame), "request 1")
    assert (found["write_share"], found["write_usd"], found["cache_share"]) == (1, None, None)
    assert words.verdict(fresh.stages(frame)).startswith("No first request here has a price")
    assert words.stages(fresh.stages(frame)).startswith("No request here has a price")


def test_nothing_has_no_stages():
    found = fresh.stages(stretched())
    assert found.is_empty()
    assert words.verdict(found).startswith("No first request")
    assert words.table(found).startswith("No session here")
    assert words.stages_alt(found).endswith("none.")


def test_the_verdict_says_what_a_fresh_session_writes():
    chains = [line(10_000, 100, 60, session=f"s{n}") for n in range(3)]
    said = words.verdict(fresh.stages(stretched(*chains))).replace(NARROW_SPACE, " ")
    assert "writes **100.0 % of its prompt**, $0.06 on average over 3 sessions" in said
    assert "cache reads and writes are 100.0 % of its dollars" in said
    assert "a request after the fiftieth writes $0.00 and reads $0.01" in said


def test_where_nothing_is_written_a_fresh_session_s_overhead_is_not_told():
    sent = [{"write_tokens": 0, "write_5m_tokens": 0, "input_tokens": 100}, {"write_tokens": 0}]
    for more in sent:
        bare = [row | more | {"read_tokens": 0} for row in line(100, 1, 1)]
        said = words.verdict(fresh.stages(stretched(bare)))
        assert "1 session here write nothing to the cache" in said
        assert "no share" not in said
