"""What reports of Anthropic's Admin API have in common: pages of buckets, saved as JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import msgspec

from analysis.logs.decode import decoded, required
from analysis.logs.documents import Piece, items
from analysis.logs.sheet import Sheet
from analysis.logs.stream import Stream
from analysis.logs.values import moment

Kind = TypeVar("Kind")

#: By what rows may be grouped: each a column of a result.
GROUPS = (
    *("account_id", "api_key_id", "context_window", "description", "inference_geo", "model"),
    *("service_account_id", "service_tier", "speed", "workspace_id"),
)


class Bucket(msgspec.Struct):
    """A span of time and what was used in it."""

    starting_at: Any = None
    ending_at: Any = None
    results: list[msgspec.Raw] = []


def read(stream: Stream, sheet: Sheet, record: Callable[[str, Bucket, bytes], str]) -> None:
    """Take in the results of each bucket, each as a record; `record` is told of which report."""
    data = sheet.document(stream)
    if data is None:
        return
    by = [name for name in GROUPS if re.search(rb'"%b"\s*:\s*"' % name.encode(), data)]
    for piece in items(data, "data"):
        for said in piece.records:
            bucket = decoded(said, msgspec.json.Decoder(Bucket).decode)
            if isinstance(bucket, str):
                sheet.reject(bucket)
                continue
            begins, ends = moment(bucket.starting_at), moment(bucket.ending_at)
            width = ends - begins if begins and ends else None
            report = f"{sheet.source} {width} {by}"
            found = [Piece([bytes(result)]) for result in bucket.results] or [Piece([])]
            sheet.take(found, partial(record, report, bucket))
        if piece.reason is not None:
            sheet.reject(piece.reason)


def row(data: bytes, kind: type[Kind]) -> Kind:
    """Return a result; reject one that has another shape."""
    return required(data, msgspec.json.Decoder(kind).decode)
