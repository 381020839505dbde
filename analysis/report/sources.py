"""Sources as footnotes: each said once, at the end of the page, and referred to by its number."""

import re
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

#: What a source is in short: what stands before its details.
_DETAILS = re.compile(r"[,;]")


@dataclass
class Source:
    """One source of figures and tables."""

    number: int
    text: str  # Markdown
    uses: list[dict[str, str]] = field(default_factory=list)  # href and name of what refers to it


def sources(bound: NotebookNode) -> dict[str, Source]:
    """Collect the sources of a bound notebook's figures and tables.

    Parameters
    ----------
    bound : NotebookNode
        What ``bind`` returned.

    Returns
    -------
    dict of str to Source
        Each source by its text, numbered in the order in which the page refers to them.
    """
    found: dict[str, Source] = {}
    for kind, item in _labelled(bound):
        note = found.setdefault(item["source"], Source(len(found) + 1, item["source"]))
        note.uses.append(
            {"href": f"#{item['label']}", "name": f"{kind.capitalize()} {item['number']}"}
        )
    return found


def _labelled(bound: NotebookNode) -> list[tuple[str, dict[str, Any]]]:
    return [
        (kind, output["metadata"][kind])
        for cell in bound.cells
        for output in cell.get("outputs", [])
        for kind in ("figure", "table")
        if kind in output.get("metadata", {})
    ]


def in_short(source: str) -> str:
    """Say a source in few words; its footnote has the rest.

    >>> in_short("these logs and published figures, row by row in `facts/cases.csv`")
    'these logs and published figures'
    """
    return _DETAILS.split(source, maxsplit=1)[0]
