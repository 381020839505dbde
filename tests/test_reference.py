"""The loader against a second one that shares no code with it: equal on whatever it is given."""

import ast
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import polars as pl
import pytest
import reference
from conftest import require
from forests import write_forest
from lines import SESSION, answer, dump, progress, write_log

from analysis import schema, synth
from analysis.logs import identity, names
from analysis.logs.discover import log_files
from analysis.logs.identity import resolve
from analysis.logs.policies import POLICIES
from analysis.logs.scan import scan
from analysis.models import public_name
from analysis.paths import ROOT, SAMPLE

KEY = b"key of a dataset"
LOGS = ROOT.parent / "shared" / "logs"
SAID = ("input", "output", "write", "write_5m", "write_1h", "read")
SPOKEN = ("session", "agent", "message_id", "request_id", "origin", "is_sidechain", "model")
SPANS = ("first_seen", "last_seen", "lines", "copies", "stop_reason", "web_searches")
COLUMNS = (*SPOKEN, *SPANS, *(f"{name}_tokens" for name in SAID))


def ours(folder):
    """What the loader makes of a folder: requests, and the ledger of each file."""
    rows, ledgers = [], {}
    for number, log in enumerate(log_files([folder]), 1):
        found = scan(log, number, "project-01", KEY)
        rows += found.copies
        ledgers[log.path] = comparable(told(found.ledger))
    copies = pl.DataFrame(rows, schema=schema.dtypes("copies"), orient="row")
    return Counter(resolve(copies).select(COLUMNS).iter_rows()), ledgers


def told(ledger):
    """A line ledger in the reference's words, which are fewer."""
    rejected = {reason: ledger[f"rejected_{reason}"] for reason in schema.REASONS}
    rejected["not_json"] += rejected.pop("not_object")
    classes = {name: ledger[name] for name in ("usage", "synthetic", "blank")}
    rest = {"record": ledger["event"] + ledger["other"], "extra": ledger["extra_records"]}
    return Counter(rejected | classes | rest)


def comparable(ledger):
    """Leave out what was saved of broken lines but usage: where a part begins is not agreed on."""
    broken = ledger["not_json"] + ledger["unfinished"]
    return {name: n for name, n in ledger.items() if n and not (broken and name == "extra")}


def theirs(folder):
    """What the reference makes of it, with names as the loader lets them pass."""
    requests, ledgers = reference.load(folder)
    rows = Counter(row(call) for call in requests)
    return rows, {log.path: comparable(ledgers[log.path]) for log in log_files([folder])}


def row(call):
    name, suffix = call["id"], ""
    if call["origin"] in reference.APART.values():
        name, *suffix = name.rsplit(":", 2)
        suffix = ":" + ":".join(suffix)
    *counts, searches = call["tokens"]
    ids = [names.opaque(call["session"], KEY), names.opaque(call["agent"], KEY)]
    ids += [names.opaque(name) + suffix, names.opaque(call["request"])]
    kind = (call["origin"], call["side"], public_name(call["model"], KEY))
    spans = [call[name] for name in ("first", "last", "lines", "copies")]
    return (*ids, *kind, *spans, names.word(call["stop"]), searches, *counts)


def check(folder, seed=None):
    """Compare both loaders on a folder: each request and each file's ledger, to the last count."""
    (found, ledgers), (expected, their_ledgers) = ours(folder), theirs(folder)
    assert ledgers == their_ledgers, f"seed {seed}"
    assert found == expected, f"seed {seed}"
    return found


def code_lines(path):
    """Lines of a file without blank ones, comments and docstrings."""
    source = path.read_text()
    docs = set()
    for node in ast.walk(tree := ast.parse(source)):
        if isinstance(node, (ast.Module, ast.FunctionDef)) and ast.get_docstring(node):
            docs |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    lines = enumerate(source.splitlines(), 1)
    return tree, [n for n, text in lines if text.split("#")[0].strip() and n not in docs]


def test_the_reference_is_short_and_shares_nothing():
    tree, lines = code_lines(Path(reference.__file__))
    modules = [
        node.module if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    ]
    assert set(modules) <= sys.stdlib_module_names
    assert len(lines) <= 100


# Folders made at random

FOLDERS, PARTS = 1_000, 20


@pytest.mark.parametrize("part", range(PARTS))
def test_on_a_thousand_generated_folders(tmp_path, part):
    for seed in range(part, FOLDERS, PARTS):
        check(write_forest(tmp_path / str(seed), seed), seed)


@pytest.mark.parametrize("policy", sorted(POLICIES.keys() - {"largest", "last"}))
def test_another_way_to_count_is_found_out(tmp_path, monkeypatch, policy):
    monkeypatch.setattr(sys.modules[__name__], "resolve", partial(identity.resolve, policy=policy))
    folders = [write_forest(tmp_path / str(seed), seed) for seed in range(40)]
    assert not all(agree(folder) for folder in folders)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b'"output_tokens":1', b'"output_tokens":2'),
        (b'"cache_read_input_tokens"', b'"cache_read_input_tokent"'),
        (b'"isSidechain":true', b'"isSidechain":false'),
        (b'"type":"compaction"', b'"type":"compacting"'),
        (b"T12:00:0", b"T12:00:1"),
        (b"\n{", b"\n\0{"),
        (b'"<synthetic>"', b'"<synthetic?"'),
        (b"\n", b"\n\n"),
    ],
)
def test_another_byte_is_found_out(tmp_path, monkeypatch, was, now):
    """What is read as if other bytes stood there makes a difference, for each kind of byte."""
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path).replace(was, now))
    folders = [write_forest(tmp_path / str(seed), seed) for seed in range(40)]
    assert not all(agree(folder) for folder in folders)


read = Path.read_bytes


def agree(folder):
    return ours(folder) == theirs(folder)


def test_on_the_shipped_sample():
    assert sum(check(SAMPLE / "projects").values()) > 500


@pytest.mark.parametrize("seed", [1, 2])
def test_on_simulated_logs(tmp_path, seed):
    truth = synth.write(tmp_path, seed=seed)
    assert sum(check(tmp_path / "projects").values()) == truth.requests + truth.progress_requests


def test_on_the_public_logs():
    require("public-logs", LOGS.is_dir(), "the public logs are not here (shared/logs)")
    assert sum(check(LOGS / "projects").values()) == 15_716


def test_the_lines_of_one_message_are_one_request_whatever_its_id_is_made_of(tmp_path):
    gateway = {"message_more": {"id": "msg_2f1c-44.a"}, "requestId": None}
    made = [answer(1, 0, **gateway), answer(1, 1, **gateway)]
    check(write_log(tmp_path / "p" / f"{SESSION}.jsonl", *made).parent)


def test_what_a_cut_line_repeats_of_a_subagent_is_no_answer_of_the_main_chain(tmp_path):
    """A progress line that is cut where the record in it ends, as one being written may be."""
    cut = dump(progress()).partition(b'},"version"')[0]
    check(write_log(tmp_path / "p" / f"{SESSION}.jsonl", cut).parent)
