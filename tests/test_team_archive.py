"""A team of files that people handed over: each request once, whatever came first, or nothing."""

import shutil
from contextlib import suppress
from itertools import pairwise

import polars as pl
import pytest
from conftest import require
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import OTHER_SESSION, SESSION, answer, append_log, prompt, write_log
from stores import ATLAS, BOREALIS, Killed, die_at, disk, update

from analysis import schema
from analysis.__main__ import main
from analysis.logs import store, team, team_file, team_merge, team_reading
from analysis.logs.export import export
from analysis.logs.files import StoreError, sealed, unsealed
from analysis.logs.identity import resolve
from analysis.logs.sound import ArchiveError
from analysis.logs.team_import import take_in
from analysis.logs.team_labels import new_key
from analysis.paths import ROOT
from analysis.report.anonymous import export_anonymous
from analysis.synth.people import person

PUBLIC = ROOT.parent / "shared" / "logs" / "projects"
TOKENS = pl.col("input_tokens", "output_tokens", "write_tokens", "read_tokens")


@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "private")
    return tmp_path


@pytest.fixture
def here(monkeypatch):
    """Read files in this process: what others bring is test_hostile_team's."""

    def read_all(paths, to):
        tasks = enumerate(paths)
        return [team_reading.read_one(path, to / str(number)) for number, path in tasks]

    monkeypatch.setattr(team_reading, "read_all", read_all)


@pytest.fixture(scope="module")
def people():
    """Tables of four people."""
    return [person(number, 120, seed=1) for number in range(4)]


def came(folder, *tables):
    """Write tables as files that were handed over."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number}.parquet" for number in range(len(tables))]
    for path, rows in zip(paths, tables, strict=True):
        path.write_bytes(team_file.encode(rows))
    return paths


def crew(name="crew"):
    return pl.concat(team.read_parts(name))


def files(folders, name="crew"):
    """The bytes of a team's store, by file."""
    root = folders / "processed" / name
    return {p.relative_to(root): p.read_bytes() for p in root.rglob("*") if p.is_file()}


# Into a team


def test_a_team_has_all_rows_of_all_people(folders, people):
    done = take_in("crew", came(folders / "came", *people))
    assert (done.files, done.left, done.new) == (4, 0, sum(map(len, people)))
    assert (done.team.people, done.team.requests) == (4, sum(map(len, people)))
    assert crew().schema == schema.dtypes("team")
    assert crew().equals(pl.concat(people).sort("person", "request"))
    hours = crew()["hour"].dt.date().cast(pl.String)
    assert (done.team.first, done.team.last) == (hours.min(), hours.max())
    assert {p.suffix for p in files(folders)} == {".parquet", ".json", ""}


def test_what_is_there_already_changes_nothing(here, folders, people):
    paths = came(folders / "came", *people)
    take_in("crew", paths)
    before = files(folders)
    for again in (paths, paths[:1], [folders / "came"], [*paths, *paths]):
        assert take_in("crew", again).new == 0
        assert files(folders) == before


def test_the_order_and_number_of_imports_do_not_matter(here, folders, people):
    paths = came(folders / "came", *people, people[0][:60], people[1][40:])
    take_in("crew", paths)
    for path in reversed(paths):
        take_in("other", [path])
    assert files(folders) == files(folders, "other")


def test_an_older_file_and_a_newer_one_of_a_person_are_united(here, folders, people):
    one, newer = people[0][:80], people[0][30:]
    take_in("crew", came(folders / "came", one))
    assert take_in("crew", came(folders / "newer", newer)).new == len(people[0]) - 80
    assert crew().equals(people[0])


def test_of_two_copies_the_one_with_most_output_speaks_then_the_last(here, folders, people):
    rows = people[0]
    grown = rows.with_columns(output_tokens=pl.col("output_tokens") + 5, final=pl.lit(True))
    less = rows.with_columns(output_tokens=pl.lit(None, pl.Int64))
    later = grown.with_columns(pl.col("hour").dt.offset_by("1h"))
    for tables in ((rows, grown, less, later), (later, less, grown, rows)):
        shutil.rmtree(folders / "processed", ignore_errors=True)
        for number, table in enumerate(tables):
            take_in("crew", came(folders / str(number), table))
        assert crew().equals(later)


def test_a_request_of_two_people_counts_once(here, folders, people):
    """As where two keep one log, or one person gave two names."""
    other = people[0].with_columns(person=pl.lit("p-" + "f" * 16))
    take_in("crew", came(folders / "came", people[0], other))
    assert crew()["person"].unique().to_list() == ["p-" + "f" * 16]
    assert len(crew()) == len(people[0])


def rows_of(some):
    """A small table: who, which request, how much output."""
    who, what, output = zip(*some, strict=True) if some else ((), (), ())
    return pl.DataFrame(
        {
            "person": [f"p-{each}" for each in who],
            "request": [f"r-{each}" for each in what],
            "output_tokens": output,
        },
        schema={"person": pl.String, "request": pl.String, "output_tokens": pl.Int64},
    )


SMALL = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 12), st.one_of(st.none(), st.integers(0, 3))),
    max_size=20,
)


@settings(max_examples=40)
@given(some=SMALL, cuts=st.lists(st.integers(0, 20), max_size=3), rows=st.integers(2, 9))
def test_parts_depend_on_the_rows_alone(some, cuts, rows, tmp_path_factory):
    """Not on their order, on the files they came in, nor on what has been merged before."""

    def united(frames):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(team_merge, "ROWS", rows)
            place = tmp_path_factory.mktemp("merge")
            return [*team_merge.united(iter(frames), sum(map(len, frames)), place)]

    def said(parts):
        return [part.rows() for part in parts]

    table, bounds = rows_of(some), sorted({0, *(min(c, len(some)) for c in cuts), len(some)})
    pieces = [table[a:b] for a, b in pairwise(bounds)]
    whole = united([table])
    assert said(united([*reversed(pieces), table.reverse()])) == said(whole)
    assert said(united([*whole, *pieces])) == said(whole)
    best = {}
    for who, what, output in some:
        rank = (output is not None, output or 0, f"p-{who}")
        best[f"r-{what}"] = max(best.get(f"r-{what}", rank), rank)
    found = [row for part in said(whole) for row in part]
    assert {r: (o is not None, o or 0, p) for p, r, o in found} == best
    assert found == sorted(found, key=lambda row: row[:2])
    held = [set(part["person"]) for part in whole]
    assert sum(map(len, held)) == len(set().union(*held))
    assert all(len(part) <= rows or len(who) == 1 for part, who in zip(whole, held, strict=True))
    assert all(len(part) for part in whole)


def told(capsys, *given):
    """What the terminal says of an import."""
    assert main(["archive", "--import", *map(str, given), "--name", "crew"]) == 0
    said = capsys.readouterr().out.splitlines()
    return [line for line in said if not line.startswith(("team  ", "a report shows"))]


def test_an_import_says_what_it_changes(here, folders, people, capsys):
    rows = people[0][:10]
    told(capsys, *came(folders / "came", rows))
    more = pl.col("output_tokens").fill_null(0) + 1
    grown = rows[:3].with_columns(output_tokens=more)
    assert told(capsys, *came(folders / "grown", grown)) == [
        "imported into crew: 1 file, 0 requests that were not there",
        "changed   3 requests that have other counts now",
    ]
    stolen = rows[:4].with_columns(output_tokens=more + 1, person=pl.lit("p-" + "f" * 16))
    moved = [
        "moved     4 requests that are other people's now",
        "claimed   4 requests with the labels of several people: each counts once, for whose copy "
        "speaks (docs/team.md)",
    ]
    nothing = "imported nothing into crew: all of 1 file is there already"
    files = came(folders / "stolen", stolen)
    said = told(capsys, *files)
    assert said == ["imported into crew: 1 file, 0 requests that were not there", *moved]
    assert told(capsys, *files) == [nothing]
    assert told(capsys, *came(folders / "came", rows)) == [nothing, moved[1]]
    assert len(crew()) == len(rows)


def test_a_person_has_no_more_requests_than_a_file(here, folders, people, monkeypatch):
    """However many files they come in; what is in two of them is one. Nothing is changed."""
    rows = people[0][:20]
    older, newer = came(folders / "came", rows[:12], rows[8:])
    monkeypatch.setattr(team_merge, "MOST_ROWS", 19)
    take_in("crew", [older])
    before = files(folders)
    with pytest.raises(ArchiveError, match="a person would have more than 19 requests, so none"):
        take_in("crew", [newer])
    assert files(folders) == before
    monkeypatch.setattr(team_merge, "MOST_ROWS", 20)
    assert take_in("crew", [newer]).new == 8


def test_a_folder_that_is_no_team_stays_when_an_import_is_refused(here, folders):
    kept = folders / "processed" / "half" / "keep"
    kept.parent.mkdir(parents=True)
    kept.write_text("x")
    (bad := folders / "bad.parquet").write_bytes(b"x")
    for name in ("half", "none"):
        with pytest.raises(ArchiveError):
            take_in(name, [bad])
    assert kept.read_text() == "x"
    assert not (folders / "processed" / "none").exists()


# Two machines


def machines(folders, monkeypatch, logs):
    """Load the logs of some machines, export each with one key, and return the copies of all."""
    new_key(key := folders / "team.key")
    copies, out = [], []
    for number, root in enumerate(logs):
        place = folders / f"machine-{number}"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("analysis.paths.PROCESSED", place / "processed")
            patch.setattr("analysis.paths.PRIVATE", place / "private")
            update(root)
            out.append(folders / f"{number}.parquet")
            export_anonymous("mine", out[-1], key, "Jane")
            own = store.read("mine").copies
            copies.append(own.with_columns(pl.col("file") + 1_000_000 * number))
    take_in("crew", out)
    return pl.concat(copies)


def same_as_resolved(copies):
    known = resolve(copies)
    assert len(crew()) == len(known)
    assert crew().select(TOKENS.sum()).equals(known.select(TOKENS.sum()))
    assert crew()["session"].n_unique() == known["session"].n_unique()
    assert crew()["person"].n_unique() == 1


def test_two_machines_count_what_both_have_once(folders, monkeypatch):
    one, other = folders / "one" / "projects", folders / "other" / "projects"
    both = (prompt(), answer(1), answer(2, 5))
    write_log(one / ATLAS / f"{SESSION}.jsonl", *both)
    write_log(other / ATLAS / f"{SESSION}.jsonl", *both, answer(3, 9))
    write_log(other / BOREALIS / f"{OTHER_SESSION}.jsonl", answer(4, 11), answer(1))
    append_log(one / ATLAS / f"{SESSION}.jsonl", answer(5, 20))
    copies = machines(folders, monkeypatch, [one, other])
    assert len(crew()) == 5
    same_as_resolved(copies)


def test_two_halves_of_public_logs_that_overlap_are_the_whole(folders, monkeypatch):
    require("public-logs", PUBLIC.is_dir(), "the public logs are not here (shared/logs)")
    logs = sorted(PUBLIC.rglob("*.jsonl"))[:60]
    halves = [folders / name / "projects" for name in ("one", "other")]
    for half, some in zip(halves, (logs[:40], logs[20:]), strict=True):
        for log in some:
            to = half / log.relative_to(PUBLIC)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(log, to)
    same_as_resolved(machines(folders, monkeypatch, halves))


# Whole after any death


def test_an_import_that_is_killed_leaves_the_old_team_or_the_new(here, folders, people):
    paths = came(folders / "came", *people)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(team_merge, "ROWS", 100)
        take_in("new", paths)
        take_in("crew", paths[:2])
        old, whole = files(folders), files(folders, "new")
        for step in range(1, 100):
            with pytest.MonkeyPatch.context() as dying:
                done = die_at(dying, step)
                with suppress(Killed):
                    take_in("crew", paths)
            said = team.read_team("crew").requests
            assert said in (len(people[0]) + len(people[1]), sum(map(len, people)))
            assert len(crew()) == said
            if done["all"] < step:
                break
            if said == sum(map(len, people)):  # committed: begin again
                shutil.rmtree(folders / "processed" / "crew")
                take_in("crew", paths[:2])
                assert files(folders) == old
        assert step > 8
        assert files(folders) == whole


def test_a_team_that_is_damaged_says_so(here, folders, people):
    take_in("crew", came(folders / "came", *people[:1]))
    (part,) = (folders / "processed" / "crew" / "team").iterdir()
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(data)
    for use in (crew, lambda: take_in("crew", came(folders / "came", *people[:1]))):
        with pytest.raises(
            StoreError, match=r"the team 'crew' is damaged, or an import ended mean"
        ):
            use()
    part.unlink()
    with pytest.raises(StoreError, match="the team 'crew' is damaged"):
        crew()
    manifest = folders / "processed" / "crew" / "team.json"
    known = manifest.read_bytes()
    for data in (
        known[:-1],
        b"",
        sealed(unsealed(known)[1].replace(b'"version":1', b'"version":2')),
    ):
        manifest.write_bytes(data)
        with pytest.raises(StoreError, match="is damaged, or of another version: `make clean"):
            crew()


# Names


def test_a_name_holds_logs_or_a_team(here, folders, people, capsys):
    root = folders / "logs" / "projects"
    write_log(root / ATLAS / f"{SESSION}.jsonl", answer(1))
    update(root)
    paths = came(folders / "came", *people)
    export("mine", folders / "mine.zip")
    for name in ("mine", "sample"):
        with pytest.raises(StoreError, match=f"NAME={name} holds logs: a team has a name of its"):
            take_in(name, paths)
    with pytest.raises(StoreError, match="no team 'crew': `archive --import"):
        crew()
    take_in("crew", paths)
    before = disk(folders)
    for words in (
        ["load", "--name", "crew", "--logs", str(root)],
        ["load", "--name", "crew"],
        ["verify", "--name", "crew"],
        ["prepare", "--name", "crew"],
        ["archive", "--name", "crew", "--export", str(folders / "crew.zip")],
        ["archive", "--name", "crew", "--export", str(folders / "crew.parquet"), "--anonymous"],
        ["archive", "--name", "crew", "--import", str(folders / "mine.zip")],
    ):
        assert main(words) == 1, words
        assert "NAME=crew is a team: requests that people handed over" in capsys.readouterr().err
    assert disk(folders) == before
    assert main(["clean", "--name", "crew"]) == 0
    assert not (folders / "processed" / "crew").exists()
    assert store.datasets() == ["mine"]


def test_what_is_given_is_told_by_its_content(folders, people, capsys):
    root = folders / "logs" / "projects"
    write_log(root / ATLAS / f"{SESSION}.jsonl", answer(1))
    update(root)
    export("mine", folders / "mine.parquet")  # an archive, whatever it is called
    paths = came(folders / "came", *people[:2])
    assert main(["archive", "--import", str(folders / "mine.parquet"), "--name", "there"]) == 0
    assert "imported into there: 1 of 1 file, 1 request" in capsys.readouterr().out
    assert main(["archive", "--import", str(paths[0])]) == 1
    assert "those are files of a team: say which with --name TEAM" in capsys.readouterr().err
    (folders / "came" / "notes.txt").write_text("x")
    (folders / "came" / ".half.parquet").write_text("x")
    assert main(["archive", "--import", str(folders / "came"), "--name", "crew"]) == 0
    said = capsys.readouterr().out.splitlines()
    new = sum(map(len, people[:2]))
    assert said[0] == f"imported into crew: 2 files, {new} requests that were not there"
    assert said[1] == "left alone: 2 files whose names do not end in .parquet"
    assert said[2].startswith(f"team      crew: 2 people, {new} requests, 2026-")
    assert main(["archive", "--import", str(paths[0]), "--name", "crew"]) == 0
    assert capsys.readouterr().out.startswith("imported nothing into crew: all of 1 file is there")
    for words, why in (
        ([str(folders / "mine.parquet"), str(paths[0])], "1 of 2 files do not fit"),
        ([str(folders / "gone")], "there is no such file"),
        ([str(paths[0]), str(folders / "gone")], "there is no such file"),
        ([str(root / ATLAS)], "no file of this folder ends in .parquet"),
    ):
        assert main(["archive", "--import", *words, "--name", "crew"]) == 1
        assert why in capsys.readouterr().err
