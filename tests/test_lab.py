"""A fresh copy makes its own environments and its report; its JupyterLab is driven by a browser.

All in one file, so that one worker makes the copy once.

`PICTURES=folder make test-long ARGS=tests/test_lab.py` keeps pictures of it, light and dark; the
README's is `lab.png`, with `PICTURES=docs`.
"""

import json
import os
import re
from pathlib import Path

import pytest
from conftest import require
from labs import SOON, TOKEN, Notebook, get, started
from playwright.sync_api import expect
from trees import copied, shell

from analysis import params
from analysis.explore import compare, ledger, otherwise, overview, plans, sessions
from analysis.explore.choices import Choices
from analysis.explore.data import Data
from analysis.logs import store
from analysis.paths import ROOT, SAMPLE
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
LEAD = ("Light", 1280)  # of the picture that stands for all


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Return a copy that made its own environment and report, and what that printed."""
    tree = copied(tmp_path_factory.mktemp("fresh") / "tree")
    done = shell(tree, "make report")
    require("index", "no package index reachable" not in done.stderr, done.stderr)
    assert done.returncode == 0, done.stderr
    return tree, done.stdout


@pytest.fixture(scope="module")
def fresh(first):
    return first[0]


@pytest.fixture(scope="module")
def lab(fresh, tmp_path_factory):
    """JupyterLab on a reader's logs, which are the sample's, in an environment of its own."""
    with started(fresh, tmp_path_factory.mktemp("lab"), f"LOGS={SAMPLE / 'projects'}") as lab:
        yield lab


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
    opened = Notebook(tab, asked, said)
    opened.run()
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


def test_a_fresh_copy_runs_every_chapter_and_ends_as_the_readme_shows(first):
    tree, said = first
    stems = [notebook.stem for notebook in params.chapters({})]  # nobody chose a team
    assert sorted(re.findall(r"^ran (\S+)", said, re.M)) == stems
    (block,) = re.findall(r"```text\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    assert said.endswith(block.replace("...", str(tree)))


def test_a_second_report_has_nothing_to_do(fresh):
    done = shell(fresh, "make report")
    assert done.returncode == 0, done.stderr
    assert not re.search(r"^(ran|rendered)", done.stdout, re.M)


def test_an_environment_that_is_there_is_set_up_again_without_harm(fresh):
    done = shell(fresh, "python3 -m analysis setup report")
    assert done.returncode == 0, done.stderr
    assert shell(fresh, "python -c 'import papermill, polars'").returncode == 0


def test_jupyterlab_starts_and_serves_the_notebooks(fresh, lab):
    assert "<title>JupyterLab</title>" in get(lab.address, "/lab")
    served = {entry["name"] for entry in json.loads(get(lab.address, "/api/contents"))["content"]}
    assert {Path(n).name for n in (fresh / "notebooks").glob("*.ipynb")} <= served
    assert (fresh / "data/processed/mine/dataset.json").exists()


def test_the_address_it_prints_leads_to_the_notebook_and_that_to_the_logs(lab, notebook):
    said = notebook.tab.locator(".widget-dropdown:has(label:text-is('Dataset')) select")
    expect(said).to_have_value("mine")
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
        notebook.slide(otherwise.CONTROLS["length"].label, "PageUp", view)
    with notebook.redrawn(view):
        notebook.choose("Cache", "every write at 1 hour", view)
    shown = view(data, Choices(), length=75, cache="1h")
    assert text(notebook.title(view).text_content()) == named(shown.title, data)
    assert notebook.image(view) != image
    assert notebook.title(overview.by_day).text_content() == other
    notebook.panel(view).locator("select:has(option:text-is('CSV'))").select_option("CSV")
    written = "reports/mine.views/otherwise-cache-1h-length-75"
    said = notebook.panel(view).locator(f"pre:has-text('Written: {written}.csv.')")
    said.wait_for(timeout=SOON)
    assert (fresh / f"{written}.csv").read_text() == to_csv(shown.frame)


def test_two_projects_are_set_beside_each_other_and_their_sums_are_no_mathematics(notebook, data):
    view, (a, b) = compare.compare, data.projects[:2]
    for side, label in (("A", a), ("B", b)):
        with notebook.redrawn(view):
            notebook.choose(side, data.named(label), view)
    shown = view(data, Choices(), a=f"project:{a}", b=f"project:{b}")
    assert text(notebook.title(view).text_content()) == named(shown.title, data)
    drawn = text(notebook.panel(view).locator(".explored svg").text_content())
    for one in shown.frame.filter(unit="usd").to_dicts():
        assert f"{one['measure']}: ${one['a']:,.2f} → ${one['b']:,.2f}" in drawn


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
    eye = notebook.panel(overview.by_hour).get_by_role("button", name="Hide")
    eye.click()
    eye = notebook.panel(overview.by_hour).get_by_role("button", name="Show")
    notebook.panel(overview.by_hour).locator(".explored").wait_for(state="detached", timeout=SOON)
    eye.click()
    notebook.panel(overview.by_hour).locator(".explored svg").wait_for(timeout=SOON)


def test_days_the_wrong_way_round_are_said_and_a_zone_is_one_of_a_list(notebook):
    pickers = notebook.tab.locator(".jp-CodeCell:has(.jp-InputArea:has-text('bench.pickers'))")
    notebook.day("From", "2026-03-02")
    with notebook.redrawn(overview.by_day):
        notebook.day("Until", "2026-03-01")
    said = "From is after Until: no request is between them."
    pickers.get_by_text(said).wait_for(timeout=SOON)
    assert notebook.title(overview.by_day).text_content() == said
    with notebook.redrawn(overview.by_day):
        notebook.day("Until", "2026-03-31")
    expect(pickers.get_by_text(said)).to_have_count(0, timeout=SOON)
    with notebook.redrawn(overview.by_day):
        notebook.day("From", "")
    zones = pickers.locator(".widget-dropdown:has(label:text-is('Days of')) select")
    assert zones.locator("option").count() > 400
    with notebook.redrawn(overview.by_day):
        notebook.day("Until", "")


def test_what_was_loaded_since_is_offered_and_stays_when_all_cells_run_again(notebook, fresh):
    assert shell(fresh, "make data NAME=later LOGS=data/raw/sample/reconstruction").returncode == 0
    offered = notebook.tab.locator(".widget-dropdown:has(label:text-is('Dataset')) select")
    assert "later" not in offered.locator("option").all_text_contents()
    notebook.tab.get_by_role("button", name="Look again").click()
    expect(offered.locator("option:text-is('later')")).to_have_count(1, timeout=SOON)
    with notebook.redrawn(overview.by_day, overview.by_hour):
        notebook.choose("Dataset", "later")
    title = notebook.title(overview.by_hour).text_content()
    ran = notebook.panel(compare.compare).locator(".jp-InputPrompt")
    before = ran.text_content()
    notebook.run()
    expect(ran).not_to_have_text(before, timeout=SOON)
    expect(ran).to_have_text(re.compile(r"\[\d+\]:"), timeout=SOON)
    notebook.title(compare.compare).wait_for(timeout=SOON)
    expect(offered).to_have_value("later", timeout=SOON)
    expect(notebook.title(overview.by_hour)).to_have_text(title, timeout=SOON)
    with notebook.redrawn(overview.by_day, compare.compare):
        notebook.choose("Dataset", "mine")


def test_what_is_saved_has_no_outputs(notebook, fresh):
    path = fresh / "notebooks" / "explore.ipynb"
    before, at = path.read_bytes(), path.stat().st_mtime_ns
    notebook.tab.keyboard.press("Control+s")
    for _ in range(100):
        if path.stat().st_mtime_ns != at and path.stat().st_size:  # it is emptied, then written
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
            take(tab, head, folder / f"lab-{theme.lower()}-{width}-{number}.png", width)
        if (theme, width) == LEAD:
            take(tab, notebook.panel(sessions.course), folder / "lab.png", width, height=860)


def take(tab, head, path, width, height=1400):
    """Take a picture of the window, with something at its top."""
    tab.set_viewport_size({"width": width, "height": height})
    head.evaluate("e => e.scrollIntoView({ block: 'start' })")
    tab.wait_for_timeout(500)
    tab.screenshot(path=path)
    assert path.stat().st_size > 10_000
