# mypy: disable-error-code="no-untyped-call"
"""Print a bound notebook as one self-contained page, its data beside it."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbconvert import HTMLExporter, TemplateExporter
from nbformat import NotebookNode

from analysis.report import inert
from analysis.report.excerpt import code, data
from analysis.report.issues import named
from analysis.report.markdown import inline, title_and_rest, to_html
from analysis.report.publish import MANIFEST, RenderError, sha256
from analysis.report.running import running_titles
from analysis.report.sources import as_sentence, in_short, sources
from analysis.report.theme import page_variables

#: Of `manifest.json`; another number is another form.
SCHEMA = 2


def render(bound: NotebookNode, out: Path, *, inputs: Mapping[str, Any] | None = None) -> None:
    """Write the page, its figures and its data into an empty folder.

    ``index.html``, ``figures/<label>.svg`` and ``.csv``, ``tables/<label>.csv``, and
    ``manifest.json`` with the SHA-256 of each and what the report was made from. The same
    notebook gives the same bytes.

    Parameters
    ----------
    bound : NotebookNode
        What ``bind`` returned.
    out : Path
        A folder that is empty or does not exist.
    inputs : mapping, optional
        What the report was made from (parameters, price book, digest of the lock file), as JSON
        can hold it; kept in the manifest.

    Raises
    ------
    RenderError
        If ``out`` holds anything.
    InertError
        If anything of it could run or fetch; then nothing is written.
    """
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise RenderError(f"{out.name}: not empty; render into an empty folder")
    files = {"index.html": page(bound)} | _beside(bound)
    inert.check(files)
    for name, text in sorted(files.items()):
        path = out / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    digests = {name: sha256(text.encode()) for name, text in files.items()}
    manifest = {"schema": SCHEMA, "inputs": dict(inputs or {}), "files": digests}
    text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (out / MANIFEST).write_bytes(text.encode())


def page(bound: NotebookNode) -> str:
    """Render the page itself: no script, nothing fetched."""
    here = Path(__file__).parent
    exporter = HTMLExporter(template_name="template", extra_template_basedirs=[str(here)])
    filters = {
        "markdown": to_html,
        "inline": inline,
        "title_and_rest": title_and_rest,
        "in_page": in_page,
        "in_short": in_short,
        "as_sentence": as_sentence,
        "data": data,
        "code": code,
    }
    for name, function in filters.items():
        exporter.register_filter(name, function)
    resources = {
        "variables": page_variables(),
        "running": running_titles(bound.metadata.toc),
        "sources": sources(bound),
        "issues": named(bound),
    }
    # past HTMLExporter, which would write all of it again with another parser
    body, _ = TemplateExporter.from_notebook_node(exporter, bound, resources=resources)
    return str(body).strip() + "\n"


def in_page(svg: str) -> str:
    """Leave out the style and the ground of a standalone SVG: on the page they are the page's.

    >>> in_page('<svg><defs><style>*{}</style></defs><path d="M0 0" class="f-paper ground"/><g/>')
    '<svg><g/>'
    """
    return re.sub(r"<defs><style>.*?</style></defs>|<path [^>]*ground\"/>", "", svg, count=2)


def _beside(bound: NotebookNode) -> dict[str, str]:
    """Collect the files that lie beside the page."""
    files = {}
    for cell in bound.cells:
        for output in cell.get("outputs", []):
            metadata = output.get("metadata", {})
            if figure := metadata.get("figure"):
                files[f"figures/{figure.label}.svg"] = output.data["image/svg+xml"]
                files[f"figures/{figure.label}.csv"] = figure.csv
            if table := metadata.get("table"):
                files[f"tables/{table.label}.csv"] = table.csv
    return files
