"""The command line: what it says when something is wrong, and that it stops there."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from analysis.__main__ import COMMANDS, UNHEARD
from analysis.paths import ROOT, SAMPLE


def run(tmp_path, *words, **env):
    """Run `python -m analysis` with a HOME and generated folders of its own."""
    own = {"CACHE_MARGIN_OUT": str(tmp_path / "out"), "HOME": str(tmp_path / "home")}
    (tmp_path / "home").mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "analysis", *words],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if k != "CLAUDE_CONFIG_DIR"} | own | env,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["load", "--logs", "/nowhere"], "load: no such folder: /nowhere"),
        (
            ["load", "--logs", "auto"],
            "load: no logs in ~/.claude,~/.config/claude: name the folder",
        ),
        (["load", "--name", "mine"], "load: no dataset 'mine' (there are: none yet)"),
        (["load", "--name", "../up", "--logs", "."], "load: NAME='../up': use letters, digits"),
        (["clean", "--name", "../.."], "clean: NAME='../..': use letters, digits"),
        (["prepare", "since=March"], "prepare: since='March': a day as YYYY-MM-DD"),
        (["prepare", "colour=red"], "prepare: unknown parameter 'colour'"),
    ],
)
def test_a_mistake_is_one_clear_line_and_no_traceback(tmp_path, words, told):
    done = run(tmp_path, *words)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_folder_says_what_was_looked_for(tmp_path):
    (tmp_path / "logs").mkdir()
    done = run(tmp_path, "load", "--logs", str(tmp_path / "logs"))
    assert done.returncode == 1
    assert "no logs under" in done.stderr


def test_the_default_loads_the_sample_and_never_private_logs(tmp_path):
    private = tmp_path / "home" / ".claude" / "projects" / "p"
    private.mkdir(parents=True)
    (private / "a.jsonl").write_text("{}\n")
    done = run(tmp_path, "load")
    assert done.returncode == 0, done.stderr
    assert "loaded sample: " in done.stdout
    assert [p.name for p in (tmp_path / "out" / "data" / "processed").iterdir()] == ["sample"]


def test_auto_honours_the_config_dir(tmp_path):
    project = tmp_path / "config" / "projects" / "p"
    project.mkdir(parents=True)
    (project / "a.jsonl").write_text('{"type":"summary"}\n')
    done = run(tmp_path, "load", "--logs", "auto", CLAUDE_CONFIG_DIR=str(tmp_path / "config"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("loaded mine: 1 file, 1 new or changed\n")


def test_a_load_says_what_is_in_the_tables_and_says_the_same_again(tmp_path):
    first, second = run(tmp_path, "load").stdout, run(tmp_path, "load").stdout
    assert first.splitlines()[1:] == [
        "lines      1,979 read, 1 rejected (1 not_json)",
        "requests   516 in 50 sessions",
        "span       2026-02-02 to 2026-04-12 (UTC)",
        "tokens     1,879 input, 5,613,157 cache write, 25,686,024 cache read, 133,955 output",
    ]
    assert first.startswith("loaded sample: 56 files, 56 new or changed\n")
    assert second == first.replace("56 new", "0 new")


def test_what_is_lost_for_good_is_said(tmp_path):
    logs = tmp_path / "logs"
    shutil.copytree(SAMPLE / "projects", logs)
    run(tmp_path, "load", "--logs", str(logs))
    before = len([*logs.rglob("*.jsonl")])
    gone = next(logs.rglob("*.jsonl"))
    lines = len(gone.read_bytes().splitlines())
    gone.unlink()
    for part in (tmp_path / "out" / "data" / "processed" / "mine").rglob("copies.parquet"):
        part.write_bytes(part.read_bytes()[::-1])
    done = run(tmp_path, "load", "--logs", str(logs))
    told = f"LOST as tables and logs are gone: 1 file with {lines} lines and "
    assert told in done.stdout, done.stderr
    assert f"{before - 1} files, {before - 1} new or changed" in done.stdout


def test_verify_ends_well_or_says_what_differs(tmp_path):
    assert run(tmp_path, "load").returncode == 0
    done = run(tmp_path, "verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"verified sample: 56 files, \d+ rows: the tables .*\n", done.stdout)
    for part in (tmp_path / "out" / "data" / "processed" / "sample").rglob("files.parquet"):
        part.write_bytes(part.read_bytes()[::-1])
    done = run(tmp_path, "verify")
    assert done.returncode == 1
    assert "verify: the tables of 'sample' are damaged" in done.stderr
    assert "verify: no dataset 'x'" in run(tmp_path, "verify", "--name", "x").stderr


def test_a_name_that_holds_other_logs_is_refused(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.jsonl").write_text('{"type":"summary"}\n')
    assert run(tmp_path, "load", "--logs", str(tmp_path / "one")).returncode == 0
    done = run(tmp_path, "load", "--logs", str(tmp_path / "two"))
    assert done.returncode == 1
    assert "dataset 'mine' holds the logs of" in done.stderr
    assert "NAME=" in done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_who_has_seen_enough_is_no_fault(tmp_path, unbuffered):
    done = subprocess.run(
        ["bash", "-c", f"'{sys.executable}' -m analysis load | true; echo ${{PIPESTATUS[0]}}"],
        cwd=ROOT,
        env=os.environ | {"CACHE_MARGIN_OUT": str(tmp_path), "PYTHONUNBUFFERED": unbuffered},
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == (f"{UNHEARD}\n", "")


def test_help_names_every_command(tmp_path):
    said = run(tmp_path, "--help").stdout
    for name, function in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(function.__doc__)}$", said, re.M)


@pytest.mark.parametrize("words", [[], ["reprot"]])
def test_no_command_or_a_wrong_one_is_answered_with_the_list(tmp_path, words):
    done = run(tmp_path, *words)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m analysis")
    assert all(f"\n  {name} " in done.stderr for name in COMMANDS)
    assert "COMMAND" in done.stderr.splitlines()[-1]


def test_clean_removes_one_dataset_and_leaves_the_other(tmp_path):
    assert run(tmp_path, "load").returncode == 0
    assert run(tmp_path, "load", "--logs", str(SAMPLE)).returncode == 0
    assert run(tmp_path, "clean").returncode == 0
    data = tmp_path / "out" / "data"
    assert [p.name for p in (data / "processed").iterdir()] == ["mine"]
    assert [p.name for p in (data / "private").iterdir()] == ["mine"]


def test_clean_refuses_to_remove_what_exists_nowhere_else(tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    for name in ("a", "b"):
        (logs / f"{name}.jsonl").write_text('{"type":"summary"}\n')
    assert run(tmp_path, "load", "--logs", str(logs)).returncode == 0
    (logs / "a.jsonl").unlink()
    refused = run(tmp_path, "clean", "--name", "mine")
    assert refused.returncode == 1
    assert "keeps the rows of 1 log file that cannot be read from disk" in refused.stderr
    assert run(tmp_path, "clean", "--name", "mine", "--force").returncode == 0
    assert "nothing is called 'mine'" in run(tmp_path, "clean", "--name", "mine").stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["summary", "--name", "nope"], "no report of 'nope' yet"),
        (["run", "99-nothing"], "no notebook 99-nothing: 00-data"),
    ],
)
def test_what_is_not_there_is_said(tmp_path, words, told):
    done = run(tmp_path, *words)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
