"""Other sources: each a file here that knows its own files and reads them into a sheet.

A source has

- `LABEL`, what people call it;
- `PLACE`, a pattern of the end of its files' paths, or null;
- `HEAD`, a pattern of how its saved documents begin, or null;
- `HOME`, the name of the folder that its tool keeps to itself, or empty: below one, nothing
  else is read;
- `project(path)`, the private name of the folder a file belongs to, or null;
- `read(stream, sheet)`, which takes in an open file.

A file's name is the source's name in the tables. `docs/sources.md` shows how to add one.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from analysis.logs.stream import PACKED

#: The tool whose logs are read unless a file is known as another's.
CLAUDE_CODE = "claude-code"

#: Every tool or report whose files are read: that one, and each file beside this one.
SOURCES = (
    CLAUDE_CODE,
    *sorted(path.stem.replace("_", "-") for path in Path(__file__).parent.glob("[!_]*.py")),
)

_HEAD = 2**14  # bytes in which a document tells what it is

#: A transcript of Claude Code, which is not asked what it is.
_TRANSCRIPT = re.compile(r"(?:agent-.*|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl.*")


@cache
def known() -> Mapping[str, ModuleType]:
    """Return the sources there are, by name.

    Examples
    --------
    >>> known()["codex"].LABEL
    'Codex CLI'
    """
    names = [name for name in SOURCES if name != CLAUDE_CODE]
    return {n: import_module(f"{__name__}.{n.replace('-', '_')}") for n in names}


def labels() -> dict[str, str]:
    """Return what people call each source, by name."""
    return {CLAUDE_CODE: "Claude Code"} | {name: of.LABEL for name, of in known().items()}


@cache
def home(root: Path) -> str | None:
    """Return whose folder this is, or lies in; null where logs of any tool may be.

    Whatever lies in a hidden folder is its tool's. Any other may be called like a tool's own.

    Examples
    --------
    >>> home(Path("/me/.codex/sessions")), home(Path("/me/opencode")), home(Path("/opencode/logs"))
    ('codex', 'opencode', None)
    """
    if root.name == "projects":  # as Claude Code's is called
        return None
    homes = {of.HOME: name for name, of in known().items() if of.HOME}
    own = (part for part in reversed(root.parts) if part.startswith(".") or part == root.name)
    return next((homes[part] for part in own if part in homes), None)


def may_be(name: str) -> bool:
    """Return whether a file that is no `.jsonl` could be another source's, by its name."""
    return name.endswith((".json", ".db", ".json.gz", ".json.zst"))


def of(path: str, found: os.stat_result | None, root: Path) -> str | None:
    """Return the source that a file is of; null for one that is no log.

    Told by its place and, for what lies in nobody's folder, by how it begins.

    Examples
    --------
    >>> of("/logs/a.jsonl", None, Path("/logs")), of("/logs/a.txt", None, Path("/logs"))
    ('claude-code', None)
    """
    base, suffix = os.path.splitext(path)
    plain = base if suffix in PACKED else path
    log = plain.endswith(".jsonl")
    if root.name == "projects":  # as Claude Code's is called
        return CLAUDE_CODE if log else None
    own, slashed = home(root), plain.replace(os.sep, "/")
    for name, source in known().items():
        if own in (None, name) and source.PLACE and source.PLACE.search(slashed):
            return name
    if own is not None or not plain.endswith((".jsonl", ".json")):
        return None
    if not _TRANSCRIPT.fullmatch(os.path.basename(plain)):
        head = _head(path, found)
        for name, source in known().items():
            if head and source.HEAD and source.HEAD.search(head):
                return name
    return CLAUDE_CODE if log else None


def _head(path: str, found: os.stat_result | None) -> bytes:
    if found is None or not stat.S_ISREG(found.st_mode) or path.endswith(tuple(PACKED)):
        return b""
    try:
        with open(path, "rb", buffering=0) as stream:
            return stream.read(_HEAD)
    except OSError:
        return b""
