"""A loader finds in synthetic logs what was planted there, and a measure can."""

import datetime as dt
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from analysis import load, synth
from analysis.logs import store
from analysis.measures.data import with_era
from analysis.schema import LINE_CLASSES
from analysis.synth import shapes
from analysis.synth.quota import LENGTH, OUTPUT_WEIGHT

TOKENS = ("input_tokens", "output_tokens", "write_5m_tokens", "write_1h_tokens", "read_tokens")


@pytest.fixture(scope="module", params=[synth.SEED, 1, 2, 3])
def made(request, tmp_path_factory, datasets):
    """Synthetic logs of a seed: where they are, the loaded tables, the truth."""
    root = tmp_path_factory.mktemp("made")
    truth = synth.write(root, seed=request.param)
    store.load_logs(f"seed-{request.param}", str(root))
    return root, load(f"seed-{request.param}"), truth


def test_the_loader_finds_every_line_request_and_token(made):
    root, logs, truth = made
    everything, without = logs.requests, logs.policy("no-progress").requests

    counts = logs.files.select(pl.col(*LINE_CLASSES).sum()).row(0, named=True)
    assert {name: n for name, n in counts.items() if n} == dict(truth.lines)
    assert logs.files["lines"].sum() == truth.lines.total()
    assert logs.files["extra_records"].sum() == truth.extra_records > 0
    assert (
        logs.files["bytes"].sum()
        == truth.bytes
        == sum(p.stat().st_size for p in root.rglob("*.jsonl"))
    )

    assert without.height == truth.requests
    assert everything.height == truth.requests + truth.progress_requests
    assert truth.progress_requests > 0
    for name in TOKENS:
        assert without[name].sum() == truth.tokens[name] > 0, name
        added = everything[name].sum() - without[name].sum()
        assert added == truth.progress_tokens[name], name
    assert everything.filter(
        pl.col("write_tokens") != pl.col("write_5m_tokens") + pl.col("write_1h_tokens")
    ).is_empty()
    assert logs.synthetic
    assert not logs.reconstruction


def test_the_loader_finds_what_happened_between_requests(made):
    _, logs, truth = made
    events = {
        kind: set(part.select("at", "session", "tokens", "detail", "resets_at").rows())
        for (kind,), part in logs.events.group_by("kind")
    }
    assert events["compaction"] == {
        (c.at, c.session, c.tokens, c.trigger, None) for c in truth.compactions
    }
    assert {c.trigger for c in truth.compactions} == {"auto", "manual"}
    assert events["limit"] == {(x.at, x.session, None, None, x.resets) for x in truth.limits}
    changes = {(at, session) for at, session, *_ in events["model_change"]}
    assert changes == {(m.at, m.session) for m in truth.model_changes}
    assert {"prompt", "tool_error", "interruption", "api_error"} <= set(events)
    told = logs.events.filter(pl.col("kind").is_in(["limit", "model_change"]).not_())
    assert told.height == truth.lines["event"] + 1  # and the login that one session lacks


def test_the_true_output_of_every_request_is_known(made):
    _, logs, truth = made
    requests = logs.requests.with_columns(
        true=pl.col("message_id").replace_strict(truth.outputs, return_dtype=pl.Int64)
    )
    assert requests.height == len(truth.outputs)
    assert requests["true"].sum() == truth.output
    assert (requests["output_tokens"] <= requests["true"]).all()
    ended = requests.filter(pl.col("stop_reason").is_not_null())
    assert (ended["output_tokens"] == ended["true"]).all()
    shares = dict(
        with_era(requests)
        .group_by("era")
        .agg((pl.col("output_tokens") == pl.col("true")).mean())
        .rows()
    )
    assert shares["2.1.12 to 2.1.29"] < 0.05
    assert shares["before 2.1.12"] == pytest.approx(0.5, abs=0.2)
    assert shares["2.1.30 to 2.1.42"] == pytest.approx(1 / 3, abs=0.2)
    assert shares["2.1.78 to 2.1.96"] == pytest.approx(0.95, abs=0.08)
    assert shares["from 2.1.97"] == 1


def test_characters_predict_the_true_output(made):
    """As in the real logs, where signatures, text and tool input explain 95 % and more."""
    _, logs, truth = made
    requests = logs.requests
    columns = ("text_chars", "tool_chars", "signature_chars", "lines")
    given = np.column_stack([np.ones(requests.height), *(requests[c] for c in columns)])
    true = np.array([truth.outputs[m] for m in requests["message_id"]])
    rates = np.linalg.lstsq(given, true, rcond=None)[0]
    left = true - given @ rates
    assert 1 - left.var() / true.var() > 0.95
    for rate, kind in zip(rates[1:4], ("text", "tool", "signature"), strict=True):
        assert rate == pytest.approx(1 / shapes.CHARS[kind], rel=0.2)


def test_prompts_that_were_rebuilt_can_be_found(made):
    """A request rebuilds when it reads less than its parent left in the cache."""
    _, logs, truth = made
    requests = logs.requests
    assert (
        requests["context_tokens"]
        == requests["read_tokens"] + requests["write_tokens"] + requests["input_tokens"]
    ).all()
    held = requests.select("message_id", held=pl.col("read_tokens") + pl.col("write_tokens"))
    chained = requests.join(held, left_on="parent_message_id", right_on="message_id")
    found = set(
        chained.filter(pl.col("read_tokens") < pl.col("held"))
        .select("first_seen", "write_tokens")
        .rows()
    )
    parted = set(chained["first_seen"])  # no parent: after a compaction, or in progress lines
    assert found == {(r.at, r.tokens) for r in truth.rebuilds if r.at in parted}
    assert len(found) > 0.8 * len(truth.rebuilds)
    assert {"expiry", "model"} <= {r.cause for r in truth.rebuilds}
    assert len(truth.expiries) > 5


def test_entries_expire_when_their_lifetime_is_over(made):
    _, logs, truth = made
    requests = logs.requests
    expired = {r.at for r in truth.expiries}
    rebuilt = {r.at for r in truth.rebuilds}
    lifetimes = set()
    chains = requests.filter(~pl.col("is_sidechain")).partition_by("session")
    for chain in chains:
        for before, after in pairwise(chain.sort("first_seen").to_dicts()):
            lifetime = dt.timedelta(minutes=60 if before["write_1h_tokens"] else 5)
            gap = after["first_seen"] - before["first_seen"]
            forked = before["copies"] > 1 and after["copies"] == 1  # kept alive by its parent
            compacted = after["parent_message_id"] is None
            if forked or compacted or after["first_seen"] in rebuilt - expired:
                continue
            lifetimes.add((lifetime, after["first_seen"] in expired))
            if abs(gap - lifetime) > dt.timedelta(minutes=2):
                assert (gap > lifetime) == (after["first_seen"] in expired)
    assert len(lifetimes) == 4


def test_both_lifetimes_and_a_switch_between_them(made):
    _, logs, _ = made
    main = logs.requests.filter(~pl.col("is_sidechain")).sort("first_seen")
    for _, part in main.group_by("project"):
        hours = part.filter(pl.col("write_tokens") > 0)["write_1h_tokens"] > 0
        assert 1 <= (hours != hours.shift()).sum() <= 3
    agents = logs.requests.filter("is_sidechain")
    assert agents["write_1h_tokens"].sum() == 0 < agents["write_5m_tokens"].sum()


def test_forks_repeat_lines_and_rewinds_branch(made):
    _, logs, truth = made
    assert truth.forks > 1
    assert logs.requests["copies"].max() > 1
    twice = logs.copies.filter(pl.col("origin") == "assistant").filter(
        pl.len().over("message_id") > 1
    )
    assert twice["file"].n_unique() >= 2 * truth.forks
    parents = logs.requests["parent_message_id"].drop_nulls()
    assert truth.rewinds > 0
    assert parents.len() - parents.n_unique() >= truth.rewinds  # a parent with two children


def test_a_resumed_session_is_found_under_both_ids(made):
    _, logs, truth = made
    assert len(truth.resumes) <= truth.forks
    said = {
        session: set(part["message_id"]) for (session,), part in logs.copies.group_by("session")
    }
    for before, after in truth.resumes:
        assert before != after
        assert said[before] & said[after]
        assert said[after] - said[before]
        assert said[after] <= set(logs.requests["message_id"])


def test_the_quota_can_be_told_from_the_requests_and_the_truth(made):
    _, logs, truth = made
    assert (truth.quota_weight, truth.budget) == (0.1, shapes.SAMPLE.budget)
    requests = logs.requests.sort("first_seen")
    spent = requests.select(
        pl.col("input_tokens") + pl.col("write_tokens") + truth.quota_weight * pl.col("read_tokens")
    ).to_series() + OUTPUT_WEIGHT * pl.Series([truth.outputs[m] for m in requests["message_id"]])
    assert sum(w.used for w in truth.windows) == pytest.approx(spent.sum())
    for one, two in pairwise(truth.windows):
        assert two.begins >= one.begins + LENGTH
    assert len(truth.limits) > 2
    windows = {w.begins + LENGTH: w for w in truth.windows}
    margin = dt.timedelta(minutes=10)  # answers on their way
    for limit in truth.limits:
        assert truth.budget <= windows[limit.resets].used < 2 * truth.budget
        assert requests.filter(
            pl.col("first_seen").is_between(limit.at + margin, limit.resets, closed="left")
        ).is_empty()
    full = {w.begins for w in truth.windows if w.used >= truth.budget}
    assert full >= {limit.resets - LENGTH for limit in truth.limits}


def test_dearer_reads_spend_the_quota_sooner(tmp_path):
    free = synth.write(tmp_path, quota_weight=0)
    dear = synth.write(tmp_path, quota_weight=1)
    assert (free.quota_weight, dear.quota_weight) == (0, 1)
    assert len(dear.limits) > 2 * len(free.limits)


def test_without_a_limit_there_is_none(tmp_path):
    assert not synth.write(tmp_path, sessions=2, budget=1e12).limits


def test_damage_and_odd_models_are_there(made):
    _, logs, _ = made
    models = logs.priced().group_by("model").agg(pl.col("total_nano").is_null().any())
    assert models["total_nano"].sum() == 1  # one model without a price
    assert models.height >= 5
    assert logs.files["rejected"].sum() == logs.files["blank"].sum() == 1
