"""The bundle: exactly what belongs in it, nothing that tells whose it is, the same bytes again."""

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import polars as pl
import pytest
from bs4 import BeautifulSoup
from conftest import require
from stores import grow, update

from analysis.__main__ import main
from analysis.claims import claims
from analysis.logs import store
from analysis.paths import FACTS, ROOT
from analysis.report import bundle, redacted
from analysis.report.builds import beside, drafts_of
from analysis.report.finished import finished
from analysis.report.pictures import leads
from analysis.report.privacy import PrivacyError
from analysis.report.publish import RenderError
from analysis.report.sharing import draft

ID = r"(msg|req|toolu)_|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-|synthetic"


def no_pictures(report, folder):
    """Stand in for the browser: a file for each that it draws."""
    (folder / "social").mkdir()
    (folder / "report.pdf").write_text("page")
    for svg in (folder / "figures").glob("*.svg"):
        svg.with_suffix(".png").write_text(svg.name)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(bundle, "_draw", no_pictures)


@pytest.fixture(scope="module")
def unpacked(handed, tmp_path_factory):
    """A bundle without what the browser draws, unpacked; and its zip."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundle, "_draw", no_pictures)
        packed = bundle.write_bundle("toy")
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    return folder / "toy", packed.read_bytes()


@pytest.fixture(scope="module")
def tables(unpacked):
    data = unpacked[0] / "data"
    return {path.stem: pl.read_parquet(path) for path in data.glob("*.parquet")}


def test_it_holds_the_report_and_what_was_made_of_it(handed, unpacked):
    """Each figure thrice, each table once."""
    folder, _ = unpacked
    report = handed / "reports" / "toy"
    page = BeautifulSoup((report / "index.html").read_text(), "html.parser")
    labels = [figure["id"] for figure in page.select("figure[id^=fig-]")]
    wanted = {f"figures/{label}.{kind}" for label in labels for kind in ("svg", "png", "csv")}
    wanted |= {f"tables/{path.name}" for path in (report / "tables").iterdir()}
    wanted |= {f"notebooks/{p.name}" for p in (ROOT / "notebooks").glob("[0-9]*.ipynb")}
    wanted |= {"data/requests.parquet", "data/events.parquet", "report.pdf", "index.html"}
    facts = [path.relative_to(ROOT).as_posix() for path in FACTS.iterdir()]
    wanted |= {name for name in facts if name.endswith((".csv", "/README.md"))}
    wanted |= {"scorecard.csv", "scorecard.json", "README.md", "CITATION.cff", "LICENSE"}
    wanted |= {"manifest.json", "SHA256SUMS"}
    assert {path.relative_to(folder).as_posix() for path in bundle.files(folder)} == wanted
    for name in ("index.html", "figures/fig-margin-eras.csv", "tables/tab-data-ledger.csv"):
        assert (folder / name).read_bytes() == (report / name).read_bytes()
    for name in re.findall(r"data/raw/facts/[\w-]+\.csv", page.get_text()):
        assert (folder / name).read_bytes() == (ROOT / name).read_bytes()


def test_the_manifest_has_the_digest_of_every_file_and_the_report_s_inputs(handed, unpacked):
    folder, _ = unpacked
    manifest = json.loads((folder / "manifest.json").read_text())
    names = {p.relative_to(folder).as_posix() for p in bundle.files(folder)}
    assert manifest["files"].keys() == names - {"manifest.json", "SHA256SUMS"}
    for name, digest in manifest["files"].items():
        assert digest == hashlib.sha256((folder / name).read_bytes()).hexdigest()
    made = json.loads((handed / "reports" / "toy" / "manifest.json").read_text())
    assert manifest["inputs"] == made["inputs"]
    assert manifest["inputs"]["parameters"]["policy"] == "largest"


def readme(folder, language):
    return re.findall(rf"```{language}\n(.*?)```", (folder / "README.md").read_text(), re.S)


def test_the_readme_s_check_finds_nothing_and_a_changed_file(unpacked, tmp_path):
    folder = shutil.copytree(unpacked[0], tmp_path / "toy")
    (command,) = readme(folder, "sh")
    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (folder / "scorecard.csv").write_text("better")
    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 1
    assert "scorecard.csv: FAILED" in done.stdout


def test_the_readme_s_three_lines_run(unpacked, tables):
    (lines,) = readme(unpacked[0], "python")
    assert len(lines.splitlines()) == 3
    done = subprocess.run(
        [sys.executable, "-c", lines], cwd=unpacked[0], capture_output=True, text=True, check=True
    )
    assert all(model in done.stdout for model in tables["requests"]["model"].unique())


def test_the_readme_says_what_each_file_is_and_what_dollars_are(unpacked):
    folder, _ = unpacked
    text = (folder / "README.md").read_text()
    assert all(f"`{p.name}" in text for p in folder.iterdir() if p.name != "README.md")
    assert "List-price dollars, not an invoice." in text
    assert "The logs of this dataset are synthetic." in text
    assert "policy largest" in text
    for column in {*redacted.REQUESTS, *redacted.EVENTS}:
        assert f"| `{column}` | " in text


def test_the_scorecard_has_every_claim_with_its_verdict(unpacked):
    folder, _ = unpacked
    rows = json.loads((folder / "scorecard.json").read_text())
    assert {row["claim"] for row in rows} == set(claims()["claim"])
    assert all(row["verdict"] for row in rows)
    flat = pl.read_csv(folder / "scorecard.csv", infer_schema_length=None)
    assert flat["verdict"].to_list() == [row["verdict"] for row in rows]


def test_the_tables_have_their_columns_and_every_row(tables):
    logs = store.read("toy")
    assert tables["requests"].columns == list(redacted.REQUESTS)
    assert tables["events"].columns == list(redacted.EVENTS)
    assert tables["requests"].height == logs.requests.height
    assert tables["events"].height == logs.events.height
    priced = logs.priced()
    for column in ("output_tokens", "read_tokens", "total_nano"):
        assert tables["requests"][column].sum() == priced[column].sum()


def test_the_types_are_those_of_the_tables(tables):
    logs = store.read("toy")
    assert tables["events"].schema == redacted.events(logs, logs).schema
    assert tables["requests"].schema == redacted.requests(logs, logs).schema


def test_no_column_that_is_not_thought_about_gets_in():
    """What the store adds stays out; what is in by now is in no list of ids."""
    kept = {*redacted.REQUESTS, *redacted.EVENTS}
    assert not kept & {"message_id", "request_id", "parent_message_id", "file", "bytes", "skipped"}


def test_ids_are_labels(tables):
    for frame in tables.values():
        for column in frame.select(pl.col(pl.String)).columns:
            assert not frame[column].drop_nulls().str.contains(ID).any(), column
        assert frame["session"].str.contains(r"^session-\d{8}-\d{4}(-\d+)?$").all()
        assert frame["agent"].drop_nulls().str.contains(r"^agent-\d\d+$").all()
        assert frame["project"].str.contains(r"^project-\d\d+$").all()
    logs = store.read("toy")
    assert tables["requests"]["session"].n_unique() == logs.requests["session"].n_unique()
    chains = ("session", "agent")
    assert tables["requests"].n_unique(chains) == logs.requests.n_unique(chains)
    assert tables["requests"]["agent"].null_count() == logs.requests["agent"].null_count()


def test_times_are_of_the_minute_unless_asked_for(tables, handed):
    logs = store.read("toy")
    times = [pl.col(pl.Datetime("us", "UTC"))]
    for frame in tables.values():
        assert frame.select(times).width
        floored = frame.select(times).with_columns(pl.all().dt.truncate("1m"))
        assert frame.select(times).equals(floored)
    exact = redacted.requests(logs, logs, exact=True)
    assert exact["first_seen"].to_list() == sorted(logs.requests["first_seen"])
    late = exact["first_seen"] - tables["requests"]["first_seen"]
    assert dt.timedelta(0) <= late.min() < late.max() < dt.timedelta(minutes=1)


def test_labels_do_not_hang_on_the_days_that_were_chosen(tables):
    whole = store.read("toy")
    days = whole.where(since="2026-03-15")
    rows = redacted.requests(whole, days)
    assert 0 < rows.height < tables["requests"].height
    assert rows.equals(tables["requests"].tail(rows.height))


def test_labels_stay_when_logs_come_and_go(logs):
    found = []
    for _ in range(2):
        update(logs)
        whole = store.read("mine")
        rows = redacted.requests(whole, whole, exact=True)
        found.append(set(rows.select("project", "session").iter_rows()))
        if len(found) == 1:
            grow(logs)
    assert found[0] < found[1]
    assert (len(found[0]), len(found[1])) == (2, 3)


def test_the_same_report_gives_the_same_zip(unpacked, quick, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("HOME", "/nowhere")
    monkeypatch.setattr(bundle, "gate", lambda folder, name: None)  # it has passed once
    assert bundle.write_bundle("toy").read_bytes() == unpacked[1]


def test_the_zip_has_no_dates_and_no_modes_of_its_own(unpacked, handed):
    with zipfile.ZipFile(handed / "reports" / "toy.zip") as archive:
        entries = archive.infolist()
    names = [entry.filename for entry in entries]
    assert names == sorted(names)
    assert all(name.startswith("toy/") for name in names)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}


@pytest.mark.parametrize(
    "leak",
    ["README.md", "figures/fig-margin-eras.csv", "notebooks/03-margin.ipynb", "data/more.parquet"],
)
def test_a_leak_in_any_file_gives_no_zip(handed, quick, monkeypatch, leak):
    def leaky(report, folder, **_):
        path = folder / leak
        path.parent.mkdir(exist_ok=True)
        secret = "/home/mallory/work"
        if leak.endswith("parquet"):
            pl.DataFrame({"cwd": [secret] * 9}).write_parquet(path)
        else:
            path.write_text(json.dumps({"cells": [secret]}))

    target = handed / "reports" / "toy.zip"
    target.write_text("an older one")
    monkeypatch.setattr(bundle, "fill", leaky)
    with pytest.raises(PrivacyError) as refused:
        bundle.write_bundle("toy")
    assert leak in str(refused.value)
    assert "mallory" not in str(refused.value)
    assert not target.exists()
    assert not [*(handed / "reports" / ".builds").glob(".toy.*")]


def test_only_a_finished_report_is_packed(handed, quick):
    page = (handed / "reports" / "toy" / "index.html").resolve()
    text = page.read_text()
    page.write_text("edited")
    with pytest.raises(RenderError, match="not as it was made: make report NAME=toy"):
        finished("toy")
    page.write_text(text)
    notebook = handed / "build" / "toy" / "03-margin.ipynb"
    text = notebook.read_text()
    notebook.write_text(text.replace("97.7", "97.8"))
    with pytest.raises(
        RenderError, match="older than the executed notebooks: make report NAME=toy"
    ):
        bundle.write_bundle("toy")
    notebook.write_text(text)
    with pytest.raises(RenderError, match="no report of 'absent' yet: make report NAME=absent"):
        finished("absent")


MANIFEST = "reports/toy/manifest.json"  # beside the digests of its files, what it was made from


@pytest.mark.parametrize(
    ("changed", "before", "after", "called"),
    [
        ("build/toy/17-scorecard.ipynb", b"{", b" {", "the executed notebooks"),
        ("build/toy/names.txt", b"labels", b"real", "the names of projects"),
        (MANIFEST, b'"tables": {', b'"tables": {"more": [],', "the tables"),
        (MANIFEST, b'"parameters": {', b'"parameters": {"more": 1,', "the parameters"),
        (MANIFEST, b'"prices": {', b'"prices": {"more": 1,', "the prices"),
    ],
)
def test_a_report_is_older_than_whatever_it_was_made_from(handed, changed, before, after, called):
    path = handed / changed
    kept = path.read_bytes()
    assert before in kept
    path.write_bytes(kept.replace(before, after, 1))
    try:
        with pytest.raises(RenderError, match=f"older than {called}: make report NAME=toy"):
            finished("toy")
    finally:
        path.write_bytes(kept)


def test_with_real_names_readme_and_pictures_say_so(handed):
    manifest = (handed / "reports" / "toy" / "manifest.json").resolve()
    chosen = handed / "build" / "toy" / "names.txt"
    kept = manifest.read_text(), chosen.read_text()
    plain = bundle._readme(finished("toy"), exact_times=False)
    try:
        manifest.write_text(kept[0].replace('"names": "labels"', '"names": "real"'))
        chosen.write_text("real\n")
        report = finished("toy")
    finally:
        manifest.write_text(kept[0])
        chosen.write_text(kept[1])
    named = bundle._readme(report, exact_times=False)
    assert "**This page names projects**" in named
    assert "**Projects have their names**" in named
    assert "This page names" not in plain
    for claim in (
        "or project name",
        "Projects, sessions and subagents are labels",
        "the names and",
    ):
        assert claim in plain
        assert claim not in named
    stamps = {card.stamp for card in leads(report) if card.stamp}
    assert stamps
    assert all(stamp.endswith(", real project names") for stamp in stamps)


def test_what_a_killed_one_left_goes_with_the_next(handed):
    drafts = handed / "reports" / ".builds"
    left = drafts / ".toy.making" / "toy" / "social"
    left.mkdir(parents=True)
    (left / "fig-x.png").touch()
    other = drafts / ".toyland.making"
    other.mkdir()
    with draft("toy") as folder:
        assert [*folder.iterdir()] == []
        assert folder.parent == left.parent.parent
    assert not left.exists()
    assert drafts_of("toy", handed / "reports") == []
    assert other.exists()
    other.rmdir()


def test_clean_removes_every_draft_of_its_report_and_no_other_s(tmp_path):
    drafts = [".toy.making", ".toy.draft", ".toy.link"]
    (tmp_path / ".builds").mkdir()
    for name in (*drafts, ".toyland.draft", ".toy-2.link", ".lock"):
        (tmp_path / ".builds" / name).touch()
    assert sorted(path.name for path in drafts_of("toy", tmp_path)) == sorted(drafts)


def test_what_was_made_of_a_report_is_known_to_be_its(tmp_path):
    for name in ("toy.zip", "toy.pdf", "toy.txt", "toyland.zip"):
        (tmp_path / name).write_text("")
    (tmp_path / "toy.figures").mkdir()
    assert [path.name for path in beside("toy", tmp_path)] == ["toy.pdf", "toy.figures", "toy.zip"]


def test_make_passes_on_that_times_stay_exact():
    def said(*words):
        env = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
        command = ["make", "-n", "bundle", "NAME=sample", *words]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
        assert "EXACT_TIMES=" not in re.search(r"analysis prepare.*", done.stdout)[0]
        return done.stdout.strip().splitlines()[-1].split("analysis ")[1].strip()

    assert said() == said("EXACT_TIMES=0") == said("EXACT_TIMES=no") == 'bundle --name "sample"'
    for yes in ("1", "yes", "true"):
        assert said(f"EXACT_TIMES={yes}") == 'bundle --name "sample" --exact-times'


def drawn(handed, monkeypatch):
    """Run the command, gate aside, and return where the bundle is."""
    require("browser", shutil.which("chromium") is not None, "Debian's chromium is not installed")
    monkeypatch.setattr(bundle, "gate", lambda folder, name: None)  # below
    assert main(["bundle", "--name", "toy"]) == 0
    return handed / "reports" / "toy.zip"


@pytest.mark.long
def test_the_command_packs_everything(handed, capsys, monkeypatch):
    """With what only the browser draws."""
    target = drawn(handed, monkeypatch)
    assert hashlib.sha256(target.read_bytes()).hexdigest() in capsys.readouterr().out
    with zipfile.ZipFile(target) as archive:
        names = archive.namelist()
        assert archive.read("toy/report.pdf").startswith(b"%PDF-")
        social, chapters = (
            [name for name in names if name.startswith(f"toy/{folder}/")]
            for folder in ("social", "notebooks")
        )
        assert len(social) == len(chapters)
        for name in names:
            if name.endswith(".svg"):
                assert archive.read(name.replace(".svg", ".png")).startswith(b"\x89PNG")


@pytest.mark.long
@pytest.mark.exhaustive
def test_what_the_browser_draws_is_the_same_each_time(handed, tmp_path, monkeypatch):
    first = shutil.copy(drawn(handed, monkeypatch), tmp_path)
    with zipfile.ZipFile(first) as one, zipfile.ZipFile(drawn(handed, monkeypatch)) as other:
        assert one.namelist() == other.namelist()
        assert [name for name in one.namelist() if one.read(name) != other.read(name)] == []


@pytest.mark.long
@pytest.mark.exhaustive
def test_what_the_browser_draws_passes_the_gate(handed):
    """It reads every page of the PDF, which takes a minute."""
    require("browser", shutil.which("chromium") is not None, "Debian's chromium is not installed")
    assert bundle.write_bundle("toy").exists()
