"""A usage record to a copy: what one file says of one request."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from analysis.logs import names
from analysis.logs.records import Block, Counters, Message, RejectedError, Usage
from analysis.models import public_name
from analysis.schema import MAX_TOKENS

#: The tool whose logs these are.
SOURCE = "claude-code"

#: Iterations whose tokens the top-level counters leave out, and the origin they are given.
APART = {"advisor_message": "advisor", "compaction": "compaction"}


@dataclass
class Copy:
    """The lines of one message in one file, merged as they come."""

    message_id: str
    request_id: str | None
    origin: str
    model: str
    first_seen: dt.datetime
    last_seen: dt.datetime
    tokens: dict[str, int | None]
    words: dict[str, str | None]
    chars: dict[str, int]
    output_first: int
    output_last: int
    output_sum: int
    uuids: set[str]
    agent: str | None = None
    is_sidechain: bool = False
    parent_message_id: str | None = None
    requested_at: dt.datetime | None = None
    version: str | None = None
    lines: int = 1

    def merge(self, line: Copy) -> None:
        """Take in a later line: its counters if its output is no smaller, its new content."""
        if (line.tokens["output_tokens"] or 0) >= (self.tokens["output_tokens"] or 0):
            self.tokens, self.model = line.tokens, line.model
            self.words = {k: v or self.words[k] for k, v in line.words.items()}
        self.first_seen = min(self.first_seen, line.first_seen)
        self.last_seen = max(self.last_seen, line.last_seen)
        self.output_last = line.output_last
        self.output_sum += line.output_sum
        self.lines += line.lines
        if not line.uuids <= self.uuids:
            self.uuids |= line.uuids
            self.chars = {k: v + line.chars[k] for k, v in self.chars.items()}

    def row(self, where: dict[str, Any]) -> dict[str, Any]:
        """Return the copy as a row of the table."""
        return {
            **where,
            **vars(self),
            **self.tokens,
            **self.words,
            **self.chars,
            "source": SOURCE,
            "output_first_tokens": self.output_first,
            "output_last_tokens": self.output_last,
            "output_sum_tokens": self.output_sum,
        }


def usage_copy(
    message: Message,
    request_id: str | None,
    uuid: str | None,
    at: dt.datetime,
    origin: str,
    key: bytes,
) -> Copy:
    """Read the usage of one line.

    Raises
    ------
    RejectedError
        `out_of_range` when a counter is negative or absurd.
    """
    usage = message.usage
    assert usage is not None
    tokens = _tokens(usage)
    tokens["context_tokens"] = _context(usage, tokens)
    searches = usage.server_tool_use.web_search_requests if usage.server_tool_use else 0
    tokens["web_searches"] = _bounded(searches)
    miss = message.diagnostics.cache_miss_reason if message.diagnostics else None
    words = {
        "service_tier": names.word(usage.service_tier),
        "speed": names.word(usage.speed),
        "geo": names.word(usage.inference_geo),
        "stop_reason": names.word(message.stop_reason),
        "cache_miss_reason": names.word(miss.type if miss else None),
    }
    output = tokens["output_tokens"] or 0
    return Copy(
        # without the key, so that copies of one message meet across machines
        message_id=names.opaque(message.id) or names.opaque(uuid) or f"line-{at.timestamp():.6f}",
        request_id=names.opaque(request_id),
        origin=origin,
        model=public_name(message.model or "", key),
        first_seen=at,
        last_seen=at,
        tokens=tokens,
        words=words,
        chars=_chars(message.content),
        output_first=output,
        output_last=output,
        output_sum=output,
        uuids={uuid} if uuid else set(),
    )


def iteration_copies(copy: Copy, message: Message, key: bytes) -> list[Copy]:
    """Return the iterations that the top-level counters leave out, each as a copy of its own."""
    iterations = message.usage.iterations if message.usage else None
    found = []
    for number, item in enumerate(iterations or []):
        if item.type in APART:
            tokens = _tokens(item) | {"web_searches": 0}
            tokens["context_tokens"] = _prompt(tokens)
            output = tokens["output_tokens"] or 0
            found.append(
                Copy(
                    message_id=f"{copy.message_id}:{APART[item.type]}:{number}",
                    request_id=copy.request_id,
                    origin=APART[item.type],
                    model=public_name(item.model, key) if item.model else copy.model,
                    first_seen=copy.first_seen,
                    last_seen=copy.last_seen,
                    tokens=tokens,
                    words=copy.words,
                    chars=dict.fromkeys(copy.chars, 0),
                    output_first=output,
                    output_last=output,
                    output_sum=output,
                    uuids=set(),
                )
            )
    return found


def models_of(message: Message) -> set[str]:
    """Return every model a message names, as the log spells it."""
    iterations = message.usage.iterations if message.usage else None
    return {message.model or "", *(item.model for item in iterations or [] if item.model)}


def _tokens(usage: Counters) -> dict[str, int | None]:
    flat = _bounded(usage.cache_creation_input_tokens)
    split = usage.cache_creation
    w5m = _bounded(split.ephemeral_5m_input_tokens) if split else 0
    w1h = _bounded(split.ephemeral_1h_input_tokens) if split else 0
    told = w5m + w1h > 0 or (split is not None and flat == 0)
    return {
        "input_tokens": _bounded(usage.input_tokens),
        "output_tokens": _bounded(usage.output_tokens),
        "write_tokens": max(flat, w5m + w1h),
        # what a partial split leaves out can only be the default lifetime
        "write_5m_tokens": w5m + max(flat - w5m - w1h, 0) if told else None,
        "write_1h_tokens": w1h if told else None,
        "read_tokens": _bounded(usage.cache_read_input_tokens),
    }


def _bounded(count: int | None) -> int:
    if count is not None and not 0 <= count <= MAX_TOKENS:
        raise RejectedError("out_of_range")
    return count or 0


def _prompt(tokens: dict[str, int | None]) -> int:
    return sum(tokens[name] or 0 for name in ("input_tokens", "write_tokens", "read_tokens"))


def _context(usage: Usage, tokens: dict[str, int | None]) -> int:
    """Return the last message iteration's prompt: the top level is their sum."""
    said = [i for i in usage.iterations or [] if i.type == "message"]
    return _prompt(_tokens(said[-1])) if len(said) > 1 else _prompt(tokens)


def _chars(content: list[Block | str] | str | None) -> dict[str, int]:
    blocks = [content] if isinstance(content, str) else content or []
    chars = dict.fromkeys(("text_chars", "tool_chars", "thinking_chars", "signature_chars"), 0)
    for block in blocks:
        if isinstance(block, str):
            chars["text_chars"] += len(block)
            continue
        chars["text_chars"] += len(block.text or "")
        chars["tool_chars"] += len(bytes(block.input).decode(errors="replace"))
        chars["thinking_chars"] += len(block.thinking or "")
        chars["signature_chars"] += len(block.signature or "")
    return chars
