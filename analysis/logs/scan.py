"""One log file to rows: copies, events and the line ledger. Content stops here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis.logs import names
from analysis.logs.discover import LogFile
from analysis.logs.lines import Lines
from analysis.logs.reader import Reader
from analysis.logs.resume import Before, remember
from analysis.logs.sources import CLAUDE_CODE
from analysis.logs.stream import RefusedError, open_log

#: What a dataset knows of a file, and the file does not.
_MARKS = {"gone": None, "imported": None}


@dataclass
class Scan:
    """What one file says: rows for three tables, and its private names.

    Times in rows are microseconds of UTC. `end` is what to go on from when the file has grown;
    null when it cannot be gone on from.
    """

    copies: list[tuple[Any, ...]]
    events: list[tuple[Any, ...]]
    ledger: dict[str, Any]
    names: dict[str, set[str]]
    end: bytes | None = None


def scan(log: LogFile, file: int, project: str, key: bytes, before: Before | None = None) -> Scan:
    """Read one log file.

    Parameters
    ----------
    log
        The file; it is opened for reading only.
    file, project
        Its number and its project's label in the dataset.
    key
        The dataset's secret, for labels of names that are not opaque ids.
    before
        What an earlier scan found of a file that has only grown since: the rest alone is read.

    Returns
    -------
    Scan
        Rows in the column order of `schema.COPIES`, `schema.EVENTS_TABLE`; the ledger's classes
        always sum to its lines.

    Raises
    ------
    BehindError
        When the rest goes on from lines that `before` does not remember.
    """
    if log.source != CLAUDE_CODE:
        return _elsewhere(log, file, project, key)
    reader = Reader(key, names.opaque(log.session, key), names.opaque(log.agent, key))
    skipped, read, whole = log.skipped, 0, False
    if before is not None:
        before.recall(reader)
        read = before.end.read
    if skipped is None:
        try:
            with open_log(log.path) as stream:
                stream.skip(read)
                lines = Lines(stream, read)
                try:
                    reader.take(lines)
                finally:
                    read = lines.read
                if stream.damaged:  # what follows is lost, as a line would be
                    reader.reject("damaged")
                whole = lines.ended and read == stream.size and log.path.suffix == ".jsonl"
        except RefusedError as refused:
            skipped = refused.reason
        except OSError:
            skipped = "unreadable"
    session = reader.session
    where = {"file": file, "session": session, "agent": reader.agent, "project": project}
    where |= _MARKS | {"skipped": skipped, "bytes": read, "lines": sum(reader.classes.values())}
    rejected = {f"rejected_{reason}": count for reason, count in reader.reasons.items()}
    other = {raw or "" for raw, name in reader.models.items() if name.startswith("other-")}
    return Scan(
        [copy.row(file, session, project, key) for copy in reader.copies.values()],
        [(file, session, agent, project, *event, CLAUDE_CODE) for agent, *event in reader.events],
        where | reader.classes | rejected | {"extra_records": reader.extra, "source": CLAUDE_CODE},
        {
            "cwd": _names(reader.cwd),
            "branch": _names(reader.branch),
            "models": other,
            "ids": _names(reader.ids),
        },
        remember(reader, read) if whole else None,
    )


def _elsewhere(log: LogFile, file: int, project: str, key: bytes) -> Scan:
    """Read a file of another source, whole."""
    from analysis.logs.sheet import Sheet
    from analysis.logs.sources import known

    sheet, skipped = Sheet(log.source, key, log.path), log.skipped
    if skipped is None:
        try:
            with open_log(log.path) as stream:
                known()[log.source].read(stream, sheet)
                if stream.damaged:
                    sheet.reject("damaged")
        except RefusedError as refused:
            skipped = refused.reason
        except OSError:
            skipped = "unreadable"
    copies, events = sheet.rows(file, project)
    where = {"file": file, "session": sheet.session, "agent": sheet.agent, "project": project}
    named = sheet.names | {"folder": {log.project}}
    return Scan(copies, events, where | _MARKS | {"skipped": skipped} | sheet.ledger(), named)


def _names(said: set[str | None]) -> set[str]:
    return {name for name in said if name}
