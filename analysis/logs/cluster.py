"""Partitions on a Dask cluster, which no other module imports.

What dies is done again, what is late is done twice, and nothing is waited for without end.
"""

from __future__ import annotations

import logging
import os
import queue
import re
import sys
import time
import uuid
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from analysis import errors
from analysis.logs import partial, places, shelf
from analysis.logs.fleet import FleetError
from analysis.logs.partial import Partition

if TYPE_CHECKING:
    import pyarrow as pa

#: Seconds that a scheduler may be gone, and that there may be no worker.
PATIENCE = 30.0

#: How often a partition is tried, and how many may fail before any succeeds.
TRIES, HOPELESS = 3, 4

#: A partition is late when it takes so many times the longest so far, and so many seconds: another
#: worker reads it as well. Whoever is first has written the same bytes as the other will.
LATE, LATE_SECONDS = 5.0, 20.0

#: Seconds without any partition after which a cluster is given up.
STUCK = 1_800.0

#: Partitions that a scheduler knows of at a time: it keeps them in memory.
WAITING = 4_096

_TICK = 1.0  # seconds between two looks at the cluster

_GOES_ON = "the same command goes on with the others"


@contextmanager
def connected(cluster: Any) -> Iterator[Any]:
    """Give a client of a cluster: one that is there, or one of workers that live as long as this.

    Raises
    ------
    FleetError
        When there is none at the address.
    """
    if not isinstance(cluster, str):
        yield cluster
        return
    from distributed import Client, LocalCluster

    if here := re.fullmatch(r"local:([1-9]\d{0,3})", cluster):
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            workers = LocalCluster(
                n_workers=int(here[1]),
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                security=True,  # or whoever works on this machine could use it
                silence_logs=logging.CRITICAL,
            )
        except RuntimeError:  # each worker runs the script that starts it, up to this guard
            raise FleetError(
                "no worker could be started: in a script, call load(...) below "
                'if __name__ == "__main__":'
            ) from None
        with workers, Client(workers, timeout=PATIENCE) as client:
            yield client
        return
    if not places.is_address(cluster):
        raise FleetError(
            f"CLUSTER={cluster!r}: write local:4 for workers on this machine, or the address of a "
            "scheduler, such as tcp://host:8786"
        )
    try:
        client = Client(cluster, timeout=PATIENCE)
    except (OSError, ValueError):
        raise FleetError(
            f"no scheduler answers at {cluster}: start one with `dask scheduler`, or "
            "CLUSTER=local:4 for workers on this machine"
        ) from None
    with client:
        yield client


def read_there(partition: Partition, place: str) -> float:
    """Write a partial, as a worker, and return in how many seconds.

    An error that comes back says no more than the terminal may.
    """
    begun = time.monotonic()
    try:
        partial.write_part(partition, place)
        return time.monotonic() - begun
    except Exception as error:
        if errors.is_ours(error):
            raise
        raise FleetError(f"stopped by {type(error).__name__}") from None


class Run:
    """Partitions that a cluster reads."""

    def __init__(self, client: Any, place: str) -> None:
        self._client = client
        self._place = place
        self._done: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._futures: dict[str, list[Any]] = {}  # those that may still bring it, by partition
        self._failures: Counter[str] = Counter()
        self._known: dict[str, Partition] = {}
        self._longest = 0.0  # seconds that a worker took for one
        self._moved = time.monotonic()  # when a partition last came
        self._failed: dict[str, str] = {}  # why, by partition
        self._came = 0
        self._late: set[str] = set()
        self._blind: dict[str, str] = {}  # what a worker could not read

    def tables(self, partitions: Sequence[Partition]) -> Generator[pa.Table]:
        """Yield each partition's table as it comes: those first that an earlier run has left.

        Raises
        ------
        FleetError
            When the cluster is gone, or when all others came and some partitions could not be read.
        """
        there = shelf.found(self._place)
        left = [part for part in partitions if part.name in there]
        try:
            yield from self._run([part for part in partitions if part.name not in there], left)
        finally:
            for futures in self._futures.values():
                for future in futures:
                    future.release()

    def _run(self, missing: list[Partition], left: list[Partition]) -> Iterator[pa.Table]:
        rest = iter(missing)
        for part in islice(rest, WAITING):
            self._submit(part)
        self._show()
        if left:
            sys.stderr.write(
                f"going on   {len(left):,} of {len(left) + len(missing):,} partitions are there\n"
            )
        for part in left:  # by an earlier run, while workers do the others
            if (table := self._whole(part)) is None:
                self._submit(part)
            else:
                self._came += 1
                yield table
        while self._known:
            name, future = self._next()
            if name not in self._known or future not in self._futures[name]:
                continue  # its twin was first
            if (table := self._taken(name, future)) is not None:
                yield table
            if name not in self._known and (following := next(rest, None)) is not None:
                self._submit(following)
        if self._failed:
            self._stop()

    def _submit(self, part: Partition, **where: Any) -> None:
        key = f"{part.name}-{uuid.uuid4().hex}"  # to one that it knows it says what it knows
        future = self._client.submit(read_there, part, self._place, key=key, pure=False, **where)
        self._known[part.name] = part
        self._futures.setdefault(part.name, []).append(future)
        future.add_done_callback(lambda done, name=part.name: self._done.put((name, done)))

    def _next(self) -> tuple[str, Any]:
        """Return what ended next; look after the cluster meanwhile."""
        alone = 0.0
        while True:
            try:
                return self._done.get(timeout=_TICK)
            except queue.Empty:
                if self._alone():
                    self._wait("no worker is there", first=not alone)
                    alone += _TICK
                else:
                    alone = 0.0
                if alone >= PATIENCE:
                    self._gone(f"there was no worker for {PATIENCE:.0f} s")
                self._twin_late()

    def _alone(self) -> bool:
        """Return whether no worker is there; wait for a scheduler that is being restarted."""
        self._reach()
        try:
            return not self._client.nthreads()
        except (OSError, TimeoutError, ValueError, RuntimeError):  # it goes just now
            return True

    def _reach(self) -> None:
        until = time.monotonic() + PATIENCE
        self._wait("the scheduler does not answer", first=self._client.status != "running")
        while self._client.status != "running":
            if self._client.status in ("closed", "closing") or time.monotonic() > until:
                self._gone("its scheduler does not answer any more")
            time.sleep(0.1)

    def _wait(self, why: str, *, first: bool) -> None:
        if first:
            sys.stderr.write(f"waiting    {PATIENCE:.0f} s: {why}\n")

    def _twin_late(self) -> None:
        """Let workers that have nothing to do read what takes far longer than anything did."""
        now = time.monotonic()
        late = max(LATE * self._longest, LATE_SECONDS)
        if now - self._moved < late:
            return
        if now - self._moved > max(STUCK, 2 * late):
            self._gone(f"no partition came for {(now - self._moved) / 60:.0f} minutes")
        with suppress(OSError, TimeoutError, ValueError, RuntimeError):  # it goes just now
            idle = [w for w, keys in self._client.processing().items() if not keys]
            waiting = (name for name in self._known if name not in self._late)
            for name, _ in zip([*waiting], idle, strict=False):
                self._late.add(name)
                self._submit(self._known[name], workers=idle, allow_other_workers=True)

    def _taken(self, name: str, future: Any) -> pa.Table | None:
        """Return the table that a future has brought; see to it that it is tried again if none."""
        why, tries = "", TRIES
        if future.status == "finished":
            table = self._whole(self._known[name])
            if table is not None:
                with suppress(Exception):  # a worker that died since has taken it along
                    self._longest = max(self._longest, future.result(timeout=_TICK))
                self._forget(name)
                self._came += 1
                return table
            why = self._blind.get(name) or (
                f"a worker wrote to {self._place}, and nothing whole is there for this machine: "
                "name a folder or an address that all machines share with PARTIALS="
            )
        elif future.status == "error":
            why, tries = _why(future)
        else:  # the scheduler was gone, and has forgotten it
            self._reach()
        self._futures[name].remove(future)
        if self._futures[name]:  # its twin may bring it
            return None
        self._failures[name] += bool(why)
        if self._failures[name] < tries:
            self._submit(self._known[name])
            return None
        self._failed[name] = why
        self._forget(name)
        if len(self._failed) >= HOPELESS and not self._came:
            self._stop()
        return None

    def _whole(self, part: Partition) -> pa.Table | None:
        """Return the table of a partial that can be believed: whole, and read by who could."""
        table = shelf.read(part.name, self._place)
        if table is None:
            return None
        skipped = table.column("skipped").to_pylist()
        if any(
            said == "unreadable" and task.skipped is None and os.access(task.path, os.R_OK)
            for said, task in zip(skipped, part.tasks, strict=True)
        ):
            shelf.forget(part.name, self._place)
            self._blind[part.name] = (
                "the workers cannot read logs that this machine can: put them where all machines "
                "have them under one path, or give LOGS= an address such as s3://bucket/logs"
            )
            return None
        return table

    def _forget(self, name: str) -> None:
        self._moved = time.monotonic()
        del self._known[name]
        for future in self._futures.pop(name):
            future.release()

    def _stop(self) -> None:
        why = Counter(self._failed.values()).most_common(1)[0][0]
        whole = self._came + len(self._failed) + len(self._known)
        raise FleetError(
            f"{len(self._failed):,} of {whole:,} partitions could not be read in {TRIES} tries: "
            f"{why}. {self._came:,} are done and kept; {_GOES_ON}"
        )

    def _gone(self, why: str) -> None:
        raise FleetError(
            f"the cluster is gone: {why}. {self._came:,} partitions are done and kept; {_GOES_ON}"
        )

    def _show(self) -> None:
        """Say where the dashboard is; in a notebook, show Dask's bar."""
        if sys.stderr.isatty() and (link := self._client.dashboard_link):
            sys.stderr.write(f"dashboard  {link}\n")
        from distributed.utils import is_kernel

        if is_kernel():
            from distributed import progress
            from IPython.display import display

            futures = [future for futures in self._futures.values() for future in futures]
            display(progress(futures, notebook=True))  # type: ignore[no-untyped-call]


def _why(future: Any) -> tuple[str, int]:
    """Return what the terminal may say of why a partition was not read, and when it is given up."""
    error: BaseException = FleetError()
    with suppress(Exception):  # where the scheduler goes just now
        error = future.exception(timeout=_TICK)
    if type(error).__name__ == "KilledWorker":  # Dask has tried it on others
        return "each worker that read it died, as one does without enough memory", 1
    said = f"{error}" if errors.is_ours(error) else f"stopped by {type(error).__name__}"
    return f"on a worker, {said}", TRIES
