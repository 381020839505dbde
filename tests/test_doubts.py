"""What could move the bill: each part by hand, and the sum."""

import polars as pl
import pytest
from requests_by_hand import AT, requests

from analysis import schema
from analysis.facts import facts
from analysis.logs.dataset import Logs
from analysis.measures.doubts import doubts
from analysis.measures.reconstruct import by_era
from analysis.prices import price
from analysis.words import doubts as words

HAND = {"read_tokens": 2_000_000, "input_tokens": 50_000, "output_tokens": 100_000}  # $3.75


def logs(*, events=(), rejected=0):
    tables = {
        name: pl.DataFrame(schema=schema.dtypes(name)) for name in ("copies", "events", "files")
    }
    kinds = [{"session": "s", "kind": "compaction", "at": AT, "tokens": n} for n in events]
    tables["events"] = pl.DataFrame(kinds, schema=schema.dtypes("events"))
    tables["files"] = pl.DataFrame([{"rejected": rejected}], schema=schema.dtypes("files"))
    return Logs("hand", **tables)


def found(*rows, **more):
    priced = price(requests(*rows))
    frame = doubts(logs(**more), priced, by_era(priced))
    return {row["source"]: (row["low_usd"], row["high_usd"]) for row in frame.to_dicts()}


def test_a_bill_with_nothing_open_is_the_bill():
    ends = found(HAND)
    assert ends["the bill, with these"] == (3.75, 3.75)
    assert ends["requests without a price"] == (None, None)


def test_a_write_without_a_lifetime_may_have_cost_an_hour_s():
    ends = found(HAND | {"write_tokens": 10**6, "write_5m_tokens": None, "write_1h_tokens": None})
    assert ends["writes without a lifetime"] == pytest.approx((0, 10 - 6.25))
    assert ends["the bill, with these"] == pytest.approx((10, 13.75))


def test_a_compaction_s_own_request_reads_its_prompt_or_writes_it():
    ends = found(HAND, events=(100_000, 100_000))
    assert ends["compactions, whose own request is not logged"] == pytest.approx((0.1, 2.0))


def test_what_only_agent_progress_says_may_be_left_out():
    ends = found(HAND, HAND | {"origin": "agent_progress", "session": "t"})
    assert ends["requests known from agent progress alone"] == (-3.75, 0)
    assert ends["the bill, with these"] == (7.5, 7.5)  # a choice is no doubt


def test_output_that_is_not_logged_is_added_in_its_band():
    short = HAND | {"output_tokens": 1, "text_chars": 300_000, "version": "2.1.20"}
    low, high = found(short)["output that the log leaves out"]
    assert 1.5 < low < high < 3.5  # some 100,000 tokens at $25 a million


def test_no_price_no_dollars():
    ends = found(HAND | {"model": "other-01"})
    assert ends["the bill, with these"] == (0, 0)
    assert "no bill" in words.opening(by_era(price(requests(HAND | {"model": "other-01"}))))


@pytest.mark.parametrize("row", [{}, {"model": "other-01"}, {"version": None}])
def test_it_is_said_of_odd_logs_too(row):
    priced = price(requests(HAND | row))
    frame = doubts(logs(rejected=3), priced, by_era(priced))
    assert frame.filter(source="lines that could not be read")["count"].item() == 3
    assert "$" in words.table(frame)


def test_nothing_leaves_nothing_open():
    assert found()["the bill, with these"] == (0, 0)


def test_a_policy_that_counts_lines_makes_nobody_s_bill():
    eras = by_era(price(requests(HAND)), "sum")
    assert "nobody's bill" in words.opening(eras)
    frame = doubts(logs(), price(requests(HAND)), eras)
    assert frame.row(0, named=True)["low_usd"] is None


def test_intervals_were_tried_on_what_is_known():
    table = facts("coverage")
    made = dict(table.select("what", pl.col("covered") / pl.col("made")).rows())
    assert set(made) == {"band", "hidden", "interval", "strange"}
    assert 0.8 <= made["interval"] <= 0.95
    assert 0.85 <= made["hidden"] <= 1
    assert made["strange"] < 0.9 < made["band"]
    assert "200 simulated data sets" in words.coverage()
    assert "18 of 20" in words.coverage()
