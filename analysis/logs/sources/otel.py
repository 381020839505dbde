"""OpenTelemetry of Claude Code, as the collector's file exporter writes it: OTLP as JSON lines.

The event `claude_code.api_request` is one request, whose `request_id` is the log's: it counts where
no log has it, such as the client's own calls. The counters `claude_code.token.usage` and
`claude_code.cost.usage` are sums and count as none.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from analysis.logs import names
from analysis.logs.decode import decoded
from analysis.logs.documents import by_line
from analysis.logs.lines import Lines
from analysis.logs.records import RejectedError
from analysis.logs.sheet import Sheet
from analysis.logs.stream import Stream
from analysis.logs.values import moment, nano, text
from analysis.schema import MAX_TOKENS

LABEL = "OpenTelemetry"
HOME = ""
PLACE = None
HEAD = re.compile(rb'^\s*\{\s*"resource(?:Metrics|Logs|Spans)"\s*:')

_CLASSES = {
    "input": "input_tokens",
    "output": "output_tokens",
    "cacheRead": "read_tokens",
    "cacheCreation": "write_tokens",
}
_COUNTERS = ("claude_code.token.usage", "claude_code.cost.usage")
_VALUES = {"asInt", "asDouble"}
_MAIN = (None, "main", "repl_main_thread", "sdk")
_object = msgspec.json.Decoder(dict[str, Any]).decode


def project(path: Path) -> str | None:
    """Return none: whose folders the requests were made in is not said."""
    return None


def read(stream: Stream, sheet: Sheet) -> None:
    """Take in an export: a line for each batch, or one document."""
    data = sheet.document(stream)
    if data is None:
        return
    telemetry = _Telemetry(sheet)
    if not isinstance(decoded(data, _object), str):
        data = data.replace(b"\n", b" ")
    lines: Any = io.BytesIO(data)
    lines.size = len(data)
    sheet.take(by_line(Lines(lines), rb'\{\s*"resource'), telemetry.record)
    telemetry.close()


class _Telemetry:
    """Counters by what they are of; each is exported again and again."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.sums: dict[tuple[Any, ...], dict[str, Any]] = {}

    def record(self, data: bytes) -> str:
        """Take in a batch of metrics or events."""
        said = decoded(data, _object)
        if isinstance(said, str):
            raise RejectedError("not_object" if said == "wrong_type" else said)
        counted, reason = False, None
        found: list[Callable[[], None]] = [partial(self._count, *point) for point in _points(said)]
        found += [partial(self._request, event) for event in _events(said)]
        for take in found:
            try:
                take()
                counted = True
            except RejectedError as rejected:
                reason = reason or rejected.reason
        if reason is not None:
            raise RejectedError(reason)
        return "usage" if counted else "other"

    def _count(self, name: str, point: Mapping[str, Any], delta: bool) -> None:
        about = _attributes(point)
        kind = about.pop("type", None)
        column = "stated_nano" if name.endswith("cost.usage") else _CLASSES.get(str(kind))
        begins, ends = _nanos(point.get("startTimeUnixNano")), _nanos(point.get("timeUnixNano"))
        if column is None:
            return
        if ends is None:
            raise RejectedError("bad_timestamp")
        if not point.keys() & _VALUES:  # none was recorded
            return
        value = _number(point.get("asInt", point.get("asDouble")))
        amount = nano(value) if column == "stated_nano" else _tokens(value)
        if amount is None:
            raise RejectedError("wrong_type")
        key = (begins, ends if delta else None, *sorted(about.items()))
        row = self.sums.setdefault(key, {"about": about, "begins": begins or ends, "ends": ends})
        row["ends"] = max(row["ends"], ends)
        row[column] = max(row.get(column) or 0, amount)

    def close(self) -> None:
        """Take in the last value of each counter."""
        for key, row in self.sums.items():
            about, some = row["about"], any(c in row for c in _CLASSES.values())
            counts = {c: row.get(c, 0 if some else None) for c in _CLASSES.values()}
            self.sheet.sum(
                "otel",
                key,
                row["begins"],
                row["ends"],
                about.get("model"),
                running=True,
                session=self.sheet.id(about.get("session.id")),
                is_sidechain=about.get("query_source") not in _MAIN,
                version=names.version(about.get("app.version")),
                speed=names.word(about.get("speed")),
                stated_nano=row.get("stated_nano"),
                **counts,
            )

    def _request(self, record: Mapping[str, Any]) -> None:
        about, sheet = _attributes(record), self.sheet
        at = _nanos(record.get("timeUnixNano")) or moment(about.get("event.timestamp"))
        took = _number(about.get("duration_ms"))
        asked = at - dt.timedelta(milliseconds=took) if at and took and took < 10**9 else None
        request = sheet.id(about.get("request_id"))
        session = sheet.id(about.get("session.id"))
        micros = _number(about.get("cost_usd_micros"))
        counts = [_tokens(_number(about.get(name))) for name in _COUNTS]
        read, write = counts[2], counts[3]
        sheet.usage(
            sheet.identity(request or (session, at, *counts)),
            at,
            about.get("model") or "",
            session=session,
            request_id=request,
            requested_at=asked,
            is_sidechain=about.get("query_source") not in _MAIN,
            version=names.version(about.get("app.version")),
            speed=names.word(about.get("speed")),
            input_tokens=counts[0],
            output_tokens=counts[1],
            read_tokens=read,
            write_tokens=write,
            context_tokens=sum(c or 0 for c in (counts[0], read, write)),
            stated_nano=nano(about.get("cost_usd")) if micros is None else nano(micros / 1e6),
        )


_COUNTS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens")


def _points(said: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    for metric in _inside(said, "resourceMetrics", "scopeMetrics", "metrics"):
        name, total = metric.get("name"), metric.get("sum")
        if name in _COUNTERS and isinstance(total, dict):
            delta = total.get("aggregationTemporality") in (1, "AGGREGATION_TEMPORALITY_DELTA")
            for point in _dicts(total.get("dataPoints")):
                yield str(name), point, delta


def _events(said: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for record in _inside(said, "resourceLogs", "scopeLogs", "logRecords"):
        body = record.get("body")
        name = body.get("stringValue") if isinstance(body, dict) else None
        if "api_request" in (
            str(name).removeprefix("claude_code."),
            _attributes(record).get("event.name"),
        ):
            yield record


def _inside(said: Mapping[str, Any], *names_: str) -> Iterator[dict[str, Any]]:
    found = [said]
    for name in names_:
        found = [inner for outer in found for inner in _dicts(outer.get(name))]
    yield from (dict(each) for each in found)


def _dicts(value: object) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _attributes(of: Mapping[str, Any]) -> dict[str, Any]:
    """Return attributes by name, of those that are texts or numbers."""
    found = {}
    for each in _dicts(of.get("attributes")):
        value = each.get("value")
        if isinstance(value, dict) and isinstance(name := each.get("key"), str):
            said = next(iter(value.values()), None)
            found[name] = said if isinstance(said, str | int | float) else None
    return found


def _number(value: object) -> float | None:
    try:
        return float(value) if isinstance(value, str | int | float) else None
    except (ValueError, OverflowError):
        return None


def _tokens(value: float | None) -> int | None:
    if value is None:
        return None
    if not 0 <= value <= MAX_TOKENS:
        raise RejectedError("out_of_range")
    return int(value)


def _nanos(value: object) -> dt.datetime | None:
    number = _number(text(value) if isinstance(value, str) else value)
    return moment(int(number) // 10**6) if number and 0 < number < 10**20 else None
