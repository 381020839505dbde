"""Where synthetic logs may be written: nobody's own logs are ever removed."""

from __future__ import annotations

import shutil
from pathlib import Path

#: What the name of every project folder begins with.
MARK = "-home-sample-"

_IDS = (b"_synthetic", b"_reconstruction")  # one is in the first lines of every file
_HEAD = 2**20  # bytes of a file that are looked at


class SynthError(Exception):
    """Synthetic logs cannot be written as asked; nothing was touched."""


def clear(root: Path) -> None:
    """Remove the synthetic logs under a folder.

    Raises
    ------
    SynthError
        When anything else is there, or a link.
    """
    projects = root / "projects"
    if projects.is_symlink() or (projects.exists() and not projects.is_dir()):
        raise SynthError(f"{projects} is a link or no folder: choose another folder")
    for path in sorted(projects.rglob("*")):
        ours = path.relative_to(projects).parts[0].startswith(MARK)
        if not ours or path.is_symlink() or not (path.is_dir() or _synthetic(path)):
            raise SynthError(f"{path} holds what is not synthetic: choose another folder")
    if projects.exists():
        shutil.rmtree(projects)


def _synthetic(path: Path) -> bool:
    with path.open("rb") as log:
        head = log.read(_HEAD)
    return any(mark in head for mark in _IDS)
