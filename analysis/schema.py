"""Every table: its grain, its columns, their units and the checks they must pass.

The three stored tables are `copies`, `events` and `files`; `requests` is computed from `copies`
by `analysis.logs.identity.resolve` and never stored. `team` is what one person hands to a team, and
is of no dataset of logs. `describe` prints any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.logs.sources import SOURCES
from analysis.strings import MEANING, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

#: Raised when a column is added, dropped, renamed or holds something else.
VERSION = 3

#: No request on record comes near this; a larger count is damage, and sums stay inside Int64.
MAX_TOKENS = 10**10

#: What a copy was read from. `advisor` and `compaction` are iterations the top level leaves out;
#: a `sum` is what another report says of many requests, and never counts as one.
ORIGINS = ("assistant", "agent_progress", "advisor", "compaction", "sum")

#: What can happen between requests.
EVENTS = (
    "prompt",
    "tool_error",
    "interruption",
    "compaction",
    "api_error",
    "limit",
    "model_change",
)

#: Why a prompt was written to the cache again, in the order in which they are looked for.
CAUSES = (
    "compaction",
    "new chain",
    "model change",
    "api reason",
    "expiry",
    "rewind or fork",
    "unknown",
)

#: The classes of a line, first match wins. Every line has exactly one.
LINE_CLASSES = ("rejected", "usage", "synthetic", "event", "other", "blank")

#: Why a line was rejected: the closed list, each with its meaning.
REASONS: Mapping[str, str] = {
    "not_json": "not a JSON document",
    "not_object": "JSON, but not an object",
    "bad_utf8": "bytes that are not UTF-8 where text is read",
    "too_deep": "nested deeper than the decoder goes, and never closed",
    "too_long": "longer than 32 MiB, or of more than a million parts on a line over 4 MiB",
    "wrong_type": "a usage field of another type",
    "out_of_range": "a token count below 0 or above 10 billion",
    "bad_timestamp": "a usage line without a UTC time",
    "unfinished": "a last line that is cut short, as while it is written",
    "damaged": "the rest of a compressed file that cannot be unpacked or fails its checksum",
}

#: Why a whole file was skipped.
SKIPS: Mapping[str, str] = {
    "unreadable": "no permission to read it, or to list it if it is a folder; or it vanished",
    "not_regular": "not a regular file",
    "misnamed": "compressed without .gz or .zst in its name, or so named and something else",
    "utf16": "UTF-16, which the client does not write: save it as UTF-8 to have it read",
}


@dataclass(frozen=True)
class Column:
    """One column of a table; `kind` names its type without polars, which takes long to import.

    A text column holds the `values` of a closed list, or strings of a kind of `analysis.strings`.
    """

    name: str
    kind: str
    unit: str
    meaning: str
    nullable: bool = False
    minimum: int | None = None
    values: tuple[str, ...] | None = None
    holds: str = ""

    @property
    def dtype(self) -> Any:
        """The column's type in polars."""
        import polars as pl

        return pl.Datetime("us", "UTC") if self.kind == "Datetime" else getattr(pl, self.kind)


def _tokens(name: str, meaning: str, *, nullable: bool = False) -> Column:
    return Column(name, "Int64", "tokens", meaning, nullable, minimum=0)


def _chars(name: str, meaning: str) -> Column:
    return Column(name, "Int64", "characters", meaning, nullable=True, minimum=0)


def _text(name: str, holds: str, meaning: str, *, nullable: bool = True) -> Column:
    return Column(name, "String", "", meaning, nullable, holds=holds)


def _time(name: str, meaning: str, *, nullable: bool = True) -> Column:
    return Column(name, "Datetime", "UTC", meaning, nullable)


def _day(name: str, meaning: str) -> Column:
    return Column(name, "Date", "day, UTC", meaning, nullable=True)


def _count(name: str, meaning: str, *, kind: str = "Int64") -> Column:
    return Column(name, kind, "count", meaning, minimum=0)


_FILE = Column("file", "Int32", "", "number of the log file in this dataset, never reused")
_WHERE = (
    _FILE,
    _text(
        "session", "id", "session the file belongs to: its stem, or the folder of a subagent's file"
    ),
    _text("agent", "id", "subagent; null on the main chain"),
    _text(
        "project", "project", "label of the project folder, stable in this dataset", nullable=False
    ),
)

_SOURCE = Column("source", "String", "", "tool or report that it was read from", values=SOURCES)

COPIES = (
    *_WHERE,
    _text("message_id", "id", "the API's message id; the key of a request", nullable=False),
    _text("request_id", "id", "the API's request id; null behind gateways"),
    Column("origin", "String", "", "kind of record it was read from", values=ORIGINS),
    _SOURCE,
    Column("is_sidechain", "Boolean", "", "said by a subagent rather than the main chain"),
    _time("requested_at", "last user or tool-result line before the first line, in its chain"),
    _time("first_seen", "time of the first line; where a sum begins", nullable=False),
    _time("last_seen", "time of the last line; where a sum ends", nullable=False),
    _text(
        "parent_message_id",
        "id",
        "message the conversation went on from; of a sum, the report it is a row of",
    ),
    _text(
        "model",
        "model",
        "model name, normalised; `other-…` when its shape is unknown; null for a sum over models",
    ),
    _text("version", "version", "version of the client that wrote it"),
    _text("service_tier", "word", "standard, priority or batch"),
    _text("speed", "word", "standard or fast"),
    _text("geo", "word", "where inference ran, when it was restricted"),
    _text("stop_reason", "word", "why the answer ended; null while the log holds no final line"),
    _tokens(
        "input_tokens",
        "prompt tokens neither read from nor written to the cache, as far as these are counted",
        nullable=True,
    ),
    _tokens("output_tokens", "answer tokens: the largest count any line gives", nullable=True),
    _tokens("output_first_tokens", "answer tokens on the first line", nullable=True),
    _tokens("output_last_tokens", "answer tokens on the last line", nullable=True),
    _tokens(
        "output_sum_tokens",
        "answer tokens summed over lines, as a naive reader would",
        nullable=True,
    ),
    _tokens(
        "write_tokens",
        "prompt tokens written to the cache; null where the source has no counter",
        nullable=True,
    ),
    _tokens("write_5m_tokens", "of these, kept five minutes; null when not split", nullable=True),
    _tokens("write_1h_tokens", "of these, kept one hour; null when not split", nullable=True),
    _tokens("read_tokens", "prompt tokens read from the cache", nullable=True),
    _tokens(
        "context_tokens",
        "prompt of the last iteration: what the model saw at once; null for a sum",
        nullable=True,
    ),
    Column(
        "web_searches", "Int64", "count", "web searches the server ran", nullable=True, minimum=0
    ),
    _chars("text_chars", "length of the answer's text"),
    _chars("tool_chars", "length of the tool calls' input, as JSON"),
    _text(
        "tools",
        "tools",
        "classes of the tools called, in order, joined by commas; null without calls",
    ),
    _chars("thinking_chars", "length of the thinking text; empty from about 2.1.91"),
    _chars("signature_chars", "length of the thinking signatures"),
    _text("cache_miss_reason", "word", "the API's own reason for a cache miss"),
    _count("lines", "lines of the file that carry this message's usage"),
    Column(
        "stated_nano",
        "Int64",
        "1e-9 $",
        "what the source itself says it cost; null where it does not, as in Claude Code's logs",
        nullable=True,
        minimum=0,
    ),
)

EVENTS_TABLE = (
    *_WHERE,
    Column("is_sidechain", "Boolean", "", "happened to a subagent"),
    _time("at", "when; null when the line has no usable time"),
    Column("kind", "String", "", "what happened", values=EVENTS),
    Column("chars", "Int64", "characters", "length of a prompt", nullable=True, minimum=0),
    _tokens("tokens", "context before a compaction", nullable=True),
    _text("detail", "word or model", "trigger of a compaction, status of an API error, new model"),
    _time("resets_at", "when a limit resets"),
    _SOURCE,
)

FILES = (
    *_WHERE,
    _day("gone", "day of the first load that did not find it any more; null while it is there"),
    _day("imported", "day on which it came from another dataset; null for a log read here"),
    Column("skipped", "String", "", "why the file was not read", True, values=tuple(SKIPS)),
    Column("bytes", "Int64", "bytes", "size read; of a compressed file, unpacked", minimum=0),
    _count("lines", "lines, or records of a JSON document: always the sum of the six classes"),
    *(_count(name, f"lines of class {name}") for name in LINE_CLASSES),
    *(_count(f"rejected_{name}", f"rejected lines: {text}") for name, text in REASONS.items()),
    _count("extra_records", "records glued behind the first on a line, or saved from a broken one"),
    _SOURCE,
)

REQUESTS = (
    *(c for c in COPIES if c.name != "file"),
    _count("copies", "copies this request was resolved from", kind="UInt32"),
)

_SAID = {c.name: c for c in REQUESTS}

TEAM = (
    _text("person", "person label", "whose request it is: all rows of one person", nullable=False),
    _text(
        "request", "request label", "the request, the same in all files of one key", nullable=False
    ),
    _text("session", "session label", "session it was made in, the same in all files of one key"),
    _SOURCE,
    _text("model", "public model", "public name of the model; `other` for any other name"),
    _time("hour", "hour in which its first line was written", nullable=False),
    Column("is_sidechain", "Boolean", "", "said by a subagent rather than the main chain"),
    Column("final", "Boolean", "", "whether its output count is known to be the answer's last"),
    *(
        _SAID[name]
        for name in (
            "input_tokens",
            "output_tokens",
            "write_tokens",
            "write_5m_tokens",
            "write_1h_tokens",
            "read_tokens",
            "web_searches",
            "service_tier",
            "speed",
            "geo",
        )
    ),
    _tokens(
        "rebuilt_tokens",
        "of the written ones, what had been in the cache, or all that starts a chain; null as they",
        nullable=True,
    ),
    Column(
        "cause",
        "String",
        "",
        "why they were written again; null where nothing was",
        nullable=True,
        values=CAUSES,
    ),
)

TABLES: Mapping[str, tuple[Column, ...]] = {
    "copies": COPIES,
    "events": EVENTS_TABLE,
    "files": FILES,
    "requests": REQUESTS,
    "team": TEAM,
}

GRAIN: Mapping[str, str] = {
    "copies": "One row per file, message id and request id: what one file says of one request.",
    "events": "One row per thing that happened between requests.",
    "files": "One row per log file: the line ledger.",
    "requests": "One row per API request: `resolve(copies, policy)`.",
    "team": "One row per API request of one person, without content: `archive --anonymous`.",
}


def __getattr__(name: str) -> Any:
    if name == "UTC":
        return _time("", "").dtype
    raise AttributeError(name)


class SchemaError(Exception):
    """A table broke its schema. Names columns and rules, never values."""


def dtypes(table: str) -> pl.Schema:
    """Return the column types of a table.

    Examples
    --------
    >>> dtypes("events")["kind"]
    String
    """
    import polars as pl

    return pl.Schema({c.name: c.dtype for c in TABLES[table]})


def describe(table: str) -> pl.DataFrame:
    """Return the data dictionary of a table, a frame that shows whole; see `analysis.describe`.

    Raises
    ------
    SchemaError
        When there is no such table; says which there are.

    Examples
    --------
    >>> import polars as pl
    >>> describe("files").filter(pl.col("column") == "bytes")["meaning"].item()
    'size read; of a compressed file, unpacked'
    """
    from analysis.whole import Whole

    if table not in TABLES:
        raise SchemaError(f"no table {table!r}: there are {', '.join(TABLES)}")
    rows = [(c.name, str(c.dtype), c.unit, c.meaning, c.nullable) for c in TABLES[table]]
    return Whole(rows, ["column", "type", "unit", "meaning", "nullable"], orient="row")


def dictionary() -> str:
    """Return the data dictionary of all tables as Markdown."""
    from analysis.joins import JOINS

    parts = [
        "# Tables\n\nWritten by `python -m analysis tables`; edit `analysis/schema.py`. These are "
        f"all columns there are, in version {VERSION} of the list."
    ]
    for name, columns in TABLES.items():
        parts.append(f"\n## {name}\n\n{GRAIN[name]}\n\n| column | type | unit | meaning |")
        parts.append("|---|---|---|---|")
        for c in columns:
            kind = f"String: {c.holds or 'one of a list'}" if c.kind == "String" else c.kind
            nulls = ", or null" if c.nullable else ""
            listed = f": {', '.join(c.values)}" if c.values else ""
            parts.append(f"| `{c.name}` | {kind}{nulls} | {c.unit} | {c.meaning}{listed} |")
    parts.append(
        "\n## Texts\n\nWhat a text column may hold; a table with anything else is not written.\n\n"
        "| kind | holds |\n|---|---|"
    )
    parts += [f"| {kind} | {meaning} |" for kind, meaning in MEANING.items()]
    return "\n".join(parts) + "\n" + JOINS


def fits(frame: pl.DataFrame, table: str) -> bool:
    """Return whether a frame keeps its schema: what `validate` checks, without pandera.

    Pandera takes half a second to import, and says which rule broke; this says that one did.

    Examples
    --------
    >>> import polars as pl
    >>> fits(pl.DataFrame(schema=dtypes("files")), "files")
    True
    >>> fits(pl.DataFrame({"file": [1]}), "files")
    False
    """
    import polars as pl

    if frame.schema != dtypes(table):
        return False
    broken = [pl.lit(False)]
    for c in TABLES[table]:
        if not c.nullable:
            broken.append(pl.col(c.name).has_nulls())
        if c.minimum is not None:
            broken.append(pl.col(c.name).min() < c.minimum)
        if c.values is not None:
            broken.append(~pl.col(c.name).drop_nulls().is_in(c.values).all())
        if c.holds:
            few = c.holds not in ("id", "tools")
            said = pl.col(c.name).unique() if few else pl.col(c.name)
            broken.append(~said.str.contains(whole(c.holds)).all())
    return not frame.select(pl.any_horizontal(broken).any()).item()


def validate(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Check a frame against its schema and return it.

    Raises
    ------
    SchemaError
        Which columns break which rules, and in how many rows. Never a value.

    Examples
    --------
    >>> import polars as pl
    >>> validate(pl.DataFrame(schema=dtypes("files")), "files").height
    0
    """
    import pandera.polars as pa
    from pandera.errors import SchemaErrors

    def checks(column: Column) -> list[pa.Check]:
        found = []
        if column.minimum is not None:
            found.append(pa.Check.ge(column.minimum))
        if column.values is not None:
            found.append(pa.Check.isin(column.values))
        if column.holds:
            found.append(pa.Check(_holds(column.holds), name="strings", ignore_na=True))
        return found

    expected = [c.name for c in TABLES[table]]
    if frame.columns != expected:
        missing = ", ".join(sorted(set(expected) - set(frame.columns))) or "none"
        more = len(set(frame.columns) - set(expected))
        raise SchemaError(
            f"table {table} breaks its schema: columns missing: {missing}; unknown: {more}; "
            "or they stand in another order"
        ) from None
    schema = pa.DataFrameSchema(
        {
            c.name: pa.Column(c.dtype, checks(c), nullable=c.nullable, required=True)
            for c in TABLES[table]
        },
        strict=True,
        ordered=True,
    )
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        broken = sorted({(str(e.schema.name), _rule(e)) for e in error.schema_errors})
        text = "; ".join(f"{column}: {rule}" for column, rule in broken)
        raise SchemaError(f"table {table} breaks its schema: {text}") from None
    return frame


def _holds(kind: str) -> Callable[[Any], pl.LazyFrame]:
    """Return pandera's check that strings are of a kind."""
    import polars as pl

    pattern = whole(kind)
    return lambda data: data.lazyframe.select(pl.col(data.key).str.contains(pattern))


def _rule(error: Any) -> str:
    check = error.check
    return str(getattr(check, "name", None) or error.reason_code.name.lower())
