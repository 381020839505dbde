"""The page as PDF: tagged, outlined, numbered, the same bytes each time."""

import io
import re
import shutil
import unicodedata

import pytest
from conftest import require
from pypdf import PdfReader

from analysis.params import notebooks
from analysis.report import sharing
from analysis.report.chromium import Chromium, ChromiumError
from analysis.report.finished import finished
from analysis.report.pdf import pdf, undated

PLAIN = "<!DOCTYPE html><html lang='en'><title>t</title><h1>One</h1><p>a</p><h2>Two</h2><p>b</p>"


@pytest.fixture(scope="module")
def chromium():
    require("browser", shutil.which("chromium") is not None, "Debian's chromium is not installed")


@pytest.fixture(scope="module")
def printed(handed, chromium):
    with Chromium() as browser:
        return pdf(finished("toy").folder / "index.html", browser)


@pytest.fixture(scope="module")
def reader(printed):
    return PdfReader(io.BytesIO(printed))


def test_it_is_tagged_and_says_its_language_and_title(reader):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "en"
    assert reader.metadata.title.startswith("What coding agents cost")


def test_the_first_sheet_has_the_question_and_the_five_findings(reader):
    said = " ".join(reader.pages[0].extract_text().split())
    assert "What coding agents cost" in said
    for title in ("share of the cost", "miscounted", "Without a", "cache expires", "cannot be"):
        assert title in said


def test_its_outline_has_every_chapter(reader):
    titles = [entry["/Title"] for entry in flat(reader.outline)]
    numbers = [match[1] for title in titles if (match := re.match(r"(\d\d) · ", title))]
    assert numbers == [notebook.stem[:2] for notebook in notebooks()]


def flat(outline):
    for entry in outline:
        if isinstance(entry, list):
            yield from flat(entry)
        else:
            yield entry


def test_its_contents_have_the_page_of_every_chapter(reader):
    places = {
        match[1]: reader.get_destination_page_number(entry) + 1
        for entry in flat(reader.outline)
        if (match := re.match(r"(\d\d) · ", entry["/Title"]))
    }
    first = min(places.values())
    contents = " ".join(page.extract_text() for page in reader.pages[: first - 1])
    text = " ".join(unicodedata.normalize("NFKC", contents).split())
    titles = {n.stem[:2]: n for n in notebooks()}
    assert places.keys() == titles.keys()
    for number, page in places.items():
        assert re.search(rf"\b{number} [^?]+\? ?{page}\b", text), number


CONTENTS = """<!DOCTYPE html><html lang="en"><title>t</title><style>
{style}
.toc a::after {{ content: attr(data-page) }} h2 {{ break-before: page }}
</style><nav class="wide"><ol class="toc"><li><a href="#a">A</a></li><li><a href="#b">B</a></li>
</ol></nav><h1>t</h1><h2 id="a">A</h2><h2 id="b">B</h2>"""


def test_a_browser_in_which_numbers_move_headings_is_refused(chromium, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(CONTENTS.format(style=""))
    with Chromium() as browser:
        found = PdfReader(io.BytesIO(pdf(page, browser)))
        assert "".join(found.pages[0].extract_text().split()) == "1.A22.B3t"
        page.write_text(CONTENTS.format(style=".toc li:has([data-page='2']) { break-after: page }"))
        with pytest.raises(ChromiumError, match="moves headings"):
            pdf(page, browser)


def test_pages_have_their_numbers(reader):
    last = len(reader.pages)
    for number in (1, 2, 10, last // 2, last):
        printed = reader.pages[number - 1].extract_text()
        text = "".join(unicodedata.normalize("NFKC", printed).split())
        assert f"{number}/{last}" in text, number


def test_it_says_nothing_of_when_and_on_what_it_was_printed(printed, reader):
    assert set(reader.metadata) == {"/Title", "/Creator", "/Producer"}
    assert reader.metadata.creator == "cache-margin"
    assert b"Linux" not in printed
    assert b"/CreationDate" not in printed


def test_the_same_page_again_is_the_same_bytes(chromium, tmp_path):
    """The whole page is compared in test_bundle."""
    page = tmp_path / "page.html"
    page.write_text(PLAIN)
    again = []
    for _ in range(2):
        with Chromium() as browser:
            again.append(pdf(page, browser))
    assert again[0] == again[1]


def test_blanking_the_dates_moves_nothing():
    dated = b"1 0 obj<</CreationDate (D:20260101000000+00'00')\n/ModDate (D:2026)>>endobj"
    blank = undated(dated)
    assert len(blank) == len(dated)
    assert blank.split() == [b"1", b"0", b"obj<<", b">>endobj"]


class Plain:
    """A browser that prints without tags a page without contents."""

    def open(self, page):
        pass

    def evaluate(self, expression):
        return []

    def pdf(self):
        return b"%PDF-1.4 /Outlines"


def test_a_browser_that_prints_no_tags_is_refused(tmp_path):
    with pytest.raises(ChromiumError, match="no tags or no outline"):
        pdf(tmp_path, Plain())


def test_it_lies_beside_the_report_once_it_has_passed_the_gate(handed, monkeypatch):
    class Tagged(Plain):
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def pdf(self):
            return b"%PDF-1.4 /StructTreeRoot /MarkInfo /Outlines"

    def refuse(folder, name):
        assert [path.name for path in folder.iterdir()] == ["toy.pdf"]
        raise ValueError(name)

    monkeypatch.setattr(sharing, "Chromium", Tagged)
    target = handed / "reports" / "toy.pdf"
    monkeypatch.setattr(sharing, "gate", refuse)
    with pytest.raises(ValueError, match="toy"):
        sharing.write_pdf("toy")
    assert not target.exists()
    monkeypatch.setattr(sharing, "gate", lambda folder, name: None)
    assert sharing.write_pdf("toy") == target
    assert target.read_bytes() == Tagged().pdf()
    assert not [*(handed / "reports" / ".builds").glob(".toy.*")]
