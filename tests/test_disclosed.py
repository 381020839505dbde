"""What can be checked of the model: a disclosed day, open models, prices of later models."""

import polars as pl
import pytest

from analysis.measures import disclosed
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
