"""Two processes at once: each load and each read is whole."""

import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from lines import SESSION, answer, append_log, uuid, write_log
from stores import ABACUS, ATLAS, same, tables, update

from analysis.logs import files, store
from analysis.paths import ROOT

#: Waits for its turn, then loads or reads, and says what it found; round after round.
WORKER = """
import json, os, sys, time
folder, logs, turns = sys.argv[1:4]
os.environ["CACHE_MARGIN_OUT"] = folder
from analysis.logs import files, store
import polars
for number, what in enumerate(sys.argv[4].split(",")):
    while not os.path.exists(f"{turns}/go-{number}"):
        time.sleep(0.0005)
    seen = []
    for again in range(1 if what == "load" else 5):
        if what == "load":
            store.load_logs("mine", logs)
        seen.append(sorted(int(m[4:]) for m in store.read("mine").copies["message_id"]))
    print(json.dumps(seen), flush=True)
"""
PATIENCE = 60  # seconds for one round, on a slow machine


class Pair:
    """Two processes that do things at the same time, round after round."""

    def __init__(self, data, logs, ones, others):
        self.turns = data.with_name("turns")
        self.turns.mkdir()
        self.round = 0
        words = [sys.executable, "-c", WORKER, str(data), str(logs), str(self.turns)]
        self.both = [
            subprocess.Popen([*words, ",".join(plan)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
            for plan in (ones, others)
        ]

    def go(self):
        """Let both do their next thing; return what each saw, one after another."""
        (self.turns / f"go-{self.round}").touch()
        self.round += 1
        return [json.loads(process.stdout.readline()) for process in self.both]

    def end(self):
        for process in self.both:
            process.communicate(timeout=PATIENCE)
        return [process.returncode for process in self.both]


def pair(logs, data, rounds):
    """Load while another loads or reads; what each sees is old or new, and all ends as cold."""
    write_log(logs / ATLAS / f"{SESSION}.jsonl", answer(1))
    update(logs)
    plans = ["load"] * rounds, ["load" if n % 2 else "read" for n in range(rounds)]
    both = Pair(data, logs, *plans)
    for number in range(rounds):
        old = sorted(int(m[4:]) for m in store.read("mine").copies["message_id"])
        append_log(logs / ATLAS / f"{SESSION}.jsonl", answer(10 + 2 * number))
        write_log(logs / ABACUS / f"{uuid(number)}.jsonl", answer(11 + 2 * number))
        new = sorted([*old, 10 + 2 * number, 11 + 2 * number])
        loaded, other = both.go()
        assert loaded == [new]
        assert all(seen in (old, new) for seen in other)
        assert other == sorted(other)  # and never from new to old
        assert plans[1][number] == "read" or other == [new]
    assert both.end() == [0, 0]
    assert update(logs).read == 0
    update(logs, name="cold")
    numbers = ["file", "project"]
    assert same(tables(but=numbers), tables("cold", but=numbers))


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The folders of a dataset where a process of its own looks for them."""
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "out" / "data" / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "out" / "data" / "private")
    return tmp_path / "out"


def test_twenty_pairs_of_loads_and_reads(logs, data):
    pair(logs, data, 40)


def test_a_load_that_waits_for_a_clean_starts_over(logs, data):
    """Who waits for the lock of a folder that is removed meanwhile makes it again."""
    update(logs)
    with files.locked(store.public("mine").parent / ".lock"):
        waiting = subprocess.Popen(
            [sys.executable, "-m", "analysis", "load", "--logs", str(logs)],
            cwd=ROOT,
            env=os.environ | {"CACHE_MARGIN_OUT": str(data)},
            stdout=subprocess.PIPE,
            text=True,
        )
        append_log(logs / ATLAS / f"{SESSION}.jsonl", answer(3))
        time.sleep(1)
        shutil.rmtree(store.public("mine").parent)
        shutil.rmtree(data / "data" / "private" / "mine")
    said, _ = waiting.communicate(timeout=PATIENCE)
    assert (waiting.returncode, said.splitlines()[0]) == (
        0,
        "loaded mine: 2 files, 2 new or changed",
    )
