"""JSON of other sources to its records: lines of a log or items of a document, each by itself."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Any, NamedTuple

import msgspec

from analysis.logs.damage import LARGE, crowded, document_end, flattened, mended
from analysis.logs.lines import Lines
from analysis.logs.stream import Stream

#: Bytes of one document; the largest that tools write stay below a tenth of it.
MAX_DOCUMENT = 2**28

_BOM = b"\xef\xbb\xbf"
_CHUNK = 2**20
_SPACE = re.compile(rb"[\s,]*+")
_MOST = 2**20  # records of one document, or of one line


class Piece(NamedTuple):
    """A line of a log, or an item of a document: its records, and why something of it is none.

    A sound line has one record and a blank one none; several may be glued together.
    """

    records: list[bytes]
    reason: str | None = None


_any = msgspec.json.Decoder(msgspec.Raw).decode


def by_line(lines: Lines, begin: bytes = rb'\{\s*"') -> Iterator[Piece]:
    r"""Yield the records of a log, line by line.

    Parameters
    ----------
    lines
        Those of an open log.
    begin
        How a record begins: what stands whole behind a cut one is found by it.

    Examples
    --------
    >>> import io
    >>> stream = io.BytesIO(b'{"a":1}{"a":2}\n\n{"a":{"b":3}\n{"a"')
    >>> stream.size = 40
    >>> for piece in by_line(Lines(stream)):
    ...     print(piece.records, piece.reason)
    [b'{"a":1}', b'{"a":2}'] None
    [] None
    [b'{"b":3}'] not_json
    [] unfinished
    """
    start, fresh = re.compile(begin), True
    for line in lines:
        if line is None or (len(line) >= LARGE and crowded(line)):
            yield Piece([], "too_long")
            continue
        data = bytes(line)
        if fresh:
            data, fresh = data.removeprefix(_BOM), False
        data = data.strip()
        if not data or _sound(data):
            yield Piece([data] if data else [])
            continue
        found, reason = _apart(mended(data), start)
        yield Piece(found, "unfinished" if reason == "not_json" and not lines.ended else reason)


def _sound(data: bytes) -> bool:
    try:
        _any(data)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _apart(data: bytes, start: re.Pattern[bytes]) -> tuple[list[bytes], str | None]:
    """Return the documents on a line, and why something on it is none."""
    found: list[bytes] = []
    view, at, reason = memoryview(data), 0, None
    while at < len(data) and len(found) < _MOST:
        try:
            end = document_end(view, at)
        except RecursionError:
            flat = flattened(data)
            if flat != data:
                return _apart(flat, start)
            end, reason = None, "too_deep"
        if end is not None and data[at : at + 1] == b"{":
            found.append(data[at:end].strip())
            at = end
            continue
        reason = reason or "not_json"
        following = start.search(data, at + 1)
        if following is None:
            break
        at = following.start()
    return found, reason


def whole(stream: Stream) -> bytes | None:
    """Return the bytes of a document; null of one that is too long."""
    buffer, view = bytearray(), memoryview(bytearray(_CHUNK))
    while got := stream.readinto(view):
        buffer += view[:got]
        if len(buffer) > MAX_DOCUMENT:
            return None
    data = mended(bytes(buffer).removeprefix(_BOM))
    try:
        _any(data)
    except RecursionError:
        return flattened(data)
    except msgspec.DecodeError:
        pass
    return data


def items(data: bytes, key: str) -> Iterator[Piece]:
    """Yield the items of a list in a document, also of one that is cut.

    Parameters
    ----------
    data
        The document, or several that were saved one behind the other.
    key
        The list's name, anywhere in it. Of several lists of that name, one behind the other, all.

    Examples
    --------
    >>> for piece in items(b'{"data": [{"a": 1}, 2]}{"data": [{"a"', "data"):
    ...     print(piece.records, piece.reason)
    [b'{"a": 1}'] None
    [b'2'] None
    [] unfinished
    """
    if len(data) >= LARGE and crowded(data):
        yield Piece([], "too_long")
        return
    name = re.compile(rb'"%b"\s*:\s*\[' % re.escape(key.encode()))
    opened = name.search(data)
    if opened is None:
        yield Piece([], "not_json")
    while opened is not None:
        at = yield from _listed(data, opened.end())
        opened = name.search(data, at)


def _listed(data: bytes, at: int) -> Generator[Piece, None, int]:
    """Yield the items of a list and return where it ends."""
    view = memoryview(data)
    for _ in range(_MOST):
        at = _after(data, at)
        if data[at : at + 1] == b"]":
            return at
        try:
            end = document_end(view, at) if at < len(data) else None
        except RecursionError:
            yield Piece([], "too_deep")
            return len(data)
        if end is None:
            yield Piece([], "unfinished")
            return len(data)
        yield Piece([data[at:end].strip()])
        at = end
    yield Piece([], "too_long")
    return len(data)


def _after(data: bytes, at: int) -> int:
    space: Any = _SPACE.match(data, at)
    return int(space.end())
