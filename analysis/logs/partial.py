"""Partials: what some files say, as one Arrow table that any engine can make and any can combine.

A partition is some log files; its name is a hash of all that decides what they say. `load_part`
scans them as one machine would and returns one row a file: its ledger, its private names, where
its scan ended, its copies and its events. A partial is that table in a file, and is believed only
by the digest at its end: whoever finds it damaged, or not at all, makes it again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from analysis import schema
from analysis.logs import shelf, stamps
from analysis.logs.discover import Listed, LogFile
from analysis.logs.files import StoreError, digest
from analysis.logs.frames import Framed, frame
from analysis.logs.parts import Found, Jobs, Task, scanned
from analysis.logs.places import fetched, is_address

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

#: The shape of a partial: another one has another name.
FORMAT = 1

#: Bytes of logs in a partition: it ends at the first file after so many that says so by its name,
#: and holds no more than twice as many, but where one file does.
SIZE = 64 * 10**6

_ENDS = 8  # one file in so many ends a partition that is large enough
_FILES = 4_096  # in a partition, at most
_NAME = b"partition"  # among a table's metadata

#: The tables that hold rows of a file.
_LISTS = ("copies", "events")


class Partition(msgspec.Struct, frozen=True):
    """Some log files, and the secret that labels are made with.

    Files are numbered from 0 within it, and have no project's label: which those are in a dataset
    is for the combine to say.
    """

    name: str
    parser: str
    key: bytes
    tasks: tuple[Task, ...]

    def __repr__(self) -> str:  # which engines write into their logs
        return f"Partition({self.name!r}, {len(self.tasks)} files)"

    @property
    def size(self) -> int:
        """Bytes of its files, as they are stored."""
        return sum(task.size for task in self.tasks)


def partitions(
    logs: Sequence[LogFile], listed: Mapping[str, Listed], key: bytes, size: int = SIZE
) -> list[Partition]:
    """Pack logs into partitions.

    Where one ends is told by the names of its files, so that a log that comes or goes moves the
    ends of few partitions, and the partials of the others are found again.

    Parameters
    ----------
    logs
        In a stable order.
    listed
        The listing that they are of, by path.
    key
        The dataset's secret.
    size
        Bytes: a partition has between this and twice as much, but for the last.
    """
    made: list[Partition] = []
    waiting: list[LogFile] = []
    held = 0
    for log in logs:
        more = stamps.bytes_of(listed[log.place].stat)
        if waiting and (held + more > 2 * size or len(waiting) == _FILES):
            made.append(_partition(waiting, listed, key))
            waiting, held = [], 0
        waiting.append(log)
        held += more
        if held >= size and digest(os.fsencode(log.place))[0] in "0123456789abcdef"[: 16 // _ENDS]:
            made.append(_partition(waiting, listed, key))
            waiting, held = [], 0
    return [*made, _partition(waiting, listed, key)] if waiting else made


def _partition(logs: Sequence[LogFile], listed: Mapping[str, Listed], key: bytes) -> Partition:
    found = [listed[log.place].stat for log in logs]
    tasks = tuple(
        Task.of(log, n, "", stamps.bytes_of(stat))
        for n, (log, stat) in enumerate(zip(logs, found, strict=True))
    )
    told = [(task, stamps.stamp(stat)) for task, stat in zip(tasks, found, strict=True)]
    parser = stamps.parser()
    says = repr((FORMAT, parser, digest(key), told)).encode("utf-8", "surrogateescape")
    return Partition(f"part-{digest(says)}", parser, key, tasks)


def load_part(partition: Partition) -> pa.Table:
    """Read the logs of a partition.

    Any engine may call it, anywhere that reaches the logs, as often as it likes: the same logs
    give the same table, whatever else is read and in which order.

    Returns
    -------
    pyarrow.Table
        One row a file. Private: it has the names of folders and branches.

    Raises
    ------
    PlaceError
        When object storage does not give what it listed.

    Examples
    --------
    >>> from analysis.logs import discover
    >>> from analysis.paths import SAMPLE
    >>> listed = discover.listing([SAMPLE])
    >>> part, = partitions(discover.placed(listed), listed, b"secret")
    >>> table = load_part(part)
    >>> table.num_rows == len(listed), table.column_names
    (True, ['file', 'skipped', 'prefix', 'end', 'names', 'ledger', 'copies', 'events'])
    """
    if partition.parser != stamps.parser():
        raise StoreError("a worker has another version of this suite: update it there")
    away = [place for task in partition.tasks if is_address(place := os.fsdecode(task.path))]
    here: AbstractContextManager[dict[str, Path]] = fetched(away) if away else nullcontext({})
    with here as files:
        found = [files.get(os.fsdecode(task.path)) for task in partition.tasks]
        tasks = [
            msgspec.structs.replace(task, path=os.fsencode(file)) if file else task
            for task, file in zip(partition.tasks, found, strict=True)
        ]
        table = _table(Jobs(partition.key, tasks, [[*range(len(tasks))]]))
    return table.replace_schema_metadata({_NAME: partition.name})


def name_of(table: pa.Table) -> str:
    """Return the name of the partition that a table is of."""
    return str((table.schema.metadata or {}).get(_NAME, b""), "ascii")


def _table(jobs: Jobs) -> pa.Table:
    import polars as pl

    rows: dict[str, list[pl.DataFrame]] = {
        table: [frame([], table)] for table in (*_LISTS, "files")
    }
    found: dict[int, Found] = {}
    for part in scanned(jobs, [0]):
        found |= part.found
        for table, frames in rows.items():
            frames.append(frame(getattr(part, table), table))
    numbers = [task.file for task in jobs.tasks]
    whole = {table: pl.concat(frames) for table, frames in rows.items()}
    files = pl.DataFrame({"file": pl.Series(numbers, dtype=pl.Int32)})
    ledger = files.join(whole["files"], on="file", how="left", maintain_order="left")
    of = [found[number] for number in numbers]
    more = {
        "skipped": pl.Series([f.skipped for f in of], dtype=pl.String),
        "prefix": pl.Series([f.prefix for f in of], dtype=pl.String),
        "end": pl.Series([f.end for f in of], dtype=pl.Binary),
        # a folder may be called what is no Unicode, which JSON spells all the same
        "names": pl.Series([json.dumps(f.names, sort_keys=True) for f in of], dtype=pl.String),
    }
    columns = {
        "ledger": ledger.to_arrow().to_struct_array().combine_chunks(),
        **{table: _lists(whole[table], numbers) for table in _LISTS},
    }
    made = files.with_columns(**more).to_arrow()
    for name, column in columns.items():
        made = made.append_column(name, column)
    return made


def _lists(rows: pl.DataFrame, numbers: Sequence[int]) -> pa.Array:
    """Return the rows of each file as a list: files are scanned one after the other."""
    import polars as pl
    import pyarrow as pa

    ends = rows["file"].search_sorted(pl.Series(numbers, dtype=pl.Int32), side="right")
    offsets = pl.concat([pl.Series([0]), ends.cast(pl.Int64)]).to_arrow()
    struct = rows.to_arrow().to_struct_array().combine_chunks()
    return pa.LargeListArray.from_arrays(offsets, struct)


def framed(table: pa.Table, numbers: Mapping[int, tuple[int, str]]) -> Framed:
    """Return the rows of some files of a partial, as a dataset numbers and labels them.

    Parameters
    ----------
    table
        From `load_part`.
    numbers
        The number of each file in the dataset, and the label of its project, by its number here.
        Files that are not among them are left out.
    """
    import polars as pl

    of = {n: file for n, (file, _) in numbers.items()}
    projects = {n: project for n, (_, project) in numbers.items()}
    mine = pl.col("file").is_in(list(numbers))
    told = (
        pl.col("file").replace_strict(projects, return_dtype=pl.String).alias("project"),
        pl.col("file").replace_strict(of, return_dtype=pl.Int32),
    )
    copies, events, files = (
        _rows(table, name, kind).filter(mine).with_columns(told)
        for name, kind in (("copies", "copies"), ("events", "events"), ("ledger", "files"))
    )
    more = table.select(["file", "skipped", "prefix", "end", "names"]).to_pylist()
    found = {
        of[row["file"]]: Found(row["skipped"], row["prefix"], row["end"], json.loads(row["names"]))
        for row in more
        if row["file"] in of
    }
    return Framed(copies, events, files, found)


def _rows(table: pa.Table, column: str, kind: str) -> pl.DataFrame:
    import polars as pl
    import pyarrow as pa

    held = table.column(column)
    chunks = held.chunks if column == "ledger" else [chunk.flatten() for chunk in held.chunks]
    batches = [pa.RecordBatch.from_struct_array(chunk) for chunk in chunks]
    types = schema.dtypes(kind)
    if not batches:
        return pl.DataFrame(schema=types)
    made = pl.from_arrow(pa.Table.from_batches(batches))
    assert isinstance(made, pl.DataFrame)
    return made.cast(types)


def write_part(partition: Partition, place: str) -> str:
    """Read the logs of a partition into its partial, unless that is there; return its name.

    Two that write the same partial write the same bytes, each whole: a retry does nothing twice.

    Parameters
    ----------
    place
        From `shelf.place_of`: whoever combines reads from there.
    """
    if shelf.read(partition.name, place) is None:
        shelf.write(partition.name, place, load_part(partition))
    return partition.name
