"""The logs to measure on: real ones tiled to a size (R), and synthetic ones (S).

Each is written once, as a config directory in a folder of its own, and used again. The stamp
beside it, written last, says what it is.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from analysis import synth
from analysis.paths import ROOT
from benchmarks import tiles

PUBLIC = ROOT.parent / "shared" / "logs" / "projects"  # real sessions; no part of the project
SEED = 4
MEGABYTE = 10**6

_LAST_WRITTEN = 1_767_225_600  # seconds: logs that nobody writes any more
_HEADROOM = 200 * MEGABYTE  # synthetic logs end with a whole session


class InputError(Exception):
    """An input cannot be made; says why."""


@dataclass(frozen=True)
class Input:
    """Logs of one kind, how large, and into about how many files they are cut (0: as they are).

    Examples
    --------
    >>> Input("R", 1500).name, Input("R", 500, files=10_000).name
    ('R1500', 'R500x10000')
    """

    kind: str
    megabytes: int
    files: int = 0

    @property
    def name(self) -> str:
        """What its folder is called."""
        return f"{self.kind}{self.megabytes}" + (f"x{self.files}" if self.files else "")


@dataclass(frozen=True)
class Made:
    """An input on disk: its config directory, and how much is in it."""

    wanted: Input
    folder: Path
    files: int
    bytes: int


def available(kind: str) -> bool:
    """Return whether an input can be made: R needs the public logs."""
    return kind == "S" or PUBLIC.is_dir()


def make(wanted: Input, folder: Path) -> Made:
    """Write an input under `folder`, unless it is there.

    Raises
    ------
    InputError
        When the disk is too small, or the public logs are not at hand.
    """
    target, stamp = folder / wanted.name, folder / f"{wanted.name}.json"
    made = {**asdict(wanted), "seed": SEED, "maker": _maker()}
    if stamp.exists() and (found := json.loads(stamp.read_text()))["made"] == made:
        return Made(wanted, target, found["files"], found["bytes"])
    if not available(wanted.kind):
        raise InputError(f"{wanted.name} is made of the public logs, which are not at {PUBLIC}")
    remove(wanted, folder)
    folder.mkdir(parents=True, exist_ok=True)
    free, need = shutil.disk_usage(folder).free, wanted.megabytes * MEGABYTE + _HEADROOM
    if free < need:
        raise InputError(
            f"{wanted.name} needs {need / 1e9:.1f} GB of disk and {folder} has {free / 1e9:.1f}: "
            "name another folder with --folder"
        )
    if wanted.kind == "S":
        synth.fill(target, wanted.megabytes, SEED)
    else:
        _write(wanted, target / "projects")
    logs = [path for path in target.rglob("*") if path.is_file()]
    for log in logs:
        os.utime(log, (_LAST_WRITTEN, _LAST_WRITTEN))
    size = sum(log.stat().st_size for log in logs)
    stamp.write_text(json.dumps({"made": made, "files": len(logs), "bytes": size}))
    return Made(wanted, target, len(logs), size)


def remove(wanted: Input, folder: Path) -> None:
    """Remove an input."""
    (folder / f"{wanted.name}.json").unlink(missing_ok=True)
    shutil.rmtree(folder / wanted.name, ignore_errors=True)


def _write(wanted: Input, projects: Path) -> None:
    size = wanted.megabytes * MEGABYTE
    files = tiles.tiles(PUBLIC, size, SEED)
    for name, text in tiles.cut(files, size / wanted.files) if wanted.files else files:
        path = projects / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


def _maker() -> str:
    """Return a digest of what decides how an input looks."""
    sources = [Path(__file__), Path(tiles.__file__), *Path(synth.__file__).parent.glob("*.py")]
    return hashlib.sha256(b"".join(p.read_bytes() for p in sorted(sources))).hexdigest()
