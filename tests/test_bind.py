"""bind: numbers, cross references, contents, and what fails the build."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.report.bind import BindError, bind
from analysis.report.issues import named

HEAD = {"title": "T", "subtitle": "S", "banner": "", "provenance": "P"}


def figure(label, caption="What it shows. More.", **more):
    data = {"image/svg+xml": "<svg></svg>", "image/png": "eA=="}
    item = {"label": label, "caption": caption, "alt": "Seen.", "csv": "a\n1\n", **more}
    note = new_output(
        "display_data", {"text/markdown": f"*{caption}*"}, metadata={"caption_of": label}
    )
    output = new_output("display_data", data, metadata={"figure": item})
    return new_code_cell("show()", outputs=[output, note])


def table(label, caption="Counts.", **more):
    data = {"text/html": f"<table><caption><span><b>{caption}</b></span></caption></table>"}
    item = {"label": label, "caption": caption, "csv": "a\n1\n", **more}
    output = new_output("display_data", data, metadata={"table": item})
    return new_code_cell("table()", outputs=[output])


@pytest.fixture
def bound(tmp_path):
    def make(**chapters):
        paths = []
        for stem, cells in chapters.items():
            cells = [new_markdown_cell(c) if isinstance(c, str) else c for c in cells]
            paths.append(tmp_path / f"{stem.replace('_', '-')}.ipynb")
            nbformat.write(new_notebook(cells=cells), paths[-1])
        return bind(paths, **HEAD)

    return make


def test_figures_and_tables_are_numbered_in_order_over_chapters(bound):
    nb = bound(a=["# A", figure("fig-a"), table("tab-a")], b=["# B", figure("fig-b")])
    assert nb.metadata.figures == [
        {"label": "fig-a", "number": 1, "title": "What it shows."},
        {"label": "fig-b", "number": 2, "title": "What it shows."},
    ]
    assert nb.metadata.tables == [{"label": "tab-a", "number": 1, "title": "Counts."}]
    assert "<span><b>Table 1. Counts.</b></span>" in nb.cells[2].outputs[0].data["text/html"]


def test_empty_links_are_filled_everywhere(bound):
    said = new_output("display_data", {"text/markdown": "said [](#fig-b)"})
    html = 'Like <a href="#03-margin"></a>'
    nb = bound(
        a=["# A\n\n[](#fig-b), [](#tab-a), [](#03-margin), [own](#fig-b)", table("tab-a", html)],
        **{
            "03_margin": [
                "# How *much*?",
                figure("fig-b", "As [](#tab-a)."),
                new_code_cell("say()"),
            ]
        },
    )
    assert nb.cells[0].source == (
        "## A\n\n[Figure 1](#fig-b), [Table 1](#tab-a), [Chapter 03](#03-margin), [own](#fig-b)"
    )
    assert '<a href="#03-margin">Chapter 03</a>' in nb.cells[1].outputs[0].data["text/html"]
    drawn, note = nb.cells[3].outputs
    assert drawn.metadata.figure.caption == "As [Table 1](#tab-a)."
    assert note.data["text/markdown"] == "*As [Table 1](#tab-a).*"
    nb = bound(a=["# A", figure("fig-b"), new_code_cell("say()", outputs=[said])])
    assert nb.cells[2].outputs[0].data["text/markdown"] == "said [Figure 1](#fig-b)"


def test_an_issue_leads_to_its_title_once_in_a_chapter_and_never_in_a_source(bound):
    of = figure("fig-a", "As #24147, #29000.", source="anthropics/claude-code, #22435")
    nb = bound(a=["# A\n\nOf #24147.", of, "#22435, #1"], b=["# B\n\n#24147"])
    link = "[#{0}](#issue-{0})".format
    first, item, last, other = nb.cells
    assert first.source.endswith(f"Of {link(24147)}.")
    figured = item.outputs[0].metadata["figure"]
    assert figured.caption == f"As #24147, {link(29000)}."
    assert figured.source == "anthropics/claude-code, #22435"
    assert last.source == f"{link(22435)}, #1"
    assert other.source.endswith(link(24147))
    assert [issue["number"] for issue in named(nb)] == [22435, 24147, 29000]


def test_a_source_that_is_not_said_is_that_of_the_report(bound):
    cells = ["# A", figure("fig-a", source="see [](#tab-a)"), table("tab-a", source=None)]
    nb = bound(a=cells)
    assert nb.cells[1].outputs[0].metadata.figure.source == "see [Table 1](#tab-a)"
    assert nb.cells[2].outputs[0].metadata.table.source == "these logs"


def test_rows_are_named_by_their_value(bound):
    nb = bound(a=["# A", "[](#claim-t4-1)", table("tab-a", rows={"claim-t4-1": "T4.1"})])
    assert nb.cells[1].source == "[T4.1](#claim-t4-1)"


def test_a_chapter_says_which_files_made_it(bound):
    imports = "from analysis.measures import published\nfrom analysis.words import page, published"
    code = new_code_cell(imports, metadata={"tags": ["setup"]})
    nb = bound(a=["# A"], **{"03_margin": ["# B\n\nWhy.", code, "more"]})
    assert [cell.metadata.get("rooms") for cell in nb.cells] == [
        "",
        "Made by `notebooks/03-margin.ipynb`, `analysis/measures/margin.py`, "
        "`analysis/measures/published.py`, `analysis/plots/margin.py`, `analysis/words/margin.py`, "
        "`analysis/words/published.py`; tested by `tests/test_margin.py`.",
        None,
    ]


def test_a_chapter_is_called_by_its_number(bound):
    nb = bound(**{"03_margin": ["# How much?", "See [](#03-margin), or [here](#03-margin)."]})
    assert nb.cells[0].source == "## 03 · How much?"
    assert nb.cells[1].source == "See [Chapter 03](#03-margin), or [here](#03-margin)."
    assert (nb.metadata.toc[0]["number"], nb.metadata.toc[0]["title"]) == ("03", "How much?")


def test_contents_have_chapters_sections_and_unique_anchors(bound):
    fenced = "## Limits\n\n```python\n# not a heading\n```\n\n## Limits\n\n### Below"
    nb = bound(a=["# A", fenced], b=["# B", "## Limits"])
    assert nb.metadata.toc == [
        {
            "id": "a",
            "number": "",
            "title": "A",
            "children": [
                {"id": "a-limits", "title": "Limits", "children": []},
                {"id": "a-limits-2", "title": "Limits", "children": []},
            ],
        },
        {
            "id": "b",
            "number": "",
            "title": "B",
            "children": [{"id": "b-limits", "title": "Limits", "children": []}],
        },
    ]
    assert nb.cells[1].metadata.anchors == ["a-limits", "a-limits-2", "a-below"]
    assert "\n# not a heading\n" in nb.cells[1].source
    assert nb.cells[1].source.startswith("### Limits")


def test_cells_that_are_not_for_readers_go(bound):
    hidden = figure("fig-hidden")
    hidden.metadata.tags = ["hide"]
    quiet = figure("fig-quiet")
    quiet.metadata.tags = ["hide-output"]
    setup = [
        new_code_cell("x", metadata={"tags": [tag]})
        for tag in ("parameters", "injected-parameters", "setup")
    ]
    nb = bound(a=["# A", *setup, hidden, quiet, figure("fig-a")])
    assert [entry["label"] for entry in nb.metadata.figures] == ["fig-a"]
    assert [cell.source for cell in nb.cells] == ["## A", "show()", "show()"]


def test_binding_twice_gives_the_same_notebook(bound):
    chapters = {"a": ["# A", figure("fig-a"), "text"], "b": ["# B"]}
    assert nbformat.writes(bound(**chapters)) == nbformat.writes(bound(**chapters))


@pytest.mark.parametrize(
    ("chapters", "says"),
    [
        ({"a": ["# A", "[](#fig-no)"]}, "a: nothing is labelled 'fig-no'"),
        ({"a": ["# A", "[text](#nowhere)"]}, "a: nothing is labelled 'nowhere'"),
        ({"a": ["# A", figure("fig-a", "See [](#tab-no).")]}, "a: nothing is labelled 'tab-no'"),
        ({"a": ["# A", table("tab-a", '<a href="#no"></a>')]}, "a: nothing is labelled 'no'"),
        ({"a": ["# A", table("tab-a", '<a href="#no">x</a>')]}, "a: nothing is labelled 'no'"),
        ({"a": ["# A", table("tab-a", source="[](#no)")]}, "a: nothing is labelled 'no'"),
        (
            {"a": ["# A", table("tab-a", rows={"a-1": "A1"}), table("tab-b", rows={"a-1": "A1"})]},
            "a: label 'a-1' is used twice",
        ),
        ({"a": ["# A", table("tab-a", rows={'">': "A1"})]}, "is not a row's label"),
        (
            {"a": ["# A", figure("fig-a")], "b": ["# B", figure("fig-a")]},
            "b: label 'fig-a' is used",
        ),
        ({"a": ["# A", figure("fig-../a")]}, "a: 'fig-../a' is not a figure label"),
        ({"a": ["no title"]}, "a: no title"),
        ({"a": ["# A", "# B"]}, "a: two titles"),
        (
            {"a": ["# A", new_code_cell("x", outputs=[new_output("error", ename="E", evalue="")])]},
            "a: a cell failed",
        ),
        (
            {
                "a": [
                    "# A",
                    new_code_cell("x", outputs=[new_output("display_data", {"image/png": "eA=="})]),
                ]
            },
            "a: an image without a label",
        ),
    ],
)
def test_what_fails_the_build(bound, chapters, says):
    with pytest.raises(BindError, match=says):
        bound(**chapters)
