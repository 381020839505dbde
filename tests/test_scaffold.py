"""A new chapter is laid out whole, runs as it is, and overwrites nothing."""

import json
import re
from string import Template

import pytest
from trees import copied, shell, with_environment

from analysis.paths import ROOT
from analysis.scaffold import FILES, ScaffoldError, new_chapter


@pytest.fixture
def tree(tmp_path):
    """Return a copy of the project that may be changed."""
    return copied(tmp_path / "tree")


def files(tree):
    """Every file with what is in it."""
    return {
        str(p.relative_to(tree)): p.read_bytes()
        for p in tree.rglob("*")
        if p.is_file() and "__pycache__" not in p.parts
    }


def test_it_writes_a_notebook_its_rooms_and_a_row_of_the_readme(tree):
    before = files(tree)
    new_chapter("20-habits", tree)
    after = files(tree)
    assert after.keys() - before.keys() == {
        "notebooks/20-habits.ipynb",
        "analysis/measures/habits.py",
        "analysis/plots/habits.py",
        "analysis/words/habits.py",
        "tests/test_habits.py",
    }
    changed = [name for name in before if before[name] != after[name]]
    assert sorted(changed) == ["README.md", "tests/gallery.py"]


def test_the_row_stands_in_order_and_nothing_else_of_the_readme_moves(tree):
    readme = tree / "README.md"
    before = readme.read_text().splitlines()
    new_chapter("99-last", tree)
    new_chapter("98-first", tree)
    after = readme.read_text().splitlines()
    added = [line for line in after if line.startswith(("| 99-last |", "| 98-first |"))]
    assert [line for line in after if line not in added] == before
    stems = re.findall(r"^\| (\d\d-[a-z-]+) \|", "\n".join(after), re.M)
    assert stems == sorted(stems)
    assert {"00-data", "98-first", "99-last"} <= {*stems}


def test_a_word_of_several_parts(tree):
    written = {str(p.relative_to(tree)) for p in new_chapter("21-time-of-day", tree)}
    assert {"notebooks/21-time-of-day.ipynb", "analysis/measures/time_of_day.py"} <= written
    notebook = (tree / "notebooks/21-time-of-day.ipynb").read_text()
    assert '\\"fig-time-of-day-weekdays\\"' in notebook
    assert "# Time of day: on which weekdays" in notebook


def test_no_placeholder_is_left(tree):
    for path in new_chapter("20-habits", tree)[:-2]:
        assert "$" not in path.read_text()
    cells = json.loads((tree / "notebooks/20-habits.ipynb").read_text())["cells"]
    assert [c["id"] for c in cells] == [f"20-habits-{n:02d}" for n in range(len(cells))]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("", "QUESTION='': write two digits, a dash and a word"),
        ("habits", "QUESTION='habits': write two digits"),
        ("2-habits", "such as 20-habits"),
        ("20-Habits", "in lower case"),
        ("20-habits.ipynb", "write two digits"),
        ("22-../../up", "write two digits"),
        ("20-habits-", "write two digits"),
        ("20-habits\n", "write two digits"),
        ("26-data-2", "write two digits"),
        ("22-import", "Python keeps the word 'import' for itself"),
        ("22-" + "a" * 25, "at most 24 signs"),
        ("03-habits", "03-habits: notebooks/03-margin.ipynb has this number; open that, or choose"),
        ("03-margin", "03-margin: notebooks/03-margin.ipynb has this number"),
        ("22-margin", "22-margin: notebooks/03-margin.ipynb has this word"),
        ("22-scan", "22-scan: the word is taken by tests/test_scan.py; choose another word"),
        ("22-canvas", "22-canvas: the word is taken by analysis/plots/canvas.py"),
        ("22-published", "22-published: the word is taken by analysis/measures/published.py"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(tree, question, told):
    before = files(tree)
    with pytest.raises(ScaffoldError, match=re.escape(told)):
        new_chapter(question, tree)
    assert files(tree) == before


def test_what_cannot_be_written_is_taken_back(tree):
    (tree / "analysis" / "words").rename(tree / "analysis" / "gone")
    before = files(tree)
    with pytest.raises(ScaffoldError, match=r"20-habits: .*nothing was kept"):
        new_chapter("20-habits", tree)
    assert files(tree) == before


def test_a_readme_without_its_table_is_refused_and_nothing_is_written(tree):
    (tree / "README.md").write_text("# Mine\n")
    before = files(tree)
    with pytest.raises(ScaffoldError, match=r"README\.md has no table .* put it back"):
        new_chapter("20-habits", tree)
    assert files(tree) == before


def test_the_new_notebook_runs_and_its_tests_pass(tree):
    with_environment(tree)
    made = shell(tree, "make new-chapter QUESTION=20-habits")
    assert made.returncode == 0, made.stderr
    ran = shell(tree, "python -m analysis prepare && python -m analysis run 20-habits")
    assert ran.returncode == 0, ran.stderr
    cells = json.loads((tree / "build/sample/20-habits.ipynb").read_text())["cells"]
    shown = [o["metadata"] for c in cells for o in c.get("outputs", [])]
    assert [m["figure"]["label"] for m in shown if "figure" in m] == ["fig-habits-weekdays"]
    (table,) = (m["table"] for m in shown if "table" in m)
    assert table["csv"].count("\n") == 8  # a head and seven days
    leads = "tests/test_pictures.py::test_every_chapter_with_figures_has_one_lead"
    words = f"tests/test_habits.py analysis/measures/habits.py {leads}"
    tested = shell(tree, f"make test ARGS='{words}'")
    assert tested.returncode == 0, tested.stdout
    assert re.search(r"^[5-9] passed", tested.stdout, re.M)


def test_a_second_time_make_refuses(tree):
    with_environment(tree)
    assert shell(tree, "make new-chapter QUESTION=20-habits").returncode == 0
    before = files(tree)
    again = shell(tree, "make new-chapter QUESTION=20-habits")
    assert again.returncode
    assert "new-chapter: 20-habits: notebooks/20-habits.ipynb has this number" in again.stderr
    assert "Traceback" not in again.stderr
    assert files(tree) == before


@pytest.mark.long
def test_with_a_new_chapter_everything_is_green_and_the_report_has_it(tree):
    with_environment(tree)
    for question in ("20-habits", "21-time-of-day", "97-abcdefghijk-lmnopqrstuvw"):
        assert shell(tree, f"make new-chapter QUESTION={question}").returncode == 0
    checked = shell(tree, "make check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    reported = shell(tree, "make report")
    assert reported.returncode == 0, reported.stderr
    page = (tree / "reports/sample/index.html").read_text()
    assert 'id="fig-habits-weekdays"' in page
    assert 'href="#21-time-of-day"' in page
    depend_on_chapters = ("makefile", "makerules", "main", "time_of_day")
    words = " ".join(f"tests/test_{name}.py" for name in depend_on_chapters)
    tested = shell(tree, f"make test ARGS='{words}'")
    assert tested.returncode == 0, tested.stdout


def test_the_page_on_chapters_names_every_file_to_fill_in():
    table = (ROOT / "docs" / "chapters.md").read_text().split("| fill in |")[1].split("\n\n")[0]
    names = {"stem": "20-habits", "module": "habits"}
    assert re.findall(r"^\| `(.+?)` \|", table, re.M) == [
        Template(place).substitute(names) for place in FILES.values()
    ]


def test_the_templates_are_all_used():
    assert {p.name for p in (ROOT / "analysis" / "templates").iterdir()} == {*FILES}
