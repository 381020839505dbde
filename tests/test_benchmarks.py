"""The benchmark measures what it says; nothing here says how fast anything is."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import polars as pl
import pytest
from conftest import require

from analysis.logs import store
from analysis.paths import SAMPLE
from benchmarks import inputs, load, page, results, rivals, tiles
from benchmarks.inputs import Input, InputError
from benchmarks.measure import Command, RunError, peak_mib, timed
from benchmarks.results import Row
from benchmarks.subjects import Subject, subjects
from benchmarks.targets import TARGETS, Bound, reached

UUID = "12345678-1234-4234-8234-1234567890ab"


def line(number):
    """A line with every kind of id, and words between them."""
    return json.dumps(
        {
            "uuid": f"0000000{number}-1234-4234-8234-1234567890ab",
            "sessionId": UUID,
            "requestId": f"req_011CXPLu1XrLUQ4ZbijBDy{number}V",
            "message": {"id": f"msg_01ErkbESUxbS1LJRYZb1q{number}3g", "text": "msg_ is no id"},
            "tool_use_id": f"toolu_01QRCZQGKXJYGEj3LahqNYG{number}",
            "agentId": "aac3e7a",
        },
        separators=(",", ":"),
    )


@pytest.fixture
def public(tmp_path, monkeypatch):
    """Stand-ins for the public logs: a file named by its session, and one that is not."""
    folder = tmp_path / "public"
    for name in (UUID, "notes"):
        path = folder / "-home-p" / f"{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line(n)}\n" for n in range(5)))
    monkeypatch.setattr(inputs, "PUBLIC", folder)
    monkeypatch.setattr(inputs, "MEGABYTE", 1000)
    return folder


def logs(made):
    return {p.name: p.read_bytes() for p in made.folder.rglob("*.jsonl")}


def test_tiles_are_alike_but_for_their_ids(public, tmp_path):
    made = inputs.make(Input("R", 20), tmp_path)
    texts = logs(made)
    assert len(texts) == made.files > 4
    blank = {tiles.IDS.sub(b"", text) for text in texts.values()}
    whole = tiles.IDS.sub(b"", (public / "-home-p" / "notes.jsonl").read_bytes())
    assert all(whole.startswith(text) for text in blank)


def test_no_id_is_in_two_tiles_and_one_file_s_is_the_other_s_in_the_same_tile(public, tmp_path):
    ids = [{*tiles.IDS.findall(t)} for t in logs(inputs.make(Input("R", 20), tmp_path)).values()]
    shared = Counter(len(a & b) for i, a in enumerate(ids) for b in ids[:i])
    assert set(shared) <= {0, *map(len, ids)}
    originals = tiles.IDS.findall((public / "-home-p" / "notes.jsonl").read_bytes())
    assert max(shared) == len(set(originals))
    assert not {*originals} & set().union(*ids)


def test_a_file_is_named_by_its_session(public, tmp_path):
    named = [n.removesuffix(".jsonl") for n in logs(inputs.make(Input("R", 20), tmp_path))]
    for name in named:
        assert name.startswith("notes-") or tiles.IDS.fullmatch(name.encode())
    assert len({*named}) == len(named)


def test_an_input_has_the_size_asked_for_in_whole_lines(public, tmp_path):
    made = inputs.make(Input("R", 20), tmp_path)
    assert 20_000 - len(line(0)) <= made.bytes == sum(map(len, logs(made).values())) <= 20_000
    assert all(text.endswith(b"}\n") for text in logs(made).values())


def test_the_same_bytes_in_more_files(public, tmp_path):
    few, many = (inputs.make(Input("R", 20, files=n), tmp_path) for n in (8, 30))
    assert few.bytes == many.bytes
    assert Counter(b"".join(logs(few).values()).splitlines()) == Counter(
        b"".join(logs(many).values()).splitlines()
    )
    assert many.files == 30
    assert few.files == len(logs(inputs.make(Input("R", 20), tmp_path)))  # none is joined


def test_an_input_is_made_once_and_again_when_it_is_to_be_another(public, tmp_path, monkeypatch):
    first = inputs.make(Input("R", 20), tmp_path)
    (some, *_) = first.folder.rglob("*.jsonl")
    some.write_text("changed by hand\n")
    assert inputs.make(Input("R", 20), tmp_path) == first
    assert some.read_text() == "changed by hand\n"
    monkeypatch.setattr(inputs, "SEED", 5)
    inputs.make(Input("R", 20), tmp_path)
    assert b"changed by hand\n" not in logs(first).values()


def test_an_input_that_was_cut_short_is_made_again(public, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(inputs.os, "utime", lambda *a: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            inputs.make(Input("R", 20), tmp_path)
    assert inputs.make(Input("R", 20), tmp_path).bytes > 19_000


def test_a_disk_that_is_too_small_is_said(public, tmp_path, monkeypatch):
    monkeypatch.setattr(inputs.shutil, "disk_usage", lambda p: SimpleNamespace(free=10))
    with pytest.raises(
        InputError, match=r"R20 needs 0\.2 GB of disk and .* has 0\.0: name another"
    ):
        inputs.make(Input("R", 20), tmp_path)


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


def row(tool="ours", case="cold", name="R1500", **own):
    return Row(name, 1500.0, 2, tool, case, "1.0", 2, rounds=7, **own)


@pytest.mark.parametrize(
    ("ours", "theirs", "value", "verdict"),
    [
        (0.5, 2.0, 0.25, "stretch"),
        (0.8, 2.0, 0.40, "stretch"),
        (1.0, 2.0, 0.50, "met"),
        (1.2, 2.0, 0.60, "met"),
        (1.3, 2.0, 0.65, "missed"),
        (None, 2.0, None, "not measured"),
        (1.2, None, None, "not measured"),
    ],
)
def test_a_ratio_is_held_against_its_target(ours, theirs, value, verdict):
    rows = [row(wall=ours), row("ccusage", wall=theirs)]
    (one,) = (r for r in reached(rows) if r.target is TARGETS[0] and r.input == "R1500")
    assert (one.value, one.verdict) == (value, verdict)


def test_memory_and_import_are_held_as_they_are():
    rows = [row(peak_mib=351), row(name="S6000", peak_mib=399), row(case="import", wall=0.02)]
    found = {(r.target.what, r.input): (r.value, r.verdict) for r in reached(rows)}
    assert found["peak memory", "R1500"] == (351, "missed")
    assert found["peak memory", "S6000"] == (399, "met")
    assert found["`import analysis`", "any"] == (20, "met")


def test_every_target_is_of_something_measured(tmp_path, monkeypatch):
    monkeypatch.setattr("benchmarks.subjects.install", lambda *a: "")
    there = {(s.tool, s.case) for s in subjects(tmp_path)}
    for target in TARGETS:
        assert {("ours", target.case), target.against or ("ours", target.case)} <= there
        for bound in target.bounds.values():
            assert bound == Bound(bound.at_most) or bound.stretch < bound.at_most


def test_results_are_read_as_they_were_written(tmp_path):
    rows = [
        row(wall=1.5, wall_min=1.25, wall_max=2.0, cpu=3.0, cpu_min=2.5, cpu_max=4.0, peak_mib=9.5),
        replace(row("tokscale"), rounds=0, absent="npm is not installed"),
    ]
    results.write(rows, tmp_path / "r.csv")
    assert results.read(tmp_path / "r.csv") == rows


def test_an_input_s_rows_are_replaced_together(tmp_path):
    path = tmp_path / "r.csv"
    results.keep([row(wall=1.0), row("ccusage", wall=2.0), row(name="S1500", wall=3.0)], path)
    assert results.keep([row(wall=4.0)], path) == [row(name="S1500", wall=3.0), row(wall=4.0)]


def test_the_page_says_what_the_results_say():
    assert page.PAGE.read_text() == page.page(results.read())


def test_nothing_measured_is_said():
    assert "Nothing has been measured yet." in page.page([])
    assert "met" not in page.verdicts([]).replace("not measured", "").split()


def test_sizes_are_compared_once_there_are_some():
    sizes = [row(name=f"R{mb}", wall=mb / 500, cpu=1.0, peak_mib=9.0) for mb in (100, 500, 1500)]
    assert "Is it linear?" in page.page(sizes)
    assert "Is it linear?" not in page.page(sizes[:1])


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
