"""Files to scan, and their rows by column: what processes hand each other.

A worker imports this module and no more, so it must stay quick to import.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from analysis.logs.discover import LogFile
from analysis.logs.resume import Before, BehindError
from analysis.logs.scan import Scan, scan
from analysis.logs.sources import CLAUDE_CODE
from analysis.logs.stamps import prefix
from analysis.schema import FILES

_ROWS = 4_096  # in one part, or little more


class Task(msgspec.Struct, array_like=True, frozen=True):
    """One file to scan: its number, its project's label, its size, where it is, what is known."""

    file: int
    project: str
    size: int
    path: bytes
    folder: str
    session: str | None
    agent: str | None
    skipped: str | None
    before: Before | None
    source: str = CLAUDE_CODE

    @classmethod
    def of(
        cls, log: LogFile, file: int, project: str, size: int, before: Before | None = None
    ) -> Task:
        """Make a task of a log, or of what it has grown by."""
        path, where = os.fsencode(log.place), (log.project, log.session, log.agent)
        return cls(file, project, size, path, *where, log.skipped, before, log.source)

    @property
    def left(self) -> int:
        """Bytes to read."""
        return self.size - (self.before.end.read if self.before else 0)

    @property
    def log(self) -> LogFile:
        """The log it is about."""
        path = Path(os.fsdecode(self.path))
        return LogFile(path, self.folder, self.session, self.agent, self.skipped, self.source)


class Found(msgspec.Struct, array_like=True):
    """What a scan found of a file beside its rows.

    Why it was skipped, if it was; a digest of both its ends; what to go on from when it has
    grown; and the names that no table may hold.
    """

    skipped: str | None
    prefix: str | None
    end: bytes | None
    names: dict[str, list[str]]


class Part(msgspec.Struct, array_like=True):
    """Whole files' rows by column, as the schema's tables have them, and what else was found."""

    copies: list[list[Any]]
    events: list[list[Any]]
    files: list[list[Any]]
    found: dict[int, Found]


class Jobs(msgspec.Struct, array_like=True):
    """All there is to scan, with the dataset's secret; a ticket lists tasks."""

    key: bytes
    tasks: list[Task]
    tickets: list[list[int]]


def scanned(jobs: Jobs, tickets: Iterable[int]) -> Iterator[Part]:
    """Scan the files of some tickets, in this process.

    Yields
    ------
    Part
        Each file is in exactly one.
    """
    copies: list[tuple[Any, ...]] = []
    events: list[tuple[Any, ...]] = []
    files: list[list[Any]] = []
    found: dict[int, Found] = {}
    for task in (jobs.tasks[i] for ticket in tickets for i in jobs.tickets[ticket]):
        said = _scan(task, jobs.key)
        copies += said.copies
        events += said.events
        files.append([said.ledger[column.name] for column in FILES])
        found[task.file] = _found(task, said)
        if len(copies) + len(events) >= _ROWS:
            yield Part(_columns(copies), _columns(events), _columns(files), found)
            copies, events, files, found = [], [], [], {}
    if files:
        yield Part(_columns(copies), _columns(events), _columns(files), found)


def _scan(task: Task, key: bytes) -> Scan:
    try:
        return scan(task.log, task.file, task.project, key, task.before)
    except BehindError:
        return scan(task.log, task.file, task.project, key)


def _found(task: Task, said: Scan) -> Found:
    skipped = said.ledger["skipped"]
    listed = said.ledger["bytes"] == task.size  # or it has grown since, and its digest is of less
    return Found(
        skipped,
        None if skipped else prefix(task.path, task.size),
        said.end if listed else None,
        {kind: sorted(strings) for kind, strings in said.names.items()},
    )


def _columns(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def work(jobs: int, tickets: int) -> None:
    """Be a worker: draw tickets until there are none, and write parts to standard output.

    Parameters
    ----------
    jobs, tickets
        Descriptors of a file with `Jobs`, and of the pipe with the numbers of tickets.
    """
    gc.disable()
    everything = msgspec.msgpack.decode(os.pread(jobs, os.fstat(jobs).st_size, 0), type=Jobs)
    encoder = msgspec.msgpack.Encoder()
    with os.fdopen(1, "wb") as out:
        for part in scanned(everything, drawn(tickets)):
            data = encoder.encode(part)
            out.write(len(data).to_bytes(8, "big"))
            out.write(data)
            out.flush()


def drawn(tickets: int) -> Iterator[int]:
    """Draw tickets from their pipe until there are none."""
    while ticket := os.read(tickets, 4):
        yield int.from_bytes(ticket, "big")
