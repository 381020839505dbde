"""What notebooks and modules may not write, for then the page could run what a log says."""

import ast
import json
import re

import pytest

from analysis.paths import NOTEBOOKS, ROOT

TEMPLATES = sorted((ROOT / "analysis" / "report" / "template").glob("*.j2"))

#: Calls that hand HTML or scripts to a viewer; say(), show() and table() are there instead.
_VIEWERS = "Styler|HTML|Javascript|JSON|GeoJSON|IFrame|Markdown|SVG|Latex|set_tooltips"
BANNED = rf"(^|\.)({_VIEWERS})$|(?<!^plt)\.style$"


#: Filters whose output is safe on a page.
FILTERS = {"e", "markdown", "inline", "in_page", "code"}

#: What stands on the page as it is: by name, why.
AS_IT_IS = {
    r"contents\(\)|beneath\(.*\)": "a macro of this template",
    r"text": "what the filter markdown made",
    r"resources\.(variables|language_code)": "of the house",
    r"resources\.running": "made by running_titles(), which escapes all",
    r"heading|word": "of the template",
    r"(chapter|section)\.id": "letters, digits and dashes: bind makes them or refuses",
    r"(item|figure|table)\.label": "letters, digits and dashes, or bind refuses",
    r"(chapter|item|figure|table|source|issue)\.number": "digits, made by bind",
    r"caller\(\)|findings\(front\.own\)": "a macro of this template",
    r"data\.table": "made by excerpt.data(), which escapes all",
    r"data\['text/html'\]": "made by table(), which escapes all",
}


def sources():
    """Every piece of Python of the package and of the notebooks, by its place."""
    for path in sorted((ROOT / "analysis").rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), path.read_text()
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        for number, cell in enumerate(json.loads(path.read_text())["cells"]):
            if cell["cell_type"] == "code":
                yield f"{path.name} cell {number}", "".join(cell["source"])


def banned(source):
    """Yield what a source uses of what hands HTML or scripts to a viewer."""
    code = "\n".join(line for line in source.splitlines() if not line.startswith(("%", "!")))
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute | ast.Name) and re.search(BANNED, ast.unparse(node)):
            yield ast.unparse(node)
        if isinstance(node, ast.ImportFrom) and node.module in ("IPython.display", "IPython.core"):
            yield from (a.name for a in node.names if a.name != "display")


def test_nothing_hands_html_to_a_viewer():
    assert {place: [*banned(source)] for place, source in sources() if [*banned(source)]} == {}


@pytest.mark.parametrize(
    "source",
    [
        "frame.style",
        "display(HTML('<b>'))",
        "Markdown(f'{name}')",
        "from IPython.display import Javascript",
        "import IPython\nIPython.display.SVG(text)",
        "frame.to_pandas().style.set_tooltips(tips)",
    ],
)
def test_the_rule_against_html_can_fail(source):
    assert [*banned(source)]


def test_only_labels_displays():
    """One place hands outputs to JupyterLab; what it is given is escaped or drawn.

    Another one shows how far a cluster is, with what Dask draws of it.
    """
    users = {place for place, source in sources() if re.search(r"\bdisplay\(", source)}
    assert users == {"analysis/report/labels.py", "analysis/logs/cluster.py"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_whatever_a_template_prints_is_escaped_or_known_to_be_safe(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    for printed in re.findall(r"\{\{-?\s*(.*?)\s*-?\}\}", text, re.DOTALL):
        assert safe(printed), printed
    assert "autoescape" not in text
    assert not re.search(r"\|\s*safe\b", text)


def safe(printed):
    """Whether an expression ends in a safe filter, or is one of those known to be safe."""
    last = re.search(r"\|\s*(\w+)(\([^()]*\))?$", printed)
    if last:
        return last[1] in FILTERS
    return any(re.fullmatch(known, printed) for known in AS_IT_IS)


@pytest.mark.parametrize(
    "printed", ["item.title", "x | upper", "nb.metadata.title | safe", "a | e | lower"]
)
def test_the_rule_for_templates_can_fail(printed):
    assert not safe(printed)


def test_what_is_said_to_be_safe_is_printed_somewhere():
    text = "".join(path.read_text() for path in TEMPLATES)
    assert not [known for known in AS_IT_IS if not re.search(r"\{\{ " + known + r" \}\}", text)]
