"""Labels of figures and tables: what they look like, and what must come with them."""

import re
from typing import Any

from IPython.display import display

#: The kinds of labelled things, and how a label of each is written.
LABELS = {
    kind: re.compile(rf"{prefix}-[a-z0-9]+(-[a-z0-9]+)*")
    for kind, prefix in {"figure": "fig", "table": "tab"}.items()
}


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


def check_text(label: str, **texts: str) -> None:
    """Refuse an empty text, or a caption of several paragraphs."""
    for name, text in texts.items():
        if not text.strip():
            raise ValueError(f"{label}: {name} is empty")
        if "\n\n" in text.strip():
            raise ValueError(f"{label}: {name} is one paragraph")


def publish(data: dict[str, str], **metadata: Any) -> None:
    """Display one output in several formats; JupyterLab and the report each take their own."""
    display(data, raw=True, metadata=metadata)  # type: ignore[no-untyped-call]
