"""Where logs live, and which files count."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


class NoLogsError(Exception):
    """No log was found where the user pointed; says where we looked."""


@dataclass(frozen=True)
class LogFile:
    """One log file and where it belongs.

    `project` is the folder's name under `projects/`, private. `session` is the file's stem or,
    for a subagent, its parent session's folder; null for old agent files, whose lines tell.
    """

    path: Path
    project: str
    session: str | None
    agent: str | None
    skipped: str | None = None


def roots(logs: str) -> list[Path]:
    """Resolve what the user typed to `projects/` folders.

    Parameters
    ----------
    logs
        A config directory, its `projects/`, several separated by commas, or `auto`:
        `CLAUDE_CONFIG_DIR` when set, else `~/.claude` and `~/.config/claude`.

    Raises
    ------
    NoLogsError
        When a folder named does not exist, or `auto` finds none.
    """
    if logs == "auto":
        places = os.environ.get("CLAUDE_CONFIG_DIR") or "~/.claude,~/.config/claude"
        found = [p for p in _split(places) if p.is_dir()]
        if not found:
            raise NoLogsError(f"no logs in {places}: name the folder with LOGS=/path/to/.claude")
    else:
        found = _split(logs)
        if not found:
            raise NoLogsError("LOGS is empty: name a config directory or projects/")
        if missing := [p for p in found if not p.is_dir()]:
            raise NoLogsError(
                f"no such folder: {missing[0]}: LOGS names a config directory or projects/"
            )
    return sorted({(p / "projects" if (p / "projects").is_dir() else p).resolve() for p in found})


def _split(text: str) -> list[Path]:
    return [Path(p.strip()).expanduser() for p in text.split(",") if p.strip()]


def log_files(folders: Iterable[Path]) -> list[LogFile]:
    """Find every log under the `projects/` folders, at any depth, in a stable order."""
    found = {f.path: f for root in folders for f in _walk(root)}
    return [found[path] for path in sorted(found)]


def _walk(root: Path) -> Iterator[LogFile]:
    seen = {os.path.realpath(root)}
    for folder, subfolders, names in os.walk(root, followlinks=True):
        paths = {s: os.path.join(folder, s) for s in subfolders}
        subfolders.clear()
        for name, path in sorted(paths.items(), key=lambda item: (os.path.islink(item[1]), item)):
            if (target := os.path.realpath(path)) not in seen:
                seen.add(target)
                subfolders.append(name)
        for name in names:
            log = Path(folder) / name
            if log.suffix == ".jsonl" and not _is_journal(log.relative_to(root)):
                yield _place(root, log)


def _is_journal(path: Path) -> bool:
    """Tell a workflow's journal, which is no transcript."""
    return path.name == "journal.jsonl" and "workflows" in path.parts


def _place(root: Path, path: Path) -> LogFile:
    folders = path.relative_to(root).parts[:-1]
    agent = path.stem.removeprefix("agent-") if path.stem.startswith("agent-") else None
    session = path.stem if agent is None else None
    if agent is not None and "subagents" in folders[1:]:
        parent = folders.index("subagents", 1) - 1
        session, folders = folders[parent], folders[:parent]
    project = folders[0] if folders else root.name
    return LogFile(path, project, session, agent, _skip(path))


def _skip(path: Path) -> str | None:
    try:
        regular = stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return "unreadable"
    return None if regular else "not_regular"
