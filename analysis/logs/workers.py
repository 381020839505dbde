"""Many files to rows, on all cores.

Workers are fresh interpreters, never forks: threads and notebooks are safe. They draw tickets from
one pipe, and so does the process that wants the rows: whoever is free takes the next, the largest
files first. What a worker that died did not deliver is scanned again here.
"""

from __future__ import annotations

import gc
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import msgspec

from analysis.logs.parts import Jobs, Part, Task, drawn, scanned

#: Below so many bytes a worker takes longer to start than it saves.
WORTH_A_WORKER = 32 * 10**6

_TICKET = 16 * 10**6  # bytes: what some may still scan when the others are done
_MOST = 400  # twice as many tickets of 4 bytes fit into the smallest pipe there is
_FILES = 4_096  # in a ticket

_WORKER = (
    "import sys; sys.path += sys.argv[3:]; from analysis.logs.parts import work;"
    "work(int(sys.argv[1]), int(sys.argv[2]))"
)


def parts(tasks: Sequence[Task], key: bytes, workers: int | None = None) -> Generator[Part]:
    """Scan files.

    Parameters
    ----------
    tasks
        The files.
    key
        The dataset's secret: see `scan`.
    workers
        Processes beside this one; by default one for each further core, where that pays.

    Yields
    ------
    Part
        Rows of whole files, in no order. Each file is in exactly one part.
    """
    if workers is None:
        pays = os.name == "posix" and sum(task.left for task in tasks) >= WORTH_A_WORKER
        workers = cores() - 1 if pays else 0
    missing = {task.file: task for task in tasks}
    with _without_gc():
        if workers:
            for part in _shared(_jobs(tasks, key), workers):
                for file in part.found:
                    del missing[file]
                yield part
        jobs = _jobs(list(missing.values()), key)
        yield from scanned(jobs, range(len(jobs.tickets)))


def cores() -> int:
    """Return how many cores this process may use."""
    with suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _without_gc() -> Iterator[None]:
    """Rows hold no cycles: looking for some takes longer than reading them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _jobs(tasks: Sequence[Task], key: bytes) -> Jobs:
    """Pack tasks into tickets of about one size, the largest files first."""
    most = max(_TICKET, sum(task.left for task in tasks) // _MOST)
    tickets: list[list[int]] = []
    room = 0
    for i in sorted(range(len(tasks)), key=lambda i: tasks[i].left, reverse=True):
        if not tickets or tasks[i].left > room or len(tickets[-1]) == _FILES:
            tickets.append([])
            room = most
        tickets[-1].append(i)
        room -= tasks[i].left
    return Jobs(key, list(tasks), tickets)


def _shared(jobs: Jobs, workers: int) -> Iterator[Part]:
    """Scan with workers: hand on what they send, and draw tickets in between."""
    results: queue.Queue[bytes | None] = queue.Queue(2 * workers)
    decode = msgspec.msgpack.Decoder(Part).decode
    with _started(jobs, workers, results) as tickets:
        for own in scanned(jobs, drawn(tickets)):
            yield own
            while not results.empty():
                if (data := results.get()) is None:
                    workers -= 1
                else:
                    yield decode(data)
        while workers:
            if (data := results.get()) is None:
                workers -= 1
            else:
                yield decode(data)


@contextmanager
def _started(jobs: Jobs, workers: int, results: queue.Queue[bytes | None]) -> Iterator[int]:
    """Start workers whose parts come into a queue; give the pipe to draw tickets from."""
    tickets, fill = os.pipe()
    with tempfile.TemporaryFile() as file:
        file.write(msgspec.msgpack.encode(jobs))
        file.flush()
        os.write(fill, b"".join(n.to_bytes(4, "big") for n in range(len(jobs.tickets))))
        os.close(fill)
        given = [str(file.fileno()), str(tickets), *_folders()]
        started: list[subprocess.Popen[bytes]] = []
        with suppress(OSError):  # no more processes: those there are do it
            while len(started) < workers:
                worker = subprocess.Popen(
                    [sys.executable, "-I", "-S", "-c", _WORKER, *given],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,  # what fails there fails again here, and says so
                    pass_fds=(file.fileno(), tickets),
                )
                started.append(worker)
    for _ in range(workers - len(started)):
        results.put(None)
    readers = [threading.Thread(target=_collect, args=(w.stdout, results)) for w in started]
    try:
        for reader in readers:
            reader.start()
        yield tickets
    finally:
        os.close(tickets)
        for worker in started:
            worker.kill()
        for reader in readers:
            while reader.is_alive():
                with suppress(queue.Empty):  # a reader may wait until there is room
                    results.get(timeout=0.01)
        for worker in started:
            worker.wait()


def _folders() -> list[str]:
    """Return where a worker imports from: the folders of this package and of its decoder."""
    return [str(Path(__file__).parents[2]), str(Path(msgspec.__file__).parents[1])]


def _collect(stream: IO[bytes], results: queue.Queue[bytes | None]) -> None:
    """Put each part that a worker sends whole into the queue, and nothing at its end."""
    try:
        with stream:
            while len(head := stream.read(8)) == 8:
                size = int.from_bytes(head, "big")
                data = stream.read(size)
                if len(data) < size:
                    break
                results.put(data)
    finally:
        results.put(None)
