"""What a file says, whatever its format."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote

from analysis.report.privacy_formats import FORMATS, MOST, PNG, SYNTAX, UnreadableError, unpacked
from analysis.report.privacy_readings import readings

_DEPTH = 4  # packed in packed in packed: deeper is hidden, not packed
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_LONG = 512  # of a picture in base64, which is cut from a text once it is looked at
_PNG64 = base64.b64encode(PNG).decode()[:10]
_LONG64 = re.compile(r"[A-Za-z0-9+/_-]{512,}")
_SAID = re.compile(  # of what base64 unpacks to: UTF-8 without controls
    rb"(?:[\t\n\r\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}"
    rb"|[\xf0-\xf4][\x80-\xbf]{3}){4,}"
)
_NUMBER = re.compile(r"[\de+-]+")
_SAYS = 12  # bytes of it; fewer come by chance
_URI = re.compile(r"data:[\w./+;=-]*,([^\s\"'<>)\\]*%[^\s\"'<>)\\]*)")
_PACKED = (b"PAR1", PNG, b"%PDF-", b"\x1f\x8b\x08", b"PK\x03\x04")
_CLOSED = re.compile(rb"\xff\xd8\xff|GIF8[79]a|RIFF.{4}WEBP", re.DOTALL)  # other pictures
_BINARY = ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf")


class View(NamedTuple):
    """A text, and where in its file it stands; `lines` if its lines are the file's.

    Without `words` only shapes are looked for: JSON as it is written has words that it does not
    say, as the `nat` of a line that begins with "at", and a PDF those of its format.
    """

    place: str
    text: str
    lines: bool = False
    words: bool = True


def views(name: str, data: bytes, depth: int = 0) -> Iterator[View]:
    """Yield what a file says.

    Its kind is told by its first bytes, not by its name. Text is read raw; with entities, URL
    escapes and the escapes of JSON and CSS decoded, up to three times; so once more without tags
    and comments; and what base64 in it says. JSON is read by its keys and values, a notebook by
    its cells, Parquet by its columns and metadata, PNG by its text chunks, PDF by its text and
    metadata. What a figure draws is text in the SVG beside it.

    Raises
    ------
    UnreadableError
        For what is none of these, or broken.

    Examples
    --------
    >>> [view.text for view in views("x.html", b"<b>a</b>&amp;b")]
    ['<b>a</b>&amp;b', '<b>a</b>&b', 'a&amp;b', 'a&b']
    """
    if depth > _DEPTH:
        raise UnreadableError
    kind = next((head for head in _PACKED if data.startswith(head)), b"")
    if kind in FORMATS:
        for place, text in FORMATS[kind](data):
            for view in read(place, text, depth):
                yield view._replace(words=place != SYNTAX)
    elif kind.startswith(b"\x1f\x8b"):
        yield from views(name.removesuffix(".gz"), unpacked(data), depth + 1)
    elif kind.startswith(b"PK"):
        yield from _zip(data, depth)
    else:
        yield from _text(name, data, depth)


def _text(name: str, data: bytes, depth: int) -> Iterator[View]:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise UnreadableError from None
    if "\0" in text:
        raise UnreadableError
    if not name.endswith((".json", ".ipynb")):
        yield from read("", text, depth, lines=True)
        return
    try:
        value = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise UnreadableError from None
    yield View("", _LONG64.sub("", text), lines=True, words=False)
    cells = value.pop("cells", None) if isinstance(value, dict) else None
    yield from _value("", value, depth)
    for number, cell in enumerate(cells if isinstance(cells, list) else [cells], 1):
        if cell is not None:
            yield from _value(f"cell {number}", cell, depth)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that is there twice: of its values only the last would be read."""
    if len(value := dict(pairs)) < len(pairs):
        raise ValueError
    return value


def read(place: str, text: str, depth: int, *, lines: bool = False) -> Iterator[View]:
    """Yield a text as it is, and as it reads once it is decoded; each reading once."""
    kept, end, number = [], 0, 0
    for run in _BASE64.finditer(text):
        if unpacked := _unpacked64(run[0], depth + 1):
            number += 1
            for view in unpacked:
                yield View(
                    ", ".join(filter(None, (place, f"base64 {number}", view.place))), view.text
                )
            if len(run[0]) >= _LONG and run[0].startswith(_PNG64):  # the rest is looked at sooner
                kept.append(text[end : run.start()])
                end = run.end()
    text = "".join([*kept, text[end:]])
    for reading in readings(text):
        yield View(place, reading, lines)
    for uri in _URI.finditer(text) if "data:" in text else ():
        yield from read(place, unquote(uri[1]), depth + 1)


@lru_cache(2**15)  # a notebook's pictures stand in its text and in its values
def _unpacked64(run: str, depth: int) -> tuple[View, ...]:
    """Return what base64 says, wherever in the run it begins; nothing for a digest or a word."""
    run = run.rstrip("=").replace("-", "+").replace("_", "/")
    said: dict[str, None] = {}
    if _NUMBER.fullmatch(run):  # of which each says something in Korean
        return ()
    for offset in range(4):
        some = run[offset:]
        some = some[: len(some) - (len(some) % 4 == 1)]
        data = base64.b64decode(some + "=" * (-len(some) % 4))
        if data.startswith(_PACKED):
            return tuple(views("", data, depth))
        if not offset and _CLOSED.match(data):
            raise UnreadableError
        said |= {found.decode(errors="replace"): None for found in _pieces(data)}
    return tuple(view for text in said for view in read("", text, depth)) if said else ()


def _pieces(data: bytes) -> Iterator[bytes]:
    return (piece for piece in _SAID.findall(data) if len(piece) >= _SAYS)


def _value(place: str, value: Any, depth: int) -> Iterator[View]:
    """Yield the keys and values of a JSON document."""
    found: list[str] = []
    _gather(value, found)
    yield from read(place, "\n".join(found), depth)


def _gather(value: Any, found: list[str]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            found.append(key)
            lines = item if isinstance(item, list) else [item]
            if lines and all(isinstance(line, str) for line in lines):  # as a notebook's text is
                text = "".join(lines)
                found.append("".join(text.split()) if key.startswith(_BINARY) else text)
                if not all(line.endswith("\n") for line in lines[:-1]):  # words of their own
                    found += lines
            else:
                _gather(item, found)
    elif isinstance(value, list):
        for item in value:
            _gather(item, found)
    elif value is not None:
        found.append(str(value))


def _zip(data: bytes, depth: int) -> Iterator[View]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield View("", archive.comment.decode(errors="replace"))
            for number, item in enumerate(archive.infolist(), 1):
                if item.file_size > MOST:
                    raise UnreadableError
                yield View(f"file {number}", item.filename)
                yield View(f"file {number}", item.comment.decode(errors="replace"))
                for view in views(item.filename, archive.read(item), depth + 1):
                    place = ", ".join(filter(None, (f"file {number}", view.place)))
                    yield View(place, view.text)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError):
        raise UnreadableError from None
