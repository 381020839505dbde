"""A dataset as one file: moved, merged, counted once, whole after any death."""

import datetime as dt
import os
import shutil
import stat
import zipfile
from contextlib import suppress

import polars as pl
import pytest
from conftest import require
from lines import OTHER_SESSION, SESSION, answer, append_log, prompt, write_log
from stores import (
    ABACUS,
    ATLAS,
    BOREALIS,
    THIRD_SESSION,
    Killed,
    die_at,
    disk,
    messages,
    same,
    tables,
    update,
)

from analysis import load, paths, synth
from analysis.__main__ import main
from analysis.crosscheck import compare
from analysis.crosscheck.tool import CrosscheckError
from analysis.logs import manifest, store
from analysis.logs.archive import MEMBERS, read_archive
from analysis.logs.export import export
from analysis.logs.merge import import_archive
from analysis.logs.sound import ArchiveError
from analysis.logs.verify import verify
from analysis.measures.data import only_here
from analysis.paths import ROOT
from analysis.report.privacy_names import secrets
from analysis.words import data as words

NUMBERS = ("file", "project")  # given in order of appearance
TODAY = dt.datetime.now(dt.UTC).date()
PUBLIC = ROOT.parent / "shared" / "logs" / "projects"


@pytest.fixture
def packed(logs, tmp_path):
    """The dataset `mine` as an archive."""
    update(logs)
    export("mine", tmp_path / "mine.zip")
    return tmp_path / "mine.zip"


def totals(name):
    """Every token of a dataset, by every column and in requests."""
    found = store.read(name)
    counted = found.requests.select(pl.col("^.*_tokens$").sum(), sessions=pl.n_unique("session"))
    ledger = found.files.select(pl.col(pl.Int64).sum())
    return found.requests.height, *counted.row(0), *ledger.row(0), found.events.height


def of_requests(name, but=("project",)):
    frame = store.read(name).requests.drop(but)
    return frame.sort(frame.columns)


# There and back


def test_where_no_log_is_to_compare_with_nothing_is_called_verified(packed, capsys):
    import_archive("there", packed)
    assert main(["verify", "--name", "there"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("not verified there: no log that it was read from is where it was, 2 ")
    assert "the tables say what the logs say" not in said
    with pytest.raises(CrosscheckError, match=r"reads it: 2 imported from another dataset$"):
        compare.compare("there")


def test_a_dataset_that_moved_is_the_same_to_the_label(packed):
    assert import_archive("there", packed) == (2, 2, 2)
    known = store.read("mine")
    found = store.read("there")
    assert found.files["imported"].to_list() == [TODAY] * 2
    for name in ("copies", "events", "requests"):
        assert same([getattr(found, name)], [getattr(known, name)])
    assert found.files.drop("imported").equals(known.files.drop("imported"))
    assert found.labels == known.labels


def test_the_same_dataset_is_the_same_bytes_for_its_owner_alone(packed, tmp_path):
    again = tmp_path / "again.zip"
    old = os.umask(0)
    try:
        export("mine", again)
    finally:
        os.umask(old)
    assert again.read_bytes() == packed.read_bytes()
    assert stat.S_IMODE(again.stat().st_mode) == 0o600
    assert tmp_path.stat().st_mode & 0o777 == 0o700  # as pytest makes it: folders stay as they are
    again.chmod(0o644)
    export("mine", again)
    assert stat.S_IMODE(again.stat().st_mode) == 0o600


def test_names_are_in_its_manifest_and_nowhere_else(packed):
    with zipfile.ZipFile(packed) as opened:
        said = {name: opened.read(name) for name in opened.namelist()}
    assert tuple(said) == MEMBERS
    assert {name for name, data in said.items() if b"jane" in data} == {"manifest.json"}


def test_what_is_there_already_changes_nothing(packed, tmp_path):
    before = disk(tmp_path)
    assert import_archive("mine", packed) == (0, 2, 0)
    assert disk(tmp_path) == before
    import_archive("there", packed)
    before = disk(tmp_path)
    assert import_archive("there", packed) == (0, 2, 0)
    assert disk(tmp_path) == before


def test_an_archive_brings_back_what_was_lost(packed, logs, tmp_path):
    before = tables(but=["file"])
    shutil.rmtree(logs)
    shutil.rmtree(tmp_path / "processed")
    logs.mkdir()
    with pytest.raises(store.StoreError, match="the tables of 'mine' are gone"):
        import_archive("mine", packed)
    assert update(logs).lost == 2
    assert import_archive("mine", packed) == (2, 2, 2)
    copies, events = tables(but=["file"])[:2]
    assert same([copies, events], before[:2])


def test_a_name_that_is_not_utf8_comes_along(logs, tmp_path):
    try:
        write_log(logs / os.fsdecode(b"\xff") / f"{THIRD_SESSION}.jsonl", answer(3))
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    update(logs)
    export("mine", tmp_path / "mine.zip")
    assert import_archive("there", tmp_path / "mine.zip").logs == 3
    assert import_archive("mine", tmp_path / "mine.zip").logs == 0


# Two machines


@pytest.fixture
def machines(logs, tmp_path):
    """Two machines: on the other one are a project of the first, and a third; one log is on both.

    Return the folders of their logs, and what packs a machine's dataset.
    """
    other = tmp_path / "other" / "projects"
    write_log(other / ABACUS / f"{THIRD_SESSION}.jsonl", answer(3), answer(4))
    write_log(other / BOREALIS / f"{THIRD_SESSION}.jsonl", answer(5, 9), answer(2, 5))
    shutil.copytree(logs / ATLAS, other / ATLAS)
    update(logs)
    update(other, "theirs")

    def pack(name):
        export(name, tmp_path / f"{name}.zip")
        return tmp_path / f"{name}.zip"

    return logs, other, pack


def test_a_request_on_both_counts_once_whoever_imports(machines):
    _, _, pack = machines
    ours, theirs = pack("mine"), pack("theirs")
    assert import_archive("mine", theirs) == (2, 3, 3)
    assert import_archive("theirs", ours) == (1, 2, 0)
    for name in ("mine", "theirs"):
        assert store.read(name).requests["message_id"].str.tail(1).sort().to_list() == [*"12345"]
    assert of_requests("mine").equals(of_requests("theirs"))
    assert totals("mine") == totals("theirs")
    assert import_archive("mine", pack("theirs")) == (0, 4, 0)
    assert import_archive("theirs", pack("mine")) == (0, 4, 0)


def test_labels_go_by_name_and_none_that_was_there_moves(machines):
    _, _, pack = machines
    import_archive("mine", pack("theirs"))
    known = manifest.read_manifest("mine").projects
    assert known == {ATLAS: "project-01", BOREALIS: "project-02", ABACUS: "project-03"}
    found = store.read("mine").copies.select(pl.col("message_id").str.tail(1), "project")
    projects = {"1": "01", "2": "02", "3": "03", "4": "03", "5": "02"}
    assert dict(found.rows()) == {n: f"project-{label}" for n, label in projects.items()}


def test_models_and_ids_of_odd_shape_meet(logs, tmp_path):
    other = tmp_path / "other" / "projects"

    def odd(number, model):
        return answer(number, message_more={"model": model}, agentId=f"agent of {model}")

    write_log(logs / ATLAS / "diary.jsonl", odd(3, "zebra"), odd(4, "acme"))
    write_log(other / ATLAS / "diary.jsonl", odd(5, "acme"), odd(6, "zebra"), odd(7, "claude-own"))
    update(logs)
    update(other, "theirs")
    export("theirs", tmp_path / "theirs.zip")
    import_archive("mine", tmp_path / "theirs.zip")
    rows = store.read("mine").copies.filter(pl.col("model").str.starts_with("other-"))
    models = dict(rows.select(pl.col("message_id").str.tail(1), "model").rows())
    first, second = models["3"], models["4"]
    assert models == {"3": first, "4": second, "5": second, "6": first, "7": "other-03"}
    assert {first, second} == {"other-01", "other-02"}
    assert rows["session"].n_unique() == 1
    assert rows["agent"].n_unique() == 3
    assert all(rows["agent"].str.starts_with("x-"))


def test_a_log_that_grew_on_the_other_machine_is_there_once(machines):
    _, other, pack = machines
    first = pack("theirs").rename(other.parent / "first.zip")
    import_archive("mine", first)
    append_log(other / ABACUS / f"{THIRD_SESSION}.jsonl", answer(6), prompt("more"))
    update(other, "theirs")
    assert import_archive("mine", pack("theirs")) == (1, 3, 1)
    whole = totals("mine")
    assert import_archive("mine", first) == (0, 3, 0)  # which is older
    assert totals("mine") == whole
    assert (store.read("mine").files.height, messages()) == (4, [1, 2, 2, 3, 4, 5, 6])
    assert len([*(paths.PROCESSED / "mine").glob("batch-*")]) == 3


def test_a_log_that_was_rewritten_on_the_other_machine_keeps_what_it_said(machines):
    _, other, pack = machines
    import_archive("mine", pack("theirs"))
    write_log(other / ABACUS / f"{THIRD_SESSION}.jsonl", answer(8), answer(9), answer(4))
    update(other, "theirs")
    assert import_archive("mine", pack("theirs")).requests == 2
    assert store.read("mine").requests.height == 7
    assert import_archive("mine", pack("theirs")).logs == 0
    assert len(manifest.read_manifest("mine").kept) == 1


def test_a_path_that_is_taken_by_a_log_on_this_disk_stays_that_log(packed, logs):
    """The archive says of this path what its log does not: the rows stay, and the log's as well."""
    path = logs / ATLAS / f"{SESSION}.jsonl"
    shutil.rmtree(paths.PROCESSED / "mine")
    shutil.rmtree(paths.PRIVATE / "mine")
    write_log(path, answer(7))
    update(logs)
    assert import_archive("mine", packed) == (0, 2, 1)
    assert messages() == [1, 2, 7]
    assert store.read("mine").files["imported"].null_count() == 2
    assert update(logs).read == 0
    assert import_archive("mine", packed) == (0, 2, 0)
    assert store.only_here("mine") == 1


def test_requests_that_enter_without_a_log_are_told(packed, logs, capsys):
    shutil.rmtree(paths.PROCESSED / "mine")
    shutil.rmtree(paths.PRIVATE / "mine")
    write_log(logs / ATLAS / f"{SESSION}.jsonl", answer(7))
    update(logs)
    for said in (
        "imported into mine: 0 of 2 files, 1 request that was not there\n",
        "imported nothing into mine: all of 2 files are there already\n",
    ):
        assert main(["archive", "--name", "mine", "--import", str(packed)]) == 0
        assert said in capsys.readouterr().out


# Afterwards


def test_a_load_after_an_import_goes_on(machines):
    logs, _, pack = machines
    import_archive("mine", pack("theirs"))
    append_log(logs / BOREALIS / f"{OTHER_SESSION}.jsonl", answer(8))
    assert update(logs) == store.Loaded("mine", files=2, read=1, gone=0, imported=2)
    assert messages() == [1, 2, 2, 3, 4, 5, 8]
    assert update(logs) == store.Loaded("mine", files=2, read=0, gone=0, imported=2)
    found = verify("mine")
    assert (found.files, found.gone, found.imported, found.differences) == (2, 0, 2, ())


@pytest.mark.parametrize("home", ["same", "another"])
def test_logs_that_moved_with_their_dataset_are_read_again_and_there_once(
    packed, logs, tmp_path, home
):
    if home == "another":
        logs = logs.rename(tmp_path / "there")
    append_log(logs / ATLAS / f"{SESSION}.jsonl", answer(3))
    import_archive("new", packed)
    assert update(logs, "new") == store.Loaded("new", files=2, read=2, gone=0)
    assert store.read("new").files["lines"].sum() == 2 + 1 + 2
    assert store.read("new").files["imported"].null_count() == 2
    assert store.read("new").requests.height == 3
    assert store.only_here("new") == 0


def test_what_came_from_elsewhere_is_said(machines, capsys, tmp_path):
    _, other, pack = machines
    (other / ABACUS / f"{THIRD_SESSION}.jsonl").unlink()
    update(other, "theirs")
    import_archive("mine", pack("theirs"))
    files = store.read("mine").files
    assert files.filter(pl.col("gone").is_not_null())["imported"].to_list() == [TODAY]
    assert store.only_here("mine") == store.imported("mine") == 2
    found = only_here(store.read("mine"))
    assert (found["gone"], found["imported"], found["requests"]) == (0, 2, 3)
    told = words.only_here(store.read("mine"))
    assert told.startswith("Kept here: 2 logs imported from another dataset. 3 requests, ")
    assert main(["clean", "--name", "mine"]) == 1
    assert "the rows of 2 log files that cannot be read from disk again (2 of them imported)" in (
        capsys.readouterr().err
    )
    assert main(["verify", "--name", "mine"]) == 0
    assert "verified mine: 2 files, 5 rows, 2 imported not compared:" in capsys.readouterr().out
    assert main(["load", "--name", "mine", "--logs", str(tmp_path / "logs")]) == 0
    said = capsys.readouterr().out
    assert said.startswith("loaded mine: 2 files, 0 new or changed, 2 imported\n")
    assert "only here  3 requests, 2026-05-04 to 2026-05-04 (UTC), in no log that" in said


def test_no_name_of_the_other_machine_may_be_published(machines, tmp_path):
    _, other, pack = machines
    moved = other.parent.rename(tmp_path / "quokkaville") / "projects"
    write_log(
        moved / ABACUS / "wombatdiary.jsonl", answer(9, cwd="/x/bilbyhome", gitBranch="numbat")
    )
    update(moved, "others")
    import_archive("mine", pack("others"))
    known = secrets("mine", manifest.read_manifest("mine"))
    assert {"quokkaville", "wombatdiary", "bilbyhome", "numbat", "abacus"} <= known.keys()


def test_the_sample_takes_nothing_in(packed):
    with pytest.raises(store.StoreError, match="NAME=sample holds the shipped sample"):
        import_archive("sample", packed)


def test_the_command_says_what_it_did(logs, tmp_path, capsys):
    update(logs)
    file = str(tmp_path / "mine.zip")
    assert main(["archive", "--export", file]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("exported mine: 2 files, 0.0 MB to ")
    assert said[1].startswith("it holds the names of your projects and folders: keep it to")
    assert main(["archive", "--import", file, "--name", "there"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "imported into there: 2 of 2 files, 2 requests that were not there"
    assert said[2] == "requests   2 in 2 sessions"
    assert main(["archive", "--import", file, "--name", "there"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "imported nothing into there: all of 2 files are there already"
    with pytest.raises(SystemExit):
        main(["archive", "--name", "there"])
    assert main(["archive", "--export", file, "--name", "nope"]) == 1
    assert "no dataset 'nope'" in capsys.readouterr().err
    assert main(["archive", "--import", f"{tmp_path}/nope.zip"]) == 1
    assert "nope.zip: there is no such file. Nothing was changed." in capsys.readouterr().err


# Where an archive may not be written


def test_nothing_else_is_written_over(packed, logs, tmp_path):
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    places = {
        notes: "something else lies there",
        tmp_path: "something else lies there",
        tmp_path / "no" / "mine.zip": "there is no such folder",
        logs / "mine.zip": "nothing is written into the folders of logs",
        logs / ATLAS / "mine.zip": "nothing is written into the folders of logs",
    }
    for place, why in places.items():
        with pytest.raises(ArchiveError, match=why):
            export("mine", place)
    assert notes.read_text() == "mine"
    assert not [*logs.rglob("*.zip")]
    append_log(logs / ATLAS / f"{SESSION}.jsonl", answer(3))
    update(logs)
    assert export("mine", packed).copies == 3
    assert read_archive(packed).tables["copies"].height == 3


def test_a_damaged_dataset_is_not_exported(packed, tmp_path):
    for part in (paths.PROCESSED / "mine").rglob("copies.parquet"):
        part.write_bytes(part.read_bytes()[::-1])
    before = packed.read_bytes()
    with pytest.raises(store.StoreError, match="the tables of 'mine' are damaged"):
        export("mine", packed)
    assert packed.read_bytes() == before


# Any death leaves the old dataset or the new one


@pytest.mark.parametrize("first", [True, False], ids=["new", "merged"])
def test_an_import_that_dies_leaves_the_old_dataset_or_the_new(machines, monkeypatch, first):
    _, _, pack = machines
    archive, name = pack("theirs"), "new" if first else "mine"
    old = None if first else tables(name)
    step, left = 0, Killed
    while left is Killed:
        step += 1
        with monkeypatch.context() as patch, suppress(Killed):
            die_at(patch, step)
            left = import_archive(name, archive)
        found = tables(name) if store.public(name).exists() else None
        whole = found is not None and set(messages_of(name)) >= {1, 3, 4, 5}
        assert whole or found is old is None or same(found, old)
    import_archive(name, archive)
    assert set(messages_of(name)) == ({1, 2, 3, 4, 5})
    assert step > 7
    assert not [*paths.PROCESSED.rglob(".*making")]
    assert len([*(paths.PROCESSED / name).glob("batch-*")]) == (1 if first else 2)


def messages_of(name):
    return sorted(int(m[4:]) for m in store.read(name).copies["message_id"])


def test_an_export_that_dies_leaves_the_old_archive(packed, logs, monkeypatch):
    before = packed.read_bytes()
    append_log(logs / ATLAS / f"{SESSION}.jsonl", answer(3))
    update(logs)
    for step in (1, 2):
        with monkeypatch.context() as patch:
            die_at(patch, step)
            with pytest.raises(Killed):
                export("mine", packed)
        assert packed.read_bytes() == before
    export("mine", packed)
    assert packed.read_bytes() != before


def test_a_load_that_was_killed_is_finished_by_an_export(logs, tmp_path, monkeypatch):
    update(logs)
    append_log(logs / ATLAS / f"{SESSION}.jsonl", answer(3))
    step = 0
    while manifest.read_manifest("mine").next == 3:  # until it was committed
        step += 1
        with monkeypatch.context() as patch:
            die_at(patch, step)
            with pytest.raises(Killed):
                update(logs)
    assert messages() == [1, 2]
    assert export("mine", tmp_path / "mine.zip").copies == 3
    assert messages() == [1, 2, 3]


# Halves of real and of synthetic logs


def halves(logs, root):
    """Copy logs to two folders that overlap by a fifth."""
    files = sorted(logs.rglob("*.jsonl"))
    parts = files[: len(files) * 3 // 5], files[len(files) * 2 // 5 :]
    for folder, part in zip(("first", "second"), parts, strict=True):
        for path in part:
            target = root / folder / "projects" / path.relative_to(logs)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)


@pytest.mark.parametrize("which", ["synthetic", "public"])
def test_two_halves_that_overlap_are_the_whole_to_the_token(tmp_path, monkeypatch, which):
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "private")
    logs = tmp_path / "logs" / "projects"
    if which == "public":
        require("public-logs", PUBLIC.is_dir(), "the public logs are not here (shared/logs)")
        logs = PUBLIC
    else:
        synth.write(logs.parent, seed=5)
    halves(logs, tmp_path)
    update(logs, "whole")
    for name in ("first", "second"):
        update(tmp_path / name, name)
        export(name, tmp_path / f"{name}.zip")
    import_archive("first", tmp_path / "second.zip")
    import_archive("second", tmp_path / "first.zip")
    keyed = ("project", "session", "agent", "model")  # by each dataset's own key or numbers
    for name in ("first", "second"):
        assert totals(name) == totals("whole")
        assert of_requests(name, keyed).equals(of_requests("whole", keyed))
        priced, whole = (load(each).priced()["total_nano"].sum() for each in (name, "whole"))
        assert priced == whole


def test_other_sources_meet_as_well(tmp_path, monkeypatch):
    """Each file differs by a newline and its path, and each dataset has a key of its own."""
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "private")
    fixtures = sorted(path for path in (ROOT / "tests" / "sources").iterdir() if path.is_dir())
    for name in ("here", "there"):
        places = [shutil.copytree(path, tmp_path / name / path.name) for path in fixtures]
        if name == "there":
            for path in (p for place in places for p in place.rglob("*.json*")):
                path.write_bytes(path.read_bytes() + b"\n")
        update(",".join(map(str, places)), name)
        export(name, tmp_path / f"{name}.zip")
    alone = store.read("here")
    done = import_archive("here", tmp_path / "there.zip")
    found = store.read("here")
    assert done.logs == done.of == alone.files.height
    assert done.requests == 0
    assert found.requests.height == alone.requests.height
    assert found.copies["source"].n_unique() == found.files["source"].n_unique() == len(fixtures)
    assert found.copies["message_id"].n_unique() == alone.copies["message_id"].n_unique()
    assert store.summary("here").get("alone", 0) == 0
    assert import_archive("here", tmp_path / "here.zip").logs == 0
