"""Notebooks are committed clean, short, tagged, and run on the sample."""

import ast
import json
import re

import pytest

from analysis import params

NOTEBOOKS = params.notebooks()
TAGS = {"parameters", "setup", "hide", "hide-input", "hide-output"}
each = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda n: n.stem)


def cells(notebook, kind=None):
    found = json.loads(notebook.read_text())["cells"]
    return [c for c in found if kind in (None, c["cell_type"])]


def tags(cell):
    return set(cell["metadata"].get("tags", []))


def test_there_are_notebooks():
    assert [n.stem for n in NOTEBOOKS] == ["00-data", "03-margin"]


@each
def test_it_is_committed_without_outputs(notebook):
    for cell in cells(notebook, "code"):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@each
def test_it_opens_with_the_question_then_parameters_then_setup(notebook):
    first, second, third = cells(notebook)[:3]
    assert re.match(r"# \S", "".join(first["source"]))
    assert tags(second) == {"parameters"}
    assert tags(third) == {"setup"}
    assert all(tags(c) <= TAGS for c in cells(notebook))


@each
def test_its_cells_are_short_and_plain(notebook):
    for cell in cells(notebook, "code"):
        source = "".join(cell["source"])
        banned = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda)
        assert not [n for n in ast.walk(ast.parse(source)) if isinstance(n, banned)]
        if not tags(cell) & {"parameters", "setup"}:
            assert len(source.splitlines()) <= 5, source


@each
def test_its_parameters_are_known_typed_and_explained(notebook):
    (source,) = params.cells(notebook, "parameters")
    for line in source.splitlines():
        assert re.fullmatch(
            r"[a-z_]+: (str|int|float|bool) = .+  # [^:=]+(; [^:=]+)?(: [^=]+)?", line
        )
    assert set(params.defaults(notebook)) <= {"dataset", *params.KNOWN}


@each
def test_its_cell_ids_are_its_own_and_in_order(notebook):
    found = [c["id"] for c in cells(notebook)]
    assert found == [f"{notebook.stem}-{n:02d}" for n in range(len(found))]


@each
def test_its_labels_carry_its_word(notebook):
    word = notebook.stem.split("-", 1)[1]
    source = "\n".join("".join(c["source"]) for c in cells(notebook, "code"))
    labels = re.findall(r'"((?:fig|tab)-[a-z-]+)"', source)
    assert labels
    assert all(label.split("-")[1] == word for label in labels)
