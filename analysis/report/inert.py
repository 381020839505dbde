"""A page that runs nothing and fetches nothing, or no page: looked at before it is written.

The policy in its head would stop what ran or fetched in a browser that heeds it. This does not
rely on that: what is not of the listed part of HTML (``subset``) is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mistune

from analysis.report.subset import TOKEN, attributes_of, findings

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: How a page begins, as far as the policy.
_FIRST = ["<!DOCTYPE html>", "html", "head", "meta", "meta"]

#: What a page's policy may allow, by directive; these three must be there and be closed.
_CLOSED = ("default-src", "base-uri", "form-action")
_SOURCES = {
    **{name: {"'none'"} for name in _CLOSED},
    "img-src": {"data:"},
    "font-src": {"data:"},
    "style-src": {"'unsafe-inline'"},
}

#: Kinds of output that a notebook may publish.
KINDS = {"text/plain", "text/markdown", "text/html", "image/png", "image/svg+xml"}


class _Lab(mistune.HTMLRenderer):
    """Markdown as JupyterLab shows it; a link to elsewhere fetches nothing before it is clicked."""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return text if url.startswith(("https://", "http://")) else super().link(text, url, title)

    def block_code(self, code: str, info: str | None = None) -> str:
        drawn = (info or "").lower().startswith("mermaid")  # by a script, where there is one
        return "<mermaid>" if drawn else super().block_code(code, info)


class InertError(Exception):
    """Something to be published could run or fetch; says where and which rule, never what."""


def check(files: Mapping[str, str]) -> None:
    r"""Refuse a page folder in which anything could run or be fetched.

    Parameters
    ----------
    files : mapping of str to str
        By name, such as ``index.html`` or ``figures/fig-growth.svg``, what the file says.

    Raises
    ------
    InertError
        For each finding a line: file, line and rule. Never the text itself, which may be private.

    Examples
    --------
    >>> check({"figures/fig-a.svg": "<svg>\n<g onload=\"run()\"/></svg>"})
    Traceback (most recent call last):
    analysis.report.inert.InertError: not inert, so not published:
      figures/fig-a.svg, line 2: attribute that is not on the list
    """
    said = []
    for name, text in sorted(files.items()):
        if name.endswith((".html", ".svg")):
            said += [f"{name}, line {line}: {rule}" for line, rule in findings(text)]
        if name.endswith(".html") and (rule := _policy(text)):
            said.append(f"{name}: {rule}")
    _refuse(said)


def check_notebooks(notebooks: Iterable[Path]) -> None:
    """Refuse executed notebooks whose cells could run or fetch anything where they are shown.

    Markdown is checked as JupyterLab shows it, with the HTML in it. Its links may lead elsewhere;
    on the page such an address is text.

    Raises
    ------
    InertError
        For each finding a line: notebook, cell and rule.
    """
    import nbformat

    said = []
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        if more := set(notebook.metadata) - {"kernelspec", "language_info"}:
            said.append(f"{path.name}: {len(more)} more metadata than kernel and language")
        for number, cell in enumerate(notebook.cells, 1):
            rules = dict.fromkeys(_of_cell(cell))
            said += [f"{path.name}, cell {number}: {rule}" for rule in rules]
    _refuse(said)


def _refuse(said: list[str]) -> None:
    if said:
        shown = [*said[:20], *([f"and {len(said) - 20} more"] if len(said) > 20 else [])]
        raise InertError("\n  ".join(["not inert, so not published:", *shown]))


def _policy(text: str) -> str | None:
    """Return what is wrong with the policy that must stand before all else in a page's head."""
    tokens = (token for token in TOKEN.finditer(text) if token[0].strip())
    first = list(islice(tokens, 5))
    if [token["tag"] or token[0] for token in first] != _FIRST:
        return "the policy does not stand first"
    charset, said = (dict(attributes_of(token["attributes"])) for token in first[-2:])
    if charset != {"charset": "utf-8"} or "http-equiv" not in said:
        return "the policy does not stand first"
    directives = [part.split() for part in said.get("content", "").split(";") if part.strip()]
    given = {name: set(sources) for name, *sources in directives}
    if len(given) < len(directives):
        return "the policy says something twice"
    closed = all(given.get(name) == {"'none'"} for name in _CLOSED)
    if not closed or any(sources - _SOURCES.get(name, set()) for name, sources in given.items()):
        return "the policy allows more than pictures and styles of the page itself"
    return None


def _of_cell(cell: NotebookNode) -> Iterator[str]:
    if set(cell.metadata) - {"tags"}:
        yield "metadata other than tags"
    if cell.get("attachments"):
        yield "an attachment; draw pictures by show()"
    if cell.cell_type == "markdown":
        yield from _of_markdown(cell.source)
    for output in cell.get("outputs", []):
        yield from _of_output(output)


def _of_output(output: NotebookNode) -> Iterator[str]:
    if output.output_type == "error" or output.get("name") == "stderr":
        yield "an error, or what was written to stderr"
    if set(output.get("metadata", {})) - {"figure", "table", "caption_of"}:
        yield "output metadata that show() and table() do not write"
    data: Mapping[str, Any] = output.get("data", {})
    if data.keys() - KINDS:
        yield "a kind of output that is not on the list"
    picture = output.get("metadata", {}).get("figure", {}).get("picture", {})
    for text in (data.get("text/html"), data.get("image/svg+xml"), picture.get("svg")):
        yield from (rule for _, rule in findings(text or ""))
    yield from _of_markdown(data.get("text/markdown", ""))


def _of_markdown(source: str) -> Iterator[str]:
    plugins = ["table", "strikethrough", "url"]
    shown = mistune.create_markdown(
        renderer=_Lab(escape=False, allow_harmful_protocols=True), plugins=plugins
    )
    yield from (rule for _, rule in findings(str(shown(source))))
