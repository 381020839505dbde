"""Figures as pictures: which, of what size, with which words on them."""

import io
import re
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup
from conftest import require
from matplotlib.image import imread

from analysis.logs.store import read
from analysis.measures.data import span
from analysis.params import cells, notebooks
from analysis.report import sharing
from analysis.report.chromium import Chromium, ChromiumError, find
from analysis.report.figures import PICTURES
from analysis.report.finished import finished
from analysis.report.pictures import NOT_A_BILL, all_figures, draw, leads


@pytest.fixture(scope="module")
def report(handed):
    return finished("toy")


@pytest.fixture(scope="module")
def chromium():
    """The browser that draws; a test that needs it says so by asking for it."""
    require("browser", shutil.which("chromium") is not None, "Debian's chromium is not installed")


@pytest.fixture(scope="module")
def drawn(report, chromium, tmp_path_factory):
    """Every lead figure as PNG at one pixel for one, the page it was drawn from, and its tab."""
    text = tmp_path_factory.mktemp("pictures") / "pictures.html"
    with Chromium() as browser:
        yield draw(leads(report), browser, text), browser


def test_every_chapter_with_figures_has_one_lead():
    for notebook in notebooks():
        shown = [c for c in cells(notebook) if re.search(r"\bshow\(", c)]
        leading = [word for c in shown for word in re.findall(r'\blead="(\w+)"\)', c)]
        assert len(leading) == bool(shown), notebook.stem
        assert set(leading) <= PICTURES.keys()


def test_the_margin_s_is_the_one_of_the_client_versions(report):
    assert "fig-margin-eras" in [card.label for card in leads(report)]


def test_a_picture_says_what_the_page_says(report):
    page = BeautifulSoup((report.folder / "index.html").read_text(), "html.parser")
    said = flat(page.get_text())
    cards = leads(report)
    assert len(cards) == len({card.chapter for card in cards}) == len(notebooks())
    for card in cards:
        for text in (card.title, *card.reading):
            assert flat(text) in said, card.label
        assert not re.search(r"\b(Figure|Table|Chapter) \d", " ".join(card.reading))


def flat(text):
    return " ".join(text.replace("\xa0", " ").split())


def test_what_is_of_synthetic_logs_says_so_and_what_is_published_does_not(report):
    cards = {card.label: card for card in leads(report)}
    assert cards["fig-margin-eras"].stamp == "Synthetic logs"
    assert cards["fig-funding-commitments"].stamp == ""
    for card in [*cards.values(), *all_figures(report)]:
        assert bool(card.stamp) == ("synthetic Claude Code sessions" in card.source)
        assert "these logs" not in card.source
    assert cards["fig-scorecard-tiles"].stamp == ""  # logs have no part in a verdict


def test_a_picture_names_the_logs_it_is_of_without_the_page(report):
    (card,) = (card for card in leads(report) if card.label == "fig-margin-eras")
    found = read("toy").requests
    months = [f"{day:%B %Y}" for day in span(found)]
    assert f"{found['session'].n_unique()} synthetic Claude Code sessions, " in card.source
    assert months[1] in card.source
    assert "policy" not in card.source


def test_list_price_dollars_say_that_they_are_no_invoice(report):
    cards = {card.label: card for card in leads(report)}
    assert cards["fig-counterfactual-uncached"].source.endswith(NOT_A_BILL)
    assert cards["fig-context-files-carried"].source.endswith(NOT_A_BILL)
    for others in ("fig-funding-commitments", "fig-monetization-units", "fig-data-flow"):
        assert NOT_A_BILL not in cards[others].source


def test_every_picture_is_of_one_size_and_not_empty(drawn, report):
    pictures, _ = drawn
    assert list(pictures) == [card.label for card in leads(report)]
    for label, picture in pictures.items():
        pixels = imread(io.BytesIO(picture))
        assert pixels.shape[:2] == (675, 1200), label
        inner = pixels[200:600:3, 100:1100:3].reshape(-1, pixels.shape[2])
        assert np.ptp(inner) > 0.5, label
        assert len(np.unique(inner, axis=0)) > 10, label


def test_nothing_in_a_picture_is_cut_off_and_its_text_is_legible(drawn):
    """Drawings with many rows have smaller text than others."""
    found = drawn[1].evaluate(
        """[...document.querySelectorAll(".card")].flatMap(card => {
          card.style.display = "";
          const c = card.getBoundingClientRect();
          const drawing = card.querySelector(".drawing").shadowRoot;
          const labels = [...drawing.querySelectorAll("text")];
          const outside = [...card.querySelectorAll("p, h1, b"), ...labels].filter(e => {
            const r = e.getBoundingClientRect();
            return r.left < c.left + 8 || r.right > c.right - 8 || r.bottom > c.bottom - 8
              || r.top < c.top + 8 || e.scrollWidth > e.clientWidth + 1 && e.matches("p, h1");
          }).map(e => e.textContent);
          const sizes = labels.map(e => {
            const m = e.getScreenCTM();
            return parseFloat(getComputedStyle(e).fontSize) * Math.hypot(m.a, m.b);
          });
          return [[card.id, outside, Math.min(...sizes)]];
        })"""
    )
    assert {label: outside for label, outside, _ in found if outside} == {}
    assert {label: size for label, _, size in found if size < 12} == {}
    assert np.median([size for *_, size in found]) > 15


def test_the_same_pictures_again_are_the_same_bytes(drawn, report, tmp_path):
    with Chromium() as browser:
        again = draw(leads(report)[3:5], browser, tmp_path / "again.html")
    assert again == {label: drawn[0][label] for label in again}


def test_the_pictures_lie_beside_the_report_and_their_text_passes_the_gate(
    handed, monkeypatch, tmp_path
):
    seen = []
    monkeypatch.setattr(sharing, "Chromium", NoBrowser)
    monkeypatch.setattr(sharing, "draw", stub)
    monkeypatch.setattr(sharing, "gate", lambda folder, name: seen.append(names(folder)))
    for _ in range(2):
        folder = sharing.write_figures("toy")
        assert folder == handed / "reports" / "toy.figures"
        assert names(folder) == ["fig-x.png"]
    assert seen == [["fig-x.png", "figures.html"]] * 2
    assert not [*(handed / "reports" / ".builds").glob(".toy.*")]


class NoBrowser:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


def stub(cards, browser, text, density):
    text.write_text("what the pictures say")
    return {"fig-x": b"\x89PNG"}


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_without_a_browser_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr("analysis.report.chromium.PROGRAMS", ("no-such-browser",))
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(ChromiumError, match="sudo apt install chromium"):
        find()
    monkeypatch.setenv("CHROMIUM", "/nowhere/chrome")
    with pytest.raises(ChromiumError, match="CHROMIUM names no program"):
        find()


def test_a_program_that_is_no_browser_is_one_clear_error(monkeypatch):
    monkeypatch.setenv("CHROMIUM", shutil.which("true"))
    with pytest.raises(ChromiumError, match="Chromium ended"), Chromium():
        pass


@pytest.fixture
def temporary(monkeypatch):
    """A place for temporary files with a short name."""
    with tempfile.TemporaryDirectory(prefix="t-") as folder:
        monkeypatch.setattr("tempfile.tempdir", folder)
        yield Path(folder)


def test_a_browser_leaves_nothing_and_touches_no_home(chromium, monkeypatch, tmp_path, temporary):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    page = tmp_path / "page.html"
    page.write_text("<title>x</title><p>one")
    with Chromium() as browser:
        browser.open(page)
        assert browser.evaluate("document.title") == "x"
        with pytest.raises(ChromiumError, match="could not evaluate"):
            browser.evaluate("nothing.at.all")
        (profile,) = temporary.iterdir()
        assert Path(profile, "profile").is_dir()
    assert not [*home.iterdir(), *temporary.iterdir()]
