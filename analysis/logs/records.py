"""One line of a log to the records on it: typed decoding that loses no neighbour."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Annotated, Any

import msgspec


class RejectedError(Exception):
    """A record that cannot be read; carries a reason from the closed list, never content."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


#: A time with a zone; one without is no time.
Time = Annotated[dt.datetime, msgspec.Meta(tz=True)]


class Split(msgspec.Struct, gc=False):
    """Cache writes by lifetime."""

    ephemeral_5m_input_tokens: int | None = None
    ephemeral_1h_input_tokens: int | None = None


class Searches(msgspec.Struct, gc=False):
    """Tools the server ran."""

    web_search_requests: int | None = None


class Counters(msgspec.Struct, gc=False):
    """The token counters that a usage and each of its iterations have."""

    type: str | None = None
    model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation: Split | None = None


class Usage(Counters, gc=False):
    """What the API says a request used."""

    server_tool_use: Searches | None = None
    service_tier: str | None = None
    speed: str | None = None
    inference_geo: str | None = None
    iterations: list[Counters] | None = None


#: What a block without a tool's input has in its place.
NO_INPUT = msgspec.Raw()


class Block(msgspec.Struct, gc=False):
    """One block of a message's content; only its lengths go any further."""

    type: str | None = None
    text: str | None = None
    thinking: str | None = None
    signature: str | None = None
    input: msgspec.Raw = NO_INPUT
    is_error: bool | None = None


class MissReason(msgspec.Struct, gc=False):
    """Why the API could not read the cache."""

    type: str | None = None


class Diagnostics(msgspec.Struct, gc=False):
    """What the API reports beside an answer."""

    cache_miss_reason: MissReason | None = None


class Message(msgspec.Struct, gc=False):
    """A prompt or an answer."""

    model: str | None = None
    id: str | None = None
    content: list[Block | str] | str | None = None
    stop_reason: str | None = None
    usage: Usage | None = None
    diagnostics: Diagnostics | None = None


class Nested(msgspec.Struct, gc=False):
    """A subagent's record inside a progress line."""

    type: str | None = None
    uuid: str | None = None
    timestamp: Time | None = None
    requestId: str | None = None  # noqa: N815  (the log's own spelling)
    message: Message | None = None


class Progress(msgspec.Struct, gc=False):
    """The payload of a progress line."""

    type: str | None = None
    agentId: str | None = None  # noqa: N815
    message: Nested | None = None


class Compact(msgspec.Struct, gc=False):
    """What a compaction says of itself."""

    trigger: str | None = None
    preTokens: int | None = None  # noqa: N815


class Failure(msgspec.Struct, gc=False):
    """An API error."""

    status: int | str | None = None


class Record(msgspec.Struct, gc=False):
    """One record of a log, as far as it is read; in the order of the log, which decodes faster."""

    parentUuid: str | None = None  # noqa: N815  (the log's own spelling)
    isSidechain: bool | None = None  # noqa: N815
    cwd: str | None = None
    sessionId: str | None = None  # noqa: N815
    version: str | None = None
    gitBranch: str | None = None  # noqa: N815
    agentId: str | None = None  # noqa: N815
    message: Message | None = None
    requestId: str | None = None  # noqa: N815
    data: Progress | None = None
    type: str | None = None
    subtype: str | None = None
    compactMetadata: Compact | None = None  # noqa: N815
    error: Failure | str | None = None
    isMeta: bool | None = None  # noqa: N815
    isCompactSummary: bool | None = None  # noqa: N815
    isApiErrorMessage: bool | None = None  # noqa: N815
    uuid: str | None = None
    timestamp: Time | None = None


_typed = msgspec.json.Decoder(Record)
decode = _typed.decode
_whole = json.JSONDecoder()

#: How a record may begin, wherever it stands on a line.
_FIRST = (*Record.__struct_fields__, "userType", "logicalParentUuid", "slug")
_START = re.compile(rf'\{{\s*"(?:{"|".join(_FIRST)})"\s*:')

#: How often a broken line is searched for one more record before it is given up.
_TRIES = 1000

#: Structs inside structs, where a field of another type need not cost the whole.
_INNER: dict[tuple[type[msgspec.Struct], str], type[msgspec.Struct]] = {
    (Record, "message"): Message,
    (Record, "data"): Progress,
    (Progress, "message"): Nested,
    (Nested, "message"): Message,
}


def records(line: bytes) -> tuple[list[Record], str | None]:
    """Read the records on a line, and why any of it was rejected.

    A line should hold one record. Several may be glued together, and one may be cut: what is
    whole is kept, whatever stands before or behind it.

    Examples
    --------
    >>> found, reason = records(b'{"type":"user"}{"type":"summary"}')
    >>> [r.type for r in found], reason
    (['user', 'summary'], None)
    >>> found, reason = records(b'{"type":"us{"type":"summary","uuid":"a"}')
    >>> [r.type for r in found], reason
    (['summary'], 'not_json')
    """
    try:
        return [_typed.decode(line)], None
    except RecursionError:
        return [], "too_deep"
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _piecewise(line)


def _piecewise(line: bytes) -> tuple[list[Record], str | None]:
    """Read a line that is not one good record: each document on it is judged by itself."""
    text = line.decode(errors="surrogateescape")
    found, reason, end = _run(text, 0)
    if end == len(text):
        return found, reason
    at, tries = end + 1, 0
    while reason != "too_deep" and tries < _TRIES and (start := _START.search(text, at)):
        tries += 1
        more, fault, end = _run(text, start.start())
        ended = end == len(text)
        # a record inside a cut one, such as a subagent's in a progress line, names no session
        if more and all(r.sessionId or (ended and r.uuid) for r in more):
            found, at = found + more, max(end, start.end())
        else:
            at = start.end()
        reason = fault if fault == "too_deep" else reason
    return found, "too_deep" if reason == "too_deep" else "not_json"


def _run(text: str, start: int) -> tuple[list[Record], str | None, int]:
    """Read objects one behind the other: those found, the first fault, and where the run ends."""
    found: list[Record] = []
    reason, begun = None, False
    while True:
        while start < len(text) and text[start] in " \t\r\n":
            start += 1
        if start == len(text) or (begun and text[start] != "{"):
            return found, reason, start
        begun = True
        try:
            value, end = _whole.raw_decode(text, start)
            found.append(_document(text[start:end], value))
        except RejectedError as rejected:
            reason = reason or rejected.reason
        except RecursionError:
            return found, "too_deep", start
        except ValueError:
            return found, reason, start
        start = end


def _document(text: str, value: Any) -> Record:
    try:
        return _typed.decode(text.encode(errors="surrogateescape"))
    except UnicodeDecodeError:
        raise RejectedError("bad_utf8") from None
    except msgspec.DecodeError:
        if not isinstance(value, dict):
            raise RejectedError("not_object") from None
        return msgspec.convert(_fit(value, Record), Record)


def _fit(value: dict[str, Any], kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Drop fields of another type than the struct's; reject where that is the usage."""
    fitting = {}
    for name in kind.__struct_fields__:
        field = _raw_inputs(value.get(name)) if name == "content" else value.get(name)
        try:
            msgspec.convert({name: field}, kind)
            fitting[name] = field
        except msgspec.ValidationError:
            inner = _INNER.get((kind, name))
            if name == "usage":
                raise RejectedError("wrong_type") from None
            if inner and isinstance(field, dict):
                fitting[name] = _fit(field, inner)
    return fitting


def _raw_inputs(content: Any) -> Any:
    """Put tool inputs back to JSON: only their length is read."""
    if not isinstance(content, list):
        return content
    return [
        b | {"input": msgspec.Raw(_dump(b["input"]))} if isinstance(b, dict) and "input" in b else b
        for b in content
    ]


def _dump(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode(errors="surrogatepass")
