"""Notebooks are committed clean, short and tagged; the report's are built alike."""

import ast
import json
import re

import pytest

from analysis import params
from analysis.paths import NOTEBOOKS

CHAPTERS = params.notebooks()
TAGS = {"parameters", "setup", "hide", "hide-input", "hide-output"}
BENCH = NOTEBOOKS / "explore.ipynb"  # no chapter, and no part of a report
each = pytest.mark.parametrize("notebook", CHAPTERS, ids=lambda n: n.stem)
each_shipped = pytest.mark.parametrize("notebook", [*CHAPTERS, BENCH], ids=lambda n: n.stem)
each_of_all = pytest.mark.parametrize(
    "notebook", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda n: n.stem
)

#: Whose words a number in prose may be: the write-ups' own, in italics or quotation marks, or
#: the code's.
QUOTED = r"(?<!\*)\*[^*\n]+\*(?!\*)|\"[^\"\n]+\"|“[^”\n]+”|`[^`\n]+`"
MONTHS = "January February March April May June July August September October November December"

#: Where a number counts nothing.
NAMED = "|".join(
    [
        r"\]\([^)]*\)",  # a link's target
        r"^ *\d+\. ",  # an item's number
        r"\d{4}-\d\d-\d\d",  # a date
        rf"(\d{{1,2}} )?({MONTHS.replace(' ', '|')}) \d{{4}}",
        r"(?:[Ss]ections?|[Cc]hapters?|§) ?\d+(\.\d+)*(( and |, | to )\d+(\.\d+)*)*",
        r"#\d+",  # an issue
        r"\bv?\d+\.\d+\.\d+\b",  # a version
        r"\b(Claude|Opus|Sonnet|Haiku|Python) \d+(\.\d+)?\b",
        r"\b[\w-]*[A-Za-z][\w-]*\b",  # a word with digits: x86, gpt-5
    ]
)


def cells(notebook, kind=None):
    found = json.loads(notebook.read_text())["cells"]
    return [c for c in found if kind in (None, c["cell_type"])]


def source(cell):
    return "".join(cell["source"])


def code(notebook):
    return "\n".join(source(c) for c in cells(notebook, "code"))


def tags(cell):
    return set(cell["metadata"].get("tags", []))


def typed_numbers(prose):
    """Return the digits of Markdown that are neither quoted nor part of a name."""
    return re.findall(r"\d(?:[\d.,]*\d)?", re.sub(f"{QUOTED}|{NAMED}", " ", prose, flags=re.M))


def test_every_chapter_has_a_number_and_a_word_of_its_own():
    assert CHAPTERS
    found = [re.fullmatch(r"(\d\d)-([a-z][a-z0-9]*(?:-[a-z0-9]+)*)", n.stem) for n in CHAPTERS]
    assert all(found)
    for group in (1, 2):
        assert len({f[group] for f in found}) == len(CHAPTERS)


@each_of_all
def test_it_is_committed_without_outputs(notebook):
    for cell in cells(notebook, "code"):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
        assert not cell["metadata"].keys() - {"tags"}


@each_of_all
def test_its_json_is_sorted_and_names_no_machine(notebook):
    node = json.loads(notebook.read_text())
    assert list(node) == sorted(node)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert node["metadata"] == {"kernelspec": kernel, "language_info": {"name": "python"}}


@each_of_all
def test_every_cell_parses_and_hides_no_warning(notebook):
    for cell in cells(notebook, "code"):
        ast.parse(source(cell))
    assert not re.search(r"\bwarnings\b|filterwarnings|simplefilter", code(notebook))


@each_of_all
def test_it_names_no_place_on_a_machine(notebook):
    strings = [n for n in ast.walk(ast.parse(code(notebook))) if isinstance(n, ast.Constant)]
    for found in strings:
        assert not re.match(r"[/~]|[A-Za-z]:\\", str(found.value)), found.value
    for cell in cells(notebook):
        assert not re.search(r"/(home|Users|root|tmp|mnt|var|opt)/", source(cell))


@each_shipped
def test_it_opens_with_a_question_then_parameters_then_setup(notebook):
    first, second, third = cells(notebook)[:3]
    assert re.match(r"# [^\n]+\?(\n|$)", source(first))
    assert tags(second) == {"parameters"}
    assert tags(third) == {"setup"}
    assert all(tags(c) <= TAGS for c in cells(notebook))
    assert [tags(c) for c in cells(notebook)].count({"parameters"}) == 1


@each_shipped
def test_it_ends_with_what_the_data_cannot_tell(notebook):
    last = cells(notebook)[-1]
    assert last["cell_type"] == "markdown"
    assert re.match(r"## [^\n]*\bcannot\b", source(last))
    assert re.search(r"^- \S", source(last), re.M)


@each_shipped
def test_its_cells_are_short_and_plain(notebook):
    """No function, class, loop or lambda; a comprehension has one `for` and one line."""
    banned = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda)
    long = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    for cell in cells(notebook, "code"):
        nodes = list(ast.walk(ast.parse(source(cell))))
        assert not [n for n in nodes if isinstance(n, banned)]
        for node in nodes:
            if isinstance(node, long):
                assert (len(node.generators), node.end_lineno) == (1, node.lineno), source(cell)
        if not tags(cell) & {"parameters", "setup"}:
            assert len(source(cell).splitlines()) <= 5, source(cell)


@each_shipped
def test_its_parameters_are_known_typed_and_explained(notebook):
    (found,) = params.cells(notebook, "parameters")
    for line in found.splitlines():
        assert re.fullmatch(
            r"[a-z_]+: (str|int|float|bool) = .+  # [^:=]+(; [^:=]+)?(: [^=]+)?", line
        )
    assert set(params.defaults(notebook)) <= {"dataset", *params.KNOWN}
    assert "dataset" in params.defaults(notebook)


@each_shipped
def test_its_cell_ids_are_its_own_and_in_order(notebook):
    found = [c["id"] for c in cells(notebook)]
    assert found == [f"{notebook.stem}-{n:02d}" for n in range(len(found))]


@each
def test_its_labels_carry_its_word(notebook):
    word = notebook.stem.split("-", 1)[1]
    labels = re.findall(r'"((?:fig|tab)-[a-z0-9-]+)"', code(notebook))
    assert labels
    assert all(re.match(rf"(fig|tab)-{word}(-|$)", label) for label in labels)


@each_shipped
def test_its_prose_types_no_number(notebook):
    """Numbers are computed: `say` and captions write them.

    A digit in Markdown is allowed only where it is somebody else's (a write-up's words, in
    italics or quotation marks; code in backticks) or counts nothing: a date, the number of a
    section or of a list's item, a version, or a part of a name (`#24147`, Opus 4.7, x86). Numbers
    in words, such as *two rows*, are prose.
    """
    for cell in cells(notebook, "markdown"):
        assert not typed_numbers(source(cell)), source(cell)


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("Reads are 97.7 % of dollars.", ["97.7"]),
        ("about 43:1, of **15,000** tokens", ["43", "1", "15,000"]),
        ("removed after 30 days", ["30"]),
        ("It costs $5.", ["5"]),
        ("The write-up says *97.7 % of cost, 43:1* and “1,310:1”.", []),
        ("On 25 March 2026, in section 4 and in sections 3, 5 and 11.2, see #24147.", []),
        ("1. Version 2.1.97 of Opus 4.7 on x86 ([](#fig-margin-2)) has `seed=1`.", []),
        ("Only 3 of them", ["3"]),
        ("Requests 5 tokens", ["5"]),
    ],
)
def test_what_counts_as_a_typed_number(prose, found):
    assert typed_numbers(prose) == found
