"""One line of a log to the records on it: typed decoding that loses no neighbour."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import msgspec

from analysis.logs.damage import LARGE, crowded, document_end, flattened, mended
from analysis.logs.shapes import (
    Message,
    Nested,
    Progress,
    Record,
    decode,
)


class RejectedError(Exception):
    """A record that cannot be read; carries a reason from the closed list, never content."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


#: How a record may begin, wherever it stands on a line.
_FIRST = (*Record.__struct_fields__, "userType", "logicalParentUuid", "slug")
_START = re.compile(rf'\{{\s*+"(?:{"|".join(_FIRST)})"\s*+:'.encode())
_SPACE = re.compile(rb"[ \t\r\n]*+")

#: How often a broken line is searched for one more record before it is given up, and how many
#: bytes are looked at for that.
_TRIES = 1000
_LOOKED_AT = 2**28

#: Records on one line; real ones have two or three.
_RECORDS = 2**16

#: Structs inside structs, where a field of another type need not cost the whole.
_INNER: dict[tuple[type[msgspec.Struct], str], type[msgspec.Struct]] = {
    (Record, "message"): Message,
    (Record, "data"): Progress,
    (Progress, "message"): Nested,
    (Nested, "message"): Message,
}

#: Each struct's fields, decoded one by one; and the struct with all its fields as they stand.
_KINDS: tuple[type[msgspec.Struct], ...] = (Record, Message, Progress, Nested)
_FIELDS = {
    kind: {f.name: msgspec.json.Decoder(f.type) for f in msgspec.structs.fields(kind)}
    for kind in _KINDS
}
_LOOSE = {
    kind: msgspec.json.Decoder(
        msgspec.defstruct(kind.__name__, [(name, msgspec.Raw, msgspec.Raw()) for name in fields])
    )
    for kind, fields in _FIELDS.items()
}


def records(line: bytes) -> tuple[list[Record], str | None]:
    """Read the records on a line, and why any of it was rejected.

    A line should hold one record. Several may be glued together, and one may be cut: what is
    whole is kept, whatever stands before or behind it. What is nested too deep to be decoded is
    left out of its record.

    Examples
    --------
    >>> found, reason = records(b'{"type":"user"}{"type":"summary"}')
    >>> [r.type for r in found], reason
    (['user', 'summary'], None)
    >>> found, reason = records(b'{"type":"us{"type":"system","sessionId":"a"}')
    >>> [r.type for r in found], reason
    (['system'], 'not_json')
    """
    if len(line) >= LARGE and crowded(line):
        return [], "too_long"
    try:
        return [decode(line)], None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        line = mended(line)
    found, reason = _piecewise(line)
    return _piecewise(flattened(line)) if reason == "too_deep" else (found, reason)


def _piecewise(line: bytes) -> tuple[list[Record], str | None]:
    """Read a line that is not one good record: each document on it is judged by itself."""
    view = memoryview(line)
    found, reason, end = _run(view, 0)
    if end == len(line):
        return found, reason
    deep, at, tries = reason == "too_deep", end + 1, min(_TRIES, _LOOKED_AT // len(line))
    while tries and (start := _START.search(line, at)):
        tries -= 1
        more, fault, end = _run(view, start.start())
        # a record inside a cut one, such as a subagent's in a progress line, names no session
        if more and all(r.sessionId for r in more):
            found, at = found + more, max(end, start.end())
        else:
            at = start.end()
        deep = deep or fault == "too_deep"
    return found, "too_deep" if deep else "not_json"


def _run(line: memoryview, start: int) -> tuple[list[Record], str | None, int]:
    """Read objects one behind the other: those found, the first fault, and where the run ends."""
    found: list[Record] = []
    reason: str | None = None
    begin = start = _after_space(line, start)
    while start < len(line) and (start == begin or line[start] == ord("{")):
        if len(found) == _RECORDS:
            return found, "too_long", len(line)
        try:
            end = document_end(line, start)
        except RecursionError:
            return found, "too_deep", start
        if end is None:
            break
        try:
            found.append(_document(line[start:end]))
        except RejectedError as rejected:
            reason = reason or rejected.reason
        start = end
    return found, reason, start


def _after_space(line: memoryview, start: int) -> int:
    space = _SPACE.match(line, start)
    return space.end() if space else start


def _document(text: memoryview) -> Record:
    try:
        return decode(text)
    except UnicodeDecodeError:
        raise RejectedError("bad_utf8") from None
    except msgspec.ValidationError:
        pass
    try:
        return Record(**_fitting(text, Record))
    except UnicodeDecodeError:
        raise RejectedError("bad_utf8") from None
    except msgspec.ValidationError:
        raise RejectedError("not_object") from None


def _fitting(text: memoryview | msgspec.Raw, kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Read the fields that have the struct's types; reject where the usage has another.

    Raises
    ------
    msgspec.ValidationError
        When it is no object.
    """
    loose = _LOOSE[kind].decode(text)
    fitting = {}
    for name, decoder in _FIELDS[kind].items():
        if not (field := getattr(loose, name)):
            continue
        try:
            fitting[name] = decoder.decode(field)
        except msgspec.ValidationError as error:
            if name == "usage":  # "Expected `int | null`, got `str`", or "Expected `int` >= 0"
                raise RejectedError(
                    "wrong_type" if ", got " in str(error) else "out_of_range"
                ) from None
            if inner := _INNER.get((kind, name)):
                with suppress(msgspec.ValidationError):
                    fitting[name] = inner(**_fitting(field, inner))
    return fitting
