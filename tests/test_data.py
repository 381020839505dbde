"""What was read: the ledger, the flow, coverage, all adding up."""

import polars as pl
import pytest
from requests_by_hand import requests

from analysis import synth
from analysis.logs import store
from analysis.measures import data
from analysis.prices import price


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The synthetic logs and their truth, loaded."""
    root = tmp_path_factory.mktemp("logs")
    truth = synth.write(root, seed=7)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.paths.PROCESSED", root / "processed")
        patch.setattr("analysis.paths.PRIVATE", root / "private")
        store.load_logs("truth", str(root))
        return store.read("truth"), truth


def test_the_ledger_sums_to_the_lines_and_tells_the_truth(sample):
    logs, truth = sample
    ledger = data.ledger(logs.files)
    assert ledger["lines"].sum() == logs.files["lines"].sum() == truth.lines.total()
    found = dict(ledger.select("class", "lines").rows())
    assert {k: v for k, v in found.items() if v} == dict(truth.lines)
    assert ledger["share"].sum() == pytest.approx(1)


def test_rejections_name_every_reason(sample):
    logs, _ = sample
    rows = data.rejections(logs.files)
    assert rows.height == 10
    assert rows["lines"].sum() == logs.files["rejected"].sum() == 1


def test_the_flow_closes_at_every_stage(sample):
    logs, truth = sample
    flow = data.flow(logs)
    sums = dict(flow.group_by("stage").agg(pl.col("count").sum()).rows())
    assert sums["lines"] == truth.lines.total()
    assert sums["usage records"] == truth.lines["usage"]
    parts = dict(flow.filter(pl.col("stage") == "usage records").select("part", "count").rows())
    assert parts["requests"] == truth.requests + truth.progress_requests
    assert all(count >= 0 for count in parts.values())


def test_with_and_without_agent_progress(sample):
    logs, truth = sample
    without, both = data.by_count(logs).to_dicts()
    assert without["requests"] == truth.requests
    assert both["requests"] == truth.requests + truth.progress_requests
    assert (
        both["output_tokens"] - without["output_tokens"] == truth.progress_tokens["output_tokens"]
    )
    assert both["total_usd"] > without["total_usd"] > 0


def test_by_model_sums_to_the_whole(sample):
    logs, truth = sample
    models = data.by_model(logs.priced())
    assert models["requests"].sum() == logs.requests.height
    assert (
        models["read_tokens"].sum()
        == truth.tokens["read_tokens"] + truth.progress_tokens["read_tokens"]
    )
    odd = models.filter(pl.col("model").str.starts_with("other-"))
    assert odd["total_usd"].to_list() == [None]
    assert odd["requests"].to_list() == [1]


def test_unpriced_by_hand():
    rows = [{"input_tokens": 30}, {"input_tokens": 10, "model": "other-abcdef"}]
    missing = data.unpriced(price(requests(*rows)))
    assert missing == {"requests": 1, "tokens": 10, "request_share": 0.5, "token_share": 0.25}


def test_by_era_counts_versions_and_final_lines():
    rows = [
        {"version": "2.1.5", "output_tokens": 10},
        {"version": "2.1.7", "output_tokens": 20, "stop_reason": "end_turn"},
        {"version": None, "output_tokens": 5},
    ]
    found = data.by_era(requests(*rows))
    assert found.select(
        "era", "requests", "versions", "stop_reason_share", "mean_output_tokens"
    ).rows() == [
        ("before 2.1.12", 2, 2, 0.5, 15.0),
        ("version unknown", 1, 0, 0.0, 5.0),
    ]


def test_no_requests():
    empty = price(requests())
    assert data.span(empty) is None
    assert data.cost_usd(empty) is None
    assert data.by_model(empty).height == data.by_era(empty).height == 0
    assert data.unpriced(empty)["token_share"] == 0
