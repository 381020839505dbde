"""The logs that a benchmark reads: tiles of real ones whose ids are all different."""

import json
from collections import Counter
from types import SimpleNamespace

import pytest

from benchmarks import inputs, tiles
from benchmarks.inputs import Input, InputError

UUID = "12345678-1234-4234-8234-1234567890ab"


def line(number):
    """A line with every kind of id, and words between them."""
    return json.dumps(
        {
            "uuid": f"0000000{number}-1234-4234-8234-1234567890ab",
            "sessionId": UUID,
            "requestId": f"req_011CXPLu1XrLUQ4ZbijBDy{number}V",
            "message": {"id": f"msg_01ErkbESUxbS1LJRYZb1q{number}3g", "text": "msg_ is no id"},
            "tool_use_id": f"toolu_01QRCZQGKXJYGEj3LahqNYG{number}",
            "agentId": "aac3e7a",
        },
        separators=(",", ":"),
    )


@pytest.fixture
def public(tmp_path, monkeypatch):
    """Stand-ins for the public logs: a file named by its session, and one that is not."""
    folder = tmp_path / "public"
    for name in (UUID, "notes"):
        path = folder / "-home-p" / f"{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line(n)}\n" for n in range(5)))
    monkeypatch.setattr(inputs, "PUBLIC", folder)
    monkeypatch.setattr(inputs, "MEGABYTE", 1000)
    return folder


def logs(made):
    return {p.name: p.read_bytes() for p in made.folder.rglob("*.jsonl")}


def test_tiles_are_alike_but_for_their_ids(public, tmp_path):
    made = inputs.make(Input("R", 20), tmp_path)
    texts = logs(made)
    assert len(texts) == made.files > 4
    blank = {tiles.IDS.sub(b"", text) for text in texts.values()}
    whole = tiles.IDS.sub(b"", (public / "-home-p" / "notes.jsonl").read_bytes())
    assert all(whole.startswith(text) for text in blank)


def test_no_id_is_in_two_tiles_and_one_file_s_is_the_other_s_in_the_same_tile(public, tmp_path):
    ids = [{*tiles.IDS.findall(t)} for t in logs(inputs.make(Input("R", 20), tmp_path)).values()]
    shared = Counter(len(a & b) for i, a in enumerate(ids) for b in ids[:i])
    assert set(shared) <= {0, *map(len, ids)}
    originals = tiles.IDS.findall((public / "-home-p" / "notes.jsonl").read_bytes())
    assert max(shared) == len(set(originals))
    assert not {*originals} & set().union(*ids)


def test_a_file_is_named_by_its_session(public, tmp_path):
    named = [n.removesuffix(".jsonl") for n in logs(inputs.make(Input("R", 20), tmp_path))]
    for name in named:
        assert name.startswith("notes-") or tiles.IDS.fullmatch(name.encode())
    assert len({*named}) == len(named)


def test_an_input_has_the_size_asked_for_in_whole_lines(public, tmp_path):
    made = inputs.make(Input("R", 20), tmp_path)
    assert 20_000 - len(line(0)) <= made.bytes == sum(map(len, logs(made).values())) <= 20_000
    assert all(text.endswith(b"}\n") for text in logs(made).values())


def test_the_same_bytes_in_more_files(public, tmp_path):
    few, many = (inputs.make(Input("R", 20, files=n), tmp_path) for n in (8, 30))
    assert few.bytes == many.bytes
    assert Counter(b"".join(logs(few).values()).splitlines()) == Counter(
        b"".join(logs(many).values()).splitlines()
    )
    assert many.files == 30
    assert few.files == len(logs(inputs.make(Input("R", 20), tmp_path)))  # none is joined


def test_an_input_is_made_once_and_again_when_it_is_to_be_another(public, tmp_path, monkeypatch):
    first = inputs.make(Input("R", 20), tmp_path)
    (some, *_) = first.folder.rglob("*.jsonl")
    some.write_text("changed by hand\n")
    assert inputs.make(Input("R", 20), tmp_path) == first
    assert some.read_text() == "changed by hand\n"
    monkeypatch.setattr(inputs, "SEED", 5)
    inputs.make(Input("R", 20), tmp_path)
    assert b"changed by hand\n" not in logs(first).values()


def test_an_input_that_was_cut_short_is_made_again(public, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(inputs.os, "utime", lambda *a: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            inputs.make(Input("R", 20), tmp_path)
    assert inputs.make(Input("R", 20), tmp_path).bytes > 19_000


def test_a_disk_that_is_too_small_is_said(public, tmp_path, monkeypatch):
    monkeypatch.setattr(inputs.shutil, "disk_usage", lambda p: SimpleNamespace(free=10))
    with pytest.raises(
        InputError, match=r"R20 needs 0\.2 GB of disk and .* has 0\.0: name another"
    ):
        inputs.make(Input("R", 20), tmp_path)
