"""Revenue: published run-rates, what shares of a bill would come to, what the firm has said."""

import datetime as dt

import polars as pl
import pytest
from requests_by_hand import requests

from analysis.claims import judge
from analysis.claims import revenue as claimed
from analysis.claims.revenue import YOURS, _bounded, _modelled
from analysis.facts import facts
from analysis.measures import gross_margins, revenue
from analysis.measures.workload import case_workload
from analysis.prices import price
from analysis.words import revenue as words
from analysis.words.numbers import NARROW_SPACE


def plain(text):
    return text.replace(NARROW_SPACE, " ").replace("\u00a0", " ")


def test_the_product_s_share_of_the_firm_s_run_rate():
    row = revenue.shares().row(by_predicate=pl.col("said_day") == dt.date(2026, 2, 12), named=True)
    assert row["share"] == pytest.approx(2.5 / 14)
    said = plain(words.run_rates(revenue.run_rates()))
    assert said.startswith(
        "Claude Code is at least about 17.9 % of the published run-rate of 12 February 2026: over "
        "$2.5 billion of about $14 billion a year."
    )


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
    found, modelled = YOURS["cache-margin"](rows, "largest")
    assert found.value == pytest.approx(100 * (1 - 0.6 * 1.25 / 0.5))
    assert found.definition == "least margin on reads that 40 % over all leave, in this mix"
    assert modelled.definition.startswith("assumed: draws of the model of serving in which reads")
    assert 0 < modelled.value < 100
    assert YOURS["cache-margin"](price(requests()), "largest") == []


CLAIM = {"kind": "fact", "printed": None, "step": None, "lacks": None, "source": None}


@pytest.mark.parametrize(
    ("states", "said", "verdict"),
    [
        (["must be", "must be"], "must earn something, of 2", "exact"),
        (["must be", "may be"], "not identified: ", "unsupported"),
        (["may be", "may be"], "not identified: ", "unsupported"),
        (["cannot be", "may be"], "not identified: ", "unsupported"),
        (["cannot be", "cannot be"], "whose reads cannot earn anything", "unsupported"),
    ],
)
def test_what_bounds_say_of_a_margin_comes_out_either_way(states, said, verdict):
    reading = _bounded(pl.Series(states), 0.4)
    assert said in reading.definition
    assert ("not identified" in reading.definition) == (said == "not identified: ")
    assert judge(CLAIM, [reading]).word == verdict


def test_a_model_of_assumed_ranges_carries_a_claim_only_if_every_draw_does(monkeypatch):
    unknown = _bounded(pl.Series(["may be"]), 0.4)
    (modelled,) = _modelled(case_workload(), "the session")
    assert 90 < modelled.value < 100
    assert judge(CLAIM, [unknown, modelled]).word == "unsupported"
    monkeypatch.setattr(claimed, "earning", lambda loads: 1.0)
    verdict = judge(CLAIM, [unknown, *_modelled(case_workload(), "the session")])
    assert verdict.word == "definition"
    assert verdict.definition.startswith("assumed: ")


def test_gross_margins_are_of_their_years_not_of_their_sign():
    known = gross_margins.margins()
    lost = known.filter(pl.col("margin") < 0)
    assert set(lost["covers"]) == {"2024"}
    least, most = gross_margins.reported()
    later = known.filter(pl.col("whose") == "Anthropic", pl.col("covers") != "2024")["margin"]
    assert (least, most) == (later.min(), later.max())


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
    assert set(known["deepseek"]) == {"end", "seen", "no"}
    assert (known["low"] > 0).all()
    assert (known["low"] < known["middle"]).all()
    assert (known["middle"] < known["high"]).all()
