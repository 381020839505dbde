"""History beyond what the client keeps: what is gone is marked, and loads are safe from cron."""

import datetime as dt
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from lines import OTHER_SESSION, SESSION, answer, append_log, write_log
from stores import ABACUS, ATLAS, BOREALIS, THIRD_SESSION, disk, messages, update

from analysis import paths
from analysis.__main__ import main
from analysis.logs import store
from analysis.logs.summary import NOWHERE
from analysis.measures.data import only_here
from analysis.paths import ROOT
from analysis.words import data as words

TODAY = dt.datetime.now(dt.UTC).date()


def marks(column="gone", name="mine"):
    return dict(store.read(name).files.select("session", column).rows())


@pytest.fixture
def at(monkeypatch):
    """Let loads happen on other days."""

    def set_to(day):
        now = int(dt.datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp() * 1e9)
        monkeypatch.setattr("time.time_ns", lambda: now)

    return set_to


# What is gone is marked


def test_a_log_that_is_gone_has_the_day_of_the_load_that_missed_it_first(logs, at):
    at("2026-06-01")
    update(logs)
    assert marks() == {SESSION: None, OTHER_SESSION: None}
    (logs / ATLAS / f"{SESSION}.jsonl").unlink()
    assert marks() == {SESSION: None, OTHER_SESSION: None}  # nobody has looked since
    at("2026-06-09")
    update(logs)
    at("2026-06-20")
    (logs / BOREALIS / f"{OTHER_SESSION}.jsonl").unlink()
    update(logs)
    days = {SESSION: dt.date(2026, 6, 9), OTHER_SESSION: dt.date(2026, 6, 20)}
    assert marks() == days
    at("2026-07-01")
    write_log(logs / ABACUS / f"{THIRD_SESSION}.jsonl", answer(3))
    update(logs)
    assert marks() == days | {THIRD_SESSION: None}
    assert messages() == [1, 2, 3]


def test_a_log_that_comes_back_is_marked_no_more(logs, tmp_path):
    update(logs)
    away = (logs / ATLAS).rename(tmp_path / "away")
    update(logs)
    assert marks()[SESSION] == TODAY
    away.rename(logs / ATLAS)
    update(logs)
    assert marks() == {SESSION: None, OTHER_SESSION: None}


def test_what_cannot_be_looked_at_is_not_said_to_be_gone(logs, monkeypatch):
    update(logs)
    real = os.scandir

    def refuse(folder):
        if str(folder).endswith(ATLAS):
            raise PermissionError
        return real(folder)

    monkeypatch.setattr("os.scandir", refuse)
    update(logs)
    assert marks()[SESSION] is None
    assert store.read("mine").files["skipped"].drop_nulls().to_list() == ["unreadable"]
    monkeypatch.setattr("os.scandir", real)
    assert update(logs) == store.Loaded("mine", files=2, read=0, gone=0)
    assert marks() == {SESSION: None, OTHER_SESSION: None}
    assert messages() == [1, 2]


def test_a_folder_of_which_every_log_is_gone_is_no_error_to_whom_it_was_loaded_before(logs):
    update(logs)
    for path in logs.rglob("*.jsonl"):
        path.unlink()
    assert update(logs) == store.Loaded("mine", files=0, read=0, gone=2)
    assert messages() == [1, 2]
    assert update(logs).gone == 2


def test_a_load_that_waited_for_another_looks_again(logs, monkeypatch):
    """A log that came after this load had looked, and that the other one read, is not gone."""
    update(logs)
    from analysis.logs import update as todo

    real = todo.opened

    def slow(name, roots, *, keep):
        monkeypatch.setattr("analysis.logs.update.opened", real)
        write_log(logs / ABACUS / f"{THIRD_SESSION}.jsonl", answer(3))
        path = store.folder("mine") / ".lock"
        lock = held(path)
        lock.release(force=True)
        update(logs)
        lock.acquire()
        return real(name, roots, keep=keep)

    def held(path):
        (lock,) = (each for each in locks if each.lock_file == str(path) and each.is_locked)
        return lock

    import filelock

    locks = []

    class Lock(filelock.FileLock):
        def __init__(self, *words, **more):
            super().__init__(*words, **more)
            locks.append(self)

    monkeypatch.setattr("filelock.FileLock", Lock)
    monkeypatch.setattr("analysis.logs.update.opened", slow)
    append_log(logs / ATLAS / f"{SESSION}.jsonl", answer(4))
    update(logs)
    assert marks() == {SESSION: None, OTHER_SESSION: None, THIRD_SESSION: None}
    assert messages() == [1, 2, 3, 4]


def test_what_is_only_here_is_counted_and_said(logs, at, capsys):
    at("2026-06-01")
    update(logs)
    assert words.only_here(store.read("mine")) == ""
    append_log(logs / BOREALIS / f"{OTHER_SESSION}.jsonl", answer(1))  # which ATLAS has too
    (logs / ATLAS / f"{SESSION}.jsonl").unlink()
    update(logs)
    day = dt.date(2026, 6, 1)
    counted = {"gone": 1, "since": day, "imported": 0, "requests": 0, "first": None, "last": None}
    assert only_here(store.read("mine")) == counted
    assert words.only_here(store.read("mine")).endswith("the last load found as well.")
    assert main(["load", "--name", "mine", "--logs", str(logs)]) == 0
    assert "only here" not in capsys.readouterr().out
    write_log(logs / BOREALIS / f"{OTHER_SESSION}.jsonl", answer(7))
    update(logs)
    found = only_here(store.read("mine"))
    assert (found["requests"], found["first"]) == (2, dt.date(2026, 5, 4))
    said = words.only_here(store.read("mine")).replace("\u00a0", " ")
    assert said == (
        "Kept here: 1 log gone from disk, the first missed on 1 June 2026. "
        "2 requests, 4 May 2026 to 4 May 2026 (UTC), in no log that the last load found."
    )
    assert main(["load", "--name", "mine", "--logs", str(logs)]) == 0
    told = f"only here  2 requests, 2026-05-04 to 2026-05-04 (UTC), {NOWHERE}\n"
    assert told in capsys.readouterr().out


# A load that nobody watches


def cron(tmp_path, *words, **more):
    """Run a command as cron does: a bare PATH, HOME and no terminal, locale or anything else."""
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "SHELL": "/bin/sh"} | more
    env |= {"CACHE_MARGIN_OUT": str(tmp_path / "out")}
    command = [sys.executable, "-m", "analysis", "load", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, stdin=subprocess.DEVNULL)


def test_from_cron_it_says_nothing_unless_something_is_wrong(logs, tmp_path):
    claude = tmp_path / ".claude"
    shutil.move(logs.parent, claude)
    words = ("--logs", "auto", "--name", "mine", "--quiet")
    first, second = cron(tmp_path, *words), cron(tmp_path, *words)
    for done in (first, second):
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    loud = cron(tmp_path, *words[:-1])
    assert loud.stdout.startswith(b"loaded mine: 2 files, 0 new or changed\n")
    next(claude.rglob("*.jsonl")).unlink()
    for part in (tmp_path / "out" / "data" / "processed" / "mine").rglob("copies.parquet"):
        part.write_bytes(b"")
    lost = cron(tmp_path, *words)
    assert (lost.returncode, lost.stdout) == (0, b"")
    assert b"LOST as tables and logs are gone: 1 file" in lost.stderr
    shutil.rmtree(claude)
    wrong = cron(tmp_path, *words)
    assert (wrong.returncode, wrong.stdout) == (1, b"")
    assert wrong.stderr.startswith(b"load: no logs in ~/.claude,~/.config/claude")


def test_two_at_once_wait_for_each_other(logs, tmp_path):
    for number in range(10, 60):
        write_log(logs / ABACUS / f"{number:08d}-0000-4000-8000-000000000000.jsonl", answer(number))
    words = ("--logs", str(logs), "--name", "mine", "--quiet")
    with ThreadPoolExecutor(3) as side_by_side:
        done = list(side_by_side.map(lambda _: cron(tmp_path, *words), range(3)))
    assert [(each.returncode, each.stderr) for each in done] == [(0, b"")] * 3
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.paths.PROCESSED", tmp_path / "out" / "data" / "processed")
        patch.setattr("analysis.paths.PRIVATE", tmp_path / "out" / "data" / "private")
        assert messages() == [1, 2, *range(10, 60)]
        assert set(marks().values()) == {None}
        assert update(logs).read == 0


def test_a_quiet_load_shows_no_bar(logs, monkeypatch, capsys):
    monkeypatch.setattr("analysis.logs.store.LARGE", 1)
    assert main(["load", "--name", "mine", "--logs", str(logs), "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    assert messages() == [1, 2]
    before = disk(paths.PROCESSED)
    assert main(["load", "--name", "mine", "--logs", str(logs), "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    assert disk(paths.PROCESSED) == before
