"""The write-up's session, rebuilt: published totals exactly, on a path that could have been."""

import re
from itertools import pairwise

import polars as pl
import pytest

from analysis import load
from analysis.facts import case
from analysis.logs import store
from analysis.logs.policies import POLICIES
from analysis.measures.margin import totals
from analysis.measures.published import headline
from analysis.paths import SAMPLE
from analysis.words.page import RECONSTRUCTION, SYNTHETIC, banner, summary, whose

CLASSES = ("input_tokens", "output_tokens", "write_tokens", "read_tokens")


@pytest.fixture(scope="module")
def logs(datasets):
    store.load_logs("reconstruction", str(SAMPLE / "reconstruction"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.paths.PRICES", datasets / "none.csv")
        yield load("reconstruction")


@pytest.mark.parametrize("policy", POLICIES)
def test_the_totals_are_the_published_ones_however_they_are_counted(logs, policy):
    found = logs.policy(policy).requests.select(pl.col(CLASSES).sum()).row(0, named=True)
    assert found == case("session").select(CLASSES).row(0, named=True)


def test_it_has_as_many_requests_as_the_author_counts_turns(logs):
    assert f"{logs.requests.height} turns" in case("session")["label"].item()
    assert logs.requests["session"].n_unique() == 1
    assert not logs.requests["is_sidechain"].any()
    assert logs.requests["write_1h_tokens"].sum() == 0


def test_the_ordinary_pricer_finds_the_published_dollars(logs):
    published = case("session").row(0, named=True)
    found = totals(logs.priced())
    assert round(found["read"], 2) == published["read_cost"]
    assert round(found["write"], 2) == published["write_cost"]
    assert round(found["input"] + found["output"], 2) == published["api_cost"]
    assert round(found["total"], 2) == published["total_cost"]
    bar = headline().filter(pl.col("case") == "session", pl.col("unit") == "dollars")
    share = bar.filter(pl.col("part") != "io")["share"].sum()
    assert found["share"] == pytest.approx(share)
    assert f"{found['share']:.2%}" == "97.66%"


def test_its_path_obeys_the_cache(logs):
    requests = logs.requests.sort("first_seen").to_dicts()
    rebuilt = 0
    for before, after in pairwise(requests):
        held = before["read_tokens"] + before["write_tokens"]
        gap = (after["first_seen"] - before["first_seen"]).total_seconds()
        assert after["context_tokens"] - after["input_tokens"] >= held
        if gap > 300:
            rebuilt += 1
            assert 0 < after["read_tokens"] < requests[0]["context_tokens"]
        else:
            assert after["read_tokens"] == held
    assert 3 <= rebuilt <= 10
    assert requests[0]["read_tokens"] == 0


def test_its_context_grows_about_linearly(logs):
    frame = logs.requests.sort("first_seen").with_row_index("turn")
    fit = frame.select(pl.corr("turn", "context_tokens")).item()
    assert fit > 0.99


def test_it_is_of_the_day_whose_prices_apply(logs):
    days = logs.requests["first_seen"].dt.date().unique().to_list()
    assert days == case("session")["price_day"].to_list()
    assert logs.requests["model"].unique().to_list() == case("session")["model"].to_list()


def test_every_id_says_what_it_is(logs):
    assert logs.copies["message_id"].str.contains(r"^msg_reconstruction[0-9a-f]{14}$").all()
    text = "".join(p.read_text() for p in (SAMPLE / "reconstruction").rglob("*.jsonl"))
    others = re.findall(r"(?:req|toolu)_\w+", text)
    assert all(re.fullmatch(r"(req|toolu)_reconstruction[0-9a-f]+", o) for o in others)


def test_it_is_shown_as_a_reconstruction(logs, datasets):
    assert not logs.synthetic
    assert logs.reconstruction
    assert logs.where(since="2030-01-01").reconstruction
    assert banner(logs) == RECONSTRUCTION
    for word in ("reconstruction", "published", "simulated"):
        assert word in RECONSTRUCTION
    values = {"policy": "largest", "timezone": "UTC"}
    assert summary(logs, logs.priced(), values).startswith(
        "dataset    reconstruction (reconstruction)\n"
    )
    store.load_logs("made", str(SAMPLE))
    made = load("made")
    assert made.synthetic
    assert not made.reconstruction
    assert banner(made) == SYNTHETIC


def test_it_is_called_one_beside_other_logs_too(datasets):
    store.load_logs("both", f"{SAMPLE / 'reconstruction'},{SAMPLE}")
    both = load("both")
    assert banner(both) == f"{RECONSTRUCTION} {SYNTHETIC}"
    assert whose(both) == "these logs, a reconstruction among them"
    values = {"policy": "largest", "timezone": "UTC"}
    assert summary(both, both.priced(), values).startswith(
        "dataset    both (synthetic, reconstruction)\n"
    )
