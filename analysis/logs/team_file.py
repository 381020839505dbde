"""The file that one person hands to a team: how it is written, and whether one that came is sound.

A file that came is hostile until all of it has been looked at: what it says of itself, before any
of it is unpacked; then its rows, one group at a time. `team_reading` does so in another process,
whose memory and time are bounded, since a decoder believes what a page says of its size.
"""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from analysis import schema
from analysis.logs import stamps
from analysis.logs.team_rules import broken

if TYPE_CHECKING:
    import polars as pl

#: The most bytes of a file, its rows, and the rows of one of its groups: a person's requests of
#: years, one every few seconds.
MOST_BYTES = 2**28
MOST_ROWS = 2**22
GROUP = 2**17

#: The first and last bytes of Parquet.
MAGIC = b"PAR1"

_FOOTER = 2**20  # bytes; 32 groups of 20 columns take a tenth
_CELL = 64  # bytes unpacked of a cell, on average: the longest label has 22
_SPARE = 2**12  # bytes unpacked of a column beside its cells
_CODEC = "zstd"
_CODECS = {"ZSTD", "UNCOMPRESSED"}
_ENCODINGS = {"PLAIN", "RLE", "RLE_DICTIONARY", "PLAIN_DICTIONARY"}
_WRITER = re.compile(r"parquet-cpp-arrow version [0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}")
_FEW = tuple(c.name for c in schema.TEAM if c.values or c.holds in ("public model", "word"))
_TEXTS = tuple(c.name for c in schema.TEAM if c.kind == "String")


class UnsoundError(Exception):
    """A file is not what one person hands to a team; says which rule is broken, never a value."""


def encode(rows: pl.DataFrame) -> bytes:
    """Return the bytes of a file: the same rows give the same, and they say nothing but the rows.

    Parameters
    ----------
    rows
        A table `team` of one person, in the order of `request`.
    """
    import pyarrow as pa
    from pyarrow import parquet

    made = io.BytesIO()
    arrow = pa.Table.from_batches(rows.rechunk().to_arrow().to_batches()).cast(_arrow())
    parquet.write_table(
        arrow,
        made,
        row_group_size=GROUP,
        compression=_CODEC,
        use_dictionary=["person", "session", "hour", *_FEW],
        write_statistics=False,
        store_schema=False,
        data_page_version="1.0",
    )
    return made.getvalue()


def read_whole(path: Path) -> bytes:
    """Read a file that may be anything: no link is followed, and no pipe waited for.

    Raises
    ------
    UnsoundError
        When it is no file, too large, or cannot be read.
    """
    try:
        with open(path, "rb", opener=_opened) as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode):
                _refuse("it is no file")
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        _refuse(f"it cannot be read ({os.strerror(error.errno or 0)})")
    if len(data) > MOST_BYTES:
        _refuse(f"it has more than {MOST_BYTES // 2**20} MiB")
    return data


def decode(data: bytes) -> Iterator[pl.DataFrame]:
    """Yield the rows of a file, group by group, each of them checked.

    Raises
    ------
    UnsoundError
        At the first rule that is broken; of what was yielded before, nothing is to be kept.
    """
    import polars as pl
    import pyarrow as pa
    from pyarrow import parquet

    limits: Any = {"thrift_string_size_limit": _FOOTER, "thrift_container_size_limit": 2**16}
    _check_ends(data)
    try:
        file = parquet.ParquetFile(pa.BufferReader(data), read_dictionary=_TEXTS, **limits)
        _check_footer(file.metadata, file.schema, len(data))
        before = None
        for number in range(file.num_row_groups):
            group = file.read_row_group(number, use_threads=False)
            _check_texts(group)
            rows = pl.DataFrame(pl.from_arrow(group.cast(_arrow())))
            if fault := broken(rows, before):
                _refuse(fault)
            before = rows.select("person", "request").row(-1)
            yield rows
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError):
        _refuse("it cannot be decoded")
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        _refuse("it cannot be decoded")


def _arrow() -> Any:
    """Return the columns as Arrow has them; what cannot be null is required in the file."""
    import pyarrow as pa

    kinds = {
        "String": pa.string(),
        "Int64": pa.int64(),
        "Boolean": pa.bool_(),
        "Datetime": pa.timestamp("us", tz="UTC"),
    }
    return pa.schema([pa.field(c.name, kinds[c.kind], c.nullable) for c in schema.TEAM])


def _check_ends(data: bytes) -> None:
    if len(data) < 12 or not data.startswith(MAGIC) or not data.endswith(MAGIC):
        _refuse("it is no whole Parquet file without encryption")
    if int.from_bytes(data[-8:-4], "little") > min(_FOOTER, len(data) - 12):
        _refuse("its footer is longer than that of any such file")


def _check_footer(about: Any, columns: Any, size: int) -> None:
    """Check all that a file says of itself, of which nothing has been unpacked."""
    import pyarrow as pa
    from pyarrow import parquet

    made = io.BytesIO()
    parquet.ParquetWriter(made, _arrow(), store_schema=False).close()
    wanted = parquet.ParquetFile(pa.BufferReader(made.getvalue())).schema
    if about.num_columns != len(schema.TEAM):
        _refuse(f"it has {about.num_columns:,} columns, and {len(schema.TEAM)} are wanted")
    for number, column in enumerate(schema.TEAM):
        if not columns.column(number).equals(wanted.column(number)):
            _refuse(f"column {number + 1} is not {column.name}: its name, type or nullability")
    if about.metadata or not _WRITER.fullmatch(about.created_by or ""):
        _refuse("it says more than its rows: metadata, or another writer")
    if not 0 < about.num_rows <= MOST_ROWS:
        _refuse(f"it has {about.num_rows:,} rows: from 1 to {MOST_ROWS:,} are taken")
    groups = [about.row_group(number) for number in range(about.num_row_groups)]
    if sum(group.num_rows for group in groups) != about.num_rows:
        _refuse("its groups have other rows than it says")
    if any(not 0 < group.num_rows <= GROUP for group in groups):
        _refuse(f"a group of its rows is empty, or has more than {GROUP:,}")
    for group in groups:
        for number, column in enumerate(schema.TEAM):
            _check_chunk(group.column(number), column.name, group.num_rows, size)


def _check_chunk(chunk: Any, name: str, rows: int, size: int) -> None:
    if chunk.compression not in _CODECS or not {*chunk.encodings} <= _ENCODINGS:
        _refuse(f"column {name} is packed in a way that no such file is")
    if chunk.num_values != rows or chunk.has_column_index or chunk.has_offset_index:
        _refuse(f"column {name} has other values than rows, or an index")
    if not 0 <= chunk.total_compressed_size <= size:
        _refuse(f"column {name} is said to be larger than the file")
    if not 0 <= chunk.total_uncompressed_size <= rows * _CELL + _SPARE:
        _refuse(f"column {name} unpacks to more than its rows can have")


def _check_texts(group: Any) -> None:
    """Refuse long strings while each stands once, in the dictionary of its column."""
    for name in _TEXTS:
        for chunk in group.column(name).chunks:
            if chunk.dictionary.nbytes > len(chunk) * _CELL + _SPARE:
                _refuse(f"column {name} has longer texts than any label or word")


def _opened(path: str, flags: int) -> int:
    return stamps.opened(path, flags | os.O_NOFOLLOW)


def _refuse(fault: str) -> NoReturn:
    raise UnsoundError(fault) from None
