"""Hostile trees: files that repeat each other are counted once, and none costs another."""

import os
import subprocess
import sys

import pytest
from hostile import CANARY
from hostile_trees import TREES
from lines import write_log
from stores import disk, update
from test_hostile import HOSTILE

from analysis.logs import store
from analysis.paths import ROOT

each = pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.name)


@pytest.fixture
def loaded(tmp_path, monkeypatch, tree):
    """The dataset that a load makes of a tree."""
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "private")
    for name, made in tree.files.items():
        write_log(tmp_path / "logs" / name, *made)
    update(tmp_path / "logs")
    return store.read("mine")


@each
def test_the_requests_are_those_told_by_hand(tree, loaded):
    found = loaded.requests.to_dicts()
    assert len(found) == len(tree.requests)
    for request, told in zip(found, tree.requests, strict=True):
        assert {name: request[name] for name in told} == told


@each
def test_every_file_and_every_line_is_accounted_for(tree, loaded):
    files = loaded.files
    assert sorted(files["skipped"].drop_nulls()) == tree.skipped
    classes = files.select("rejected", "usage", "synthetic", "event", "other", "blank")
    assert classes.sum_horizontal().to_list() == files["lines"].to_list()


@each
def test_its_content_is_in_no_table(tree, loaded, tmp_path, capfd):
    said = capfd.readouterr()
    written = b"".join(data for data, _ in disk(tmp_path / "processed").values())
    tables = [t.rows() for t in (loaded.copies, loaded.events, loaded.files, loaded.requests)]
    assert CANARY not in f"{tables}{written!r}{said.out}{said.err}"


def test_a_load_of_everything_hostile_ends_well_and_says_nothing_of_it(tmp_path):
    """All the single files, each in a project of its own, by the command that users type."""
    for number, hostile in enumerate(HOSTILE):
        write_log(
            tmp_path / "logs" / f"{CANARY}-{number}" / hostile.file.split("/")[1], hostile.data
        )
    command = [sys.executable, "-m", "analysis", "load", "--name", "all"]
    done = subprocess.run(
        [*command, "--logs", str(tmp_path / "logs")],
        cwd=ROOT,
        env=os.environ | {"CACHE_MARGIN_OUT": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, CANARY in done.stdout + done.stderr) == (0, False)
    assert f"{len(HOSTILE)} files" in done.stdout + done.stderr
    for path, (data, _) in disk(tmp_path).items():
        private = path.parts[0] == "logs" or "private" in path.parts
        assert private or CANARY.encode() not in data, path
