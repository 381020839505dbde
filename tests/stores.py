"""Datasets made of logs by hand, and what tests ask of them."""

import os
from collections import Counter
from pathlib import Path

import polars as pl
from lines import OTHER_SESSION, SESSION, answer, append_log, prompt, tool_result, write_log

from analysis.logs import store

#: What a load does to the disk, in places where a death could leave something half done.
STEPS = ["os.replace", "os.fsync", "pathlib.Path.rename", "polars.DataFrame.write_parquet"]


class Killed(BaseException):
    """As a signal would, this passes through every `except Exception`."""


def die_at(monkeypatch, step):
    """Let the step-th dangerous operation from now on be the last; return how many there were."""
    done = Counter()

    def deadly(real):
        def call(*args, **kwargs):
            done["all"] += 1
            if done["all"] == step:
                raise Killed
            return real(*args, **kwargs)

        return call

    owners = {"os": os, "pathlib.Path": Path, "polars.DataFrame": pl.DataFrame}
    for name in STEPS:
        owner, attribute = name.rsplit(".", 1)
        real = getattr(owners[owner], attribute)
        monkeypatch.setattr(owners[owner], attribute, deadly(real))
    return done


ATLAS, BOREALIS, ABACUS = "-home-jane-atlas", "-home-jane-borealis", "-home-jane-abacus"
THIRD_SESSION = "5e551011-0000-4000-8000-000000000003"


def write_logs(root):
    """Write logs of two projects."""
    more = {"cwd": "/home/jane/atlas", "gitBranch": "feature/acme-merger"}
    write_log(root / ATLAS / f"{SESSION}.jsonl", prompt(**more), answer(1, **more))
    write_log(root / BOREALIS / f"{OTHER_SESSION}.jsonl", answer(2, 5), tool_result(7))
    return root


def grow(logs):
    append_log(logs / ATLAS / f"{SESSION}.jsonl", answer(3, 9))
    write_log(logs / ABACUS / f"{THIRD_SESSION}.jsonl", answer(4, 9))
    (logs / BOREALIS / f"{OTHER_SESSION}.jsonl").unlink()


def update(logs, name="mine", **more):
    return store.load_logs(name, str(logs), **more)


def tables(name="mine", but=()):
    """The three tables, in one order whatever the batches."""
    found = store.read(name)
    frames = [t.drop(but) for t in (found.copies, found.events, found.files)]
    return [t.sort(t.columns) for t in frames]


def unmarked(found):
    """The same tables as if every log were still where it was."""
    *others, files = found
    return [*others, files.with_columns(gone=pl.lit(None, pl.Date))]


def same(one, other):
    return all(a.equals(b) for a, b in zip(one, other, strict=True))


def messages():
    """The numbers of the messages in the dataset."""
    return sorted(int(m[4:]) for m in store.read("mine").copies["message_id"])


def disk(folder):
    """Every file below a folder, with its bytes and the time it was written."""
    files = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    return {p.relative_to(folder): (p.read_bytes(), p.stat().st_mtime_ns) for p in files}
