"""What the tool makes of a line, as measured on its version 20.0.24; and why it leaves one out.

It looks for `"usage":{` byte by byte, leaves out a line with certain keys null, decodes the rest
into fixed types, and takes the tokens of the answer and of what an advisor said.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any

from analysis.crosscheck.seen import Counts, Look, Seen

_BOM = b"\xef\xbb\xbf"
_MARK = b'"usage":{'
_NULL = re.compile(
    rb'"(id|cwd|model|speed|costUSD|version|sessionId|requestId|isApiErrorMessage'
    rb'|cache_read_input_tokens|cache_creation_input_tokens)"\s*:null'
)
_ITERATION = re.compile(rb'"iterations":\[[^\]]*\]')
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_VERSION = re.compile(r"\d+\.\d+\.\d")
_MOST = 2**64 - 1


class _OddError(Exception):
    """A value of a type or a shape that the tool does not take."""


def look(line: bytes, report: str) -> Look:
    """Look at a line as a report of the tool does.

    Parameters
    ----------
    line
        One line of a log, its end included.
    report
        `session`, or `daily`, which also reads agent progress and is stricter on text.

    Examples
    --------
    >>> look(b'{"message": {"usage": {}}}', "daily").rule
    'spaced'
    """
    if line.startswith(_BOM):
        return Look((), "bom")
    if _MARK not in line:
        return Look((), "spaced")
    if _null(line):
        return Look((), "null")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        if report == "daily":
            return Look((), "text")
        text = line.decode("utf-8", "replace")
    if report == "daily" and _lone(line):
        return Look((), "text")
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return Look((), "damaged")
    try:
        return Look(_usages(record, report))
    except _OddError:
        return Look((), "values" if _nested(record) is None or report == "daily" else "progress")


def _nested(record: Any) -> Mapping[str, Any] | None:
    """Return what a progress line repeats of a subagent."""
    data = record.get("data") if isinstance(record, dict) else None
    nested = data.get("message") if isinstance(data, dict) else None
    return nested if isinstance(nested, dict) else None


def _null(line: bytes) -> bool:
    found = [match.group(1) for match in _NULL.finditer(line)]
    if found and set(found) == {b"model"}:  # an iteration's may be
        return _NULL.search(_ITERATION.sub(b"", line)) is not None
    return bool(found)


def _lone(line: bytes) -> bool:
    """Whether a string has half a pair, which is no text."""
    if not _SURROGATE.search(line):
        return False
    try:
        json.dumps(json.loads(line), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    except (ValueError, RecursionError):
        return False
    return False


def _usages(record: Any, report: str) -> tuple[Seen, ...]:
    if not isinstance(record, dict):
        raise _OddError
    try:
        main = _answer(record, record.get("sessionId"), record.get("version"))
    except _OddError:
        nested = _nested(record)
        if report != "daily" or nested is None:
            raise
        return (_answer(nested, record.get("sessionId"), None),)
    iterations = record["message"]["usage"].get("iterations")
    return main, *_advisors(main, iterations if isinstance(iterations, list) else [])


def _answer(record: Mapping[str, Any], session: Any, version: Any) -> Seen:
    message = record.get("message")
    usage = message.get("usage") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(usage, dict):
        raise _OddError
    if _word(version) is not None and not _VERSION.match(version):
        raise _OddError
    sidechain = record.get("isSidechain")
    if sidechain is not None and not isinstance(sidechain, bool):
        raise _OddError
    speed = usage.get("speed")
    if speed not in (None, "standard", "fast"):
        raise _OddError
    cost = record.get("costUSD")
    if cost is not None and not isinstance(cost, int | float):
        raise _OddError
    return Seen(
        _word(message.get("id")),
        _word(record.get("requestId")),
        _word(session),
        _time(record.get("timestamp")),
        sidechain is True,
        _word(message.get("model")) or "",
        _tokens(usage),
        speed == "fast",
        None if cost is None else round(cost * 1e9),
    )


def _advisors(main: Seen, iterations: list[Any]) -> list[Seen]:
    found: list[Seen] = []
    for item in iterations:
        if isinstance(item, dict) and item.get("type") == "advisor_message" and item.get("model"):
            said = None if main.message is None else f"{main.message}:advisor:{len(found)}"
            fast = item.get("speed") == "fast"
            found.append(
                main._replace(
                    message=said, model=item["model"], tokens=_tokens(item), fast=fast, cost=None
                )
            )
    return found


def _word(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value:
        raise _OddError
    return value


def _time(value: Any) -> int:
    try:
        at = dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _OddError from None
    if at.tzinfo is None:
        raise _OddError
    return round(at.timestamp() * 1000)


def _tokens(usage: Mapping[str, Any]) -> Counts:
    split = usage.get("cache_creation")
    write = _count(usage.get("cache_creation_input_tokens", 0))
    if isinstance(split, dict):
        lives = ("ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens")
        write = sum(_count(split.get(life, 0)) for life in lives)
    read = _count(usage.get("cache_read_input_tokens", 0))
    return Counts(
        _count(usage.get("input_tokens")), _count(usage.get("output_tokens")), write, read
    )


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST:
        raise _OddError
    return value
