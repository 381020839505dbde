"""What a file of another source says: its copies, events and ledger, as far as it is read."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from analysis.logs import names
from analysis.logs.documents import Piece, by_line, items, whole
from analysis.logs.lines import Lines
from analysis.logs.records import RejectedError
from analysis.logs.stream import Stream
from analysis.logs.times import microseconds
from analysis.logs.usage import MOST_CALLED, public
from analysis.logs.values import text
from analysis.schema import COPIES, EVENTS_TABLE, LINE_CLASSES, REASONS

#: Says of a record which class it gives its line; raises `RejectedError` of one it cannot read.
Record = Callable[[bytes], str]


class Sheet:
    """What the records of one file say.

    `session` and `agent` are of the whole file; a copy or an event may name its own. `path` is
    the file's, which goes no further.
    """

    def __init__(self, source: str, key: bytes, path: Path = Path()) -> None:
        self.source, self.key, self.path = source, key, path
        self.session: str | None = None
        self.agent: str | None = None
        self.bytes = 0
        self.extra = 0
        self.classes = dict.fromkeys(LINE_CLASSES, 0)
        self.reasons = dict.fromkeys(REASONS, 0)
        self.copies: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.names: dict[str, set[str]] = {
            kind: set() for kind in ("cwd", "branch", "models", "ids")
        }

    def lines(self, stream: Stream, record: Record, begin: bytes = rb'\{\s*"') -> None:
        """Take in a log, line by line; `begin` is how its records begin."""
        lines = Lines(stream)
        try:
            self.take(by_line(lines, begin), record)
        finally:
            self.bytes = lines.read

    def document(self, stream: Stream) -> bytes | None:
        """Return a document; null, and one line rejected, of one that is too long."""
        data = whole(stream)
        self.bytes = stream.size if data is None else len(data)
        if data is None:
            self.reject("too_long")
        return data

    def items(self, data: bytes, key: str, record: Record) -> None:
        """Take in the items of a document's list, each as a line."""
        self.take(items(data, key), record)

    def take(self, pieces: Iterable[Piece], record: Record) -> None:
        """Take in records; each line gets one class, whatever is on it."""
        for piece in pieces:
            classes, reason = [], piece.reason
            for data in piece.records:
                try:
                    classes.append(record(data))
                except RejectedError as rejected:
                    reason = reason or rejected.reason
            if reason is not None:
                self.reject(reason)
                self.extra += len(classes)
            else:
                self.classes[min(classes, key=LINE_CLASSES.index, default="blank")] += 1
                self.extra += max(len(classes) - 1, 0)

    def reject(self, reason: str) -> None:
        """Count a line that cannot be read."""
        self.classes["rejected"] += 1
        self.reasons[reason] += 1

    def identity(self, *said: object) -> str:
        """Return a message id made of what tells a request from any other, in every file.

        Copies with one id are one request. Without the dataset's key, so that they meet across
        machines.

        Examples
        --------
        >>> Sheet("codex", b"").identity("0199", 17)
        'msg_codex...'
        """
        return f"msg_{self.source.replace('-', '')}{_digest(*said)[:24]}"

    def usage(
        self, message_id: str, at: dt.datetime | None, model: object, **columns: Any
    ) -> dict[str, Any]:
        """Take in what a record says of a request, or of a sum of requests.

        Parameters
        ----------
        message_id
            From `identity`; what has been said of it before counts as one more line of it, and
            the larger output stands.
        at
            The answer's time.
        model
            Its name, as spelled.
        columns
            Columns of `schema.COPIES`; those that are not given are null.
        """
        if at is None:
            raise RejectedError("bad_timestamp")
        row: dict[str, Any] = {
            "session": self.session,
            "agent": self.agent,
            "message_id": message_id,
            "origin": "assistant",
            "source": self.source,
            "is_sidechain": self.agent is not None,
            "first_seen": at,
            "last_seen": at,
            "model": self.model(model),
            "output_sum_tokens": columns.get("output_tokens"),
            "lines": 1,
        } | columns
        row["output_first_tokens"] = row["output_last_tokens"] = row.get("output_tokens")
        known = self.copies.get(message_id)
        self.copies[message_id] = row if known is None else _merged(known, row)
        return self.copies[message_id]

    def sum(
        self,
        report: str,
        said: Iterable[object],
        begins: dt.datetime | None,
        ends: dt.datetime | None,
        model: object,
        *,
        running: bool = False,
        **columns: Any,
    ) -> None:
        """Take in a row of a report: what many requests sum to, which is no request.

        Parameters
        ----------
        report
            What tells reports apart that may count the same requests: kind, length of its
            buckets, by what it is grouped.
        said
            What tells the row from others of its report, such as whose key it was; a digest of
            it alone is noted, and hashed with the dataset's key. The same row in two files counts
            once.
        begins, ends
            The span that it sums over.
        model
            Its name, as spelled; null where the row sums over models.
        running
            Whether the row goes on growing: then `said` alone tells it, whenever it was read.
        """
        span = () if running else (begins, ends)
        told = _digest(report, *span, model, *said)
        self.usage(
            self.id(f"sum {told}") or "",
            begins,
            model,
            **{"origin": "sum", "last_seen": ends or begins, "is_sidechain": False, "agent": None}
            | {"parent_message_id": self.id(f"report {report}")}
            | columns,
        )

    def model(self, said: object) -> str | None:
        """Return the name a table gives a model; null for none."""
        if said is None:
            return None
        spelled = text(said) or ""
        name = public(spelled, self.key)
        if name.startswith("other-"):
            self.names["models"].add(spelled)
        return name

    def event(self, kind: str, at: dt.datetime | None, **columns: Any) -> None:
        """Take in what happened between requests: columns of `schema.EVENTS_TABLE`."""
        row = {"session": self.session, "agent": self.agent, "at": at, "kind": kind}
        self.events.append(row | {"is_sidechain": self.agent is not None} | columns)

    def called(self, tools: str | None, kind: str) -> str:
        """Return a list of tools' classes with one more, unless it is long."""
        return kind if not tools else tools if len(tools) >= MOST_CALLED else f"{tools},{kind}"

    def id(self, said: object) -> str | None:
        """Return an id as a table holds it."""
        name = names.opaque(spelled := text(said), self.key)
        if spelled and name != spelled:
            self.names["ids"].add(spelled)
        return name

    def rows(self, file: int, project: str) -> tuple[list[Any], list[Any]]:
        """Return copies and events as rows, in the order of their tables."""
        where = {"file": file, "project": project, "source": self.source}
        copies = [
            [_cell(row[c.name]) if c.name in row else None for c in COPIES]
            for row in (copy | where for copy in self.copies.values())
        ]
        events = [
            [_cell(row.get(c.name)) for c in EVENTS_TABLE]
            for row in (event | where for event in self.events)
        ]
        return copies, events

    def ledger(self) -> dict[str, Any]:
        """Return the file's line ledger, without where it belongs."""
        rejected = {f"rejected_{reason}": count for reason, count in self.reasons.items()}
        counted = {"bytes": self.bytes, "lines": sum(self.classes.values())}
        said = {"extra_records": self.extra, "source": self.source}
        return counted | self.classes | rejected | said


def _digest(*said: object) -> str:
    told = "\0".join(map(str, said)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(told).hexdigest()


def again(row: dict[str, Any], at: dt.datetime) -> None:
    """Count a line that says of a request what was said before."""
    row["lines"] += 1
    row["last_seen"] = max(row["last_seen"], at)
    if row["output_sum_tokens"] is not None:
        row["output_sum_tokens"] += row["output_last_tokens"]


def _merged(known: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """Return what two records say of one request: the later, unless its output is smaller."""
    before, after = known.get("output_tokens") or 0, row.get("output_tokens") or 0
    stands = dict(row if after >= before else known)
    stands["first_seen"] = min(known["first_seen"], row["first_seen"])
    stands["last_seen"] = max(known["last_seen"], row["last_seen"])
    stands["lines"] = known["lines"] + row["lines"]
    stands["output_first_tokens"] = known["output_first_tokens"]
    stands["output_last_tokens"] = row["output_last_tokens"]
    sums = [known["output_sum_tokens"], row["output_sum_tokens"]]
    stands["output_sum_tokens"] = None if None in sums else sum(sums)
    return stands


def _cell(value: Any) -> Any:
    return microseconds(value) if isinstance(value, dt.datetime) else value
