"""`docs/rules.md` names modules and tests that exist."""

import ast
import re
from functools import cache

import pytest

from analysis.paths import ROOT

PAGE = (ROOT / "docs" / "rules.md").read_text()
RULES = re.findall(r"^## (\d+\. .*)\n\n((?:(?!## ).*\n)*)", PAGE, re.M)
each = pytest.mark.parametrize(("title", "text"), RULES, ids=[title for title, _ in RULES])


@cache
def named_in(path):
    """Return the names of a file's tests, as its source has them."""
    tree = ast.parse((ROOT / path).read_text())
    return {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}


def said(text, word):
    """Return what stands behind one of a rule's three words."""
    return re.search(rf"^- {word}: (.+)$", text, re.M)[1]


def test_there_are_twelve_in_order():
    assert [int(title.split(".")[0]) for title, _ in RULES] == [*range(1, 13)]


@each
def test_it_is_said_before_it_is_shown(title, text):
    assert re.match(r"[A-Z].*\.\n\n(?:\*\*[A-Z][a-z]+\.\*\* .*\.\n\n)*- Kept by: ", text)


@each
def test_the_modules_that_keep_it_exist(title, text):
    modules = re.findall(r"`([^`]+)`", said(text, "Kept by"))
    assert modules
    for path in modules:
        assert re.fullmatch(r"analysis/[a-z/_]+\.py", path)
        assert (ROOT / path).is_file(), path


@each
def test_the_tests_that_check_it_exist(title, text):
    tests = re.findall(r"`([^`]+)`", said(text, "Tested by"))
    assert len(tests) == len(set(tests)) > 0
    for test in tests:
        path, name = test.split("::")
        assert name.startswith("test_")
        assert name in named_in(path), test


@each
def test_what_is_not_tested_is_said(title, text):
    assert said(text, "Not tested")
