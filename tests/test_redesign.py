"""Redesign: the reader's own assumptions, a cut margin's arithmetic, the wait at a cap."""

import datetime as dt

import polars as pl
import pytest
from requests_by_hand import requests

from analysis import load, params
from analysis.claims import redesign as checks
from analysis.facts import facts
from analysis.measures import overrun, shut_off
from analysis.measures.redesign import assumptions, knowledge_share, line_ups, personas
from analysis.measures.windows import windowed
from analysis.paths import NOTEBOOKS
from analysis.words import overrun as of_overrun
from analysis.words import redesign as words
from analysis.words import shut_off as of_shut_off

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def at(hours, nano):
    return {"first_seen": NOON + dt.timedelta(hours=hours), "total_nano": nano}


def window(*rows):
    made = requests(*({k: v for k, v in row.items() if k != "total_nano"} for row in rows))
    nano = pl.Series("total_nano", [row["total_nano"] for row in rows], pl.Int64)
    return windowed(made.with_columns(nano), load("sample").events.clear())


def test_fifty_to_forty_is_a_fifth_more_cost():
    assert overrun.rise(0.5, 0.4) == pytest.approx(0.2)
    assert overrun.rise(0.5, 0.5) == 0
    assert overrun.rise(0.5, 0.5, revenue=1.1) == pytest.approx(0.1)


def test_the_implied_share_gives_the_cut_back():
    share = overrun.implied()
    cost = 1 - overrun.first_planned()
    assert 1 - cost * (1 + share * overrun.over()) == pytest.approx(0.4)


def test_more_revenue_than_planned_asks_for_more_than_all_cost():
    found = overrun.by_revenue()
    assert found["revenue"][0] == 1
    assert found.filter(revenue=1.05)["low"].item() > 1
    assert (found["low"] < found["share"]).all()
    assert (found["share"] < found["high"]).all()


def test_the_wait_is_what_is_left_of_the_window():
    found = shut_off.waits(window(at(0, 10), at(1, 50), at(4, 40)))
    by_multiple = dict(found.select("multiple", "median").rows())
    assert by_multiple == {1.1: 1.0, 1.5: 1.0, 2.0: 4.0, 4.0: 4.0}


def test_windows_weigh_by_their_dollars():
    small, large = (at(0, 1), at(4, 9)), (at(24, 900), at(25, 100))
    found = shut_off.waits(window(*small, *large))
    assert found["windows"].to_list() == [2] * 4
    assert found.filter(multiple=1.5)["median"].item() == 5.0


def test_a_window_of_one_request_says_nothing_of_a_wait():
    assert shut_off.waits(window(at(0, 10))).is_empty()
    assert shut_off.waits(window(at(0, None), at(1, None))).is_empty()


def test_no_published_wait_is_longer_than_the_window():
    hours = shut_off.reported()["hours"].drop_nulls()
    assert hours.is_between(0, shut_off.HOURS, closed="right").all()


def test_a_report_that_contradicts_the_rule_has_no_wait_by_it():
    found = shut_off.reported()
    assert found.filter(known=shut_off.TOLD)["hours"].null_count() == 0
    against = found.filter(pl.col("hours").is_null())["report"].to_list()
    assert against == ["#22435 window 5", "#22435 window 6"]
    assert shut_off.told_waits().sort().to_list() == pytest.approx([0.5, 2, 2 + 5 / 6, 3.5])


def test_told_waits_stand_apart_and_the_scorecard_has_their_median():
    shown = of_shut_off.listed(shut_off.waits(window(at(0, 10))), pl.Series([], dtype=pl.Float64))
    assert shown["number"].to_list() == [4, 2]
    wait, _ = checks.PUBLISHED["shut-off"]()
    assert shown["hours, middle"][0] == pytest.approx(wait.value) == pytest.approx(29 / 12)


def test_the_sentence_on_waits_needs_no_logs():
    none = shut_off.waits(window(at(0, 10)))
    said = of_shut_off.waits(none, pl.Series([], dtype=pl.Float64))
    assert "Five hours is the most it can be" in said
    assert "these logs" not in said
    assert of_shut_off.listed(none, pl.Series([], dtype=pl.Float64)).height == 2


def test_a_shut_off_is_five_hours_as_the_window_s_length_alone():
    wait, length = checks.PUBLISHED["shut-off"]()
    assert wait.value < 4.5
    assert length.value == 5
    own = checks.LOGGED["shut-off"](load("sample").priced(), load("sample").events)
    assert all(0 < reading.value <= 5 for reading in own)
    assert checks.LOGGED["shut-off"](load("sample").priced(), load("sample").events.clear()) == []


def test_a_margin_s_cut_can_be_inference_alone():
    (found,) = checks.PUBLISHED["cost-overrun"]()
    assert found.holds
    assert found.value == pytest.approx(100 * 20 / 23)


def test_a_chosen_middle_widens_a_range_that_does_not_hold_it():
    chosen = assumptions(cap_usd=100, elasticity=-0.5)
    row = chosen.filter(name="cap_usd").row(0, named=True)
    assert row["low"] < row["middle"] == row["high"] == 100
    assert chosen.filter(name="elasticity")["low"].item() == -2
    others = ~pl.col("name").is_in(["cap_usd", "elasticity"])
    assert chosen.filter(others).equals(assumptions().filter(others))
    with pytest.raises(KeyError, match="churn"):
        assumptions(churn=1)


@pytest.mark.parametrize("share", [0, 0.2, 1])
def test_a_chosen_share_of_knowledge_workers_keeps_proportions(share):
    found = personas(share)
    assert found["share"].sum() == pytest.approx(1)
    assert found["share"][:2].sum() == pytest.approx(share)
    same = personas(knowledge_share())
    assert same["share"].to_list() == pytest.approx(personas()["share"].to_list())


def test_a_value_of_the_reader_s_has_no_source_but_the_reader():
    default, own = (words.listed_assumptions(assumptions(**at)) for at in ({}, {"cap_usd": 20}))
    row = own.filter(parameter="cap_usd").row(0, named=True)
    assert (row["kind"], row["middle"]) == ("set here", "$20")
    assert row["why this range, and source"] == "set by you; the default is $6.3"
    assert own.filter(pl.col("kind") == "set here").height == 1
    assert "set here" not in default["kind"]


def test_a_chosen_price_is_that_of_checkpoints_alone():
    found = line_ups(50)
    sold = found["reviews"] == "checkpoint"
    assert set(found.filter(sold)["review_usd"]) == {50}
    assert found.filter(~sold)["review_usd"].null_count() == found.filter(~sold).height


def test_computed_assumptions_are_what_is_computed_of_other_facts():
    known = {r["name"]: (r["low"], r["middle"], r["high"]) for r in assumptions().to_dicts()}
    rows = facts("quota-windows").filter(chosen="yes")
    usd = pl.col("output_tokens") * 25 + pl.col("read_tokens") * 0.5 + pl.col("fresh_tokens") * 5
    unit = rows.select(usd / 1e6 / (pl.col("points") / 100) / 20).to_series()
    assert known["cap_usd"] == pytest.approx((unit.min(), unit.median(), 2 * unit.max()), rel=0.01)
    assert known["cost_share"] == pytest.approx((1 - 0.7, 1 - 0.4, 1 - 0.38))


def test_the_tables_have_a_row_each():
    assert words.listed_personas(personas()).height == 5
    assert words.listed_line_ups(line_ups()).height == line_ups()["line_up"].n_unique()
    assert words.listed_assumptions(assumptions()).height == assumptions().height
    assert of_overrun.listed(overrun.by_revenue()).height == 4
    assert words.personas(personas(1)).startswith("The 5 personas")


def test_defaults_of_the_notebook_are_the_middles_of_the_facts():
    set_there = params.defaults(NOTEBOOKS / "15-redesign.ipynb")
    middles = dict(assumptions().select("name", "middle").iter_rows())
    assert middles.keys() < set_there.keys() & params.KNOWN.keys() & params.NUMBERS.keys()
    assert {name: set_there[name] for name in middles} == middles
    assert set_there["knowledge_share"] == pytest.approx(knowledge_share())
    assert {set_there["review_usd"]} == set(line_ups()["review_usd"].drop_nulls())
    for name, value in set_there.items():
        assert name == "dataset" or params.checked(name, value) == value


def test_what_the_reader_has_set_is_not_counted_as_assumed():
    default, own = (words.assumptions(assumptions(**at)) for at in ({}, {"cap_usd": 20}))
    count = assumptions().filter(kind="assumed").height
    fewer = count - (assumptions().filter(name="cap_usd")["kind"].item() == "assumed")
    assert f" {count:,} are assumed, since nobody publishes them. " in default
    assert f" {fewer:,} are assumed, since nobody publishes them, and 1 is set here. " in own
