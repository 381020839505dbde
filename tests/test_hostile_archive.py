"""An archive that is not sound is refused before anything changes, in words that say why."""

import io
import os
import random
import stat
import zipfile

import msgspec
import polars as pl
import pytest
from lines import SESSION, answer, prompt, write_log
from stores import ATLAS, disk, update, write_logs

from analysis import schema
from analysis.logs import archive, export, manifest
from analysis.logs.archive import MEMBERS, read_archive
from analysis.logs.files import digest, sealed, unsealed
from analysis.logs.merge import import_archive
from analysis.logs.sound import ArchiveError

SECRET = "acme-merger"
COPIES, EVENTS, FILES = MEMBERS[1:]


@pytest.fixture(scope="module")
def members(datasets):
    """The members of a sound archive, and beside it a dataset to take it in."""
    logs = write_logs(datasets / "logs" / "projects")
    odd = answer(3, 3, message_more={"model": "zebra"})
    write_log(logs / ATLAS / f"{SESSION}.jsonl", prompt(), answer(1), odd)
    update(logs)
    export.export("mine", datasets / "mine.zip")
    return dict(zip(MEMBERS, archive.members(datasets / "mine.zip"), strict=True))


@pytest.fixture
def refused(members, datasets):
    """Let an archive be imported into the dataset and into a new one; nothing may change."""
    path = datasets / "hostile.zip"

    def refused(data, why):
        path.write_bytes(data)
        for name in ("mine", "new"):
            before = disk(datasets)
            with pytest.raises(ArchiveError) as error:
                import_archive(name, path)
            said = str(error.value)
            assert said.startswith(f"{path}: ")
            assert said.endswith(". Nothing was changed.")
            assert why in said
            assert SECRET not in said
            assert error.value.__suppress_context__ or error.value.__context__ is None
            assert disk(datasets) == before

    return refused


def packed(members, change=lambda entry: None, how=zipfile.ZIP_STORED):
    """Zip (name, bytes) pairs as an archive, but for a change of each entry."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        for name, data in members:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = how
            entry.external_attr = (stat.S_IFREG | 0o600) << 16
            change(entry)
            opened.writestr(entry, data)
    return made.getvalue()


def forged(members, said=None, **tables):
    """An archive whose digests are right, of a changed manifest and changed tables."""
    body = msgspec.json.decode(unsealed(members["manifest.json"])[1])
    found = dict(members)
    for table, data in tables.items():
        found[f"{table}.parquet"] = data
        parts = body["dataset"]["batches"][archive.BATCH]
        parts[f"{table}.parquet"] = digest(data)
    if said:
        said(body, body["dataset"])
    return packed((found | {"manifest.json": sealed(msgspec.json.encode(body))}).items())


def changed(members, table, change, **more):
    """The bytes of a table after a change of its frame."""
    frame = change(pl.read_parquet(members[f"{table}.parquet"]))
    made = io.BytesIO()
    frame.write_parquet(made, **({"compression": "lz4"} | more))
    return made.getvalue()


def test_what_the_tests_pack_is_taken_in(members, datasets):
    """Or they would be refused for the wrong reason."""
    path = datasets / "sound.zip"
    path.write_bytes(packed(members.items()))
    assert read_archive(path).manifest.files
    same = {table: changed(members, table, lambda frame: frame) for table in archive.batches.STORED}
    path.write_bytes(forged(members, **same))
    assert import_archive("mine", path).logs == 0


def link(entry):
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16


def folder(entry):
    entry.external_attr = (stat.S_IFDIR | 0o755) << 16


BOMB = packed([(name, b"\0" * 2_000_000) for name in MEMBERS], how=zipfile.ZIP_DEFLATED)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda m: b"", "it is no whole zip"),
        (lambda m: SECRET.encode(), "it is no whole zip"),
        (lambda m: packed(m.items())[:-30], "it is no whole zip"),
        (lambda m: packed(m.items())[1000:], "its members are said to be larger than it is"),
        (lambda m: packed([*m.items(), (f"../{SECRET}", b"")]), "member 5 has a name that no"),
        (lambda m: packed([(f"/{SECRET}", b""), *m.items()]), "member 1 has a name that no"),
        (lambda m: packed([*m.items(), ("./copies.parquet", b"")]), "member 5 has a name that no"),
        (lambda m: packed([("COPIES.parquet", b""), *m.items()]), "member 1 has a name that no"),
        (lambda m: packed([*m.items(), (COPIES, b"")]), "copies.parquet is in it more than once"),
        (lambda m: packed([i for i in m.items() if i[0] != EVENTS]), "events.parquet is missing"),
        (lambda m: packed([]), "manifest.json is missing"),
        (lambda m: packed(reversed(m.items())), "its members stand in another order"),
        (lambda m: packed(m.items(), link), "manifest.json is a link, or something else"),
        (lambda m: packed(m.items(), folder), "manifest.json is a link, or something else"),
        (lambda m: BOMB, "manifest.json is compressed, as no archive's member is"),
        (lambda m: packed(m.items(), how=zipfile.ZIP_LZMA), "manifest.json is compressed"),
        (lambda m: encrypted(packed(m.items())), "manifest.json is encrypted"),
        (lambda m: overlapping(packed(m.items())), "its members are said to be larger than it is"),
        (lambda m: packed((m | {COPIES: m[EVENTS]}).items()), "copies.parquet is not what"),
        (lambda m: packed((m | {"manifest.json": b"{}"}).items()), "manifest.json is damaged"),
    ],
)
def test_a_file_that_is_no_archive(members, refused, make, why):
    refused(make(members), why)


def directory(data, offset, value):
    """Write a value into each entry of a zip's directory."""
    data, at = bytearray(data), -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + offset : at + offset + len(value)] = value
    return bytes(data)


def encrypted(data):
    return directory(data, 8, b"\x01\x00")


def overlapping(data):
    """Every member is said to have as many bytes as the whole."""
    size = len(data).to_bytes(4, "little")
    return directory(data, 20, size * 2)


def of_log(**values):
    """Change what the manifest says of its first log."""

    def change(said, dataset):
        next(iter(dataset["files"].values())).update(values)

    return change


def renamed(path):
    def change(said, dataset):
        first = next(iter(dataset["files"]))
        dataset["files"][path] = dataset["files"].pop(first)

    return change


def put(**values):
    return lambda said, dataset: dataset.update(values)


def nested(depth):
    text = "[" * depth + "]" * depth
    return b'{"archive":1,"columns":%s}' % text.encode()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda said, dataset: said.update(archive=2), "a newer version of this suite wrote it"),
        (lambda said, dataset: said.update(columns=10**6), "a newer version of this suite wrote"),
        (lambda said, dataset: said.update(columns="x"), "manifest.json has another shape"),
        (lambda said, dataset: said.clear(), "manifest.json has another shape"),
        (put(files=[]), "manifest.json has another shape"),
        (put(key=SECRET), "manifest.json: its key is none"),
        (put(key="../" + "a" * 29), "manifest.json: its key is none"),
        (put(projects={ATLAS: SECRET}), "a label of a project is none"),
        (put(projects={ATLAS: "project-01", "b": "project-01"}), "or is there twice"),
        (put(projects={}), "projects are not those of the tables"),
        (put(models={}), "models are not those of the tables"),
        (put(models={"zebra": SECRET}), "a label of a model is none"),
        (put(models={"zebra": "other-01", "b": "other-01"}), "a label of a model is none"),
        (put(files={}), "the list of files is not that of the tables"),
        (put(kept=[{"number": 1, "batch": "b"}]), "numbers of files are there twice"),
        (of_log(number=0), "a log is described as none can be"),
        (of_log(number=2**31), "a log is described as none can be"),
        (of_log(number=10**30), "a log is described as none can be"),
        (of_log(number=7), "the list of files is not that of the tables"),
        (of_log(size=-1), "a log is described as none can be"),
        (of_log(prefix=SECRET), "a log is described as none can be"),
        (of_log(gone=SECRET), "a log is described as none can be"),
        (of_log(gone="20260504"), "a log is described as none can be"),
        (of_log(names={SECRET: []}), "a log is described as none can be"),
        (renamed(f"../{SECRET}.jsonl"), "a log is described as none can be"),
        (renamed(f"/a/../{SECRET}.jsonl"), "a log is described as none can be"),
        (renamed("/a\0b.jsonl"), "a log is described as none can be"),
    ],
)
def test_a_manifest_that_none_can_be(members, refused, change, why):
    refused(forged(members, change), why)


@pytest.mark.parametrize("depth", [10, 10**5])
def test_a_manifest_that_is_nested_deep(members, refused, depth):
    said = {"manifest.json": sealed(nested(depth))}
    refused(packed((members | said).items()), "manifest.json has another shape")


def set_to(**values):
    return lambda frame: frame.with_columns(**{n: pl.lit(v) for n, v in values.items()})


def typed(dtype, **values):
    return lambda frame: frame.with_columns(**{n: pl.lit(v, dtype) for n, v in values.items()})


@pytest.mark.parametrize(
    ("table", "change", "why"),
    [
        ("copies", set_to(**{SECRET: 1}), "has 1 columns that are not of table copies"),
        ("copies", set_to(input_tokens="x"), "has 1 columns that are not of table copies"),
        ("events", lambda frame: frame.drop("kind"), "breaks the rules of table events"),
        ("copies", lambda frame: frame.drop("message_id"), "breaks the rules of table copies"),
        ("copies", set_to(session=SECRET), "breaks the rules of table copies"),
        ("copies", set_to(model=SECRET), "breaks the rules of table copies"),
        ("copies", set_to(origin=SECRET), "breaks the rules of table copies"),
        ("copies", typed(pl.Int64, read_tokens=-1), "breaks the rules of table copies"),
        ("copies", typed(pl.Int64, read_tokens=10**10 + 1), "a count or a time out of its range"),
        ("copies", typed(pl.Int64, lines=2**60), "a count or a time out of its range"),
        ("copies", typed(schema.UTC, first_seen=2**60), "a count or a time out of its range"),
        ("copies", set_to(project="project-77"), "projects are not those of the tables"),
        ("copies", set_to(model="other-77"), "models are not those of the tables"),
        ("events", set_to(detail="other-77"), "models are not those of the tables"),
        ("copies", typed(pl.Int32, file=77), "the list of files is not that of the tables"),
        ("files", typed(pl.Int32, file=1), "has a file twice"),
        ("files", typed(pl.Int64, lines=77), "has lines that do not sum up"),
        ("files", typed(pl.Int64, rejected_not_json=1), "has lines that do not sum up"),
        ("files", lambda frame: frame[:1], "the list of files is not that of the tables"),
    ],
)
def test_a_table_that_breaks_a_rule(members, refused, table, change, why):
    refused(forged(members, **{table: changed(members, table, change)}), why)


def test_a_table_that_is_none_or_much_more_than_its_bytes(members, refused):
    known = members[COPIES]
    for data in (b"", b"PAR1" * 9, known[:-9], known[:200] + known[300:], b"\0" * 5000):
        refused(forged(members, copies=data), "copies.parquet is no table that can be read")
    tight = changed(members, "copies", lambda frame: frame, compression="zstd")
    refused(forged(members, copies=tight), "is compressed in a way that no archive is")
    many = changed(members, "files", lambda frame: frame[[0] * 300_000])
    refused(forged(members, files=many), "is said to hold more than its bytes can")


def test_a_table_of_fewer_columns_is_one_of_an_earlier_version(members, datasets):
    without = changed(members, "files", lambda frame: frame.drop("imported", "rejected_damaged"))
    path = datasets / "earlier.zip"
    path.write_bytes(forged(members, lambda said, _: said.update(columns=1), files=without))
    found = read_archive(path).tables["files"]
    assert found["rejected_damaged"].to_list() == [0, 0]
    assert found["imported"].null_count() == 2


def test_whatever_byte_is_wrong_it_is_told_or_does_not_matter(members, datasets):
    """The dates of a zip mean nothing; whatever else a bit says, nothing else comes out."""
    known = packed(members.items())
    path, chance, told = datasets / "flipped.zip", random.Random(4), 0
    path.write_bytes(known)
    sound = read_archive(path)
    for _ in range(200):
        data = bytearray(known)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        try:
            found = read_archive(path)
        except ArchiveError:
            told += 1
            continue
        assert found.manifest == sound.manifest
        assert all(found.tables[name].equals(frame) for name, frame in sound.tables.items())
    assert told > 180


@pytest.mark.parametrize("kind", ["folder", "pipe", "loop", "unreadable"])
def test_what_is_no_file_is_not_waited_for(members, tmp_path, monkeypatch, kind):
    path = tmp_path / "it"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to(path)
    else:
        path.write_bytes(packed(members.items()))

        def refuse(*words):
            raise PermissionError(13, SECRET, SECRET)

        monkeypatch.setattr("os.open", refuse)
    with pytest.raises(ArchiveError, match=r"it is no file|it cannot be read") as refused:
        read_archive(path)
    assert SECRET not in str(refused.value)


def test_an_import_never_leads_out_of_the_dataset(members, datasets, monkeypatch):
    """What the manifest calls its batch is a word, and no place."""
    path = datasets / "elsewhere.zip"
    path.write_bytes(forged(members, of_log(batch="../../evil", stat=[1, 2, 3, 4])))
    before = {p for p in datasets.rglob("*") if p.is_file()}
    assert import_archive("elsewhere", path).logs == 2
    found = manifest.read_manifest("elsewhere")
    assert {log.batch for log in found.files.values()} == {"batch-000001-imported"}
    assert {log.stat for log in found.files.values()} == {None}
    made = {p for p in datasets.rglob("*") if p.is_file()} - before
    assert {p.parts[len(datasets.parts) + 1] for p in made} == {"elsewhere"}
