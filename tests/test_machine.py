"""Whatever happens to logs and dataset, a load ends where a first load of the same logs would.

The machine below writes, grows, rewrites, renames and removes logs, kills loads, damages the
dataset, and loads. Each line it writes is a message of its own, so what a dataset should hold is a
set of numbers: those in the logs, and those that any load has seen before.
"""

import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from lines import OTHER_SESSION, SESSION, answer, dump, uuid
from stores import THIRD_SESSION, Killed, die_at

from analysis import paths
from analysis.logs import store

NAMES = [f"{p}/{s}.jsonl" for p in ("a", "b") for s in (SESSION, OTHER_SESSION, THIRD_SESSION)]
which = st.integers(0, 10**6)


class Store(RuleBasedStateMachine):
    """Logs, a dataset of them, and what it should hold."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.logs = self.folder / "logs" / "projects"
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr("analysis.paths.PROCESSED", self.folder / "processed")
        self.patch.setattr("analysis.paths.PRIVATE", self.folder / "private")
        self.next = 1
        self.half = {}  # file: the rest of its last line
        self.seen = set()  # messages that some load has read
        self.maybe = set()  # messages that a load may have read before it was killed
        self.damaged = False

    def teardown(self):
        self.patch.undo()
        shutil.rmtree(self.folder)

    # the logs

    def files(self):
        return sorted(self.logs.rglob("*.jsonl"))

    def line(self):
        last, self.next = self.next, self.next + 1
        before = uuid(1_000 * last + last % 50)  # in this log or another
        return dump(answer(self.next, self.next % 50, parentUuid=before))

    def there(self):
        """The messages of whole lines in the logs; a half line that is JSON does not occur."""
        found = set()
        for path in self.files():
            for line in path.read_bytes().split(b"\n"):
                try:
                    found.add(int(json.loads(line)["message"]["id"][4:]))
                except ValueError:
                    continue
        return found

    @initialize(settled=st.booleans())
    def first(self, settled):
        if settled:  # as if each file had been as it is for long: loads look less closely
            self.patch.setattr("analysis.logs.stamps.RACY", -(10**12))
        self.write(0, 2)

    @rule(which=which, lines=st.integers(1, 3))
    def write(self, which, lines):
        """Write a log, or write it over."""
        path = self.logs / NAMES[which % len(NAMES)]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(self.line() for _ in range(lines)))
        self.half.pop(path, None)

    @precondition(lambda self: self.files())
    @rule(which=which, lines=st.integers(1, 2), cut=st.integers(0, 40))
    def append(self, which, lines, cut):
        """Finish the last line if it is half, append lines, and leave the last one half."""
        path = self.files()[which % len(self.files())]
        text = self.half.pop(path, b"") + b"".join(self.line() for _ in range(lines))
        with path.open("ab") as stream:
            stream.write(text[: len(text) - cut])
        if cut:
            self.half[path] = text[len(text) - cut :]

    @precondition(lambda self: self.half)
    @rule()
    def finish(self):
        path, rest = self.half.popitem()
        with path.open("ab") as stream:
            stream.write(rest)

    @precondition(lambda self: len(self.files()) > 1)
    @rule(which=which)
    def delete(self, which):
        path = self.files()[which % len(self.files())]
        path.unlink()
        self.half.pop(path, None)

    @precondition(lambda self: self.files())
    @rule(which=which, to=which)
    def rename(self, which, to):
        path, target = self.files()[which % len(self.files())], self.logs / NAMES[to % len(NAMES)]
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
        half = self.half.pop(path, None)
        self.half.pop(target, None)
        if half:
            self.half[target] = half

    @precondition(lambda self: self.files())
    @rule(which=which, at=st.sampled_from([1, 10**9, 4 * 10**9]))
    def touch(self, which, at):
        os.utime(self.files()[which % len(self.files())], (at, at))

    # the dataset

    def parts(self):
        return sorted(paths.PROCESSED.rglob("*.parquet"))

    @precondition(lambda self: self.parts())
    @rule(which=which, place=st.floats(0, 1), how=st.sampled_from(["flip", "cut", "remove"]))
    def damage_a_batch(self, which, place, how):
        path = self.parts()[which % len(self.parts())]
        data = bytearray(path.read_bytes())
        if how == "remove" or not data:
            path.unlink()
        elif how == "cut":
            path.write_bytes(data[: int(place * (len(data) - 1))])
        else:
            data[int(place * (len(data) - 1))] ^= 4
            path.write_bytes(data)
        self.damaged = True

    @precondition(lambda self: store.public("mine").exists())
    @rule(place=st.floats(0, 1))
    def damage_the_list_of_tables(self, place):
        data = bytearray(store.public("mine").read_bytes())
        data[int(place * (len(data) - 1))] ^= 4
        store.public("mine").write_bytes(data)

    @precondition(lambda self: (paths.PRIVATE / "mine" / "manifest.json").exists())
    @rule(place=st.floats(0, 1))
    def damage_the_manifest(self, place):
        """It is told, and only starting over helps."""
        path = paths.PRIVATE / "mine" / "manifest.json"
        before = path.read_bytes()
        data = bytearray(before)
        data[int(place * (len(data) - 1))] ^= 4
        path.write_bytes(data)
        try:
            store.load_logs("mine", str(self.logs))
        except store.StoreError:
            shutil.rmtree(paths.PROCESSED / "mine", ignore_errors=True)
            shutil.rmtree(path.parent)
            self.seen, self.maybe = set(), set()
            self.damaged = False
        else:  # in the frame around its digest, where a bit means nothing
            self.loaded(0)

    @rule(step=st.integers(1, 14))
    def kill(self, step):
        """Die at some step of a load, or be through before it."""
        before, there = self.numbers(), self.there()
        with pytest.MonkeyPatch.context() as patch:
            die_at(patch, step)
            with suppress(Killed):
                store.load_logs("mine", str(self.logs))
        after = self.numbers()
        assert after == before or after is None or there <= after
        assert after == before or self.damaged or after == there | self.seen | (after & self.maybe)
        self.maybe |= there

    @rule()
    def run(self):
        self.loaded(store.load_logs("mine", str(self.logs)).lost)

    def numbers(self):
        """The messages that can be read; null when nothing can."""
        try:
            return {int(m[4:]) for m in store.read("mine").copies["message_id"]}
        except store.StoreError:
            return None

    def loaded(self, lost):
        """Compare with a first load of the same logs, and with what was there before."""
        there, found = self.there(), self.numbers()
        assert there <= found <= there | self.seen | self.maybe
        if not self.damaged:
            assert there | self.seen <= found
            assert not lost
        self.seen, self.maybe, self.damaged = found, set(), False
        again = store.load_logs("mine", str(self.logs))
        assert (again.read, again.lost, again.files) == (0, 0, len(self.files()))
        store.load_logs("cold", str(self.logs))
        warm, cold = store.read("mine"), store.read("cold")
        for table in ("copies", "events", "files"):
            ours, theirs = (getattr(d, table).drop("file", "project") for d in (warm, cold))
            assert theirs.join(ours, on=ours.columns, how="anti", nulls_equal=True).is_empty()
        assert warm.files.height == cold.files.height + again.gone
        extra = warm.copies.join(cold.copies, on="message_id", how="anti")
        assert set(extra["message_id"].str.tail(-4).cast(pl.Int64)) == found - there
        for place in (paths.PROCESSED, paths.PRIVATE):
            shutil.rmtree(place / "cold")

    @invariant()
    def what_is_read_was_once_logged(self):
        found = self.numbers()
        assert found is None or max(found, default=0) <= self.next


def machine(runs, steps):
    run_state_machine_as_test(
        Store,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_warm_is_cold_whatever_happens():
    machine(30, 30)


@pytest.mark.exhaustive
@pytest.mark.long
def test_warm_is_cold_whatever_happens_in_500_long_runs():
    machine(500, 50)
