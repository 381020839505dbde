"""make re-runs just what depends on a change. Asked with `make -n`: nothing is executed."""

import json
import os
import re
import shutil
import subprocess
import sys
import time

import pytest
from trees import surroundings

from analysis import asked as switch
from analysis.asked import YES
from analysis.makerules import modules
from analysis.params import cells, chapters, defaults
from analysis.paths import ROOT
from analysis.report.publish import sha256

KEPT = ("Makefile", "analysis", "notebooks", "data/raw", "requirements.lock", "params.yml")
CHAPTERS = chapters({})
ALL = [n.stem for n in CHAPTERS]


def users(path):
    """Return the chapters that import a module, directly or not."""
    return [n.stem for n in CHAPTERS if path in modules(*cells(n))]


@pytest.fixture
def tree(finished, tmp_path):
    """A copy of a finished tree for one test to change."""
    return shutil.copytree(finished, tmp_path / "tree")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The project as if `make report` had just finished."""
    tmp_path = tmp_path_factory.mktemp("finished")
    for name in KEPT:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, tmp_path / name)
    old = time.time() - 100
    _age(tmp_path, old)
    prepare(tmp_path)
    for made in ("build", "data/processed"):
        _age(tmp_path / made, old)
    done = [tmp_path / "build/sample" / n.name for n in (tmp_path / "notebooks").glob("[0-9]*")]
    for age, path in enumerate([*done, tmp_path / "reports/sample/index.html"]):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (old + 10 + age, old + 10 + age))
    (tmp_path / "build/sample/summary.txt").touch()
    whole = {"files": {"index.html": sha256(b"")}}
    (tmp_path / "reports/sample/manifest.json").write_text(json.dumps(whole))
    return tmp_path


def _age(folder, stamp):
    for path in folder.rglob("*"):
        os.utime(path, (stamp, stamp))


def prepare(tree, *words):
    command = [sys.executable, "-m", "analysis", "prepare", *words]
    subprocess.run(command, cwd=tree, env=surroundings(), check=True, capture_output=True)


def printed(command, folder=ROOT):
    """Return what a command prints, whatever the make around these tests has set."""
    return subprocess.check_output(command, cwd=folder, env=surroundings(), text=True)


def would_run(tree):
    """Return the chapters that make would run, and whether it would render the page."""
    command = ["make", "-n", "--no-print-directory", "pages", "NAME=sample"]
    (stale,) = re.findall(r' -m analysis build --name "sample"(.*)$', printed(command, tree), re.M)
    chapters = re.findall(r" notebooks/(\S+)\.ipynb", stale)
    return chapters, stale.endswith(" page")


def test_nothing_changed_nothing_runs(tree):
    assert would_run(tree) == ([], False)


@pytest.mark.parametrize(
    ("changed", "chapters"),
    [
        ("notebooks/03-margin.ipynb", ["03-margin"]),
        ("analysis/plots/data.py", users("analysis/plots/data.py")),
        ("analysis/words/margin.py", users("analysis/words/margin.py")),
        ("analysis/prices.py", ALL),
        ("analysis/report/suite.mplstyle", ALL),
        ("data/raw/facts/cases.csv", ALL),
        ("requirements.lock", ALL),
        ("analysis/report/template/report.css", []),
        ("analysis/report/bind.py", []),
    ],
)
def test_a_change_runs_what_depends_on_it(tree, changed, chapters):
    (tree / changed).touch()
    assert would_run(tree) == (chapters, True)


@pytest.mark.parametrize("changed", ["analysis/synth/world.py", "README.md", "tests/conftest.py"])
def test_what_no_chapter_uses_changes_nothing(tree, changed):
    (tree / changed).parent.mkdir(exist_ok=True)
    (tree / changed).touch()
    assert would_run(tree) == ([], False)


def test_a_permission_given_or_taken_back_renders_the_page(finished):
    page = finished / "reports/sample/index.html"
    allowed = finished / "data/private/sample/allowed.txt"
    files = (page, finished / "build/sample/allowed.sha256")
    before = [(path, path.stat().st_mtime) for path in files]
    allowed.write_text("atlas\n")
    prepare(finished)
    assert would_run(finished) == ([], True)
    page.touch()
    assert would_run(finished) == ([], False)
    allowed.unlink()
    prepare(finished)
    assert would_run(finished) == ([], True)
    for path, stamp in before:
        os.utime(path, (stamp, stamp))
    assert would_run(finished) == ([], False)


def test_a_parameter_runs_the_chapters_that_have_it(finished):
    build = finished / "build/sample"
    before = [(path, path.stat().st_mtime) for path in build.glob("*.params.json")]
    prepare(finished, "policy=largest")  # as it was
    assert would_run(finished) == ([], False)
    prepare(finished, "since=2026-02-01")
    having = [n.stem for n in CHAPTERS if "since" in defaults(n)]
    assert would_run(finished) == (having, True)
    prepare(finished)
    for path, stamp in before:
        os.utime(path, (stamp, stamp))
    assert would_run(finished) == ([], False)


def test_a_team_has_its_chapter_as_long_as_a_parameter_names_it(finished):
    before = [(p, p.stat().st_mtime) for p in (finished / "build/sample").glob("*.*")]
    team = finished / "data/processed/makers/team.json"
    team.parent.mkdir(parents=True)
    for said in ("{}", "{ }"):  # another import
        team.write_text(said)
        prepare(finished, "team=makers")
        assert would_run(finished) == (["18-team"], True)
        _as(before)
        assert would_run(finished) == ([], False)
    prepare(finished)
    assert would_run(finished) == ([], True)
    _as(before)
    shutil.rmtree(team.parent)
    assert would_run(finished) == ([], False)


def _as(stamps):
    for path, stamp in stamps:
        os.utime(path, (stamp, stamp))


def test_a_comparison_with_another_tool_runs_the_chapter_that_shows_it(finished):
    compared = finished / "data/processed/sample/crosscheck.json"
    stamp = finished / "build/sample/crosscheck.sha256"
    before = stamp.stat().st_mtime
    compared.touch()
    prepare(finished)
    assert would_run(finished) == (["00-data"], True)
    compared.unlink()
    prepare(finished)
    os.utime(stamp, (before, before))
    assert would_run(finished) == ([], False)


def test_a_new_log_runs_everything(tree):
    log = min((tree / "data/raw/sample/projects/-home-sample-atlas").glob("*.jsonl"))
    with log.open("a") as stream:
        stream.write('{"type":"summary"}\n')
    prepare(tree)
    assert would_run(tree) == (ALL, True)


def test_help_lists_every_target_with_what_it_does():
    said = printed(["make"])
    (phony,) = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)
    explained = re.findall(r"^  make ([a-z-]+) +\S", said, re.M)
    assert sorted(explained) == sorted({*phony.split()} - {"pages"})
    assert "LOGS=" in said
    assert "QUESTION=" in said


def test_own_prices_run_everything_when_they_come_and_when_they_go(finished):
    prepare(finished)
    _age(finished / "build/sample", time.time() - 50)
    (finished / "data/raw/prices.csv").write_text(
        "model,input,write_5m,write_1h,read,output\nclaude-opus-4-7,1,1,1,1,1\n"
    )
    prepare(finished)
    assert would_run(finished)[0] == ALL
    _age(finished / "build/sample", time.time() - 50)
    (finished / "data/raw/prices.csv").unlink()
    prepare(finished)
    assert would_run(finished)[0] == ALL


def test_real_names_run_everything_when_they_come_and_when_they_go(finished):
    for words in (["--real-names"], []):
        _age(finished / "build/sample", time.time() - 50)
        prepare(finished, *words)
        assert would_run(finished)[0] == ALL
    _age(finished / "build/sample", time.time() - 50)
    prepare(finished)  # as it was
    assert would_run(finished)[0] == []


def asked(*words, **env):
    """Return what `make -n report` would ask of the package."""
    command = ["make", "-n", "report", *words]
    env = surroundings(**env)
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    return done.stdout + done.stderr


def test_every_variable_of_the_command_line_reaches_the_check_of_parameters():
    said = asked("sinec=2026-03-01", "policy=first", "LOGS=/a b", "NAME=x")
    assert '"sinec=2026-03-01"' in said
    assert '"policy=first"' in said
    assert '--name "x" --logs "/a b"' in said
    assert '"LOGS=' not in said


@pytest.mark.parametrize("word", ["LOG", "LOGDIR", "logs", "DATASET"])
def test_a_word_that_is_easily_written_for_another_is_refused_on_the_command_line(word):
    for sign in ("=", ":=", "+="):
        assert f"{word}= is nothing here: LOGS= names logs" in asked(f"{word}{sign}/logs")
    assert "is nothing here" not in asked(**{word: "/logs"})


def test_no_switch_is_taken_for_a_parameter_and_one_list_says_yes():
    said = asked("CHROMIUM=/usr/bin/chromium", "FRESH_KERNELS=0", "REAL_NAMES=0")
    assert "--real-names" not in said
    assert "CHROMIUM=" not in said
    assert "FRESH_KERNELS=" not in said
    (listed,) = re.findall("^YES := (.*)$", (ROOT / "Makefile").read_text(), re.M)
    assert tuple(listed.split()) == YES
    for yes in YES:
        assert "--real-names" in asked(f"REAL_NAMES={yes}")


@pytest.mark.parametrize(("said", "forced"), [("yes", True), ("1", True), ("no", False)])
def test_clean_is_forced_by_a_yes_alone(said, forced):
    command = ["make", "-n", "clean", f"FORCE={said}"]
    assert ("--force" in printed(command)) == forced


def test_the_surroundings_say_yes_as_the_command_line_does(monkeypatch):
    for word in (*YES, "0", "no", ""):
        monkeypatch.setenv("FRESH_KERNELS", word)
        assert switch.asked("FRESH_KERNELS") == (word in YES)
    monkeypatch.delenv("FRESH_KERNELS")
    assert not switch.asked("FRESH_KERNELS")


def test_what_a_new_name_would_run_is_told_before_there_is_any_of_it(tree):
    command = ["make", "-n", "--no-print-directory", "pages", "NAME=new"]
    assert printed(command, tree).count(" notebooks/") == len(ALL)
    assert "No rule" not in asked("NAME=new")


def test_a_new_chapter_is_asked_for_by_its_question():
    command = ["make", "-n", "new-chapter", "QUESTION=20-habits"]
    assert printed(command).endswith(' -m analysis new-chapter "20-habits"\n')


def test_the_surroundings_set_no_parameter_and_no_name():
    said = asked(NAME="laptop", LOGS="/private", since="2020-01-01", timezone="Mars")
    assert '--name "sample" --logs ""' in said
    assert "2020-01-01" not in said
    assert "Mars" not in said


def test_cleaning_uses_the_environment_where_there_is_one(tree):
    def command():
        return printed(["make", "-n", "clean", "PYTHON=python3"], tree).split()[0]

    assert command() == "python3"
    (tree / ".venv" / "bin").mkdir(parents=True)
    (tree / ".venv" / "bin" / "python").touch()
    assert command() == ".venv/bin/python"


@pytest.mark.parametrize("name", ["a b", ""])
def test_a_name_that_is_none_is_refused_before_anything_runs(name):
    assert "use letters, digits, - and _ only" in asked(f"NAME={name}")
