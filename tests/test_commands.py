"""Every command that README and docs show is run here, or listed with why it is not."""

import configparser
import plistlib
import re
import shutil
import subprocess

import pytest
from trees import copied, shell, with_environment

from analysis.paths import ROOT, SAMPLE

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PROGRAMS = r"make|python3?|\.venv/bin/python|conda|git|\.ci/run"

HAND = ".venv/bin/python -m analysis archive --export ~/mine.parquet --anonymous"

#: Commands and what they print, run in a copy that borrows this environment.
SHORT = {
    "make": r"^  make report +build the report",
    "make data": r"^loaded sample: \d+ files",
    "make data LOGS=tests/sources/codex NAME=codex": r"^loaded codex: 3 files, 3 new or changed$",
    "make verify NAME=work": r"^verified work: \d+ files, \d+ rows",
    "make clean NAME=work": r"^removed work: ",
    "make new-chapter QUESTION=20-habits": r"^wrote notebooks/20-habits\.ipynb$",
    "make data LOGS=~/.claude/projects QUIET=1": r"\A\Z",
    ".venv/bin/python -m analysis archive --export ~/work.zip --name work": (
        r"^exported work: \d+ files, "
    ),
    ".venv/bin/python -m analysis archive --import ~/work.zip --name work": (
        r"^imported nothing into work: all of \d+ files are there already$"
    ),
    ".venv/bin/python -m analysis archive --import ~/work.zip --name mine": (
        r"^imported into mine: \d+ of \d+ files, "
    ),
    f"{HAND} --team-key ~/team.key --person Jane --name work": r"^you are   p-[0-9a-f]{16}$",
    ".venv/bin/python -m analysis archive --import ~/came --name crew": (
        r"^team      crew: 1 person, \d+ requests, "
    ),
    "make data LOGS=~/.claude/projects NAME=work CLUSTER=local:2": (
        r"^loaded work: \d+ files, 0 new or changed$"
    ),
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

#: Commands run in a copy that makes its own environment, by test_lab.
FRESH = (
    "python3 -m analysis setup report",
    "make report",
    "make lab",
    "make lab LOGS=~/.claude/projects",
)

#: Commands that are not run here.
NOT_RUN = {
    "make check": ".ci/run runs it",
    ".venv/bin/python -m analysis archive --new-team-key ~/team.key": "what has a key runs it",
    "make data LOGS=~/.claude/projects NAME=work": "all that is run here has loaded logs so",
    "make report team=crew": "test_same makes a report with a team",
    "python -m benchmarks.team --folder FOLDER": "it takes an hour; test_bench_team runs it small",
    "make clean NAME=work FORCE=yes": "test_main runs what it runs",
    "make clean NAME=crew": "test_team_archive removes a team",
    "make test": "it is what runs this file",
    "make test-long": "it is what runs this file",
    "make pdf": "test_pdf runs what it runs",
    "make figures": "test_pictures runs what it runs",
    "make bundle": "test_bundle runs what it runs",
    "make bundle EXACT_TIMES=1": "test_bundle runs what it runs",
    "unzip -q reports/sample.zip -d site": "test_bundle unpacks one",
    "cd site/sample && sha256sum -c --quiet SHA256SUMS": "test_bundle does so with one",
    'make lab ARGS="--no-browser --allow-root"': "test_lab starts it so",
    "make crosscheck": "test_crosscheck runs what it runs",
    "make crosscheck NAME=work": "test_crosscheck runs what it runs",
    "make crosscheck LOGS=~/.claude/projects": "test_crosscheck runs what it runs",
    "make bench": "it takes a quarter of an hour; test_benchmarks runs it small",
    "python -m benchmarks.measures": "it takes a minute; test_bench_measures runs it small",
    "python -m benchmarks.explore": "it takes a minute; test_bench_explore runs it small",
    "python -m benchmarks.redesign": "it takes half a minute; test_bench_redesign runs it small",
    "python -m benchmarks.places": "it takes half a minute; test_bench_places runs it small",
    "python -m benchmarks.fleet --folder FOLDER": "it takes minutes; test_bench_fleet runs it",
    **dict.fromkeys(
        (
            "python -m analysis setup fleet",
            "python3 -m analysis setup fleet",
            "python3 -m analysis setup report && python3 -m analysis setup fleet",
            "python3 -m analysis setup fleet --folder .venv-lab",
        ),
        "make test installs what it does",
    ),
    **dict.fromkeys(
        (
            "make report LOGS=s3://bucket/logs NAME=all",
            "make report LOGS=s3://bucket/logs NAME=all CLUSTER=local:4",
            "make report LOGS=s3://bucket/logs NAME=all CLUSTER=tcp://scheduler:8786 "
            "PARTIALS=s3://bucket/partials",
            ".venv/bin/python -m distributed.cli.dask_scheduler",
            ".venv/bin/python -m distributed.cli.dask_worker tcp://scheduler:8786",
        ),
        "test_fleet does so with a bucket and machines of its own",
    ),
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
    if "--team-key" in command:
        made = run(tree, ".venv/bin/python -m analysis archive --new-team-key ~/team.key")
        assert made.stdout.endswith("team.key (mode 0600): for the team alone\n")
    if "~/came" in command:
        (tree.parent / "home" / "came").mkdir()
        assert run(tree, f"{HAND} --name work".replace("~/", "~/came/")).returncode == 0
    elif "--import" in command:  # what was exported before
        assert run(tree, command.replace("--import", "--export").replace("mine", "work")).stdout
    done = run(tree, command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(printed, done.stdout, re.M), done.stdout


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / "history.md").read_text(), re.S)


def test_what_a_clock_starts_says_nothing_unless_something_is_wrong(tree):
    """The lines for cron, systemd and launchd, as these run them: with next to no environment."""
    home = tree.parent / "home"
    (home / "cache-margin").symlink_to(tree)
    (line,) = blocks("crontab")
    command = re.fullmatch(r"\d+ [*] [*] [*] [*] (.*)\n", line)[1]
    service = configparser.ConfigParser(interpolation=None)
    service.optionxform = str
    service.read_string(blocks("ini")[0])
    unit = service["Service"]
    start = f"cd {unit['WorkingDirectory']} && {unit['ExecStart']}".replace("%h", str(home))
    (plist,) = blocks("xml")
    shell, option, agent = plistlib.loads(plist.encode())["ProgramArguments"]
    assert (shell, option, agent) == ("/bin/sh", "-c", command)

    def run(command):
        bare = {"HOME": str(home), "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LOGNAME": "jane"}
        done = subprocess.run([shell, option, command], cwd=home, env=bare, capture_output=True)
        return done.returncode, done.stdout, done.stderr

    assert run(command) == run(start) == run(command) == (0, b"", b"")
    assert (tree / "data" / "processed" / "mine" / "dataset.json").exists()
    shutil.rmtree(home / ".claude")
    status, said, told = run(command)
    assert status != 0
    assert said == b""
    assert told.startswith(b"load: no such folder: ")


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
