"""Whether what an archive holds is sound: what is checked of its tables and of its manifest."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path, PurePosixPath
from typing import NoReturn

import polars as pl

from analysis import schema
from analysis.logs.manifest import Log, Manifest
from analysis.logs.places import is_address
from analysis.logs.times import EARLIEST, LATEST
from analysis.strings import whole

#: How the tables of an archive are compressed: neither can make very much of very little.
_CODECS = {"LZ4", "UNCOMPRESSED"}

_DIGEST = re.compile("[0-9a-f]{16}")
_KEY = re.compile("[0-9a-f]{32}")
_MODEL = re.compile("other-[0-9]{2,9}")
_NAMES = {"cwd", "branch", "models", "folder"}


class ArchiveError(Exception):
    """An archive cannot be written or taken in; says which file, and what is wrong where."""


def refuse(path: Path, fault: str) -> NoReturn:
    """Say what is wrong with an archive.

    Raises
    ------
    ArchiveError
        Always, and of what led to it nothing.
    """
    raise ArchiveError(f"{path}: {fault}. Nothing was changed.") from None


def table(path: Path, member: str, data: bytes, kind: str) -> pl.DataFrame:
    """Read a table that has the columns of the schema and keeps its rules.

    A column that came later may be missing where it can be null. How many rows there are and how
    they are compressed is asked before any is read.

    Raises
    ------
    ArchiveError
        When it has not, or does not.
    """
    _check_size(path, member, data)
    try:
        given = pl.read_parquet_schema(io.BytesIO(data))
        if foreign := [
            name for name, dtype in given.items() if schema.dtypes(kind).get(name) != dtype
        ]:
            refuse(path, f"{member} has {len(foreign)} columns that are not of table {kind}")
        found = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError):
        refuse(path, f"{member} is no table that can be read")
    later = [pl.lit(None, t).alias(n) for n, t in schema.dtypes(kind).items() if n not in given]
    found = found.with_columns(later)
    if kind == "files":
        found = found.with_columns(pl.col("^rejected_.*$").fill_null(0))
    found = found.select(schema.dtypes(kind).names())
    if not schema.fits(found, kind):
        refuse(path, f"{member} breaks the rules of table {kind}")
    for fault, broken in _RULES[kind].items():
        if found.select(broken.any()).item():
            refuse(path, f"{member} {fault}")
    return found


def _check_size(path: Path, member: str, data: bytes) -> None:
    """Refuse what could be very much more than its bytes."""
    from pyarrow import ArrowException, parquet

    try:
        about = parquet.ParquetFile(io.BytesIO(data)).metadata
        groups = [about.row_group(n) for n in range(about.num_row_groups)]
        columns = [group.column(n) for group in groups for n in range(group.num_columns)]
        codecs = {column.compression for column in columns}
        unpacked = sum(column.total_uncompressed_size for column in columns)
    except (ArrowException, OSError, ValueError, OverflowError):
        refuse(path, f"{member} is no table that can be read")
    if not codecs <= _CODECS:
        refuse(path, f"{member} is compressed in a way that no archive is")
    if about.num_rows > len(data) or unpacked > 256 * len(data):
        refuse(path, f"{member} is said to hold more than its bytes can")


def _out_of_range(kind: str) -> pl.Expr:
    """Return whether a count of tokens or a time is out of what a log may have."""
    most = {"output_sum_tokens": schema.MAX_TOKENS * pl.col("lines")} if kind == "copies" else {}
    broken = [pl.lit(False)]
    for column in schema.TABLES[kind]:
        if column.unit == "tokens":
            broken.append(pl.col(column.name) > most.get(column.name, schema.MAX_TOKENS))
        elif column.kind == "Int64":
            broken.append(pl.col(column.name) > 2**50)
        elif column.kind == "Datetime":
            broken.append(
                ~pl.col(column.name).is_between(EARLIEST, LATEST + dt.timedelta(days=366))
            )
    return pl.any_horizontal(broken)


_RULES: dict[str, dict[str, pl.Expr]] = {
    kind: {"has a count or a time out of its range": _out_of_range(kind)}
    for kind in ("copies", "events", "files")
}
_RULES["files"] |= {
    "has lines that do not sum up": (
        (pl.sum_horizontal(schema.LINE_CLASSES) != pl.col("lines"))
        | (pl.sum_horizontal("^rejected_.*$") != pl.col("rejected"))
    ),
    "has a file twice": pl.col("file").is_duplicated(),
}


def agree(path: Path, manifest: Manifest, tables: dict[str, pl.DataFrame]) -> None:
    """Check that a manifest is one of a dataset, and of these tables.

    Raises
    ------
    ArchiveError
        When it is not.
    """
    live = [log.number for log in manifest.files.values()]
    kept = [rows.number for rows in manifest.kept]
    labels = {*manifest.projects.values()}
    models = {*manifest.models.values()}
    said = pl.concat([tables["copies"]["model"], tables["events"]["detail"]]).drop_nulls()
    unlabelled = {m for m in said.unique() if _MODEL.fullmatch(m)} - models
    faults = {
        "its key is none": not _KEY.fullmatch(manifest.key),
        "numbers of files are there twice": len({*live, *kept}) != len(live) + len(kept),
        "a label of a project is none, or is there twice": not _are(
            labels, manifest.projects, whole("project")
        ),
        "a label of a model is none, or is there twice": not _are(
            models, manifest.models, _MODEL.pattern
        ),
        "a log is described as none can be": not all(map(_is_log, manifest.files.items())),
        "the list of files is not that of the tables": {*live} != {*tables["files"]["file"]}
        or not {*tables["copies"]["file"]} <= {*live, *kept}
        or not {*tables["events"]["file"]} <= {*live},
        "projects are not those of the tables": not all(
            {*t["project"]} <= labels for t in tables.values()
        ),
        "models are not those of the tables": bool(unlabelled),
    }
    for fault, there in faults.items():
        if there:
            refuse(path, f"manifest.json: {fault}")


def _are(labels: set[str], named: dict[str, str], pattern: str) -> bool:
    """Return whether each name has a label of its own."""
    return len(labels) == len(named) and all(re.fullmatch(pattern, label) for label in labels)


def _is_log(item: tuple[str, Log]) -> bool:
    path, log = item
    return (
        (PurePosixPath(path).is_absolute() or is_address(path))
        and "\0" not in path
        and ".." not in PurePosixPath(path).parts
        and 0 < log.number < 2**31
        and 0 <= log.size < 2**62
        and (log.prefix is None or _DIGEST.fullmatch(log.prefix) is not None)
        and (log.gone is None or _is_day(log.gone))
        and log.names.keys() <= _NAMES
    )


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
