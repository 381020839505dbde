"""Real logs, again and again: each tile with ids of its own, so that no line repeats another."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

#: What must differ between tiles: ids of messages, requests, tools and agents, and uuids.
IDS = re.compile(
    rb"((?:msg|req|toolu)_[0-9A-Za-z]{12,}"
    rb"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    rb'|(?<="agentId":")[0-9a-f]+)'
)
_LETTERS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_AS_LETTER = bytes(_LETTERS[i % len(_LETTERS)] for i in range(256))
_AS_DIGIT = bytes(b"0123456789abcdef"[i % 16] for i in range(256))
_HEAD = len(b"msg_01")  # all ids of a kind begin alike
_HYPHEN = ord("-")


def tiles(projects: Path, size: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes of log files, tile after tile, `size` bytes in all.

    The files of a tile come in an order drawn once, so that a part of a tile is like the whole;
    the last file ends with the last line that fits. Names are relative to `projects`.
    """
    logs = sorted(projects.rglob("*.jsonl"))
    random.Random(seed).shuffle(logs)
    split: dict[Path, list[bytes]] = {}
    for tile in count(1):
        new = Fresh(tile)
        for log in logs:
            if log not in split:
                split[log] = IDS.split(log.read_bytes())
            text = new.join(split[log])
            if len(text) > size:
                text = text[: text.rfind(b"\n", 0, size) + 1]
            if not text:
                return
            yield str(log.relative_to(projects).with_name(f"{_stem(log, new)}.jsonl")), text
            size -= len(text)


def _stem(log: Path, new: Fresh) -> str:
    """Return a file's name in a tile: with another id in it, or the tile's number behind it."""
    old = log.stem.encode()
    return new.text(old).decode() if IDS.search(old) else f"{log.stem}-{new.tile}"


class Fresh(dict[bytes, bytes]):
    """The ids of a tile by the ids they replace: the same length, the same shape.

    Examples
    --------
    >>> line = b'{"id":"msg_01ErkbESUxbS1LJRYZb1q63g","agentId":"aac3e7a"}'
    >>> new = Fresh(1).text(line)
    >>> len(new) == len(line), new == line, new == Fresh(2).text(line), new == Fresh(1).text(line)
    (True, False, False, True)
    """

    def __init__(self, tile: int) -> None:
        super().__init__()
        self.tile = tile

    def text(self, old: bytes) -> bytes:
        """Return a text with fresh ids."""
        return self.join(IDS.split(old))

    def join(self, pieces: list[bytes]) -> bytes:
        """Join a text that was split at its ids, with fresh ones."""
        pieces = pieces.copy()
        pieces[1::2] = [self[old] for old in pieces[1::2]]
        return b"".join(pieces)

    def __missing__(self, old: bytes) -> bytes:
        drawn = hashlib.blake2b(old, key=self.tile.to_bytes(4, "big")).digest()
        if b"_" in old:
            new = old[:_HEAD] + drawn.translate(_AS_LETTER)[: len(old) - _HEAD]
        else:
            digits = zip(old, drawn.translate(_AS_DIGIT), strict=False)
            new = bytes(_HYPHEN if o == _HYPHEN else digit for o, digit in digits)
        self[old] = new
        return new


def cut(files: Iterator[tuple[str, bytes]], share: float) -> Iterator[tuple[str, bytes]]:
    r"""Cut files between lines into pieces that have `share` bytes on the whole.

    Examples
    --------
    >>> list(cut(iter([("a.jsonl", b"{1}\n{2}\n{3}\n{4}\n")]), share=8))
    [('a-1.jsonl', b'{1}\n{2}\n'), ('a-2.jsonl', b'{3}\n{4}\n')]
    """
    read = written = 0
    for name, text in files:
        read += len(text)
        pieces, start = max(1, round(read / share) - written), 0
        for piece in range(1, pieces + 1):
            end = text.find(b"\n", len(text) * piece // pieces - 1) + 1 or len(text)
            if start < end:
                yield name.replace(".jsonl", f"-{piece}.jsonl"), text[start:end]
                start, written = end, written + 1
