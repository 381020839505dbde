"""Many files are read by several processes, and come back whole whatever happens to those."""

import gc
import os
import subprocess
import threading
import time
from itertools import chain, pairwise
from types import SimpleNamespace

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lines import KEY, SESSION, answer, append_log, prompt, uuid, write_log
from msgspec import msgpack

from analysis import schema
from analysis.logs import parts, workers
from analysis.logs.discover import log_files
from analysis.logs.frames import frame
from analysis.logs.parts import Jobs, Part, Task
from analysis.logs.resume import Before, End
from analysis.logs.scan import scan
from analysis.logs.stamps import prefix
from analysis.paths import SAMPLE

TABLES = ("copies", "events", "files")
NOTHING = msgpack.encode(Part([], [], [], {}))


def tasks_of(folder):
    logs = enumerate(log_files([folder]), 1)
    return [Task.of(log, n, f"project-{n % 3:02d}", log.path.stat().st_size) for n, log in logs]


@pytest.fixture(scope="module")
def tasks():
    """The logs of the shipped sample."""
    return tasks_of(SAMPLE)


def whole(found):
    """What parts say together, in one order: rows by table, and what else was found by file."""
    rows = {table: [] for table in TABLES}
    more = {}
    for part in found:
        for table, made in rows.items():
            made += zip(*getattr(part, table), strict=True)
        assert not more.keys() & part.found.keys(), "a file is in two parts"
        more |= part.found
    return {table: sorted(made, key=repr) for table, made in rows.items()}, more


@pytest.fixture(scope="module")
def alone(tasks):
    """What this process finds without any other."""
    return whole(workers.parts(tasks, KEY, 0))


@pytest.fixture
def others(monkeypatch):
    """Let this process draw no ticket: what it reads itself is what others did not deliver."""
    here = []
    plain = workers.scanned

    def scanned(jobs, tickets):
        here.append([file for ticket in jobs.tickets for file in ticket])
        yield from plain(jobs, tickets)

    monkeypatch.setattr(workers, "drawn", lambda tickets: iter(()))
    monkeypatch.setattr(workers, "scanned", scanned)
    monkeypatch.setattr(workers, "_TICKET", 10_000)
    return here


@pytest.fixture
def started(monkeypatch):
    """The processes that were started."""
    found = []

    class Popen(subprocess.Popen):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            found.append(self)

    monkeypatch.setattr(workers.subprocess, "Popen", Popen)
    return found


@pytest.fixture
def swept():
    """Check that nothing is left: no thread, no open file, no process."""
    me, threads = psutil.Process(), threading.active_count()
    files = me.num_fds()
    children = len(me.children())
    yield
    assert (threading.active_count(), me.num_fds()) == (threads, files)
    assert len(me.children()) == children


def test_without_others_all_is_read_here(tasks, alone):
    rows, more = alone
    assert [*more] == sorted(more, key=lambda n: tasks[n - 1].size, reverse=True)
    assert sorted(row[0] for row in rows["files"]) == [task.file for task in tasks]
    for task in tasks[:5]:
        said = scan(task.log, task.file, task.project, KEY)
        assert [r for r in rows["copies"] if r[0] == task.file] == sorted(said.copies, key=repr)
        assert [r for r in rows["events"] if r[0] == task.file] == sorted(said.events, key=repr)
        (ledger,) = (r for r in rows["files"] if r[0] == task.file)
        assert ledger == tuple(said.ledger[c.name] for c in schema.FILES)


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("count", [1, 3])
def test_with_others_the_rows_are_the_same(tasks, alone, started, count):
    assert whole(workers.parts(tasks, KEY, count)) == alone
    assert len(started) == count


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("count", [1, 3])
def test_others_can_do_all_of_it(tasks, alone, others, count):
    assert whole(workers.parts(tasks, KEY, count)) == alone
    assert len(others[0]) == len(tasks)
    assert others[1:] == [[]]


IMPORTS = "import os, sys; sys.path += sys.argv[3:]; from analysis.logs import parts;"
SECOND = """
parts._ROWS = 1
plain = parts.scanned
def some(jobs, tickets):
    for n, part in enumerate(plain(jobs, tickets)):
        if n == 2: os.kill(os.getpid(), 9)
        yield part
parts.scanned = some
parts.work(int(sys.argv[1]), int(sys.argv[2]))
"""
DEATHS = {
    "cannot start": "import no_such_module",
    "says what is no part": "print('hello')",
    "with a ticket in hand": "import os, sys; os.read(int(sys.argv[2]), 4); os._exit(1)",
    "with all tickets in hand": "import os, sys; os.read(int(sys.argv[2]), 9999); os._exit(0)",
    "in a part's head": f"{IMPORTS} os.write(1, bytes(3))",
    "in a part": f"{IMPORTS} os.write(1, (9).to_bytes(8, 'big') + bytes(5))",
    "before the last byte": f"{IMPORTS} os.write(1, (9).to_bytes(8, 'big') + {NOTHING!r} + b'xyz')",
    "behind two parts": IMPORTS + SECOND,
}


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("code", DEATHS.values(), ids=DEATHS.keys())
def test_what_dies_with_a_worker_is_read_here(
    tasks, alone, others, monkeypatch, capfd, code, count
):
    monkeypatch.setattr(workers, "_WORKER", code)
    assert whole(workers.parts(tasks, KEY, count)) == alone
    assert others[1]
    assert capfd.readouterr() == ("", "")


def test_what_came_before_a_death_is_not_read_again(tasks, alone, others, monkeypatch):
    monkeypatch.setattr(workers, "_WORKER", IMPORTS + SECOND)
    assert whole(workers.parts(tasks, KEY, 1)) == alone
    assert len(tasks) - 8 < len(others[1]) <= len(tasks) - 2  # two parts, of a file or a few each


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("most", [0, 1, 2])
def test_where_no_more_processes_can_be_started_all_is_read(tasks, alone, monkeypatch, most):
    left = iter(range(most))
    plain = subprocess.Popen

    def start(*args, **kwargs):
        if next(left, None) is None:
            raise BlockingIOError("Resource temporarily unavailable")
        return plain(*args, **kwargs)

    monkeypatch.setattr(workers.subprocess, "Popen", start)
    assert whole(workers.parts(tasks, KEY, 3)) == alone


ENDLESS = f"""
import os, sys
while True:
    os.write(1, {len(NOTHING).to_bytes(8, "big") + NOTHING!r})
"""


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("count", [1, 3])
def test_to_close_it_early_ends_the_others(tasks, started, monkeypatch, count):
    queues = []

    class Queue(workers.queue.Queue):
        def __init__(self, size):
            super().__init__(size)
            queues.append(self)

    monkeypatch.setattr(workers.queue, "Queue", Queue)
    monkeypatch.setattr(workers, "_WORKER", ENDLESS)
    found = workers.parts(tasks, KEY, count)
    assert next(found).found
    while not queues[0].full():  # until the others would wait for us
        time.sleep(0.01)
    found.close()
    assert len(started) == count
    assert all(worker.returncode == -9 for worker in started)


@pytest.mark.usefixtures("swept")
def test_an_error_here_ends_the_others(tasks, started, monkeypatch):
    def broken(jobs, tickets):
        raise ZeroDivisionError
        yield

    monkeypatch.setattr(workers, "scanned", broken)
    with pytest.raises(ZeroDivisionError):
        list(workers.parts(tasks, KEY, 2))
    assert [worker.returncode is None for worker in started] == [False, False]


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("closed", [True, False])
def test_garbage_is_collected_afterwards_as_it_was_before(tasks, on, closed):
    was = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        found = workers.parts(tasks, KEY, 0)
        next(found)
        assert not gc.isenabled()
        found.close() if closed else list(found)
        assert gc.isenabled() is on
    finally:
        (gc.enable if was else gc.disable)()


@pytest.mark.usefixtures("swept")
def test_nothing_to_read_is_no_part():
    assert [*workers.parts([], KEY)] == [*workers.parts([], KEY, 2)] == []


# -- how many processes


@pytest.fixture
def asked(monkeypatch):
    """How many workers were asked for, and none of them is started."""
    found = []

    def shared(jobs, count):
        found.append(count)
        yield from ()

    monkeypatch.setattr(workers, "_shared", shared)
    return found


def claimed(tasks, size):
    """Two tasks that say to have so many bytes together."""
    one, two = (task for task in tasks[:2])
    said = [(one, size // 2), (two, size - size // 2)]
    return [Task.of(task.log, task.file, task.project, bytes_) for task, bytes_ in said]


@pytest.mark.parametrize(
    ("size", "cores", "count"),
    [
        (workers.WORTH_A_WORKER, 4, [3]),
        (workers.WORTH_A_WORKER, 2, [1]),
        (workers.WORTH_A_WORKER, 1, []),
        (workers.WORTH_A_WORKER - 1, 4, []),
    ],
)
def test_each_further_core_has_a_worker_where_that_pays(
    tasks, asked, monkeypatch, size, cores, count
):
    monkeypatch.setattr(workers, "cores", lambda: cores)
    assert set(whole(workers.parts(claimed(tasks, size), KEY))[1]) == {1, 2}
    assert asked == count


def test_what_was_read_before_pays_for_no_worker(tasks, asked, monkeypatch):
    monkeypatch.setattr(workers, "cores", lambda: 4)
    end = End(10, [], [], [], [])
    before = Before(end, [], [], {}, {})
    log = tasks[0]
    grown = Task.of(log.log, 1, log.project, workers.WORTH_A_WORKER + 9, before)
    assert grown.left == workers.WORTH_A_WORKER - 1
    monkeypatch.setattr(workers, "scanned", lambda jobs, tickets: iter(()))
    assert [*workers.parts([grown], KEY)] == asked == []


def test_elsewhere_than_on_posix_it_works_alone(tasks, asked, monkeypatch):
    monkeypatch.setattr(workers, "os", SimpleNamespace(name="nt"))
    assert set(whole(workers.parts(claimed(tasks, 10**9), KEY))[1]) == {1, 2}
    assert asked == []


def test_cores_are_those_this_process_may_use(monkeypatch):
    monkeypatch.setattr(workers.os, "sched_getaffinity", lambda pid: {3, 5, pid}, raising=False)
    assert workers.cores() == 3
    monkeypatch.delattr(workers.os, "sched_getaffinity")
    monkeypatch.setattr(workers.os, "cpu_count", lambda: 7)
    assert workers.cores() == 7
    monkeypatch.setattr(workers.os, "cpu_count", lambda: None)
    assert workers.cores() == 1


# -- tickets

PIPE = 2**16  # bytes that a pipe holds while nobody reads


def sized(sizes):
    return [Task(n, "", size, b"", "", None, None, None, None) for n, size in enumerate(sizes, 1)]


def packed(sizes):
    """Pack files into tickets, and check what holds for any."""
    jobs = workers._jobs(sized(sizes), KEY)
    assert (jobs.key, [task.size for task in jobs.tasks]) == (KEY, sizes)
    made = [[sizes[i] for i in ticket] for ticket in jobs.tickets]
    assert sorted(i for ticket in jobs.tickets for i in ticket) == [*range(len(sizes))]
    assert [*chain(*made)] == sorted(sizes, reverse=True)
    most = max(workers._TICKET, sum(sizes) // workers._MOST)
    assert all(len(ticket) == 1 or sum(ticket) <= most for ticket in made)
    assert all(len(ticket) <= workers._FILES for ticket in made)
    for ticket, after in pairwise(made):
        assert len(ticket) == workers._FILES or sum(ticket) + after[0] > most
    assert 4 * len(made) < PIPE
    return made


@given(st.lists(st.one_of(st.integers(0, 40), st.integers(0, 10**9)), max_size=60))
def test_each_file_is_on_one_ticket_and_the_largest_come_first(sizes):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "_TICKET", 30)
        patch.setattr(workers, "_MOST", 20)
        patch.setattr(workers, "_FILES", 5)
        packed(sizes)


@pytest.mark.parametrize(
    ("sizes", "tickets"),
    [
        ([], 0),
        ([0], 1),
        ([16_000_000] * 3, 3),
        ([8_000_000] * 3, 2),
        ([8_000_001] * 3, 3),
        ([40_000_000, 1, 1], 2),
        ([0] * 4_096, 1),
        ([0] * 4_097, 2),
        ([1] * 1_000_000, 245),
        ([20_000_000] * 100_000, 400),
        ([10**12, *[1] * 10_000], 4),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_there_are_never_more_tickets_than_a_pipe_holds(sizes, tickets):
    assert len(packed(sizes)) == tickets


@pytest.mark.usefixtures("swept")
def test_thousands_of_tiny_files_do_not_fill_the_pipe(tmp_path, monkeypatch, others):
    write_log(tmp_path / "p" / f"{SESSION}.jsonl", answer(1))
    (one,) = tasks_of(tmp_path)
    many = [Task.of(one.log, n, one.project, one.size) for n in range(1, 4_001)]
    monkeypatch.setattr(workers, "_TICKET", 1)
    monkeypatch.setattr(workers, "_MOST", 10**9)
    rows, more = whole(workers.parts(many, KEY, 2))
    assert sorted(more) == [*range(1, 4_001)]
    assert [len(rows[table]) for table in TABLES] == [4_000, 0, 4_000]
    assert others[1:] == [[]]


# -- what a part says


def test_names_digests_and_ends_arrive(tmp_path, others):
    more = {"cwd": "/home/jane/b", "gitBranch": "main"}
    lines = [prompt(**more), answer(1, message_more={"model": "acme-1"}, **more | {"cwd": "/a"})]
    path = write_log(tmp_path / "p" / f"{SESSION}.jsonl", *lines)
    write_log(tmp_path / "q" / "misnamed.jsonl.gz", *lines)
    (one, two) = tasks_of(tmp_path)
    append_log(path, answer(2))  # after it was listed
    grown = Task.of(one.log, 3, one.project, path.stat().st_size)
    _, found = whole(workers.parts([one, two, grown], KEY, 1))
    assert others[1:] == [[]]
    said = {"cwd": ["/a", "/home/jane/b"], "branch": ["main"], "models": ["acme-1"], "ids": []}
    assert found[1].names == found[3].names == said
    assert (found[1].skipped, found[1].end) == (None, None)
    assert found[1].prefix == prefix(path, one.size) != found[3].prefix
    assert msgpack.decode(found[3].end, type=End).read == path.stat().st_size
    none = {"cwd": [], "branch": [], "models": [], "ids": []}
    assert found[2] == parts.Found("misnamed", None, None, none)


BEHIND = answer(2, 2, uuid=uuid(3), parentUuid=uuid(9))


def test_a_log_that_has_grown_is_gone_on_from_or_read_whole(tmp_path, others):
    lines = [prompt(uuid=uuid(1)), answer(1, 1, uuid=uuid(2), parentUuid=uuid(1))]
    path = write_log(tmp_path / "p" / f"{SESSION}.jsonl", *lines)
    (one,) = tasks_of(tmp_path)
    said = scan(one.log, 1, one.project, KEY)
    rows = {
        table: frame([[*c] for c in zip(*made, strict=True)], table).to_dicts()
        for table, made in {"copies": said.copies, "events": said.events}.items()
    }
    end = msgpack.decode(said.end, type=End)
    before = Before(end, rows["copies"], rows["events"], said.ledger, {n: [] for n in said.names})
    append_log(path, answer(2, 2, uuid=uuid(3), parentUuid=uuid(2)))
    size = path.stat().st_size
    grown = Task.of(one.log, 1, one.project, size, before)
    assert (grown.left, Task.of(one.log, 1, one.project, size).left) == (size - one.size, size)
    _, behind = tasks_of(write_log(path.with_name("b.jsonl"), *lines, BEHIND).parents[1])
    behind = Task.of(behind.log, 2, behind.project, behind.size, before)
    fresh = [Task.of(task.log, task.file, task.project, task.size) for task in (grown, behind)]
    afresh = whole(workers.parts(fresh, KEY, 0))
    for count in (0, 1):
        assert whole(workers.parts([grown, behind], KEY, count))[0] == afresh[0]


@pytest.mark.parametrize("most", [1, 7, 100])
def test_a_part_ends_with_the_file_that_fills_it(tasks, alone, monkeypatch, most):
    monkeypatch.setattr(parts, "_ROWS", most)
    jobs = Jobs(KEY, tasks, [[n] for n in range(len(tasks))])
    found = [*parts.scanned(jobs, range(len(tasks)))]
    assert whole(found)[0] == alone[0]
    for part in found:
        rows = [n for table in (part.copies, part.events) if table for n in table[0]]
        assert len(rows) >= most or part is found[-1]
        assert len(rows) - rows.count([*part.found][-1]) < most


def test_only_the_tickets_given_are_read(tasks):
    jobs = Jobs(KEY, tasks[:4], [[0], [1, 2], [3]])
    found = whole(parts.scanned(jobs, [2, 1]))[1]
    assert [*found] == [4, 2, 3]


def test_tickets_are_drawn_until_there_are_none():
    read, write = os.pipe()
    os.write(write, b"".join(n.to_bytes(4, "big") for n in (0, 1, 70_000)))
    os.close(write)
    assert [*parts.drawn(read)] == [0, 1, 70_000]
    os.close(read)
