"""Where a scan ended, so that a log that has grown is read from there on.

What was found before stands in the tables. Beside it a later line needs to know which message its
parent belongs to, when its chain was last asked, and whether it repeats a line: of the last lines
that is remembered. A line that goes back further is behind, and the log is read from its start.
"""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from analysis.logs import names
from analysis.logs.times import microseconds
from analysis.logs.usage import Copy, public
from analysis.schema import EVENTS_TABLE, LINE_CLASSES, REASONS

if TYPE_CHECKING:
    from analysis.logs.reader import Reader

_LINKS = 16  # lines whose message is remembered
_COPIES = 4  # messages whose lines are

Known = tuple[str, str | None, str, dt.datetime | None]  # a copy among those of a file
Chain = str | bool  # a subagent, or whether it is a sidechain without a name


_NOT_OF_A_LINE = ("file", "session", "project", "source")


class BehindError(Exception):
    """The rest of a log goes on from lines that are not remembered."""


class End(msgspec.Struct, array_like=True):
    """What is remembered of the end of a scan."""

    read: int
    owner: list[tuple[str | None, str]]
    asked: list[tuple[Chain, dt.datetime]]
    model: list[tuple[Chain, str]]
    uuids: list[tuple[Known, list[str]]]


class Before(msgspec.Struct):
    """What an earlier scan found of a file: the end, and rows of the tables by column name."""

    end: End
    copies: list[dict[str, Any]]
    events: list[dict[str, Any]]
    ledger: dict[str, Any]
    names: dict[str, list[str]]

    def recall(self, reader: Reader) -> None:
        """Put a reader where the scan ended."""
        reader.session = self.ledger["session"]
        for name in LINE_CLASSES:
            reader.classes[name] = self.ledger[name]
        for reason in REASONS:
            reader.reasons[reason] = self.ledger[f"rejected_{reason}"]
        reader.extra = self.ledger["extra_records"]
        reader.cwd |= set(self.names["cwd"])
        reader.branch |= set(self.names["branch"])
        for model in self.names["models"]:
            reader.models[model] = public(model, reader.key)
        reader.events += [_event(row) for row in self.events]
        reader.asked |= dict(self.end.asked)
        reader.model |= dict(self.end.model)
        reader.owner = _Owners(dict(self.end.owner))
        reader.copies = _Copies(dict(self.end.uuids))
        for row in self.copies:
            copy = Copy.of(row)
            reader.copies[copy.known] = copy


def _event(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return an event as a reader has it."""
    row = row | {n: microseconds(row[n]) for n in ("at", "resets_at") if row[n] is not None}
    return tuple(row[c.name] for c in EVENTS_TABLE if c.name not in _NOT_OF_A_LINE)


class _Owners(dict[str | None, str]):
    """Messages by uuid, of which the earlier ones are forgotten."""

    def get(self, uuid: str | None, default: Any = None) -> Any:
        if uuid and uuid not in self:
            raise BehindError
        return super().get(uuid, default)


class _Copies(dict[Known, Copy]):
    """Copies, of which the lines of the earlier ones are forgotten."""

    def __init__(self, uuids: dict[Known, list[str]]) -> None:
        super().__init__()
        self.uuids = uuids

    def get(self, known: Known, default: Any = None) -> Any:
        copy = super().get(known, default)
        if copy is not None and copy.recalled:
            if known not in self.uuids:
                raise BehindError
            copy.recalled, copy.uuids = False, self.uuids.pop(known)
        return copy


def remember(reader: Reader, read: int) -> bytes | None:
    """Return the end of a scan of so many bytes; null when its ids could say something.

    Examples
    --------
    >>> from analysis.logs.reader import Reader
    >>> remember(Reader(b"key", "session", None), 7)
    b'...'
    """
    links = [*islice(reversed(reader.owner.items()), _LINKS)]
    last = [*islice(reversed(reader.copies.items()), _COPIES)]
    uuids = [(known, copy.uuids) for known, copy in last if not copy.recalled]
    if isinstance(reader.copies, _Copies):
        uuids += islice(reader.copies.uuids.items(), max(_COPIES - len(uuids), 0))
    for uuid in (*(uuid for uuid, _ in links), *(uuid for _, told in uuids for uuid in told)):
        if uuid is None or names.opaque(uuid) != uuid:
            return None
    asked, model = list(reader.asked.items()), list(reader.model.items())
    return msgspec.msgpack.encode(End(read, links[::-1], asked, model, uuids))
