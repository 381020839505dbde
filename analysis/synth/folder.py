"""Where synthetic logs may be written: nobody's own logs are ever removed."""

from __future__ import annotations

import shutil
from pathlib import Path

#: What the name of every project folder begins with.
MARK = "-home-sample-"


class SynthError(Exception):
    """Synthetic logs cannot be written as asked; nothing was touched."""


def clear(root: Path) -> None:
    """Remove the synthetic logs under a folder.

    Raises
    ------
    SynthError
        When other logs are there.
    """
    projects = root / "projects"
    if projects.exists() and not all(p.name.startswith(MARK) for p in projects.iterdir()):
        raise SynthError(f"{projects} holds what is not synthetic: choose another folder")
    shutil.rmtree(projects, ignore_errors=True)
