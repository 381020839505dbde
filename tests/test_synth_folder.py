"""Synthetic logs never replace anybody's own."""

import pytest

from analysis import synth
from analysis.__main__ import main
from analysis.synth.folder import clear


def tree(root):
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def put(root, name, text="{}\n"):
    path = root / "projects" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("-home-me-work/a.jsonl", "{}\n"),
        ("-home-me-work/a.jsonl", '{"id":"msg_synthetic1"}\n'),  # somebody wrote about ours
        ("-home-sample-private/a.jsonl", "{}\n"),  # somebody whose name is sample
        ("-home-sample-atlas/note.txt", "mine\n"),
        ("note.txt", "mine\n"),
    ],
)
def test_a_file_that_is_not_synthetic_keeps_everything_as_it_is(tmp_path, name, text):
    synth.write(tmp_path, seed=3, sessions=1)
    put(tmp_path, name, text)
    before = tree(tmp_path)
    with pytest.raises(synth.SynthError, match=r"projects/\S+ holds what is not synthetic"):
        clear(tmp_path)
    assert tree(tmp_path) == before


def test_a_link_is_not_followed(tmp_path):
    synth.write(tmp_path / "other", seed=3, sessions=1)
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "projects").symlink_to(tmp_path / "other" / "projects")
    before = tree(tmp_path / "other")
    with pytest.raises(synth.SynthError, match="is a link or no folder"):
        clear(tmp_path / "here")
    assert tree(tmp_path / "other") == before


def test_a_file_in_the_folder_s_place_is_kept(tmp_path):
    (tmp_path / "projects").write_text("mine\n")
    with pytest.raises(synth.SynthError, match="is a link or no folder"):
        clear(tmp_path)


def test_synthetic_logs_go(tmp_path):
    synth.write(tmp_path, seed=3, sessions=1)
    clear(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_size_below_nothing_is_refused_and_nothing_goes(tmp_path, capsys):
    synth.write(tmp_path, seed=3, sessions=1)
    before = tree(tmp_path)
    assert main(["synth", "--to", str(tmp_path), "--megabytes", "-5"]) == 1
    assert "write a size above 0" in capsys.readouterr().err
    assert tree(tmp_path) == before
