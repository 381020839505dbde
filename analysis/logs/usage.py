"""A usage record to a copy: what one file says of one request."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

import msgspec

from analysis.logs import names
from analysis.logs.records import Block, Counters, Message, RejectedError, Usage
from analysis.logs.shapes import NO_INPUT
from analysis.logs.times import microseconds
from analysis.models import public_name
from analysis.schema import MAX_TOKENS

#: The tool whose logs these are.
SOURCE = "claude-code"

#: Iterations whose tokens the top-level counters leave out, and the origin they are given.
APART = {"advisor_message": "advisor", "compaction": "compaction"}


class Copy(msgspec.Struct, gc=False):
    """The lines of one message in one file, merged as they come.

    Counters and words are as the log has them until `row`.
    """

    message_id: str
    request_id: str | None
    origin: str
    model: str | None
    first_seen: dt.datetime
    last_seen: dt.datetime
    counters: Counters
    context: Counters  # of the last iteration: what the model saw at once
    searches: int
    words: tuple[str | None, ...]
    text_chars: int
    tool_chars: int
    thinking_chars: int
    signature_chars: int
    output: int
    output_first: int
    output_last: int
    output_sum: int
    uuids: list[str]
    lines: int = 1
    agent: str | None = None
    is_sidechain: bool = False
    parent_message_id: str | None = None
    requested_at: dt.datetime | None = None
    version: str | None = None

    def merge(self, line: Copy) -> None:
        """Take in a later line: its counters if its output is no smaller, its new content."""
        if line.output >= self.output:
            self.output, self.model, self.searches = line.output, line.model, line.searches
            self.counters, self.context = line.counters, line.context
            if line.words != self.words:
                both = zip(line.words, self.words, strict=True)
                self.words = tuple([new or old for new, old in both])
        if line.first_seen < self.first_seen:
            self.first_seen = line.first_seen
        if line.last_seen > self.last_seen:
            self.last_seen = line.last_seen
        self.output_last = line.output_last
        self.output_sum += line.output_sum
        self.lines += line.lines
        for uuid in line.uuids:
            if uuid not in self.uuids:
                self.uuids.append(uuid)
                self.text_chars += line.text_chars
                self.tool_chars += line.tool_chars
                self.thinking_chars += line.thinking_chars
                self.signature_chars += line.signature_chars

    def row(self, file: int, session: str | None, project: str, key: bytes) -> tuple[Any, ...]:
        """Return the copy as a row, in the order of `schema.COPIES`."""
        inputs, write, w5m, w1h, read = _prompt(self.counters)
        context = _prompt(self.context) if self.context is not self.counters else None
        seen, wrote, _, _, reread = context or (inputs, write, w5m, w1h, read)
        tier, speed, geo, stop_reason, miss = _words(*self.words)
        return (
            file,
            session,
            self.agent,
            project,
            self.message_id,
            self.request_id,
            self.origin,
            SOURCE,
            self.is_sidechain,
            microseconds(self.requested_at),
            microseconds(self.first_seen),
            microseconds(self.last_seen),
            self.parent_message_id,
            public(self.model, key),
            names.version(self.version),
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
            seen + wrote + reread,
            self.searches,
            self.text_chars,
            self.tool_chars,
            self.thinking_chars,
            self.signature_chars,
            miss,
            self.lines,
        )


def usage_copy(
    message: Message, request_id: str | None, uuid: str | None, at: dt.datetime, origin: str
) -> Copy:
    """Read the usage of one line.

    Parameters
    ----------
    message, request_id, uuid
        What the line says.
    at
        When.
    origin
        One of `schema.ORIGINS`.

    Raises
    ------
    RejectedError
        `out_of_range` when a counter is negative or absurd.
    """
    usage = message.usage
    assert usage is not None
    _check(usage)
    context: Counters = usage
    if usage.iterations is not None and len(usage.iterations) > 1:
        context = _last(usage)
    searches = usage.server_tool_use.web_search_requests or 0 if usage.server_tool_use else 0
    if not 0 <= searches <= MAX_TOKENS:
        raise RejectedError("out_of_range")
    miss = message.diagnostics.cache_miss_reason if message.diagnostics else None
    output = usage.output_tokens or 0
    return Copy(
        # without the key, so that copies of one message meet across machines
        names.opaque(message.id) or names.opaque(uuid) or f"line-{at.timestamp():.6f}",
        names.opaque(request_id),
        origin,
        message.model,
        at,
        at,
        usage,
        context,
        searches,
        (
            usage.service_tier,
            usage.speed,
            usage.inference_geo,
            message.stop_reason,
            miss.type if miss else None,
        ),
        *_chars(message.content),
        output,
        output,
        output,
        output,
        [uuid] if uuid else [],
    )


def iteration_copies(copy: Copy, iterations: list[Counters]) -> list[Copy]:
    """Return the iterations that the top-level counters leave out, each as a copy of its own."""
    found = []
    for number, item in enumerate(iterations):
        if item.type in APART:
            _check(item)
            output = item.output_tokens or 0
            apart = msgspec.structs.replace(
                copy,
                message_id=f"{copy.message_id}:{APART[item.type]}:{number}",
                origin=APART[item.type],
                model=item.model or copy.model,
                counters=item,
                context=item,
                searches=0,
                text_chars=0,
                tool_chars=0,
                thinking_chars=0,
                signature_chars=0,
                output=output,
                output_first=output,
                output_last=output,
                output_sum=output,
                uuids=[],
            )
            found.append(apart)
    return found


@lru_cache(2**10)
def public(model: str | None, key: bytes) -> str:
    """Return the name a table gives a model."""
    return public_name(model or "", key)


@lru_cache(2**10)
def _words(*said: str | None) -> tuple[str | None, ...]:
    return tuple(map(names.word, said))


def _check(counters: Counters) -> None:
    """Reject counts that cannot be."""
    split = counters.cache_creation
    if not (
        0 <= (counters.input_tokens or 0) <= MAX_TOKENS
        and 0 <= (counters.output_tokens or 0) <= MAX_TOKENS
        and 0 <= (counters.cache_creation_input_tokens or 0) <= MAX_TOKENS
        and 0 <= (counters.cache_read_input_tokens or 0) <= MAX_TOKENS
        and (
            split is None
            or 0 <= (split.ephemeral_5m_input_tokens or 0) <= MAX_TOKENS
            and 0 <= (split.ephemeral_1h_input_tokens or 0) <= MAX_TOKENS
        )
    ):
        raise RejectedError("out_of_range")


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
    if len(said) < 2:
        return usage
    _check(said[-1])
    return said[-1]


def _chars(content: list[Block | str] | str | None) -> tuple[int, int, int, int]:
    """Return the lengths of text, tool inputs, thinking and signatures."""
    if isinstance(content, str):
        return len(content), 0, 0, 0
    text = tool = thinking = signature = 0
    for block in content or ():
        if isinstance(block, str):
            text += len(block)
            continue
        if block.text:
            text += len(block.text)
        if block.input is not NO_INPUT:
            tool += len(str(block.input, "utf-8", "replace"))
        if block.thinking:
            thinking += len(block.thinking)
        if block.signature:
            signature += len(block.signature)
    return text, tool, thinking, signature
