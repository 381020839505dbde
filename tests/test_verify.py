"""The tables of a dataset against a full fresh read of its logs."""

import polars as pl
import pytest
from lines import OTHER_SESSION, SESSION, answer, append_log, write_log
from stores import ABACUS, ATLAS, BOREALIS, THIRD_SESSION, disk, grow, update

from analysis import paths
from analysis.logs import batches, manifest, store
from analysis.logs.verify import verify


def differences(name="mine"):
    return list(verify(name).differences)


def test_what_was_loaded_is_what_the_logs_say(logs, tmp_path):
    update(logs)
    grow(logs)
    write_log(logs / ATLAS / f"{OTHER_SESSION}.jsonl", answer(7, message_more={"model": "acme"}))
    update(logs)
    before = disk(tmp_path)
    found = verify("mine")
    assert (found.files, found.gone, found.differences) == (3, 1, ())
    assert found.rows == 4 + 1 + 3  # copies, prompt, ledger
    assert disk(tmp_path) == before


def believed(table, change):
    """Change a table as no accident could: with its digest."""
    (folder,) = (paths.PROCESSED / "mine").glob("batch-*")
    path = folder / f"{table}.parquet"
    change(pl.read_parquet(path)).write_parquet(path)
    known = manifest.read_manifest("mine")
    known.batches[folder.name] = batches.seal(folder)
    manifest.write(manifest.private("mine"), known)
    dataset = manifest.read_dataset("mine")
    dataset.batches = known.batches
    manifest.write(manifest.public("mine"), dataset)


ONE_MORE = pl.col("lines") + 1


@pytest.mark.parametrize(
    ("table", "change", "told"),
    [
        ("copies", lambda rows: rows[:1], "copies: 1 row against 2 in the logs, 0 only in the"),
        (
            "files",
            lambda rows: pl.concat([rows, rows[:1]]),
            "files: 3 rows against 2 in the ",
        ),
        (
            "events",
            lambda rows: rows.with_columns(chars=pl.lit(99, pl.Int64)),
            "events: 1 row against 1 in the logs, 1 only in the dataset, 1 only in the logs",
        ),
        (
            "files",
            lambda rows: rows.with_columns(blank=pl.lit(-1, pl.Int64)),
            "table files breaks its schema: blank: greater_than_or_equal_to",
        ),
        ("files", lambda rows: rows.with_columns(lines=ONE_MORE), "the summary is not that of"),
        ("events", lambda rows: rows.with_columns(project=None), "table events breaks its schema"),
    ],
)
def test_a_row_that_the_logs_do_not_say_is_told(logs, table, change, told):
    update(logs)
    believed(table, change)
    said = differences()
    assert any(line.startswith(told) for line in said), said


def test_the_order_of_rows_does_not_matter(logs):
    update(logs)
    for table in batches.STORED:
        believed(table, lambda rows: rows.reverse())
    assert differences() == []


def test_logs_that_are_newer_than_the_tables_are_told_and_not_compared(logs):
    update(logs)
    append_log(logs / ATLAS / f"{SESSION}.jsonl", answer(3, 9))
    write_log(logs / ABACUS / f"{THIRD_SESSION}.jsonl", answer(4, 9))
    found = verify("mine")
    assert found.differences == ("2 log files are new or have changed since the load",)
    assert found.files == 1


def test_a_log_that_grows_while_it_is_read_is_told_and_not_compared(logs, monkeypatch):
    update(logs)
    real = batches.seal

    def growing(folder):
        append_log(logs / ATLAS / f"{SESSION}.jsonl", answer(3, 9))
        return real(folder)

    monkeypatch.setattr(batches, "seal", growing)
    assert differences() == ["1 log file is new or has changed since the load"]


def test_a_load_that_did_not_end_is_told(logs):
    update(logs)
    old = manifest.public("mine").read_bytes()
    (logs / BOREALIS / f"{OTHER_SESSION}.jsonl").write_bytes(b"{}\n")
    update(logs)
    manifest.public("mine").write_bytes(old)
    assert differences()[0].startswith("the tables are not those of the manifest")


def test_without_the_manifest_there_is_nothing_to_compare_with(logs):
    update(logs)
    manifest.private("mine").unlink()
    with pytest.raises(store.StoreError, match=r"manifest\.json is gone"):
        verify("mine")
