"""Lines of a log made by hand, and what the loader makes of them."""

import datetime as dt
import json
import re
from dataclasses import dataclass

import polars as pl

from analysis import schema
from analysis.logs.discover import log_files
from analysis.logs.scan import scan
from analysis.strings import STRINGS

SESSION = "5e551011-0000-4000-8000-000000000001"
OTHER_SESSION = "5e551011-0000-4000-8000-000000000002"
NOON = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)
KEY = b"key of a dataset"
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
KINDS = {pl.String: str, pl.Boolean: bool, schema.UTC: dt.datetime, pl.Date: dt.date}
TIMES = {c.name for columns in schema.TABLES.values() for c in columns if c.dtype == schema.UTC}


def at(seconds):
    """A time on the day of the tests."""
    return NOON + dt.timedelta(seconds=seconds)


def stamp(seconds):
    """The same time as a log writes it."""
    return at(seconds).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def message_id(number):
    return f"msg_{number:016d}"


def request_id(number):
    return f"req_{number:016d}"


def uuid(number):
    return f"{number:08x}-0000-4000-8000-000000000000"


def usage(output=10, *, inputs=3, write=100, read=1_000, **more):
    """Token counters as the API gives them, without a split of the writes."""
    counters = {"input_tokens": inputs, "cache_creation_input_tokens": write}
    counters |= {"cache_read_input_tokens": read, "output_tokens": output}
    return counters | more


def text(length=4):
    return {"type": "text", "text": "x" * length}


def line(kind, seconds, **more):
    """A line of any type."""
    return {"type": kind, "sessionId": SESSION, "timestamp": stamp(seconds)} | more


def message(number, content=None, used=None):
    body = {"id": message_id(number), "model": "claude-opus-4-7", "role": "assistant"}
    return body | {"content": content or [], "usage": used or usage()}


def answer(number=1, seconds=0, *, content=None, used=None, message_more=None, **more):
    """One assistant line of message `number`."""
    body = message(number, content, used) | (message_more or {})
    made = line("assistant", seconds, message=body, requestId=request_id(number))
    return made | {"uuid": uuid(1_000 * number + seconds), "version": "2.1.112"} | more


def prompt(content="hello", seconds=0, **more):
    return line("user", seconds, message={"role": "user", "content": content}, **more)


def tool_result(seconds=0, *, is_error=None, **more):
    block = {"type": "tool_result", "tool_use_id": "toolu_000001", "content": "done"}
    return prompt([block | ({} if is_error is None else {"is_error": is_error})], seconds, **more)


def progress(number=1, seconds=0, *, agent="abc1234", nested=None, **more):
    """A progress line that repeats a subagent's turn."""
    said = {"type": "assistant", "uuid": uuid(900_000 + 1_000 * number + seconds)}
    said |= {"timestamp": stamp(seconds), "requestId": request_id(number)}
    said |= {"message": message(number)} | (nested or {})
    data = {"type": "agent_progress", "agentId": agent, "message": said}
    return line("progress", seconds, data=data, version="2.1.37", **more)


def synthetic(words="No response requested.", seconds=0, **more):
    """What the client says in the model's name."""
    zero = usage(0, inputs=0, write=0, read=0, service_tier=None)
    body = {"id": uuid(77), "model": "<synthetic>", "content": [{"type": "text", "text": words}]}
    return line("assistant", seconds, message=body | {"usage": zero}, **more)


def dump(made):
    """A line as the client writes it, or bytes as they are."""
    if isinstance(made, bytes):
        return made
    return json.dumps(made, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def write_log(path, *made):
    """Write lines to a log, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(map(dump, made)))
    return path


def append_log(path, *made):
    """Append lines to a log, as the client does."""
    with path.open("ab") as stream:
        stream.write(b"".join(map(dump, made)))


@dataclass
class Found:
    """What the loader makes of one file."""

    copies: list[dict]
    events: list[dict]
    ledger: dict
    names: dict

    @property
    def copy(self):
        (only,) = self.copies
        return only

    @property
    def classes(self):
        return {name: self.ledger[name] for name in schema.LINE_CLASSES if self.ledger[name]}

    @property
    def reasons(self):
        counts = {name: self.ledger[f"rejected_{name}"] for name in schema.REASONS}
        return {name: count for name, count in counts.items() if count}


def read_log(folder, *made, name=f"-home-jane-atlas/{SESSION}.jsonl", key=KEY):
    """Write one log under `folder`, scan it, and check every cell against the schema."""
    path = write_log(folder / name, *made)
    (log,) = (f for f in log_files([folder]) if f.path == path)
    found = scan(log, 1, "project-01", key)
    rows = {"copies": found.copies, "events": found.events}
    rows["files"] = [tuple(found.ledger[c.name] for c in schema.FILES)]
    copies, events, (ledger,) = (
        [dict(zip(schema.dtypes(table).names(), row, strict=True)) for row in data]
        for table, data in rows.items()
    )
    for row in (*copies, *events):
        row |= timed(row)
    for table, data in {"copies": copies, "events": events, "files": [ledger]}.items():
        for row in data:
            check(row, table)
    return Found(copies, events, ledger, found.names)


def moment(microseconds):
    """A time as a table holds it."""
    return microseconds if microseconds is None else EPOCH + dt.timedelta(microseconds=microseconds)


def timed(row):
    """The times of a row that a scan made, as a table holds them."""
    return {name: moment(row[name]) for name in TIMES & row.keys()}


def check(row, table):
    """What `schema.validate` checks, on one row and in a fraction of the time."""
    for column in schema.TABLES[table]:
        cell = row[column.name]
        kind = KINDS.get(column.dtype, int)
        assert (cell is None and column.nullable) or type(cell) is kind, column.name
        assert cell is None or column.minimum is None or cell >= column.minimum, column.name
        assert cell is None or column.values is None or cell in column.values, column.name
        assert cell is None or not column.holds or held(column.holds, cell), column.name


def held(kind, text):
    """Whether a string is of a kind that a column may hold."""
    return re.fullmatch(STRINGS[kind], text) is not None
