"""The workbench in JupyterLab, driven as a reader would: opened, run, chosen from, saved.

`PICTURES=folder make test-long ARGS=tests/test_lab.py` keeps pictures of it, light and dark; the
README's is `lab.png`.
"""

import os
import re
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from labs import TOKEN
from playwright.sync_api import expect

from analysis.explore import compare, ledger, otherwise, overview, plans, sessions
from analysis.explore.choices import Choices
from analysis.explore.data import Data
from analysis.logs import store
from analysis.paths import SAMPLE
from analysis.report import names
from analysis.report.sheets import to_csv

pytestmark = pytest.mark.long

#: All that JupyterLab itself writes to the console.
SAYS = [
    r'Starting application in workspace: "default"',
    r"Starting WebSocket: ws://127\.0\.0\.1:.*",
]
FIGURES = (
    overview.by_day,
    overview.by_hour,
    sessions.course,
    ledger.causes,
    otherwise.otherwise,
    plans.plans,
    compare.compare,
)
TABLES = (sessions.listed, ledger.rebuilds)
LEAD = 3  # of the headings: the picture that stands for all
SOON = 60_000  # milliseconds for anything to be there, on a slow machine


class Notebook(NamedTuple):
    """The notebook in a tab, and what the tab has asked for and said since."""

    tab: object
    asked: list
    said: list

    def panel(self, view):
        """Find the cell that shows a view."""
        code = f"bench.panel({view.__module__.rpartition('.')[2]}.{view.__name__},"
        return self.tab.locator(f".jp-CodeCell:has(.jp-InputArea:has-text('{code}'))")

    def title(self, view):
        return self.panel(view).locator(".jp-RenderedMarkdown strong").first

    def image(self, view):
        """Take a picture of a view's figure."""
        return self.panel(view).locator(".explored").screenshot()

    def rows(self, view):
        return self.panel(view).locator("table.dataTable tbody tr")

    def choose(self, label, option, view=None):
        within = self.panel(view) if view else self.tab
        within.locator(f".widget-dropdown:has(label:text-is('{label}')) select").select_option(
            option
        )

    def slide(self, label, number, view):
        slider = self.panel(view).locator(f".widget-slider:has(label:text-is('{label}'))")
        slider.locator(".widget-readout").fill(f"{number}")
        slider.locator(".widget-readout").press("Enter")

    @contextmanager
    def redrawn(self, *views):
        """Wait until views have other titles than before."""
        before = {view: self.title(view).text_content() for view in views}
        yield
        for view, title in before.items():
            expect(self.title(view)).not_to_have_text(title, timeout=SOON)


@pytest.fixture(scope="module")
def data(datasets):
    """What the notebook should show: the sample, computed here."""
    store.load_logs("sample", str(SAMPLE))
    return Data.of(store.read("sample"), names.of("sample"))


@pytest.fixture(scope="module")
def notebook(lab, browser):
    """Open the lab's address, which leads to the notebook, and run all cells."""
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    asked, said = [], []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(f"{lab.address}/?token={TOKEN}")
    tab.locator(".jp-NotebookPanel h1:has-text('Explore')").wait_for(timeout=SOON)
    tab.locator("li.lm-MenuBar-item:has-text('Run')").click()
    tab.locator(".lm-Menu-item:has-text('Run All Cells')").first.click()
    opened = Notebook(tab, asked, said)
    for view in (*FIGURES, *TABLES):
        opened.title(view).wait_for(timeout=SOON)
    yield opened
    tab.close()


def text(shown):
    """Return a text without the kinds of space that keep a number and its unit together."""
    return re.sub(r"\s+", " ", shown)


def named(title, data):
    """Return a view's title as it is displayed, with names in place of labels."""
    for label in data.projects:
        title = title.replace(label, data.named(label))
    return text(title)


def test_the_address_it_prints_leads_to_the_notebook(lab):
    assert f"{lab.address}/lab/tree/explore.ipynb" in lab.log.read_text()


@pytest.mark.parametrize("view", [*FIGURES, *TABLES], ids=lambda view: view.__name__)
def test_every_view_is_there_with_its_numbers(notebook, data, view):
    shown = view(data, Choices())
    assert text(notebook.title(view).text_content()) == named(shown.title, data)
    drawn = notebook.panel(view).locator(".explored svg").count()
    assert drawn == (shown.draw is not None)
    assert (notebook.rows(view).count() > 1) == (shown.draw is None)


def test_another_project_changes_the_figure_and_its_title_names_it(notebook, data):
    dearest = sessions.listed(data, Choices()).frame["project"][0]
    label = next(p for p in data.projects if p != dearest)
    before = {view: notebook.image(view) for view in FIGURES}
    with notebook.redrawn(*FIGURES, *TABLES):
        notebook.choose("Project", data.named(label))
    assert data.named(label) != label
    assert data.named(label) in notebook.title(overview.by_day).text_content()
    for view in FIGURES:
        assert notebook.image(view) != before[view]
        wanted = view(data, Choices(project=label)).title
        assert text(notebook.title(view).text_content()) == named(wanted, data)
    with notebook.redrawn(*FIGURES, *TABLES):
        notebook.choose("Project", "all")
    assert notebook.image(overview.by_day) == before[overview.by_day]


def test_a_control_of_a_panel_changes_that_panel_alone(notebook):
    before = notebook.title(sessions.listed).text_content()
    image = notebook.image(overview.by_day)
    with notebook.redrawn(overview.by_day):
        notebook.choose("Show", "shares", overview.by_day)
    assert notebook.image(overview.by_day) != image
    assert notebook.title(sessions.listed).text_content() == before


def test_a_slider_changes_the_bill_and_what_is_shown_is_exported(notebook, data, fresh):
    view, other = otherwise.otherwise, notebook.title(overview.by_day).text_content()
    image = notebook.image(view)
    with notebook.redrawn(view):
        notebook.slide(otherwise.CONTROLS["length"].label, 50, view)
    with notebook.redrawn(view):
        notebook.choose("Cache", "every write at 1 hour", view)
    shown = view(data, Choices(), length=50, cache="1h")
    assert text(notebook.title(view).text_content()) == named(shown.title, data)
    assert notebook.image(view) != image
    assert notebook.title(overview.by_day).text_content() == other
    notebook.panel(view).locator("select:has(option:text-is('CSV'))").select_option("CSV")
    written = "reports/sample.views/otherwise-cache-1h-length-50"
    said = notebook.panel(view).locator(f"pre:has-text('Written: {written}, as csv.')")
    said.wait_for(timeout=SOON)
    assert (fresh / f"{written}.csv").read_text() == to_csv(shown.frame)


def test_two_projects_are_set_beside_each_other_by_their_names(notebook, data):
    a, b = data.projects[:2]
    for side, label in (("A", a), ("B", b)):
        with notebook.redrawn(compare.compare):
            notebook.choose(side, data.named(label), compare.compare)
    shown = compare.compare(data, Choices(), a=f"project:{a}", b=f"project:{b}")
    title = text(notebook.title(compare.compare).text_content())
    assert title == named(shown.title, data)
    assert title.startswith(f"{data.named(b)} (B) beside {data.named(a)} (A)")
    drawn = text(notebook.panel(compare.compare).locator(".explored svg").text_content())
    assert all(text(f"${value:,.2f}") in drawn for value in shown.frame.filter(unit="usd")["a"])


def test_a_row_opens_a_session_and_its_ledger_is_that_session_s(notebook, data):
    listed = sessions.listed(data, Choices()).frame.with_row_index()
    number, session = (
        listed.select("index", "session", "rebuilds")
        .slice(1, 9)
        .sort("rebuilds", descending=True)
        .row(0)[:2]
    )
    chosen = Choices(session=session)
    with notebook.redrawn(sessions.course):
        notebook.rows(sessions.listed).nth(number).click()
    shown = sessions.course(data, chosen)
    assert text(notebook.title(sessions.course).text_content()) == named(shown.title, data)
    with notebook.redrawn(ledger.rebuilds):
        notebook.choose("Of", "the session above", ledger.rebuilds)
    book = ledger.rebuilds(data, chosen, scope="session")
    assert text(notebook.title(ledger.rebuilds).text_content()) == named(book.title, data)
    written = [named(cell, data) for row in book.written().head(10).rows() for cell in row]
    expect(notebook.rows(ledger.rebuilds).locator("td")).to_have_text(written, timeout=SOON)


def test_a_ledger_is_sorted_by_the_column_that_is_clicked(notebook):
    cells = notebook.rows(ledger.rebuilds).locator("td:nth-child(5)")
    before = [float(cell.replace(",", "")) for cell in cells.all_text_contents()]
    assert before != sorted(before)
    notebook.panel(ledger.rebuilds).locator("th:has-text('pause minutes')").first.click()
    expect(cells).to_have_text([f"{minutes:,.1f}" for minutes in sorted(before)], timeout=SOON)


def test_a_hidden_panel_is_drawn_when_it_is_shown_again(notebook):
    eye = notebook.panel(overview.by_hour).locator("button.widget-toggle-button")
    eye.click()
    notebook.panel(overview.by_hour).locator(".explored").wait_for(state="detached", timeout=SOON)
    eye.click()
    notebook.panel(overview.by_hour).locator(".explored svg").wait_for(timeout=SOON)


def test_what_is_saved_has_no_outputs(notebook, fresh):
    path = fresh / "notebooks" / "explore.ipynb"
    before, at = path.read_bytes(), path.stat().st_mtime_ns
    notebook.tab.keyboard.press("Control+s")
    for _ in range(100):
        if path.stat().st_mtime_ns != at:
            break
        notebook.tab.wait_for_timeout(100)
    assert path.stat().st_mtime_ns != at
    assert path.read_bytes() == before


def test_the_console_is_silent_and_nothing_is_fetched_from_elsewhere(notebook, lab):
    assert [said for said in notebook.said if not any(re.fullmatch(s, said) for s in SAYS)] == []
    assert not [
        url for url in notebook.asked if not url.startswith((lab.address, "data:", "blob:"))
    ]


@pytest.mark.exhaustive
def test_pictures_are_kept(notebook, tmp_path):
    folder = Path(os.environ.get("PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    tab = notebook.tab
    tab.keyboard.press("Control+b")  # the list of files goes
    for theme, width in (("Light", 1280), ("Light", 1600), ("Dark", 1280), ("Dark", 1600)):
        tab.locator("li.lm-MenuBar-item:has-text('Settings')").click()
        tab.locator(".lm-Menu-item:has-text('Theme')").first.hover()
        tab.locator(f".lm-Menu-item:has-text('JupyterLab {theme}')").first.click()
        themed = tab.locator(f"body[data-jp-theme-name='JupyterLab {theme}']")
        themed.wait_for(state="attached", timeout=SOON)
        for number, head in enumerate(tab.locator(".jp-MarkdownCell :is(h1, h2)").all()):
            lead = (theme, width, number) == ("Light", 1280, LEAD)
            tab.set_viewport_size({"width": width, "height": 920 if lead else 1400})
            head.evaluate("e => e.scrollIntoView({ block: 'start' })")
            tab.wait_for_timeout(500)
            name = "lab.png" if lead else f"lab-{theme.lower()}-{width}-{number}.png"
            tab.screenshot(path=folder / name)
            assert (folder / name).stat().st_size > 10_000
