"""The Admin API's Claude Code report, saved as JSON: a day of each person, by model.

`GET /v1/organizations/usage_report/claude_code`. It does not split writes by lifetime; its costs
are estimates, in cents. Who used it is part of a digest, and nowhere written.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from analysis.logs.decode import required
from analysis.logs.documents import Piece, items
from analysis.logs.records import RejectedError
from analysis.logs.shapes import Count
from analysis.logs.sheet import Sheet
from analysis.logs.sources import _admin
from analysis.logs.stream import Stream
from analysis.logs.values import cents, moment, text

LABEL = "Admin API, Claude Code report"
HOME = ""
PLACE = None
HEAD = re.compile(rb'^\s*\[?\s*\{(?=.*"actor")(?=.*"(?:core_metrics|model_breakdown)")', re.DOTALL)


_spelled = msgspec.json.Encoder(order="deterministic").encode


class _Day(msgspec.Struct):
    date: Any = None
    actor: Any = None
    organization_id: Any = None
    customer_type: Any = None
    subscription_type: Any = None
    terminal_type: Any = None
    model_breakdown: list[msgspec.Raw] = []


class _Tokens(msgspec.Struct):
    input: Count
    output: Count
    cache_read: Count | None = None
    cache_creation: Count | None = None


class _Cost(msgspec.Struct):
    amount: Any = None
    currency: Any = None


class _Model(msgspec.Struct):
    tokens: _Tokens
    model: Any = None
    estimated_cost: _Cost | None = None


def project(path: Path) -> str | None:
    """Return none: whose folders the requests were made in is not said."""
    return None


def read(stream: Stream, sheet: Sheet) -> None:
    """Take in a report, or several pages of one."""
    data = sheet.document(stream)
    if data is None:
        return

    def record(day: _Day, data: bytes) -> str:
        used: _Model = _admin.row(data, _Model)
        begins = moment(day.date) or moment(f"{day.date}T00:00:00Z")
        cost = used.estimated_cost
        known = cost is not None and cost.currency in (None, "USD")
        said = [
            required(day.actor, _spelled),
            day.organization_id,
            day.customer_type,
            day.subscription_type,
        ]
        said += [day.terminal_type]
        sheet.sum(
            sheet.source,
            said,
            begins,
            begins + dt.timedelta(days=1) if begins else None,
            text(used.model),
            input_tokens=used.tokens.input,
            output_tokens=used.tokens.output,
            write_tokens=used.tokens.cache_creation,
            read_tokens=used.tokens.cache_read,
            stated_nano=cents(cost.amount) if cost and known else None,
        )
        return "usage"

    for piece in items(data, "data"):
        for said in piece.records:
            day = _day(said, sheet)
            if day is not None:
                found = [Piece([bytes(each)]) for each in day.model_breakdown] or [Piece([])]
                sheet.take(found, partial(record, day))
        if piece.reason is not None:
            sheet.reject(piece.reason)


def _day(said: bytes, sheet: Sheet) -> _Day | None:
    try:
        found: _Day = _admin.row(said, _Day)
    except RejectedError as rejected:
        sheet.reject(rejected.reason)
        return None
    return found
