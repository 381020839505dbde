"""Logs behind an address: what is found, where it belongs and what it says are as of files."""

import gzip
import json
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from lines import KEY, OTHER_SESSION, SESSION, answer
from s3 import serving

from analysis.logs import asking, discover, objects, places, stamps
from analysis.logs.asking import PlaceError
from analysis.logs.discover import NoLogsError
from analysis.logs.scan import scan
from analysis.paths import ROOT, SAMPLE
from analysis.schema import SOURCES

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FIXTURES = ROOT / "tests" / "sources"
LOG = f"-home-jane/{SESSION}.jsonl"
SAID = (json.dumps(answer(1)) + "\n").encode()
MORE = SAID + (json.dumps(answer(2)) + "\n").encode()


@pytest.fixture(scope="module")
def served():
    with serving() as server:
        yield server


@pytest.fixture
def server(served):
    """The server, with nothing asked and no fault."""
    yield served
    served.asked, served.fault = [], None


@pytest.fixture
def one(server):
    """The address of a bucket with one log below `projects/`."""
    return server.bucket("one", {f"projects/{LOG}": SAID})


def tree(folder, below=""):
    """The files below a folder, by their paths from there."""
    return {
        below + path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def by_files(folder):
    """Where each log below a folder belongs, and what it says."""
    logs = discover.log_files(discover.roots(str(folder)))
    return [(log[1:6], scan(log, 1, "project-01", KEY)) for log in logs]


def by_address(address):
    """The same of what lies behind an address."""
    logs = places.placed(places.listing(address))
    with places.fetched([log.place for log in logs]) as files:
        read = [scan(log._replace(path=files[log.place]), 1, "project-01", KEY) for log in logs]
    return [(log[1:6], said) for log, said in zip(logs, read, strict=True)]


def read(address):
    """The bytes of every log below an address, by its name below `projects/`; null where gone."""
    listed = places.listing(address)
    with places.fetched(listed) as files:
        return {
            at.partition("/projects/")[2]: file.read_bytes() if file.exists() else None
            for at, file in files.items()
        }


# -- as files ------------------------------------------------------------------------------------


def test_the_sample_is_what_its_files_are(server):
    address = server.bucket("sample", tree(SAMPLE))
    found, known = by_address(address), by_files(SAMPLE)
    assert len(found) == len(known) > 50
    assert found == known
    assert server.kinds() == {"GET": len(found), "LIST": 1}
    assert by_address(f"{address}/projects/") == known


@pytest.mark.parametrize("source", sorted({*SOURCES} - {"claude-code"}))
def test_a_file_of_another_source_is_what_it_is_here(server, source):
    folder = FIXTURES / source.replace("-", "_")
    known = by_files(folder)
    assert {where[-1] for where, _ in known} == {source}
    address = server.bucket(f"of-{source}", tree(folder, f"{folder.name}/"))
    assert by_address(f"{address}/{folder.name}") == known
    first = discover.log_files([folder])[0].path.relative_to(folder)
    server.asked = []
    assert by_address(f"{address}/{folder.name}/{first}") == by_files(folder / first)
    assert {"LIST": 1, "HEAD": 1}.items() <= server.kinds().items()


def test_packed_logs_say_what_they_say_unpacked(server):
    packed = {LOG: MORE, f"{LOG}.gz": gzip.compress(MORE), f"{LOG}.zst": zstd.compress(MORE)}
    found = by_address(server.bucket("packed", {f"projects/{k}": v for k, v in packed.items()}))
    assert len(found) == 3
    assert [said.copies for _, said in found] == [found[0][1].copies] * 3
    assert len(found[0][1].copies) == 2


@pytest.mark.parametrize(
    "name",
    [
        "-home jane/a b.jsonl",
        "p/ä ñ 日本 🙂.jsonl",
        "p/100%25 %zz.jsonl",
        "p/a+b&c=d#e?f.jsonl",
        "-p/--rf.jsonl",
        "p [1] *? 'é/x.jsonl",
        "p::q/x::y.jsonl",
        "p/back\\slash.jsonl",
        "p/" + 60 * "long" + ".jsonl",
        "p/" + 90 * "long" + ".jsonl",  # no file here could be called so
        "../../p/up.jsonl",
        "p/./here.jsonl",
        "p//twice.jsonl",
        "p/x.jsonl/y.jsonl",
    ],
)
def test_names_that_are_odd(server, name, tmp_path, monkeypatch):
    address = server.bucket("odd", {"projects/p/x.jsonl": MORE, f"projects/{name}": SAID})
    (tmp_path / "in").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "in"))
    assert read(address) == {name: SAID, "p/x.jsonl": MORE}
    left = [path.name for path in tmp_path.rglob("*")]
    assert left == ["in", f"analysis-{os.getuid()}"]  # nothing in it, nor written elsewhere
    (found,) = (w for w, said in by_address(address) if len(said.copies) == 1)
    assert found[0] == ("p" if name.startswith("p//") else name.split("/")[0])


def test_what_is_no_log_is_not_listed_and_not_asked_for(server):
    names = {
        "p/": b"",
        "p/journal.jsonl": SAID,
        f"p/{SESSION}/subagents/workflows/wf_1/journal.jsonl": SAID,
        f"p/{SESSION}/subagents/agent-a1.jsonl": SAID,
        f"p/{SESSION}/subagents/agent-a1.meta.json": b"{}",
        f"p/{SESSION}/tool-results/x.txt": b"x",
        f"p/{SESSION}.jsonl": b"",
        f"p/{SESSION}.jsonl.bak": SAID,
        ".jsonl": SAID,
    }
    address = server.bucket("logs", {f"team/jane/{name}": body for name, body in names.items()})
    logs = places.placed(places.listing(f"{address}/team"))
    assert [log.address.removeprefix(f"{address}/team/jane/p/") for log in logs] == [
        f"{SESSION}/subagents/agent-a1.jsonl",
        f"{SESSION}.jsonl",
        "journal.jsonl",
    ]
    assert {(log.project, log.path.parts[:3]) for log in logs} == {("jane", ("/", "logs", "team"))}
    assert server.kinds() == {"GET": 1, "LIST": 2}  # one name is nobody's: its head is read


def test_a_document_is_told_by_its_head_and_not_by_more(server):
    body = (FIXTURES / "ccusage" / "daily.json").read_bytes()
    documents = {"a.json": body + b" " * 2**20, "b.json": b'{"name": 1}', "c.json": b""}
    logs = places.placed(places.listing(server.bucket("documents", documents)))
    assert [(log.path.name, log.source) for log in logs] == [("a.json", "ccusage")]
    heads = [asked for asked in server.asked if asked.kind == "GET"]
    assert {asked.range for asked in heads} == {"bytes=0-65535"}


def test_a_tool_s_own_folder_is_listed_without_a_look_into_it(server):
    address = server.bucket("home", tree(FIXTURES / "codex", "jane/.codex/"))
    listed = places.listing(f"{address}/jane/.codex")
    assert server.kinds() == {"LIST": 2}
    assert len(places.placed(listed)) == 3
    assert server.kinds() == {"GET": 3}


def test_a_database_comes_with_the_log_beside_it(server, tmp_path):
    path = tmp_path / "opencode.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE message (id TEXT, session_id TEXT, data TEXT)")
        for file in sorted((FIXTURES / "opencode").rglob("msg_*.json")):
            row = (file.stem, file.parent.name, file.read_text())
            database.execute("INSERT INTO message VALUES (?, ?, ?)", row)
        address = server.bucket("databases", tree(tmp_path, "opencode/"))
        ((_, known),) = by_files(tmp_path)
    ((where, found),) = by_address(address)
    assert where[-1] == "opencode"
    assert found.copies == known.copies
    assert len(found.copies) > 2
    before = places.listing(address)
    server.put("databases", "opencode/opencode.db-wal", b"shorter")
    assert stamped(before) != stamped(places.listing(address))


def test_paths_and_addresses_are_placed_together(server, one, tmp_path):
    log = tmp_path / "projects" / "-a" / f"{OTHER_SESSION}.jsonl"
    log.parent.mkdir(parents=True)
    log.write_bytes(SAID)
    listed = places.listing(one) | discover.listing([tmp_path / "projects"])
    found = places.placed(listed)
    assert {log.place for log in found} == set(listed)
    assert [(log.project, log.address is None) for log in found] == [
        ("-a", True),
        ("-home-jane", False),
    ]
    assert found == places.placed(dict(reversed(listed.items())))


@pytest.mark.parametrize("protocol", ["memory", "file"])
def test_any_protocol_that_fsspec_knows(server, tmp_path, protocol):
    from fsspec.core import url_to_fs

    address = f"{protocol}://{tmp_path.as_posix()}/logs"
    files, root = url_to_fs(address)
    files.put(str(SAMPLE), root, recursive=True)
    found = by_address(address)
    assert len(found) > 50
    assert found == by_files(SAMPLE)


# -- what changes --------------------------------------------------------------------------------


def stamped(listed):
    return {at: stamps.stamp(about.stat) for at, about in listed.items()}


def test_a_stamp_changes_if_and_only_if_the_object_does(server, one):
    before = stamped(places.listing(one))
    assert stamped(places.listing(one)) == before
    name = one.removeprefix("s3://")
    server.put(name, f"projects/{LOG}", SAID.replace(b"2026", b"2025"))  # as long, as new
    after = stamped(places.listing(one))
    assert after.keys() == before.keys()
    assert after != before
    assert all(0 <= stamp[0] < 2**63 for stamp in after.values())


def test_an_object_that_changes_or_goes_between_listing_and_reading(server, one):
    listed = places.listing(one)
    (at,), (log,) = listed, places.placed(listed)
    name = one.removeprefix("s3://")
    server.put(name, f"projects/{LOG}", MORE)
    with places.fetched(listed) as files:
        said = scan(log._replace(path=files[at]), 1, "project-01", KEY)
    assert (said.ledger["lines"], said.ledger["bytes"]) == (2, len(MORE))
    assert said.ledger["bytes"] != listed[at].stat.st_size
    server.remove(name, f"projects/{LOG}")
    server.asked = []
    with places.fetched(listed) as files:
        said = scan(log._replace(path=files[at]), 1, "project-01", KEY)
    assert said.ledger["skipped"] == "unreadable"
    assert server.kinds() == {"GET": 1}


def test_a_listing_is_of_as_many_pages_as_it_takes(server):
    names = [f"projects/p/{number:08x}.jsonl" for number in range(1_001)]
    address = server.bucket("pages", dict.fromkeys(names, SAID))
    listed = places.listing(address)
    assert [*listed] == [f"{address}/{name}" for name in names]
    assert server.kinds() == {"LIST": 2}
    assert {root.as_posix() for root, _ in listed.values()} == {"/pages/projects"}


# -- what fails ----------------------------------------------------------------------------------

FAULTS = [(503, "SlowDown"), (500, "InternalError"), (429, "TooManyRequests"), "cut"]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_what_passes_is_tried_again_and_nothing_is_lost(server, one, fault):
    listed = places.listing(one)
    server.asked = []
    server.first(asking.TIMES - 1, fault)
    with places.fetched(listed) as files:
        assert [file.read_bytes() for file in files.values()] == [SAID]
    assert server.kinds() == {"GET": asking.TIMES}  # by nobody else, too


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_what_does_not_pass_is_told_after_as_many_times(server, one, fault):
    listed = places.listing(one)
    server.asked = []
    server.first(99, fault)
    with pytest.raises(PlaceError) as told, places.fetched(listed):
        pass
    assert server.kinds() == {"GET": asking.TIMES}
    start = f"{one} cannot be read (1 object), {asking.TIMES} times in a row: "
    assert str(told.value).startswith(start)
    assert SESSION not in str(told.value)


def test_one_request_in_three_fails_and_all_is_read(server):
    names = [f"projects/p/{number:08x}.jsonl" for number in range(60)]
    address = server.bucket("flaky", {name: name.encode() * 9 for name in names})
    turns = iter(range(10**6))
    faults = [None, FAULTS[0], None, "cut", None, None]
    server.fault = lambda asked: faults[next(turns) % len(faults)]
    found = read(address)
    assert found == {name.removeprefix("projects/"): name.encode() * 9 for name in names}
    assert server.kinds()["GET"] > len(names)


def test_a_listing_that_fails_is_tried_again_page_by_page(server):
    names = [f"projects/p/{number:08x}.jsonl" for number in range(1_001)]
    address = server.bucket("pages-again", dict.fromkeys(names, SAID))
    turns = iter(range(99))
    server.fault = lambda asked: (503, "SlowDown") if next(turns) in (0, 2) else None
    assert len(places.listing(address)) == len(names)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ((403, "AccessDenied"), "access is denied: let these credentials list"),
        ((403, "InvalidAccessKeyId"), "no credentials that it takes: give some"),
        ((403, "SignatureDoesNotMatch"), "no credentials that it takes"),
        ((400, "ExpiredToken"), "no credentials that it takes"),
        ((403, "InvalidObjectState"), "some are archived"),
        ((404, "NoSuchBucket"), "there is no such bucket"),
    ],
    ids=str,
)
def test_what_does_not_pass_by_itself_is_told_at_once(server, one, fault, said):
    listed = places.listing(one)
    for act in (lambda: places.listing(one), lambda: places.fetched(listed).__enter__()):
        server.asked = []
        server.first(99, fault)
        with pytest.raises(PlaceError, match=rf"^{one} cannot be read \(.*\): {said}"):
            act()
        assert len(server.asked) == 1


def test_a_bucket_or_a_folder_that_is_not_there(server, one):
    with pytest.raises(PlaceError, match=r"^s3://nowhere/logs cannot .*: there is no such"):
        places.listing("s3://nowhere/logs")
    with pytest.raises(PlaceError, match="there is no such bucket"):
        places.listing("s3://No_Bucket/logs")
    with pytest.raises(NoLogsError, match=f"nothing is there: {one}/else"):
        places.listing(f"{one}/else/")
    with pytest.raises(NoLogsError, match="s3:// names no bucket"):
        places.listing("s3://")


def test_no_credentials_at_all(server, one, monkeypatch):
    from s3fs import S3FileSystem

    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    S3FileSystem.clear_instance_cache()
    with pytest.raises(PlaceError, match=f"{one} .*: no credentials that it takes"):
        places.listing(one)
    S3FileSystem.clear_instance_cache()
    assert server.asked == []


def test_an_endpoint_where_nobody_is(server, one, monkeypatch):
    from s3fs import S3FileSystem

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free.getsockname()[1]}")
        S3FileSystem.clear_instance_cache()
        with pytest.raises(PlaceError, match=r"5 times in a row: it cannot be reached"):
            places.listing(one)
    S3FileSystem.clear_instance_cache()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nothing://bucket", "nothing:// is unknown to fsspec"),
        ("gs://bucket", "no package for gs:// is installed: `python -m analysis setup fleet`"),
    ],
)
def test_a_protocol_that_nobody_knows_or_whose_package_lacks(address, said, monkeypatch):
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(PlaceError, match=said):
        places.listing(address)


def test_a_disk_that_is_full_is_not_the_place_s_fault(server, one, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    listed = places.listing(one)
    monkeypatch.setattr(objects, "_copy", full)
    with pytest.raises(PlaceError, match="no room for them here: set TMPDIR"):
        places.fetched(listed).__enter__()


def test_a_password_in_an_address_is_not_said():
    def ask():
        raise TimeoutError("secret")

    with pytest.raises(PlaceError, match=r"^sftp://host/logs cannot be read"):
        asking.asked(ask, "sftp://me:secret@host/logs", "x")


def test_a_fault_of_ours_is_not_said_to_be_the_place_s():
    with pytest.raises(ZeroDivisionError):
        asking.asked(lambda: 1 / 0, "s3://bucket", "x")


def test_what_nobody_knows_is_tried_again_and_then_handed_on():
    asked = []

    def ask():
        asked.append(1)
        raise OSError("secret")

    with pytest.raises(OSError, match="secret"):
        asking.asked(ask, "s3://bucket", "x")
    assert len(asked) == asking.TIMES


class LibraryError(Exception):
    """An error of a library, as others see it."""


@pytest.mark.parametrize(
    ("name", "about", "said"),
    [
        ("HttpError", {"code": 503}, "it asks for fewer requests"),
        ("HttpResponseError", {"status_code": 500}, "its server fails"),
        ("ClientAuthenticationError", {}, "no credentials that it takes"),
        ("DefaultCredentialsError", {}, "no credentials that it takes"),
        ("ServiceRequestError", {}, "it cannot be reached"),
        ("ServerDisconnectedError", {}, "the connection breaks"),
        ("ResourceNotFoundError", {"status_code": 404, "error_code": "ContainerNotFound"}, "no su"),
        ("HttpError", {"code": 403}, "access is denied"),
    ],
)
def test_how_the_libraries_of_gs_and_az_say_it(name, about, said):
    asked = []

    def ask():
        asked.append(1)
        raise type(name, (LibraryError,), about)("secret")

    with pytest.raises(PlaceError, match=said) as told:
        asking.asked(ask, "gs://bucket/logs", "one object")
    assert len(asked) == 1  # these have tried again by themselves
    assert "secret" not in str(told.value)


def test_how_gcsfs_says_that_it_is_denied_and_that_nothing_is_there():
    def deny():
        raise OSError("Forbidden: https://host/secret\n")

    with pytest.raises(PlaceError, match=r"gs://bucket .*: access is denied"):
        asking.asked(deny, "gs://bucket", "one object")
    with pytest.raises(FileNotFoundError):
        asking.asked(lambda: os.stat("/nowhere/at/all"), "gs://bucket", "one object")


# -- what is left alone --------------------------------------------------------------------------


def test_nothing_is_ever_written_to_the_place(server, one):
    by_address(one)
    assert {asked.kind for asked in server.asked} == {"GET", "LIST"}


def test_local_logs_are_loaded_without_fsspec(tmp_path):
    log = tmp_path / "logs" / "projects" / LOG
    log.parent.mkdir(parents=True)
    log.write_bytes(SAID)
    code = """if True:
        import sys, analysis, analysis.logs.places
        from analysis.logs import store
        store.load_logs("mine", sys.argv[1])
        print(*[name for name in ("fsspec", "s3fs", "aiohttp", "botocore") if name in sys.modules])
    """
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "logs")],
        env=os.environ | {"CACHE_MARGIN_OUT": str(tmp_path / "out")},
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("\n", "")


def test_what_a_process_that_was_killed_has_fetched_is_removed(tmp_path):
    """The next to fetch anything does so; what another is reading stays."""
    code = """
import os, signal
from fsspec import filesystem
from analysis.logs.places import fetched
filesystem("memory").pipe("/k/a.jsonl", b"{}")
with fetched(["memory://k/a.jsonl"]) as files:
    assert all(file.exists() for file in files.values())
    os.kill(os.getpid(), signal.SIGKILL)
"""
    env = os.environ | {"TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env)
    assert [*tmp_path.rglob("*.jsonl")]
    code = code.replace("os.kill(os.getpid(), signal.SIGKILL)", "pass").replace("/k/", "/l/")
    code = code.replace("memory://k", "memory://l")
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True)
    assert not [*tmp_path.rglob("*.jsonl")]


def test_an_endpoint_without_its_protocol(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "127.0.0.1:5555")
    with pytest.raises(PlaceError, match="begins with http:// or https://"):
        places.listing("s3://bucket/logs")


def test_nothing_is_fetched_into_a_folder_that_others_may_change(tmp_path, monkeypatch):
    from fsspec import filesystem

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    laid_out = tmp_path / f"analysis-{os.getuid()}"
    laid_out.mkdir()
    laid_out.chmod(0o777)
    filesystem("memory").pipe("/open/a.jsonl", b"{}")
    with places.fetched(["memory://open/a.jsonl"]) as files:
        (file,) = files.values()
        assert file.read_bytes() == b"{}"
        assert not file.is_relative_to(laid_out)
        assert (tmp_path / file.relative_to(tmp_path).parts[0]).stat().st_mode & 0o077 == 0
