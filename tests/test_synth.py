"""Synthetic logs: the same seed, the same bytes, and a loader that finds the truth in them."""

import json
import re
from pathlib import Path

import polars as pl
import pytest

from analysis import load, synth
from analysis.logs import store
from analysis.paths import SAMPLE
from analysis.schema import LINE_CLASSES

TOKENS = ("input_tokens", "output_tokens", "write_5m_tokens", "write_1h_tokens", "read_tokens")


def tree(root: Path) -> dict[str, bytes]:
    files = (p for p in root.rglob("*") if p.is_file())
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in files}


def test_the_same_seed_writes_the_same_bytes_and_truth(tmp_path):
    one, two = synth.write(tmp_path / "one", seed=3), synth.write(tmp_path / "two", seed=3)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert one == two


def test_another_seed_writes_other_logs(tmp_path):
    synth.write(tmp_path / "one", seed=3)
    synth.write(tmp_path / "two", seed=4)
    one, two = tree(tmp_path / "one"), tree(tmp_path / "two")
    assert not set(one) & set(two)


def test_writing_again_replaces_what_is_there(tmp_path):
    synth.write(tmp_path, seed=3)
    synth.write(tmp_path, seed=4, sessions=1)
    synth.write(tmp_path / "new", seed=4, sessions=1)
    assert tree(tmp_path / "projects") == tree(tmp_path / "new" / "projects")


def test_the_committed_sample_is_the_default_seeds(tmp_path):
    synth.write(tmp_path)
    assert tree(SAMPLE / "projects") == tree(tmp_path / "projects"), (
        "run `python -m analysis synth`"
    )


def test_the_sample_is_small_and_shows_every_layout():
    files = tree(SAMPLE)
    assert sum(map(len, files.values())) < 10**6
    assert any("/subagents/agent-" in name for name in files)
    assert any(re.search(r"projects/[^/]+/agent-", name) for name in files)


@pytest.mark.parametrize("seed", [synth.SEED, 1, 2])
def test_every_id_says_that_it_is_synthetic(tmp_path, seed):
    synth.write(tmp_path, seed=seed, sessions=2)
    text = b"".join(tree(tmp_path).values()).decode()
    messages, others = (
        set(re.findall(r"msg_\w+", text)),
        set(re.findall(r"(?:req|toolu)_\w+", text)),
    )
    assert len(messages) > 50
    assert all(re.fullmatch(r"msg_synthetic[0-9a-f]{14}", m) for m in messages)
    assert all(re.fullmatch(r"(req|toolu)_synthetic[0-9a-f]+", o) for o in others)


@pytest.mark.parametrize("seed", [synth.SEED, 1, 2, 3])
def test_the_loader_finds_the_truth(tmp_path, datasets, seed):
    truth = synth.write(tmp_path, seed=seed)
    store.load_logs(f"seed-{seed}", str(tmp_path))
    logs = load(f"seed-{seed}")
    everything, without = logs.requests, logs.policy("no-progress").requests

    # the line ledger, class by class
    counts = logs.files.select(pl.col(*LINE_CLASSES).sum()).row(0, named=True)
    assert {name: n for name, n in counts.items() if n} == dict(truth.lines)
    assert logs.files["lines"].sum() == truth.lines.total()
    assert logs.files["extra_records"].sum() == truth.extra_records > 0
    assert logs.files["bytes"].sum() == sum(map(len, tree(tmp_path).values()))

    # requests and tokens
    assert without.height == truth.requests
    assert everything.height == truth.requests + truth.progress_requests
    for name in TOKENS:
        assert without[name].sum() == truth.tokens[name] > 0, name
        added = everything[name].sum() - without[name].sum()
        assert added == truth.progress_tokens[name], name
    assert (
        everything["write_tokens"] == everything["write_5m_tokens"] + everything["write_1h_tokens"]
    ).all()
    assert everything["output_tokens"].sum() < truth.output  # some clients log a placeholder

    # events, and one copy in a fork
    assert (logs.events["kind"] == "compaction").sum() == truth.compactions
    assert everything["copies"].max() > 1
    assert logs.synthetic


def test_the_eras_count_output_as_their_clients_did(tmp_path, datasets):
    synth.write(tmp_path)
    store.load_logs("eras", str(tmp_path))
    main = load("eras").copies.filter(
        ~pl.col("is_sidechain"), pl.col("lines") == 3, pl.col("model") != "other-01"
    )
    found = {}
    for (version,), copies in main.group_by("version"):
        grows = (copies["output_last_tokens"] > copies["output_first_tokens"]).mean()
        final = copies["stop_reason"].is_not_null().mean()
        found[version] = (grows, final, copies["output_tokens"].max() > 8)
    assert found["2.1.19"] == (0, 0, False)  # a placeholder on every line
    assert found["2.1.85"][0] > 0.9  # the last line has it
    assert found["2.1.85"][1] == 1
    assert found["2.1.112"] == (0, 1, True)  # every line has it
    for growing in ("2.1.5", "2.1.37"):
        assert found[growing][0] > 0.9
        assert found[growing][1:] == (0, True)


def test_the_sample_is_in_the_real_format():
    """Keys of an assistant line, as in logs of these versions."""
    first = next((SAMPLE / "projects").rglob("*.jsonl")).read_text().splitlines()
    line = next(made for made in map(json.loads, first) if made["type"] == "assistant")
    assert {"parentUuid", "isSidechain", "sessionId", "version", "requestId", "uuid"} <= set(line)
    assert {"id", "model", "content", "stop_reason", "usage"} <= set(line["message"])
    assert line["timestamp"].endswith("Z")
