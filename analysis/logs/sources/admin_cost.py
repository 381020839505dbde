"""The Admin API's cost report, saved as JSON: dollars of a day, and no tokens.

`GET /v1/organizations/cost_report`. Amounts are decimal texts in cents. They are what the provider
says was charged before credits, and stand beside list prices, never in their place.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from analysis.logs.records import RejectedError
from analysis.logs.sheet import Sheet
from analysis.logs.sources import _admin
from analysis.logs.stream import Stream
from analysis.logs.values import cents, moment, text

LABEL = "Admin API, cost report"
HOME = ""
PLACE = None
HEAD = re.compile(rb'^\s*\[?\s*\{(?=.*"starting_at")(?=.*"results")(?=.*"amount")', re.DOTALL)


class _Result(msgspec.Struct):
    amount: Any
    currency: Any = None
    cost_type: Any = None
    token_type: Any = None
    model: Any = None
    service_tier: Any = None
    inference_geo: Any = None
    context_window: Any = None
    workspace_id: Any = None
    description: Any = None


def project(path: Path) -> str | None:
    """Return none: whose folders the requests were made in is not said."""
    return None


def read(stream: Stream, sheet: Sheet) -> None:
    """Take in a report, or several pages of one."""

    def record(report: str, bucket: _admin.Bucket, data: bytes) -> str:
        cost: _Result = _admin.row(data, _Result)
        if cost.currency not in (None, "USD"):
            raise RejectedError("wrong_type")
        stated = cents(cost.amount)
        if stated is None:
            raise RejectedError("out_of_range")
        said = [cost.cost_type, cost.token_type]
        said += [getattr(cost, name, None) for name in _admin.GROUPS]
        begins, ends = moment(bucket.starting_at), moment(bucket.ending_at)
        sheet.sum(report, said, begins, ends, text(cost.model), stated_nano=stated)
        return "usage"

    _admin.read(stream, sheet, record)
