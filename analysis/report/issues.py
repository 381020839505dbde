"""Issues that the texts call by number: each leads to its title, once in a chapter."""

from __future__ import annotations

import re
from typing import Any

from nbformat import NotebookNode

from analysis.measures.open_issues import issues
from analysis.words.open_issues import in_short

#: Code and links are left as they are; what is left may name an issue.
_NAMED = re.compile(r"```.*?```|`[^`]*`|\[[^\]]*\]\([^)]*\)|(?<![\w/#])#(\d+)\b", re.DOTALL)
_LINKED = re.compile(r"\]\(#issue-(\d+)\)")


def linked(text: str, told: set[int]) -> str:
    """Link the first mention of each issue that the write-ups cite to what is said of it.

    Parameters
    ----------
    text : str
        Markdown.
    told : set of int
        Numbers of the issues that the chapter has linked; those linked here are added.

    Examples
    --------
    >>> told = {22435}
    >>> linked("#24147 and #24147 beside `#24147`, #22435 and #1", told)
    '[#24147](#issue-24147) and #24147 beside `#24147`, #22435 and #1'
    >>> sorted(told)
    [22435, 24147]
    """
    known = set(issues()["issue"])

    def link(mention: re.Match[str]) -> str:
        number = int(mention[1] or 0)
        if number not in known or number in told:
            return mention[0]
        told.add(number)
        return f"[#{number}](#issue-{number})"

    return _NAMED.sub(link, text)


def named(bound: NotebookNode) -> list[dict[str, Any]]:
    """Return the issues that a bound notebook links, by number: `number` and `said`, Markdown."""
    found = {int(number) for text in _texts(bound) for number in _LINKED.findall(text)}
    rows = issues().sort("issue").to_dicts()
    return [{"number": r["issue"], "said": in_short(r)} for r in rows if r["issue"] in found]


def _texts(bound: NotebookNode) -> list[str]:
    found = []
    for cell in bound.cells:
        found.append(cell.source if cell.cell_type == "markdown" else "")
        for output in cell.get("outputs", []):
            found.append(output.get("data", {}).get("text/markdown", ""))
            if figure := output.get("metadata", {}).get("figure"):
                found.append(figure.caption)
    return found
