"""The model of serving: work counted by hand, costs by hand, and draws."""

import datetime as dt

import numpy as np
import pytest
from requests_by_hand import AT, requests

from analysis.measures import serving
from analysis.measures.margin import PARTS
from analysis.measures.workload import case_workload, workload
from analysis.prices import price


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
    found = workload(price(requests(*rows)))
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
    loads = workload(price(requests(FIRST, SECOND)))
    by_class = dict(zip(PARTS, serving.costs(loads, arrays)[0], strict=True))
    assert by_class["input"] == pytest.approx(50 * 0.008 + 6250 * 0.00004)
    assert by_class["read"] == pytest.approx(
        250_000 * 0.00004 + 10_000 * 0.002 + 1000 * 0.02 + 1000 / 12 * 0.25
    )


def test_who_is_charged_for_attention_changes_no_total():
    loads = workload(price(requests(FIRST, SECOND)))
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


def test_the_published_session_is_its_mean_request_many_times():
    """Against requests that are all alike, each entry held for its life, as logs have them."""
    alike = {"read_tokens": 90_360_262, "write_tokens": 1_511_817, "input_tokens": 5_017}
    mean = {name: round(tokens / 441) for name, tokens in alike.items()}
    rows = [at(3600 * n) | mean | {"output_tokens": round(51_360 / 441)} for n in range(441)]
    by_hand = workload(price(requests(*rows)))
    found = case_workload()
    for kind in ("linear", "pairs", "stream", "load", "hold", "decode", "moved"):
        assert found[kind].to_list() == pytest.approx(by_hand[kind].to_list(), rel=0.04), kind
