"""What is live in a dataset: typed, with a digest of itself, taken over from the first release."""

import json
import os
import shutil

import pytest
from lines import OTHER_SESSION, answer, write_log
from stores import BOREALIS, messages, same, tables, unmarked, update

from analysis import paths
from analysis.logs import manifest, store


def private():
    return paths.PRIVATE / "mine" / "manifest.json"


def test_both_files_are_json_with_a_digest_first(logs):
    update(logs)
    for path in (private(), store.public("mine")):
        found = json.loads(path.read_bytes())
        assert next(iter(found)) == "digest"
        assert len(found["digest"]) == 32
    assert "jane" not in store.public("mine").read_text()


def test_every_part_has_its_digest_in_both(logs):
    update(logs)
    kept, told = (json.loads(p.read_bytes()) for p in (private(), store.public("mine")))
    ((batch, parts),) = told["batches"].items()
    assert kept["batches"] == told["batches"]
    folder = paths.PROCESSED / "mine" / batch
    assert parts == {p.name: manifest.digest(p.read_bytes()) for p in folder.iterdir()}


@pytest.mark.parametrize(
    "odd",
    [
        {},
        [],
        {"roots": []},
        {"roots": {}, "parser": 1},
        {"roots": [], "parser": "x", "key": "k", "files": {"a": {"number": "1"}}},
        {"roots": [], "parser": "x", "key": "k", "files": {"a": {"stat": [1, 2, 3, 4]}}},
        {"roots": [], "parser": "x", "key": "k", "batches": [1]},
        "nothing",
        None,
        1e400,
    ],
    ids=repr,
)
def test_another_shape_is_told_and_is_no_traceback(logs, odd):
    update(logs)
    private().write_text(json.dumps(odd))
    for ask in (lambda: update(logs), lambda: store.read("mine"), lambda: store.only_here("mine")):
        with pytest.raises(store.StoreError, match=r"manifest\.json is damaged: `make clean"):
            ask()
    store.public("mine").write_text(json.dumps(odd))
    with pytest.raises(store.StoreError, match=r"dataset\.json is damaged or of an earlier"):
        store.read("mine")


def test_an_edit_by_hand_is_damage(logs):
    update(logs)
    text = private().read_text()
    private().write_text(text.replace('"number":1', '"number":2'))
    with pytest.raises(store.StoreError, match="is damaged"):
        update(logs)


def as_the_first_release_wrote_it():
    """Write the dataset as version 0.1.0 did."""
    found = manifest.read_manifest("mine")
    names = {b: b[: len("batch-000001")] for b in found.batches}
    for new, old in names.items():
        (paths.PROCESSED / "mine" / new).rename(paths.PROCESSED / "mine" / old)
    files = {
        path: {"number": log.number, "batch": names[log.batch], "stat": log.stat}
        | {"size": log.size, "prefix": log.prefix, **log.names}
        for path, log in found.files.items()
    }
    kept = [{"number": rows.number, "batch": names[rows.batch]} for rows in found.kept]
    old = {"roots": found.roots, "parser": "0123456789abcdef", "key": found.key}
    old |= {"next": found.next, "files": files, "kept": kept}
    old |= {"projects": found.projects, "models": found.models}
    private().write_text(json.dumps(old, indent=1))
    live = sorted(log.number for log in found.files.values())
    numbers = {"live": live, "kept": sorted(rows["number"] for rows in kept)}
    store.public("mine").write_text(json.dumps(numbers))


def test_a_dataset_of_the_first_release_is_taken_over_with_its_history(logs):
    update(logs)
    write_log(logs / BOREALIS / f"{OTHER_SESSION}.jsonl", answer(3), answer(4))
    update(logs)
    (logs / BOREALIS / f"{OTHER_SESSION}.jsonl").unlink()
    before = tables(but=["file"])
    as_the_first_release_wrote_it()
    with pytest.raises(store.StoreError, match="of an earlier version: `make data LOGS"):
        store.read("mine")
    assert store.only_here("mine") == 2
    assert update(logs) == store.Loaded("mine", files=1, read=1, gone=1)
    assert same(unmarked(tables(but=["file"])), before)
    assert messages() == [1, 2, 3, 4]
    assert update(logs).read == 0


def test_a_batch_of_the_first_release_that_is_not_whole_is_read_again(logs):
    update(logs)
    as_the_first_release_wrote_it()
    (paths.PROCESSED / "mine" / "batch-000001" / "events.parquet").unlink()
    assert update(logs) == store.Loaded("mine", files=2, read=2, gone=0)
    assert messages() == [1, 2]


def test_names_that_are_not_utf8(logs):
    for name in (b"\xff\xfe/s.jsonl", b"p/\xff.jsonl"):
        try:
            write_log(logs / os.fsdecode(name), answer(3))
        except OSError:
            pytest.skip("this file system takes UTF-8 names only")
    assert update(logs).read == 4
    assert update(logs).read == 0
    shutil.rmtree(logs / os.fsdecode(b"\xff\xfe"))
    assert store.only_here("mine") == 1
    assert update(logs) == store.Loaded("mine", files=3, read=0, gone=1)


def test_a_root_that_is_not_utf8(logs):
    root = logs.parent / os.fsdecode(b"\xff")
    try:
        logs.rename(root)
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert update(root).read == 2
    assert update(root).read == 0
