"""The records of a log, in order, to what they say: copies, events, and each line's class."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import msgspec

from analysis.logs import names
from analysis.logs.damage import LARGE, crowded
from analysis.logs.limits import is_interruption, is_limit, resets_at
from analysis.logs.lines import Lines
from analysis.logs.records import RejectedError, records
from analysis.logs.shapes import Counters, Message, Nested, Record, Usage, decode
from analysis.logs.times import EARLIEST, LATEST, microseconds
from analysis.logs.usage import APART, Copy, public
from analysis.schema import LINE_CLASSES, MAX_TOKENS, REASONS

_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Reader:
    """What the lines so far say that later lines need."""

    key: bytes
    session: str | None
    agent: str | None
    classes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LINE_CLASSES, 0))
    reasons: dict[str, int] = field(default_factory=lambda: dict.fromkeys(REASONS, 0))
    extra: int = 0
    copies: dict[tuple[Any, ...], Copy] = field(default_factory=dict)
    events: list[tuple[Any, ...]] = field(default_factory=list)
    asked: dict[str | bool, dt.datetime] = field(default_factory=dict)  # by chain
    model: dict[str | bool, str] = field(default_factory=dict)  # by chain
    owner: dict[str | None, str] = field(default_factory=dict)  # uuid -> message id
    models: dict[str | None, str] = field(default_factory=dict)  # as spelled -> as named
    cwd: set[str | None] = field(default_factory=set)
    branch: set[str | None] = field(default_factory=set)
    ids: set[str | None] = field(default_factory=set)  # of which a keyed digest is in the tables

    def take(self, lines: Lines) -> None:
        """Take in every line."""
        classes, take = self.classes, self._record
        for line in lines:
            if line is not None and len(line) >= LARGE and crowded(line):
                line = None
            if line is not None:
                try:
                    record = decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                    pass
                else:
                    try:
                        classes[take(record)] += 1
                    except RejectedError as rejected:
                        self.reject(rejected.reason)
                    continue
            self._piecewise(line, lines.ended)

    def _keyed(self, said: str | None) -> str | None:
        """Return an id as the tables have it, and note one that only the dataset's key tells."""
        name = names.opaque(said, self.key)
        if name != said:
            self.ids.add(said)
        return name

    def reject(self, reason: str) -> None:
        """Count a line that cannot be read."""
        self.classes["rejected"] += 1
        self.reasons[reason] += 1

    def _piecewise(self, line: memoryview | None, ended: bool) -> None:
        """Take in a line that is not one good record; null is one that is too much."""
        if line is None:
            return self.reject("too_long")
        data = bytes(line)
        if sum(self.classes.values()) == 0:
            data = data.removeprefix(_BOM)
        if not data.strip():
            self.classes["blank"] += 1
            return None
        found, reason = records(data)
        classes = []
        for record in found:
            try:
                classes.append(self._record(record))
            except RejectedError as rejected:
                reason = reason or rejected.reason
        if reason is not None:
            self.reject("unfinished" if reason == "not_json" and not ended else reason)
            self.extra += len(classes)
        else:
            self.classes[min(classes, key=LINE_CLASSES.index)] += 1
            self.extra += len(classes) - 1
        return None

    def _record(self, record: Record) -> str:
        """Take in one record and say the class it gives its line."""
        if record.cwd not in self.cwd:
            self.cwd.add(record.cwd)
        if record.gitBranch not in self.branch:
            self.branch.add(record.gitBranch)
        if self.session is None:
            self.session = self._keyed(record.sessionId)
        parent = self.owner.get(record.parentUuid)
        if parent is not None and record.uuid:
            self.owner[record.uuid] = parent
        kind, message = record.type, record.message
        if kind == "progress":
            return self._progress(record)
        agent = self._keyed(record.agentId) if record.agentId else self.agent
        sidechain = agent is not None or record.isSidechain is True
        if kind == "system":
            return self._system(record, agent, sidechain)
        if message is None:
            return "other"
        if kind == "user":
            return self._user(record, message, agent, sidechain)
        if kind != "assistant" or message.usage is None:
            return "other"
        if message.model == "<synthetic>":
            self._synthetic(record, message, agent, sidechain)
            return "synthetic"
        copy = self._usage(
            record, message, message.usage, "assistant", agent, sidechain, parent, record.version
        )
        if record.uuid:
            self.owner[record.uuid] = copy.message_id
        return "usage"

    def _usage(
        self,
        record: Record | Nested,
        message: Message,
        usage: Usage,
        origin: str,
        agent: str | None,
        sidechain: bool,
        parent: str | None,
        version: str | None,
    ) -> Copy:
        """Take in a usage and return the copy it is of."""
        at = record.timestamp
        if at is None or not EARLIEST <= at < LATEST:
            raise RejectedError("bad_timestamp")
        chain = agent or sidechain
        copy = self.copies.get((message.id, record.requestId, origin, None))
        if copy is None:
            copy = self._copy(message, usage, record, origin, at)
            if copy.lines == 0:
                asked = self.asked.get(chain)
                copy.requested_at = asked if asked is not None and asked <= at else None
                copy.agent, copy.is_sidechain = agent, sidechain
                copy.parent_message_id, copy.version = parent, version
        copy.add(message, usage, record.uuid, at)
        if usage.iterations:
            self._iterations(copy, message, usage, at)
        model = self.models.get(message.model) or self._name(message.model)
        if self.model.get(chain) != model:
            if chain in self.model:
                self._event("model_change", at, agent, sidechain, detail=model)
            self.model[chain] = model
        return copy

    def _iterations(self, copy: Copy, message: Message, usage: Usage, at: dt.datetime) -> None:
        """Take in what the top-level counters leave out, as copies of their own."""
        for number, item in enumerate(usage.iterations or ()):
            if item.type in APART:
                said = f"{copy.message_id}:{APART[item.type]}:{number}"
                apart = self._apart(copy, said, item, at)
                self._name(model := item.model or message.model)
                if apart.count(item, model, at):
                    apart.say(message, usage)

    def _copy(
        self,
        message: Message,
        usage: Usage,
        record: Record | Nested,
        origin: str,
        at: dt.datetime,
    ) -> Copy:
        """Return the copy of a message whose ids may be anything; a new one has no line so far."""
        # without the key, so that copies of one message meet across machines
        said = names.opaque(message.id) or names.opaque(record.uuid) or f"line-{at.timestamp():.6f}"
        request = names.opaque(record.requestId)
        known = (said, request, origin, None if said.startswith("msg_") else at)
        if (copy := self.copies.get(known)) is None:
            output = usage.output_tokens or 0
            copy = Copy(said, request, origin, at, at, output, usage, usage)
            self.copies[known] = copy
        return copy

    def _apart(self, copy: Copy, said: str, item: Counters, at: dt.datetime) -> Copy:
        """Return the copy of an iteration that the top-level counters leave out."""
        origin, other = APART[item.type], None if said.startswith("msg_") else at
        if (apart := self.copies.get((said, copy.request_id, origin, other))) is None:
            apart = copy.apart(said, origin, item, at)
            self.copies[said, copy.request_id, origin, other] = apart
        return apart

    def _name(self, model: str | None) -> str:
        name = self.models[model] = public(model, self.key)
        return name

    def _progress(self, record: Record) -> str:
        """Take in a subagent's turn, repeated on its parent's chain."""
        data = record.data
        if data is None or data.type != "agent_progress":
            return "other"
        nested = data.message
        if nested is None or nested.message is None:
            return "other"
        agent, message = self._keyed(data.agentId), nested.message
        if nested.type == "user":
            asked = _time(nested.timestamp) or _time(record.timestamp)
            if asked is not None:
                self.asked[agent or True] = asked
            return "other"
        if nested.type != "assistant" or message.usage is None or message.model == "<synthetic>":
            return "other"
        nested.timestamp = nested.timestamp or record.timestamp
        self._usage(
            nested, message, message.usage, "agent_progress", agent, True, None, record.version
        )
        return "usage"

    def _user(self, record: Record, message: Message, agent: str | None, sidechain: bool) -> str:
        at = _time(record.timestamp)
        if at is not None:
            self.asked[agent or sidechain] = at
        texts, results, failed = [], 0, 0
        content = message.content
        for block in (content,) if isinstance(content, str) else content or ():
            if isinstance(block, str):
                texts.append(block)
            elif block.type == "tool_result":
                results += 1
                failed += block.is_error is True
            elif block.type == "text" or block.type is None:
                texts.append(block.text or "")
        if failed:
            for _ in range(failed):
                self._event("tool_error", at, agent, sidechain)
            return "event"
        if any(map(is_interruption, texts)):
            self._event("interruption", at, agent, sidechain)
            return "event"
        if results or not texts or record.isMeta or record.isCompactSummary or sidechain:
            return "other"
        if texts[0].startswith(("<command-", "<local-command-", "Caveat: ")):
            return "other"
        self._event("prompt", at, agent, sidechain, chars=sum(map(len, texts)))
        return "event"

    def _system(self, record: Record, agent: str | None, sidechain: bool) -> str:
        if record.subtype == "compact_boundary":
            about = record.compactMetadata
            trigger = names.word(about.trigger if about else None)
            tokens = about.preTokens if about else None
            if tokens is not None and not 0 <= tokens <= MAX_TOKENS:
                tokens = None
            at = _time(record.timestamp)
            self._event("compaction", at, agent, sidechain, tokens=tokens, detail=trigger)
            return "event"
        if record.subtype == "api_error":
            at = _time(record.timestamp)
            self._event("api_error", at, agent, sidechain, detail=_status(record))
            return "event"
        return "other"

    def _synthetic(
        self, record: Record, message: Message, agent: str | None, sidechain: bool
    ) -> None:
        """Note what the client says in the model's name: errors and limits."""
        content = message.content if isinstance(message.content, list) else [message.content or ""]
        text = " ".join(b if isinstance(b, str) else b.text or "" for b in content)
        at = _time(record.timestamp)
        if is_limit(text, record.error if isinstance(record.error, str) else None):
            self._event("limit", at, agent, sidechain, resets_at=resets_at(text, at))
        elif record.isApiErrorMessage:
            self._event("api_error", at, agent, sidechain, detail=_status(record))

    def _event(
        self,
        kind: str,
        at: dt.datetime | None,
        agent: str | None,
        sidechain: bool,
        *,
        chars: int | None = None,
        tokens: int | None = None,
        detail: str | None = None,
        resets_at: dt.datetime | None = None,
    ) -> None:
        # in the order of schema.EVENTS_TABLE, without file, session and project
        when = None if at is None else microseconds(at)
        until = None if resets_at is None else microseconds(resets_at)
        self.events.append((agent, sidechain, when, kind, chars, tokens, detail, until))


def _status(record: Record) -> str | None:
    error = record.error
    return names.word(error if isinstance(error, str) else str(error.status) if error else None)


def _time(at: dt.datetime | None) -> dt.datetime | None:
    return at if at is not None and EARLIEST <= at < LATEST else None
