"""Which finished builds belong to a report."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = ".builds"


def builds_of(name: str, reports: Path) -> list[Path]:
    """Return a report's builds, `.builds/<name>-<digest>`, and no other report's.

    Examples
    --------
    >>> builds_of("mine", Path("/nowhere"))
    []
    """
    ours = re.compile(rf"{re.escape(name)}-[0-9a-f]{{12}}(-\d+)?")
    return sorted(p for p in (reports / FOLDER).glob("*") if ours.fullmatch(p.name))
