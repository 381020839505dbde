"""A damaged file of a dataset is found, never believed, and made again from the logs."""

import os
import shutil

import polars as pl
import pytest
from lines import OTHER_SESSION, SESSION, answer, write_log
from stores import ABACUS, ATLAS, BOREALIS, THIRD_SESSION, messages, same, tables, update

from analysis import paths, schema
from analysis.logs import batches, store


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def quietly(change):
    """Change a file as a failing disk does: its times and its size stay."""

    def changed(path):
        before = path.stat()
        change(path)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    return changed


def truncate(path):
    path.write_bytes(path.read_bytes()[:-1])


def swap(path):
    """Put another whole Parquet file in its place."""
    frame = pl.read_parquet(path)
    frame.with_columns(pl.col(pl.Int64) + 1).write_parquet(path)


def remove(path):
    path.unlink()


def empty(path):
    path.write_bytes(b"")


DAMAGE = [quietly(flip), truncate, swap, remove, empty]
damages = pytest.mark.parametrize("damage", DAMAGE, ids=["flip", *(d.__name__ for d in DAMAGE[1:])])
each_table = pytest.mark.parametrize("table", batches.STORED)


def batch(number=0):
    return sorted((paths.PROCESSED / "mine").glob("batch-*"))[number]


@damages
@each_table
def test_damage_is_told_by_a_read_and_repaired_by_a_load(logs, damage, table):
    update(logs)
    before = tables(but=["file"])
    damage(batch() / f"{table}.parquet")
    told = (
        rf"tables of 'mine' are (damaged|gone) .*{table}\.parquet\): `make data LOGS=.* NAME=mine"
    )
    with pytest.raises(store.StoreError, match=told):
        store.read("mine")
    assert update(logs) == store.Loaded("mine", files=2, read=2, gone=0)
    assert same(tables(but=["file"]), before)
    assert update(logs).read == 0


def two_batches(logs):
    """A dataset of two batches, with a log of the first one gone."""
    update(logs)
    write_log(logs / ABACUS / f"{THIRD_SESSION}.jsonl", answer(3))
    update(logs)
    (logs / BOREALIS / f"{OTHER_SESSION}.jsonl").unlink()
    update(logs)


@damages
def test_what_is_lost_with_its_logs_is_counted_and_the_rest_stays(logs, damage):
    two_batches(logs)
    damage(batch() / "copies.parquet")
    done = update(logs)
    assert (done.read, done.gone, done.lost) == (1, 0, 1)
    (lost,) = done.lost_rows
    assert (lost.lines, lost.requests, lost.first, lost.last) == (2, 1, "2026-05-04", "2026-05-04")
    assert messages() == [1, 3]
    assert update(logs) == store.Loaded("mine", files=2, read=0, gone=0)


def test_damage_to_one_batch_reads_no_file_of_another(logs):
    two_batches(logs)
    flip(batch(1) / "files.parquet")
    assert update(logs) == store.Loaded("mine", files=2, read=1, gone=1)
    assert messages() == [1, 2, 3]


def test_what_a_file_said_before_it_was_rewritten_is_lost_with_its_batch(logs):
    update(logs)
    write_log(logs / ATLAS / f"{SESSION}.jsonl", answer(4), answer(5))
    update(logs)
    flip(batch() / "copies.parquet")
    assert update(logs).lost == 1
    assert messages() == [2, 4, 5]


def test_a_file_that_was_rewritten_since_its_batch_was_damaged_is_counted_as_lost(logs):
    update(logs)
    flip(batch() / "copies.parquet")
    write_log(logs / ATLAS / f"{SESSION}.jsonl", answer(4), answer(5))
    assert update(logs).lost == 1
    assert messages() == [2, 4, 5]


def test_a_batch_may_have_any_number_of_files_for_a_table(tmp_path):
    values = {pl.String: "x", pl.Date: None}
    rows = {c.name: values.get(c.dtype, 0) for c in schema.FILES}
    frame = pl.DataFrame([rows | {"file": n} for n in (1, 2, 3)], schema=schema.dtypes("files"))
    (tmp_path / "batch-000001").mkdir()
    for number, part in enumerate((frame[:2], frame[2:]), 1):
        part.write_parquet(tmp_path / "batch-000001" / f"files-{number:04d}.parquet")
    parts = {"batch-000001": batches.seal(tmp_path / "batch-000001")}
    assert batches.damaged(tmp_path, parts) == set()
    assert batches.table(tmp_path, parts, "files", frame.columns).equals(frame)
    assert batches.table(tmp_path, parts, "events", ["file"]).height == 0
    (tmp_path / "batch-000001" / "files-0002.parquet").unlink()
    assert batches.damaged(tmp_path, parts) == {"batch-000001"}


def test_a_folder_whose_name_is_a_pattern_is_read_as_it_is(logs, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "[a]*?" / "processed")
    update(logs)
    assert messages() == [1, 2]


def test_what_loads_that_died_left_is_swept_when_the_tables_change(logs):
    update(logs)
    folder = paths.PROCESSED / "mine"
    shutil.copytree(batch(), folder / "batch-000009-12345678")
    shutil.copytree(batch(), folder / ".batch-000008-12345678.making")
    write_log(logs / ABACUS / f"{THIRD_SESSION}.jsonl", answer(3))
    update(logs)
    assert len([*folder.glob("*batch-*")]) == 2
