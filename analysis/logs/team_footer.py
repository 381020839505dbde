"""What a file for a team says of itself, before any of it is unpacked."""

from __future__ import annotations

import io
import re
from typing import Any, NoReturn

from analysis import schema

#: The most rows of a file, and the rows of one of its groups.
MOST_ROWS = 2**22
GROUP = 2**17

#: The first and last bytes of Parquet.
MAGIC = b"PAR1"

MOST_FOOTER = 2**20  # bytes; 32 groups of 20 columns take a tenth
CELL = 64  # bytes of a text, and of a cell unpacked on average: a label has 18
_SPARE = 2**12  # bytes unpacked of a column beside its cells
_CODECS = {"ZSTD", "UNCOMPRESSED"}
_ENCODINGS = {"PLAIN", "RLE", "RLE_DICTIONARY", "PLAIN_DICTIONARY"}
_WRITER = re.compile(r"parquet-cpp-arrow version [0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}")


class UnsoundError(Exception):
    """A file is not what one person hands to a team; says which rule is broken, never a value."""


def arrow() -> Any:
    """Return the columns as Arrow has them; what cannot be null is required in the file."""
    import pyarrow as pa

    kinds = {
        "String": pa.string(),
        "Int64": pa.int64(),
        "Boolean": pa.bool_(),
        "Datetime": pa.timestamp("us", tz="UTC"),
    }
    return pa.schema([pa.field(c.name, kinds[c.kind], c.nullable) for c in schema.TEAM])


def check(data: bytes) -> None:
    """Check all that a file says of itself.

    Raises
    ------
    UnsoundError
        At the first rule that is broken.
    """
    import pyarrow as pa
    from pyarrow import parquet

    _check_ends(data)
    file = parquet.ParquetFile(
        pa.BufferReader(data),
        thrift_string_size_limit=MOST_FOOTER,
        thrift_container_size_limit=2**16,
    )
    _check_footer(file.metadata, file.schema, len(data))


def _check_ends(data: bytes) -> None:
    if len(data) < 12 or not data.startswith(MAGIC) or not data.endswith(MAGIC):
        refuse("it is no whole Parquet file without encryption")
    if int.from_bytes(data[-8:-4], "little") > min(MOST_FOOTER, len(data) - 12):
        refuse("its footer is longer than that of any such file")


def _check_footer(about: Any, columns: Any, size: int) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    made = io.BytesIO()
    parquet.ParquetWriter(made, arrow(), store_schema=False).close()
    wanted = parquet.ParquetFile(pa.BufferReader(made.getvalue())).schema
    if about.num_columns != len(schema.TEAM):
        refuse(f"it has {about.num_columns:,} columns, and {len(schema.TEAM)} are wanted")
    for number, column in enumerate(schema.TEAM):
        if not columns.column(number).equals(wanted.column(number)):
            refuse(f"column {number + 1} is not {column.name}: its name, type or nullability")
    if about.metadata or not _WRITER.fullmatch(about.created_by or ""):
        refuse("it says more than its rows: metadata, or another writer")
    if not 0 < about.num_rows <= MOST_ROWS:
        refuse(f"it has {about.num_rows:,} rows: from 1 to {MOST_ROWS:,} are taken")
    groups = [about.row_group(number) for number in range(about.num_row_groups)]
    if sum(group.num_rows for group in groups) != about.num_rows:
        refuse("its groups have other rows than it says")
    if any(not 0 < group.num_rows <= GROUP for group in groups):
        refuse(f"a group of its rows is empty, or has more than {GROUP:,}")
    for group in groups:
        for number, column in enumerate(schema.TEAM):
            _check_chunk(group.column(number), column.name, group.num_rows, size)


def _check_chunk(chunk: Any, name: str, rows: int, size: int) -> None:
    if chunk.compression not in _CODECS or not {*chunk.encodings} <= _ENCODINGS:
        refuse(f"column {name} is packed in a way that no such file is")
    more = chunk.is_stats_set or chunk.has_column_index or chunk.has_offset_index
    if chunk.num_values != rows or more:
        refuse(f"column {name} has other values than rows, or says more than they do")
    if not 0 <= chunk.total_compressed_size <= size:
        refuse(f"column {name} is said to be larger than the file")
    if not 0 <= chunk.total_uncompressed_size <= rows * CELL + _SPARE:
        refuse(f"column {name} unpacks to more than its rows can have")


def refuse(fault: str) -> NoReturn:
    """Say which rule a file breaks.

    Raises
    ------
    UnsoundError
        Always, and of what led to it nothing.
    """
    raise UnsoundError(fault) from None
