"""A usage record to a copy: what one file says of one request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from analysis.logs import names
from analysis.logs.shapes import NO_INPUT, Counters, Message, Split, Usage
from analysis.logs.sources import CLAUDE_CODE
from analysis.logs.times import microseconds
from analysis.models import public_name
from analysis.schema import COPIES

#: Iterations whose tokens the top-level counters leave out, and the origin they are given.
APART: Mapping[str | None, str] = {"advisor_message": "advisor", "compaction": "compaction"}

#: Up to this length a list of tool calls grows: no answer comes near, a forged one stays small.
MOST_CALLED = 2_000


class Copy(msgspec.Struct, gc=False):
    """The lines of one message in one file, merged as they come.

    Counters and words are as the log has them until `row`.
    """

    message_id: str
    request_id: str | None
    origin: str
    first_seen: dt.datetime
    last_seen: dt.datetime
    output_first: int
    usage: Counters
    context: Counters  # of the last iteration: what the model saw at once
    agent: str | None = None
    is_sidechain: bool = False
    parent_message_id: str | None = None
    requested_at: dt.datetime | None = None
    version: str | None = None
    model: str | None = None
    searches: int = 0
    service_tier: str | None = None
    speed: str | None = None
    geo: str | None = None
    stop_reason: str | None = None
    cache_miss_reason: str | None = None
    text_chars: int = 0
    tool_chars: int = 0
    tools: str | None = None
    thinking_chars: int = 0
    signature_chars: int = 0
    output: int = -1
    output_last: int = 0
    output_sum: int = 0
    lines: int = 0
    uuids: list[str] = []
    recalled: bool = False  # from the tables, which know no uuids

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Copy:
        """Return the copy that a row was made of, as far as a row tells."""
        split = None
        if row["write_1h_tokens"] is not None:
            split = Split(row["write_5m_tokens"], row["write_1h_tokens"])
        usage = Counters(
            input_tokens=row["input_tokens"],
            cache_creation_input_tokens=row["write_tokens"],
            cache_read_input_tokens=row["read_tokens"],
            cache_creation=split,
        )
        return cls(
            usage=usage,
            context=Counters(input_tokens=row["context_tokens"]),
            searches=row["web_searches"],
            output=row["output_tokens"],
            output_first=row["output_first_tokens"],
            output_last=row["output_last_tokens"],
            output_sum=row["output_sum_tokens"],
            recalled=True,
            **{name: row[name] for name in _SAME},
        )

    @property
    def known(self) -> tuple[str, str | None, str, dt.datetime | None]:
        """What tells it from others of its file.

        A gateway may give each of its messages the same id, so such a one has its time as well.
        """
        own = self.message_id.startswith("msg_")
        return self.message_id, self.request_id, self.origin, None if own else self.first_seen

    def count(self, usage: Counters, model: str | None, at: dt.datetime) -> bool:
        """Take in a line's counters; say whether they stand, its output being no smaller."""
        output = usage.output_tokens or 0
        self.lines += 1
        self.output_last = output
        self.output_sum += output
        if at > self.last_seen:
            self.last_seen = at
        elif at < self.first_seen:
            self.first_seen = at
        if output < self.output:
            return False
        self.output, self.usage, self.context, self.model = output, usage, usage, model
        return True

    def say(self, message: Message, usage: Usage) -> None:
        """Take in the words of a line whose counters stand."""
        self.service_tier = usage.service_tier or self.service_tier
        self.speed = usage.speed or self.speed
        self.geo = usage.inference_geo or self.geo
        self.stop_reason = message.stop_reason or self.stop_reason
        about = message.diagnostics
        if about is not None and about.cache_miss_reason is not None:
            self.cache_miss_reason = about.cache_miss_reason.type or self.cache_miss_reason

    def add(self, message: Message, usage: Usage, uuid: str | None, at: dt.datetime) -> None:
        """Take in a line: its counters if its output is no smaller, its new content."""
        if self.count(usage, message.model, at):
            if usage.iterations is not None and len(usage.iterations) > 1:
                self.context = _last(usage)
            used = usage.server_tool_use
            self.searches = (used.web_search_requests or 0) if used is not None else 0
            self.say(message, usage)
        if self.lines > 1 and (uuid is None or uuid in self.uuids):
            return  # the same line again, in a fork
        if uuid:
            self.uuids.append(uuid)
        content = message.content
        for block in (content,) if isinstance(content, str) else content or ():
            if isinstance(block, str):
                self.text_chars += len(block)
                continue
            if block.text:
                self.text_chars += len(block.text)
            if block.input is not NO_INPUT:
                self.tool_chars += len(str(block.input, "utf-8", "replace"))
                self.call(names.tool(bytes(block.name)))
            if block.thinking:
                self.thinking_chars += len(block.thinking)
            if block.signature:
                self.signature_chars += len(block.signature)

    def call(self, kind: str) -> None:
        """Take in a call of a tool."""
        if not self.tools:
            self.tools = kind
        elif len(self.tools) < MOST_CALLED:
            self.tools += "," + kind

    def apart(self, message_id: str, origin: str, item: Counters, at: dt.datetime) -> Copy:
        """Return a copy for an iteration of this one, without a line so far."""
        return Copy(
            message_id,
            self.request_id,
            origin,
            at,
            at,
            item.output_tokens or 0,
            item,
            item,
            self.agent,
            self.is_sidechain,
            self.parent_message_id,
            self.requested_at,
            self.version,
        )

    def row(self, file: int, session: str | None, project: str, key: bytes) -> tuple[Any, ...]:
        """Return the copy as a row, in the order of `schema.COPIES`."""
        inputs, write, w5m, w1h, read = _prompt(self.usage)
        context = inputs + write + read
        if self.context is not self.usage:
            seen, wrote, _, _, reread = _prompt(self.context)
            context = seen + wrote + reread
        tier, speed, geo, stop_reason, miss = _words(
            self.service_tier, self.speed, self.geo, self.stop_reason, self.cache_miss_reason
        )
        asked, first, last = self.requested_at, self.first_seen, self.last_seen
        begun = microseconds(first)
        return (
            file,
            session,
            self.agent,
            project,
            self.message_id,
            self.request_id,
            self.origin,
            CLAUDE_CODE,
            self.is_sidechain,
            None if asked is None else microseconds(asked),
            begun,
            begun if last is first else microseconds(last),
            self.parent_message_id,
            public(self.model, key),
            _version(self.version),
            tier,
            speed,
            geo,
            stop_reason,
            inputs,
            self.output,
            self.output_first,
            self.output_last,
            self.output_sum,
            write,
            w5m,
            w1h,
            read,
            context,
            self.searches,
            self.text_chars,
            self.tool_chars,
            self.tools,
            self.thinking_chars,
            self.signature_chars,
            miss,
            self.lines,
            None,
        )


#: Fields that a row has as they are.
_SAME = frozenset(Copy.__struct_fields__) & {column.name for column in COPIES}


@lru_cache(2**10)
def public(model: str | None, key: bytes) -> str:
    """Return the name a table gives a model."""
    return public_name(model or "", key)


_version = lru_cache(2**8)(names.version)


@lru_cache(2**10)
def _words(*said: str | None) -> tuple[str | None, ...]:
    return tuple(map(names.word, said))


def _prompt(counters: Counters) -> tuple[int, int, int | None, int | None, int]:
    """Return input, writes, of these by lifetime (null where the log does not split), and reads."""
    flat, split = counters.cache_creation_input_tokens or 0, counters.cache_creation
    inputs, read = counters.input_tokens or 0, counters.cache_read_input_tokens or 0
    if split is not None:
        w1h = split.ephemeral_1h_input_tokens or 0
        told = w1h + (split.ephemeral_5m_input_tokens or 0)
        if told > 0 or flat == 0:
            write = max(flat, told)
            # what a partial split leaves out can only be the default lifetime
            return inputs, write, write - w1h, w1h, read
    return inputs, flat, None, None, read


def _last(usage: Usage) -> Counters:
    """Return the last message iteration: the top level is their sum."""
    said = [i for i in usage.iterations or () if i.type == "message"]
    return said[-1] if len(said) > 1 else usage
