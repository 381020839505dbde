"""Margins by the model of serving: drawn, and one assumption moved at a time."""

import numpy as np
import polars as pl
import pytest
from requests_by_hand import requests
from test_serving import FIRST, SECOND

from analysis.measures import gross_margins, serving, simulated
from analysis.measures.margin import PARTS
from analysis.measures.workload import workload
from analysis.prices import price
from analysis.words import serving as words
from analysis.words.numbers import NARROW_SPACE


def plain(text):
    return text.replace(NARROW_SPACE, " ")


def test_margins_are_revenue_less_cost():
    loads = workload(price(requests(FIRST, SECOND)))
    names, found = simulated.drawn(loads)
    assert names == [*PARTS, "all"]
    cost = serving.costs(loads, serving.draw())
    revenue = loads["revenue_usd"].to_numpy()
    assert found[:, -1] == pytest.approx(1 - cost.sum(axis=1) / revenue.sum())
    assert found[:, 1] == pytest.approx(1 - cost[:, 1] / revenue[1])


def test_draws_that_agree_have_a_published_margin():
    loads = workload(price(requests(FIRST, SECOND)))
    found = simulated.simulated(loads)
    whole = found.filter(pl.col("class") == "all", pl.col("kept") == "agreeing")
    least, most = gross_margins.reported()
    some = whole.filter(pl.col("draws") > 0)
    assert (some["low"] >= least).all()
    assert (some["high"] <= most).all()
    assert (found["low"].drop_nulls() <= found["high"].drop_nulls()).all()
    assert simulated.simulated(workload(price(requests()))).is_empty()


def test_a_swing_is_what_one_assumption_does():
    loads = workload(price(requests(FIRST, SECOND)))
    found = simulated.swings(loads)
    row = found.row(by_predicate=pl.col("name") == "hold_price", named=True)
    middle = {r["name"]: np.array([r["middle"]]) for r in serving.assumptions().to_dicts()}
    revenue = loads["revenue_usd"][0]
    moved = middle | {"hold_price": np.array([row["high"]])}
    assert row["at_high"] == pytest.approx(1 - serving.costs(loads, moved)[0, 0] / revenue)
    assert row["middle"] == pytest.approx(1 - serving.costs(loads, middle)[0, 0] / revenue)
    swings = (found["at_low"] - found["at_high"]).abs().to_list()
    assert swings == sorted(swings, reverse=True)
    still = found.filter(pl.col("at_low") == pl.col("at_high"))["name"].to_list()
    assert still == ["active_parameters", "decode_multiple"]  # reads run through no parameters
    assert simulated.swings(workload(price(requests({"output_tokens": 5})))).is_empty()


def test_the_words_name_both_ways_of_charging():
    found = simulated.simulated(workload(price(requests(FIRST, SECOND))))
    said = plain(words.simulated(found))
    assert said.startswith("By the model, the margin on cached reads at list price is ")
    assert "if attention to cached tokens is charged to the tokens that attend" in said
    assert "of 10,000 draws" in plain(words.agreeing(found))


def test_who_earns_is_counted_over_draws_by_the_worse_convention():
    loads = workload(price(requests(FIRST, SECOND)))
    names, to_reads = simulated.drawn(loads)
    _, to_new = simulated.drawn(loads, charged=serving.CHARGED[1])
    for part in PARTS:
        place = names.index(part)
        both = [(found[:, place] > 0).mean() for found in (to_reads, to_new)]
        assert simulated.earning(loads, part) == pytest.approx(min(both))
    assert simulated.earning(workload(price(requests()))) is None
