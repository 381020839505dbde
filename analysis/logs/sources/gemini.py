"""Gemini CLI chats: `tmp/<project>/chats/session-*.json`, from 0.39 on `.jsonl`.

A chat is a document with its messages, or a line for each, which is written again as the message
grows. Cached tokens are inside the input; thoughts are answered and billed as output; what tools
hand the model is beside the input. There is no counter of what is written to the cache.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from analysis.logs.decode import decoded, required
from analysis.logs.records import RejectedError
from analysis.logs.shapes import Count
from analysis.logs.sheet import Sheet
from analysis.logs.stream import Stream
from analysis.logs.values import folder, moment, text
from analysis.schema import LINE_CLASSES

LABEL = "Gemini CLI"
HOME = ".gemini"
PLACE = re.compile(r"/chats/(?:session-[^/]*\.jsonl?|[^/]+/[^/]+\.jsonl)$")
HEAD = re.compile(rb'^\s*\{[^\[]*"projectHash"\s*:')

_TOOLS = {
    "run": "run_shell_command",
    "read": "read_file read_many_files list_directory",
    "edit": "write_file replace",
    "search": "search_file_content grep_search glob",
    "web": "google_web_search web_fetch",
    "plan": "write_todos",
    "agent": "delegate_to_agent codebase_investigator",
}
_KIND = {name: kind for kind, called in _TOOLS.items() for name in called.split()}
_SESSION = re.compile(rb'"sessionId"\s*:\s*"([^"\\]{1,100})"')


class _Tokens(msgspec.Struct):
    input: Count
    output: Count
    cached: Count | None = None
    thoughts: Count | None = None
    tool: Count | None = None


_tokens = partial(msgspec.convert, type=_Tokens)
_object = msgspec.json.Decoder(dict[str, Any]).decode


def project(path: Path) -> str | None:
    """Return the folder that a chat's project is kept in, or was, where the tool notes it."""
    kept = _kept(path)
    if kept is None:
        return None
    root = _root(kept)
    return folder(root) if root else kept.name


def beside(path: Path) -> list[Path]:
    """Return the note of where the project was, which lies in the folder it is kept in."""
    kept = _kept(path)
    return [kept / ".project_root"] if kept else []


def _kept(path: Path) -> Path | None:
    return next((p.parent for p in path.parents if p.name == "chats"), None)


def _root(kept: Path) -> str | None:
    try:
        return (kept / ".project_root").read_text(encoding="utf-8")[:4096].strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def read(stream: Stream, sheet: Sheet) -> None:
    """Take in a chat."""
    chat = _Chat(sheet)
    if kept := _kept(sheet.path):
        sheet.names["cwd"] |= {root} if (root := _root(kept)) else set()
    if ".jsonl" in sheet.path.suffixes:
        sheet.lines(stream, chat.record, rb'\{\s*"(?:id|sessionId|\$set|\$rewindTo)"')
    elif (data := sheet.document(stream)) is not None:
        chat.begin(data[:4096])
        sheet.items(data, "messages", chat.record)


class _Chat:
    """What the messages so far say that later ones need."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.asked: Any = None
        self.told: set[str] = set()  # events, which a message that is written again repeats

    def begin(self, head: bytes) -> None:
        """Take in what a chat says of itself."""
        found = _SESSION.search(head)
        if found is None or self.sheet.session is not None:
            return
        own = self.sheet.id(found[1].decode("utf-8", "replace"))
        inside = self.sheet.path.parent
        self.sheet.session = own
        if inside.parent.name == "chats":  # a subagent's, kept below its session
            self.sheet.session, self.sheet.agent = self.sheet.id(inside.name), own

    def record(self, data: bytes) -> str:
        """Take in a message, or a change of the chat."""
        said = decoded(data, _object)
        if isinstance(said, str):
            raise RejectedError("not_object" if said == "wrong_type" else said)
        if "sessionId" in said:
            self.begin(data)
        changed = said.get("$set")
        again = changed.get("messages") if isinstance(changed, dict) else None
        if isinstance(again, list):
            classes = [self._message(m) for m in again if isinstance(m, dict)]
            return min(classes, key=LINE_CLASSES.index, default="other")
        return self._message(said)

    def _message(self, said: dict[str, Any]) -> str:
        kind, at = said.get("type"), moment(said.get("timestamp"))
        if kind == "user":
            self.asked = at or self.asked
            if self.sheet.agent is not None:
                return "other"
            chars = sum(map(len, _texts(said.get("content"))))
            self._event("prompt", said, chars=chars)
            return "event"
        if kind == "error":
            self._event("api_error", said)
            return "event"
        if kind != "gemini" or said.get("tokens") is None:
            return "other"
        self._answer(said)
        return "usage"

    def _answer(self, said: dict[str, Any]) -> None:
        at = moment(said.get("timestamp"))
        used = required(said["tokens"], _tokens)
        if (used.cached or 0) > used.input:
            raise RejectedError("out_of_range")
        sheet, calls = self.sheet, said.get("toolCalls")
        tools: str | None = None
        for call in calls if isinstance(calls, list) else []:
            name = text(call.get("name")) if isinstance(call, dict) else None
            kind = _KIND.get(name or "") or ("mcp" if "__" in (name or "") else "other")
            tools = sheet.called(tools, kind)
            if name and call.get("status") == "error":
                self._event("tool_error", call)
        context = used.input + (used.tool or 0)
        key = text(said.get("id")) or f"{sheet.session} {said.get('timestamp')}"
        sheet.usage(
            sheet.identity(key),
            at,
            said.get("model") or "",
            requested_at=self.asked if self.asked and at and self.asked <= at else None,
            input_tokens=context - (used.cached or 0),
            output_tokens=used.output + (used.thoughts or 0),
            read_tokens=used.cached,
            context_tokens=context,
            text_chars=sum(map(len, _texts(said.get("content")))),
            tools=tools,
        )
        self.asked = at or self.asked

    def _event(self, kind: str, said: dict[str, Any], **columns: Any) -> None:
        key = text(said.get("id"))
        if key is None or key not in self.told:
            self.sheet.event(kind, moment(said.get("timestamp")), **columns)
        if key is not None:
            self.told.add(key)


def _texts(content: object) -> Iterable[str]:
    parts = content if isinstance(content, list) else [content]
    for part in parts:
        said = part.get("text") if isinstance(part, dict) else part
        if isinstance(said, str):
            yield said
