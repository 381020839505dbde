"""Synthetic logs: the same seed, the same bytes, everywhere; and what the shipped sample has."""

import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from conftest import require

from analysis import load, synth
from analysis.facts import case
from analysis.logs import store
from analysis.measures.reconstruct import by_era
from analysis.paths import ROOT, SAMPLE
from analysis.schema import LINE_CLASSES
from analysis.synth import eras, reconstruction
from analysis.synth.calibration import distributions, shares
from analysis.synth.dice import Dice


def tree(root: Path) -> dict[str, bytes]:
    files = (p for p in root.rglob("*") if p.is_file())
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in files}


def shipped():
    """The sample's logs."""
    return {name: text for name, text in tree(SAMPLE).items() if name != "README.md"}


def told(logs):
    """What the sample's README says of logs."""
    found, lost = distributions(logs), shares(logs)["requests whose cache was lost"]
    requests, context = (found[n].median() for n in ("requests per session", "context tokens"))
    return (
        f"a median session has {requests:.0f} requests, a median context {context:,.0f} tokens, and"
        f" {lost:.1%} of requests find their cache lost"
    ).replace("%", " %")


def test_the_same_seed_writes_the_same_bytes_and_truth(tmp_path):
    one, two = synth.write(tmp_path / "one", seed=3), synth.write(tmp_path / "two", seed=3)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert one == two


def test_another_seed_writes_other_logs(tmp_path):
    synth.write(tmp_path / "one", seed=3, sessions=2)
    synth.write(tmp_path / "two", seed=4, sessions=2)
    one, two = tree(tmp_path / "one"), tree(tmp_path / "two")
    assert not set(one) & set(two)


def test_writing_again_replaces_what_is_there(tmp_path):
    synth.write(tmp_path, seed=3, sessions=2)
    synth.write(tmp_path, seed=4, sessions=1)
    synth.write(tmp_path / "new", seed=4, sessions=1)
    assert tree(tmp_path / "projects") == tree(tmp_path / "new" / "projects")


def test_logs_that_are_not_synthetic_are_not_touched(tmp_path):
    log = tmp_path / "projects" / "-home-me-work" / "a.jsonl"
    log.parent.mkdir(parents=True)
    log.write_text("{}\n")
    fill, rebuild = partial(synth.fill, megabytes=1), partial(reconstruction.write, seed=1)
    for write in (synth.write, fill, rebuild):
        with pytest.raises(synth.SynthError, match="holds what is not synthetic"):
            write(tmp_path)
    assert set(tree(tmp_path)) == {"projects/-home-me-work/a.jsonl"}


def test_the_committed_sample_is_the_default_seeds(tmp_path):
    synth.write_sample(tmp_path)
    assert shipped() == tree(tmp_path), "run `python -m analysis synth`"


@pytest.mark.parametrize("minor", [11, 12, 13])
def test_every_python_writes_the_same_bytes(tmp_path, minor):
    python = shutil.which(f"python3.{minor}")
    runs = python and subprocess.run([python, "--version"], capture_output=True).returncode == 0
    require("pythons", bool(runs), f"Python 3.{minor} is not installed")
    known = case("session").row(0, named=True)  # polars reads it, which this Python has not
    code = f"""
import datetime, pathlib
from analysis import synth
from analysis.synth import reconstruction
root = pathlib.Path({str(tmp_path)!r})
synth.write(root)
reconstruction.write(root / "reconstruction", synth.SEED, {known!r})
"""
    subprocess.run([python, "-c", code], cwd=ROOT, check=True)
    assert tree(tmp_path) == shipped()


def test_draws_keep_their_sequence():
    dice = Dice(1, "a")
    assert (dice.integer(1, 6), dice.hexadecimal(10)) == (5, "0e4ccbadfd")
    assert [dice.weighted([1, 2, 1]) for _ in range(8)] == [1, 1, 2, 0, 0, 2, 0, 1]


def test_the_sample_is_small_and_has_every_layout_and_era():
    files = tree(SAMPLE)
    assert sum(map(len, files.values())) < 3 * 10**6
    logs = [name for name in files if name.startswith("projects/")]
    assert any("/subagents/agent-" in name for name in logs)
    assert any(re.search(r"projects/[^/]+/agent-", name) for name in logs)
    assert len({name.split("/")[1] for name in logs}) == 3
    assert 38 <= sum("agent-" not in name for name in logs) <= 55
    text = b"".join(files[name] for name in logs)
    versions = set(re.findall(rb'"version":"([\d.]+)"', text))
    assert versions == {v.encode() for era in eras.ERAS for v in era.versions}


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


def test_the_logged_share_depends_on_the_era_in_the_sample(datasets):
    """The shipped sample's own levels: another seed has others, see the next test."""
    store.load_logs("sample", str(SAMPLE))
    shares = logged_shares(load("sample"))
    assert shares["2.1.78 to 2.1.96"] == pytest.approx(0.897, abs=5e-4)
    assert shares["from 2.1.97"] == pytest.approx(0.877, abs=5e-4)
    assert shares["2.1.30 to 2.1.42"] == pytest.approx(0.974, abs=5e-4)


def logged_shares(logs):
    """The cache's share of dollars, by era."""
    return dict(by_era(logs.priced()).select("era", "logged_share").rows())


@pytest.mark.parametrize("seed", [synth.SEED, *range(1, 9)])
def test_eras_with_placeholders_lie_above_final_ones_whatever_the_seed(tmp_path, datasets, seed):
    """The order that the real logs have; how far apart they lie, a few sessions decide."""
    synth.write(tmp_path, seed=seed)
    store.load_logs(f"seed-{seed}", str(tmp_path))
    shares = logged_shares(load(f"seed-{seed}"))
    final = [shares["2.1.78 to 2.1.96"], shares["from 2.1.97"]]
    third = [shares["2.1.30 to 2.1.42"], shares["2.1.43 to 2.1.77"]]
    assert shares["2.1.12 to 2.1.29"] > 0.99 > max(third)
    assert min(third) > max(final) + 0.03
    assert 0.77 < min(final) <= max(final) < 0.93
    assert shares["before 2.1.12"] > min(final)


def test_the_samples_readme_says_how_it_differs_from_real_logs(datasets):
    """The other half of the comparison is in test_calibration.py."""
    store.load_logs("sample", str(SAMPLE))
    assert f"here {told(load('sample'))}" in (SAMPLE / "README.md").read_text()


def test_full_logs_are_mostly_tool_results(tmp_path):
    truth = synth.fill(tmp_path, 1, seed=5)
    written = truth.bytes
    files = list(tmp_path.rglob("*.jsonl"))
    assert written == sum(p.stat().st_size for p in files) > 10**6
    lines = [line for path in files for line in path.read_bytes().splitlines(keepends=True)]
    said = sum(len(line) for line in lines if b'"type":"assistant"' in line[:500])
    assert 0.06 < said / written < 0.16
    ids = set(re.findall(rb'"id":"(msg_synthetic\w+)"', b"".join(lines)))
    assert len(ids) == truth.requests + truth.progress_requests == len(truth.outputs)


def test_the_truths_of_several_accounts_add_up(tmp_path, datasets):
    """As `fill` adds them up."""
    one, two = (synth.write(tmp_path / f"{seed}", seed=seed, sessions=3) for seed in (1, 2))
    truth = synth.Truth()
    truth.add(one)
    truth.add(two)
    assert truth.windows == one.windows + two.windows
    store.load_logs("two", f"{tmp_path}/1,{tmp_path}/2")
    logs = load("two")
    assert logs.requests.height == truth.requests + truth.progress_requests == len(truth.outputs)
    counts = logs.files.select(pl.col(*LINE_CLASSES).sum()).row(0, named=True)
    assert {name: n for name, n in counts.items() if n} == dict(truth.lines)
    found = logs.policy("no-progress").requests
    for name in ("input_tokens", "output_tokens", "write_5m_tokens", "write_1h_tokens"):
        assert found[name].sum() == truth.tokens[name], name
    assert logs.events.filter(pl.col("kind") == "compaction").height == len(truth.compactions)


def test_the_command_writes_where_it_is_told(tmp_path):
    def run(*words):
        command = [sys.executable, "-m", "analysis", "synth", *words]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    said = run("--to", str(tmp_path), "--seed", "7").stdout
    assert re.fullmatch(r"wrote \d+ requests, [\d,]+ lines, \d\.\d MB to .*\n", said)
    synth.write(tmp_path / "same", seed=7)
    assert tree(tmp_path / "projects") == tree(tmp_path / "same" / "projects")
    assert re.fullmatch(
        r"wrote \d+ MB to .*, \d+ MB/s\n", run("--to", str(tmp_path), "--megabytes", "1").stdout
    )
    for words in (["--megabytes", "1"], ["--seed", "1"]):
        refused = run(*words)
        assert refused.returncode == 1
        assert "--to FOLDER" in refused.stderr
