"""What can be checked of the model: a disclosed day, open models, prices of later models."""

import numpy as np
import polars as pl
import pytest

from analysis.measures import architectures, disclosed, predicted, serving
from analysis.words import disclosed as of_disclosed
from analysis.words.numbers import NARROW_SPACE


def plain(text):
    return text.replace(NARROW_SPACE, " ")


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
    row = architectures.attention().row(
        by_predicate=pl.col("model") == "Llama-3.1 405B", named=True
    )
    once = 2 * 126 * 128 * 256
    new, prompt = (1_511_817 + 5_017 + 51_360) / 441, (90_360_262 + 1_511_817 + 5_017) / 441
    assert row["attention_flops"] == once
    assert row["cached_flops"] == pytest.approx(once * new)
    assert row["fresh_flops"] == pytest.approx(2 * 405e9 + once * (prompt / 2 + new))


def test_the_state_of_open_models_is_that_of_their_heads():
    """Two bytes a number: keys and values of 8 heads of 128, or one latent of 576, a layer."""
    bytes_of = dict(architectures.attention().select("model", "kv_bytes").rows())
    assert bytes_of["Llama-3.1 405B"] == 2 * 2 * 8 * 128 * 126
    assert bytes_of["Qwen-2.5 72B"] == 2 * 2 * 8 * 128 * 80
    assert bytes_of["DeepSeek-V3"] == 2 * (512 + 64) * 61


def test_the_checks_compare_with_the_ranges():
    found = {r["name"]: r for r in disclosed.checks().to_dicts()}
    assert found["occupancy"]["implied"] == pytest.approx(226.75 / 278)
    assert found["decode_multiple"]["implied"] == pytest.approx(73.7 * 266 / 608 / 14.8)
    assert found["utilisation"]["implied"] == pytest.approx(0.3016, abs=1e-3)
    assert all(r["inside"] == (r["low"] <= r["implied"] <= r["high"]) for r in found.values())


def test_only_ranges_set_without_the_firm_are_counted():
    found = disclosed.checks()
    said = of_disclosed.checks(found)
    assert said.startswith("Of 2 ranges that were set without DeepSeek's numbers, 2 hold")
    assert "The other 5 check nothing: DeepSeek's own value set an end of 3" in said
    off = found.with_columns(inside=pl.col("name") != "accelerator_hour")
    assert "numbers, 1 hold what they imply" in of_disclosed.checks(off)


def test_the_day_is_predicted_from_its_own_sizes_by_hand():
    """At the middle of every range that is not DeepSeek's own, one draw."""
    loads = predicted.load()
    a = {r["name"]: r["middle"] for r in serving.assumptions().to_dicts()} | predicted.own()
    units = serving.unit_costs({name: np.array([value]) for name, value in a.items()})[0]
    flop = 2 / 3600 / (1.4e15 * 0.35)
    once = 2 * 61 * 128 * (192 + 128)
    back = 342e9 * 70_272 / 5e10 * 2 / 3600
    prompts = 266e9 * (2 * 37e9 + 4_989 * once) * flop + back
    answers = 168e9 * 4 * 2 * 37e9 * flop + 168e9 * 4_989 * 70_272 / 2e12 * 2 / 3600
    assert units @ loads["prompts"] == pytest.approx(prompts)
    assert units @ loads["answers"] == pytest.approx(answers)


def test_the_prediction_of_the_day_can_fail(monkeypatch):
    found = predicted.predicted()
    assert found["disclosed"].to_list() == disclosed.day()["cost_usd"].to_list()
    assert found["inside"].all()
    assert "range for its day holds what it cost: $65," in of_disclosed.predicted(found)
    larger = predicted.own() | {"active_parameters": 405e9}  # Llama's, as if it were DeepSeek's
    monkeypatch.setattr(predicted, "own", lambda: larger)
    wrong = predicted.predicted()
    assert not wrong["inside"].any()
    assert "does not hold what it cost" in of_disclosed.predicted(wrong)


def test_reads_by_their_price():
    found = disclosed.read_prices()
    assert found["read_multiple"].to_list() == sorted(found["read_multiple"], reverse=True)
    said = plain(of_disclosed.read_prices(found))
    assert "10 % of input in Opus 4.6, and 2.5 % in the models" in said
    assert "has a margin of 75 % at least" in said
