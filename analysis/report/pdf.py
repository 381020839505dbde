"""The page as a PDF: tagged, outlined, with page numbers, the same bytes every time."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.report.chromium import Chromium, ChromiumError

_DATE = re.compile(rb"/(?:CreationDate|ModDate) \(D:[^()]*\)")


def pdf(page: Path, browser: Chromium) -> bytes:
    """Print a page, and leave out when that was.

    Parameters
    ----------
    page
        `index.html` of a finished report.
    browser
        A browser that is open.

    Raises
    ------
    ChromiumError
        When the browser did not print, or printed without tags or outline.
    """
    browser.open(page)
    printed = undated(browser.pdf())
    if not all(word in printed for word in (b"/StructTreeRoot", b"/MarkInfo", b"/Outlines")):
        raise ChromiumError("this Chromium prints no tags or no outline: a newer one does")
    return printed


def undated(printed: bytes) -> bytes:
    """Blank the dates of a PDF; each stays as long as it was, so that its table of places holds.

    >>> undated(b"<</Producer (Skia) /ModDate (D:20260101000000+00'00')>>")
    b'<</Producer (Skia)                                     >>'
    """
    return _DATE.sub(lambda date: b" " * len(date[0]), printed)
