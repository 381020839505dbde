"""What ccusage says with `--json`: a row for each day, month or session, by model.

Its days are those of the zone it was run in, taken for UTC here. It does not split writes by
lifetime, and its costs are its own list.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from analysis.logs.decode import decoded
from analysis.logs.documents import Piece, items
from analysis.logs.records import RejectedError
from analysis.logs.shapes import Count
from analysis.logs.sheet import Sheet
from analysis.logs.sources import _admin
from analysis.logs.stream import Stream
from analysis.logs.values import moment, nano, text

LABEL = "ccusage"
HOME = ""
PLACE = None
HEAD = re.compile(
    rb'^\s*\{\s*"(?:daily|weekly|monthly|sessions?|projects|totals)"\s*:(?=.*"cacheCreationTokens")',
    re.DOTALL,
)

_LISTS = ("daily", "weekly", "monthly", "session", "sessions")
_DAYS = {"daily": 1, "weekly": 7, "monthly": 31}


class _Counts(msgspec.Struct):
    inputTokens: Count  # noqa: N815  (its own spelling)
    outputTokens: Count  # noqa: N815
    cacheCreationTokens: Count | None = None  # noqa: N815
    cacheReadTokens: Count | None = None  # noqa: N815
    modelName: Any = None  # noqa: N815
    cost: Any = None
    totalCost: Any = None  # noqa: N815


_object = msgspec.json.Decoder(dict[str, Any]).decode


def project(path: Path) -> str | None:
    """Return none: its rows are of many folders."""
    return None


def read(stream: Stream, sheet: Sheet) -> None:
    """Take in a report; each row counts as a record, and each model of it as a copy."""
    data = sheet.document(stream)
    if data is not None:
        for kind, piece in _rows(data):
            sheet.take([piece], partial(_row, sheet, kind))


def _rows(data: bytes) -> Iterator[tuple[str, Piece]]:
    said = decoded(data, _object)
    by_project = said.get("projects") if isinstance(said, dict) else None
    if isinstance(by_project, dict):
        for name, rows in by_project.items():
            for row in rows if isinstance(rows, list) else []:
                about = {"project": name} | row if isinstance(row, dict) else row
                yield "daily", Piece([msgspec.json.encode(about)])
        return
    kinds = [kind for kind in _LISTS if re.search(rb'"%b"\s*:\s*\[' % kind.encode(), data)]
    for kind in kinds[:1] or ["daily"]:
        for piece in items(data, kind):
            yield kind, piece


def _row(sheet: Sheet, kind: str, data: bytes) -> str:
    said = decoded(data, _object)
    if isinstance(said, str):
        raise RejectedError("not_object" if said == "wrong_type" else said)
    named = next((text(said[n]) for n in _NAMED if text(said.get(n))), None)
    begins, ends = _span(kind, said, named)
    parts = said.get("modelBreakdowns")
    rows = [p for p in parts if isinstance(p, dict)] if isinstance(parts, list) else []
    counted = [_admin.row(msgspec.json.encode(r), _Counts) for r in rows or [said]]
    for used in counted:
        sheet.sum(
            f"ccusage {kind} {'project' in said}",
            (named, said.get("project"), said.get("projectPath"), said.get("agent")),
            begins,
            ends,
            text(used.modelName),
            session=sheet.id(named) if kind.startswith("session") else None,
            input_tokens=used.inputTokens,
            output_tokens=used.outputTokens,
            write_tokens=used.cacheCreationTokens,
            read_tokens=used.cacheReadTokens,
            stated_nano=nano(used.totalCost if used.cost is None else used.cost),
        )
    return "usage"


_NAMED = ("sessionId", "date", "week", "month", "period")


def _span(
    kind: str, said: dict[str, Any], named: str | None
) -> tuple[dt.datetime | None, dt.datetime | None]:
    if kind in _DAYS:
        day = f"{named}-01" if kind == "monthly" else named
        begins = moment(f"{day}T00:00:00Z")
        return begins, begins + dt.timedelta(days=_DAYS[kind]) if begins else None
    about = said.get("metadata")
    about = said | (about if isinstance(about, dict) else {})
    ends = moment(about.get("lastActivity")) or moment(f"{about.get('lastActivity')}T00:00:00Z")
    return moment(about.get("firstActivity")) or ends, ends
