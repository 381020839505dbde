"""A dataset on disk: incremental, append-only, whole after any death, and without names."""

import gzip
import json
import os
import shutil
import stat

import polars as pl
import pytest
from lines import OTHER_SESSION, SESSION, answer, append_log, dump, write_log
from stores import (
    ABACUS,
    ATLAS,
    BOREALIS,
    THIRD_SESSION,
    Killed,
    die_at,
    disk,
    grow,
    messages,
    same,
    tables,
    unmarked,
    update,
)

from analysis import load, paths, schema
from analysis.logs import store
from analysis.logs.discover import NoLogsError

# What a load does


def test_a_first_load_reads_everything(logs):
    assert update(logs) == store.Loaded("mine", files=2, read=2, gone=0)
    found = load("mine")
    assert messages() == [1, 2]
    assert found.files["lines"].to_list() == [2, 2]
    assert found.files["file"].to_list() == [1, 2]
    assert found.events["kind"].to_list() == ["prompt"]
    for name in ("copies", "events", "files"):
        schema.validate(getattr(found, name), name)


def test_a_load_without_news_touches_nothing(logs, tmp_path):
    update(logs)
    before = disk(tmp_path)
    assert update(logs).read == 0
    assert disk(tmp_path) == before


def test_loading_changes_nothing_in_the_logs(logs):
    before = disk(logs)
    update(logs)
    assert disk(logs) == before


def test_a_file_that_grew_is_read_again_whole(logs):
    update(logs)
    with (logs / ATLAS / f"{SESSION}.jsonl").open("ab") as stream:
        stream.write(json.dumps(answer(3, 9)).encode() + b"\n")
    assert update(logs) == store.Loaded("mine", files=2, read=1, gone=0)
    assert messages() == [1, 2, 3]
    assert sorted(store.read("mine").files["lines"]) == [2, 3]


def test_a_half_line_is_counted_now_and_read_when_it_is_whole(logs):
    path = logs / ATLAS / f"{SESSION}.jsonl"
    line = json.dumps(answer(3, 9)).encode()
    with path.open("ab") as stream:
        stream.write(line[:60])
    update(logs)
    assert (messages(), store.read("mine").files["rejected_unfinished"].sum()) == ([1, 2], 1)
    with path.open("ab") as stream:
        stream.write(line[60:] + b"\n")
    update(logs)
    assert (messages(), store.read("mine").files["rejected_unfinished"].sum()) == ([1, 2, 3], 0)


def test_a_file_that_was_rewritten_keeps_what_it_said_before(logs):
    update(logs)
    write_log(logs / ATLAS / f"{SESSION}.jsonl", answer(4), answer(5))
    assert update(logs).read == 1
    assert messages() == [1, 2, 4, 5]  # the lines of before are history
    assert store.only_here("mine") == 1
    ledger = store.read("mine").files
    assert (ledger.height, ledger["lines"].sum()) == (2, 2 + 2)  # of the files as they are now


def test_a_file_that_shrank_keeps_what_it_said_before(logs):
    update(logs)
    write_log(logs / ATLAS / f"{SESSION}.jsonl", answer(4))
    assert update(logs).read == 1
    assert messages() == [1, 2, 4]
    assert store.only_here("mine") == 1
    (logs / ATLAS / f"{SESSION}.jsonl").write_text("")
    update(logs)
    assert messages() == [1, 2, 4]


def test_a_file_that_cannot_be_read_now_keeps_its_rows_and_is_tried_again(logs, monkeypatch):
    update(logs)
    write_log(logs / ATLAS / f"{SESSION}.jsonl", answer(4), answer(5))
    with monkeypatch.context() as patch:
        patch.setattr("analysis.logs.discover._skip", lambda path: "unreadable")
        update(logs)
        assert messages() == [1, 2]
    update(logs)
    assert messages() == [1, 2, 4, 5]
    assert update(logs).read == 0


def test_a_file_that_could_never_be_read_is_told_and_tried_again(logs, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("analysis.logs.discover._skip", lambda path: "unreadable")
        update(logs)
        assert store.read("mine").files["skipped"].to_list() == ["unreadable"] * 2
    update(logs)
    assert messages() == [1, 2]
    assert store.read("mine").files["skipped"].null_count() == 2


def test_tables_that_somebody_removed_are_made_again(logs, tmp_path):
    update(logs)
    before = tables(but=["file"])
    shutil.rmtree(tmp_path / "processed")
    assert update(logs) == store.Loaded("mine", files=2, read=2, gone=0)
    assert same(tables(but=["file"]), before)


def test_tables_removed_while_their_logs_are_gone_are_told_as_lost(logs, tmp_path):
    update(logs)
    (logs / ATLAS / f"{SESSION}.jsonl").unlink()
    update(logs)
    shutil.rmtree(tmp_path / "processed")
    assert update(logs).lost == 1
    assert messages() == [2]
    assert update(logs).lost == 0


def test_tables_removed_by_hand_are_no_traceback(logs, tmp_path):
    update(logs)
    for batch in (tmp_path / "processed" / "mine").glob("batch-*"):
        shutil.rmtree(batch)
    with pytest.raises(store.StoreError, match="the tables of 'mine' are gone"):
        store.read("mine")


def test_batches_with_nothing_live_go(logs, tmp_path):
    for number in range(3, 7):
        write_log(logs / ATLAS / f"{SESSION}.jsonl", *(answer(n) for n in range(3, number + 2)))
        update(logs)
    assert len(list((tmp_path / "processed" / "mine").glob("batch-*"))) == 2


def test_a_file_that_is_gone_keeps_its_rows(logs):
    update(logs)
    before = tables()
    (logs / ATLAS / f"{SESSION}.jsonl").unlink()
    assert update(logs) == store.Loaded("mine", files=1, read=0, gone=1)
    assert not same(tables(), before)
    assert same(unmarked(tables()), before)


def test_a_file_that_is_gone_goes_when_no_history_is_kept(logs):
    update(logs)
    (logs / ATLAS / f"{SESSION}.jsonl").unlink()
    assert update(logs, keep=False) == store.Loaded("mine", files=1, read=0, gone=0)
    assert messages() == [2]


def test_a_file_that_was_rewritten_says_only_what_it_says_now_when_no_history_is_kept(logs):
    update(logs, keep=False)
    write_log(logs / ATLAS / f"{SESSION}.jsonl", answer(4), answer(5))
    assert update(logs, keep=False).read == 1
    assert messages() == [2, 4, 5]
    assert store.only_here("mine") == 0


def test_a_touched_file_is_read_again_and_says_the_same(logs):
    update(logs)
    before = tables(but=["file"])
    os.utime(logs / ATLAS / f"{SESSION}.jsonl", (1, 1))
    assert update(logs).read == 1
    assert same(tables(but=["file"]), before)


def test_step_by_step_ends_where_one_load_does(logs, tmp_path):
    update(logs)
    append_log(logs / ATLAS / f"{SESSION}.jsonl", answer(3, 9))
    update(logs)
    write_log(logs / ABACUS / f"{THIRD_SESSION}.jsonl", answer(4, 9))
    update(logs)
    update(logs, name="cold")
    numbers = ["file", "project"]  # given in order of appearance
    assert same(tables(but=numbers), tables("cold", but=numbers))


def test_a_new_parser_reads_again_what_is_there_and_keeps_what_is_gone(logs, monkeypatch):
    update(logs)
    (logs / ATLAS / f"{SESSION}.jsonl").unlink()
    monkeypatch.setattr("analysis.logs.stamps.parser", lambda: "another")
    assert update(logs) == store.Loaded("mine", files=1, read=1, gone=1)
    assert messages() == [1, 2]
    assert update(logs).read == 0


def test_an_unreadable_file_is_in_the_ledger(logs):
    (logs / ATLAS / f"{OTHER_SESSION}.jsonl").symlink_to("/nowhere")
    update(logs)
    skipped = store.read("mine").files.filter(pl.col("skipped").is_not_null())
    assert skipped.select("skipped", "lines", "bytes").rows() == [("unreadable", 0, 0)]
    assert messages() == [1, 2]


def test_progress_sees_each_file_to_be_read_and_their_size(logs):
    seen = []

    def watch(files, size):
        seen.extend((len(files), size))
        return files

    update(logs, progress=watch)
    assert seen == [2, sum(p.stat().st_size for p in logs.rglob("*.jsonl"))]


# What is refused, and how


@pytest.mark.parametrize("name", ["", "..", "a/b", "../mine", "naïve", "a b", "-", ".mine"])
def test_a_name_that_could_be_a_path_is_refused(logs, name, tmp_path):
    before = disk(tmp_path)
    with pytest.raises(store.StoreError, match="use letters, digits, - and _ only"):
        update(logs, name=name)
    assert disk(tmp_path) == before


def test_other_logs_are_refused_under_the_same_name(logs, tmp_path):
    update(logs)
    before = tables()
    write_log(tmp_path / "other" / "p" / f"{SESSION}.jsonl", answer(9))
    with pytest.raises(store.StoreError, match="another name with NAME=") as refused:
        update(tmp_path / "other")
    assert str(logs) in str(refused.value)
    assert "make clean NAME=mine" in str(refused.value)
    assert same(tables(), before)


def test_no_logs_at_all(logs, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoLogsError, match=r"no logs under .*/empty: known are Claude Code; "):
        update(tmp_path / "empty")


def test_a_dataset_that_is_not_there_is_told_with_those_that_are(logs):
    with pytest.raises(store.StoreError, match=r"no dataset 'x' \(there are: none yet\)"):
        store.read("x")
    update(logs, name="one")
    update(logs, name="two")
    with pytest.raises(store.StoreError, match=r"there are: one, two\): `make data LOGS="):
        load("x")


@pytest.mark.parametrize("damage", [b"", b"{", b"\0" * 100, b'{"roots": ["/home/jane'])
def test_a_damaged_manifest_is_told_by_file_and_remedy(logs, damage):
    update(logs)
    path = paths.PRIVATE / "mine" / "manifest.json"
    path.write_bytes(damage)
    with pytest.raises(
        store.StoreError, match="is damaged: `make clean NAME=mine FORCE=yes`"
    ) as refused:
        update(logs)
    assert str(path) in str(refused.value)
    assert refused.value.__context__ is None


@pytest.mark.parametrize("damage", [b"", b"{", b"\0" * 100, b'{"live": [1]}'])
def test_a_damaged_list_of_tables_is_told_with_the_remedy_and_written_anew(logs, damage):
    update(logs)
    before = tables()
    store.public("mine").write_bytes(damage)
    with pytest.raises(store.StoreError, match=r"damaged or of .* `make data LOGS=... NAME=mine`"):
        store.read("mine")
    assert update(logs) == store.Loaded("mine", files=2, read=0, gone=0)
    assert same(tables(), before)


def test_a_lost_private_manifest_is_no_licence_to_forget(logs):
    update(logs)
    (logs / ATLAS / f"{SESSION}.jsonl").unlink()
    update(logs)
    (paths.PRIVATE / "mine" / "manifest.json").unlink()
    with pytest.raises(store.StoreError, match=r"manifest\.json is gone.* FORCE=yes"):
        update(logs)
    assert store.only_here("mine") == 2
    assert messages() == [1, 2]


def test_a_lost_private_manifest_of_the_sample_starts_over(logs):
    update(logs)
    (paths.PRIVATE / "mine" / "manifest.json").unlink()
    assert update(logs, keep=False).read == 2
    assert messages() == [1, 2]


# Any death leaves the old dataset or the new one


def dangerous_operations(logs, monkeypatch):
    with monkeypatch.context() as patch:
        done = die_at(patch, 0)
        update(logs)
    return done["all"]


@pytest.mark.parametrize("step", range(1, 14))
def test_a_load_that_dies_leaves_the_old_dataset_or_the_new(logs, monkeypatch, step):
    update(logs)
    old = tables()
    grow(logs)
    with monkeypatch.context() as patch:
        die_at(patch, step)
        with pytest.raises(Killed):
            update(logs)
    left = tables()
    update(logs)
    new = tables()
    assert same(left, old) or same(left, new)
    assert messages() == [1, 2, 3, 4]
    assert not list(paths.PROCESSED.rglob(".*making/*"))
    assert update(logs).read == 0


def test_those_are_all_the_steps(logs, monkeypatch):
    update(logs)
    grow(logs)
    assert dangerous_operations(logs, monkeypatch) == 13


@pytest.mark.parametrize("step", range(1, 14))
def test_a_first_load_that_dies_leaves_nothing_that_misleads(logs, monkeypatch, step):
    with monkeypatch.context() as patch:
        die_at(patch, step)
        with pytest.raises(Killed):
            update(logs)
    with pytest.raises(store.StoreError, match="no dataset 'mine'"):
        store.read("mine")
    update(logs)
    assert messages() == [1, 2]
    assert store.read("mine").files.height == 2


def test_death_while_reading_a_log_loses_nothing(logs):
    def dying(files, size):
        yield files[0]
        raise Killed

    update(logs)
    old = tables()
    grow(logs)
    with pytest.raises(Killed):
        update(logs, progress=dying)
    assert same(tables(), old)
    update(logs)
    assert messages() == [1, 2, 3, 4]


# Names stay private

NAMES = ["jane", "atlas", "borealis", "acme", "merger", "feature", ".jsonl", "home", "logs"]


def cells(folder):
    """All text of the processed folder: values, names and metadata of tables, other files."""
    for path in folder.rglob("*"):
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path)
            yield from (str(c) for name in frame.columns for c in frame[name].to_list())
            yield from frame.columns
            yield from map(str, pl.read_parquet_metadata(path).items())
        elif path.is_file():
            yield path.read_text()
        yield path.name


def test_no_name_or_path_is_in_what_is_processed(logs):
    update(logs)
    told = [(name, cell) for cell in cells(paths.PROCESSED) for name in NAMES if name in cell]
    assert told == []


def test_that_test_can_fail(logs):
    update(logs)
    found = {name for cell in cells(paths.PRIVATE) for name in NAMES if name in cell}
    assert found == set(NAMES)
    leak = pl.DataFrame({"a": ["/home/jane"]})
    leak.write_parquet(paths.PROCESSED / "leak.parquet", compression="zstd")
    assert any("jane" in cell for cell in cells(paths.PROCESSED))


def test_the_private_manifest_is_for_its_owner_only(logs):
    old = os.umask(0)
    try:
        update(logs)
        write_log(logs / ABACUS / f"{THIRD_SESSION}.jsonl", answer(4))
        update(logs)
    finally:
        os.umask(old)
    (path,) = (p for p in (paths.PRIVATE).rglob("*") if p.is_file())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def labels():
    frame = store.read("mine").files
    return dict(frame.select("session", "project").rows())


def test_labels_do_not_move_when_projects_come_and_go(logs):
    update(logs)
    assert labels() == {SESSION: "project-01", OTHER_SESSION: "project-02"}
    grow(logs)  # a project that sorts first comes, another goes, a third changes
    update(logs)
    assert labels() == {
        SESSION: "project-01",
        OTHER_SESSION: "project-02",
        THIRD_SESSION: "project-03",
    }


def test_an_unknown_model_has_a_label_that_does_not_move(logs):
    def odd(number, model):
        return answer(number, message_more={"model": model})

    write_log(logs / ATLAS / f"{SESSION}.jsonl", odd(1, "zebra-large"))
    update(logs)
    write_log(logs / ABACUS / f"{THIRD_SESSION}.jsonl", odd(3, "acme-large"), odd(4, "zebra-large"))
    update(logs)
    models = dict(
        store.read("mine").copies.select(pl.col("message_id").str.tail(1), "model").rows()
    )
    assert models == {"1": "other-01", "2": "claude-opus-4-7", "3": "other-02", "4": "other-01"}


# Logs that move


def test_a_log_that_is_moved_counts_once(logs):
    update(logs)
    before = tables(but=("file", "project", "session"))
    (logs / ATLAS / f"{SESSION}.jsonl").rename(logs / ATLAS / f"{THIRD_SESSION}.jsonl")
    (logs / BOREALIS).rename(logs / ABACUS)
    assert update(logs) == store.Loaded("mine", files=2, read=2, gone=0)
    assert same(tables(but=("file", "project", "session")), before)


def test_a_log_that_was_copied_before_it_went_stays_where_it_is(logs):
    there = logs / ATLAS / f"{SESSION}.jsonl"
    shutil.copy(there, there.with_stem(THIRD_SESSION))
    update(logs)
    there.unlink()
    assert update(logs).gone == 1


def test_a_log_skipped_for_what_it_is_is_not_tried_again(logs):
    (logs / ATLAS / f"{THIRD_SESSION}.jsonl").write_bytes(gzip.compress(b"{}"))
    assert update(logs).read == 3
    assert update(logs).read == 0


def test_a_skipped_log_that_is_mended_leaves_nothing_behind(logs):
    path = logs / ATLAS / f"{THIRD_SESSION}.jsonl"
    path.write_bytes(gzip.compress(b"{}"))
    update(logs)
    write_log(path, answer(7))
    assert update(logs).read == 1
    assert store.only_here("mine") == 0


def test_a_load_that_found_fresh_logs_tells_the_next_one_when_they_have_settled(logs, monkeypatch):
    update(logs)
    public = store.public("mine")
    written = public.stat().st_mtime_ns
    assert json.loads(public.read_bytes())["listing"] is None
    monkeypatch.setattr("analysis.logs.stamps.RACY", -(10**12))
    assert update(logs).read == 0
    assert json.loads(public.read_bytes())["listing"] is not None
    assert public.stat().st_mtime_ns == written  # make sees tables that have not changed


def test_a_disk_without_room_is_said_and_costs_nothing(logs, monkeypatch):
    update(logs)
    before = tables()
    append_log(logs / ATLAS / f"{SESSION}.jsonl", answer(9))

    def full(*args, **more):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(pl.DataFrame, "write_parquet", full)
        with pytest.raises(store.StoreError, match="is the disk full"):
            update(logs)
    assert same(tables(), before)
    assert update(logs).read == 1


def test_a_small_part_of_a_large_log_is_a_small_load(logs, monkeypatch):
    sizes = []

    def watch(files, size):
        sizes.append(size)
        return files

    update(logs)
    append_log(logs / ATLAS / f"{SESSION}.jsonl", answer(9))
    update(logs, progress=watch)
    assert sizes == [len(dump(answer(9)))]
