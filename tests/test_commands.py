"""Every command that README and docs show is run here, or listed with why it is not."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import require
from trees import copied, shell, surroundings, with_environment

from analysis.paths import ROOT, SAMPLE

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PATIENCE = 300  # seconds to install JupyterLab and start it, on a slow machine
PROGRAMS = r"make|python3?|\.venv/bin/python|conda|git|\.ci/run"

#: Commands and what they print, run in a copy that borrows this environment.
SHORT = {
    "make": r"^  make report +build the report",
    "make data": r"^loaded sample: \d+ files",
    "make data LOGS=tests/sources/codex NAME=codex": r"^loaded codex: 3 files, 3 new or changed$",
    "make verify NAME=work": r"^verified work: \d+ files, \d+ rows",
    "make clean NAME=work": r"^removed work: ",
    "make new-chapter QUESTION=20-habits": r"^wrote notebooks/20-habits\.ipynb$",
    "python -m analysis tables": "",
    ".venv/bin/python -m analysis --help": r"^  new-chapter +Lay out",
}
LONG = {
    "make report LOGS=~/.claude/projects": r"^page +/.*/reports/mine/index\.html$",
    "make report NAME=work": r"^page +/.*/reports/work/index\.html$",
    "make report LOGS=data/raw/sample/reconstruction NAME=reconstruction": (
        r"^dataset +reconstruction \(reconstruction\)$"
    ),
    "make report since=2026-03-01": r"^chosen +from 1 March 2026, days of UTC$",
}

#: Commands run in a copy that makes its own environment.
FRESH = ("python3 -m analysis setup report", "make report", "make lab")

#: Commands that are not run here.
NOT_RUN = {
    "make check": ".ci/run runs it",
    "make test": "it is what runs this file",
    "make test-long": "it is what runs this file",
    "make pdf": "test_pdf runs what it runs",
    "make figures": "test_pictures runs what it runs",
    "make bundle": "test_bundle runs what it runs",
    "make bundle EXACT_TIMES=1": "test_bundle runs what it runs",
    "unzip -q reports/sample.zip -d site": "test_bundle unpacks one",
    "cd site/sample && sha256sum -c --quiet SHA256SUMS": "test_bundle does so with one",
    "make bench": "it takes a quarter of an hour; test_benchmarks runs it small",
    "python -m benchmarks.measures": "it takes a minute; test_bench_measures runs it small",
    "python -m benchmarks.redesign": "it takes half a minute; test_bench_redesign runs it small",
    "make report CELL_TIMEOUT=7200": "test_kernels and test_kill_points set it",
    "python -m benchmarks.findings FOLDER": "test_public_logs computes the same on its logs",
    "python -m benchmarks.report": "it takes minutes; test_bench_report runs it small",
    ".ci/run": "it runs make test and make test-long",
    "conda env create -f environment.yml": "no conda at hand; test_environment compares the file",
}


def shown(text):
    """Return the commands of a page: lines of its sh blocks, and what it names in a sentence."""
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.S))
    lines = [line.partition("  #")[0].strip() for line in blocks.splitlines()]
    named = re.findall(rf"`((?:{PROGRAMS})(?: [^`\n]*)?)`", text)
    return {*filter(None, lines), *named}


def test_every_command_shown_is_run_or_has_a_reason():
    found = set().union(*(shown(page.read_text()) for page in PAGES))
    assert found == {*SHORT, *LONG, *FRESH, *NOT_RUN}
    named = re.findall(r"test_\w+", " ".join(NOT_RUN.values()))
    assert all((ROOT / "tests" / f"{name}.py").exists() for name in named)


def test_a_command_is_found_wherever_it_stands():
    text = "Run `make lab`, not `--make`.\n```sh\nmake a b  # so\n\n./x\n```\n"
    assert shown(f"{text}```python\nmake no\n```\n") == {"make lab", "make a b", "./x"}


@pytest.fixture
def tree(tmp_path):
    """A copy of the project whose reader has logs, and has loaded them as `work`."""
    logs = tmp_path / "home" / ".claude"
    shutil.copytree(SAMPLE, logs)
    tree = with_environment(copied(tmp_path / "tree"))
    done = run(tree, "make data NAME=work LOGS=~/.claude/projects")
    assert done.returncode == 0, done.stderr
    return tree


def run(tree, command):
    return shell(tree, command, HOME=str(tree.parent / "home"))


def check(tree, command, printed):
    done = run(tree, command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(printed, done.stdout, re.M), done.stdout


@pytest.mark.parametrize("command", SHORT)
def test_a_short_command_does_what_it_says(tree, command):
    check(tree, command, SHORT[command])


#: A whole report each, of other logs or days: `make report LOGS=...` stands for them in CI.
ALIKE = (pytest.mark.long, pytest.mark.exhaustive)
REPORTS = [
    pytest.param(c, marks=ALIKE if c.startswith("make report") and n else pytest.mark.long)
    for n, c in enumerate(LONG)
]


@pytest.mark.parametrize("command", REPORTS)
def test_a_long_command_does_what_it_says(tree, command):
    if "LOGS" not in command:
        shutil.rmtree(tree.parent / "home" / ".claude")  # only LOGS= reads logs
    check(tree, command, LONG[command])


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Return a copy that made its own environment and report, and what that printed."""
    tree = copied(tmp_path_factory.mktemp("fresh") / "tree")
    done = shell(tree, "make report")
    require("index", "no package index reachable" not in done.stderr, done.stderr)
    assert done.returncode == 0, done.stderr
    return tree, done.stdout


@pytest.fixture
def fresh(first):
    return first[0]


@pytest.mark.long
def test_a_fresh_copy_runs_every_chapter_and_ends_as_the_readme_shows(first):
    tree, said = first
    stems = sorted(n.stem for n in (tree / "notebooks").glob("[0-9]*.ipynb"))
    assert sorted(re.findall(r"^ran (\S+)", said, re.M)) == stems
    (block,) = re.findall(r"```text\n(.*?)```", PAGES[0].read_text(), re.S)
    assert said.endswith(block.replace("...", str(tree)))


@pytest.mark.long
def test_a_second_report_has_nothing_to_do(fresh):
    done = shell(fresh, "make report")
    assert done.returncode == 0, done.stderr
    assert not re.search(r"^(ran|rendered)", done.stdout, re.M)


@pytest.mark.long
def test_an_environment_that_is_there_is_set_up_again_without_harm(fresh):
    done = shell(fresh, "python3 -m analysis setup report")
    assert done.returncode == 0, done.stderr
    assert shell(fresh, "python -c 'import papermill, polars'").returncode == 0


@pytest.fixture
def lab(fresh, tmp_path):
    """Start `make lab` on a free port; return its address once it answers, and stop it after."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    root = "--allow-root" if os.geteuid() == 0 else ""
    words = f"--no-browser {root} --ServerApp.port={port} --IdentityProvider.token=t"
    own = {f"JUPYTER_{d}_DIR": str(tmp_path / d) for d in ("CONFIG", "DATA", "RUNTIME")}
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            ["make", "lab", f"ARGS={words}"],
            cwd=fresh,
            env=surroundings(IPYTHONDIR=str(tmp_path / "ipython"), **own),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(PATIENCE):
            if server.poll() is not None or answers(address):
                break
            time.sleep(1)
        assert answers(address), (tmp_path / "log").read_text()
        yield address
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def get(address, path):
    with urllib.request.urlopen(f"{address}{path}?token=t", timeout=10) as answer:
        return answer.read().decode()


def answers(address):
    try:
        return bool(get(address, "/api/status"))
    except (urllib.error.URLError, OSError):
        return False


@pytest.mark.long
def test_jupyterlab_starts_and_serves_the_notebooks(fresh, lab):
    assert "<title>JupyterLab</title>" in get(lab, "/lab")
    served = {entry["name"] for entry in json.loads(get(lab, "/api/contents"))["content"]}
    assert {Path(n).name for n in (fresh / "notebooks").glob("*.ipynb")} <= served
    assert (fresh / "data/processed/sample/dataset.json").exists()
