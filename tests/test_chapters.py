"""Every chapter that reads logs has something to say of odd ones, and it is words and numbers."""

import re

import gallery
import pytest
from matplotlib import pyplot as plt

from analysis import params
from analysis.paths import NOTEBOOKS

READ_LOGS = [p for p in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")) if "load(dataset)" in p.read_text()]
ODD = ["no requests", "one row", "no price", "nothing but cache"]
NO_WORDS = r"\b(None(?! [a-z])|nan|inf|1 \w+s are)\b"


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("chapter", READ_LOGS, ids=lambda p: p.stem)
def test_a_chapter_has_something_to_say_of_odd_logs(chapter, odd, monkeypatch, capsys):
    monkeypatch.setattr("analysis.load", lambda _: gallery.ODD[odd].logs)
    monkeypatch.setattr("analysis.report.figures.to_png", lambda _: "")  # its words are the SVG's
    known = params.defaults(chapter)
    with plt.rc_context():
        for cell in params.cells(chapter)[1:]:
            exec(cell, known)
    plt.close("all")
    said = capsys.readouterr().out
    assert said.count("text/markdown") > 5
    words = re.sub(r"<[^>]*>", " ", said)
    assert not re.search(NO_WORDS, words)
