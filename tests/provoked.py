"""Every error that docs/troubleshooting.md shows, met for real: an entry, and what brings it on.

Each function takes an empty folder and a monkeypatch, and raises or returns what is said. Where a
browser, a kernel or a whole report is needed, a test that is there brings it on, and is named.
"""

import errno
import subprocess
import sys
from contextlib import redirect_stderr
from io import StringIO
from types import SimpleNamespace

import nbformat
import papermill
import polars as pl
from lines import OTHER_SESSION, SESSION, answer, write_log
from nbclient.exceptions import CellTimeoutError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from trees import surroundings

from analysis import (
    __main__,
    commands,
    describe,
    environment,
    overrides,
    params,
    paths,
    prices,
    scaffold,
    synth,
)
from analysis.logs import discover, store, verify
from analysis.logs.files import private, public
from analysis.report import bind, chromium, finished, inert, pdf, privacy, publish, run

#: What brings an entry on, by a few words that no other entry has.
HERE = {}

#: Tests that bring an entry on, by the same.
ELSEWHERE = {
    "Nothing was changed": (
        "test_hostile_archive.py",
        "test_a_file_that_is_no_archive",
    ),
    "nothing is there:": ("test_places.py", "test_a_bucket_or_a_folder_that_is_not_there"),
    "names no bucket:": ("test_places.py", "test_a_bucket_or_a_folder_that_is_not_there"),
    "no package for …:// is": (
        "test_places.py",
        "test_a_protocol_that_nobody_knows_or_whose_package_lacks",
    ),
    "is unknown to fsspec": (
        "test_places.py",
        "test_a_protocol_that_nobody_knows_or_whose_package_lacks",
    ),
    "CLUSTER=…: write": ("test_fleet.py", "test_what_is_no_cluster_is_refused"),
    "no scheduler answers": ("test_fleet.py", "test_a_scheduler_that_is_not_there"),
    "the workers cannot read": (
        "test_fleet.py",
        "test_workers_that_cannot_read_the_logs_are_told_apart_from_logs_that_are_gone",
    ),
    "partitions could not be read": (
        "test_fleet.py",
        "test_a_worker_that_fails_is_told_by_its_error_alone",
    ),
    "the cluster is gone": (
        "test_fleet.py",
        "test_a_cluster_that_is_gone_is_told_and_the_same_command_goes_on",
    ),
    "no worker could be started": (
        "test_fleet.py",
        "test_a_script_without_a_guard_is_told_of_it",
    ),
    "AWS_ENDPOINT_URL begins": ("test_places.py", "test_an_endpoint_without_its_protocol"),
    "a worker has another version": (
        "test_fleet.py",
        "test_a_worker_of_another_version_is_refused",
    ),
    "are in no partition that came": (
        "test_fleet.py",
        "test_a_plan_without_one_of_its_partitions_changes_nothing",
    ),
    "came between": ("test_fleet.py", "test_a_load_that_comes_between_is_not_undone"),
    "cannot be read (…): ": ("test_places.py", "test_what_does_not_pass_by_itself_is_told_at_once"),
    "cannot be read (…), ": (
        "test_places.py",
        "test_what_does_not_pass_is_told_after_as_many_times",
    ),
    "cannot be read from disk again": (
        "test_main.py",
        "test_clean_refuses_to_remove_what_exists_nowhere_else",
    ),
    "is not what was made": (
        "test_inputs.py",
        "test_whatever_of_a_report_has_changed_is_told_by_its_name",
    ),
    "ran with other parameters": (
        "test_inputs.py",
        "test_notebooks_of_two_runs_make_no_page",
    ),
    "changed meanwhile": (
        "test_inputs.py",
        "test_what_changes_while_a_page_is_made_keeps_it_from_its_place",
    ),
    "is not as it was made": (
        "test_bundle.py",
        "test_only_a_finished_report_is_packed",
    ),
    "is older than": (
        "test_bundle.py",
        "test_a_report_is_older_than_whatever_it_was_made_from",
    ),
    "one from a snap": (
        "test_pdf.py",
        "test_the_browser_s_own_page_about_a_page_that_is_gone_is_no_pdf",
    ),
    "npm is not installed": ("test_crosscheck.py", "test_it_says_what_the_machine_lacks"),
    "npm could not install": ("test_crosscheck.py", "test_it_says_what_the_machine_lacks"),
    "has no package for": ("test_crosscheck.py", "test_it_says_what_the_machine_lacks"),
    "does not run on this machine": ("test_crosscheck.py", "test_it_says_what_the_machine_lacks"),
    "gave no answer to": ("test_crosscheck.py", "test_a_tool_that_answers_something_else"),
    "answered something else than": (
        "test_crosscheck.py",
        "test_a_tool_that_answers_something_else",
    ),
    "has no request of Claude": (
        "test_crosscheck.py",
        "test_the_dataset_of_another_source_or_without_a_request",
    ),
    "is on disk as ccusage": (
        "test_crosscheck.py",
        "test_logs_that_are_gone_grown_new_packed_or_linked",
    ),
    "logs were written while": ("test_crosscheck.py", "test_a_log_that_is_written_meanwhile"),
    "go with --anonymous": (
        "test_team_export.py",
        "test_a_key_wants_a_name_and_a_name_no_other_export",
    ),
    "say who you are": (
        "test_team_export.py",
        "test_a_key_wants_a_name_and_a_name_no_other_export",
    ),
    "for a team's key": ("test_team_export.py", "test_a_key_that_is_none"),
    "must not be handed over": (
        "test_team_export.py",
        "test_without_the_names_nobody_can_tell_what_must_stay_out",
    ),
    "has no single requests": (
        "test_team_export.py",
        "test_sums_of_other_reports_are_no_requests",
    ),
    "those are files of a team": (
        "test_team_archive.py",
        "test_what_is_given_is_told_by_its_content",
    ),
    "files do not fit": (
        "test_hostile_team.py",
        "test_nothing_is_taken_in_unless_all_is_and_each_bad_file_is_named",
    ),
    "a person would have more than": (
        "test_team_archive.py",
        "test_a_person_has_no_more_requests_than_a_file",
    ),
    "holds logs: a team": ("test_team_archive.py", "test_a_name_holds_logs_or_a_team"),
    "is a team: requests": ("test_team_archive.py", "test_a_name_holds_logs_or_a_team"),
    "no team …": ("test_team_archive.py", "test_a_name_holds_logs_or_a_team"),
    "of another version": ("test_team_archive.py", "test_a_team_that_is_damaged_says_so"),
    "an import ended meanwhile": ("test_team_archive.py", "test_a_team_that_is_damaged_says_so"),
    "--people": (
        "test_synth_people.py",
        "test_files_are_those_of_an_export_and_nothing_else_is_removed",
    ),
    "no rule explains": ("test_crosscheck.py", "test_what_no_rule_explains_is_a_row_and_a_failure"),
}


def meets(words):
    """Name the entry that a function brings on."""

    def keep(function):
        HERE[words] = function
        return function

    return keep


def loaded(place, name="mine"):
    """Load a log of one request as a dataset, and return its folder of logs."""
    log = write_log(place / "logs" / "p" / f"{SESSION}.jsonl", answer())
    store.load_logs(name, str(log.parents[1]))
    return log.parents[1]


# -- setting up -----------------------------------------------------------------------------------


@meets("Python 3.11 or newer")
def _(place, patch):
    patch.setattr(environment.shutil, "which", lambda name: None)
    environment.newer_python()


def fails(place, patch, said, failed):
    patch.setattr(environment, "BUILD", place)
    code = f"print({said!r}); raise SystemExit(1)"
    environment._run([sys.executable, "-c", code], failed)


@meets("no such team")
def _(place, patch):
    commands._team("crew")


@meets("install the venv module")
def _(place, patch):
    fails(place, patch, "No module named venv", "could not make .venv")


@meets("no package index reachable")
def _(place, patch):
    fails(place, patch, "error: dns error: no such host", "could not install uv")


@meets("could not install … all of it")
def _(place, patch):
    fails(place, patch, "No space left on device", "could not install group report")


def printed(patch, error):
    """Return what the command line prints of an error."""

    def fail(given):
        raise error

    patch.setitem(__main__.COMMANDS, "tables", fail)
    with redirect_stderr(StringIO()) as said:
        __main__.main(["tables"])
    return said.getvalue().removeprefix("tables: ")


@meets("is not installed for this Python. First")
def _(place, patch):
    return printed(patch, ModuleNotFoundError("No module named 'polars'", name="polars"))


# -- naming your logs -----------------------------------------------------------------------------


@meets("no such folder")
def _(place, patch):
    discover.roots("logs/projects")


@meets("no logs in")
def _(place, patch):
    patch.setenv("CLAUDE_CONFIG_DIR", str(place / "none"))
    discover.roots("auto")


@meets("LOGS is empty")
def _(place, patch):
    discover.roots(" , ")


@meets("no logs under")
def _(place, patch):
    store.load_logs("mine", str(place))


@meets("NAME=sample holds")
def _(place, patch):
    commands._load(SimpleNamespace(name="sample", logs=str(place), quiet=False))


# -- datasets -------------------------------------------------------------------------------------


@meets("NAME=…: use letters")
def _(place, patch):
    store.read("x y")


def make(*words):
    """Return what make says it would do, or what is wrong."""
    command = ["make", "-n", "--no-print-directory", *words]
    done = subprocess.run(
        command, cwd=paths.ROOT, env=surroundings(), capture_output=True, text=True
    )
    return done.stdout + done.stderr


@meets('*** NAME="…"')
def _(place, patch):
    return make("report", "NAME=x y").partition(": ")[2]


@meets("no dataset")
def _(place, patch):
    store.read("mine")


@meets("is nothing here")
def _(place, patch):
    return make("data", "LOG=~/.claude/projects").partition(": ")[2]


@meets("makes one that has it")
def _(place, patch):
    with environment.installed():
        __import__("no_such_package")


@meets("no table …: there")
def _(place, patch):
    describe("sessions")


@meets("no request of … has")
def _(place, patch):
    loaded(place)
    store.read("mine").where(model="none")


@meets("…(…=…): write")
def _(place, patch):
    loaded(place)
    store.read("mine").where(since="march")


@meets("holds the logs of")
def _(place, patch):
    loaded(place)
    other = write_log(place / "other" / "p" / f"{OTHER_SESSION}.jsonl", answer())
    store.load_logs("mine", str(other.parents[1]))


@meets("nothing is called")
def _(place, patch):
    patch.setattr(paths, "BUILD", place)
    commands._clean(SimpleNamespace(name="mine", force=False))


@meets("which says what the tables of")
def _(place, patch):
    logs = loaded(place)
    private("mine").unlink()
    store.load_logs("mine", str(logs))


@meets("which says which logs the tables")
def _(place, patch):
    loaded(place)
    private("mine").unlink()
    verify.verify("mine")


@meets("is damaged: make clean")
def _(place, patch):
    logs = loaded(place)
    private("mine").write_bytes(b"{}")
    store.load_logs("mine", str(logs))


@meets("the tables of … are …")
def _(place, patch):
    loaded(place)
    next(paths.PROCESSED.rglob("copies.parquet")).write_bytes(b"")
    store.read("mine")


@meets("is damaged or of an earlier version")
def _(place, patch):
    loaded(place)
    public("mine").write_bytes(b"{}")
    store.read("mine")


@meets("is the disk full")
def _(place, patch):
    def full(*args, **more):
        raise OSError(errno.ENOSPC, "No space left on device")

    patch.setattr(pl.DataFrame, "write_parquet", full)
    loaded(place)


@meets("…. What differs")
def _(place, patch):
    logs = loaded(place)
    write_log(logs / "p" / f"{SESSION}.jsonl", answer(), answer(2))
    commands._verify(SimpleNamespace(name="mine"))


@meets("no report of … yet: make report")
def _(place, patch):
    patch.setattr(paths, "BUILD", place)
    commands._summary(SimpleNamespace(name="mine"))


# -- parameters -----------------------------------------------------------------------------------


def given(place, patch, *words, text=""):
    patch.setattr(params, "ROOT", place)
    (place / "params.yml").write_text(text)
    params.overrides([*words])


@meets("unknown parameter")
def _(place, patch):
    params.checked("SINCE", "2026-03-01")


@meets("left out, it is")
def _(place, patch):
    said = make("report", "wage_usd=$80")  # make takes $8 for a name
    assert '"wage_usd=0"' in said
    given(place, patch, "wage_usd=0")


@meets("no day lies between")
def _(place, patch):
    given(place, patch, "until=2026-01-01", text="since: 2026-02-01\n")


@meets("is not YAML")
def _(place, patch):
    given(place, patch, text="since: [\n")


@meets("params.yml: write one")
def _(place, patch):
    given(place, patch, text="- since\n")


# -- your own prices ------------------------------------------------------------------------------

HEADER = "model,input,write_5m,write_1h,read,output"
WRONG = {
    "the header must read": "model;input\n",
    "not a CSV file": f"{HEADER}\n" + "x" * 200_000,
    "column model: empty": f"{HEADER}\n,1,2,3,4,5\n",
    "more cells than columns": f"{HEADER}\nx,1,2,3,4,0,30\n",
    "is not a number": f"{HEADER}\nx,1,2,3,$4,5\n",
    "is not between": f"{HEADER}\nx,-1,2,3,4,5\n",
    "is too fine": f"{HEADER}\nx,0.0000005,2,3,4,5\n",
    "is not a day": f"{HEADER},from\nx,1,2,3,4,5,13.3.2026\n",
    "two prices for": f"{HEADER}\nx,1,2,3,4,5\nx,1,2,3,4,5\n",
}


def reads(text):
    def read(place, patch):
        (place / "prices.csv").write_text(text)
        overrides.read_overrides(place / "prices.csv")

    return read


HERE |= {words: reads(text) for words, text in WRONG.items()}


@meets("name a CSV file")
def _(place, patch):
    overrides.read_overrides(place)


# -- while chapters run ---------------------------------------------------------------------------


def papermill_fails(place, patch, error):
    def fail(*args, **more):
        raise error

    patch.setattr(papermill, "execute_notebook", fail)
    run._papermill(place / "20-x.running.ipynb", {}, None)


@meets("not to be passed on")
def _(place, patch):
    error = papermill.PapermillExecutionError(2, 1, "int(text)", "ValueError", "secret", [])
    papermill_fails(place, patch, error)


@meets("took longer than")
def _(place, patch):
    papermill_fails(place, patch, CellTimeoutError("x"))


@meets("the kernel died")
def _(place, patch):
    papermill_fails(place, patch, RuntimeError("x"))


@meets("write whole seconds")
def _(place, patch):
    patch.setenv("CELL_TIMEOUT", "1 h")
    run.cell_timeout()


def ran(place, *cells):
    run._verify(new_notebook(cells=[*cells]), "token", place / "20-x.running.ipynb")


@meets("wrote to stderr or failed")
def _(place, patch):
    ran(place, new_code_cell("1", execution_count=1, outputs=[new_output("error")]))


@meets("did not run")
def _(place, patch):
    ran(place, new_code_cell("1", execution_count=None))


@meets("ended before its last cell")
def _(place, patch):
    ran(place, new_code_cell("1", execution_count=1))


@meets("no notebook")
def _(place, patch):
    commands._notebook("99-none")


# -- the gate -------------------------------------------------------------------------------------


@meets("Some of it could tell whose logs")
def _(place, patch):
    log = place / "logs" / "-home-jane-quokka" / f"{SESSION}.jsonl"
    store.load_logs("mine", str(write_log(log, answer()).parents[1]))
    (place / "page").mkdir()
    (place / "page" / "x.md").write_text("of quokka")
    try:
        privacy.gate(place / "page", "mine")
    finally:
        assert (paths.PRIVATE / "mine" / "refused.txt").read_text() == "quokka\n"


@meets("nobody can tell which names")
def _(place, patch):
    privacy.gate(place, "mine")


@meets("not inert")
def _(place, patch):
    inert.check({"index.html": "<script>1</script>"})


# -- PDF, pictures, bundle ------------------------------------------------------------------------


@meets("none was found. First")
def _(place, patch):
    patch.delenv("CHROMIUM", raising=False)
    patch.setattr(chromium, "PROGRAMS", ("no-such-browser",))
    chromium.find()


@meets("names no program")
def _(place, patch):
    patch.setenv("CHROMIUM", "/nowhere/chrome")
    chromium.find()


def starts(place, patch, script):
    """Start what is no browser: a script with its questions at 3 and its answers at 4."""
    (place / "chrome").write_text(f"#!/bin/sh\n{script}\n")
    (place / "chrome").chmod(0o755)
    patch.setenv("CHROMIUM", str(place / "chrome"))
    with chromium.Chromium() as browser:
        browser.call("Page.none")


@meets("does it start by itself")
def _(place, patch):
    starts(place, patch, "head -c 1 <&3")


@meets("ended before it was done")
def _(place, patch):
    def broken(*args):
        raise BrokenPipeError

    patch.setattr(chromium.os, "write", broken)
    starts(place, patch, "cat <&3")


@meets("did not answer")
def _(place, patch):
    patch.setattr(chromium, "PATIENCE", 0)
    starts(place, patch, "cat <&3")


@meets("prints no tags")
def _(place, patch):
    browser = SimpleNamespace(open=print, evaluate=lambda x: [], pdf=lambda: b"%PDF-1.4")
    with redirect_stderr(StringIO()):
        pdf.pdf(place, browser)


@meets("no report of … yet: …")
def _(place, patch):
    patch.setattr(finished, "REPORTS", place)
    finished.finished("mine")


@meets("not a symlink made by publish")
def _(place, patch):
    publish.publish(place, place)


# -- a chapter of your own ------------------------------------------------------------------------


def chapter(question):
    return lambda place, patch: scaffold.new_chapter(question, paths.ROOT)


HERE |= {
    "write two digits": chapter("habits"),
    "signs": chapter("20-" + "a" * 25),
    "keeps the word": chapter("20-import"),
    "has this": chapter("03-habits"),
    "the word is taken": chapter("20-scan"),
}


@meets("README.md has no table")
def _(place, patch):
    scaffold._with_row("# Mine\n", "20-habits")


@meets("tests/gallery.py has no line")
def _(place, patch):
    scaffold._with_case("", scaffold._names("20-habits"))


@meets("nothing was kept")
def _(place, patch):
    (place / "notebooks").mkdir()
    scaffold.new_chapter("20-habits", place)


def binds(*cells, stem="20-x"):
    def made(place, patch):
        path = place / f"{stem}.ipynb"
        nbformat.write(new_notebook(cells=[*cells]), path)
        bind.bind([path], title="", subtitle="", banner="", provenance="")

    return made


def figure(label):
    item = {"label": label, "caption": "It is.", "alt": "Seen.", "csv": "a\n1\n"}
    data = {"image/svg+xml": "<svg></svg>", "image/png": "eA=="}
    return new_code_cell("x", outputs=[new_output("display_data", data, metadata={"figure": item})])


def table(label, rows):
    item = {"label": label, "caption": "It is.", "csv": "a\n1\n", "rows": rows}
    data = {"text/html": "<table><caption><span><b>It is.</b></span></caption></table>"}
    return new_code_cell("x", outputs=[new_output("display_data", data, metadata={"table": item})])


HEAD = new_markdown_cell("# A")
FAILED = new_output("error", ename="E", evalue="")
IMAGE = new_output("display_data", {"image/png": "eA=="})
HERE |= {
    "other than letters, digits and dashes": binds(HEAD, stem="20 x"),
    "no title": binds(new_markdown_cell("none")),
    "two titles": binds(HEAD, new_markdown_cell("# B")),
    "is used twice": binds(HEAD, figure("fig-a"), figure("fig-a")),
    "is not a … label": binds(HEAD, figure("tab-a")),
    "not a row's label": binds(HEAD, table("tab-a", {"a b": "A1"})),
    "nothing is labelled": binds(HEAD, new_markdown_cell("[](#fig-none)")),
    "a cell failed": binds(HEAD, new_code_cell("x", outputs=[FAILED])),
    "an image without a label": binds(HEAD, new_code_cell("x", outputs=[IMAGE])),
}


# -- in Python, and anything else -----------------------------------------------------------------


@meets("nothing to price by")
def _(place, patch):
    prices.price(pl.DataFrame({"input_tokens": [1]}))


@meets("first_seen is not a time")
def _(place, patch):
    prices.price(pl.DataFrame({"model": ["claude-opus-4-6"], "first_seen": ["2026-03-01"]}))


@meets("the shipped sample is what it is")
def _(place, patch):
    commands._synth(SimpleNamespace(to="", megabytes=1, seed=None))


@meets("--megabytes")
def _(place, patch):
    commands._synth(SimpleNamespace(to="x", megabytes=-1, seed=None))


@meets("is a link or no folder")
def _(place, patch):
    (place / "projects").write_text("mine")
    synth.folder.clear(place)


@meets("holds what is not synthetic")
def _(place, patch):
    write_log(place / "projects" / "-home-jane" / "a.jsonl", answer())
    synth.folder.clear(place)


@meets("make room, then again")
def _(place, patch):
    return printed(patch, OSError(errno.ENOSPC, "secret"))


@meets("a fault of this program")
def _(place, patch):
    return printed(patch, ValueError("secret"))


@meets("as the system says")
def _(place, patch):
    return printed(patch, PermissionError(errno.EACCES, "secret"))


@meets("stopped")
def _(place, patch):
    return printed(patch, KeyboardInterrupt())
