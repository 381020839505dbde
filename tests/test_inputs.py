"""A report's manifest says what it is and what it was made from; verify compares, make repairs."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from conftest import TEAM

from analysis import __main__ as command
from analysis import params, paths
from analysis.paths import ROOT
from analysis.report import page
from analysis.report.publish import RenderError, whole


@pytest.fixture
def copy(built, tmp_path):
    """A copy of the built report that a test may damage."""
    for made in ("build", "data", "reports"):
        shutil.copytree(built[0] / made, tmp_path / made, symlinks=True)
    return tmp_path


def run(word, out):
    """Run a command on the dataset `toy` with its generated folders under `out`."""
    env = os.environ | {"CACHE_MARGIN_OUT": str(out)}
    words = [sys.executable, "-m", "analysis", word, "--name", "toy"]
    return subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True)


def test_a_report_that_is_whole_is_verified(copy):
    done = run("verify", copy)
    assert done.returncode == 0, done.stderr
    assert "verified toy: the report is what was made from them, each file of it" in done.stdout


def test_whatever_of_a_report_has_changed_is_told_by_its_name(copy):
    report = copy / "reports" / "toy"
    (report / "index.html").write_bytes(b"edited")
    (report / "tables" / "tab-data-ledger.csv").unlink()
    (report / "more.txt").touch()
    with (copy / "build" / "toy" / "13-adoption.ipynb").open("a") as stream:
        stream.write("\n")
    for values in (copy / "build" / "toy").glob("*.params.json"):
        values.write_text(values.read_text().replace('"UTC"', '"Asia/Tokyo"'))
    (copy / "data" / "processed" / "toy" / "crosscheck.json").touch()
    done = run("verify", copy)
    assert done.returncode == 1
    assert [line.strip() for line in done.stderr.splitlines()[1:-1]] == [
        "tables/tab-data-ledger.csv is gone",
        "more.txt does not belong there",
        "index.html has changed",
        "the parameters are no more those it was made from",
        "the numbers of ccusage are no more those it was made from",
        "the executed notebooks are no more those it was made from",
    ]
    assert done.stderr.endswith("`make report NAME=toy` makes it again\n")


def test_notebooks_of_two_runs_make_no_page(copy):
    """As when a second run writes its parameters while the first one's notebooks run."""
    manifest = copy / "reports" / "toy" / "manifest.json"
    before = manifest.read_bytes()
    values = copy / "build" / "toy" / "03-margin.params.json"
    values.write_text(values.read_text().replace('"since": ""', '"since": "2026-03-01"'))
    done = run("render", copy)
    assert done.returncode == 1
    assert "03-margin ran with other parameters than this run: another run" in done.stderr
    assert manifest.read_bytes() == before


def test_what_changes_while_a_page_is_made_keeps_it_from_its_place(copy, monkeypatch):
    for module in ("params", "report.page", "report.inputs", "report.names"):
        monkeypatch.setattr(f"analysis.{module}.BUILD", copy / "build")
    monkeypatch.setattr(page, "REPORTS", copy / "reports")
    monkeypatch.setattr("analysis.paths.PROCESSED", copy / "data" / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", copy / "data" / "private")

    def meanwhile(*_):
        with (copy / "build" / "toy" / "13-adoption.ipynb").open("a") as stream:
            stream.write("\n")

    before = (copy / "reports" / "toy" / "manifest.json").read_bytes()
    monkeypatch.setattr(page, "gate", meanwhile)
    with pytest.raises(RenderError, match="the executed notebooks changed meanwhile: another run"):
        page.build("toy")
    assert (copy / "reports" / "toy" / "manifest.json").read_bytes() == before


def test_the_manifest_names_nobody_and_no_place(built):
    text = (built[0] / "reports" / "toy" / "manifest.json").read_text()
    told = json.loads(text)
    assert told["schema"] == 2
    assert told["inputs"].keys() == {
        "parameters",
        "prices",
        "lock",
        "names",
        "tables",
        "crosscheck",
        "team",
        "notebooks",
    }
    assert all(told["inputs"]["tables"].values())
    digests = [
        *told["files"].values(),
        *told["inputs"]["notebooks"].values(),
        told["inputs"]["lock"],
    ]
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in digests)
    assert str(built[0]) not in text
    assert not re.search(r"batch-|/home/|\.jsonl", text)


@pytest.mark.parametrize("damage", ["index.html", "figures", "manifest.json", ""])
def test_a_report_that_is_not_whole_is_out_of_date(copy, monkeypatch, damage):
    """`prepare` then touches what make compares the page with; it leaves a whole one alone."""
    chapters = copy / "build" / "toy" / "chapters.txt"
    for name in ("BUILD", "REPORTS", "PROCESSED", "PRIVATE"):
        here = {"PROCESSED": "data/processed", "PRIVATE": "data/private"}.get(name, name.lower())
        monkeypatch.setattr(paths, name, copy / here)
    monkeypatch.setattr(params, "BUILD", copy / "build")
    monkeypatch.setattr("analysis.makerules.BUILD", copy / "build")
    before = chapters.stat().st_mtime_ns
    report = copy / "reports" / "toy"
    if damage == "figures":
        shutil.rmtree(report / damage)
    elif damage:
        (report / damage).write_bytes(b"{}")
    assert whole(report) == (not damage)
    assert command.main(["prepare", "--name", "toy", f"team={TEAM}"]) == 0
    assert (chapters.stat().st_mtime_ns > before) == bool(damage)
