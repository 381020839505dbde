"""Projects by their own names: only where asked for, cleaned, and nothing else with them."""

import matplotlib.pyplot as plt
import polars as pl
import pytest
from lines import OTHER_SESSION, SESSION, answer, write_log
from stores import THIRD_SESSION, update

from analysis import load
from analysis.report import names, privacy_words
from analysis.report.figures import say, show, table
from analysis.report.privacy import PrivacyError, gate
from analysis.words import page


@pytest.fixture
def name(tmp_path, monkeypatch):
    """A dataset of three projects, two of one name and one whose logs do not tell its path."""
    for folder in ("processed", "private", "build"):
        monkeypatch.setattr(f"analysis.paths.{folder.upper()}", tmp_path / folder)
    monkeypatch.setattr(names, "BUILD", tmp_path / "build")
    monkeypatch.setattr(privacy_words, "own", lambda: iter(()))
    places = {SESSION: "/srv/ann/quokka", OTHER_SESSION: "/srv/bob/quokka/", THIRD_SESSION: ""}
    for number, (session, cwd) in enumerate(places.items(), 1):
        project = cwd.rstrip("/").replace("/", "-") or "-srv-wombat"
        more = {"cwd": cwd, "gitBranch": "feature/numbat"} if cwd else {}
        deeper = {"cwd": f"{cwd.rstrip('/')}/src"} if cwd else {}
        lines = answer(number, **more), answer(9 + number, **(more | deeper))
        write_log(tmp_path / "logs" / project / f"{session}.jsonl", *lines)
    update(tmp_path / "logs")
    yield "mine"
    names.choose("no such dataset")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("acme", "acme"),
        ("acme-merger_2.0", "acme-merger_2.0"),
        ("Überseekontor", "Überseekontor"),
        ("決算", "決算"),
        ("אבג", "אבג"),
        ("<script>alert(1)</script>", "script alert 1 script"),
        ('" onload="x', "onload x"),
        ("a\nb\tc\0d", "a b c d"),
        ("\u202egnp.exe\u2066", "gnp.exe"),
        ("x\u0301\u0301\u0301", "x"),
        ("[a](javascript:b)", "a javascript b"),
        ("**bold** `code` $x$ | {y}", "bold code x y"),
        ("=cmd()", "cmd"),
        ("-1+2", "1+2"),
        ("../..", ""),
        ("", ""),
        ("a, b; c", "a b c"),
        ("word " * 20, "word word word word word wo…"),
    ],
)
def test_a_name_is_shown_as_short_plain_text(said, shown):
    assert names.clean(said) == shown
    assert len(shown) <= names.LENGTH


def test_a_project_is_called_as_the_folder_that_it_was_run_in(name):
    assert names.of(name) == {
        "project-01": "quokka",
        "project-02": "quokka (project-02)",
    }  # of the third no log tells the path, so it keeps its label


def test_a_folder_that_looks_like_a_label_keeps_its_own(tmp_path, name):
    cwd = "/srv/project-01"
    log = tmp_path / "logs" / "-srv-project-01" / "x.jsonl"
    write_log(log, answer(5, cwd=cwd))
    update(tmp_path / "logs")
    assert "project-04" not in names.of(name)


def test_without_the_choice_there_are_labels(name):
    load(name)
    assert names.text("project-01 and project-02") == "project-01 and project-02"
    names.write(name, real=True)
    load(name)
    assert names.text("project-01, project-03, project-010") == "quokka, project-03, project-010"
    names.write(name, real=False)
    load(name)
    assert names.text("project-01") == "project-01"


def test_what_is_displayed_has_the_names_and_no_number_moves(name, themed, capsys):
    names.write(name, real=True)
    logs = load(name)
    assert set(logs.requests["project"]) == {"project-01", "project-02", "project-03"}
    frame = pl.DataFrame({"project": ["project-01", "project-03"], "share": [0.25, 0.75]})
    _, ax = plt.subplots(layout="constrained")
    ax.annotate("project-01", (0.5, 0.5))
    show(ax, "fig-x", "project-01 has a quarter.", "project-01 beside project-03.", frame)
    table(frame, "tab-x", "project-01 has a quarter.")
    say("Most of it is of project-03, the rest of project-01.")
    said = capsys.readouterr().out
    assert "project-01" not in said
    assert said.count("quokka") >= 6
    assert "project-03" in said
    assert "quokka,0.25\\nproject-03,0.75" in said


def test_the_page_says_so_first(name):
    logs = load(name)
    assert page.banner(logs) == ""
    assert page.banner(logs, named=True).startswith("**This page names projects**")


def test_the_gate_lets_these_names_pass_and_nothing_else(name, tmp_path):
    folder = tmp_path / "page"
    folder.mkdir()
    (folder / "x.md").write_text("quokka")
    with pytest.raises(PrivacyError, match="part of a folder's name"):
        gate(folder, name)
    names.write(name, real=True)
    gate(folder, name)
    for more in ("/home/bob/quokka", "numbat", "wombat", SESSION, "-srv-wombat"):
        (folder / "x.md").write_text(f"quokka {more}")
        with pytest.raises(PrivacyError):
            gate(folder, name)
