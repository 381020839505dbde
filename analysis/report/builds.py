"""Which finished builds belong to a report, and what was made of it to hand on."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = ".builds"

#: What is made of a report lies beside it, such as `reports/mine.pdf`: no dataset's name has a
#: dot, so it cannot be another's report.
PDF, FIGURES, BUNDLE = ".pdf", ".figures", ".zip"

#: Views of the workbench that were written as files: for who asked for them, and not published.
VIEWS = ".views"

#: What is on its way lies among the builds, such as `.builds/.mine.draft`: a page, the link that
#: will show it, and whatever is made of it to hand on.
DRAFT, LINK, MAKING = ".draft", ".link", ".making"


def builds_of(name: str, reports: Path) -> list[Path]:
    """Return a report's builds, `.builds/<name>-<digest>`, and no other report's.

    Examples
    --------
    >>> builds_of("mine", Path("/nowhere"))
    []
    """
    ours = re.compile(rf"{re.escape(name)}-[0-9a-f]{{12}}(-\d+)?")
    return sorted(p for p in (reports / FOLDER).glob("*") if ours.fullmatch(p.name))


def beside(name: str, reports: Path) -> list[Path]:
    """Return what was made of a report or of its dataset's views, as far as it is there.

    Examples
    --------
    >>> beside("mine", Path("/nowhere"))
    []
    """
    made = (reports / f"{name}{ending}" for ending in (PDF, FIGURES, BUNDLE, VIEWS))
    return [path for path in made if path.exists()]


def drafts_of(name: str, reports: Path) -> list[Path]:
    """Return what was begun of a report or for it and is not finished: it has not met the gate.

    Examples
    --------
    >>> drafts_of("mine", Path("/nowhere"))
    []
    """
    begun = (reports / FOLDER / f".{name}{ending}" for ending in (DRAFT, LINK, MAKING))
    return [path for path in begun if path.is_symlink() or path.exists()]
