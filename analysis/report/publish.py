"""Put a finished page in its place, all or nothing, and tell whether it is still whole."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from pathlib import Path

from analysis.report.builds import DRAFT, FOLDER, LINK, builds_of

MANIFEST = "manifest.json"


class RenderError(Exception):
    """The page cannot be written or published there; the message says why."""


def sha256(content: bytes) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, read piece by piece."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def settled(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk before anything relies on it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def whole(target: Path) -> bool:
    """Return whether a report is there with all its files, each as it was rendered."""
    return not differences(target)


def publish(build: Path, target: Path) -> Path:
    """Make a rendered folder the one that ``target`` shows, all or nothing.

    ``target`` is a symlink to ``.builds/<name>-<digest>`` beside it and is swapped by rename:
    whoever reads it sees the old report or the new one, also when this is interrupted. Older
    builds of the name, and what an interrupted run left, go after the swap.

    Parameters
    ----------
    build : Path
        A folder that ``render`` filled. It is copied and stays.
    target : Path
        Where readers look, e.g. ``reports/sample``.

    Returns
    -------
    Path
        The folder that ``target`` now shows.

    Raises
    ------
    RenderError
        If ``target`` exists and is not a symlink (it is not ours to replace), or ``build`` is not
        what its manifest says.
    """
    if target.exists() and not target.is_symlink():
        raise RenderError(f"{target.name}: is not a symlink made by publish; move it away")
    if not whole(build):
        raise RenderError(f"{build.name}: is not a finished build; render it again")
    builds = target.parent / FOLDER
    builds.mkdir(parents=True, exist_ok=True)
    with (builds / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one publisher at a time
        home = _install(build, builds, target.name)
        link = builds / f".{target.name}{LINK}"
        link.unlink(missing_ok=True)
        link.symlink_to(Path(FOLDER) / home.name)
        os.replace(link, target)
        settled(target.parent)
        for older in builds_of(target.name, target.parent):
            if older != home:
                shutil.rmtree(older)
    return home


def _install(build: Path, builds: Path, name: str) -> Path:
    """Copy a build to its place under a name of its own, unless it is there already."""
    stamp = digest(build / MANIFEST)[:12]
    home, twin = builds / f"{name}-{stamp}", 2
    while home.exists() and not (whole(home) and _same(home, build)):  # somebody edited it
        home, twin = builds / f"{name}-{stamp}-{twin}", twin + 1
    draft = builds / f".{name}{DRAFT}"
    shutil.rmtree(draft, ignore_errors=True)  # of a run that was interrupted
    if not home.exists():
        draft.mkdir()
        for path in sorted(build.rglob("*")):
            place = draft / path.relative_to(build)
            place.mkdir() if path.is_dir() else shutil.copy2(path, place)
        for path in (*draft.rglob("*"), draft):
            settled(path)
        os.rename(draft, home)
        settled(builds)
    return home


def differences(build: Path) -> list[str]:
    """Say for each file of a build in what it is not what the manifest says.

    Examples
    --------
    >>> differences(Path("/nowhere"))
    ['manifest.json is gone or damaged']
    """
    try:
        wanted = json.loads((build / MANIFEST).read_bytes())["files"]
        digests = {
            str(path.relative_to(build)): digest(path)
            for path in build.rglob("*")
            if path.is_file()
        }
        del digests[MANIFEST]
        return [
            *(f"{name} is gone" for name in sorted(wanted.keys() - digests)),
            *(f"{name} does not belong there" for name in sorted(digests.keys() - wanted)),
            *(
                f"{name} has changed"
                for name, d in sorted(digests.items())
                if wanted.get(name, d) != d
            ),
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return [f"{MANIFEST} is gone or damaged"]


def _same(one: Path, other: Path) -> bool:
    return (one / MANIFEST).read_bytes() == (other / MANIFEST).read_bytes()
