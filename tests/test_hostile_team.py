"""A file that came for a team and is not sound is refused, in words that say why and no value."""

import datetime as dt
import io
import os
import random
import subprocess
import sys

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from stores import disk
from team_by_hand import AT, pricing, row
from team_by_hand import rows as rows_by_hand

from analysis import pricebook, schema
from analysis.logs import team_file, team_footer, team_reading, team_rules
from analysis.logs.sound import ArchiveError
from analysis.logs.team_footer import UnsoundError
from analysis.logs.team_import import take_in
from analysis.paths import ROOT
from analysis.synth.people import person

SECRET = "acme-merger"
PERSON, OTHER = "p-" + "0" * 16, "p-" + "1" * 16


@pytest.fixture(scope="module")
def rows():
    return person(1, 300, seed=1)


def arrow(rows):
    return pa.Table.from_batches(rows.to_arrow().to_batches()).cast(team_footer.arrow())


def written(table, **more):
    """Bytes of a table as an export has them, but for what is asked."""
    made = io.BytesIO()
    more = {"compression": "zstd", "write_statistics": False, "store_schema": False} | more
    pq.write_table(table, made, **more)
    return made.getvalue()


def refused(data):
    with pytest.raises(UnsoundError) as error:
        [*team_file.decode(data)]
    said = str(error.value)
    assert SECRET not in said
    assert error.value.__suppress_context__ or error.value.__context__ is None
    return said


def test_what_the_tests_write_is_sound(rows):
    """Or it would be refused for the wrong reason."""
    for data in (team_file.encode(rows), written(arrow(rows))):
        assert pl.concat(team_file.decode(data)).equals(rows)


def field(number, **changes):
    """Change a field of the schema: its name, type or nullability."""

    def change(table):
        old = table.schema.field(number)
        new = pa.field(
            changes.get("name", old.name),
            changes.get("type", old.type),
            changes.get("nullable", old.nullable),
        )
        return (
            table.cast(table.schema.set(number, new))
            if "name" not in changes
            else (
                table.rename_columns(
                    [*table.column_names[:number], new.name, *table.column_names[number + 1 :]]
                )
            )
        )

    return change


def at(name):
    return [c.name for c in schema.TEAM].index(name)


def nested(table):
    lists = pa.array([[1]] * len(table), pa.list_(pa.int64()))
    return table.set_column(at("read_tokens"), "read_tokens", lists)


def told(about):
    return lambda table: table.replace_schema_metadata(about)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda t: t.drop_columns(["cause"]), "it has 19 columns, and 20 are wanted"),
        (lambda t: t.append_column(SECRET, t["person"]), "it has 21 columns, and 20 are wanted"),
        (lambda t: t.select(t.column_names[::-1]), "column 1 is not person: its name, type or"),
        (field(at("source"), name=SECRET), "column 4 is not source"),
        (field(at("person"), nullable=True), "column 1 is not person"),
        (field(at("session"), type=pa.binary()), "column 3 is not session"),
        (field(at("read_tokens"), type=pa.int32()), "column 14 is not read_tokens"),
        (field(at("read_tokens"), type=pa.float64()), "column 14 is not read_tokens"),
        (field(at("hour"), type=pa.timestamp("ms", tz="UTC")), "column 6 is not hour"),
        (field(at("hour"), type=pa.timestamp("us")), "column 6 is not hour"),
        (field(at("hour"), type=pa.int64()), "column 6 is not hour"),
        (nested, "column 14 is not read_tokens"),
        (lambda t: t[:0], "it has 0 rows: from 1 to 4,194,304 are taken"),
        (lambda t: pa.table({f"c{n}": [1] for n in range(5_000)}), "it has 5,000 columns"),
    ],
)
def test_columns_that_no_such_file_has(rows, change, why):
    assert why in refused(written(change(arrow(rows))))


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"store_schema": True}, "it says more than its rows"),
        ({"write_statistics": True}, "column person has other values than rows, or says more"),
        ({"write_page_index": True}, "column person has other values than rows, or says more"),
        ({"compression": "gzip"}, "column person is packed in a way that no such file is"),
        ({"compression": "brotli"}, "column person is packed in a way that no such file is"),
        (
            {"use_dictionary": False, "column_encoding": {"read_tokens": "DELTA_BINARY_PACKED"}},
            "column read_tokens is packed in a way",
        ),
    ],
)
def test_what_else_a_file_may_say_or_be_packed_in(rows, more, why):
    assert why in refused(written(arrow(rows), **more))


def test_another_writer_and_metadata_are_told(rows):
    made = io.BytesIO()
    rows.write_parquet(made)
    assert "column 1 is not person" in refused(made.getvalue())
    about = arrow(rows).replace_schema_metadata({SECRET: SECRET})
    assert "it says more than its rows: metadata" in refused(written(about, store_schema=True))
    made = io.BytesIO()
    with pq.ParquetWriter(made, arrow(rows).schema, store_schema=False) as writer:
        writer.write_table(arrow(rows))
        writer.add_key_value_metadata({SECRET: SECRET})
    assert "it says more than its rows: metadata" in refused(made.getvalue())


def put(**values):
    return lambda rows: rows.with_columns(
        pl.lit(value, schema.dtypes("team")[name]).alias(name) for name, value in values.items()
    )


def first(**values):
    """Change the first row alone."""
    one = pl.int_range(pl.len()) == 0
    return lambda rows: rows.with_columns(
        pl.when(one).then(pl.lit(value, schema.dtypes("team")[name])).otherwise(name).alias(name)
        for name, value in values.items()
    )


def shifted(**more):
    return lambda rows: rows.with_columns(pl.col("hour").dt.offset_by(more["by"]))


WRITTEN = {"write_tokens": 10, "write_5m_tokens": 4, "write_1h_tokens": 7}
REBUILT = {"rebuilt_tokens": 0, "cause": "expiry"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (put(person=SECRET), "column person: a text that is no person label"),
        (put(person=PERSON + "0"), "column person: a text that is no person label"),
        (put(person=PERSON + "\n"), "column person: a text that is no person label"),
        (first(person=OTHER), "column person: several people"),
        (put(session="s-" + "A" * 16), "column session: a text that is no session label"),
        (put(session=f"00000000-0000-4000-a000-{0:012}"), "column session: a text that is no"),
        (put(model=SECRET), "column model: a text that is no public model"),
        (put(model="other-01"), "column model: a text that is no public model"),
        (put(source=SECRET), "column source: a word that is not of its list"),
        (put(speed=SECRET), "column speed: a text that is no word"),
        (put(geo="x" * 5_000), "column geo has a longer text than any label or word"),
        (first(cause=SECRET), "column cause: a word that is not of its list"),
        (first(read_tokens=-1), "column read_tokens: a count below 0 or above 10,000,000"),
        (
            first(output_tokens=10**6 + 1),
            "column output_tokens: a count below 0 or above 1,000,000",
        ),
        (first(read_tokens=10**7, write_tokens=1), "columns input_tokens, output_tokens, write_t"),
        (first(web_searches=2**62), "column web_searches: a count below 0 or above 1,000"),
        (shifted(by="1us"), "column hour: not on the hour"),
        (shifted(by="30m"), "column hour: not on the hour"),
        (shifted(by="-4y"), "column hour: not a time of a log"),
        (shifted(by="90y"), "column hour: not a time of a log"),
        (first(**WRITTEN), "columns write_5m_tokens and write_1h_tokens: more than was written"),
        (first(write_tokens=None), "columns write_5m_tokens and write_1h_tokens: more than"),
        (first(rebuilt_tokens=10**7), "column rebuilt_tokens: more than was written"),
        (first(**REBUILT), "column cause: named where nothing was rebuilt"),
        (put(cause=None), "column cause: named where nothing was rebuilt, or not where something"),
        (first(request="r-" + "f" * 16), "column request: not in order, or one twice"),
        (lambda rows: rows[[0, *range(len(rows))]], "column request: not in order, or one twice"),
        (lambda rows: rows.reverse(), "column request: not in order, or one twice"),
    ],
)
def test_a_row_that_breaks_a_rule(rows, change, why):
    assert why in refused(written(arrow(change(rows))))


def test_what_a_person_costs_at_most_fits():
    """As many requests as may be of one person, each as large as may be, at the dearest price."""
    most = team_rules.MOST_TOKENS
    spoken = team_rules.MOST["output_tokens"]
    mixes = [
        {"output_tokens": spoken, "input_tokens": most - spoken},
        {"output_tokens": spoken, "write_tokens": most - spoken},
        {"output_tokens": spoken, "write_1h_tokens": most - spoken, "write_5m_tokens": 0},
    ]
    mixes[2]["write_tokens"] = most - spoken
    models = [*pricebook.known_models(), *pricebook._others()]
    made = [
        row(model=model, speed=speed, geo=geo, hour=AT.replace(year=year), **mix, web_searches=many)
        for model in models
        for speed in (None, "fast")
        for geo in (None, "us")
        for year in (2024, 2026)
        for mix in mixes
        for many in (0, team_rules.MOST["web_searches"])
    ]
    worst = pricing(rows_by_hand(*made).with_columns(first_seen="hour"))["total_nano"].max()
    assert worst > 10**12
    assert worst * team_footer.MOST_ROWS < 2**63


def test_the_page_has_what_one_may_have():
    page = (ROOT / "docs" / "team.md").read_text()
    assert (
        f"at most {team_rules.MOST_TOKENS:,} tokens, {team_rules.MOST['output_tokens']:,} of them "
        f"output, and {team_rules.MOST['web_searches']:,} searches"
    ) in page
    assert f"a person has at most {team_footer.MOST_ROWS:,} requests in a team" in page


def hostile(person, many, **values):
    """Many requests alike of one person."""
    one = rows_by_hand(row(person, **values))
    number = pl.int_range(many).map_elements(lambda n: f"r-{n:016x}", pl.String)
    return one[[0] * many].with_columns(request=number)


def test_counts_that_a_sum_cannot_hold_are_refused(tmp_path):
    """Forty thousand rows of ten billion tokens once made a person's dollars negative."""
    path = tmp_path / "it.parquet"
    path.write_bytes(team_file.encode(hostile(1, 40_000, output_tokens=10**10)))
    read = team_reading.read_one(path, tmp_path / "to")
    assert read.fault == "column output_tokens: a count below 0 or above 1,000,000"


@pytest.mark.parametrize(("days", "taken"), [(0, True), (2, False), (26_000, False)])
def test_an_hour_that_has_not_come_is_refused(tmp_path, days, taken):
    at = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    path = tmp_path / "it.parquet"
    path.write_bytes(
        team_file.encode(hostile(1, 1, hour=at.replace(minute=0, second=0, microsecond=0)))
    )
    fault = team_reading.read_one(path, tmp_path / "to").fault
    assert fault == ("" if taken else "column hour: more than a day later than now")


def test_order_and_person_are_held_from_group_to_group(rows):
    parts = [arrow(rows[:100]), arrow(rows[100:])]
    for bad, why in (
        (parts[::-1], "column request: not in order"),
        ([parts[0], arrow(put(person=OTHER)(rows[100:]))], "column person: several people"),
    ):
        made = io.BytesIO()
        with pq.ParquetWriter(
            made, bad[0].schema, compression="zstd", write_statistics=False, store_schema=False
        ) as writer:
            for part in bad:
                writer.write_table(part)
        assert why in refused(made.getvalue())


def varint(number, length=0):
    """A number as a footer has it, as long as asked."""
    number, out = number * 2, []
    while number > 127 or len(out) < length - 1:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def claimed(data, true, said):
    """Let a footer say another number, everywhere that it says a true one."""
    body, footer = data[: -8 - int.from_bytes(data[-8:-4], "little")], data[:-8]
    footer = footer[len(body) :].replace(varint(true), varint(said, len(varint(true))))
    return body + footer + data[-8:]


def test_a_footer_that_lies(rows, monkeypatch):
    data = team_file.encode(rows)
    for said in (0, 7, 299, 8_191):
        assert refused(claimed(data, len(rows), said))
    (few,) = team_file.decode(claimed(data, len(rows), 200))  # what it does not own to is not read
    assert few.equals(rows[:200])
    monkeypatch.setattr(team_footer, "MOST_ROWS", 100)
    assert "it has 297 rows: from 1 to 100 are taken" in refused(data)
    monkeypatch.setattr(team_footer, "MOST_ROWS", 300)
    monkeypatch.setattr(team_footer, "GROUP", 100)
    assert "a group of its rows is empty, or has more than 100" in refused(written(arrow(rows)))


def test_much_of_very_little_is_not_unpacked(rows):
    """A word of a megabyte stands once in a file, and in every row of a table."""
    long = arrow(put(geo="x" * 2**20)(rows))
    assert "column geo unpacks to more than its rows can have" in refused(written(long))
    many = written(arrow(rows[[0] * 2**17]))
    assert len(many) < 20_000
    assert "column request: not in order, or one twice" in refused(many)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is no whole Parquet file"),
        (SECRET.encode(), "it is no whole Parquet file"),
        (b"PK\3\4" * 99, "it is no whole Parquet file"),
        (b"PARE" + b"\0" * 99 + b"PARE", "it is no whole Parquet file without encryption"),
        (b"PAR1" * 9, "its footer is longer than that of any such file"),
        (b"PAR1" + b"\0" * 99 + b"\x20\0\0\0PAR1", "it cannot be decoded"),
        (b"PAR1" + b"\x4c" * 99 + b"\x60\0\0\0PAR1", "it cannot be decoded"),
    ],
)
def test_bytes_that_are_no_such_file(data, why):
    assert why in refused(data)


def test_a_file_that_is_cut_short_or_encrypted(rows):
    data = team_file.encode(rows)
    assert "it is no whole Parquet file" in refused(data[:-9])
    assert refused(data[:200] + data[300:])
    assert "it is no whole Parquet file without encryption" in refused(data[:-4] + b"PARE")


@pytest.mark.parametrize("kind", ["folder", "pipe", "loop", "link", "device", "large", "gone"])
def test_what_is_no_file_is_not_waited_for(rows, tmp_path, monkeypatch, kind):
    path = tmp_path / "it"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "link":
        (tmp_path / "sound").write_bytes(team_file.encode(rows))
        path.symlink_to(tmp_path / "sound")
    elif kind == "device":
        path = type(path)("/dev/zero")
    elif kind == "large":
        monkeypatch.setattr(team_file, "MOST_BYTES", 2**10)
        path.write_bytes(team_file.encode(rows))
    with pytest.raises(UnsoundError, match=r"it (is no file|cannot be read|has more)"):
        team_file.read_whole(path)


def test_whatever_byte_is_wrong_it_is_told_or_does_not_matter(rows, tmp_path):
    known, chance, paths = team_file.encode(rows), random.Random(4), []
    for number in range(150):
        data = bytearray(known)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        paths.append(tmp_path / f"{number}.parquet")
        paths[-1].write_bytes(data)
    (to := tmp_path / "to").mkdir()
    read = team_reading.read_all(paths, to)
    assert sum(bool(one.fault) for one in read) > 130
    for number, one in enumerate(read):
        if not one.fault:
            assert pl.concat(team_reading.spool.frames(to / str(number))).equals(rows), number
        else:
            assert not (to / str(number)).exists()


def test_a_file_without_room_or_time_is_refused_and_the_next_one_is_read(
    rows, tmp_path, monkeypatch
):
    sound, other = tmp_path / "a.parquet", tmp_path / "b.parquet"
    for path in (sound, other):
        path.write_bytes(team_file.encode(rows))
    (to := tmp_path / "to").mkdir()
    monkeypatch.setattr(team_reading, "cores", lambda: 1)
    died = "import os, sys; n = os.read(0, 9999); b'a.parquet' in n and os._exit(1);"
    answer = "print('[7, \"\"]', flush=True); os.read(0, 1)"
    monkeypatch.setattr(team_reading, "_CHILD", died + answer)
    read = team_reading.read_all([sound, other], to)
    assert [one.rows for one in read] == [0, 7]
    assert read[0].fault == "it cannot be decoded in the room and time it has"
    monkeypatch.setattr(team_reading, "_CHILD", "import time; time.sleep(60)")
    monkeypatch.setattr(team_reading, "SECONDS", 0)
    assert team_reading.read_all([sound], to)[0].fault == read[0].fault


def swollen(rows):
    """A file whose last page says that it unpacks to two gigabytes."""
    data = written(arrow(rows))
    last = pq.ParquetFile(pa.BufferReader(data)).metadata.row_group(0).column(19)
    at = last.data_page_offset + 3  # behind the kind of page, and a field's mark
    end = next(n for n in range(at, at + 5) if data[n] < 128) + 1
    said = varint(2**31 - 1)
    data = data[:at] + said + data[end:]
    packed = last.total_compressed_size
    return claimed(data, packed, packed + len(said) - (end - at))


def test_a_page_is_not_believed(rows, tmp_path):
    """Whatever it asks for, no process takes that much; the file is refused, the next one read."""
    paths = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    for path, data in zip(paths, (swollen(rows), team_file.encode(rows)), strict=True):
        path.write_bytes(data)
    (to := tmp_path / "to").mkdir()
    code = """
import resource, sys
from pathlib import Path
from analysis.logs import team_reading
*paths, to = map(Path, sys.argv[1:])
print(*(one.fault for one in team_reading.read_all(paths, to)), sep="|")
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
    words = [sys.executable, "-c", code, *map(str, [*paths, to])]  # which has no other children
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=True)
    faults, peak = done.stdout.splitlines()
    assert faults == "it cannot be decoded|"
    assert int(peak) < 2**20  # KiB: half of what the page asks for


def test_without_room_a_process_dies_and_the_file_is_refused(rows, tmp_path, monkeypatch):
    path = tmp_path / "it.parquet"
    path.write_bytes(team_file.encode(rows))
    (to := tmp_path / "to").mkdir()
    monkeypatch.setattr(team_reading, "ROOM", 2**28)
    assert team_reading.read_all([path], to)[0].fault
    monkeypatch.setattr(team_reading, "ROOM", 2**31)
    assert not team_reading.read_all([path], to)[0].fault


def test_nothing_is_taken_in_unless_all_is_and_each_bad_file_is_named(rows, datasets):
    folder = datasets / "came"
    folder.mkdir()
    (folder / "a.parquet").write_bytes(team_file.encode(rows))
    take_in("crew", [folder])
    before = disk(datasets)
    (folder / "b.parquet").write_bytes(written(arrow(put(model=SECRET)(rows))))
    (folder / "c\x1b[31m.parquet").write_bytes(b"x")
    for name in ("crew", "new"):
        held = {path: said for path, said in disk(datasets).items() if path.parts[0] != "came"}
        with pytest.raises(ArchiveError) as error:
            take_in(name, [folder])
        assert str(error.value).splitlines() == [
            "2 of 3 files do not fit, so none was taken in.",
            f"  {folder}/b.parquet: column model: a text that is no public model",
            f"  {folder}/c?[31m.parquet: it is no whole Parquet file without encryption",
        ]
        after = {path: said for path, said in disk(datasets).items() if path.parts[0] != "came"}
        assert after == held
    assert before.keys() <= disk(datasets).keys()
