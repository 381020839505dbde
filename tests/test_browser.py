"""The page in a real browser: private, whole on any screen and on paper, readable by everybody."""

import io
import os
import shutil
import unicodedata
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader

CONTRAST = Path(__file__).with_name("contrast.js").read_text()
SHEET = {"width": 665, "height": 979}  # what A4 leaves between the page's margins, in CSS pixels
SMALLEST = 9  # px: text below it is not read on a phone
OFF_BY_DEFAULT = (  # in axe: new in WCAG 2.2, or experimental
    "css-orientation-lock",
    "label-content-name-mismatch",
    "p-as-heading",
    "table-fake-caption",
    "target-size",
    "td-has-header",
)
AXE = {
    "resultTypes": ["violations"],
    "rules": {name: {"enabled": True} for name in OFF_BY_DEFAULT}
    | {"color-contrast": {"enabled": False}},  # slow; test_all_text_stands_out is stricter
}
PICTURES = "img, [role=img], svg:not([role=img] svg)"
FRAMES = """[...document.querySelectorAll("body *")].filter(e => e.scrollWidth > e.clientWidth
    && e.checkVisibility() && ["auto", "scroll"].includes(getComputedStyle(e).overflowX))"""

PRESSED = 12  # times that Tab is, at the start, in the middle and at the end
# What can be reached, how much there is, and how much of it takes the focus and shows that it has.
STOPS = """() => {
    window.stops = [...document.querySelectorAll('a, summary, [tabindex="0"]')]
        .filter(e => e.checkVisibility());
    const shown = window.stops.filter(e => {
        e.focus({ preventScroll: true, focusVisible: true });
        const style = getComputedStyle(e);
        return document.activeElement === e && style.outlineStyle !== "none"
            && parseFloat(style.outlineWidth) >= 2;
    });
    return [window.stops.length, shown.length];
}"""


class View(NamedTuple):
    """The page in a window, and what it has asked for and said since."""

    tab: object
    scheme: str
    asked: list
    said: list

    def each(self, selector, of):
        """Evaluate an expression of `e` for every element that matches."""
        return self.tab.evaluate(f"[...document.querySelectorAll({selector!r})].map(e => {of})")

    @contextmanager
    def opened(self):
        """Open every <details>, and shut them at the end."""
        self.each("details", "e.open = true")
        yield
        self.each("details", "e.open = false")


@pytest.fixture(scope="module")
def folder(built):
    return built[0] / "reports" / "toy"


@pytest.fixture(scope="module")
def view(folder, browser, request):
    """Open the page at a width, in a colour scheme."""
    width, scheme = request.param
    tab = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    asked, said = [], []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("dialog", lambda dialog: said.append(dialog.message))
    tab.goto((folder / "index.html").as_uri())
    yield View(tab, scheme, asked, said)
    tab.close()


VIEWS = [(width, scheme) for width in (320, 390, 1280) for scheme in ("light", "dark")]
everywhere = pytest.mark.parametrize("view", VIEWS, indirect=True, ids=lambda v: f"{v[0]}-{v[1]}")
# colours hang on the scheme, places on the width: each of both, and both schemes where most is seen
each = pytest.mark.parametrize(
    "view",
    [(320, "dark"), (390, "light"), (1280, "light"), (1280, "dark")],
    indirect=True,
    ids=lambda v: f"{v[0]}-{v[1]}",
)
narrow = pytest.mark.parametrize("view", [(390, "light")], indirect=True, ids=["390-light"])
apart = pytest.mark.parametrize(  # as unlike as they come: a key press takes its time
    "view", [(390, "dark"), (1280, "light")], indirect=True, ids=["390-dark", "1280-light"]
)
once = pytest.mark.parametrize("view", [(1280, "light")], indirect=True, ids=["1280-light"])


@everywhere
def test_nothing_leaves_the_page_and_nothing_runs(view, folder):
    view.tab.keyboard.press("End")
    with view.opened():
        view.tab.keyboard.press("End")
    assert set(view.asked) == {(folder / "index.html").as_uri()}
    assert view.said == []
    assert view.tab.evaluate("document.scripts.length") == 0


@everywhere
def test_the_document_does_not_scroll_sideways(view):
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert view.tab.evaluate(fits)
    with view.opened():
        assert view.tab.evaluate(fits)


@each
def test_axe_finds_nothing(view):
    """Under WCAG 2 A and AA and the best practices, with all that opens open."""
    with view.opened():
        found = Axe().run(view.tab, options=AXE)
    assert found.violations_count == 0, found.generate_report()
    tried = {tag for rule in found.response["passes"] for tag in rule["tags"]}
    assert {"wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"} <= tried


@once
def test_axe_finds_nothing_while_all_is_shut(view):
    assert Axe().run(view.tab, options=AXE).violations_count == 0


@each
def test_all_text_stands_out_from_its_ground(view):
    with view.opened():
        texts = view.tab.evaluate(CONTRAST)
    assert {t["figure"] for t in texts} == {None, *view.each("figure:has(svg)", "e.id")}
    assert not [t for t in texts if t["ratio"] < t["needed"]]


def test_contrast_is_measured_as_wcag_does(browser):
    tab = browser.new_page()
    tab.set_content(
        "<body style='background:#fff'><p style='color:#767676'>page"
        "<p style='color:#000; opacity:.5'>half<details><summary>on</summary><p>shut</details>"
        "<svg width=200><path d='M0 0H60V99H0z' fill='#767676'/>"
        "<text y=20 fill='#fff'>bar</text><text x=9 y=50 style='font-size:30px'>edge</text></svg>"
    )
    ratios = {t["text"]: (round(t["ratio"], 2), t["needed"]) for t in tab.evaluate(CONTRAST)}
    tab.close()
    assert ratios == {
        "page": (4.54, 4.5),
        "half": (3.98, 4.5),
        "on": (21, 4.5),
        "bar": (4.54, 4.5),
        "edge": (4.62, 3),
    }


@everywhere
def test_light_and_dark_differ(view):
    ink, ground = view.tab.evaluate(
        "[getComputedStyle(document.body)].flatMap(s => [s.color, s.backgroundColor])"
        ".map(c => c.match(/[0-9]+/g).reduce((sum, part) => sum + +part, 0) / 3)"
    )
    assert (ink < 80 and ground > 200) if view.scheme == "light" else (ink > 200 and ground < 80)


@everywhere
def test_what_is_wider_than_the_screen_scrolls_by_keyboard(view):
    frames = view.tab.evaluate_handle(FRAMES)
    found = view.tab.evaluate("frames => frames.map(e => e.tabIndex)", frames)
    assert set(found) <= {0}
    for n in range(0, len(found), max(1, len(found) // PRESSED)):
        frame = frames.get_property(str(n)).as_element()
        frame.focus()
        view.tab.keyboard.press("ArrowRight")
        view.tab.wait_for_function("e => e.scrollLeft > 0", arg=frame)
        frame.evaluate("e => e.scrollLeft = 0")


@apart
def test_the_link_to_the_contents_leads_to_a_list_that_is_open(view):
    view.tab.click(".front a[href='#contents']")
    first = view.tab.locator("#contents .toc a").first
    assert first.is_visible()
    assert 0 <= first.bounding_box()["y"] < 900 / 2
    view.tab.evaluate("location.hash = ''")


@narrow
def test_figures_are_readable_on_a_phone(view):
    small = [t for t in view.tab.evaluate(CONTRAST) if t["figure"] and t["size"] < SMALLEST]
    assert not small


@everywhere
def test_no_label_of_a_figure_is_cut_off(view):
    labels = view.each(
        "figure svg text",
        "[e.getBoundingClientRect(), e.closest('.drawing').getBoundingClientRect(), e.textContent]",
    )
    assert labels
    for inner, outer, text in labels:
        assert outer["left"] <= inner["left"] + 1, text
        assert inner["right"] <= outer["right"] + 1, text
        assert outer["top"] <= inner["top"] + 1, text
        assert inner["bottom"] <= outer["bottom"] + 1, text


@once
def test_every_picture_has_words_of_its_own(view):
    alts = view.each(PICTURES, "e.getAttribute('alt') ?? e.ariaLabel")
    captions = view.each("figcaption", "e.innerText")
    assert len(alts) == len(captions) > 0
    assert all(alts)
    assert len(set(alts)) == len(alts)
    assert not {alt.strip() for alt in alts} & {caption.partition(". ")[2] for caption in captions}


@once
def test_the_page_is_small(view, folder):
    assert (folder / "index.html").stat().st_size < 1_500_000


@once
def test_headings_are_in_order(view):
    levels = view.each("h1, main :is(h2, h3, h4, h5, h6)", "+e.tagName[1]")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@once
def test_every_reference_resolves(view, folder):
    ids = view.each("[id]", "e.id")
    assert len(set(ids)) == len(ids)
    for name in ("aria-labelledby", "aria-describedby", "aria-controls", "headers", "for"):
        for value in view.each(f"[{name}]", f"e.getAttribute({name!r})"):
            assert set(value.split()) <= set(ids)
    targets = set(view.each("[href]", "e.getAttribute('href')"))
    targets |= set(view.each("[src]", "e.getAttribute('src')"))
    assert {t[1:] for t in targets if t.startswith("#")} <= set(ids)
    beside = {str(p.relative_to(folder)) for p in folder.glob("*/*")}
    assert {t for t in targets if not t.startswith("#")} == beside


@once
def test_it_is_the_same_page_without_javascript(view, browser, folder):
    plain = browser.new_page(viewport=view.tab.viewport_size, java_script_enabled=False)
    plain.goto((folder / "index.html").as_uri())
    assert plain.inner_text("body") == view.tab.inner_text("body")
    assert not plain.is_visible("main details pre")
    plain.click("main .code summary")
    assert plain.is_visible("main details pre")
    plain.close()


@apart
def test_the_keyboard_reaches_everything_and_shows_where_it_is(view):
    """Tab leads in the order of the document, since nothing says another; some are pressed."""
    tab = view.tab
    tab.reload()
    tab.keyboard.press("Tab")
    link = tab.evaluate_handle("document.activeElement").as_element()
    assert link.get_attribute("href") == "#main"
    box = link.bounding_box()
    assert box["x"] >= 0
    assert box["y"] >= 0
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"

    stops, shown = tab.evaluate(STOPS)
    assert stops > 500
    assert shown == stops
    assert set(view.each("[tabindex]", "e.tabIndex")) <= {0, -1}
    for start in (0, stops // 2, stops - PRESSED - 1):
        tab.evaluate("n => window.stops[n].focus()", start)
        for n in range(start + 1, start + PRESSED + 1):
            tab.keyboard.press("Tab")
            assert tab.evaluate("n => document.activeElement === window.stops[n]", n), n


#: Fonts as they are, but for those that measure as Arial and Times do.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>
<include>/etc/fonts/fonts.conf</include>
<selectfont><rejectfont><glob>*iberation*</glob></rejectfont></selectfont></fontconfig>"""


def printing(browser, folder):
    """Open the page as it is printed, by a reader whose screen is dark."""
    tab = browser.new_page(viewport=SHEET, color_scheme="dark")
    tab.goto((folder / "index.html").as_uri())
    tab.emulate_media(media="print", color_scheme="dark")
    return View(tab, "light", [], [])


@pytest.fixture(scope="module")
def sheet(browser, folder):
    view = printing(browser, folder)
    yield view
    view.tab.close()


@pytest.fixture(scope="module")
def other_fonts(browser, folder, tmp_path_factory):
    """The same where no font is as narrow as Arial: DejaVu, mostly."""
    config = tmp_path_factory.mktemp("fonts") / "fonts.conf"
    config.write_text(FONTS)
    path = shutil.which("chromium")
    surroundings = os.environ | {"FONTCONFIG_FILE": str(config)}
    wide = browser.browser_type.launch(
        executable_path=path, args=["--no-sandbox"], env=surroundings
    )
    yield printing(wide, folder)
    wide.close()


def test_print_is_light(sheet):
    assert sheet.tab.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    assert not [t for t in sheet.tab.evaluate(CONTRAST) if t["ratio"] < t["needed"]]


def test_print_has_the_contents_and_nothing_to_click(sheet):
    for shown in ("nav.wide", "h1", "figure", ".table table", ".sources", "footer"):
        assert sheet.tab.is_visible(shown), shown
    for gone in ("details", ".files", ".skip"):
        assert not any(sheet.each(gone, "e.checkVisibility()")), gone


def cut(sheet):
    """What stands beyond the right edge of the sheet, or is scrolled."""
    edges = sheet.each("table, figure svg, caption, .notes, pre", "e.getBoundingClientRect().right")
    return [edge for edge in edges if edge > SHEET["width"] + 0.5] + sheet.tab.evaluate(FRAMES)


def broken(sheet):
    """Words of table heads with a rectangle on each of two lines."""
    return sheet.tab.evaluate(
        """[...document.querySelectorAll('thead th')].flatMap(e =>
            [...e.firstChild.data.matchAll(/\\S+/g)].filter(word => {
                const range = document.createRange();
                range.setStart(e.firstChild, word.index);
                range.setEnd(e.firstChild, word.index + word[0].length);
                return range.getClientRects().length > 1;
            }).map(word => word[0]))"""
    )


def test_print_cuts_nothing_at_the_right(sheet):
    assert sheet.each("table", "e.id")
    assert cut(sheet) == []


def test_print_breaks_no_word_of_a_table_head(sheet):
    assert sheet.each("thead th", "e.id")
    assert broken(sheet) == []


def test_print_fits_its_sheets_in_other_fonts(other_fonts):
    assert cut(other_fonts) == broken(other_fonts) == []
    first = other_fonts.tab.pdf(prefer_css_page_size=True, page_ranges="1")
    said = letters(PdfReader(io.BytesIO(first)).pages[0].extract_text())
    (*_, last) = other_fonts.each(".public .finding h3", "e.textContent")
    assert letters(last) in said


@pytest.mark.parametrize(
    "down",
    [
        0,
        0.5,
        *(pytest.param(d, marks=(pytest.mark.long, pytest.mark.exhaustive)) for d in (0.25, 0.75)),
    ],
)
def test_print_splits_no_figure_no_row_and_no_small_table(sheet, down):
    """Also where the text before them ends elsewhere on the sheet."""
    sheet.each("main", f"e.style.paddingTop = '{down * SHEET['height']}px'")
    pdf = PdfReader(io.BytesIO(sheet.tab.pdf(prefer_css_page_size=True)))
    sheet.each("main", "e.style.paddingTop = ''")
    pages = [letters(page.extract_text()) for page in pdf.pages]
    parts = (
        "[...e.querySelectorAll('text, figcaption, caption, th, td')]"
        ".filter(t => t.checkVisibility()).map(t => t.textContent)"
    )
    figures, rows = sheet.each("figure", parts), sheet.each(".table tbody tr", parts)
    fits = f"e.closest('.table').getBoundingClientRect().height <= {SHEET['height']}"
    few = ".table table:not(:has(tbody tr:nth-child(16), tbody tr[id]))"
    small = sheet.each(few, f"{fits} ? {parts} : []")
    assert all((figures, rows, small))
    for whole in (*figures, *rows, *small):
        assert any(all(letters(part) in page for part in whole) for page in pages), whole


def letters(text):
    """Return the text as a PDF may hold it: without spaces, joiners and ligatures."""
    return "".join(unicodedata.normalize("NFKC", text).replace("\u2060", "").split())
