"""A load that is killed anywhere, and a dataset with any bit flipped.

A kill is a real one: a process of its own ends at its n-th operation on the file system, whatever
that is, without cleaning up. It is tried for every n until a load is through before it.
"""

import os
import random
import shutil
import subprocess
import sys
from itertools import count

import pytest
from lines import OTHER_SESSION, answer, write_log
from stores import BOREALIS, grow, messages, same, tables, update, write_logs

from analysis import paths
from analysis.logs import store
from analysis.paths import ROOT

#: Loads a dataset in a process that ends at its n-th operation on the dataset's files.
DYING = """
import os, sys
folder, logs, last = sys.argv[1], sys.argv[2], int(sys.argv[3])
os.environ["CACHE_MARGIN_OUT"] = folder
import polars
from analysis.logs import store
done = 0

def step(name, arguments):
    global done
    told = name in EVENTS and any(folder in os.fsdecode(a) for a in arguments if named(a))
    if told:
        done += 1
        if done == last:
            os._exit(9)

def named(argument):
    return isinstance(argument, (str, bytes, os.PathLike))

EVENTS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree", "fsync",
          "os.scandir", "parquet"}
sys.addaudithook(step)
fsync, write = os.fsync, polars.DataFrame.write_parquet

def half(frame, path, **how):
    write(frame, path, **how)
    os.truncate(path, os.path.getsize(path) // 2)
    step("parquet", [path])
    write(frame, path, **how)

os.fsync = lambda handle: (step("fsync", [folder]), fsync(handle))
polars.DataFrame.write_parquet = half
store.load_logs("mine", logs)
"""


def first(logs):
    """Nothing is there yet."""


def grown(logs):
    """A log has grown, another is new, a third is gone."""
    update(logs)
    grow(logs)


def rewritten(logs):
    """A log says something else; the rows of before are history."""
    update(logs)
    write_log(logs / BOREALIS / f"{OTHER_SESSION}.jsonl", answer(5), answer(6))


def damaged(logs):
    """A batch is damaged, and one of its logs is gone."""
    update(logs)
    (logs / BOREALIS / f"{OTHER_SESSION}.jsonl").unlink()
    for part in paths.PROCESSED.rglob("events.parquet"):
        part.write_bytes(b"")


def unfinished(logs):
    """A load before died between its two commits."""
    update(logs)
    before = store.public("mine").read_bytes()
    rewritten(logs)
    update(logs)
    store.public("mine").write_bytes(before)


SITUATIONS = [first, grown, rewritten, damaged, unfinished]


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The folders of a dataset where a process of its own looks for them."""
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "out" / "data" / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "out" / "data" / "private")
    return tmp_path / "out"


def readable():
    try:
        return tables()
    except store.StoreError:
        return None


def kill_everywhere(logs, data, situation, every):
    """Kill a load at every n-th step; return at how many."""
    situation(logs)
    old = readable()
    data.mkdir(exist_ok=True)
    shutil.copytree(data, data.with_name("before"))
    expected = None
    for kills, last in enumerate(count(1, every)):
        shutil.rmtree(data)
        shutil.copytree(data.with_name("before"), data)
        command = [sys.executable, "-c", DYING, str(data), str(logs), str(last)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode in (0, 9), done.stderr
        left = readable()
        update(logs)
        new = tables()
        expected = expected or new
        assert same(new, expected)
        assert left is None or (old and same(left, old)) or same(left, new)
        assert left is not None or old is None
        assert update(logs).read == 0
        if done.returncode == 0:
            return kills
    raise AssertionError


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_load_killed_at_a_sample_of_its_steps(logs, data, situation):
    assert kill_everywhere(logs, data, situation, every=15)


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_load_killed_at_any_step(tmp_path, data):
    kills = 0
    for situation in SITUATIONS:
        logs = tmp_path / situation.__name__ / "logs"
        kills += kill_everywhere(write_logs(logs), data, situation, every=1)
        for folder in (data, data.with_name("before")):
            shutil.rmtree(folder)
    assert kills >= 200


def flipped(path, dice):
    data = bytearray(path.read_bytes())
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    stamp = path.stat()
    path.write_bytes(data)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # as a failing disk leaves it


def flip_bits(logs, data, flips, monkeypatch):
    """Flip one bit of a dataset at a time: never a wrong row, and a load makes it whole."""
    rewritten(logs)
    update(logs)
    shutil.copytree(data, data.with_name("before"))
    good, dice = tables(but=["file"]), random.Random(4)
    found = 0
    for _ in range(flips):
        shutil.rmtree(data)
        shutil.copytree(data.with_name("before"), data)
        path = dice.choice([p for p in sorted(data.rglob("*")) if p.is_file() and p.stat().st_size])
        flipped(path, dice)
        monkeypatch.setattr("analysis.logs.stamps.RACY", dice.choice([2 * 10**9, -(10**12)]))
        told = False
        try:
            assert same(tables(but=["file"]), good)
        except store.StoreError:
            told = True
        try:
            done = update(logs)
        except store.StoreError:
            assert path.name == "manifest.json"
            found += 1
            continue
        found += told or done.read > 0  # where scans ended is for loads alone
        if done.lost:  # the rows of before, with their batch
            assert messages() == [1, 5, 6]
        else:
            assert same(tables(but=["file"]), good)
        assert update(logs).read == 0
    return found


def test_a_flipped_bit_is_found_or_means_nothing(logs, data, monkeypatch):
    assert flip_bits(logs, data, 60, monkeypatch) > 40


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_thousand_flipped_bits(logs, data, monkeypatch):
    assert flip_bits(logs, data, 1_000, monkeypatch) > 900
