"""Every table has one documented shape, and a frame that breaks it is refused without a value."""

import datetime as dt
import hashlib
import re
import subprocess
import sys

import polars as pl
import pytest
from lines import check, held

from analysis import describe, schema
from analysis.strings import MEANING, STRINGS, whole

SECRET = "acme-merger"


def files(**values):
    """One sound row of the `files` table, with changes."""
    row = {c.name: 0 if c.dtype.is_numeric() else None for c in schema.FILES}
    row |= {"project": "project-01", "source": "claude-code"}
    frame = pl.DataFrame([row], schema=schema.dtypes("files"))
    return frame.with_columns(**values)


def copies(**values):
    """One sound row of the `copies` table, with changes."""
    row = {c.name: 0 if c.dtype.is_numeric() else None for c in schema.COPIES}
    row |= {
        "project": "project-01",
        "message_id": "msg_000001",
        "origin": "assistant",
        "model": "other-01",
    }
    row |= {"source": "claude-code", "is_sidechain": False}
    frame = pl.DataFrame([row], schema=schema.dtypes("copies"))
    times = pl.lit(0).cast(schema.UTC)
    return frame.with_columns(first_seen=times, last_seen=times).with_columns(**values)


def test_sound_rows_pass_unchanged():
    assert schema.validate(files(), "files").equals(files())
    assert schema.validate(copies(), "copies").equals(copies())
    assert schema.fits(files(), "files")
    assert schema.fits(copies(), "copies")
    assert not schema.fits(files(), "copies")


@pytest.mark.parametrize(
    ("table", "frame", "rule"),
    [
        ("files", files().drop("lines"), "columns missing: lines; unknown: 0"),
        ("files", files(**{SECRET: pl.lit(1)}), "columns missing: none; unknown: 1"),
        (
            "files",
            files().select(reversed(schema.dtypes("files").names())),
            "or they stand in another order",
        ),
        ("files", files(lines=pl.lit(-1, pl.Int64)), "lines: greater_than_or_equal_to"),
        ("files", files(lines=pl.lit(None, pl.Int64)), "lines: series_contains_nulls"),
        ("files", files(lines=pl.lit(SECRET)), "lines: wrong_datatype"),
        ("files", files(project=pl.lit(None, pl.String)), "project: series_contains_nulls"),
        ("copies", copies(origin=pl.lit(SECRET)), "origin: isin"),
        ("copies", copies(model=pl.lit(SECRET)), "model: strings"),
        ("copies", copies(session=pl.lit(SECRET)), "session: strings"),
        ("copies", copies(stop_reason=pl.lit("end_turn\n")), "stop_reason: strings"),
        (
            "copies",
            copies(first_seen=pl.lit(None, schema.UTC)),
            "first_seen: series_contains_nulls",
        ),
        ("copies", copies(read_tokens=pl.lit(-987654321)), "read_tokens: greater_than_or_equal_to"),
        ("copies", copies(message_id=pl.lit(None, pl.String)), "message_id: series_contains_nulls"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_frame_is_refused_by_rule_and_never_by_value(table, frame, rule):
    assert not schema.fits(frame, table)
    with pytest.raises(schema.SchemaError, match=f"table {table} breaks its schema") as refused:
        schema.validate(frame, table)
    said = str(refused.value)
    assert rule in said
    assert SECRET not in said
    assert "987654321" not in said
    assert refused.value.__suppress_context__


STRING = {"id": "msg_000001", "project": "project-01", "model": "claude-opus-4-7"}
STRING |= {"version": "2.1.97", "word": "standard", "tools": "run,mcp", "word or model": "529"}
STRING |= {"public model": "other"}
STRING |= {f"{word} label": f"{word[0]}-{0:016x}" for word in ("person", "request", "session")}
SOUND = {"Int32": 1, "Int64": 1, "UInt32": 1, "Boolean": False}
SOUND |= {"Datetime": dt.datetime(2026, 5, 4, tzinfo=dt.UTC), "Date": dt.date(2026, 5, 4)}
WRONG = {"String": "acme", "Int32": -1, "Int64": -1}


def sound(row, table):
    try:
        check(row, table)
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize("table", schema.TABLES)
def test_the_quick_check_holds_every_column_to_its_rules(table):
    row = {
        c.name: c.values[0] if c.values else STRING.get(c.holds) or SOUND[c.kind]
        for c in schema.TABLES[table]
    }
    assert schema.fits(pl.DataFrame([row], schema=schema.dtypes(table)), table)
    for column in schema.TABLES[table]:
        for value in (None, WRONG.get(column.kind)):
            changed = row | {column.name: value}
            frame = pl.DataFrame([changed], schema=schema.dtypes(table))
            assert schema.fits(frame, table) == sound(changed, table), (column.name, value)


def test_the_tables_are_known_without_polars():
    code = "import sys, analysis, analysis.schema; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_unknown_is_allowed_only_where_the_log_may_not_say():
    nullable = {c.name for c in schema.COPIES if c.nullable}
    assert {"write_5m_tokens", "write_1h_tokens", "stop_reason", "agent"} <= nullable
    counted = {c.name for c in schema.COPIES if c.unit == "tokens"}
    assert counted <= nullable  # of some source; tests/test_sources.py has what Claude Code says


@pytest.mark.parametrize("table", ["copies", "events", "files", "requests", "team"])
def test_every_column_is_documented(table):
    found = describe(table)
    assert found["column"].n_unique() == found.height == len(schema.dtypes(table))
    assert found["meaning"].str.len_chars().min() > 5
    counts = found.filter(pl.col("column").str.ends_with("_tokens"))
    assert set(counts["unit"]) <= {"tokens"}
    assert schema.GRAIN[table].startswith("One row per")


def test_the_dictionary_is_shown_whole_in_a_terminal_and_in_a_notebook():
    found = describe("requests")
    assert found.height > 30
    for shown in (str(found), repr(found), found._repr_html_()):
        assert all(name in shown for name in found["column"])
        assert " ┆ …" not in shown
    words = set(re.findall(r"\w+", str(found)))
    assert set(re.findall(r"\w+", " ".join(found["meaning"]))) <= words
    assert found["column"][20] not in str(pl.DataFrame(found))


def test_a_table_that_is_none_is_told_with_those_there_are():
    with pytest.raises(schema.SchemaError, match="no table 'sessions': there are copies, "):
        describe("sessions")


def test_the_ledger_has_a_column_for_every_class_and_reason():
    names = schema.dtypes("files").names()
    assert schema.LINE_CLASSES == ("rejected", "usage", "synthetic", "event", "other", "blank")
    assert set(schema.LINE_CLASSES) <= set(names)
    assert {f"rejected_{reason}" for reason in schema.REASONS} <= set(names)
    assert len([n for n in names if n.startswith("rejected_")]) == len(schema.REASONS) == 10


def test_requests_are_copies_without_their_file():
    before, after = schema.dtypes("copies").names(), schema.dtypes("requests").names()
    assert after == [name for name in before if name != "file"] + ["copies"]


def test_every_text_column_says_what_it_may_hold():
    for columns in schema.TABLES.values():
        for column in columns:
            assert (column.kind == "String") == bool(column.values or column.holds), column.name
            assert not (column.values and column.holds), column.name


def test_a_change_of_the_columns_is_another_version():
    said = [
        (table, c.name, c.kind, c.nullable, c.name == "source" or c.values, c.holds)
        for table, columns in schema.TABLES.items()
        for c in columns
    ]
    # another source is a value and no other column
    digest = hashlib.sha256(repr((said, sorted(STRINGS.items()))).encode()).hexdigest()
    assert (schema.VERSION, digest[:16]) == (3, "4ea90ed2e2d8fa37")


def test_every_kind_of_string_is_explained():
    assert MEANING.keys() == STRINGS.keys() == STRING.keys()


@pytest.mark.parametrize("kind", STRINGS)
@pytest.mark.parametrize(
    "text",
    [
        "acme",
        "acme-merger",
        "/home/jane",
        "jane@acme.com",
        "",
        " ",
        "standard\n",
        "x-acme",
        "\u0661",
    ],
)
def test_no_kind_of_string_holds_what_somebody_chose(kind, text):
    assert not held(kind, text)
    assert not pl.Series([text]).str.contains(whole(kind)).item()
    good = pl.Series([STRING[kind]])
    assert held(kind, good[0])
    assert good.str.contains(whole(kind)).item()
