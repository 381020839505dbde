"""Synthetic logs have the keys and the oddities of real ones of the same versions."""

import json
from collections import Counter, defaultdict

import polars as pl
import pytest
from conftest import require

from analysis import synth
from analysis.measures.data import with_era
from analysis.paths import ROOT, SAMPLE
from analysis.synth.eras import ERAS

LOGS = ROOT.parent / "shared" / "logs"


def files(root):
    """The records of each log, in order; what is no record is left out."""
    for path in sorted(root.rglob("*.jsonl")):
        made = []
        for line in path.read_text().splitlines():
            try:
                made.append(json.loads(line))
            except ValueError:
                continue
        yield [record for record in made if isinstance(record, dict)]


def keys(record):
    """The keys of an assistant line, of its message and of its usage."""
    message = record["message"]
    inside = {f"message.{key}" for key in message} | {f"usage.{key}" for key in message["usage"]}
    return set(record) | inside


def is_answer(record):
    """Whether a record is a line of the main chain that a model said."""
    if record.get("type") != "assistant" or record.get("isSidechain"):
        return False
    return record["message"]["model"] != "<synthetic>"


def by_version(root):
    """For each version the lines of answers, and in how many of them a key is."""
    lines, found = Counter(), defaultdict(Counter)
    for records in files(root):
        for record in filter(is_answer, records):
            lines[record["version"]] += 1
            found[record["version"]].update(keys(record))
    return lines, found


def by_era(root):
    """The same by era."""
    lines, found = by_version(root)
    eras = dict(with_era(pl.DataFrame({"version": list(lines)})).select("version", "era").rows())
    total, summed = Counter(), defaultdict(Counter)
    for version, counts in found.items():
        total[eras[version]] += lines[version]
        summed[eras[version]].update(counts)
    return total, summed


@pytest.fixture(scope="module")
def sample():
    return list(files(SAMPLE / "projects"))


def test_an_answer_has_the_keys_of_real_ones_of_its_era():
    require("public-logs", LOGS.is_dir(), "the public logs are not here (shared/logs)")
    theirs, real = by_era(LOGS / "projects")
    ours, made = by_era(SAMPLE / "projects")
    assert set(ours) == {era.name for era in ERAS}
    compared = set(ours) & set(theirs)
    assert len(compared) >= 5  # no public log is of 2.1.43 to 2.1.77
    for era in compared:
        nearly_all = {key for key, n in real[era].items() if n > 0.95 * theirs[era]}
        assert nearly_all <= set(made[era]), era
        assert set(made[era]) <= set(real[era]), era
        some = {key for key, n in made[era].items() if n < ours[era] - 1}
        assert not some, era  # but for one line without a request's id


def test_later_eras_say_more():
    _, made = by_era(SAMPLE / "projects")
    for era in ERAS:
        assert ("slug" in made[era.name]) == (era.name != "from 2.1.97")
        assert "message.stop_sequence" in made[era.name]
    added = {"entrypoint", "message.stop_details", "usage.inference_geo"}
    assert added <= set(made["2.1.78 to 2.1.96"])
    added |= {"usage.iterations", "usage.speed", "usage.server_tool_use"}
    assert added <= set(made["from 2.1.97"])
    assert not added & set(made["2.1.12 to 2.1.29"])


def test_an_iteration_repeats_the_counters(sample):
    used = [r["message"]["usage"] for records in sample for r in records if is_answer(r)]
    repeated = [u for u in used if "iterations" in u]
    assert repeated
    for usage in repeated:
        (one,) = usage["iterations"]
        assert one["type"] == "message"
        assert all(usage[key] == value for key, value in one.items() if key != "type")


def test_what_the_client_says_in_the_models_name(sample):
    said = [r for records in sample for r in records if r.get("type") == "assistant"]
    said = [r for r in said if r["message"]["model"] == "<synthetic>"]
    assert {r["message"]["usage"]["service_tier"] for r in said} == {None}
    assert {r["message"]["stop_sequence"] for r in said} == {""}
    silent = [r for r in said if not r["isApiErrorMessage"]]
    assert {r["message"]["content"][0]["text"] for r in silent} == {"No response requested."}
    limits = [r["message"]["content"][0]["text"] for r in said if r.get("error") == "rate_limit"]
    assert limits
    assert all(" · resets " in text and "m (Europe/London)" in text for text in limits)


def test_api_errors_wait_parts_of_milliseconds(sample):
    waits = [r["retryInMs"] for records in sample for r in records if "retryInMs" in r]
    assert waits
    assert all(isinstance(wait, float) for wait in waits)


def test_lines_that_are_no_part_of_the_conversation_are_there(sample):
    kinds = {r["type"] for records in sample for r in records}
    assert {"attachment", "permission-mode", "queue-operation", "file-history-snapshot"} <= kinds
    assert any(r.get("isMeta") for records in sample for r in records)
    missing = [r for records in sample for r in records if is_answer(r) and "requestId" not in r]
    assert len(missing) == 1


def test_several_tools_are_called(sample):
    blocks = [b for records in sample for r in records if is_answer(r) for b in content(r)]
    called = {b["name"] for b in blocks if b["type"] == "tool_use"}
    assert {"Bash", "Read", "Edit", "Grep"} <= called


def content(record):
    """The blocks of a message; none when it is plain text."""
    blocks = record.get("message", {}).get("content", [])
    return blocks if isinstance(blocks, list) else []


@pytest.mark.parametrize("seed", [synth.SEED, 1, 2])
def test_answers_lie_among_results_and_times_go_back(tmp_path, seed):
    synth.write(tmp_path, seed=seed)
    among = back = 0
    for records in files(tmp_path):
        seen, at, last = {}, "", None
        for record in records:
            back += "timestamp" in record and record["timestamp"] < at
            at = record.get("timestamp", at)
            for block in content(record):
                if block["type"] == "tool_result" and block["tool_use_id"] in seen:
                    assert seen[block["tool_use_id"]] <= record["timestamp"]
            if is_answer(record):
                id_ = record["message"]["id"]
                seen |= {b["id"]: record["timestamp"] for b in content(record) if "id" in b}
                among += last == "result" and id_ in seen
                seen[id_] = ""
            last = "result" if any(b["type"] == "tool_result" for b in content(record)) else None
    assert among > 2
    assert back > 2


@pytest.mark.parametrize("seed", [synth.SEED, 1, 2])
def test_a_lines_parent_stands_above_it(tmp_path, seed):
    synth.write(tmp_path, seed=seed)
    for records in files(tmp_path):
        known = {None}
        for record in records:
            if "parentUuid" in record:
                assert record["parentUuid"] in known
                known.add(record["uuid"])


def test_a_resumed_copy_has_a_name_of_its_own(tmp_path):
    """Old versions resumed a session in a new file that repeats the old one's lines."""
    truth = synth.write(tmp_path)
    assert truth.resumes
    names = {p.stem: p for p in tmp_path.rglob("*.jsonl")}
    for before, after in truth.resumes:
        old, new = (list(files_of(names[name])) for name in (before, after))
        assert {r["sessionId"] for r in old} == {before}
        assert {r["sessionId"] for r in new} == {after}
        ids = [{r["message"]["id"] for r in part if is_answer(r)} for part in (old, new)]
        assert ids[0] & ids[1]
        assert ids[1] - ids[0]


def files_of(path):
    """The records of one log that name a session."""
    records = (json.loads(line) for line in path.read_text().splitlines())
    return (record for record in records if "sessionId" in record)
