"""Sources as footnotes: each said once, at the end of the page, and referred to by its number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from analysis.report.origins import Origins, origins

#: What a source is in short: what stands before its details.
_DETAILS = re.compile(r"[,;]")


@dataclass
class Source:
    """One source of figures and tables."""

    number: int
    text: str  # Markdown
    #: By chapter, href and name of what refers to it.
    uses: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    #: What its files of published figures rest on, and the number of the note that says it.
    origins: list[tuple[Origins, int]] = field(default_factory=list)


def sources(bound: NotebookNode) -> dict[str, Source]:
    """Collect the sources of a bound notebook's figures and tables.

    Parameters
    ----------
    bound : NotebookNode
        What ``bind`` returned.

    Returns
    -------
    dict of str to Source
        Each source by its text, numbered in the order in which the page refers to them. What a
        file of published figures rests on stands in the first of them that names the file.
    """
    found: dict[str, Source] = {}
    said: dict[str, int] = {}
    for chapter, kind, item in _labelled(bound):
        text = item["source"]
        if text not in found:
            number = len(found) + 1
            files = [(file, said.setdefault(file.name, number)) for file in origins(text)]
            found[text] = Source(number, text, origins=files)
        use = {"href": f"#{item['label']}", "name": f"{kind.capitalize()} {item['number']}"}
        found[text].uses.setdefault(chapter, []).append(use)
    return found


def _labelled(bound: NotebookNode) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield figures and tables, each with its chapter's number, or its title if it has none."""
    chapters, chapter = iter(bound.metadata.toc), ""
    for cell in bound.cells:
        if "rooms" in cell.metadata:  # a chapter's first
            entry = next(chapters)
            chapter = entry["number"] or entry["title"]
        for output in cell.get("outputs", []):
            for kind in ("figure", "table"):
                if kind in output.get("metadata", {}):
                    yield chapter, kind, output["metadata"][kind]


def in_short(source: str) -> str:
    """Say a source in few words; its footnote has the rest.

    >>> in_short("these logs and published figures, row by row in `facts/cases.csv`")
    'these logs and published figures'
    """
    return _DETAILS.split(source, maxsplit=1)[0]


def as_sentence(source: str) -> str:
    """Begin a source with a capital, if it begins with a word.

    >>> as_sentence("these logs"), as_sentence("`facts/cases.csv`")
    ('These logs', '`facts/cases.csv`')
    """
    return source[:1].upper() + source[1:]
