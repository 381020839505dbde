"""Labels of figures and tables: what they look like, and what must come with them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from IPython.display import display

from analysis.report import names

#: The kinds of labelled things, and how a label of each is written.
LABELS = {
    kind: re.compile(rf"{prefix}-[a-z0-9]+(-[a-z0-9]+)*")
    for kind, prefix in {"figure": "fig", "table": "tab"}.items()
}

#: The labels of rows, such as ``claim-t4-1``.
ROW = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")

#: The source of what names none: the page adds which of the logs.
THESE_LOGS = "these logs"


def check_label(kind: str, label: str) -> None:
    """Refuse a label that is not one of its kind.

    >>> check_label("table", "tab-eras")
    >>> check_label("table", "eras")
    Traceback (most recent call last):
    ValueError: label 'eras': write tab-word or tab-word-word, in lower case
    """
    if not LABELS[kind].fullmatch(label):
        prefix = LABELS[kind].pattern[:3]
        raise ValueError(
            f"label {label!r}: write {prefix}-word or {prefix}-word-word, in lower case"
        )


def row_label(column: str, value: object) -> str:
    """Return the label of a table's row: its column and value in lower case, joined by dashes.

    >>> row_label("claim", "T4.1")
    'claim-t4-1'
    """
    words = re.findall("[a-z0-9]+", str(value or "").lower())
    label = "-".join([column, *words])
    if not words or not ROW.fullmatch(label):
        raise ValueError(f"{value!r} names no row: write letters or digits that tell rows apart")
    return label


def check_text(label: str, **texts: str) -> None:
    """Refuse an empty text, or a caption of several paragraphs."""
    for name, text in texts.items():
        if not text.strip():
            raise ValueError(f"{label}: {name} is empty")
        if "\n\n" in text.strip():
            raise ValueError(f"{label}: {name} is one paragraph")


def check_source(label: str, source: str | None) -> None:
    """Refuse an empty source; none at all says that the logs at hand are the source."""
    if source is not None:
        check_text(label, source=source)
        if source.rstrip().endswith("."):
            raise ValueError(f"{label}: source is a phrase; leave its full stop out")


def source_line(source: str | None) -> str:
    """Write where the numbers come from, as a notebook shows it.

    >>> source_line(None), source_line("published figures")
    ('*Source: these logs.*', '*Source: published figures.*')
    """
    return f"*Source: {source or THESE_LOGS}.*"


def publish(data: dict[str, str], **metadata: Any) -> None:
    """Display one output in several formats; JupyterLab and the report each take their own."""
    said, about = names.shown(data), names.shown(metadata)
    if _taken:
        output = {"output_type": "display_data", "data": said, "metadata": about}
        _taken[-1].append(output)
        return
    display(said, raw=True, metadata=about)  # type: ignore[no-untyped-call]


#: Who takes what is displayed, the innermost last.
_taken: list[list[dict[str, Any]]] = []


@contextmanager
def taken() -> Iterator[list[dict[str, Any]]]:
    """Take what is displayed meanwhile instead of displaying it, as a kernel would send it.

    >>> with taken() as found:
    ...     publish({"text/plain": "five"})
    >>> [output["data"] for output in found]
    [{'text/plain': 'five'}]
    """
    found: list[dict[str, Any]] = []
    _taken.append(found)
    try:
        yield found
    finally:
        _taken.pop()
