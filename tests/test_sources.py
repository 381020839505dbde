"""Other tools' logs and reports: each fixture to rows that were counted by hand."""

import datetime as dt
import gzip
import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys

import polars as pl
import pytest

from analysis import schema
from analysis.counted import prompt, with_writes
from analysis.logs import sources, store, summary
from analysis.logs.discover import LogFile, NoLogsError
from analysis.logs.frames import frame
from analysis.logs.identity import resolve
from analysis.logs.manifest import read_manifest
from analysis.logs.scan import scan
from analysis.logs.verify import verify
from analysis.measures import data, hits, reconstruct, sums
from analysis.measures.margin import is_final
from analysis.measures.rebuilds import rebuilt
from analysis.paths import ROOT, SAMPLE
from analysis.words import data as words
from analysis.words import page, uncounted
from analysis.words import sums as summed

FIXTURES = ROOT / "tests" / "sources"
EACH = sorted(set(schema.SOURCES) - {sources.CLAUDE_CODE})
TOKENS = ["input_tokens", "output_tokens", "write_tokens", "read_tokens"]
KEY = b"key of a dataset"


def folder(source):
    return FIXTURES / source.replace("-", "_")


def files(source):
    paths = (p for p in folder(source).rglob("*") if p.is_file() and p.name[0] != ".")
    return sorted(paths)


@pytest.fixture(scope="module")
def loaded(datasets):
    """Each fixture as a dataset, and all of them beside the sample as one."""
    for source in EACH:
        store.load_logs(source, str(folder(source)))
    places = [str(SAMPLE / "projects"), *(str(folder(s)) for s in EACH)]
    store.load_logs("all", ",".join(places))
    store.load_logs("claude", places[0])
    return {name: store.read(name) for name in (*EACH, "all", "claude")}


def reads(path, source):
    """What one file says, whatever is in it."""
    return scan(LogFile(path, "p", None, None, None, source), 1, "project-01", KEY)


#: Files, lines, rejected lines, requests, rows of sums; tokens of requests; of sums each once.
BY_HAND = {
    "codex": (3, 44, 2, 6, 0, (23000, 1400, 2000, 37000), ()),
    "gemini": (3, 20, 2, 6, 0, (18000, 730, None, 19300), ()),
    "opencode": (7, 7, 1, 3, 0, (3015, 750, 12800, 21000), ()),
    "otel": (2, 7, 2, 3, 4, (306, 131, 100, 900), (215, 273, 700, 5000)),
    "admin-usage": (3, 8, 1, 0, 4, (), (3510, 6010, 35000, 320000)),
    "admin-claude-code": (1, 4, 0, 0, 3, (), (111, 222, 444, 3303)),
    "admin-cost": (1, 8, 2, 0, 6, (), (None, None, None, None)),
    "ccusage": (2, 4, 1, 0, 5, (), (222, 444, 6006, 80008)),
}


def test_each_source_has_a_fixture_and_totals():
    assert set(BY_HAND) == set(EACH) == {p.name.replace("_", "-") for p in FIXTURES.iterdir()}


@pytest.mark.parametrize("source", EACH)
def test_what_each_fixture_says(loaded, source):
    logs, (n, lines, rejected, requests, rows, used, summed) = loaded[source], BY_HAND[source]
    assert logs.files.height == n
    assert logs.files["lines"].sum() == lines
    assert logs.files.select(pl.sum_horizontal(schema.LINE_CLASSES)).sum().item() == lines
    assert logs.files["rejected"].sum() == rejected
    assert set(logs.copies["source"]) == {source}
    assert logs.requests.height == requests
    once = sums.rows(logs)
    assert once.height == rows
    for found, known in ((logs.requests, used), (once, summed)):
        for name, total in zip(TOKENS, known, strict=False):
            assert (found[name].sum() if found[name].count() else None) == total, name


@pytest.mark.parametrize("source", EACH)
def test_the_tables_keep_their_rules_and_are_what_the_files_say(loaded, source):
    logs = loaded[source]
    for table in ("copies", "events", "files", "requests"):
        schema.validate(getattr(logs, table), table)
    assert verify(source).differences == ()


def test_claude_code_says_as_much_as_before(loaded):
    copies = loaded["claude"].copies
    empty = {name for name in copies.columns if copies[name].null_count()}
    counts = {c.name for c in schema.COPIES if c.kind in ("Int64", "UInt32")}
    assert empty & counts <= {"write_5m_tokens", "write_1h_tokens", "stated_nano"}
    assert copies["stated_nano"].null_count() == copies.height
    assert copies["model"].null_count() == 0


def test_a_request_of_codex_is_where_the_running_total_moves(loaded):
    logs = loaded["codex"]
    first = logs.requests.row(0, named=True)
    assert (first["lines"], first["copies"]) == (4, 2)  # said twice, and repeated by a fork
    assert first["output_sum_tokens"] == 2 * first["output_tokens"]
    assert logs.requests["context_tokens"].to_list() == [10000, 12000, 8000, 14000, 5000, 13000]
    assert logs.policy("per-file").requests.height == 8
    assert logs.policy("sum").requests["output_tokens"].sum() == 1400 + 200 + 400 + 300


def test_a_fork_of_codex_repeats_no_event_and_a_subagent_has_its_session(loaded):
    logs = loaded["codex"]
    kinds = logs.events["kind"].value_counts().sort("kind").rows()
    assert kinds == [
        ("compaction", 1),
        ("limit", 1),
        ("model_change", 1),
        ("prompt", 3),
        ("tool_error", 1),
    ]
    limit = logs.events.filter(pl.col("kind") == "limit")["resets_at"].item()
    assert limit == dt.datetime(2026, 3, 19, 14, tzinfo=dt.UTC)
    agents = logs.requests.filter(pl.col("agent").is_not_null())
    assert agents["session"].item() == logs.requests["session"][0]
    assert agents["is_sidechain"].item()
    assert logs.requests["session"].n_unique() == 2
    assert logs.requests["project"].n_unique() == 1


def test_a_fork_of_a_fork_counts_once(tmp_path):
    """The grandchild's file has both ancestors' metas and all their lines."""
    root, fork = files("codex")[1:]
    said = fork.read_text().splitlines()
    own, parent = (re.search(r"0199a\S{31}", path.name)[0] for path in (fork, root))
    grandchild = own[:-1] + "e"
    meta = said[0].replace(own, grandchild).replace(f'from_id":"{parent}', f'from_id":"{own}')
    (tmp_path / "a").mkdir()
    for path in (root, fork):
        shutil.copy(path, tmp_path / "a" / path.name)
    new = tmp_path / "a" / fork.name.replace(own, grandchild)
    new.write_text("\n".join([meta, *said]))
    found = [reads(p, "codex") for p in sorted((tmp_path / "a").iterdir())]
    ids = [{row[4] for row in scanned.copies} for scanned in found]
    assert len(set.union(*ids)) == 5
    assert ids[1] == ids[2]


def test_what_tools_count_in_their_own_way(loaded):
    gemini = loaded["gemini"].requests.sort("first_seen").row(2, named=True)
    assert (gemini["input_tokens"], gemini["read_tokens"]) == (9000 - 8000 + 300, 8000)
    assert gemini["output_tokens"] == 50
    upset = loaded["gemini"].requests.sort("first_seen").row(3, named=True)
    assert (upset["output_tokens"], upset["lines"], upset["tools"]) == (100, 2, "read,mcp")
    priced = loaded["opencode"].priced()
    assert priced["stated_nano"].to_list() == priced["total_nano"].to_list()
    assert loaded["gemini"].requests["write_tokens"].null_count() == 6
    assert set(loaded["gemini"].requests["signature_chars"]) == {None}


def test_reads_have_a_price_where_writes_have_none(loaded):
    priced = loaded["codex"].priced()
    assert priced["total_nano"].null_count() == 0
    assert priced["total_nano"].sum() == 58_500_000
    assert priced.filter(pl.col("write_tokens") > 0)["write_5m_nano"].to_list() == [6_250_000]
    assert loaded["gemini"].priced()["total_nano"].null_count() == 0


def test_one_dataset_of_all_counts_each_as_it_does_alone(loaded):
    everything = loaded["all"]
    alone = sum(loaded[name].requests.height for name in (*EACH, "claude"))
    assert everything.requests.height == alone
    claude = everything.requests.filter(pl.col("source") == sources.CLAUDE_CODE)
    assert claude.select(TOKENS).sum().equals(loaded["claude"].requests.select(TOKENS).sum())
    assert everything.tool(sources.CLAUDE_CODE).requests.height == claude.height
    assert everything.tool("codex").events.height == loaded["codex"].events.height
    assert loaded["claude"].tool(sources.CLAUDE_CODE) is loaded["claude"]
    said = store.summary("all")
    once = sum(rows for *_, rows, _, _ in BY_HAND.values())
    assert (said["requests"], said["sums"]) == (alone, once)
    assert sums.rows(everything).height == once
    raw = int((everything.copies["origin"] == "sum").sum())
    assert raw - once == 2  # both rows of usage-again.json
    told = words.opening(everything, everything.priced(), "", "UTC")
    assert f" {once} rows of other reports sum up requests and are none; 2 more say" in told
    values = {"timezone": "UTC", "policy": "largest"}
    assert f"{once} rows of other reports" in page.summary(everything, everything.priced(), values)
    assert f"{once} rows of other reports" in summary.text(said)
    assert said["uncounted"] == 11


def test_telemetry_of_a_request_that_a_log_has_counts_once(loaded):
    otel, claude = loaded["otel"].copies, loaded["claude"].copies
    same = otel.filter(pl.col("request_id").is_not_null())
    logged = claude.head(same.height).with_columns(request_id=same["request_id"])
    both = pl.concat([logged, otel])
    assert resolve(both).height == logged["message_id"].n_unique() + 1
    assert set(resolve(both).filter(pl.col("source") == "otel")["model"]) == {"claude-haiku-4-5"}


def counter(at, start=None, **value):
    about = [{"key": "type", "value": {"stringValue": "output"}}]
    point = {"timeUnixNano": str(at * 10**9), "attributes": about, **value}
    if start is not None:
        point["startTimeUnixNano"] = str(start * 10**9)
    total = {"aggregationTemporality": 2, "dataPoints": [point]}
    metrics = [{"name": "claude_code.token.usage", "sum": total}]
    return json.dumps({"resourceMetrics": [{"scopeMetrics": [{"metrics": metrics}]}]}) + "\n"


@pytest.mark.parametrize("start", [None, 1_775_000_000])
def test_a_counter_that_goes_on_in_another_file_is_one(tmp_path, datasets, start):
    begin = 1_775_000_001
    (tmp_path / "a.jsonl").write_text(counter(begin, start, asInt="1") * 2)
    (tmp_path / "b.jsonl").write_text(counter(begin + 9, start, asInt="7"))
    (tmp_path / "c.jsonl").write_text(counter(begin + 10, begin + 10))  # no value was recorded
    name = f"counter-{start}"
    store.load_logs(name, str(tmp_path))
    assert sums.rows(store.read(name))["output_tokens"].to_list() == [7]


def test_sums_are_no_requests_and_reports_are_not_added(loaded):
    logs = loaded["all"]
    assert (logs.copies["origin"] == "sum").any()
    assert set(logs.requests["origin"]) == {"assistant", "agent_progress"} | (
        set(loaded["claude"].requests["origin"])
    )
    found = {row["report"]: row for row in sums.by_report(sums.rows(logs)).to_dicts()}
    usage, cost = (found[f"Admin API, {name} report, a day a row"] for name in ("usage", "cost"))
    assert (usage["rows"], str(usage["last"])) == (4, "2026-05-03")
    # by hand: sonnet 3 $ in, 15 out, 3.75 and 6 writes, .3 reads; opus 5, 25, 10, .5; 3 searches
    assert usage["list_usd"] == pytest.approx(0.0975 + 0.1225 + 0.186 + 0.00009)
    assert (cost["list_usd"], cost["stated_usd"]) == (None, pytest.approx(1.3653912))
    both = sums.by_report(sums.rows(loaded["ccusage"]))
    assert both.height == 2
    shown = summed.shown(both)
    assert shown.columns == [name for name in both.columns if name not in ("first", "last")]
    assert all(name.partition("; ")[2].endswith("2026") for name in shown["report"])
    assert both["input_tokens"].to_list() == [111, 111]


def test_what_was_charged_beside_list_price(loaded):
    found = sums.reconciled(sums.rows(loaded["all"])).rows()
    assert [(model, days) for model, days, *_ in found] == [
        ("claude-sonnet-4-6", 1),
        (None, 1),
        ("claude-opus-4-6", 1),
    ]
    assert found[0][2:] == pytest.approx((0.0975, 0.0975, 0.0))
    assert found[1][3] == pytest.approx(0.03)
    assert found[2][2:] == (pytest.approx(0.1225), None, None)
    assert sums.reconciled(sums.rows(loaded["admin-usage"])).is_empty()


def test_of_two_cost_reports_one_is_reconciled(tmp_path, datasets):
    shutil.copytree(folder("admin-usage"), tmp_path / "usage")
    said = json.loads(files("admin-cost")[0].read_text())
    (tmp_path / "cost.json").write_text(json.dumps(said))
    for bucket in said["data"]:
        for row in bucket["results"]:
            row["workspace_id"] = "wrkspc_1"
    (tmp_path / "by-workspace.json").write_text(json.dumps(said))
    store.load_logs("costs", str(tmp_path))
    rows = sums.rows(store.read("costs"))
    assert rows["parent_message_id"].n_unique() == 3
    assert sums.reconciled(rows)["stated_usd"].to_list()[0] == pytest.approx(0.0975)


def test_rows_of_two_plans_or_projects_are_two_and_a_row_spelled_anew_is_one(tmp_path):
    report = json.loads(files("admin-claude-code")[0].read_text())
    day = next(day for day in report["data"] if len(day.get("model_breakdown", [])) == 1)
    plans = [day | {"subscription_type": plan} for plan in ("team", "enterprise")]
    actor = dict(reversed(day["actor"].items()))
    compact = json.dumps({"data": [*plans, plans[0] | {"actor": actor}]}, separators=(",", ":"))
    both = f"{json.dumps({'data': plans}, indent=1)}\n{compact}"
    row = {"sessionId": "subagents", "lastActivity": "2026-05-01", "inputTokens": 1}
    row |= {"outputTokens": 1, "cacheCreationTokens": 1}
    sessions = json.dumps({"sessions": [row | {"projectPath": path} for path in "ab"]})
    for source, text in (("admin-claude-code", both), ("ccusage", sessions)):
        path = tmp_path / "saved.json"
        path.write_text(text)
        assert len({copy[4] for copy in reads(path, source).copies}) == 2


def test_what_is_not_counted_is_said_and_is_in_no_number_of_writes(loaded):
    priced = loaded["codex"].priced()
    assert uncounted.writes(priced).startswith("Of 6 requests, 5 are of tools that do not count")
    assert uncounted.writes(loaded["claude"].requests) == ""
    assert priced.select(prompt().sum()).item() == 62000
    assert with_writes(priced).height == 1
    rates = dict(hits.formulas(priced).select("formula", "value").rows())
    assert rates["tokens"] == pytest.approx(37000 / 62000)
    assert rates["pair"] == pytest.approx(3000 / 5000)
    book = rebuilt(priced, loaded["codex"].events)
    assert book["rebuilt_tokens"].null_count() == 5
    models = data.by_model(loaded["gemini"].priced())
    assert models["write_tokens"].null_count() == models.height


def test_counts_of_other_tools_are_final_and_teach_nothing(loaded):
    priced = loaded["codex"].priced()
    assert is_final(priced).all()
    outputs = reconstruct.outputs(priced)
    assert outputs["expected_output_tokens"].to_list() == priced["output_tokens"].to_list()
    assert reconstruct.finals(priced).is_empty()
    eras = reconstruct.by_era(priced).filter(pl.col("requests") > 0)["era"].to_list()
    assert eras == ["Codex CLI", "all"]


@pytest.mark.parametrize("source", EACH)
def test_wherever_a_file_is_cut_its_lines_add_up(tmp_path, source):
    for number, path in enumerate(files(source)):
        whole = path.read_bytes()
        dice = random.Random(number)
        for cut in {0, 1, *(dice.randrange(len(whole)) for _ in range(12))}:
            made = tmp_path / path.relative_to(folder(source))
            made.parent.mkdir(parents=True, exist_ok=True)
            made.write_bytes(whole[:cut])
            ledger = reads(made, source).ledger
            assert ledger["lines"] == sum(ledger[c] for c in schema.LINE_CLASSES)
            assert ledger["bytes"] == cut


NASTY = [b'"x"', b"-1", b"1e999", b"99999999999999999999", b"null", b"[]", b"{}", b"NaN", b"\xff"]
NASTY += [b"[" * 5_000 + b"]" * 5_000, b'"\\ud83d"', b"true"]


@pytest.mark.parametrize("source", EACH)
def test_whatever_a_value_is_nothing_breaks(tmp_path, source):
    dice = random.Random(source)
    for path in files(source):
        whole = path.read_bytes()
        places = [m.span(1) for m in re.finditer(rb'":\s?("(?:[^"\\]|\\.)*"|-?[\d.]+)', whole)]
        for begin, end in dice.sample(places, min(30, len(places))):
            made = tmp_path / path.relative_to(folder(source))
            made.parent.mkdir(parents=True, exist_ok=True)
            made.write_bytes(whole[:begin] + dice.choice(NASTY) + whole[end:])
            found = reads(made, source)
            ledger = found.ledger
            assert ledger["lines"] == sum(ledger[c] for c in schema.LINE_CLASSES)
            for rows, table in ((found.copies, "copies"), (found.events, "events")):
                made_of = frame([list(c) for c in zip(*rows, strict=True)], table)
                assert schema.fits(made_of, table)


def test_a_neighbour_of_a_rejected_record_lives(loaded):
    assert loaded["admin-usage"].files["rejected_wrong_type"].sum() == 1
    assert loaded["codex"].files["extra_records"].sum() == 1
    assert loaded["ccusage"].files["rejected_out_of_range"].sum() == 1


def test_no_word_of_a_log_is_in_a_table(loaded):
    words = ("harbour", "reader@", "sample", "atlas", "ppppp", "xxxxx", "run_shell", "apply_patch")
    for name in EACH:
        for table in (loaded[name].copies, loaded[name].events, loaded[name].files):
            said = " ".join(map(str, table.select(pl.col(pl.String)).unique().rows()))
            assert not any(word in said for word in words)


def test_who_a_report_names_is_in_no_file_of_a_dataset(loaded):
    day = files("admin-claude-code")[0].read_text()
    noted = " ".join(read_manifest("admin-claude-code").ids)
    assert "@" in day
    assert "sum " in noted
    assert not any(said in noted for said in ("@", "reader", "actor", "email"))


def test_each_tool_s_folder_holds_its_logs_alone(tmp_path, monkeypatch, datasets):
    home = tmp_path / ".codex"
    shutil.copytree(folder("codex"), home)
    (home / "history.jsonl").write_text('{"session_id":"a","ts":1,"text":"a prompt"}\n')
    (home / "auth.json").write_text('{"data":[{"starting_at":"","results":[]}]}')
    (home / "auth.json").chmod(0)
    done = store.load_logs("home", str(home))
    assert done.files == 3
    packed = next(home.rglob("archived_sessions/*"))
    with gzip.open(f"{packed}.gz", "wb") as stream:
        stream.write(packed.read_bytes())
    packed.unlink()
    assert store.load_logs("home", str(home)).files == 3
    assert store.read("home").requests.height == 6


@pytest.mark.parametrize("source", EACH)
def test_a_file_by_itself_is_known_by_what_it_says(datasets, source):
    path = files(source)[0]
    assert sources.of(str(path), path.stat(), path) == source
    assert store.load_logs(f"one-{source}", str(path)).files == 1


def test_projects_of_all_tools_that_are_one_folder_are_one_project(loaded):
    from analysis.report.names import named_projects

    codex = named_projects(read_manifest("codex"))
    assert list(codex.values()) == ["atlas"]
    everything = loaded["all"].requests
    shared = everything.filter(pl.col("source").is_in(["codex", "opencode"]))["project"].unique()
    gemini = everything.filter(pl.col("source") == "gemini")["project"]
    assert set(shared) < set(gemini)


def test_logs_below_a_folder_that_is_called_as_a_tool_are_read(tmp_path, datasets):
    logs = tmp_path / "opencode" / "logs"
    shutil.copytree(folder("codex"), logs)
    assert store.load_logs("below", str(logs)).files == 3
    assert sources.of(str(logs / "a.jsonl"), None, logs) == sources.CLAUDE_CODE


def test_a_folder_of_nothing_known_is_told(tmp_path, datasets):
    (tmp_path / "a.json").write_text('{"name":"something else"}')
    (tmp_path / "b.txt").write_text("text")
    with pytest.raises(NoLogsError) as told:
        store.load_logs("nothing", str(tmp_path))
    assert all(label in str(told.value) for label in sources.labels().values())


def test_a_report_that_is_saved_again_with_all_it_said_is_stored_once(tmp_path, datasets):
    saved = tmp_path / "saved.json"
    said = json.loads(files("admin-usage")[0].read_text())
    for note in ("a", "b", "c"):
        saved.write_text(json.dumps({"note": note} | said))
        store.load_logs("again", str(saved))
    assert read_manifest("again").kept == []
    assert store.read("again").copies["message_id"].is_unique().all()
    said["data"][0]["results"].pop()
    saved.write_text(json.dumps(said))
    store.load_logs("again", str(saved))
    assert len(read_manifest("again").kept) == 1


def test_what_grows_or_is_saved_again_is_what_a_fresh_read_says(tmp_path, datasets):
    logs = tmp_path / "logs"
    shutil.copytree(folder("codex"), logs / "codex")
    shutil.copytree(folder("admin-usage"), logs / "saved")
    grown, saved = next(logs.rglob("rollout*00a.jsonl")), logs / "saved" / "usage-1.json"
    whole, page = grown.read_bytes(), json.loads(saved.read_text())
    grown.write_bytes(whole[:2000])
    less = page | {"data": [page["data"][0] | {"results": page["data"][0]["results"][:1]}]}
    saved.write_text(json.dumps(less))
    store.load_logs("grown", str(logs))
    grown.write_bytes(whole)
    saved.write_text(json.dumps(page))
    assert store.load_logs("grown", str(logs)).read == 2
    found = store.read("grown")
    assert found.requests.height == 6
    assert sums.rows(found)["output_tokens"].sum() == 6010
    saved.unlink()
    assert store.load_logs("grown", str(logs)).gone == 1
    assert sums.rows(store.read("grown"))["output_tokens"].sum() == 6010


def test_a_database_of_opencode_is_read_and_left_alone(tmp_path, datasets, loaded):
    path = tmp_path / "opencode" / "opencode-local.db"
    path.parent.mkdir()
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE message (id TEXT, session_id TEXT, data TEXT)")
    for message in files("opencode"):
        said = message.read_text()
        if said.endswith("}"):
            about = json.loads(said)
            row = (about.pop("id"), about.pop("sessionID"), json.dumps(about))
            database.execute("INSERT INTO message VALUES (?, ?, ?)", row)
    database.commit()
    before = sorted((p.name, p.read_bytes()) for p in path.parent.iterdir() if "shm" not in p.name)
    store.load_logs("db", str(path.parent))
    assert before == sorted(
        (p.name, p.read_bytes()) for p in path.parent.iterdir() if "shm" not in p.name
    )
    found, wanted = store.read("db").requests, loaded["opencode"].requests
    assert found.select(TOKENS).equals(wanted.select(TOKENS))
    assert found["message_id"].to_list() == wanted["message_id"].to_list()
    about["time"]["created"] += 1  # of the last, in the log beside the database alone
    about |= {"role": "assistant", "tokens": {"input": 1, "output": 1}}
    database.execute("INSERT INTO message VALUES ('', '', ?)", [json.dumps(about)])
    database.commit()
    assert store.load_logs("db", str(path.parent)).read == 1
    assert store.read("db").requests.height == found.height + 1
    assert store.load_logs("db", str(path.parent)).read == 0
    database.close()
    path.with_name("opencode-2.db").write_bytes(b"SQLite format 3\0 and no more")
    store.load_logs("db", str(path.parent))
    assert store.read("db").files["rejected_damaged"].sum() == 1


def test_a_message_that_is_read_before_it_is_finished_counts_once(tmp_path, datasets):
    said = next(json.loads(t) for p in files("opencode") if '"completed"' in (t := p.read_text()))
    path = tmp_path / "opencode" / "message" / "ses_a" / "msg_a.json"
    path.parent.mkdir(parents=True)
    begun = {"created": said["time"]["created"]}
    path.write_text(json.dumps(said | {"time": begun, "tokens": said["tokens"] | {"output": 1}}))
    store.load_logs("rewritten", str(path.parent))
    path.write_text(json.dumps(said))
    store.load_logs("rewritten", str(path.parent))
    found = store.read("rewritten").requests
    assert found.height == 1
    tokens = said["tokens"]
    assert found["output_tokens"].item() == tokens["output"] + tokens.get("reasoning", 0)


@pytest.mark.parametrize(
    "made",
    [
        "VIEW message AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 99999)"
        " SELECT 'a' session_id, '{}' data FROM n",
        "TABLE message (session_id TEXT, data AS (hex(zeroblob(9999))))",
        "VIRTUAL TABLE message USING fts5(session_id, data)",
    ],
)
def test_a_database_that_is_no_plain_table_is_not_read_on_and_on(tmp_path, made):
    path = tmp_path / "opencode.db"
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE {made}")
        if made.startswith("TABLE"):
            database.executemany("INSERT INTO message VALUES (?)", [("a",)] * 99)
    database.close()
    found = reads(path, "opencode").ledger
    assert found["lines"] < 9
    assert found["rejected_damaged"] + found["rejected_too_long"] == 1


def test_the_source_that_the_docs_add_is_one_file(tmp_path):
    """As docs/sources.md says: the file, the fixture, and nothing else."""
    page = (ROOT / "docs" / "sources.md").read_text()
    code, lines = (re.search(rf"```{kind}\n(.*?)```", page, re.S)[1] for kind in ("python", "json"))
    skipped = shutil.ignore_patterns("__pycache__", "report", "plots", "claims", "synth")
    shutil.copytree(ROOT / "analysis", tmp_path / "analysis", ignore=skipped)
    (tmp_path / "analysis" / "logs" / "sources" / "magpie.py").write_text(code)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "log-a.jsonl").write_text(lines)
    words = [sys.executable, "-m", "analysis", "load", "--logs", "logs", "--name", "birds"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "3 read, 1 rejected (1 wrong_type)" in done.stdout
    assert "1 in 1 session\n" in done.stdout
    assert "400 input, cache write not counted, 600 cache read, 50 output" in done.stdout
    assert "1 request does not say what was written" in done.stdout
