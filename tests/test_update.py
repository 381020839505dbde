"""What a load takes for new, and what it does not even look at."""

import os
import subprocess
import sys

import pytest
from lines import OTHER_SESSION, SESSION, answer, write_log
from stores import ABACUS, ATLAS, THIRD_SESSION, messages, update

from analysis import paths
from analysis.__main__ import main
from analysis.logs import manifest, store
from analysis.paths import ROOT

LONG_AGO = -(10**12)  # nanoseconds
FAR = 4 * 10**9  # seconds: a time that no load comes after


def rewritten_unseen(path, *lines):
    """Write over a log so that its stamp stays: within one tick of the file system's clock."""
    before = path.stat()
    write_log(path, *lines)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    found = manifest.read_manifest("mine")
    stat = path.stat()
    stamp = (stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
    assert found.files[str(path)].stat[:3] == stamp[:3]
    found.files[str(path)].stat = stamp
    manifest.write(manifest.private("mine"), found, mode=0o600)


def test_a_file_that_changed_just_before_a_load_is_looked_into_at_the_next(logs):
    path = write_log(logs / ATLAS / f"{SESSION}.jsonl", answer(1), answer(2))
    os.utime(path, (FAR, FAR))
    update(logs)
    assert update(logs).read == 0
    rewritten_unseen(path, answer(3), answer(4))
    assert update(logs).read == 1
    assert messages() == [1, 2, 2, 3, 4]
    assert update(logs).read == 0


def test_a_file_that_had_long_been_so_is_known_by_its_stamp(logs, monkeypatch):
    update(logs)
    monkeypatch.setattr("analysis.logs.stamps.RACY", LONG_AGO)
    monkeypatch.setattr("analysis.logs.stamps.prefix", None)  # no file is opened
    assert update(logs).read == 0


@pytest.fixture
def settled(logs, monkeypatch):
    """A dataset of logs that have long been as they are: one look at the listing will do."""
    monkeypatch.setattr("analysis.logs.stamps.RACY", LONG_AGO)
    (logs / ABACUS).mkdir()
    write_log(logs / ABACUS / f"{THIRD_SESSION}.jsonl", answer(3))
    update(logs)
    (logs / ABACUS / f"{THIRD_SESSION}.jsonl").unlink()
    write_log(logs / ATLAS / f"{SESSION}.jsonl", answer(4))
    update(logs)
    assert store.public("mine").read_text().endswith('"}')  # the digest of the listing
    return logs


def test_one_look_at_the_listing_says_what_a_long_one_does(settled, monkeypatch):
    long = update(settled)
    assert long == store.Loaded("mine", files=2, read=0, gone=1)
    monkeypatch.setattr("analysis.logs.manifest.read_manifest", None)
    assert update(settled) == long


@pytest.mark.parametrize(
    "change",
    [
        lambda logs: write_log(logs / ATLAS / f"{OTHER_SESSION}.jsonl", answer(5)),
        lambda logs: (logs / ATLAS / f"{SESSION}.jsonl").touch(),
        lambda logs: (logs / ATLAS / f"{SESSION}.jsonl").unlink(),
        lambda logs: manifest.private("mine").write_text("{}"),
        lambda logs: store.public("mine").write_text("{}"),
        lambda logs: next(store.public("mine").parent.rglob("*.parquet")).write_bytes(b""),
    ],
    ids=["new", "touched", "gone", "manifest", "tables", "batch"],
)
def test_any_change_is_a_reason_to_look_closer(settled, monkeypatch, change):
    class LookedError(Exception):
        pass

    def looked(*words, **more):
        raise LookedError

    change(settled)
    monkeypatch.setattr("analysis.logs.update.opened", looked)
    with pytest.raises(LookedError):
        update(settled)


def test_other_roots_and_no_history_are_reasons_to_look_closer(settled, tmp_path):
    write_log(tmp_path / "more" / "p" / f"{SESSION}.jsonl", answer(9))
    with pytest.raises(store.StoreError, match="holds the logs of"):
        store.load_logs("mine", f"{settled},{tmp_path / 'more'}")
    assert update(settled, keep=False) == store.Loaded("mine", files=2, read=0, gone=0)
    assert messages() == [2, 4]


def test_a_new_parser_is_a_reason_to_read_again(settled, monkeypatch):
    monkeypatch.setattr("analysis.logs.stamps.parser", lambda: "another")
    assert update(settled).read == 2


def test_a_time_that_was_set_back_hides_nothing(logs):
    path = logs / ATLAS / f"{SESSION}.jsonl"
    write_log(path, answer(1), answer(2))
    os.utime(path, (1, 1))
    update(logs)
    write_log(path, answer(3), answer(4))
    os.utime(path, (1, 1))
    assert update(logs).read == 1


def test_without_news_polars_is_not_imported(logs, tmp_path):
    out = tmp_path / "out"
    words = ["load", "--logs", str(logs)]
    code = (
        "import sys; from analysis.__main__ import main; from analysis.logs import stamps; "
        "stamps.RACY = -(10**12); done = main(sys.argv[1:]); "
        "heavy = {'polars', 'pandera', 'msgspec', 'filelock', 'tqdm'} & sys.modules.keys(); "
        "sys.exit(done or ' '.join(sorted(heavy)) or 0)"
    )
    env = os.environ | {"CACHE_MARGIN_OUT": str(out)}
    ran = [
        subprocess.run([sys.executable, "-c", code, *words], cwd=ROOT, env=env, capture_output=True)
        for _ in range(2)
    ]
    assert b"polars" in ran[0].stderr
    assert (ran[1].returncode, ran[1].stderr) == (0, b"")
    assert b"2 in 2 sessions" in ran[1].stdout


def test_the_tables_keep_their_time_unless_they_change(logs):
    update(logs)
    (logs / ATLAS / f"{SESSION}.jsonl").unlink()
    update(logs)
    before = store.public("mine").stat().st_mtime_ns
    update(logs)
    manifest.private("mine").touch()
    update(logs)
    assert store.public("mine").stat().st_mtime_ns == before


def test_a_large_load_says_first_how_much_there_is(logs, monkeypatch, capsys):
    monkeypatch.setattr("analysis.logs.store.LARGE", 100)
    monkeypatch.setattr("analysis.logs.update.LARGE", 100)
    words = ["load", "--logs", str(logs), "--name", "mine"]
    assert main(words) == 0
    assert capsys.readouterr().err.startswith("reading 0.0 GB in 2 files, about 1 s\n")
    assert main(words) == 0
    assert capsys.readouterr().err == ""
    found = manifest.read_manifest("mine")
    assert 0 < found.speed == store.speed("mine")
    found.speed = 0.5  # bytes a second
    manifest.write(manifest.private("mine"), found, mode=0o600)
    path = write_log(logs / ABACUS / f"{THIRD_SESSION}.jsonl", answer(3))
    assert main(words) == 0
    minutes = path.stat().st_size / 0.5 / 60
    assert f"in 1 file, about {minutes:.0f} min\n" in capsys.readouterr().err


def test_a_small_load_says_nothing_before_its_end(logs, capsys):
    assert main(["load", "--logs", str(logs), "--name", "mine"]) == 0
    assert capsys.readouterr().err == ""


def test_a_speed_that_is_not_known_is_a_guess(logs):
    assert store.speed("mine") == store.SPEED


def test_a_log_that_cannot_be_read_is_in_the_ledger_once(logs):
    (logs / ATLAS / f"{OTHER_SESSION}.jsonl").symlink_to("/nowhere")
    update(logs)
    before = store.public("mine").stat().st_mtime_ns
    assert update(logs).read == 0
    assert store.public("mine").stat().st_mtime_ns == before
    assert len([*(paths.PROCESSED / "mine").glob("batch-*")]) == 1
