"""The page: self-contained, inert, the same twice, fit for any screen; and its publication."""

import copy
import hashlib
import json
import os
import re
import shutil
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import nbformat
import polars as pl
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.facts import facts
from analysis.report import figures, labels
from analysis.report.bind import bind
from analysis.report.origins import in_brief, origins
from analysis.report.publish import RenderError, publish
from analysis.report.render import page, render
from analysis.report.running import running_titles
from analysis.report.sources import sources

EVIL = (
    "<script>alert(1)</script> <img src='https://example.org/x.png' onerror='alert(1)'>\n\n"
    "[x](javascript:alert(1)) ![p](https://example.org/y.png)\n\n"
    "<iframe src='https://example.org'></iframe>\n\n```mermaid\ngraph TD\n```\n\n$5 and $6"
)
WIDE = pl.DataFrame({f"A long column name {n}": [1_234_567_890, n] for n in range(9)})


def draw():
    _, ax = plt.subplots()
    ax.plot([1, 2], [3, 4])
    ax.set_xlabel("Request in session <b>")
    figures.show(ax, "fig-growth", "Reads grow. See [](#tab-wide).", "A rising line.", WIDE)


def tabulate():
    figures.table(WIDE, "tab-wide", "Wide, as in [](#fig-growth).", notes="See [](#b).")


def alert():
    figures.say("Said <script>alert(1)</script> [](#fig-growth) $5")


@pytest.fixture(scope="module")
def bound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    evil = [
        new_output("display_data", {kind: "<script>alert(1)</script>", "text/plain": "<plain>"})
        for kind in ("text/html", "application/javascript", "text/vnd.mermaid", "text/latex")
    ]
    evil.append(new_output("stream", name="stdout", text="<b>\x1b[31mred"))
    evil.append(new_output("stream", name="stderr", text="/home/somebody"))
    chapters = {
        "a": [
            new_markdown_cell("# A < B?\n\n## Limits"),
            displayed(draw),
            displayed(tabulate),
            displayed(alert, tags=["hide-input"]),
        ],
        "b": [
            new_markdown_cell(f"# B\n\n{EVIL}\n\n|a|b|\n|-|-:|\n|1|2|"),
            new_code_cell("x = '</details><script>'", outputs=evil),
        ],
    }
    for stem, cells in chapters.items():
        nbformat.write(new_notebook(cells=cells), folder / f"{stem}.ipynb")
    return bind(
        sorted(folder.iterdir()),
        title="Title <i>",
        subtitle="Subtitle",
        banner="**Synthetic** <script>",
        provenance="Data through 2026-03-31.",
    )


def displayed(function, tags=()):
    """Run a function as a cell would, and keep what it displays."""
    outputs = []

    def keep(data, raw, metadata):
        outputs.append(new_output("display_data", data, metadata=metadata))

    with pytest.MonkeyPatch.context() as patch, mpl.rc_context():
        patch.setattr(labels, "display", keep)
        figures.use_theme()
        function()
    return new_code_cell(f"{function.__name__}()", outputs=outputs, metadata={"tags": list(tags)})


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_folder_is_complete_and_the_same_twice(bound, tmp_path):
    for name in ("one", "two"):
        render(bound, tmp_path / name, inputs={"since": ""})
    files = contents(tmp_path / "one")
    assert files == contents(tmp_path / "two")
    manifest = json.loads(files.pop("manifest.json"))
    assert sorted(files) == [
        "figures/fig-growth.csv",
        "figures/fig-growth.svg",
        "index.html",
        "tables/tab-wide.csv",
    ]
    assert manifest["inputs"] == {"since": ""}
    assert manifest["files"] == {n: hashlib.sha256(c).hexdigest() for n, c in files.items()}


def test_render_wants_an_empty_folder(bound, tmp_path):
    (tmp_path / "old").touch()
    with pytest.raises(RenderError, match="not empty"):
        render(bound, tmp_path)


def test_the_page_is_inert(bound):
    html = page(bound)
    tags = re.findall(r"<[a-z][^>]*>", html, re.IGNORECASE)
    assert not [t for t in tags if re.match(r"<(script|iframe|img|object|embed|link|form|base)", t)]
    assert not [t for t in tags if re.search(r"\son\w+\s*=|javascript:|\ssrc=", t, re.IGNORECASE)]
    assert "/home/somebody" not in html
    assert html.index("Content-Security-Policy") < html.index("<style")
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


def test_the_page_says_what_it_should(bound):
    html = page(bound)
    assert html.count("<h1>") == 1
    assert '<h2 id="a">A &lt; B?</h2>' in html
    assert '<h3 id="a-limits">Limits</h3>' in html
    assert '<figcaption id="fig-growth-title"><b>Figure 1. Reads grow.</b></figcaption>' in html
    assert '<p class="reading">See <a href="#tab-wide">Table 1</a>.</p>' in html
    assert html.count('<p class="source">Source: these logs.<sup>') == 2
    assert '<b>Table 1. Wide, as in <a href="#fig-growth">Figure 1</a>.</b>' in html
    assert 'See <a href="#b">B</a>.' in html
    assert 'role="img"' in html
    assert 'aria-label="A rising line."' in html
    assert 'href="figures/fig-growth.csv"' in html
    assert "$5 and $6" in html
    assert html.count("Code</summary>") == 3  # hide-input hides the fourth
    assert html.count('aria-label="Code of figure 1">Code</summary>') == 1
    assert html.count('aria-label="Data of figure 1">Data</summary>') == 1


def test_a_chapter_s_files_stand_below_its_title(bound):
    named = copy.deepcopy(bound)
    named.cells[0].metadata.rooms = "Made by `notebooks/a.ipynb`."
    html = page(named)
    line = "<p>Made by <code>notebooks/a.ipynb</code>.</p></details>"
    said = '<details class="rooms"><summary>How this chapter is made</summary>'
    assert f'<h2 id="a">A &lt; B?</h2>\n{said}{line}' in html
    assert html.count('class="rooms"') == 1
    assert 'class="rooms"' not in page(bound)


def test_a_source_is_said_once_and_leads_back_to_all_that_rests_on_it(bound):
    html = page(bound)
    assert html.count('href="#source-1"') == 2
    assert html.count('<li id="source-1"><p>These logs.</p>') == 1
    assert '<a href="#fig-growth">Figure 1</a>, <a href="#tab-wide">Table 1</a>' in html
    assert 'id="source-2"' not in html


def test_sources_are_numbered_as_they_come_and_short_where_they_are_named(bound):
    told = copy.deepcopy(bound)
    outputs = [output for cell in told.cells for output in cell.get("outputs", [])]
    (table,) = [
        output.metadata.table for output in outputs if "table" in output.get("metadata", ())
    ]
    table.source = "published figures, row by row in `cases.csv`"
    assert {text: note.number for text, note in sources(told).items()} == {
        "these logs": 1,
        table.source: 2,
    }
    html = page(told)
    assert "Source: published figures.<sup>" in html
    assert "<p>Published figures, row by row in <code>cases.csv</code>.</p>" in html
    assert '<p class="origins">The Cache Trap, blog.sd.idv.tw, 2026-03-25, session table · ' in html


def test_a_note_names_what_its_files_rest_on_once_and_refers_to_it_later(bound):
    told = copy.deepcopy(bound)
    items = [
        output.metadata.get("figure") or output.metadata.table
        for cell in told.cells
        for output in cell.get("outputs", [])
        if {"figure", "table"} & output.get("metadata", {}).keys()
    ]
    items[0].source = "`data/raw/facts/weeks.csv`"
    items[1].source = "`data/raw/facts/weeks.csv` and `data/raw/facts/headlines.csv`"
    first, second = BeautifulSoup(page(told), "html.parser").select(".sources li")
    assert first.p.text == "data/raw/facts/weeks.csv."  # a path stays as it is
    assert first.select_one(".origins").text == "anthropics/claude-code#24147, 2026-02-08"
    again, other = second.select(".origins")
    assert again.text == "weeks.csv: as in note 1"
    assert again.a["href"] == "#source-1"
    assert other.text.startswith("headlines.csv: A Technical and Business Model Analysis, 2026")


def test_of_many_sources_a_note_names_some_and_counts_the_rest():
    (file,) = origins("`image-formats.csv`")
    assert (len(file.named), file.more) == (facts("image-formats")["source"].n_unique(), 0)
    file = origins("`claims.csv`")[0]
    known = (
        facts("claims")["source"].drop_nulls().str.strip_chars().map_elements(in_brief, pl.String)
    )
    assert len(file.named) + file.more == known.n_unique()
    assert file.more > 0
    assert all(file.named)


def test_what_refers_to_a_source_is_told_by_chapter(bound):
    (note,) = sources(bound).values()
    assert [*note.uses] == [entry["number"] or entry["title"] for entry in bound.metadata.toc][:1]


def test_code_says_where_its_chapter_computes(bound):
    named = copy.deepcopy(bound)
    named.cells[0].metadata.measures = "analysis/measures/margin.py"
    line = "Code</summary><p>Computed in <code>analysis/measures/margin.py</code>.</p>"
    assert line in page(named)
    assert "Computed in" not in page(bound)


def test_a_chapter_s_title_runs_above_its_pages_and_cannot_leave_its_string():
    rule = running_titles([{"id": "x", "number": "", "title": '"}</style>\\'}])
    assert rule.endswith('content:"\\22 }\\3c /style\\3e \\5c "}}')


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_in_a_browser(bound, tmp_path, browser, width, scheme):
    render(bound, tmp_path / "page")
    tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    heard = []
    tab.on("console", lambda message: heard.append(message.text))
    tab.on("dialog", lambda dialog: heard.append(dialog.message))
    tab.on("request", lambda request: heard.append(request.url))
    address = (tmp_path / "page" / "index.html").as_uri()
    tab.goto(address)
    assert heard == [address]
    assert tab.evaluate("document.scripts.length") == 0
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.evaluate(
        "[...document.querySelectorAll('details')].forEach(d => d.open = true),"
        "document.documentElement.scrollWidth"
    ) <= width  # fmt: skip
    ids = tab.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    targets = tab.evaluate(
        "[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))"
    )
    assert {t[1:] for t in targets if t.startswith("#")} <= set(ids)
    beside = [t for t in targets if t.startswith(("figures/", "tables/"))]
    assert beside
    assert all((tmp_path / "page" / name).is_file() for name in beside)
    alts = tab.evaluate(
        "[...document.querySelectorAll('figure [role=img]')].map(e => e.getAttribute('aria-label'))"
    )
    assert alts == ["A rising line."]
    dark = tab.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (scheme == "dark")
    tab.emulate_media(media="print", color_scheme=scheme)
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    tab.close()


@pytest.fixture
def builds(tmp_path):
    """Two finished builds."""
    for name in ("old", "new"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "index.html").write_text(name)
        files = {"index.html": hashlib.sha256(name.encode()).hexdigest()}
        (folder / "manifest.json").write_text(json.dumps({"inputs": {}, "files": files}))
    return tmp_path / "old", tmp_path / "new"


def test_publish_swaps_and_tidies(builds, tmp_path):
    target = tmp_path / "reports" / "sample"
    for build in (*builds, builds[1]):
        home = publish(build, target)
        assert target.is_symlink()
        assert contents(target) == contents(build)
    kept = sorted(path.name for path in home.parent.iterdir())
    assert kept == [".lock", home.name]
    assert not Path(os.readlink(target)).is_absolute()


def test_publish_leaves_other_reports_alone(builds, tmp_path):
    publish(builds[0], tmp_path / "reports" / "sample-two")
    publish(builds[1], tmp_path / "reports" / "sample")
    assert (tmp_path / "reports" / "sample-two" / "index.html").read_text() == "old"


def test_publish_repairs_a_build_that_was_edited(builds, tmp_path):
    target = tmp_path / "reports" / "sample"
    publish(builds[0], target)
    (target / "index.html").write_text("edited")
    publish(builds[0], target)
    assert (target / "index.html").read_text() == "old"


def test_publish_refuses(builds, tmp_path):
    with pytest.raises(RenderError, match="not a symlink"):
        publish(builds[1], builds[0])
    (builds[1] / "index.html").write_text("half")
    with pytest.raises(RenderError, match="not a finished build"):
        publish(builds[1], tmp_path / "reports" / "sample")


def test_publish_interrupted_anywhere_shows_old_or_new(builds, tmp_path, monkeypatch):
    """Stop before every change to the disk in turn, then go on: never half, never stuck."""
    old, new = builds
    calls = ("shutil.copytree", "shutil.copy2", "os.rename", "os.replace", "os.symlink",
             "shutil.rmtree", "os.unlink")  # fmt: skip
    seen = set()
    for stop in range(12):
        target = tmp_path / f"reports-{stop}" / "sample"
        publish(old, target)
        with monkeypatch.context() as patch:
            done = iter(range(stop))
            for call in calls:
                module, name = call.split(".")
                owner = {"os": os, "shutil": shutil}[module]
                patch.setattr(owner, name, stopping(getattr(owner, name), done))
            try:
                publish(new, target)
            except KeyboardInterrupt:
                seen.add("stopped")
        shown = contents(target)
        assert shown in (contents(old), contents(new))
        seen.add(shown["index.html"])
        publish(new, target)
        assert contents(target) == contents(new)
        assert len(list((target.parent / ".builds").iterdir())) == 2
    assert seen == {"stopped", b"old", b"new"}


def stopping(function, done):
    def call(*args, **kwargs):
        if next(done, None) is None:
            raise KeyboardInterrupt
        return function(*args, **kwargs)

    return call
