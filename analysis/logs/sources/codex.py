"""Codex CLI rollouts: `sessions/2026/03/19/rollout-<time>-<uuid>.jsonl`.

A `token_count` gives a running total and the last request's part of it. It is written again when
nothing has changed, so a request is where the total moves, by as much as it moves. A fork, and a
subagent that is given a history, begins with its parent's lines, their times written anew: a
request is told by the first ancestor and the running total, which they repeat.

Cached tokens and, from 0.145 on, written ones are inside the input; reasoning is inside the output.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import msgspec

from analysis.logs import names
from analysis.logs.decode import required
from analysis.logs.records import RejectedError
from analysis.logs.shapes import Count
from analysis.logs.sheet import Sheet, again
from analysis.logs.stream import Stream, open_log
from analysis.logs.values import folder, moment, text

LABEL = "Codex CLI"
HOME = ".codex"
PLACE = re.compile(r"/rollout-[^/]*\.jsonl$")
HEAD = None

_TOOLS = {
    "run": "shell exec_command local_shell unified_exec write_stdin",
    "read": "read_file list_dir view_image",
    "edit": "apply_patch",
    "search": "grep_files",
    "web": "web_search",
    "agent": "spawn_agent send_input wait close_agent",
    "plan": "update_plan request_user_input",
}
_KIND = {name: kind for kind, called in _TOOLS.items() for name in called.split()}

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FAILED = re.compile(r'"exit_code":\s*-?[1-9]|^(?:Exit code:|Process exited with code) -?[1-9]')
_OWN = dt.timedelta(seconds=2)  # a fork repeats what its parent saw at once


class _Line(msgspec.Struct):
    type: Any = None
    timestamp: Any = None
    payload: msgspec.Raw = msgspec.Raw()


class _Usage(msgspec.Struct, frozen=True):
    input_tokens: Count
    output_tokens: Count
    cached_input_tokens: Count | None = None
    cache_write_input_tokens: Count | None = None

    def since(self, before: _Usage) -> _Usage | None:
        """Return what was used since a total; null where the total began anew."""
        parts = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(before), strict=True)
        moved: Any = [None if now is None else now - (then or 0) for now, then in parts]
        return None if any(m is not None and m < 0 for m in moved) else _Usage(*moved)


class _Info(msgspec.Struct):
    total_token_usage: _Usage | None = None
    last_token_usage: _Usage | None = None


class _Counted(msgspec.Struct):
    info: _Info | None = None


_line = msgspec.json.Decoder(_Line).decode
_counted = msgspec.json.Decoder(_Counted).decode
_object = msgspec.json.Decoder(dict[str, Any]).decode


def project(path: Path) -> str | None:
    """Return the folder a session was run in, spelled as Claude Code spells folders."""
    with open_log(path) as stream:
        head = bytearray(2**16)
        said = bytes(head[: stream.readinto(head)])
    found = re.search(rb'"cwd"\s*:\s*("(?:[^"\\]|\\.)*")', said)
    try:
        return folder(msgspec.json.decode(found[1], type=str)) if found else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def read(stream: Stream, sheet: Sheet) -> None:
    """Take in a rollout."""
    if told := _UUID.search(sheet.path.name):
        sheet.session = told[0]
    sheet.lines(stream, _Rollout(sheet).record, rb'\{\s*"timestamp"')


class _Rollout:
    """What the lines so far say that later lines need."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.own = sheet.session
        self.root: str | None = None  # the first session of a family of forks
        self.began: dt.datetime | None = None  # this session, as far as it repeats another
        self.repeats = False
        self.version: str | None = None
        self.spelled: str | None = None
        self.model: str | None = None
        self.total: _Usage | None = None
        self.resets: dt.datetime | None = None
        self.last: dict[str, Any] | None = None
        self.said: dict[str, Any] = {}  # of the answer at hand

    def record(self, data: bytes) -> str:
        try:
            line = _line(data)
        except UnicodeDecodeError:
            raise RejectedError("bad_utf8") from None
        except msgspec.DecodeError:
            raise RejectedError("not_object") from None
        at = moment(line.timestamp)
        if line.type == "event_msg" and b'"token_count"' in bytes(line.payload):
            return self._count(line.payload, at)
        try:
            payload = _object(line.payload) if line.payload else {}
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            payload = {}
        if line.type == "session_meta":
            self._begin(payload, at)
        elif line.type == "turn_context":
            self._turn(payload, at)
        elif line.type == "response_item":
            return self._item(payload, at)
        elif line.type == "event_msg":
            return self._event(payload, at)
        elif line.type == "compacted":
            return self._happened("compaction", at, tokens=self._context())
        return "other"

    def _begin(self, meta: dict[str, Any], at: dt.datetime | None) -> None:
        sheet, own = self.sheet, text(meta.get("id"))
        self._where(meta.get("cwd"), meta.get("git"))
        if self.total is None:
            self.root = text(meta.get("forked_from_id")) or own or self.root
        if self.began is not None:
            self.repeats = self.repeats or own != self.own
            return
        self.own, self.repeats = own, meta.get("forked_from_id") is not None
        self.began = moment(meta.get("timestamp")) or at
        self.version = names.version(text(meta.get("cli_version")))
        sheet.session = sheet.id(own) or sheet.session
        if parent := _parent(meta):
            sheet.session, sheet.agent = sheet.id(parent), sheet.id(own)

    def _where(self, cwd: object, git: object) -> None:
        if said := text(cwd):
            self.sheet.names["cwd"].add(said)
        if isinstance(git, dict) and (branch := text(git.get("branch"))):
            self.sheet.names["branch"].add(branch)

    def _turn(self, turn: dict[str, Any], at: dt.datetime | None) -> None:
        self._where(turn.get("cwd"), None)
        self.spelled = text(turn.get("model")) or self.spelled

    def _count(self, payload: msgspec.Raw, at: dt.datetime | None) -> str:
        info = required(payload, _counted).info
        self._limits(payload)
        total = info.total_token_usage if info else None
        if info is None or (total is None and info.last_token_usage is None):
            return "other"
        if at is None:
            raise RejectedError("bad_timestamp")
        used = info.last_token_usage
        if total is not None and total == self.total and self.last:  # said again
            again(self.last, at)
            return "usage"
        if total is not None and self.total is not None:
            used = total.since(self.total) or used
        used = used or total
        self.total = total or self.total
        if used is not None:
            self._request(used, total, at)
        return "usage"

    def _request(self, used: _Usage, total: _Usage | None, at: dt.datetime) -> None:
        sheet, read = self.sheet, used.cached_input_tokens
        write = used.cache_write_input_tokens
        fresh = used.input_tokens - (read or 0) - (write or 0)
        if fresh < 0:
            raise RejectedError("out_of_range")
        model = sheet.model(self.spelled or "")
        if self.model not in (None, model) and not self._repeated(at):
            sheet.event("model_change", at, detail=model)
        self.model = model
        said, self.said = self.said, {}
        began = said.pop("began", at)
        asked = said.pop("asked", None)
        told = (*msgspec.structs.astuple(total or used), at if total is None else None)
        self.last = sheet.usage(
            sheet.identity(self.root, *told),
            at,
            self.spelled or "",
            first_seen=began,
            requested_at=asked if asked is not None and asked <= began else None,
            version=self.version,
            input_tokens=fresh,
            output_tokens=used.output_tokens,
            write_tokens=write,
            read_tokens=read,
            context_tokens=used.input_tokens,
            **({"web_searches": 0, "text_chars": 0, "tool_chars": 0} | said),
        )

    def _limits(self, payload: msgspec.Raw) -> None:
        found = re.search(rb'"primary"\s*:\s*\{[^{}]*"resets_at"\s*:\s*(\d{1,12})', bytes(payload))
        if found:
            self.resets = moment(int(found[1]) * 1000)

    def _item(self, item: dict[str, Any], at: dt.datetime | None) -> str:
        kind, said = item.get("type"), self.said
        if kind == "message" and item.get("role") == "user":
            said["asked"] = at or said.get("asked")
        elif kind in ("function_call_output", "custom_tool_call_output"):
            said["asked"] = at or said.get("asked")
            output = item.get("output")
            if isinstance(output, dict):
                output = output.get("content")
            if isinstance(output, str) and _FAILED.search(output):
                return self._happened("tool_error", at)
        elif kind in ("message", "reasoning") or str(kind).endswith("_call"):
            if at is not None:
                said.setdefault("began", at)
            self._answer(str(kind), item)
        return "other"

    def _answer(self, kind: str, item: dict[str, Any]) -> None:
        said = self.said
        if kind == "message":
            content = item.get("content")
            parts = content if isinstance(content, list) else []
            texts = [p.get("text") for p in parts if isinstance(p, dict)]
            said["text_chars"] = said.get("text_chars", 0) + sum(
                len(t) for t in texts if isinstance(t, str)
            )
        elif kind.endswith("_call"):
            name = text(item.get("name")) or kind.removesuffix("_call")
            searched = name == "web_search"
            said["web_searches"] = said.get("web_searches", 0) + searched
            given = text(item.get("arguments")) or text(item.get("input")) or ""
            said["tool_chars"] = said.get("tool_chars", 0) + len(given)
            kind = _KIND.get(name) or ("mcp" if "__" in name else "other")
            said["tools"] = self.sheet.called(said.get("tools"), kind)

    def _event(self, event: dict[str, Any], at: dt.datetime | None) -> str:
        kind = event.get("type")
        if kind == "user_message" and self.sheet.agent is None:
            return self._happened("prompt", at, chars=len(text(event.get("message")) or ""))
        if kind == "turn_aborted":
            return self._happened("interruption", at)
        if kind == "error":
            info = event.get("codex_error_info")
            if info == "usage_limit_exceeded":
                return self._happened("limit", at, resets_at=self.resets)
            return self._happened("api_error", at, detail=_status(info))
        return "other"

    def _happened(self, kind: str, at: dt.datetime | None, **columns: Any) -> str:
        if not self._repeated(at):
            self.sheet.event(kind, at, **columns)
        return "event"

    def _repeated(self, at: dt.datetime | None) -> bool:
        """Whether this happened to the session that a fork goes on from."""
        return self.repeats and (at is None or self.began is None or at <= self.began + _OWN)

    def _context(self) -> int | None:
        return self.last["context_tokens"] if self.last else None


def _parent(meta: dict[str, Any]) -> str | None:
    """Return the session whose subagent this is."""
    spawned: Any = meta.get("source")
    for name in ("subagent", "thread_spawn"):
        spawned = spawned.get(name) if isinstance(spawned, dict) else None
    said = spawned.get("parent_thread_id") if isinstance(spawned, dict) else None
    if said is None and meta.get("thread_source") == "subagent":
        said = meta.get("parent_thread_id")
    return text(said)


def _status(info: object) -> str | None:
    about = next(iter(info.values()), None) if isinstance(info, dict) else info
    code = about.get("http_status_code") if isinstance(about, dict) else about
    return names.word(str(code) if isinstance(code, int | str) else None)
