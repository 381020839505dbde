"""Revenue: published run-rates, what shares of a bill would come to, what the firm has said."""

import datetime as dt

import polars as pl
import pytest
from requests_by_hand import requests

from analysis.claims.revenue import YOURS
from analysis.facts import facts
from analysis.measures import revenue
from analysis.prices import price
from analysis.words import revenue as words
from analysis.words.numbers import NARROW_SPACE


def plain(text):
    return text.replace(NARROW_SPACE, " ").replace("\u00a0", " ")


def test_the_product_s_share_of_the_firm_s_run_rate():
    row = revenue.shares().row(by_predicate=pl.col("said_day") == dt.date(2026, 2, 12), named=True)
    assert row["share"] == pytest.approx(2.5 / 14)
    said = plain(words.run_rates(revenue.run_rates()))
    assert said.startswith("Claude Code is 17.9 % of the published run-rate of 12 February 2026")


def test_the_run_rate_of_the_text_is_the_last_before_it():
    assert revenue.product_usd() == 2.5e9


def test_shares_of_a_bill_as_dollars_of_revenue():
    found = revenue.implied(0.5, label="Mine")
    by_case = {r["case"]: r for r in found.to_dicts()}
    assert by_case["you"]["label"] == "Mine, output reconstructed"
    assert by_case["you"]["low_usd"] == 1.25e9
    assert by_case["block"]["low_usd"] == pytest.approx(2.5e9 * (252.87 - 10.69) / 252.87)
    assert (found["low_usd"] <= found["high_usd"]).all()
    middles = (found["low"] + found["high"]).to_list()
    assert middles == sorted(middles, reverse=True)


def test_without_a_price_the_reader_has_no_row():
    assert "you" not in revenue.implied(None)["case"].to_list()


def test_cache_revenue_begins_at_nothing_and_ends_at_the_accounts():
    found = revenue.implied()
    wedge = revenue.billed(found)
    first, last = wedge.row(0, named=True), wedge.row(-1, named=True)
    assert (first["billed"], first["low_usd"], first["high_usd"]) == (0, 0, 0)
    assert last["billed"] == 1
    assert last["low_usd"] == found["low_usd"].min()
    assert last["high_usd"] == found["high_usd"].max()
    assert last["text_usd"] == pytest.approx(0.977 * 2.5e9)
    assert revenue.billed(found.clear()).is_empty()


def test_the_step_says_range_and_condition():
    said = plain(words.step(revenue.implied(0.88)))
    assert "of $2.5 billion that would be $2.44 billion" in said
    assert "13 published accounts have 39.0 % to 99.6 %; these logs have 88.0 %" in said
    assert "if every dollar were billed by token" in said
    assert "these logs" not in words.step(revenue.implied())


def test_who_has_the_text_s_share():
    said = plain(words.accounts(revenue.implied()))
    assert said.startswith("3 of 13 published accounts can have the text's share of 97.7 % or more")
    assert "and 2 of them are states of its own session" in said


def test_statements_before_the_text_and_none_with_a_cost():
    said = revenue.replies()
    assert said.filter("before")["said_day"].to_list() == [
        dt.date(2025, 7, 28),
        dt.date(2026, 2, 20),
    ]
    assert not said["gives_cost"].any()
    assert "2 came before the write-up, and none gives" in words.replies(said)
    one = said.with_columns(gives_cost=pl.col("said_day") == said["said_day"][0])
    assert "1 give a cost" in words.replies(one)


def test_the_reader_s_reading_is_the_bound_of_this_mix():
    rows = price(requests({"read_tokens": 10**6, "output_tokens": 30_000}))
    (found,) = YOURS["cache-margin"](rows, "largest")
    assert found.value == pytest.approx(100 * (1 - 0.6 * 1.25 / 0.5))
    assert found.definition == "least margin on reads that 40 % over all leave, in this mix"
    assert YOURS["cache-margin"](price(requests()), "largest") == []


@pytest.mark.parametrize(
    "name", ["run-rate", "margins", "disclosed", "architectures", "assumptions", "replies"]
)
def test_facts_are_whole(name):
    frame = facts(name)
    may_be_empty = {"how"}
    for column in set(frame.columns) - may_be_empty:
        assert frame[column].null_count() == 0, column


def test_assumptions_are_ranges_with_a_kind():
    known = facts("assumptions")
    assert known["name"].n_unique() == known.height
    assert set(known["kind"]) == {"published", "assumed"}
    assert (known["low"] > 0).all()
    assert (known["low"] < known["middle"]).all()
    assert (known["middle"] < known["high"]).all()
