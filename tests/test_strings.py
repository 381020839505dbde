"""Tables of the shipped sample and of public logs: every string in them is of a closed kind."""

import msgspec
import polars as pl
import pyarrow.parquet as pq
import pytest
from conftest import require
from lines import held
from stores import update
from test_public_logs import LOGS

from analysis import paths, schema
from analysis.logs import names
from analysis.logs.batches import STORED, kind_of
from analysis.logs.resume import End

PLACES = {
    "sample": paths.SAMPLE / "projects",
    "reconstruction": paths.SAMPLE / "reconstruction",
    "public": LOGS,
}


@pytest.fixture(scope="module", params=PLACES)
def files(request, datasets):
    """The Parquet files that a load of some logs writes."""
    logs = PLACES[request.param]
    require("public-logs", logs.is_dir(), f"no logs in {logs.name}: the public ones are not here")
    update(logs, name=request.param)
    return sorted((datasets / "processed" / request.param).rglob("*.parquet"))


def test_the_tables_have_the_listed_columns_and_each_string_is_of_its_kind(files):
    tables = [path for path in files if kind_of(path.name) in STORED]
    assert {kind_of(path.name) for path in tables} == set(STORED)
    for path in tables:
        frame, table = pl.read_parquet(path), kind_of(path.name)
        assert frame.schema == schema.dtypes(table)
        for column in (c for c in schema.TABLES[table] if c.kind == "String"):
            found = frame[column.name].drop_nulls().unique()
            good = (
                held(column.holds, text) if column.holds else text in column.values
                for text in found
            )
            assert all(good), (table, column.name)


def test_where_a_scan_ended_is_told_by_ids_times_and_models(files):
    (path,) = (p for p in files if kind_of(p.name) == "ends")
    frame = pl.read_parquet(path)
    assert frame.schema == pl.Schema({"file": pl.Int32, "end": pl.Binary})
    for end in (msgspec.msgpack.decode(data, type=End) for data in frame["end"]):
        chains = [chain for chain, _ in (*end.asked, *end.model) if isinstance(chain, str)]
        known = [text for copy, _ in end.uuids for text in copy[:2] if text]
        uuids = [text for _, told in end.uuids for text in told]
        ids = [*chains, *known, *uuids, *(text for owner in end.owner for text in owner if text)]
        assert all(held("id", text) for text in ids)
        assert all(held("model", model) for _, model in end.model)
        assert {copy[2] for copy, _ in end.uuids} <= set(schema.ORIGINS)


def test_the_files_say_nothing_beside_their_columns(files):
    for path in files:
        about = pq.read_metadata(path)
        assert set(about.metadata) == {b"ARROW:schema"}
        assert about.created_by.startswith("Polars")


def test_what_a_loader_passes_is_what_a_column_may_hold():
    for text in ("msg_01AbCdEfGh", "toolu_01abcdef", "a7dd4f3b8ec5e486c", "acme-merger", "msg_ü"):
        assert held("id", names.opaque(text, b"key"))
    for text in (*names.WORDS, "529", "acme"):
        assert held("word", names.word(text))
    assert all(held("tools", ",".join([kind, "run"])) for kind in names.TOOLS)
