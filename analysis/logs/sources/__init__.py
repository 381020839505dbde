"""Other sources: each a file here that knows its own files and reads them into a sheet.

A source has

- `LABEL`, what people call it;
- `PLACE`, a pattern of the end of its files' paths, or null;
- `HEAD`, a pattern of how its saved documents begin, or null;
- `HOME`, the name of the folder that its tool keeps to itself, or empty: below one, nothing
  else is read;
- `project(path)`, the private name of the folder a file belongs to, or null;
- `read(stream, sheet)`, which takes in an open file;
- `beside(path)`, what else it reads with a file, if it does.

A file's name is the source's name in the tables. `docs/sources.md` shows how to add one.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
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

#: What Claude Code writes beside a subagent's transcript, which is nobody's log.
_BESIDE = re.compile(r"agent-.*\.meta\.json")

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
    return name.endswith((".json", ".db", ".json.gz", ".json.zst")) and not _BESIDE.fullmatch(name)


def by_place(path: str, root: Path) -> tuple[str | None, bool]:
    """Return the source that a file's place tells, and whether its first bytes may tell another.

    Examples
    --------
    >>> by_place("/logs/a.jsonl", Path("/logs")), by_place("/logs/a.txt", Path("/logs"))
    (('claude-code', True), (None, False))
    """
    base, suffix = os.path.splitext(path)
    plain = base if suffix in PACKED else path
    taken = CLAUDE_CODE if plain.endswith(".jsonl") else None
    if root.name == "projects":  # as Claude Code's is called
        return taken, False
    own, slashed = home(root), plain.replace(os.sep, "/")
    for name, source in known().items():
        if own in (None, name) and source.PLACE and source.PLACE.search(slashed):
            return name, False
    if own is not None or not plain.endswith((".jsonl", ".json")):
        return None, False
    return taken, path == plain and not _TRANSCRIPT.fullmatch(os.path.basename(path))


def of(path: str, found: os.stat_result | None, root: Path, head: Path | None = None) -> str | None:
    """Return the source that a file is of; null for one that is no log.

    Told by its place and, for what lies in nobody's folder, by how it begins: `head` is a file
    that begins so, where it is not on this machine.

    Examples
    --------
    >>> of("/logs/a.jsonl", None, Path("/logs")), of("/logs/a.txt", None, Path("/logs"))
    ('claude-code', None)
    """
    taken, asked = by_place(path, root)
    begins = _head(head or path, found) if asked else b""
    told = (n for n, source in known().items() if source.HEAD and source.HEAD.search(begins))
    return next(told, taken) if begins else taken


def beside(path: str) -> Iterator[str]:
    """Yield the paths of what is read with a file of another source, if it is there."""
    for source in known().values():
        if source.PLACE and source.PLACE.search(path) and hasattr(source, "beside"):
            yield from map(str, source.beside(Path(path)))


def _head(path: str | Path, found: os.stat_result | None) -> bytes:
    if found is None or not stat.S_ISREG(found.st_mode):
        return b""
    try:
        with open(path, "rb", buffering=0) as stream:
            return stream.read(_HEAD)
    except OSError:
        return b""
