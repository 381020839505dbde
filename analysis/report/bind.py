# mypy: disable-error-code="no-untyped-call, no-any-return"
"""Bind executed notebooks into one, with numbers, cross references and contents.

Figures and tables are numbered in order. ``[](#fig-x)`` becomes "Figure 3", ``[](#tab-x)``
"Table 2" and ``[](#03-margin)`` "Chapter 03", in prose, captions and notes alike (the
empty-link convention of MyST; in JupyterLab it stays a valid link). The first ``#24147`` of a
chapter leads to what that issue is.
"""

import html
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from analysis.report import issues
from analysis.report.labels import LABELS, ROW, THESE_LOGS
from analysis.report.markdown import first_sentence, plain
from analysis.report.rooms import measures, rooms

REMOVED_TAGS = {"parameters", "injected-parameters", "setup", "hide"}

_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_STEM = re.compile("[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_NUMBERED = re.compile(r"(\d+)-")
_LINK = re.compile(r"(?<!!)\[([^\[\]]*)\]\(#([^\s()]*)\)")
_HTML_LINK = re.compile(r'<a href="#([^"]*)">(.*?)</a>')


class BindError(ValueError):
    """The notebooks do not make a report; the message names the chapter and the label."""


def bind(
    notebooks: Sequence[Path],
    *,
    title: str,
    subtitle: str,
    banner: str,
    provenance: str,
    source: str = THESE_LOGS,
) -> NotebookNode:
    """Make one notebook of executed chapters.

    Parameters
    ----------
    notebooks : sequence of Path
        Executed notebooks in order of reading. A file's stem is its chapter's anchor.
    title, subtitle : str
        Plain text for the page's head.
    banner, provenance : str
        Markdown: a warning above everything ("" for none), and the page's footer.
    source : str
        Markdown: where the numbers of a figure or table come from that does not say it itself.

    Returns
    -------
    NotebookNode
        An ordinary notebook. Its metadata hold the texts, ``toc`` (id, number, title, children),
        ``figures`` and ``tables`` (label, number, title). A chapter's first cell says in its
        metadata which files made the chapter (``rooms``, Markdown), and which of them computes its
        numbers (``measures``, a path).

    Raises
    ------
    BindError
        For an unknown or duplicate label, a chapter without a title, an image without a label,
        or a notebook whose execution failed.
    """
    binder = _Binder(source)
    for path in notebooks:
        binder.read(path)
    cells = [cell for stem, cells in binder.chapters.items() for cell in binder.link(stem, cells)]
    bound: NotebookNode = nbformat.v4.new_notebook(cells=cells)
    bound.metadata.update(
        title=title,
        subtitle=subtitle,
        banner=banner,
        provenance=provenance,
        toc=binder.toc,
        figures=[_entry(item) for item in binder.numbered["figure"]],
        tables=[_entry(item) for item in binder.numbered["table"]],
        language_info={"name": "python"},
    )
    nbformat.validate(bound)
    return bound


def _entry(item: NotebookNode) -> dict[str, Any]:
    """Return one line of the list of figures or tables."""
    return {"label": item.label, "number": item.number, "title": first_sentence(item.caption)}


class _Binder:
    """What is known so far: chapters, their contents, and what each label is called."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.chapters: dict[str, list[NotebookNode]] = {}
        self.toc: list[dict[str, Any]] = []
        self.names: dict[str, str] = {}
        self.numbered: dict[str, list[NotebookNode]] = {"figure": [], "table": []}

    def read(self, path: Path) -> None:
        """Take one chapter in: name its headings, number its figures and tables."""
        stem = path.stem
        if not _STEM.fullmatch(stem):
            raise BindError("a notebook is named in other than letters, digits and dashes")
        notebook = nbformat.read(path, as_version=4)
        self.name(stem, stem, "")
        number = numbered[1] if (numbered := _NUMBERED.match(stem)) else ""
        self.toc.append({"id": stem, "number": number, "title": "", "children": []})
        cells = [cell for cell in notebook.cells if not REMOVED_TAGS & _tags(cell)]
        self.chapters[stem] = [
            self.take_prose(stem, cell) if cell.cell_type == "markdown" else self.take(stem, cell)
            for cell in cells
            if cell.cell_type != "raw"
        ]
        for place, cell in enumerate(self.chapters[stem]):
            cell.id = f"cell-{len(self.toc):02d}-{place:03d}"  # nbformat's are random
        if not self.toc[-1]["title"]:
            raise BindError(f"{stem}: no title; begin with one line '# Question'")
        code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        self.chapters[stem][0].metadata.update(rooms=rooms(stem, code), measures=measures(stem))

    def name(self, stem: str, label: str, name: str) -> None:
        """Give a label its name, once."""
        if label in self.names:
            raise BindError(f"{stem}: label '{label}' is used twice")
        self.names[label] = name

    def take_prose(self, stem: str, cell: NotebookNode) -> NotebookNode:
        """Demote the headings of a Markdown cell by one level and give each an anchor."""
        lines, anchors, fenced = [], [], False
        for line in cell.source.splitlines():
            fenced ^= bool(_FENCE.match(line))
            if not fenced and (heading := _HEADING.match(line)):
                level, text = len(heading[1]), heading[2]
                anchors.append(self.anchor(stem, level, plain(text)))
                number = self.toc[-1]["number"] if level == 1 else ""
                said = f"{number} · {text}" if number else text
                line = f"{'#' * min(level + 1, 6)} {said}"
            lines.append(line)
        return nbformat.v4.new_markdown_cell("\n".join(lines), metadata={"anchors": anchors})

    def anchor(self, stem: str, level: int, title: str) -> str:
        """Enter one heading into the contents."""
        chapter = self.toc[-1]
        if level == 1:
            if chapter["title"]:
                raise BindError(f"{stem}: two titles; use '##' for sections")
            chapter["title"] = title
            self.names[stem] = f"Chapter {chapter['number']}" if chapter["number"] else title
            return stem
        base = anchor = f"{stem}-{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')}"
        twin = 2
        while anchor in self.names:
            anchor, twin = f"{base}-{twin}", twin + 1
        self.name(stem, anchor, title)
        if level == 2:
            chapter["children"].append({"id": anchor, "title": title, "children": []})
        return anchor

    def take(self, stem: str, cell: NotebookNode) -> NotebookNode:
        """Take a code cell in, and number its figures and tables."""
        tags = sorted(_tags(cell))
        outputs = [] if "hide-output" in tags else cell.outputs
        for output in outputs:
            if output.output_type == "error":
                raise BindError(f"{stem}: a cell failed; the notebook was not fully executed")
            labelled = LABELS.keys() & output.get("metadata", {}).keys()
            for kind in labelled:
                self.number(stem, kind, output.metadata[kind])
            if not labelled and any(kind.startswith("image/") for kind in output.get("data", {})):
                raise BindError(f"{stem}: an image without a label; use show()")
        return nbformat.v4.new_code_cell(cell.source, metadata={"tags": tags}, outputs=outputs)

    def number(self, stem: str, kind: str, item: NotebookNode) -> None:
        """Give a figure or table the next number of its kind."""
        if not LABELS[kind].fullmatch(item.label):
            raise BindError(f"{stem}: '{item.label}' is not a {kind} label")
        item.number = len(self.numbered[kind]) + 1
        item.source = item.get("source") or self.source
        self.name(stem, item.label, f"{kind.capitalize()} {item.number}")
        for label, name in item.get("rows", {}).items():
            if not ROW.fullmatch(label):
                raise BindError(f"{stem}: '{label}' is not a row's label")
            self.name(stem, label, name)
        self.numbered[kind].append(item)

    def link(self, stem: str, cells: list[NotebookNode]) -> list[NotebookNode]:
        """Fill the empty links of a chapter, and check the others."""

        def known(label: str) -> str:
            if label not in self.names:
                raise BindError(f"{stem}: nothing is labelled '{label}'")
            return label

        def name(label: str) -> str:
            return self.names[known(label)]

        told: set[int] = set()

        def filled(text: str) -> str:
            return _LINK.sub(lambda m: f"[{m[1] or name(m[2])}](#{known(m[2])})", text)

        def markdown(text: str) -> str:
            return issues.linked(filled(text), told)

        def fill(link: re.Match[str]) -> str:
            return f'<a href="#{known(link[1])}">{link[2] or html.escape(name(link[1]))}</a>'

        for cell in cells:
            if cell.cell_type == "markdown":
                cell.source = markdown(cell.source)
            for output in cell.get("outputs", []):
                metadata, data = output.get("metadata", {}), output.get("data", {})
                for kind in LABELS.keys() & metadata.keys():
                    said = markdown if kind == "figure" else filled  # a table's is in its HTML
                    metadata[kind]["caption"] = said(metadata[kind]["caption"])
                    metadata[kind]["source"] = filled(metadata[kind]["source"])
                if "text/markdown" in data:
                    data["text/markdown"] = markdown(data["text/markdown"])
                if "table" in metadata:
                    start = f"<caption><span><b>Table {metadata['table'].number}. "
                    numbered = data["text/html"].replace("<caption><span><b>", start, 1)
                    data["text/html"] = _HTML_LINK.sub(fill, numbered)
        return cells


def _tags(cell: NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))
