"""Rows come back from the files of a batch as they went in, whatever came at once."""

import copy
import datetime as dt
import itertools
import shutil

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lines import KEY

from analysis import schema
from analysis.logs import frames, workers
from analysis.logs.batches import STORED
from analysis.logs.discover import log_files
from analysis.logs.frames import Writer, frame, relabel
from analysis.logs.parts import Found, Part, Task
from analysis.logs.times import microseconds
from analysis.paths import SAMPLE


@pytest.fixture(scope="module")
def single():
    """Parts of the sample, of one file each."""
    logs = log_files([SAMPLE])[:30]
    tasks = [
        Task.of(log, n, "project-01", log.path.stat().st_size) for n, log in enumerate(logs, 1)
    ]
    return [part for task in tasks for part in workers.parts([task], KEY, 0)]


@pytest.fixture(scope="module")
def one(single):
    """A part with one row in `files` and none elsewhere."""
    return Part([], [], single[0].files, {})


def written(folder, table):
    """The frames of a table's files, in the order they were written."""
    more = sorted(path.name for path in folder.glob(f"{table}-*"))
    assert more == [f"{table}-{n:04d}.parquet" for n in range(2, len(more) + 2)]
    return [pl.read_parquet(folder / name) for name in (f"{table}.parquet", *more)]


def joined(parts, table):
    """A table's rows of several parts, by another way than the writer's."""
    rows = [row for part in parts for row in zip(*getattr(part, table), strict=True)]
    types = schema.dtypes(table)
    plain = {name: pl.Int64 if kind == schema.UTC else kind for name, kind in types.items()}
    return pl.DataFrame(rows, plain, orient="row").cast(types)


def merged(parts):
    """Several parts as one, which has all columns of a table or none."""
    tables = []
    for table in STORED:
        some = [getattr(part, table) for part in parts if getattr(part, table)]
        tables.append([[*itertools.chain(*columns)] for columns in zip(*some, strict=True)])
    return Part(*tables, {n: found for part in parts for n, found in part.found.items()})


def write(folder, parts, waiting=2**13, most=2**16, **more):
    """Write parts, with so many rows that wait for a frame, and so many in a file."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames, "_ROWS", waiting)
        patch.setattr(frames, "_WRITTEN", most)
        writer = Writer(folder)
        for part in map(copy.deepcopy, parts):  # a writer keeps what it takes
            writer.add(part, **more)
        writer.close()
    return folder


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(st.integers(0, 4), max_size=12), st.integers(1, 40), st.integers(1, 40))
def test_rows_come_back_whatever_comes_at_once(tmp_path, single, sizes, waiting, most):
    ends = [sum(sizes[:n]) for n in range(len(sizes) + 1)]
    parts = [merged(single[a:b]) for a, b in itertools.pairwise(ends)]
    folder = write(tmp_path / "batch", parts, waiting, most)
    for table in STORED:
        made = written(folder, table)
        assert pl.concat(made).equals(joined(single[: ends[-1]], table))
        assert all(part.schema == schema.dtypes(table) for part in made)
        assert all(part.height >= most for part in made[:-1])


@pytest.mark.parametrize(
    ("waiting", "most", "files"),
    [(1, 1, 6), (1, 2, 3), (1, 3, 2), (1, 6, 1), (1, 7, 1), (2, 1, 3), (2, 3, 2), (6, 1, 1)],
)
def test_a_file_ends_with_the_frame_that_fills_it(tmp_path, one, waiting, most, files):
    made = written(write(tmp_path / "batch", [one] * 6, waiting, most), "files")
    assert (len(made), sum(map(len, made))) == (files, 6)


def test_each_table_has_a_file_even_without_rows(tmp_path):
    folder = write(tmp_path / "batch", [])
    assert sorted(p.name for p in folder.iterdir()) == [
        "copies.parquet",
        "ends.parquet",
        "events.parquet",
        "files.parquet",
    ]
    for table in STORED:
        (made,) = written(folder, table)
        assert (made.height, made.schema) == (0, schema.dtypes(table))


@pytest.mark.parametrize("waiting", [1, 7, 2**13])
@pytest.mark.parametrize("without", [{1}, {2, 5, 9, 77}, set(range(1, 31)), set(), [3, 4]])
def test_rows_of_some_files_are_left_out(tmp_path, single, waiting, without):
    parts = [merged(single[:9]), merged([]), merged(single[9:])]
    folder = write(tmp_path / "batch", parts, waiting, without=without)
    for table in STORED:
        kept = joined(single, table).filter(~pl.col("file").is_in(list(without)))
        assert pl.concat(written(folder, table)).equals(kept)


def test_where_each_scan_ended_is_written_beside_them(tmp_path):
    def found(**ends):
        return {int(n[1:]): Found(False, None, end, {}) for n, end in ends.items()}

    parts = [Part([], [], [], found(f1=b"a", f2=None)), Part([], [], [], found(f70000=b"\0\xff"))]
    ends = pl.read_parquet(write(tmp_path / "batch", parts) / "ends.parquet")
    assert ends.schema == {"file": pl.Int32, "end": pl.Binary}
    assert ends.rows() == [(1, b"a"), (70_000, b"\0\xff")]


def test_files_are_compressed_by_what_is_fast_to_read(tmp_path, single):
    parts = merged(single)
    parts.found[1].end = b"x" * 99
    folder = write(tmp_path / "batch", [parts])
    relabel(folder, {"claude-opus-4-7": "claude-opus-4-7"})
    for path in folder.iterdir():
        about = pq.ParquetFile(path).metadata.row_group(0)
        columns = [about.column(n) for n in range(about.num_columns)]
        assert {c.compression for c in columns} == {"LZ4"}, path.name
        assert not any(c.is_stats_set for c in columns), path.name


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("copies", "message_id", None),
        ("copies", "origin", "elsewhere"),
        ("copies", "output_tokens", -1),
        ("files", "lines", None),
    ],
)
def test_a_row_that_breaks_the_schema_is_not_written(tmp_path, single, table, column, value):
    part = merged(single)
    getattr(part, table)[schema.dtypes(table).names().index(column)][0] = value
    with pytest.raises(schema.SchemaError, match=rf"table {table} .*{column}"):
        write(tmp_path / "batch", [part])
    assert not (tmp_path / "batch" / f"{table}.parquet").exists()


# -- frames


def test_a_frame_has_the_values_of_its_columns_and_the_types_of_the_schema():
    at = dt.datetime(2026, 5, 4, 12, 0, 0, 123_456, tzinfo=dt.UTC)
    row = {c.name: None for c in schema.EVENTS_TABLE}
    row |= {"file": 7, "session": "s", "project": "project-01", "is_sidechain": True}
    row |= {"kind": "prompt", "chars": 12}
    columns = [[value] for value in (row | {"at": microseconds(at)}).values()]
    made = frame(columns, "events")
    assert made.schema == schema.dtypes("events")
    assert made.rows(named=True) == [row | {"at": at}]


@pytest.mark.parametrize("table", STORED)
def test_no_columns_are_no_rows(table):
    assert frame([], table).schema == schema.dtypes(table)
    assert frame([[] for _ in schema.TABLES[table]], table).schema == schema.dtypes(table)


def test_columns_that_are_not_the_schema_s_are_an_error():
    with pytest.raises(ValueError, match="shorter"):
        frame([[1]], "events")


# -- labels of models


def test_models_of_unknown_shape_get_their_labels_wherever_they_are_named(tmp_path, single):
    labels = {"claude-opus-4-7": "other-01", "auto": "other-02", "not there": "other-03"}
    folder = write(tmp_path / "batch", single, 1, 9)
    before = {path.name: pl.read_parquet(path) for path in folder.iterdir()}
    stood = (folder / "files.parquet").read_bytes()
    assert len(before) > 6
    relabel(folder, labels)
    assert (folder / "files.parquet").read_bytes() == stood
    for name, made in before.items():
        renamed = [
            pl.col(c).replace_strict(labels, default=pl.col(c))
            for c in ("model", "detail")
            if c in made.columns
        ]
        assert pl.read_parquet(folder / name).equals(made.with_columns(renamed)), name
