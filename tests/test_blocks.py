"""Every block of code that README and docs show is run by a test, or listed with why it is not.

Commands, in `sh` blocks and in sentences, are those of test_commands. Here are `python` blocks,
run page by page from top to bottom as a reader would, and what is shown as printed.
"""

import doctest
import re

import pytest

from analysis.logs import store
from analysis.paths import ROOT, SAMPLE

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS  # as pyproject.toml has them

#: Languages a block may have, and what sees to the blocks of each.
SEEN_TO = {
    **dict.fromkeys(("sh", "crontab", "ini", "xml"), "test_commands"),
    "python": "test_blocks",
    "text": "SHOWN",
    "json": "test_sources",
}

#: What is shown as printed, by page and first line, and the test that prints it for real.
SHOWN = {
    ("README.md", "dataset    sample (synthetic)"): (
        "test_docs.py::test_the_summary_shown_is_the_sample_s"
    ),
    ("crosscheck.md", "report  part     input  output     write       read list $"): (
        "test_crosscheck.py::test_the_sample_is_counted_alike_to_the_token_and_the_cent"
    ),
}

#: Python that is not run, by page and first line, and why not.
NOT_RUN = {
    (
        "sources.md",
        '"""Magpie: one JSON line for each answer, in `~/.magpie/log-*.jsonl`."""',
    ): "test_sources runs it as the file that it is",
    ("fleet.md", "import ray"): "test_fleet runs it with what stands for Ray, which is 500 MB",
}


def fenced(text):
    """Return each fenced block of a page: its language, and what stands in it."""
    return re.findall(r"^ *```(.*)\n((?:.*\n)*?) *```$", text, re.M)


def blocks(language):
    """Return every block of a language: the page's name, and what stands in it."""
    return [
        (p.name, text) for p in PAGES for said, text in fenced(p.read_text()) if said == language
    ]


def first(block):
    page, text = block
    return page, text.splitlines()[0]


def run(page, text, names):
    """Run a block, and return what is not as it shows."""
    if ">>>" not in text:
        exec(compile(text, page, "exec"), names)
        return ""
    said = []
    examples = doctest.DocTestParser().get_doctest(text, names, page, page, 0)
    doctest.DocTestRunner(optionflags=OPTIONS).run(examples, out=said.append, clear_globs=False)
    names |= examples.globs
    return "".join(said)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_block_has_a_language_that_something_sees_to(page):
    for language, text in fenced(page.read_text()):
        assert language in SEEN_TO, f"a block of {language!r} that no test runs:\n{text}"


def test_every_python_block_is_run_or_has_a_reason():
    shown = {first(block) for block in blocks("python")}
    assert set(NOT_RUN) <= shown
    assert all(NOT_RUN.values())


@pytest.mark.parametrize("page", sorted({page for page, _ in blocks("python")}))
def test_the_python_of_a_page_runs_and_prints_what_it_shows(page, datasets):
    store.load_logs("sample", str(SAMPLE))
    names = {}
    for block in blocks("python"):
        if block[0] == page and first(block) not in NOT_RUN:
            assert not (said := run(*block, names)), said


def test_what_a_page_shows_and_code_does_not_print_is_told():
    assert "Got:\n    2" in run("page", ">>> 1 + 1\n3\n", {})
    with pytest.raises(NameError):
        run("page", "nothing", {})


def test_every_transcript_is_what_a_test_prints():
    shown = {first(block) for block in blocks("text")}
    assert shown == set(SHOWN), "name in SHOWN the test that prints it for real"
    for test in SHOWN.values():
        path, name = test.split("::")
        assert f"def {name}(" in (ROOT / "tests" / path).read_text()
