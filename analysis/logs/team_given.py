"""Which files somebody means who imports some: for a team, or an archive of a whole dataset."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from analysis.logs import stamps
from analysis.logs.sound import refuse
from analysis.logs.team_footer import MAGIC

_SUFFIX = ".parquet"


def for_team(given: Sequence[Path]) -> bool:
    """Return whether files are for a team, by what the first begins with; so are several."""
    if len(given) > 1 or given[0].is_dir():
        return True
    with suppress(OSError), open(given[0], "rb", opener=stamps.opened) as stream:
        return stream.read(len(MAGIC)) == MAGIC
    return False


def listed(given: Sequence[Path]) -> tuple[list[Path], int]:
    """Return the files that are given or lie in given folders, and how many others lie there.

    Raises
    ------
    ArchiveError
        When a folder has none, or there is no such file.
    """
    found, left = [], 0
    for path in given:
        if not path.is_dir():
            if not os.path.lexists(path):
                refuse(path, "there is no such file")
            found.append(path)
            continue
        there = sorted(path.iterdir())
        files = [p for p in there if p.name.endswith(_SUFFIX) and not p.name.startswith(".")]
        if not files:
            refuse(path, f"no file of this folder ends in {_SUFFIX}")
        found += files
        left += len(there) - len(files)
    return found, left
