"""What is read of a log: the shapes of its records. Whatever is not named here is skipped."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import msgspec

from analysis.schema import MAX_TOKENS

#: A sound number of tokens: see `schema.MAX_TOKENS`.
Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_TOKENS)]

#: A time with a zone; one without is no time.
Time = Annotated[dt.datetime, msgspec.Meta(tz=True)]

#: What a block without a tool's input has in its place.
NO_INPUT = msgspec.Raw()


class Split(msgspec.Struct, gc=False):
    """Cache writes by lifetime."""

    ephemeral_5m_input_tokens: Count | None = None
    ephemeral_1h_input_tokens: Count | None = None


class Searches(msgspec.Struct, gc=False):
    """Tools the server ran."""

    web_search_requests: Count | None = None


class Counters(msgspec.Struct, gc=False):
    """The token counters that a usage and each of its iterations have."""

    type: str | None = None
    model: str | None = None
    input_tokens: Count | None = None
    output_tokens: Count | None = None
    cache_creation_input_tokens: Count | None = None
    cache_read_input_tokens: Count | None = None
    cache_creation: Split | None = None


class Usage(Counters, gc=False):
    """What the API says a request used."""

    server_tool_use: Searches | None = None
    service_tier: str | None = None
    speed: str | None = None
    inference_geo: str | None = None
    iterations: list[Counters] | None = None


class Block(msgspec.Struct, gc=False):
    """One block of a message's content; only its lengths and its tool's class go any further."""

    type: str | None = None
    text: str | None = None
    thinking: str | None = None
    signature: str | None = None
    name: msgspec.Raw = NO_INPUT
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
    """One record of a log, as far as it is read; in the log's order, which decodes faster."""

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


decode = msgspec.json.Decoder(Record).decode
