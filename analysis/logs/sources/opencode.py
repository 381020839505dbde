"""OpenCode messages: `storage/message/<session>/msg_*.json`, later rows of `opencode*.db`.

Each answer has the four classes of Anthropic's API, apart from each other; reasoning is beside the
output and billed as output. A session that is forked copies messages under new ids, and a message
is written again while it is answered, so one is told by its model and when it began.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from analysis.logs.decode import decoded, required
from analysis.logs.documents import MAX_DOCUMENT, Piece
from analysis.logs.records import RejectedError
from analysis.logs.shapes import Count
from analysis.logs.sheet import Sheet
from analysis.logs.stream import Stream, open_log
from analysis.logs.values import folder, moment, nano, text

LABEL = "OpenCode"
HOME = "opencode"
PLACE = re.compile(r"/message/[^/]+/msg_[^/]*\.json$|/opencode[^/]*\.db$")
HEAD = re.compile(rb'^\s*\{[^{]*"sessionID"\s*:\s*"ses_[^{]*"role"\s*:')

_WIDEST = 3  # bytes read for one in the file, at most: of UTF-16 more than were written
_IS_TABLE = """SELECT 1 FROM sqlite_schema
    WHERE name = 'message' AND type = 'table' AND sql LIKE 'CREATE TABLE%'"""

_ENDS = {"stop": "end_turn", "tool-calls": "tool_use", "length": "max_tokens"}


class _Cache(msgspec.Struct):
    read: Count | None = None
    write: Count | None = None


class _Tokens(msgspec.Struct):
    input: Count
    output: Count
    reasoning: Count | None = None
    cache: _Cache | None = None


_tokens = partial(msgspec.convert, type=_Tokens)
_object = msgspec.json.Decoder(dict[str, Any]).decode


def project(path: Path) -> str | None:
    """Return the folder a message was written in, spelled as Claude Code spells folders."""
    if path.suffix == ".db":
        return None
    with open_log(path) as stream:
        head = bytearray(2**16)
        said = decoded(bytes(head[: stream.readinto(head)]), _object)
    where = said.get("path") if isinstance(said, dict) else None
    place = _place(where)
    return folder(place) if place else None


def beside(path: Path) -> list[Path]:
    """Return the log of a database, which has what is not yet in it."""
    return [path.with_name(f"{path.name}-wal")] if path.suffix == ".db" else []


def _place(where: object) -> str | None:
    root = text(where.get("root")) if isinstance(where, dict) else None
    cwd = text(where.get("cwd")) if isinstance(where, dict) else None
    return cwd if root in (None, "", "/") else root


def read(stream: Stream, sheet: Sheet) -> None:
    """Take in a message, or a database of them."""
    if sheet.path.suffix == ".db":
        import sqlite3

        sheet.bytes = stream.size
        try:
            sheet.take(_rows(sheet.path), lambda data: _record(sheet, data))
        except sqlite3.Error:
            sheet.reject("damaged")
    elif (data := sheet.document(stream)) is not None:
        sheet.take([Piece([data] if data.strip() else [])], lambda data: _record(sheet, data))


def _rows(path: Path) -> Iterator[Piece]:
    """Yield the messages of a database, which is neither locked nor changed by it.

    What is not yet in the database itself lies in a log beside it, which SQLite reads only where
    it may write: so both are copied. A view could go on for ever: only a table is read, and no more
    of it than the files can hold.
    """
    import shutil
    import sqlite3
    import tempfile

    with tempfile.TemporaryDirectory() as beside:
        log, copied, left = Path(f"{path}-wal"), path, path.stat().st_size
        if log.exists() and log.stat().st_size:
            left += log.stat().st_size
            copied = Path(beside) / path.name
            shutil.copyfile(path, copied)
            with suppress(FileNotFoundError):
                shutil.copyfile(log, f"{copied}-wal")
        more = "" if copied != path else "&immutable=1"
        at = f"{copied.resolve().as_uri()}?mode={'rw' if copied != path else 'ro'}{more}"
        with closing(sqlite3.connect(at, uri=True)) as database:
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_DOCUMENT)
            if database.execute(_IS_TABLE).fetchone() is None:
                raise sqlite3.DatabaseError
            for session, data in database.execute("SELECT session_id, data FROM message"):
                said = _with_session(session, data)
                left -= 1 + len(said) // _WIDEST
                if left < 0:
                    yield Piece([], "too_long")
                    return
                yield Piece([said])


def _with_session(session: object, data: object) -> bytes:
    """Return a row's document with its session, which stands beside it."""
    said = os.fsencode(data) if isinstance(data, str) else data if isinstance(data, bytes) else b""
    head = msgspec.json.encode({"sessionID": session if isinstance(session, str) else None})
    return head[:-1] + b"," + said.strip()[1:] if said.strip().startswith(b"{") else said


def _record(sheet: Sheet, data: bytes) -> str:
    """Take in one message."""
    said = decoded(data, _object)
    if isinstance(said, str):
        raise RejectedError("not_object" if said == "wrong_type" else said)
    times = said.get("time")
    began, ended = (moment(times.get(n)) if isinstance(times, dict) else None for n in _TIMES)
    session = sheet.id(said.get("sessionID"))
    sheet.session = session if sheet.path.suffix != ".db" else None
    if place := _place(said.get("path")):
        sheet.names["cwd"].add(place)
    if said.get("role") == "user":
        sheet.event("prompt", began, session=session)
        return "event"
    if said.get("role") != "assistant" or said.get("tokens") is None:
        return "other"
    used = required(said["tokens"], _tokens)
    cache = used.cache or _Cache()
    counts = (used.input, used.output, used.reasoning or 0, cache.read or 0, cache.write or 0)
    if said.get("error"):
        sheet.event("api_error", ended or began, session=session)
    if said.get("summary") is True:
        sheet.event("compaction", began, session=session)
    if not any(counts):  # begun, and not answered
        return "event" if said.get("error") else "other"
    sheet.usage(
        sheet.identity(said.get("modelID"), times.get("created"))
        if isinstance(times, dict)
        else "",
        ended or began,
        said.get("modelID") or "",
        session=session,
        requested_at=began,
        stop_reason=_ENDS.get(text(said.get("finish")) or ""),
        input_tokens=used.input,
        output_tokens=used.output + (used.reasoning or 0),
        write_tokens=cache.write,
        read_tokens=cache.read,
        context_tokens=used.input + (cache.read or 0) + (cache.write or 0),
        stated_nano=nano(said.get("cost")),
    )
    return "usage"


_TIMES = ("created", "completed")
