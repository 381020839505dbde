"""Whatever a notebook holds, its page runs nothing and fetches nothing, or there is no page."""

import copy
import itertools
import re
from collections import Counter

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from vectors import ELSEWHERE, NOTEBOOKS, markups

from analysis.report.bind import BindError, bind
from analysis.report.inert import InertError, check, check_notebooks
from analysis.report.render import page, render
from analysis.report.subset import TOKEN, attributes_of, findings

FIRED = """() => {
    for (const e of document.querySelectorAll(':not([href^=figures], [href^=tables])'))
        for (const kind of ['click', 'mouseover', 'focus', 'load', 'error', 'toggle', 'begin'])
            e.dispatchEvent(new MouseEvent(kind, {bubbles: true, cancelable: true}));
}"""


def bound(folder, *vectors):
    """Bind one chapter for each vector; behind its cells, a line that must still be read."""
    paths = []
    for vector in vectors:
        last = new_markdown_cell(f"Read to the end: {vector.token}.")
        cells = [new_markdown_cell(f"# Chapter of {vector.token}"), *copy.deepcopy(vector.cells)]
        notebook = new_notebook(cells=[*cells, last], metadata=vector.metadata)
        paths.append(folder / f"{vector.token}.ipynb")
        nbformat.write(notebook, paths[-1])
    head = {"title": "Hostile", "subtitle": "s", "banner": "", "provenance": "p"}
    return bind(paths, **head)


HARMLESS = [vector for vector in NOTEBOOKS if vector.told == "harmless"]
BIND_REFUSES = [vector for vector in NOTEBOOKS if vector.told not in ("harmless", "refused")]


class Watch:
    """A tab that keeps what ran and what was asked for, and answers nothing."""

    def __init__(self, browser, address):
        self.tab = browser.new_page()
        self.asked, self.heard = [], []
        self.tab.route("**/*", self.answer)
        self.tab.on("console", lambda message: self.heard.append(message.text))
        self.tab.on("dialog", lambda dialog: self.heard.append(dialog.message))
        self.tab.goto(address)
        self.title = self.tab.title()
        self.tab.evaluate(FIRED)
        self.tab.wait_for_timeout(50)

    def answer(self, route):
        if route.request.url.startswith("file:"):
            return route.continue_()
        self.asked.append(route.request.url)
        return route.abort()

    def ran(self):
        """Everything that a script left behind."""
        flag, title = self.tab.evaluate("[window.ran || '', document.title]")
        return flag + ("" if title == self.title else title)


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """The page that each vector would have made that is refused, by its token."""
    folder = tmp_path_factory.mktemp("refused")
    return {v.token: page(bound(folder, v)) for v in NOTEBOOKS if v.told == "refused"}


@pytest.mark.long  # a page each; by itself every markup is refused below
def test_what_would_run_or_fetch_is_refused_in_clear_words(refused):
    for token, html in refused.items():
        with pytest.raises(InertError) as error:
            check({"index.html": html})
        for line in str(error.value).splitlines()[1:]:
            assert re.fullmatch(r"  index\.html, line \d+: [a-z ,()-]+", line), token


@pytest.mark.parametrize("vector", BIND_REFUSES, ids=lambda vector: vector.token)
def test_what_bind_cannot_take_is_refused_in_clear_words(vector, tmp_path):
    with pytest.raises(BindError, match=vector.told) as error:
        bound(tmp_path, vector)
    assert ELSEWHERE not in str(error.value)


def test_nothing_of_the_harmless_runs_or_is_asked_for_and_all_is_read(tmp_path, browser):
    vectors, labels = copy.deepcopy(HARMLESS), itertools.count()
    for vector in vectors:  # many on one page: each figure and table needs a label of its own
        for cell in vector.cells:
            for output in cell.get("outputs", []):
                for item in output.get("metadata", {}).values():
                    if "label" in item:
                        item["label"] += f"-{next(labels)}"
    render(bound(tmp_path, *vectors), tmp_path / "page")
    watch = Watch(browser, (tmp_path / "page" / "index.html").as_uri())
    assert (watch.ran(), watch.asked, watch.heard) == ("", [], [])
    assert watch.tab.evaluate("document.scripts.length") == 0
    text = watch.tab.inner_text("main")
    assert not [v.token for v in vectors if f"Read to the end: {v.token}." not in text]
    watch.tab.close()


@pytest.mark.long  # a page each; by itself every markup is refused below
def test_nothing_of_the_refused_would_run_or_be_asked_for_either(refused, tmp_path, browser):
    """The policy in the head holds where the check would fail."""
    tab, asked = browser.new_page(), []
    tab.route("https://**", lambda route: (asked.append(route.request.url), route.abort()))
    for token, html in refused.items():
        if token == "table-refresh":  # a policy stops no leaving for elsewhere: the check does
            continue
        (tmp_path / "index.html").write_text(html)
        tab.goto((tmp_path / "index.html").as_uri())
        tab.evaluate(FIRED)
        assert tab.evaluate("[window.ran, document.title]") == [None, "Hostile"], token
    assert asked == []
    tab.close()


def test_the_watch_sees_what_runs_and_what_is_asked_for(tmp_path, browser):
    names = ("script", "img-onerror", "link-css", "style-url", "autofocus", "js-link")
    for name in names:
        (tmp_path / f"{name}.html").write_text(f"<body>{markups(name)[name]}")
        watch = Watch(browser, (tmp_path / f"{name}.html").as_uri())
        assert name in watch.ran() + "".join(watch.asked), name
        watch.tab.close()


@pytest.mark.parametrize("name", markups(""))
def test_hostile_markup_is_refused_wherever_it_stands(name):
    markup = markups("token")[name]
    assert list(findings(f"<p>before</p>\n{markup}\n<p>after</p>"))
    with pytest.raises(
        InertError, match=r"^not inert.*\n  figures/a\.svg, line \d+: [a-z ,()-]+"
    ) as told:
        check({"figures/a.svg": markup})
    assert "token" not in str(told.value)


HEAD = (
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta '
    'http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"><style></style>"
)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", "", None),
        ("<meta charset", "<style></style><meta charset", "does not stand first"),
        ("<head><meta", "<head><title>a</title><meta", "does not stand first"),
        ('charset="utf-8"', 'charset="utf-7"', "does not stand first"),
        ("Content-Security-Policy", "refresh", "instruction to the browser"),
        ("default-src 'none'", "default-src *", "allows more"),
        ("img-src data:", "img-src data: https:", "allows more"),
        ("img-src data:", "script-src 'unsafe-inline'", "allows more"),
        ("style-src", "default-src 'unsafe-inline'; style-src", "says something twice"),
        ("; base-uri 'none'", "", "allows more"),
        ("<!DOCTYPE html>\n", "", "does not stand first"),
    ],
)
def test_the_policy_stands_first_and_is_closed(old, new, told):
    assert old in HEAD
    files = {"index.html": HEAD.replace(old, new, 1) if old else HEAD}
    if told is None:
        check(files)
    else:
        with pytest.raises(InertError, match=told):
            check(files)


#: What stands in a notebook as text: code, printed words, what Markdown does not take for HTML.
AS_TEXT = {
    *("source", "tags", "stream-stdout", "kind-text-plain", "md-unquoted", "md-slashes"),
    *("figure-alt", "figure-label", "figure-caption", "figure-source", "row-label", "row-name"),
    *(f"{at}-{what}" for at in ("cell", "said") for what in ("bare-link", "title-breakout")),
    *(f"{at}-{what}" for at in ("cell", "said") for what in ("fence-breakout", "mathematics")),
}


@pytest.mark.parametrize("vector", NOTEBOOKS, ids=lambda v: v.token)
def test_no_notebook_is_published_that_could_run_where_it_is_shown(vector, tmp_path):
    """What the page leaves out stands in the notebook; of Markdown, links to elsewhere may."""
    path = tmp_path / "a.ipynb"
    nbformat.write(new_notebook(cells=copy.deepcopy(vector.cells), metadata=vector.metadata), path)
    if vector.token in AS_TEXT:
        check_notebooks([path])
    else:
        with pytest.raises(InertError, match=r"a\.ipynb(, cell \d)?: "):
            check_notebooks([path])


def test_the_drawing_for_a_picture_is_looked_at_as_well(tmp_path):
    """It stands in the metadata, and Chromium draws it for sharing."""
    path = tmp_path / "a.ipynb"
    drawn = {"shape": "wide", "svg": "<svg><image href='https://a'/></svg>"}
    figure = new_output("display_data", {}, metadata={"figure": {"picture": drawn}})
    nbformat.write(new_notebook(cells=[new_code_cell("x", outputs=[figure])]), path)
    with pytest.raises(InertError, match="cell 1: address outside the page"):
        check_notebooks([path])


def test_what_chromium_reads_is_what_was_looked_at(built, browser):
    """Elements and attributes, one by one: the check reads the page as a browser does."""
    path = built[0] / "reports" / "toy" / "index.html"
    seen = Counter()
    for token in TOKEN.finditer(path.read_text()):
        if token["tag"] and not token["end"]:
            names = [name for name, _ in attributes_of(token["attributes"])]
            seen[(token["tag"].lower(), *sorted(names))] += 1
    tab = browser.new_page()
    tab.goto(path.as_uri())
    found = tab.evaluate(
        "[...document.querySelectorAll('*')].map(e => [e.tagName.toLowerCase(),"
        " ...e.getAttributeNames().map(n => n.toLowerCase()).sort()])"
    )
    tab.close()
    assert seen == Counter(map(tuple, found))


def test_the_report_s_notebooks_and_pages_pass(built):
    root = built[0]
    check_notebooks(sorted((root / "build" / "toy").glob("[0-9]*.ipynb")))
    folder = root / "reports" / "toy"
    check({str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()})


def test_render_writes_nothing_that_is_refused(tmp_path):
    vector = next(v for v in NOTEBOOKS if v.told == "refused")
    with pytest.raises(InertError):
        render(bound(tmp_path, vector), tmp_path / "page")
    assert list((tmp_path / "page").iterdir()) == []


def test_a_notebook_s_name_is_letters_digits_and_dashes(tmp_path):
    path = tmp_path / 'a" onclick="b.ipynb'
    nbformat.write(new_notebook(cells=[new_markdown_cell("# A")]), path)
    with pytest.raises(BindError, match="other than letters"):
        bind([path], title="t", subtitle="s", banner="", provenance="p")


@pytest.mark.parametrize(
    "markup",
    [
        "<style><b>{} p { background: url(https://a) }</style>",
        "<style><!-- --> p { background: url(https://a) }</style>",
        '<style title="></style"> p { background: url(https://a) }</style>',
        "<svg><STYLE><g/>text { background: url(https://a) }</STYLE></svg>",
    ],
)
def test_a_style_is_looked_at_to_its_end_whatever_stands_in_it(markup):
    assert list(findings(markup))
    assert (
        list(findings("<style>p { color: red }</style><p>url(https://a) <b>@import</b></p>")) == []
    )


@pytest.mark.parametrize(
    "style",
    [
        "p::before { content: '\\2014 \\a0' } /* don't */ @media print { p { color: red } }",
        '@page { @top-left { content: "a" } } a { clip-path: url(#a-b.c) }',
        "fill: url( '#a' )",
        "nav { overscroll-behavior: contain }",
    ],
)
def test_styles_that_fetch_nothing_pass(style):
    assert list(findings(f"<style>{style}</style>")) == []


@pytest.mark.parametrize(
    "style",
    [
        "@import 'https://a'",
        "@\\69mport 'https://a'",
        "@font-face { src: local(a) }",
        "p { background: \\75 rl(https://a) }",
        "/* ' */ p { background: \\75 rl(https://a) } /* ' */",
        "p { fill: url(#/*) } q { background: \\75 rl(https://a) } /* */",
        "p { fill: url('#a\"); background: \\75 rl(https://a) }",
        "p { content: '\\27; background: \\75 rl(https://a) }",
        "p { background: URL(//a) }",
        "p { background: -webkit-image-set('//a' 1x) }",
        "p { background: u&#114;l(//a) }",
        "p { -moz-binding: a }",
        "p { behavior: a }",
        "'\f{} p { background: u\\72l(https://a) } '",
        '"\r{} p { background: u\\72l(https://a) } "',
    ],
)
def test_styles_that_could_fetch_do_not(style):
    assert list(findings(f"<style>{style}</style>"))
    assert list(findings(f"<p style='{style}'></p>")) or "'" in style
