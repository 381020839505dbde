"""Bytes that are not quite one JSON document: where documents end, and what can be mended."""

from __future__ import annotations

import re
from itertools import islice

import msgspec

#: From so many bytes on, a line is not taken at its word: real ones stay below a third of it.
LARGE = 4 * 2**20

_PARTS = 2**20  # strings and brackets on a large line; a million small objects fit into memory
_DEEPEST = 200  # levels; decoders give up at a thousand or more, with the caller's own among them

_skip = msgspec.json.Decoder(msgspec.Raw)
_TRAILING = re.compile(r"trailing characters \(byte (\d+)\)")
# each begins with a literal, which makes the search for the next one ten times as fast
_PART = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+("?)|\{|\[|\}|\]', re.DOTALL)
_SIGN = re.compile(rb'["{}\[\]]')
_NO_NUMBER = re.compile(rb"(?<=[\s:,\[])(-?)(NaN|Infinity)(?=[\s,\]}])")
_HIGH, _LOW = rb"\\u[dD][89abAB][0-9a-fA-F]{2}", rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HALF_PAIR = re.compile(rb"(\\\\|%b%b)|%b|%b" % (_HIGH, _LOW, _HIGH, _LOW))


def _trailing(document: memoryview) -> int | None:
    """Return what the decoder says of characters behind a document; null where it is whole."""
    try:
        _skip.decode(document)
    except msgspec.DecodeError as error:
        if told := _TRAILING.search(str(error)):
            return int(told[1])
        raise
    return None


#: Where the decoder says that a second document begins which begins at 2.
_AT_TWO = _trailing(memoryview(b"{}{}")) or 0


def document_end(line: memoryview, start: int) -> int | None:
    """Return where the document that begins at `start` ends; null where it is cut or malformed.

    White space behind it is part of it.

    Raises
    ------
    RecursionError
        When it is nested deeper than the decoder goes.

    Examples
    --------
    >>> line = memoryview(b'{"type":"user"} {"type":"us')
    >>> document_end(line, 0), document_end(line, 16)
    (16, None)
    """
    try:
        trailing = _trailing(line[start:])
    except msgspec.DecodeError:
        return None
    return len(line) if trailing is None else start + 2 + trailing - _AT_TWO


def crowded(line: bytes | memoryview) -> bool:
    """Tell a line whose parts would fill the memory, which no client writes.

    Examples
    --------
    >>> crowded(b"{}" * 10), crowded(b"{}" * LARGE)
    (False, True)
    """
    patterns = (_SIGN, _PART)  # the first is faster, and nearly always enough
    return len(line) >= LARGE and all(any(islice(p.finditer(line), _PARTS, None)) for p in patterns)


def mended(line: bytes) -> bytes:
    r"""Put right what other writers get wrong, without changing a length.

    Half a surrogate pair becomes the replacement character; NaN and Infinity, which JSON does not
    have, become zeros that are no whole numbers.

    Examples
    --------
    >>> mended(rb'{"text":"\ud83d","cost":NaN}')
    b'{"text":"\\ufffd","cost":0e0}'
    """
    if len(line) >= LARGE:
        return line
    if b"NaN" in line or b"Infinity" in line:
        line = _NO_NUMBER.sub(lambda m: m[1] + b"0e" + b"0" * (len(m[2]) - 2), line)
    if b"\\u" in line:
        line = _HALF_PAIR.sub(lambda m: m[1] or rb"\ufffd", line)
    return line


def flattened(line: bytes) -> bytes:
    """Replace what is nested too deep by strings of the same length.

    What is not closed stays as it is, and so does all behind a million parts.

    Examples
    --------
    >>> line = flattened(b'{"type":"user","unread":' + b"[" * 5_000 + b"]" * 5_000 + b"}")
    >>> len(line), line[:24], line.count(b"["), line.count(b"x")
    (10025, b'{"type":"user","unread":', 199, 9600)
    """
    made, kept, depth, begin = [], 0, 0, 0
    for part in islice(_PART.finditer(line), _PARTS):
        sign = line[part.start()]
        if sign in b"{[":
            depth += 1
            if depth == _DEEPEST + 1:
                begin = part.start()
        elif sign in b"}]":
            depth -= 1
            if depth == _DEEPEST:
                made += [line[kept:begin], b'"%b"' % (b"x" * (part.end() - begin - 2))]
                kept = part.end()
        elif not part[1]:  # a string that is cut
            break
    return b"".join([*made, line[kept:]])
