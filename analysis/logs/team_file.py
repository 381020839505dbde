"""The file that one person hands to a team: how it is written, and whether one that came is sound.

A file that came is hostile until all of it has been looked at: what it says of itself, before any
of it is unpacked; then its rows, one group at a time. `team_reading` does so in another process,
whose memory and time are bounded, since a decoder believes what a page says of its size.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import schema
from analysis.logs import stamps
from analysis.logs.team_footer import CELL, GROUP, MOST_FOOTER, arrow, check, refuse
from analysis.logs.team_rules import broken
from analysis.logs.times import LATEST

if TYPE_CHECKING:
    import polars as pl

#: The most bytes of a file: a person's requests of years, one every few seconds.
MOST_BYTES = 2**28

_FEW = tuple(c.name for c in schema.TEAM if c.values or c.holds in ("public model", "word"))
_TEXTS = tuple(c.name for c in schema.TEAM if c.kind == "String")


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
    batches = rows.rechunk().to_arrow().to_batches()
    parquet.write_table(
        pa.Table.from_batches(batches).cast(arrow()),
        made,
        row_group_size=GROUP,
        compression="zstd",
        use_dictionary=["person", "session", "hour", *_FEW],
        write_statistics=False,
        write_page_checksum=True,
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
                refuse("it is no file")
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        refuse(f"it cannot be read ({os.strerror(error.errno or 0)})")
    if len(data) > MOST_BYTES:
        refuse(f"it has more than {MOST_BYTES // 2**20} MiB")
    return data


def decode(data: bytes, latest: dt.datetime = LATEST) -> Iterator[pl.DataFrame]:
    """Yield the rows of a file, group by group, each of them checked.

    Parameters
    ----------
    data
        The bytes of the file.
    latest
        The last time that a row may have.

    Raises
    ------
    UnsoundError
        At the first rule that is broken; of what was yielded before, nothing is to be kept.
    """
    import polars as pl
    import pyarrow as pa
    from pyarrow import parquet

    try:
        check(data)
        file = parquet.ParquetFile(
            pa.BufferReader(data),
            read_dictionary=_TEXTS,  # so that a text that stands often is there once
            thrift_string_size_limit=MOST_FOOTER,
            thrift_container_size_limit=2**16,
            page_checksum_verification=True,
        )
        before = None
        for number in range(file.num_row_groups):
            group = file.read_row_group(number, use_threads=False)
            if len(group) != file.metadata.row_group(number).num_rows:
                refuse("a group has fewer rows than it says")
            _check_texts(group)
            rows = pl.DataFrame(pl.from_arrow(group.cast(arrow())))
            if fault := broken(rows, before, latest):
                refuse(fault)
            before = rows.select("person", "request").row(-1)
            yield rows
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError):
        refuse("it cannot be decoded")
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        refuse("it cannot be decoded")


def _check_texts(group: Any) -> None:
    """Refuse long texts while each stands once, in the dictionary of its column."""
    import pyarrow.compute as pc

    for name in _TEXTS:
        for chunk in group.column(name).chunks:
            if (pc.max(pc.binary_length(chunk.dictionary)).as_py() or 0) > CELL:
                refuse(f"column {name} has a longer text than any label or word")


def _opened(path: str, flags: int) -> int:
    return stamps.opened(path, flags | os.O_NOFOLLOW)
