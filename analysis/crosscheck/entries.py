"""Every line with a usage, as we read it and as the tool does: read for this comparison alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from analysis.crosscheck.lines import look
from analysis.crosscheck.seen import Look
from analysis.crosscheck.tool import REPORTS
from analysis.logs import names
from analysis.logs.discover import LogFile
from analysis.logs.frames import frame
from analysis.logs.lines import Lines
from analysis.logs.reader import Reader
from analysis.logs.stream import RefusedError, open_log

_BOM = b"\xef\xbb\xbf"


class Entry(NamedTuple):
    """A usage on a line: our copy of it, null where we read none; and what each report sees."""

    ours: tuple[Any, ...] | None
    theirs: Mapping[str, Look]
    session: str


class _Line(list[memoryview]):
    """One line, as a reader takes lines."""

    ended = True


def entries(logs: Iterable[LogFile], labels: Mapping[str, int], key: bytes) -> list[Entry]:
    """Read every line that may carry a usage, of logs in the order that the tool reads them.

    Parameters
    ----------
    logs
        Uncompressed logs.
    labels
        The dataset's number of each log, by its path; 0 for one that it does not know.
    key
        The dataset's secret.
    """
    found: list[Entry] = []
    for log in sorted(logs, key=lambda log: str(log.path)):
        number, session = labels.get(str(log.path), 0), _session(log.path)
        for line in _lines(log):
            reader = Reader(key, names.opaque(log.session, key), names.opaque(log.agent, key))
            begin = line.removeprefix(_BOM)
            reader.take(_Line([memoryview(begin)]))  # type: ignore[arg-type]
            rows = [copy.row(number, reader.session, "", key) for copy in reader.copies.values()]
            found += _paired(rows, {report: look(line, report) for report in REPORTS}, session)
    return found


def _session(path: Path) -> str:
    """Return the session that the tool takes a line to be of which names none."""
    if path.parent.name == "subagents":
        return path.parents[1].name
    return path.stem


def _lines(log: LogFile) -> Iterator[bytes]:
    """Yield the lines of a log that name a usage; a mark before any but the first is damage."""
    try:
        with open_log(log.path) as stream:
            for line in Lines(stream):
                if line is not None and b'"usage"' in (data := bytes(line)):
                    yield data
    except (RefusedError, OSError):
        return


def _paired(
    rows: list[tuple[Any, ...]], looks: Mapping[str, Look], session: str
) -> Iterator[Entry]:
    """Pair what we read on a line with what the tool does: answers, then advisors in order."""
    answers = [row for row in rows if row[_ORIGIN] in ("assistant", "agent_progress")]
    advice = [row for row in rows if row[_ORIGIN] == "advisor"]
    first: list[tuple[Any, ...] | None] = [*answers[:1]] or [None]
    most = max(len(said.seen) for said in looks.values())
    for n, (row, _) in enumerate(zip_longest([*first, *advice], range(most))):
        yield Entry(row, {report: _one(said, n) for report, said in looks.items()}, session)
    for row in answers[1:]:  # glued to the first, or saved from a broken line
        yield Entry(row, dict.fromkeys(looks, Look((), "damaged")), session)
    for row in rows:
        if row[_ORIGIN] == "compaction":
            yield Entry(row, dict.fromkeys(looks, Look((), "iterations")), session)


def _one(said: Look, n: int) -> Look:
    """Return the n-th usage of a line, or why there is none."""
    seen = said.seen[n : n + 1]
    return Look(seen, "" if seen else said.rule or "iterations")


_COLUMNS = frame([], "copies").columns
_ORIGIN = _COLUMNS.index("origin")


def ours(found: Iterable[Entry]) -> pl.DataFrame:
    """Return our side as copies, with its place among the entries as `entry`."""
    rows = [(n, entry.ours) for n, entry in enumerate(found) if entry.ours is not None]
    columns = [list(column) for column in zip(*(row for _, row in rows), strict=True)]
    place = pl.Series("entry", [n for n, _ in rows], pl.Int64)
    return frame(columns, "copies").with_columns(place)
