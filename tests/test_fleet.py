"""A load on many machines says what one machine says, and loses nothing of what was done."""

import gzip
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import s3
from backports.zstd import compress
from hypothesis import given
from hypothesis import strategies as st
from lines import KEY, SESSION, answer, prompt, write_log
from stores import grow
from test_blocks import blocks

from analysis import load
from analysis.logs import cluster, discover, fleet, partial, shelf, store
from analysis.logs.cluster import Run, connected
from analysis.logs.discover import Listed
from analysis.logs.export import export
from analysis.logs.files import StoreError, private
from analysis.logs.fleet import FleetError, combine, load_part, plan
from analysis.logs.merge import import_archive
from analysis.logs.verify import verify
from analysis.paths import ROOT, SAMPLE

TABLES = ("copies", "events", "files")
PIECES = 400_000  # bytes of a partition, so that the sample has some


@pytest.fixture(scope="module", autouse=True)
def one_key():
    """Give every dataset the same key, so that the labels in them can be compared."""
    drawn = SimpleNamespace(**vars(os))
    drawn.urandom = lambda size: KEY.ljust(size)[:size]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.logs.update.os", drawn)
        yield


def said(name):
    """All that a dataset says, in one order."""
    logs = store.read(name)
    tables = [getattr(logs, table) for table in TABLES]
    return [*(t.sort(t.columns, nulls_last=True) for t in tables), logs.requests]


def same(name, other):
    return all(a.equals(b) for a, b in zip(said(name), said(other), strict=True))


@pytest.fixture
def alone(logs):
    """The sample as this machine loads it; of each test, since each has folders of its own."""
    store.load_logs("alone", str(SAMPLE))
    return "alone"


# -- the plan --------------------------------------------------------------------------------------


def listing(sizes):
    names = {f"/logs/p/{n:08d}.jsonl": size for n, size in enumerate(sizes)}
    stats = {
        path: os.stat_result((0o100644, 7, 0, 1, 0, 0, size, 0, 0, 0))
        for path, size in names.items()
    }
    return {path: Listed(Path("/logs"), stat) for path, stat in stats.items()}


@given(st.lists(st.integers(0, 500), max_size=200), st.integers(1, 400))
def test_each_file_is_in_one_partition_and_those_are_of_the_size_asked_for(sizes, size):
    listed = listing(sizes)
    packed = partial.partitions(discover.placed(listed), listed, KEY, size)
    files = [task.path.decode() for part in packed for task in part.tasks]
    assert files == sorted(listed)
    assert all(part.size <= 2 * size or len(part.tasks) == 1 for part in packed)
    assert len({part.name for part in packed}) == len(packed)
    assert [[task.file for task in part.tasks] for part in packed] == [
        [*range(len(part.tasks))] for part in packed
    ]


def test_a_new_file_leaves_most_partitions_as_they_were():
    listed = listing([10] * 2_000)
    before = partial.partitions(discover.placed(listed), listed, KEY, 200)
    listed["/logs/a/new.jsonl"] = next(iter(listed.values()))
    after = partial.partitions(discover.placed(listed), listed, KEY, 200)
    names = {part.name for part in before}
    assert len(before) > 50
    assert len([part for part in after if part.name not in names]) < len(after) / 4


@pytest.mark.parametrize("what", ["key", "size", "content", "parser"])
def test_a_partition_is_called_by_all_that_decides_what_it_says(what, tmp_path, monkeypatch):
    log = tmp_path / "logs" / "p" / f"{SESSION}.jsonl"
    write_log(log, prompt())

    def name(key=KEY):
        listed = discover.listing([tmp_path / "logs"])
        return partial.partitions(discover.placed(listed), listed, key)[0].name

    before = name()
    assert before == name()
    if what == "key":
        assert name(b"another") != before
        return
    if what == "parser":
        monkeypatch.setattr("analysis.logs.stamps.parser", lambda: "00000000")
    elif what == "size":
        write_log(log, prompt(), answer(1))
    else:
        log.write_bytes(log.read_bytes()[::-1])
    assert name() != before


def test_a_worker_of_another_version_is_refused(tmp_path, monkeypatch):
    work = plan("mine", str(SAMPLE))
    monkeypatch.setattr("analysis.logs.stamps.parser", lambda: "00000000")
    with pytest.raises(StoreError, match="another version"):
        load_part(work.partitions[0])


def test_what_engines_write_into_their_logs_has_no_secret(logs):
    part = plan("mine", str(SAMPLE)).partitions[0]
    assert str(part) == f"Partition('{part.name}', 56 files)"


# -- one machine's result, whatever the engine -----------------------------------------------------


@pytest.mark.parametrize("size", [1, 100_000, PIECES, partial.SIZE])
def test_any_partitioning_in_any_order_says_what_one_machine_says(alone, size):
    work = plan("fleet", str(SAMPLE), size=size)
    tables = [load_part(part) for part in work.partitions]
    random.Random(size).shuffle(tables)
    combine(work, [*tables, *tables[:3]])  # some came twice, as of a worker that was thought dead
    assert same("fleet", alone)
    assert store.summary("fleet") == store.summary(alone)


def test_logs_of_every_source_say_the_same(logs, tmp_path):
    sources = Path(__file__).parent / "sources"
    store.load_logs("alone", str(sources))
    fleet.load("fleet", str(sources), size=2_000)
    assert same("fleet", "alone")


def test_a_dataset_that_grew_on_a_fleet_is_that_of_one_machine(logs, tmp_path):
    root = logs
    store.load_logs("alone", str(root))
    fleet.load("fleet", str(root))
    grow(root)
    fresh = store.load_logs("alone", str(root))
    done = fleet.load("fleet", str(root))
    assert done == fresh._replace(name="fleet")
    assert done.gone == 1
    assert same("fleet", "alone")
    assert fleet.load("fleet", str(root)).read == 0


def test_both_ways_bring_one_dataset_up_to_date(logs, tmp_path):
    root = logs
    store.load_logs("mixed", str(root))
    grow(root)
    assert fleet.load("mixed", str(root)).read == 2
    assert store.load_logs("mixed", str(root)).read == 0


def test_names_that_are_no_unicode(logs, tmp_path):
    folder = tmp_path / "odd" / os.fsdecode(b"-home-\xff\xfe")
    write_log(folder / f"{SESSION}.jsonl", prompt(), answer(1))
    store.load_logs("alone", str(tmp_path / "odd"))
    fleet.load("fleet", str(tmp_path / "odd"))
    assert same("fleet", "alone")


def test_a_file_that_goes_between_plan_and_read_is_counted_and_tried_again(logs, tmp_path):
    root = logs
    work = plan("fleet", str(root))
    gone = next(root.rglob("*.jsonl"))
    kept = gone.read_bytes()
    gone.unlink()
    combine(work, map(load_part, work.partitions))
    assert store.read("fleet").files["skipped"].to_list().count("unreadable") == 1
    gone.write_bytes(kept)
    assert fleet.load("fleet", str(root)).read == 1
    store.load_logs("alone", str(root))
    assert store.read("fleet").requests.equals(store.read("alone").requests)


def test_a_plan_without_one_of_its_partitions_changes_nothing(alone):
    work = plan("fleet", str(SAMPLE), size=PIECES)
    tables = [load_part(part) for part in work.partitions]
    with pytest.raises(FleetError, match=r"of 56 files are in no partition"):
        combine(work, tables[1:])
    with pytest.raises(StoreError, match="no dataset 'fleet'"):
        store.read("fleet")
    combine(work, tables)
    assert same("fleet", alone)


def test_a_load_that_comes_between_is_not_undone(logs, tmp_path):
    root = logs
    work = plan("mine", str(root))
    grow(root)
    store.load_logs("mine", str(root))
    with pytest.raises(StoreError, match="came between"):
        combine(work, map(load_part, work.partitions))


class Ray:
    """What of Ray the docs' example uses, done at once and in an odd order."""

    def remote(self, **options):
        return lambda f: SimpleNamespace(remote=lambda *given: lambda: f(*given))

    def wait(self, running):
        return [running[-1]], running[:-1]

    def get(self, ready):
        return ready()


def test_another_engine_needs_twenty_lines(alone, monkeypatch, capsys):
    code = next(text for page, text in blocks("python") if page == "fleet.md")
    assert len([line for line in code.splitlines() if line]) <= 20
    monkeypatch.setitem(sys.modules, "ray", Ray())
    monkeypatch.setattr(fleet, "plan", lambda name, logs: plan("fleet", str(SAMPLE), size=PIECES))
    exec(code, {})
    assert "files=56, read=56" in capsys.readouterr().out
    assert same("fleet", alone)


# -- partials --------------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path):
    shelf.prepare(str(tmp_path / "partials"))
    return str(tmp_path / "partials")


def test_a_partial_is_for_its_owner_and_written_once(logs, place, monkeypatch):
    part = plan("mine", str(SAMPLE)).partitions[0]
    partial.write_part(part, place)
    (written,) = Path(place).iterdir()
    assert written.stat().st_mode & 0o777 == 0o600
    assert written.parent.stat().st_mode & 0o777 == 0o700
    monkeypatch.setattr(partial, "load_part", None)  # it is not read again
    partial.write_part(part, place)


def test_two_that_write_one_partial_write_the_same_bytes(logs, place, tmp_path):
    shelf.prepare(str(tmp_path / "other"))
    part = plan("mine", str(SAMPLE)).partitions[0]
    for folder in (place, str(tmp_path / "other")):
        partial.write_part(part, folder)
    (one,), (other,) = Path(place).iterdir(), (tmp_path / "other").iterdir()
    assert one.read_bytes() == other.read_bytes()


def test_a_damaged_partial_is_none(logs, place):
    part = plan("mine", str(SAMPLE)).partitions[0]
    partial.write_part(part, place)
    (written,) = Path(place).iterdir()
    data, dice = written.read_bytes(), random.Random(1)
    for _ in range(50):
        bit = dice.randrange(8 * len(data))
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        written.write_bytes(flipped)
        assert shelf.read(part.name, place) is None
    for size in (0, 1, 16, len(data) // 2, len(data) - 1):
        written.write_bytes(data[:size])
        assert shelf.read(part.name, place) is None
    partial.write_part(part, place)
    assert written.read_bytes() == data


# -- a cluster of Dask -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def storage():
    """Object storage, of which workers that are started later know."""
    with s3.serving() as server:
        yield server


@pytest.fixture(scope="module")
def two(storage):
    """Two workers on this machine."""
    with connected("local:2") as client:
        yield client


@pytest.fixture
def harmed(two):
    """Change what the workers that are there now do; those started later are as they should be."""
    yield two.run
    two.run(restore)


def restore():
    import importlib

    from analysis.logs import partial

    importlib.reload(partial)


def slow_down(folder):
    """Let whoever reads first wait until it is let go, or has waited long."""
    from analysis.logs import partial

    real = partial.load_part

    def load_part(partition):
        try:
            Path(folder, "flag").open("x").close()
        except FileExistsError:
            return real(partition)
        until = time.monotonic() + 60
        while not Path(folder, "go").exists():
            time.sleep(0.05)
            if time.monotonic() > until:
                Path(folder, "waited for").touch()
                break
        return real(partition)

    partial.load_part = load_part


def die(flag):
    """Let whoever reads first be killed."""
    from analysis.logs import partial

    real = partial.load_part

    def load_part(partition):
        try:
            open(flag, "x").close()
        except FileExistsError:
            return real(partition)
        return os.kill(os.getpid(), signal.SIGKILL)

    partial.load_part = load_part


def spoil(flag):
    """Let whoever writes first leave something else."""
    from analysis.logs import partial

    real = partial.write_part

    def write_part(partition, place):
        real(partition, place)
        try:
            open(flag, "x").close()
        except FileExistsError:
            return partition.name
        written = Path(place, f"{partition.name}.arrow")
        written.write_bytes(written.read_bytes()[:-100])
        return partition.name

    partial.write_part = write_part


@pytest.mark.parametrize("size", [100_000, PIECES])
def test_a_cluster_says_what_one_machine_says(alone, two, size):
    fleet.load("fleet", str(SAMPLE), two, size=size)
    assert same("fleet", alone)
    assert not private("fleet").with_name("partials").exists(), "what is combined is forgotten"


def test_a_notebook_loads_on_a_cluster(logs, two):
    assert load(str(SAMPLE), "fleet", cluster=two).requests.height == 516


def test_a_worker_that_is_killed_is_done_without(alone, two, harmed, tmp_path):
    harmed(die, str(tmp_path / "flag"))
    fleet.load("fleet", str(SAMPLE), two, size=100_000)
    assert (tmp_path / "flag").exists()
    assert same("fleet", alone)


def test_a_worker_that_is_late_is_done_without(alone, two, harmed, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "LATE_SECONDS", 0.5)
    monkeypatch.setattr(cluster, "_TICK", 0.2)
    harmed(slow_down, str(tmp_path))
    fleet.load("fleet", str(SAMPLE), two, size=100_000)
    (tmp_path / "go").touch()
    assert (tmp_path / "flag").exists()
    assert not (tmp_path / "waited for").exists()
    assert same("fleet", alone)


def test_a_partial_that_comes_damaged_is_made_again(alone, two, harmed, tmp_path):
    harmed(spoil, str(tmp_path / "flag"))
    fleet.load("fleet", str(SAMPLE), two, size=100_000)
    assert (tmp_path / "flag").exists()
    assert same("fleet", alone)


def test_what_is_done_is_not_done_again(alone, two, monkeypatch):
    work = plan("fleet", str(SAMPLE), size=100_000)
    place = shelf.place_of("fleet", work.key)
    shelf.prepare(place)
    for part in work.partitions[1:]:
        partial.write_part(part, place)
    names = sent(monkeypatch)
    fleet.load("fleet", str(SAMPLE), two, size=100_000)
    assert names == [work.partitions[0].name]
    assert same("fleet", alone)


def test_a_worker_that_fails_is_told_by_its_error_alone(logs, two, harmed, tmp_path):
    harmed(fail)
    with pytest.raises(FleetError) as told:
        fleet.load("fleet", str(SAMPLE), two)
    assert str(told.value) == (
        "1 of 1 partitions could not be read in 3 tries: on a worker, stopped by ValueError. "
        "0 are done and kept; the same command goes on with the others"
    )


def fail():
    """Let whoever reads be stopped by an error that says too much."""
    from analysis.logs import partial

    def load_part(partition):
        raise ValueError("a secret")

    partial.load_part = load_part


def test_workers_that_cannot_read_the_logs_are_told_apart_from_logs_that_are_gone(
    alone, two, harmed
):
    harmed(see_nothing)
    with pytest.raises(FleetError, match="workers cannot read logs that this machine can"):
        fleet.load("fleet", str(SAMPLE), two, size=100_000)
    harmed(restore)
    assert fleet.load("fleet", str(SAMPLE), two, size=100_000).read == 56
    assert same("fleet", alone), "what was found unreadable then is not taken for what is there"


def see_nothing():
    """Let workers have none of the logs, as on machines that do not share a disk."""
    import msgspec

    from analysis.logs import partial

    real = partial.load_part

    def load_part(partition):
        tasks = tuple(
            msgspec.structs.replace(t, path=b"/nowhere" + t.path) for t in partition.tasks
        )
        return real(msgspec.structs.replace(partition, tasks=tasks))

    partial.load_part = load_part


def test_partials_that_only_the_workers_see_are_told(logs, two, harmed):
    harmed(write_nothing)
    with pytest.raises(FleetError, match=r"name a folder or an address .* with PARTIALS="):
        fleet.load("fleet", str(SAMPLE), two)


def write_nothing():
    """Let workers write where nobody else reads."""
    from analysis.logs import partial

    partial.write_part = lambda partition, place: partition.name


@pytest.mark.parametrize("cluster", ["quark", "local:0", "local:", "local:x"])
def test_what_is_no_cluster_is_refused(logs, cluster):
    with pytest.raises(FleetError, match=r"write local:4 .* or the address of a scheduler"):
        fleet.load("fleet", str(SAMPLE), cluster)


def test_a_scheduler_that_is_not_there(logs, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with pytest.raises(FleetError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"):
        fleet.load("fleet", str(SAMPLE), "tcp://127.0.0.1:9")


def test_a_script_without_a_guard_is_told_of_it(logs, monkeypatch):
    import distributed

    def started(**how):
        raise RuntimeError("Nanny failed to start.")

    monkeypatch.setattr(distributed, "LocalCluster", started)
    with pytest.raises(FleetError, match=r"in a script, call load\(...\) below if __name__"):
        fleet.load("fleet", str(SAMPLE), "local:2")


def test_nothing_of_a_fleet_is_imported_without_one():
    code = """
import sys
from analysis import load
load("sample").requests
print(sorted({"dask", "distributed", "fsspec", "s3fs", "bokeh"} & {*sys.modules}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "[]\n", done.stderr


# -- a cluster that others run ---------------------------------------------------------------------


class Machines:
    """A scheduler at one address and its workers, as processes of their own."""

    def __init__(self, folder):
        self.folder, self.running = folder, []
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"

    def start(self, *words):
        command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]]
        running = subprocess.Popen(
            command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.running.append(running)
        return running

    def scheduler(self):
        return self.start(
            *("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")
        )

    def worker(self):
        return self.start(
            *("worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard"),
            "--no-nanny",
        )

    def stop(self):
        for process in self.running:
            process.kill()
            process.wait()


@pytest.fixture
def machines(tmp_path):
    made = Machines(tmp_path)
    yield made
    made.stop()


def test_a_scheduler_that_is_restarted_is_waited_for(alone, machines, tmp_path):
    """Its workers end with it; those of the new one do the rest."""
    from distributed import Client

    first = machines.scheduler(), machines.worker()
    work = plan("fleet", str(SAMPLE), size=100_000)
    place = shelf.place_of("fleet", work.key)
    shelf.prepare(place)
    with Client(machines.address, timeout=20) as client:
        client.wait_for_workers(1)
        tables = Run(client, place).tables(work.partitions)
        some = [next(tables)]
        for process in reversed(first):
            process.kill()
            process.wait()
        machines.scheduler(), machines.worker()
        combine(work, [*some, *tables])
    assert same("fleet", alone)


@pytest.mark.parametrize("ends", ["worker", "scheduler"])
def test_a_cluster_that_is_gone_is_told_and_the_same_command_goes_on(
    alone, machines, two, monkeypatch, ends
):
    monkeypatch.setattr(cluster, "PATIENCE", 2)
    running = {"scheduler": machines.scheduler(), "worker": machines.worker()}
    came = []
    taken = Run._taken

    def ending(run, name, future):
        table = taken(run, name, future)
        came.append(name)
        running[ends].kill()
        return table

    monkeypatch.setattr(Run, "_taken", ending)
    told = {"worker": r"no worker for 2 s. ", "scheduler": r"its scheduler does not answer"}
    with pytest.raises(FleetError, match=told[ends]):
        fleet.load("fleet", str(SAMPLE), machines.address, size=100_000)
    monkeypatch.setattr(Run, "_taken", taken)
    work = plan("fleet", str(SAMPLE), size=100_000)
    done = shelf.found(shelf.place_of("fleet", work.key))
    assert 0 < len(done) < len(work.partitions)
    assert fleet.load("fleet", str(SAMPLE), two, size=100_000).read == 56
    assert same("fleet", alone)


def sent(monkeypatch):
    """Note which partitions a cluster is given."""
    submit, names = Run._submit, []

    def submitted(run, part, **where):
        names.append(part.name)
        return submit(run, part, **where)

    monkeypatch.setattr(Run, "_submit", submitted)
    return names


# -- object storage --------------------------------------------------------------------------------


def packed(path):
    """How an object is stored: some as they are, some compressed."""
    pack = {0: lambda data: (data, ""), 1: lambda data: (gzip.compress(data, mtime=0), ".gz")}
    pack[2] = lambda data: (compress(data), ".zst")
    data, suffix = pack[len(path.stem) * 7 % 3 if path.suffix == ".jsonl" else 0](path.read_bytes())
    return path.relative_to(SAMPLE).as_posix() + suffix, data


@pytest.fixture
def bucket(storage, tmp_path):
    """The sample in object storage, and the same objects as files."""
    objects = dict(packed(path) for path in sorted(SAMPLE.rglob("*")) if path.is_file())
    for name, data in objects.items():
        file = tmp_path / "files" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    storage.fault = None
    yield storage.bucket("team", {f"logs/{name}": data for name, data in objects.items()}) + "/logs"
    storage.fault = None


@pytest.fixture
def filed(logs, bucket, tmp_path):
    """The same objects as this machine loads them as files."""
    store.load_logs("alone", str(tmp_path / "files"))
    return "alone"


@pytest.mark.parametrize("how", ["alone", "cluster", "shared"])
def test_object_storage_says_what_files_say(filed, bucket, how, storage, two):
    storage.kinds()
    shared = f"{bucket}-partials" if how == "shared" else ""
    client = None if how == "alone" else two
    done = store.load_logs("fleet", bucket, cluster=client, partials=shared)
    assert done.read == 56
    assert same("fleet", filed)
    asked = storage.kinds()
    assert asked["GET"] >= 56
    assert asked.get("PUT", 0) == (how == "shared")
    assert store.load_logs("fleet", bucket).read == 0
    assert storage.kinds().get("GET", 0) == 0, "what is known is not read again"
    assert verify("fleet").differences == ()


def test_storage_that_throttles_and_breaks_is_asked_again(filed, bucket, storage):
    dice = random.Random(3)

    def fault(asked):
        if asked.kind == "GET" and dice.random() < 0.3:
            return dice.choice([(503, "SlowDown"), (500, "InternalError"), "cut"])
        return None

    storage.fault = fault
    fleet.load("fleet", bucket)
    assert same("fleet", filed)


def test_storage_that_goes_on_failing_is_told_and_what_is_done_is_kept(
    filed, bucket, storage, two, monkeypatch
):
    work = plan("fleet", bucket, size=100_000)
    wanted = work.partitions[0].tasks[0].path.decode()
    storage.fault = lambda asked: (403, "AccessDenied") if wanted.endswith(asked.key) else None
    with pytest.raises(FleetError, match=r"1 of \d+ partitions .* s3://team cannot be read"):
        fleet.load("fleet", bucket, two, size=100_000)
    storage.fault = None
    names = sent(monkeypatch)
    fleet.load("fleet", bucket, two, size=100_000)
    assert names == [work.partitions[0].name]
    assert same("fleet", filed)


def test_a_bucket_that_was_emptied_keeps_its_dataset(filed, bucket, storage, logs, tmp_path):
    fleet.load("fleet", bucket)
    export("fleet", tmp_path / "kept.zip")
    storage.bucket("team")
    assert fleet.load("fleet", bucket).gone == 56
    assert store.only_here("fleet") == 56
    assert store.read("fleet").requests.equals(store.read(filed).requests)
    assert import_archive("again", tmp_path / "kept.zip").requests == 516


def test_an_object_that_goes_or_changes_between_plan_and_read(filed, bucket, storage):
    work = plan("fleet", bucket)
    gone, changed = (task.path.decode() for task in work.partitions[0].tasks[:2])
    storage.remove("team", gone.removeprefix("s3://team/"))
    storage.put("team", changed.removeprefix("s3://team/"), b"")
    combine(work, map(load_part, work.partitions))
    skipped = store.read("fleet").files["skipped"]
    assert skipped.to_list().count("unreadable") == 1
    assert fleet.load("fleet", bucket).read == 1, "what changed is read again"
    assert fleet.load("fleet", bucket)[1:3] == (55, 0)


def test_damaged_tables_of_object_storage_are_read_again(filed, bucket, logs):
    fleet.load("fleet", bucket)
    broken = next((private("fleet").parents[2] / "processed" / "fleet").rglob("copies*.parquet"))
    broken.write_bytes(b"")
    done = fleet.load("fleet", bucket)
    assert (done.read, done.lost) == (56, 0)
    assert store.read("fleet").requests.equals(store.read(filed).requests)
