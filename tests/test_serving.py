"""The model of serving: work counted by hand, costs by hand, draws, swings, and the checks."""

import datetime as dt

import numpy as np
import polars as pl
import pytest
from requests_by_hand import AT, requests

from analysis.measures import disclosed, serving, simulated
from analysis.measures.margin import PARTS
from analysis.prices import price
from analysis.words import disclosed as of_disclosed
from analysis.words import serving as words
from analysis.words.numbers import NARROW_SPACE


def at(seconds):
    when = AT + dt.timedelta(seconds=seconds)
    return {"first_seen": when, "last_seen": when, "requested_at": when}


FIRST = at(0) | {"write_tokens": 1000, "output_tokens": 100}
SECOND = at(60) | {
    "read_tokens": 1000,
    "write_tokens": 200,
    "input_tokens": 50,
    "output_tokens": 10,
}


def work(*rows):
    found = serving.workload(price(requests(*rows)))
    return {row["class"]: row for row in found.to_dicts()}


def test_work_of_two_requests_by_hand():
    found = work(FIRST, SECOND)
    read, write, fresh, out = (found[p] for p in ("read", "write", "input", "output"))
    assert read["load"] == 1000
    assert read["pairs"] == 1000 * (200 + 50)
    assert read["stream"] == 1000 * 10
    assert read["hold"] == pytest.approx(1000 * 300 / 3600)  # for the life of the last entry
    assert write["linear"] == 1200
    assert write["pairs"] == 1000 * 1000 / 2 + 200 * 250 / 2
    assert write["hold"] == pytest.approx(1000 * 60 / 3600 + 200 * 300 / 3600)
    assert (fresh["linear"], fresh["pairs"]) == (50, 50 * 250 / 2)
    assert out["decode"] == 110
    assert out["stream"] == 100 * (1000 + 50) + 10 * (250 + 5)
    assert [found[p]["moved"] for p in PARTS] == [0, 1000 * 200, 1000 * 50, 1000 * 10]


def test_an_entry_is_held_no_longer_than_it_lives():
    late = SECOND | at(7200)
    hour = {"write_5m_tokens": 0, "write_1h_tokens": 1000}
    assert work(FIRST, late)["write"]["hold"] == pytest.approx(1200 * 300 / 3600)
    assert work(FIRST | hour)["write"]["hold"] == pytest.approx(1000)


def test_a_model_at_a_fifth_of_the_price_asks_for_a_fifth():
    cheap = [row | {"model": "claude-haiku-4-5"} for row in (FIRST, SECOND)]
    dear, found = work(FIRST, SECOND), work(*cheap)
    assert found["read"]["load"] == pytest.approx(dear["read"]["load"] / 5)
    assert found["write"]["linear"] == pytest.approx(dear["write"]["linear"] / 5)


def test_costs_by_hand():
    a = {
        "accelerator_hour": 3600.0,
        "occupancy": 0.5,
        "peak_flops": 1e6,
        "utilisation": 0.5,
        "active_parameters": 1e3,
        "attention_flops": 10.0,
        "kv_bytes": 1e9,
        "memory_rate": 1e12,
        "decode_multiple": 3.0,
        "load_rate": 1e11,
        "hold_price": 0.25,
    }
    arrays = {name: np.array([value]) for name, value in a.items()}
    # two dollars a second; half a million operations a second
    assert serving.unit_costs(arrays)[0].tolist() == pytest.approx(
        [0.008, 0.00004, 0.002, 0.02, 0.25, 0.024]
    )
    loads = serving.workload(price(requests(FIRST, SECOND)))
    by_class = dict(zip(PARTS, serving.costs(loads, arrays)[0], strict=True))
    assert by_class["input"] == pytest.approx(50 * 0.008 + 6250 * 0.00004)
    assert by_class["read"] == pytest.approx(
        250_000 * 0.00004 + 10_000 * 0.002 + 1000 * 0.02 + 1000 / 12 * 0.25
    )


def test_who_is_charged_for_attention_changes_no_total():
    loads = serving.workload(price(requests(FIRST, SECOND)))
    drawn = serving.draw(draws=50)
    reads, new = (serving.costs(loads, drawn, how) for how in serving.CHARGED)
    assert reads.sum(axis=1) == pytest.approx(new.sum(axis=1))
    read = PARTS.index("read")
    assert (new[:, read] < reads[:, read]).all()


def test_draws_are_the_seed_s_and_keep_to_their_ranges():
    known = {r["name"]: r for r in serving.assumptions().to_dicts()}
    drawn = serving.draw(seed=3, draws=500)
    assert drawn.keys() == known.keys()
    for name, values in drawn.items():
        assert known[name]["low"] <= values.min() < values.max() <= known[name]["high"]
        middle = np.sqrt(known[name]["low"] * known[name]["high"])
        assert 0.4 < (values < middle).mean() < 0.6
    again = serving.draw(seed=3, draws=500)
    assert all((again[name] == values).all() for name, values in drawn.items())
    assert not (serving.draw(seed=4, draws=500)["occupancy"] == drawn["occupancy"]).any()


def test_margins_are_revenue_less_cost():
    loads = serving.workload(price(requests(FIRST, SECOND)))
    names, found = simulated.drawn(loads)
    assert names == [*PARTS, "all"]
    cost = serving.costs(loads, serving.draw())
    revenue = loads["revenue_usd"].to_numpy()
    assert found[:, -1] == pytest.approx(1 - cost.sum(axis=1) / revenue.sum())
    assert found[:, 1] == pytest.approx(1 - cost[:, 1] / revenue[1])


def test_draws_that_agree_have_a_published_margin():
    loads = serving.workload(price(requests(FIRST, SECOND)))
    found = simulated.simulated(loads)
    whole = found.filter(pl.col("class") == "all", pl.col("kept") == "agreeing")
    least, most = simulated.reported()
    some = whole.filter(pl.col("draws") > 0)
    assert (some["low"] >= least).all()
    assert (some["high"] <= most).all()
    assert (found["low"].drop_nulls() <= found["high"].drop_nulls()).all()
    assert simulated.simulated(serving.workload(price(requests()))).is_empty()


def test_a_swing_is_what_one_assumption_does():
    loads = serving.workload(price(requests(FIRST, SECOND)))
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
    assert simulated.swings(serving.workload(price(requests({"output_tokens": 5})))).is_empty()


def test_the_disclosed_day_adds_up_to_what_it_prints():
    prompts, answers, both = disclosed.day().to_dicts()
    assert both["nodes"] == pytest.approx(both["printed_nodes"], rel=1e-3)
    assert both["cost_usd"] == pytest.approx(both["printed_cost_usd"], rel=1e-3)
    assert both["revenue_usd"] == pytest.approx(both["printed_revenue_usd"], rel=1e-3)
    assert prompts["cost_usd"] + answers["cost_usd"] == pytest.approx(both["cost_usd"])
    d = disclosed.disclosed()
    assert d["hit_tokens"] / d["input_tokens"] == pytest.approx(d["hit_rate"], abs=1e-3)
    assert disclosed.hits_from() == pytest.approx(1 - prompts["cost_usd"] / (342e3 * 0.14))
    assert "it prints 545 %" in plain(of_disclosed.disclosed_day())


def test_arithmetic_of_open_models_by_hand():
    row = disclosed.attention().row(by_predicate=pl.col("model") == "Llama-3.1 405B", named=True)
    once = 2 * 126 * 128 * 256
    new, prompt = (1_511_817 + 5_017 + 51_360) / 441, (90_360_262 + 1_511_817 + 5_017) / 441
    assert row["attention_flops"] == once
    assert row["cached_flops"] == pytest.approx(once * new)
    assert row["fresh_flops"] == pytest.approx(2 * 405e9 + once * (prompt / 2 + new))


def test_the_state_of_open_models_is_that_of_their_heads():
    """Two bytes a number: keys and values of 8 heads of 128, or one latent of 576, a layer."""
    bytes_of = dict(disclosed.attention().select("model", "kv_bytes").rows())
    assert bytes_of["Llama-3.1 405B"] == 2 * 2 * 8 * 128 * 126
    assert bytes_of["Qwen-2.5 72B"] == 2 * 2 * 8 * 128 * 80
    assert bytes_of["DeepSeek-V3"] == 2 * (512 + 64) * 61


def test_the_checks_compare_with_the_ranges():
    found = {r["name"]: r for r in disclosed.checks().to_dicts()}
    assert found["occupancy"]["implied"] == pytest.approx(226.75 / 278)
    assert found["decode_multiple"]["implied"] == pytest.approx(73.7 * 266 / 608 / 14.8)
    assert found["utilisation"]["implied"] == pytest.approx(0.3016, abs=1e-3)
    assert all(r["inside"] == (r["low"] <= r["implied"] <= r["high"]) for r in found.values())


def test_reads_by_their_price():
    found = disclosed.read_prices()
    assert found["read_multiple"].to_list() == sorted(found["read_multiple"], reverse=True)
    said = plain(of_disclosed.read_prices(found))
    assert "10 % of input in Opus 4.6, and 2.5 % in the models" in said
    assert "has a margin of 75 % at least" in said


def plain(text):
    return text.replace(NARROW_SPACE, " ")


def test_the_words_name_both_ways_of_charging():
    found = simulated.simulated(serving.workload(price(requests(FIRST, SECOND))))
    said = plain(words.simulated(found))
    assert said.startswith("By the model, the margin on cached reads at list price is ")
    assert "if attention to cached tokens is charged to the tokens that attend" in said
    assert "of 10,000 draws" in plain(words.agreeing(found))
