"""One log file to rows: copies, events and the line ledger. Content stops here."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from analysis.logs import names
from analysis.logs.discover import LogFile
from analysis.logs.limits import resets_at
from analysis.logs.records import Block, Message, Nested, Record, RejectedError, records
from analysis.logs.usage import Copy, iteration_copies, models_of, usage_copy
from analysis.schema import COPIES, EVENTS_TABLE, LINE_CLASSES, MAX_TOKENS, REASONS

MAX_LINE = 64 * 2**20  # bytes; a record this long is not a transcript's

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_EARLIEST = dt.datetime(2023, 1, 1, tzinfo=dt.UTC)  # before any such log
_SPOKEN = ("text", None)


@dataclass
class Scan:
    """What one file says: rows for three tables, and its private names."""

    copies: list[tuple[Any, ...]]
    events: list[tuple[Any, ...]]
    ledger: dict[str, Any]
    names: dict[str, set[str]]


@dataclass
class _State:
    """What the lines so far say that later lines need."""

    where: dict[str, Any]
    key: bytes
    copies: dict[tuple[Any, ...], Copy] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    asked: dict[str, dt.datetime] = field(default_factory=dict)  # by chain
    model: dict[str, str] = field(default_factory=dict)  # by chain
    owner: dict[str, str] = field(default_factory=dict)  # uuid -> message id
    names: dict[str, set[str]] = field(
        default_factory=lambda: {"cwd": set(), "branch": set(), "models": set()}
    )


def scan(log: LogFile, file: int, project: str, key: bytes) -> Scan:
    """Read one log file.

    Parameters
    ----------
    log
        The file; it is opened for reading only.
    file, project
        Its number and its project's label in the dataset.
    key
        The dataset's secret, for labels of names that are not opaque ids.

    Returns
    -------
    Scan
        Rows in the column order of `schema.COPIES`, `schema.EVENTS_TABLE`; the ledger's classes
        always sum to its lines.
    """
    where = {
        "file": file,
        "session": names.opaque(log.session, key),
        "agent": names.opaque(log.agent, key),
        "project": project,
    }
    ledger: dict[str, Any] = {"skipped": log.skipped, "bytes": 0, "lines": 0, "extra_records": 0}
    ledger |= dict.fromkeys(LINE_CLASSES, 0) | {f"rejected_{r}": 0 for r in REASONS}
    state = _State(where, key)
    if log.skipped is None:
        try:
            with open(log.path, "rb", buffering=2**20, opener=_opener) as stream:
                for line, ended in _lines(stream, ledger):
                    _count(line, ended, state, ledger)
        except OSError:
            ledger["skipped"] = "unreadable"
    copies = [c.row(where) for c in state.copies.values()]
    events = [where | _BLANK_EVENT | e for e in state.events]
    return Scan(
        [tuple(row[c.name] for c in COPIES) for row in copies],
        [tuple(row[c.name] for c in EVENTS_TABLE) for row in events],
        where | ledger,
        state.names,
    )


_BLANK_EVENT = {"chars": None, "tokens": None, "detail": None, "resets_at": None}


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _lines(stream: BinaryIO, ledger: dict[str, Any]) -> Iterator[tuple[bytes, bool]]:
    """Yield each line and whether it has ended, up to the size the file had at first."""
    size = os.fstat(stream.fileno()).st_size
    while ledger["bytes"] < size:
        line = stream.readline(min(MAX_LINE, size - ledger["bytes"]))
        if not line:
            return
        if ledger["bytes"] == 0:
            line = line.removeprefix(b"\xef\xbb\xbf")
        ledger["bytes"] = stream.tell()
        ended = line.endswith(b"\n")
        if len(line) >= MAX_LINE and not ended:
            while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                pass
            ledger["bytes"] = stream.tell()
        yield line, ended


def _count(line: bytes, ended: bool, state: _State, ledger: dict[str, Any]) -> None:
    ledger["lines"] += 1
    if not line.strip():
        ledger["blank"] += 1
        return
    found, reason = ([], "too_long") if len(line) >= MAX_LINE else records(line)
    classes = []
    for record in found:
        try:
            classes.append(_read(record, state))
        except RejectedError as rejected:
            reason = reason or rejected.reason
    if reason is not None:
        reason = "unfinished" if reason == "not_json" and not ended else reason
        ledger["rejected"] += 1
        ledger[f"rejected_{reason}"] += 1
        ledger["extra_records"] += len(classes)
    else:
        ledger[min(classes, key=LINE_CLASSES.index)] += 1
        ledger["extra_records"] += len(classes) - 1


def _read(record: Record, state: _State) -> str:
    """Take in one record and say the class it gives its line."""
    for name, value in (("cwd", record.cwd), ("branch", record.gitBranch)):
        if value:
            state.names[name].add(value)
    if state.where["session"] is None:
        state.where["session"] = names.opaque(record.sessionId, state.key)
    agent = names.opaque(record.agentId, state.key) or state.where["agent"]
    sidechain = bool(record.isSidechain) or agent is not None
    parent = state.owner.get(record.parentUuid or "")
    message = record.message
    if record.uuid and parent:
        state.owner[record.uuid] = parent
    if record.type == "assistant" and message is not None and message.usage is not None:
        if message.model == "<synthetic>":
            _synthetic(record, message, agent, sidechain, state)
            return "synthetic"
        at = _usage_time(record.timestamp)
        copy = _add(
            record, message, at, "assistant", agent, sidechain, parent, record.version, state
        )
        if record.uuid:
            state.owner[record.uuid] = copy.message_id
        return "usage"
    data = record.data
    if record.type == "progress" and data is not None and data.type == "agent_progress":
        return _progress(record, data.message, names.opaque(data.agentId, state.key), state)
    if record.type == "user" and message is not None:
        return _user(record, message, agent, sidechain, state)
    if record.type == "system":
        return _system(record, agent, sidechain, state)
    return "other"


def _add(
    record: Record | Nested,
    message: Message,
    at: dt.datetime,
    origin: str,
    agent: str | None,
    sidechain: bool,
    parent: str | None,
    version: str | None,
    state: _State,
) -> Copy:
    chain = agent or str(sidechain)
    copy = usage_copy(message, record.requestId, record.uuid, at, origin, state.key)
    extras = iteration_copies(copy, message, state.key)
    if any(found.model.startswith("other-") for found in (copy, *extras)):
        state.names["models"] |= models_of(message)
    for found in (copy, *extras):
        found.agent, found.is_sidechain = agent, sidechain
        found.parent_message_id = parent
        asked = state.asked.get(chain)
        found.requested_at = asked if asked is not None and asked <= at else None
        found.version = names.version(version)
        opaque = found.message_id.startswith("msg_")
        known = (origin, found.message_id, found.request_id, None if opaque else at)
        if (old := state.copies.get(known)) is None:
            state.copies[known] = found
        else:
            old.merge(found)
    if state.model.get(chain, copy.model) != copy.model:
        _event(state, "model_change", at, agent, sidechain, detail=copy.model)
    state.model[chain] = copy.model
    return copy


def _progress(record: Record, nested: Nested | None, agent: str | None, state: _State) -> str:
    if nested is None or nested.message is None:
        return "other"
    if nested.type == "user":
        at = _time(nested.timestamp) or _time(record.timestamp)
        if at is not None:
            state.asked[agent or "True"] = at
        return "other"
    message = nested.message
    if nested.type != "assistant" or message.usage is None or message.model == "<synthetic>":
        return "other"
    at = _usage_time(nested.timestamp or record.timestamp)
    _add(nested, message, at, "agent_progress", agent, True, None, record.version, state)
    return "usage"


def _user(
    record: Record, message: Message, agent: str | None, sidechain: bool, state: _State
) -> str:
    at = _time(record.timestamp)
    if at is not None:
        state.asked[agent or str(sidechain)] = at
    content = message.content
    blocks = [content] if isinstance(content, str) else content or []
    results = [b for b in blocks if isinstance(b, Block) and b.type == "tool_result"]
    texts = [b if isinstance(b, str) else b.text or "" for b in blocks if _is_text(b)]
    failed = sum(bool(b.is_error) for b in results)
    for _ in range(failed):
        _event(state, "tool_error", at, agent, sidechain)
    if failed:
        return "event"
    if any(t.startswith("[Request interrupted by user") for t in texts):
        _event(state, "interruption", at, agent, sidechain)
        return "event"
    if results or not texts or record.isMeta or record.isCompactSummary or sidechain:
        return "other"
    if texts[0].startswith(("<command-", "<local-command-", "Caveat: ")):
        return "other"
    _event(state, "prompt", at, agent, sidechain, chars=sum(map(len, texts)))
    return "event"


def _is_text(block: Block | str) -> bool:
    return isinstance(block, str) or block.type in _SPOKEN


def _system(record: Record, agent: str | None, sidechain: bool, state: _State) -> str:
    at = _time(record.timestamp)
    if record.subtype == "compact_boundary":
        about = record.compactMetadata
        trigger = names.word(about.trigger if about else None)
        tokens = about.preTokens if about else None
        if tokens is not None and not 0 <= tokens <= MAX_TOKENS:
            tokens = None
        _event(state, "compaction", at, agent, sidechain, tokens=tokens, detail=trigger)
        return "event"
    if record.subtype == "api_error":
        _event(state, "api_error", at, agent, sidechain, detail=_status(record))
        return "event"
    return "other"


def _synthetic(
    record: Record, message: Message, agent: str | None, sidechain: bool, state: _State
) -> None:
    """Note what the client says in the model's name: errors and limits."""
    content = message.content if isinstance(message.content, list) else [message.content or ""]
    text = " ".join(b if isinstance(b, str) else b.text or "" for b in content)
    at = _time(record.timestamp)
    if record.error == "rate_limit" or "limit reached" in text or "hit your limit" in text:
        _event(state, "limit", at, agent, sidechain, resets_at=resets_at(text, at))
    elif record.isApiErrorMessage:
        _event(state, "api_error", at, agent, sidechain, detail=_status(record))


def _status(record: Record) -> str | None:
    error = record.error
    return names.word(error if isinstance(error, str) else str(error.status) if error else None)


def _event(
    state: _State,
    kind: str,
    at: dt.datetime | None,
    agent: str | None,
    sidechain: bool,
    **values: Any,
) -> None:
    where = {"kind": kind, "at": at, "agent": agent, "is_sidechain": sidechain}
    state.events.append(where | values)


def _usage_time(text: str | None) -> dt.datetime:
    if (at := _time(text)) is None:
        raise RejectedError("bad_timestamp")
    return at


def _time(text: str | None) -> dt.datetime | None:
    """Read an ISO time with a zone, as UTC; anything else is no time."""
    if text is None or not _TIME.fullmatch(text):
        return None
    try:
        at = dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return at if at >= _EARLIEST else None
