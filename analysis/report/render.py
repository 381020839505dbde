# mypy: disable-error-code="no-untyped-call"
"""Print a bound notebook as one self-contained page, and put a finished page in its place."""

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbconvert import HTMLExporter, TemplateExporter
from nbformat import NotebookNode

from analysis.report.builds import FOLDER, builds_of
from analysis.report.excerpt import code, data
from analysis.report.markdown import inline, title_and_rest, to_html
from analysis.report.running import running_titles
from analysis.report.sources import in_short, sources
from analysis.report.theme import page_variables

MANIFEST = "manifest.json"


class RenderError(Exception):
    """The page cannot be written or published there; the message says why."""


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
    """
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise RenderError(f"{out.name}: not empty; render into an empty folder")
    files = {"index.html": page(bound)} | _beside(bound)
    for name, text in sorted(files.items()):
        path = out / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    digests = {name: _digest(text.encode()) for name, text in files.items()}
    manifest = {"inputs": dict(inputs or {}), "files": digests}
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
        "data": data,
        "code": code,
    }
    for name, function in filters.items():
        exporter.register_filter(name, function)
    resources = {
        "variables": page_variables(),
        "running": running_titles(bound.metadata.toc),
        "sources": sources(bound),
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


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def publish(build: Path, target: Path) -> Path:
    """Make a rendered folder the one that ``target`` shows, all or nothing.

    ``target`` is a symlink to ``.builds/<name>-<digest>`` beside it and is swapped by rename:
    whoever reads it sees the old report or the new one, also when this is interrupted. Older
    builds of the name, and what an interrupted run left, go after the swap.

    Parameters
    ----------
    build : Path
        A folder that ``render`` filled. It is copied and stays.
    target : Path
        Where readers look, e.g. ``reports/sample``.

    Returns
    -------
    Path
        The folder that ``target`` now shows.

    Raises
    ------
    RenderError
        If ``target`` exists and is not a symlink (it is not ours to replace), or ``build`` is not
        what its manifest says.
    """
    if target.exists() and not target.is_symlink():
        raise RenderError(f"{target.name}: is not a symlink made by publish; move it away")
    if not _intact(build):
        raise RenderError(f"{build.name}: is not a finished build; render it again")
    builds = target.parent / FOLDER
    builds.mkdir(parents=True, exist_ok=True)
    with (builds / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one publisher at a time
        home = _install(build, builds, target.name)
        link = builds / f".{target.name}.link"
        link.unlink(missing_ok=True)
        link.symlink_to(Path(FOLDER) / home.name)
        os.replace(link, target)
        for older in builds_of(target.name, target.parent):
            if older != home:
                shutil.rmtree(older)
    return home


def _install(build: Path, builds: Path, name: str) -> Path:
    """Copy a build to its place under a name of its own, unless it is there already."""
    digest = _digest((build / MANIFEST).read_bytes())[:12]
    home, twin = builds / f"{name}-{digest}", 2
    while home.exists() and not (_intact(home) and _same(home, build)):  # somebody edited it
        home, twin = builds / f"{name}-{digest}-{twin}", twin + 1
    if not home.exists():
        draft = builds / f".{name}.draft"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(build, draft)
        os.rename(draft, home)
    return home


def _intact(build: Path) -> bool:
    """Whether a folder holds exactly the files of its manifest."""
    try:
        wanted = json.loads((build / MANIFEST).read_bytes())["files"]
    except (OSError, ValueError, KeyError):
        return False
    found = (path for path in build.rglob("*") if path.is_file())
    digests = {str(path.relative_to(build)): _digest(path.read_bytes()) for path in found}
    digests.pop(MANIFEST)
    return bool(digests == wanted)


def _same(one: Path, other: Path) -> bool:
    return (one / MANIFEST).read_bytes() == (other / MANIFEST).read_bytes()
