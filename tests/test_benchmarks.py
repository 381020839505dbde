"""The benchmark measures what it says; nothing here says how fast anything is."""

import json
import subprocess
import sys
from types import SimpleNamespace

import polars as pl
import pytest
from conftest import require

from analysis.logs import store
from analysis.paths import SAMPLE
from benchmarks import inputs, load, page, results, rivals
from benchmarks.inputs import Input, InputError
from benchmarks.measure import Command, RunError, peak_mib, timed
from benchmarks.subjects import Subject, subjects


def test_time_of_children_is_counted():
    burn = "import time\nwhile time.process_time() < 0.1: pass"
    assert timed(Command(["sh", "-c", f"'{sys.executable}' -c '{burn}'; true"])).cpu >= 0.1


def test_what_comes_before_is_run_each_time():
    calls = []
    command = Command(["true"], prepare=lambda: calls.append(1))
    timed(command)
    peak_mib(command)
    assert len(calls) == 2


def test_memory_of_children_is_counted():
    hold = "kept = bytes(range(256)) * 2**18; "  # 64 MiB
    child = f"{hold}import time; time.sleep(1)"
    both = f"{hold}import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    assert 128 < peak_mib(Command([sys.executable, "-c", both])) < 200


@pytest.mark.parametrize("measure", [timed, peak_mib])
def test_a_command_that_fails_is_no_result(measure):
    with pytest.raises(RunError, match="ended with 3: no such thing"):
        measure(Command(["sh", "-c", "echo no such thing >&2; exit 3"]))


def made(tmp_path, name="R1500"):
    return inputs.Made(Input(name[0], int(name[1:])), tmp_path, 2, 1000)


def subject(tmp_path, name, absent=""):
    words = ["sh", "-c", f"echo {name} >> {tmp_path}/order"]
    return Subject(name, "cold", "1.0", lambda logs, own: Command(words), absent)


def test_rounds_are_interleaved(tmp_path):
    tools = [subject(tmp_path, "a"), subject(tmp_path, "b")]
    rows = load.measure(made(tmp_path), tools, rounds=3, out=tmp_path / "out")
    before, timed_rounds, looks = "ab", "ababab", "aaabbb"
    order = (tmp_path / "order").read_text().replace("\n", "")
    assert order == before + timed_rounds + looks
    assert [(row.tool, row.rounds) for row in rows] == [("a", 3), ("b", 3)]
    assert all(row.wall_min <= row.wall <= row.wall_max for row in rows)


def test_what_is_not_there_has_no_numbers(tmp_path):
    tools = [subject(tmp_path, "a"), subject(tmp_path, "b", absent="npm is not installed")]
    _, row = load.measure(made(tmp_path), tools, rounds=1, out=tmp_path / "out")
    assert (row.wall, row.cpu, row.peak_mib, row.rounds) == (None, None, None, 0)
    assert "| b    | cold | npm is not installed" in page.page([row])


def test_too_little_memory_is_said(tmp_path, monkeypatch):
    free = SimpleNamespace(available=10)
    monkeypatch.setattr("benchmarks.load.psutil.virtual_memory", lambda: free)
    with pytest.raises(InputError, match="would not stay in the page cache"):
        load.measure(made(tmp_path), [], rounds=1, out=tmp_path / "out")


@pytest.fixture(scope="module")
def tools(tmp_path_factory):
    """The rivals, installed; by name."""
    folder = tmp_path_factory.mktemp("rivals")
    require(
        "node", not rivals.install(rivals.CCUSAGE, folder / "rivals"), "npm has no ccusage here"
    )
    require("node", not rivals.install(rivals.TOKSCALE, folder / "rivals"), "npm has no tokscale")
    return {(s.tool, s.case): s for s in subjects(folder)}


@pytest.fixture(scope="module")
def sample(datasets):
    store.load_logs("sample", str(SAMPLE))
    return store.read("sample")


@pytest.mark.parametrize(
    ("tool", "case", "policy"),
    [
        ("ccusage", "cold", "largest"),
        ("tokscale", "cold", "no-progress"),
        ("tokscale", "warm", "no-progress"),
    ],
)
def test_a_rival_reads_the_same_logs_to_the_token(tools, sample, tmp_path, tool, case, policy):
    command = tools[tool, case].command(SAMPLE, tmp_path / "own")
    command.prepare()
    said = subprocess.check_output(command.words, cwd=command.cwd, env=command.env)
    found = json.loads(said)
    ours = sample.policy(policy).requests.select(pl.col("^(input|output|read|write)_tokens$").sum())
    theirs = found.get("totals", found)
    names = {
        "ccusage": ("inputTokens", "outputTokens", "cacheReadTokens", "cacheCreationTokens"),
        "tokscale": ("totalInput", "totalOutput", "totalCacheRead", "totalCacheWrite"),
    }[tool]
    columns = ("input_tokens", "output_tokens", "read_tokens", "write_tokens")
    assert [theirs[n] for n in names] == [ours[c].item() for c in columns]


def test_without_the_public_logs_r_is_skipped_and_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(inputs, "PUBLIC", tmp_path / "none")
    monkeypatch.setattr(load, "subjects", lambda folder: [])
    words = ["--inputs", "R", "--rounds", "1", "--folder", str(tmp_path)]
    assert load.main(words) == 0
    said = capsys.readouterr().out
    assert "R1500 is not measured: no public logs at" in said
    assert "not kept: medians are of at least 7 rounds" in said


@pytest.mark.long
def test_the_whole_of_it_small(tmp_path):
    kept = results.RESULTS.read_bytes(), page.PAGE.read_bytes()
    words = ["--inputs", "S", "--megabytes", "5", "--rounds", "1", "--to", str(tmp_path / "to")]
    command = [sys.executable, "-m", "benchmarks.load", *words, "--folder", str(tmp_path / "b")]
    done = subprocess.run(command, cwd=inputs.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = results.read(tmp_path / "to" / "results.csv")
    assert {r.tool for r in rows} == {
        "ours", "previous release", "ccusage", "tokscale", "wc -l"
    }  # fmt: skip
    assert all(r.absent or (r.rounds == 1 and r.wall > 0 and r.peak_mib > 0) for r in rows)
    assert not any(r.absent for r in rows if r.tool in ("ours", "wc -l"))
    assert page.verdicts(rows, 5) in done.stdout
    assert (results.RESULTS.read_bytes(), page.PAGE.read_bytes()) == kept
