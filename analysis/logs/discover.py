"""Where logs live, and which files count."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, NoReturn

from analysis.logs import sources
from analysis.logs.sources import CLAUDE_CODE
from analysis.logs.stream import PACKED, RefusedError


class NoLogsError(Exception):
    """No log was found where the user pointed; says where we looked."""


class LogFile(NamedTuple):
    """One log file and where it belongs.

    `project` is the folder's name under `projects/`, private. `session` is the file's stem or,
    for a subagent, its parent session's folder; null for old agent files, whose lines tell, and
    for files of other sources. `address` is of one that is not on this machine: `path` is then
    what stands behind its protocol.
    """

    path: Path
    project: str
    session: str | None
    agent: str | None
    skipped: str | None = None
    source: str = CLAUDE_CODE
    address: str | None = None

    @property
    def place(self) -> str:
        """What it is listed by: its address, or its path where it is on this machine."""
        return self.address or str(self.path)


class Listed(NamedTuple):
    """A log that was found: below which root, and its stat.

    The stat is null for what cannot be looked at: a file, or a whole folder.
    """

    root: Path
    stat: os.stat_result | None


def roots(logs: str) -> list[Path]:
    """Resolve what the user typed to folders, or files.

    Parameters
    ----------
    logs
        A tool's own folder, Claude Code's `projects/`, any folder with logs, a file, several
        separated by commas, or `auto`: Claude Code's, which is `CLAUDE_CONFIG_DIR` when set, else
        `~/.claude` and `~/.config/claude`.

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
        if missing := [p for p in found if not p.is_dir() and not p.is_file()]:
            within = "" if missing[0].is_absolute() else f" in {Path.cwd()}, where make runs"
            raise NoLogsError(
                f"no such folder: {missing[0]}{within}: LOGS names a config directory or projects/"
            )
    return sorted({(p / "projects" if (p / "projects").is_dir() else p).resolve() for p in found})


def none_in(roots: Iterable[Path | str]) -> NoReturn:
    """Say where no log was found, and which would be known."""
    places = ", ".join(str(root) for root in roots)
    raise NoLogsError(
        f"no logs under {places}: known are {'; '.join(sources.labels().values())}. "
        "docs/sources.md says where each keeps them"
    )


def _split(text: str) -> list[Path]:
    return [Path(p.strip()).expanduser() for p in text.split(",") if p.strip()]


def log_files(folders: Iterable[Path]) -> list[LogFile]:
    """Find every log under the `projects/` folders, at any depth, in a stable order.

    Files of other sources are among them. A log may be compressed: `.jsonl.gz`, `.jsonl.zst`. One
    that is there both ways is two files.
    """
    return placed(listing(folders))


def placed(listed: Mapping[str, Listed]) -> list[LogFile]:
    """Return where the logs of a listing belong, in a stable order."""
    return [placed_at(Path(path), listed[path]) for path in in_order(listed)]


def in_order(listed: Iterable[str]) -> list[str]:
    """Sort paths or addresses by folder and name."""
    return sorted(listed, key=lambda path: path.split(os.sep))


def listing(folders: Iterable[Path]) -> dict[str, Listed]:
    """List every log under the `projects/` folders by its path, at one system call a file."""
    return {path: listed for root in folders for path, listed in _walk(root)}


def _walk(root: Path) -> Iterator[tuple[str, Listed]]:
    if root.is_file():
        found = _looked_at(str(root))
        if sources.of(str(root), found, root):
            yield str(root), Listed(root, found)
        return
    waiting, seen = [str(root)], {_identity(str(root))}
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as listed:
                entries = list(listed)
        except FileNotFoundError:
            continue
        except OSError:
            yield folder, Listed(root, None)
            continue
        links: list[str] = []
        folders: list[str] = []
        for entry in entries:
            if _is_folder(entry):
                (links if entry.is_symlink() else folders).append(entry.path)
            elif (is_log := told(entry.path, root)) is not False:
                found = _stat(entry)
                if is_log or sources.of(entry.path, found, root):
                    yield entry.path, Listed(root, found)
        inside = []
        for path in (*sorted(folders), *sorted(links)):
            if (identity := _identity(path)) not in seen:
                seen.add(identity)
                inside.append(path)
        waiting += reversed(inside)


def told(path: str, root: Path) -> bool | None:
    """Return whether a file is a log as its name tells; null where `sources.of` has to."""
    name, own = os.path.basename(path), sources.home(root)
    if own is None and (stem := _stem(name)):
        return not _is_journal(stem, path, root)
    return None if own or sources.may_be(name) else False


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _identity(folder: str) -> tuple[int, int] | None:
    try:
        found = os.stat(folder)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _stat(entry: os.DirEntry[str]) -> os.stat_result | None:
    if entry.name.endswith(".db"):
        return _looked_at(entry.path)
    try:
        return entry.stat()
    except OSError:
        return None


def _looked_at(path: str) -> os.stat_result | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    log = _looked_at(f"{path}-wal") if path.endswith(".db") else None
    return later(found, log) if log and log.st_size else found


def later(database: os.stat_result, log: os.stat_result) -> os.stat_result:
    """Return the stat of a database as of when the log beside it, part of it, was written."""
    clocks = ("st_mtime_ns", "st_ctime_ns")
    times = {name: max(getattr(database, name), getattr(log, name)) for name in clocks}
    return os.stat_result(database[:10], times)


def _stem(name: str) -> str:
    """Return a log's name without its suffixes; nothing for what is no log."""
    base, suffix = os.path.splitext(name)
    stem, suffix = os.path.splitext(base) if suffix in PACKED else (base, suffix)
    return stem if suffix == ".jsonl" else ""


def _is_journal(stem: str, path: str, root: Path) -> bool:
    """Tell a workflow's journal, which is no transcript."""
    return stem == "journal" and "workflows" in Path(path).relative_to(root).parts


def placed_at(path: Path, listed: Listed, head: Path | None = None) -> LogFile:
    """Return where a log belongs.

    Parameters
    ----------
    path, listed
        The log as it was listed.
    head
        A file that begins as it does, for one that is not on this machine.
    """
    folders, stem = path.relative_to(listed.root).parts[:-1], _stem(path.name)
    source = sources.of(str(path), listed.stat, listed.root, head) or CLAUDE_CODE
    if source != CLAUDE_CODE:
        return _elsewhere(path, listed, source, head or path)
    if not stem:  # a folder that cannot be listed
        project = (*path.relative_to(listed.root).parts, listed.root.name)[0]
        return LogFile(path, project, None, None, "unreadable")
    agent = stem.removeprefix("agent-") if stem.startswith("agent-") else None
    session = stem if agent is None else None
    if agent is not None and "subagents" in folders[1:]:
        parent = folders.index("subagents", 1) - 1
        session, folders = folders[parent], folders[:parent]
    project = (*folders, listed.root.name)[0]
    return LogFile(path, project, session, agent, _skip(listed.stat))


def _elsewhere(path: Path, listed: Listed, source: str, head: Path) -> LogFile:
    """Return where a file of another source belongs: it says so, or its folder does."""
    project, skipped = None, _skip(listed.stat)
    if skipped is None:
        try:
            project = sources.known()[source].project(head)
        except (OSError, RefusedError):
            skipped = "unreadable"
    folder = (*path.relative_to(listed.root).parts[:-1], listed.root.name)[0]
    return LogFile(path, project or folder, None, None, skipped, source)


def _skip(found: os.stat_result | None) -> str | None:
    if found is None:
        return "unreadable"
    return None if stat.S_ISREG(found.st_mode) else "not_regular"
