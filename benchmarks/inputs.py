"""The logs to measure on: real ones tiled to a size (R), and synthetic ones (S).

Each is written once into a folder of its own, a config directory, and used again. Nothing in it
is older than it says: the last file to be written is the stamp.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from analysis import synth
from analysis.paths import ROOT

PUBLIC = ROOT.parent / "shared" / "logs"  # real sessions; no part of the project
SEED = 4
MEGABYTE = 10**6

#: What must differ between tiles: message and request ids, uuids, tool and agent ids.
IDS = re.compile(
    rb"(?P<prefixed>(?:msg|req|toolu)_[0-9A-Za-z]{12,})"
    rb"|(?P<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    rb'|(?<="agentId":")(?P<agent>[0-9a-f]+)'
)
_LETTERS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_AS_LETTER = bytes(_LETTERS[i % len(_LETTERS)] for i in range(256))
_AS_DIGIT = bytes(b"0123456789abcdef"[i % 16] for i in range(256))
_HEAD = 6  # "msg_01" and "req_01" are alike everywhere
_WRITTEN = 1_767_225_600  # every file's time: logs that nobody writes any more


class InputError(Exception):
    """An input cannot be made; says why."""


@dataclass(frozen=True)
class Input:
    """Logs of one kind: R or S, how large, and into how many files they are cut (0: as they are).

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
        """What the folder is called."""
        return f"{self.kind}{self.megabytes}" + (f"x{self.files}" if self.files else "")


@dataclass(frozen=True)
class Written:
    """An input on disk: its config directory, and how much is in it."""

    folder: Path
    files: int
    bytes: int


def available(kind: str) -> bool:
    """Return whether an input can be made: R needs the public logs."""
    return kind == "S" or (PUBLIC / "projects").is_dir()


def make(wanted: Input, folder: Path) -> Written:
    """Write an input under `folder`, unless it is there.

    Raises
    ------
    InputError
        When the disk is too small, or the public logs are not here.
    """
    target, stamp = folder / wanted.name, folder / f"{wanted.name}.json"
    made = {**asdict(wanted), "maker": hashlib.sha256(Path(__file__).read_bytes()).hexdigest()}
    if stamp.exists() and (found := json.loads(stamp.read_text()))["made"] == made:
        return Written(target, found["files"], found["bytes"])
    if not available(wanted.kind):
        raise InputError(f"no public logs at {PUBLIC}: input R cannot be made")
    folder.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    shutil.rmtree(target, ignore_errors=True)
    free, need = shutil.disk_usage(folder).free, 1.2 * wanted.megabytes * MEGABYTE
    if free < need:
        raise InputError(f"{wanted.name} needs {need / 1e9:.1f} GB; {folder} has {free / 1e9:.1f}")
    if wanted.kind == "S":
        synth.fill(target, wanted.megabytes, SEED)
    else:
        _write(target, _cut(_tiles(wanted.megabytes * MEGABYTE), wanted))
    logs = sorted(target.rglob("*.jsonl"))
    for log in logs:
        os.utime(log, (_WRITTEN, _WRITTEN))
    size = sum(log.stat().st_size for log in logs)
    stamp.write_text(json.dumps({"made": made, "files": len(logs), "bytes": size}))
    return Written(target, len(logs), size)


def _write(target: Path, files: Iterator[tuple[str, bytes]]) -> None:
    for name, text in files:
        path = target / "projects" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


def _tiles(size: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes of files, tile after tile, `size` bytes in all.

    The files of a tile come in an order drawn once, so that a part of a tile is like the whole;
    the last file ends with the last line that fits.
    """
    logs = sorted((PUBLIC / "projects").rglob("*.jsonl"))
    random.Random(SEED).shuffle(logs)
    texts = [log.read_bytes() for log in logs]
    tile = 0
    while True:
        for log, text in zip(logs, texts, strict=True):
            if len(text) > size:
                text = text[: text.rfind(b"\n", 0, size) + 1]
            if not text:
                return
            name = log.relative_to(PUBLIC / "projects")
            stem = IDS.sub(b"", name.stem.encode()) and f"{name.stem}-{tile}"
            new = stem or fresh(name.stem.encode(), tile).decode()
            yield str(name.with_name(f"{new}.jsonl")), fresh(text, tile)
            size -= len(text)
        tile += 1


def fresh(text: bytes, tile: int) -> bytes:
    """Give every id of a text another of the same shape and length, the same one for the same.

    Examples
    --------
    >>> line = b'{"id":"msg_01ErkbESUxbS1LJRYZb1q63g","agentId":"aac3e7a"}'
    >>> fresh(line, 0) == line, len(fresh(line, 1)) == len(line), fresh(line, 1) == fresh(line, 2)
    (True, True, False)
    """
    return _Tile(tile).fresh(text) if tile else text


class _Tile(dict[bytes, bytes]):
    """The new ids of a tile."""

    def __init__(self, tile: int) -> None:
        self.key = tile.to_bytes(4, "big")

    def __missing__(self, old: bytes) -> bytes:
        found = hashlib.blake2b(old, key=self.key, digest_size=64).digest()
        if b"_" in old:
            new = old[:_HEAD] + found.translate(_AS_LETTER)[: len(old) - _HEAD]
        else:
            digits = found.translate(_AS_DIGIT)[: len(old)]
            new = bytes(o if o == 45 else d for o, d in zip(old, digits, strict=True))
        self[old] = new
        return new

    def fresh(self, text: bytes) -> bytes:
        return IDS.sub(lambda found: self[found[0]], text)


def _cut(files: Iterator[tuple[str, bytes]], wanted: Input) -> Iterator[tuple[str, bytes]]:
    """Cut files between lines into some `wanted.files` files of nearly one size."""
    if not wanted.files:
        yield from files
        return
    share = wanted.megabytes * MEGABYTE / wanted.files
    for name, text in files:
        pieces, start = max(1, round(len(text) / share)), 0
        for piece in range(1, pieces + 1):
            end = text.find(b"\n", max(start, len(text) * piece // pieces - 1)) + 1 or len(text)
            if start < end:
                yield name.replace(".jsonl", f"-{piece}.jsonl"), text[start:end]
            start = end
