"""The page as a PDF: tagged, outlined, with page numbers, the same bytes every time."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

from pypdf import PdfReader

from analysis.report.chromium import Chromium, ChromiumError

_DATE = re.compile(rb"/(?:CreationDate|ModDate) \(D:[^()]*\)")

#: Leaves room in the contents for page numbers, and returns what the contents lead to.
_ROOM = """[...document.querySelectorAll(".wide .toc a")].map(a => {
    a.dataset.page = "000"; return a.hash.slice(1)
})"""
_NUMBER = """(pages => {
    for (const a of document.querySelectorAll(".wide .toc a"))
        a.dataset.page = pages[a.hash.slice(1)]
})"""


def pdf(page: Path, browser: Chromium) -> bytes:
    """Print a page, its contents with page numbers, and leave out when that was.

    Chromium can say on which page a heading is only once it has printed it: a page with contents is
    printed twice.

    Parameters
    ----------
    page
        `index.html` of a finished report.
    browser
        A browser that is open.

    Raises
    ------
    ChromiumError
        When the browser did not print, printed without tags or outline, or put a heading on
        another page the second time.
    """
    browser.open(page)
    wanted = browser.evaluate(_ROOM)
    printed = browser.pdf()
    if wanted:
        pages = pages_of(printed, wanted)
        browser.evaluate(f"{_NUMBER}({json.dumps(pages)})")
        printed = browser.pdf()
        if pages_of(printed, wanted) != pages:
            raise ChromiumError("this Chromium moves headings when their page numbers are printed")
    printed = undated(printed)
    if not all(word in printed for word in (b"/StructTreeRoot", b"/MarkInfo", b"/Outlines")):
        raise ChromiumError("this Chromium prints no tags or no outline: a newer one does")
    return printed


def pages_of(printed: bytes, anchors: list[str]) -> dict[str, int]:
    """Return the pages on which the places are that a PDF's own links lead to.

    Raises
    ------
    ChromiumError
        When the PDF does not say where one of them is.
    """
    reader = PdfReader(io.BytesIO(printed))
    places = reader.named_destinations
    found = {
        anchor: reader.get_destination_page_number(places[f"/{anchor}"])
        for anchor in anchors
        if f"/{anchor}" in places
    }
    if len(found) < len(set(anchors)) or None in found.values():
        raise ChromiumError("this Chromium's PDF does not say where its headings are")
    return {anchor: 1 + (page or 0) for anchor, page in found.items()}


def undated(printed: bytes) -> bytes:
    """Blank the dates of a PDF; each stays as long as it was, so that its table of places holds.

    >>> undated(b"<</Producer (Skia) /ModDate (D:20260101000000+00'00')>>")
    b'<</Producer (Skia)                                     >>'
    """
    return _DATE.sub(lambda date: b" " * len(date[0]), printed)
