"""One line of a log to the records on it: typed decoding that loses no neighbour."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

from analysis.schema import MAX_TOKENS


class RejectedError(Exception):
    """A record that cannot be read; carries a reason from the closed list, never content."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Split(msgspec.Struct, gc=False):
    """Cache writes by lifetime."""

    ephemeral_5m_input_tokens: int | None = None
    ephemeral_1h_input_tokens: int | None = None


class Searches(msgspec.Struct, gc=False):
    """Tools the server ran."""

    web_search_requests: int | None = None


class Counters(msgspec.Struct):
    """The token counters that a usage and each of its iterations have."""

    type: str | None = None
    model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation: Split | None = None


class Usage(Counters):
    """What the API says a request used."""

    server_tool_use: Searches | None = None
    service_tier: str | None = None
    speed: str | None = None
    inference_geo: str | None = None
    iterations: list[Counters] | None = None


class Block(msgspec.Struct):
    """One block of a message's content; only its lengths go any further."""

    type: str | None = None
    text: str | None = None
    thinking: str | None = None
    signature: str | None = None
    input: msgspec.Raw = msgspec.Raw()
    is_error: bool | None = None


class MissReason(msgspec.Struct):
    """Why the API could not read the cache."""

    type: str | None = None


class Diagnostics(msgspec.Struct):
    """What the API reports beside an answer."""

    cache_miss_reason: MissReason | None = None


class Message(msgspec.Struct):
    """A prompt or an answer."""

    id: str | None = None
    model: str | None = None
    content: list[Block | str] | str | None = None
    stop_reason: str | None = None
    usage: Usage | None = None
    diagnostics: Diagnostics | None = None


class Nested(msgspec.Struct):
    """A subagent's record inside a progress line."""

    type: str | None = None
    uuid: str | None = None
    timestamp: str | None = None
    requestId: str | None = None  # noqa: N815  (the log's own spelling)
    message: Message | None = None


class Progress(msgspec.Struct):
    """The payload of a progress line."""

    type: str | None = None
    agentId: str | None = None  # noqa: N815
    message: Nested | None = None


class Compact(msgspec.Struct):
    """What a compaction says of itself."""

    trigger: str | None = None
    preTokens: int | None = None  # noqa: N815


class Failure(msgspec.Struct):
    """An API error."""

    status: int | str | None = None


class Record(msgspec.Struct):
    """One record of a log, as far as it is read."""

    type: str | None = None
    subtype: str | None = None
    uuid: str | None = None
    parentUuid: str | None = None  # noqa: N815
    timestamp: str | None = None
    sessionId: str | None = None  # noqa: N815
    agentId: str | None = None  # noqa: N815
    requestId: str | None = None  # noqa: N815
    isSidechain: bool | None = None  # noqa: N815
    isMeta: bool | None = None  # noqa: N815
    isCompactSummary: bool | None = None  # noqa: N815
    isApiErrorMessage: bool | None = None  # noqa: N815
    version: str | None = None
    cwd: str | None = None
    gitBranch: str | None = None  # noqa: N815
    message: Message | None = None
    data: Progress | None = None
    compactMetadata: Compact | None = None  # noqa: N815
    error: Failure | str | None = None


_typed = msgspec.json.Decoder(Record)
_loose = msgspec.json.Decoder()
_whole = json.JSONDecoder()

#: How a record begins, wherever it stands on a line.
_START = re.compile(
    r'\{"(?:parentUuid|type|uuid|sessionId|isSidechain|timestamp|message|summary)":'
)


def records(line: bytes) -> tuple[list[Record], str | None]:
    """Read the records on a line, and why any of it was rejected.

    A line should hold one record. Two may be glued together, and a whole one may follow one that
    was cut: what is whole is kept whatever stands before it.

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
    except msgspec.ValidationError:
        return _drifted(line)
    except msgspec.DecodeError:
        return _broken(line)
    except UnicodeDecodeError:
        return [], "bad_utf8"
    except RecursionError:
        return [], "too_deep"


def _drifted(line: bytes) -> tuple[list[Record], str | None]:
    """Keep a record whose unread fields have another type; reject one whose usage has."""
    try:
        return [_salvage_types(_loose.decode(line))], None
    except RejectedError as rejected:
        return [], rejected.reason
    except RecursionError:
        return [], "too_deep"
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _broken(line)


def _salvage_types(value: Any) -> Record:
    if not isinstance(value, dict):
        raise RejectedError("not_object")
    for name in list(value):
        if name in Record.__struct_fields__:
            try:
                msgspec.convert({name: value[name]}, Record)
            except msgspec.ValidationError:
                if _has_usage(value[name]):
                    raise RejectedError(_usage_fault(value[name])) from None
                value[name] = None
    return msgspec.convert(value, Record)


def _has_usage(value: Any) -> bool:
    return isinstance(value, dict) and (
        isinstance(value.get("usage"), dict) or _has_usage(value.get("message"))
    )


def _usage_fault(value: dict[str, Any]) -> str:
    usage = value.get("usage")
    if not isinstance(usage, dict):
        return _usage_fault(value["message"])
    numbers = (v for k, v in usage.items() if k.endswith("_tokens"))
    big = any(isinstance(v, int) and not -MAX_TOKENS <= v <= MAX_TOKENS for v in numbers)
    return "out_of_range" if big else "wrong_type"


def _broken(line: bytes) -> tuple[list[Record], str | None]:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text, reason = line.decode(errors="replace"), "bad_utf8"
    else:
        reason = "not_json"
    found = _run(text, 0)
    if found is not None and reason == "not_json":
        return found, None
    for start in _START.finditer(text, 1):
        found = _run(text, start.start())
        if found and all(r.uuid or r.sessionId for r in found):
            return found, reason
    return [], reason


def _run(text: str, start: int) -> list[Record] | None:
    """Decode documents one behind the other to the end of the line, or give up."""
    found: list[Record] = []
    while start < len(text):
        try:
            value, start = _whole.raw_decode(text, start)
            found.append(_salvage_types(value))
        except (ValueError, RecursionError, RejectedError, msgspec.ValidationError):
            return None
        while start < len(text) and text[start].isspace():
            start += 1
    return found
