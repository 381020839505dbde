"""The Admin API's usage report for messages, saved as JSON: sums by bucket of time.

`GET /v1/organizations/usage_report/messages`. Its input is what was neither read nor written.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from analysis.logs import names
from analysis.logs.shapes import Count, Searches, Split
from analysis.logs.sheet import Sheet
from analysis.logs.sources import _admin
from analysis.logs.stream import Stream
from analysis.logs.values import moment, text

LABEL = "Admin API, usage report"
HOME = ""
PLACE = None
HEAD = re.compile(rb'^\s*\[?\s*\{(?=.*"starting_at")(?=.*"results")(?!.*"amount")', re.DOTALL)


class _Result(msgspec.Struct):
    uncached_input_tokens: Count
    output_tokens: Count
    cache_read_input_tokens: Count | None = None
    cache_creation: Split | None = None
    server_tool_use: Searches | None = None
    model: Any = None
    service_tier: Any = None
    speed: Any = None
    inference_geo: Any = None
    account_id: Any = None
    api_key_id: Any = None
    context_window: Any = None
    service_account_id: Any = None
    workspace_id: Any = None


def project(path: Path) -> str | None:
    """Return none: whose folders the requests were made in is not said."""
    return None


def read(stream: Stream, sheet: Sheet) -> None:
    """Take in a report, or several pages of one."""

    def record(report: str, bucket: _admin.Bucket, data: bytes) -> str:
        used: _Result = _admin.row(data, _Result)
        split = used.cache_creation or Split()
        short, hour = split.ephemeral_5m_input_tokens, split.ephemeral_1h_input_tokens
        known = used.cache_creation is not None
        searches = used.server_tool_use
        said = [getattr(used, name, None) for name in _admin.GROUPS]
        sheet.sum(
            report,
            said,
            moment(bucket.starting_at),
            moment(bucket.ending_at),
            text(used.model),
            service_tier=names.word(text(used.service_tier)),
            speed=names.word(text(used.speed)),
            geo=names.word(text(used.inference_geo)),
            input_tokens=used.uncached_input_tokens,
            output_tokens=used.output_tokens,
            write_tokens=(short or 0) + (hour or 0) if known else None,
            write_5m_tokens=(short or 0) if known else None,
            write_1h_tokens=(hour or 0) if known else None,
            read_tokens=used.cache_read_input_tokens,
            web_searches=searches.web_search_requests if searches else None,
        )
        return "usage"

    _admin.read(stream, sheet, record)
