"""Hostile places: whatever lies or moves in a folder of logs, the logs beside it are read."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from hostile import CANARY, raw, said
from lines import KEY, OTHER_SESSION, SESSION, append_log, message_id, write_log
from stores import messages, update

from analysis.logs import store
from analysis.logs.discover import log_files
from analysis.logs.scan import scan
from analysis.paths import ROOT
from analysis.schema import LINE_CLASSES

PROJECT = "-home-jane-atlas"
GOOD = f"{PROJECT}/{SESSION}.jsonl"
LATE = f"{PROJECT}/{OTHER_SESSION}.jsonl"


@contextmanager
def powerless():
    """Be nobody for a while, if this is root, who may read everything."""
    if root := os.geteuid() == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def open_folder():
    """A folder that nobody can enter, too."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Logs, and datasets of their own."""
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "private")
    return tmp_path / "logs"


def read(folder):
    """(the reason it was skipped for, the messages) of every log found."""
    found = [scan(log, 1, "project-01", KEY) for log in log_files([folder])]
    return [(f.ledger["skipped"], [c[4] for c in f.copies]) for f in found]


# Permissions


def test_a_log_that_may_not_be_read_costs_no_other(open_folder):
    write_log(open_folder / GOOD, said(1)).chmod(0)
    write_log(open_folder / LATE, said(2))
    with powerless():
        assert read(open_folder) == [("unreadable", []), (None, [message_id(2)])]


def test_a_folder_that_may_not_be_listed_is_told(open_folder):
    write_log(open_folder / "p" / f"{SESSION}.jsonl", said(1)).parent.chmod(0)
    write_log(open_folder / "q" / f"{SESSION}.jsonl", said(2))
    with powerless():
        (closed, _) = log_files([open_folder])
        assert (closed.path, closed.project, closed.session) == (open_folder / "p", "p", None)
        assert read(open_folder) == [("unreadable", []), (None, [message_id(2)])]
    (open_folder / "p").chmod(0o755)


def test_a_folder_that_may_be_listed_and_not_entered(open_folder):
    write_log(open_folder / GOOD, said(1)).parent.chmod(0o644)
    with powerless():
        assert read(open_folder) == [("unreadable", [])]
    (open_folder / PROJECT).chmod(0o755)


# Names

NAMES = [
    b"[1].jsonl",
    b"*.jsonl",
    b"?.jsonl",
    b"{a,b}.jsonl",
    b"a'b\"c`d.jsonl",
    b" .jsonl",
    b"-rf.jsonl",
    b"..jsonl.jsonl",
    b"a\nb.jsonl",
    b"%s%d.jsonl",
    b"$HOME.jsonl",
    b"a\\b.jsonl",
    b"\xff\xfe.jsonl",
    "e\u0301\u202e.jsonl".encode(),
    b"x" * 240 + b".jsonl",
    b"agent-.jsonl",
]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_a_log_is_a_name(own, name):
    for folder in (PROJECT, name.removesuffix(b".jsonl")):
        path = own / os.fsdecode(folder) / os.fsdecode(name)
        try:
            write_log(path, said(1 if folder == PROJECT else 2))
        except OSError:
            pytest.skip("this file system does not take the name")
    write_log(own / PROJECT / f"{CANARY}.jsonl", said(3))
    assert update(own).read == 3
    assert messages() == [1, 2, 3]
    assert update(own).read == 0
    assert CANARY not in str(store.read("mine").files.rows())


# What is no file


def make_loop(path):
    path.parent.mkdir(parents=True)
    path.symlink_to(path)


def make_fifo(path):
    path.parent.mkdir(parents=True)
    os.mkfifo(path)


def make_device(path):
    path.parent.mkdir(parents=True)
    path.symlink_to("/dev/zero")


def make_folder(path):
    write_log(path / f"{OTHER_SESSION}.jsonl", said(2))


ODD = [make_loop, make_fifo, make_device, make_folder]


@pytest.mark.parametrize("make", ODD, ids=lambda make: make.__name__.removeprefix("make_"))
def test_a_load_ends_whatever_is_named_like_a_log(tmp_path, make):
    """In a process of its own, which is given up when it waits."""
    logs = tmp_path / "logs"
    write_log(logs / GOOD, said(1))
    make(logs / "odd" / f"{CANARY}.jsonl")
    (logs / "odd" / "round").symlink_to(logs)
    command = [sys.executable, "-m", "analysis", "load", "--name", "odd", "--logs", str(logs)]
    env = os.environ | {"CACHE_MARGIN_OUT": str(tmp_path)}
    for _ in range(2):
        done = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
        )
        assert (done.returncode, CANARY in done.stdout + done.stderr) == (0, False)


# What changes after it was found


def swapped(path, make):
    """Scan a log in whose place there is something else since it was found."""
    write_log(path, said(1))
    (log,) = log_files([path.parents[1]])
    path.unlink()
    if make:
        shutil.rmtree(path.parent)
        make(path)
    return scan(log, 1, "project-01", KEY).ledger


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (None, "unreadable"),
        (make_loop, "unreadable"),
        (make_fifo, "not_regular"),
        (make_device, "not_regular"),
        (make_folder, "not_regular"),
    ],
)
def test_what_has_taken_a_logs_place_is_not_read(tmp_path, make, reason):
    ledger = swapped(tmp_path / GOOD, make)
    assert (ledger["skipped"], ledger["lines"], ledger["bytes"]) == (reason, 0, 0)


WRITER = """
import os, sys, time
path, line = sys.argv[1], sys.argv[2].encode() + b"\\n"
end = time.monotonic() + 60
while os.path.exists(path) and time.monotonic() < end:
    with open(path, "ab", buffering=0) as log:
        for cut in range(1, 200, 7):
            log.write(line[:cut])
            log.write(line[cut:])
    os.truncate(path, len(line) * 3 + 11)
    os.unlink(path)
    os.rename(path + ".new", path) if os.path.exists(path + ".new") else open(path, "wb").close()
"""


def test_a_log_that_another_writes_at_the_same_time_adds_up(tmp_path):
    """It grows, shrinks, and is put in place anew, while it is read again and again."""
    path, beside = write_log(tmp_path / GOOD, said(1)), write_log(tmp_path / LATE, said(2))
    line = raw(said(1)).decode()
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path), line]) as writer:
        sizes = set()
        try:
            while len(sizes) < 40 and writer.poll() is None:
                for log in log_files([tmp_path]):
                    found = scan(log, 1, "project-01", KEY)
                    ledger = found.ledger
                    sizes.add(ledger["bytes"])
                    assert ledger["skipped"] in (None, "unreadable")
                    assert sum(ledger[name] for name in LINE_CLASSES) == ledger["lines"]
                    assert ledger["rejected_bad_utf8"] == ledger["rejected_too_deep"] == 0
                    if log.path == beside:
                        assert [c[4] for c in found.copies] == [message_id(2)]
        finally:
            writer.kill()
    assert len(sizes) == 40


def test_what_was_appended_is_found_the_next_time(own):
    path = write_log(own / GOOD, said(1))
    update(own)
    append_log(path, said(2))
    update(own)
    assert messages() == [1, 2]
