"""Measure what a fleet costs beside one process, and how much memory its combine takes.

`python -m benchmarks.fleet --folder FOLDER` loads the same logs in one process, on all cores and
on two workers of Dask, cut into ever more partitions; rounds take turns. Then it resolves ever more
requests at once and in buckets, each in a process of its own. It keeps the results and writes the
end of `docs/fleet.md`.
"""

from __future__ import annotations

import argparse
import gc
import shutil
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import polars as pl

from analysis.logs import fleet, shelf, store
from analysis.logs.cluster import connected
from analysis.logs.fleet import combine, load_part, plan
from analysis.logs.partial import SIZE, write_part
from benchmarks import fleet_page
from benchmarks.fleet_results import RESULTS, Row, read, write
from benchmarks.inputs import Input, available, make
from benchmarks.measure import Command, peak_mib

MEGABYTES = 700
PARTITIONS = (100, 1_000)
ROUNDS = 5
MILLIONS = (1, 2, 4)
WORKERS = 2
_MILLION = 10**6

#: Resolve the requests of a folder's frames: all at once, or in buckets of about a million.
RESOLVE = {
    "at once": "resolve(pl.read_parquet(folder / '*.parquet'))",
    "in buckets": "all(len(resolve(rows)) for rows in by_request("
    "map(pl.read_parquet, sorted(folder.glob('*.parquet'))), place, int(sys.argv[3])))",
    "nothing": "None",
}
_IMPORTS = (
    "import sys; from pathlib import Path; import polars as pl;"
    "from analysis.logs.buckets import by_request; from analysis.logs.identity import resolve;"
    "folder, place = map(Path, sys.argv[1:3]);"
)


@contextmanager
def datasets() -> Iterator[None]:
    """Keep datasets in folders of their own for a while."""
    with tempfile.TemporaryDirectory() as place:
        processed, private = Path(place) / "processed", Path(place) / "private"
        with patch.multiple("analysis.paths", PROCESSED=processed, PRIVATE=private):
            yield


def cases(logs: str, client: Any, size: int) -> dict[str, Callable[[], int]]:
    """Return what is timed, by its name: each gives how many partitions it had."""

    def here(cores: int) -> int:
        with patch("analysis.logs.workers.cores", lambda: cores):
            store.load_logs("measured", logs)
        return 1

    def there(wanted: int) -> int:
        work = plan("measured", logs, size=wanted)
        fleet.load("measured", logs, client, size=wanted)
        return len(work.partitions)

    return {
        "one process": partial(here, 1),
        "all cores": partial(here, WORKERS),
        "64 MB": partial(there, SIZE),
        **{f"about {n:,}": partial(there, _size(logs, size, n)) for n in PARTITIONS},
    }


def _size(logs: str, size: int, wanted: int) -> int:
    """Return a size of which logs have so many partitions, or as many as they have files."""
    size //= wanted
    with datasets():
        while size > 1 and len(plan("measured", logs, size=size).partitions) < wanted:
            size = size * 9 // 10
    return max(size, 1)


def loads(logs: str, size: int, rounds: int) -> Iterator[Row]:
    """Time each case, in turns; a cluster's start is not counted."""
    taken: dict[str, list[float]] = {}
    counted: dict[str, int] = {}
    with connected(f"local:{WORKERS}") as client:
        for _ in range(rounds + 1):
            for name, load in cases(logs, client, size).items():
                gc.collect()
                with datasets():
                    begun = time.perf_counter()
                    counted[name] = load()
                    taken.setdefault(name, []).append(time.perf_counter() - begun)
    for name, all_of_it in taken.items():
        took = all_of_it[1:]  # the first warms the caches
        yield Row("load", name, counted[name], size / _MILLION, median(took), min(took), max(took))


def parts(logs: str, size: int) -> Iterator[Row]:
    """Time the steps of a fleet, one by one in this process, and weigh its partials."""
    with datasets():
        begun = time.perf_counter()
        work = plan("measured", logs)
        listed = time.perf_counter()
        place = shelf.place_of("measured", work.key)
        shelf.prepare(place)
        for part in work.partitions:
            write_part(part, place)
        made = time.perf_counter()
        weight = sum(path.stat().st_size for path in Path(place).iterdir())
        tables = (shelf.read(part.name, place) for part in work.partitions)
        done = combine(work, (table for table in tables if table is not None))
        combined = time.perf_counter()
        requests = (store.summary("measured") or {})["requests"]
        number, megabytes = len(work.partitions), size / _MILLION
    for step, seconds in (
        ("plan", listed - begun),
        ("read", made - listed),
        ("combine", combined - made),
    ):
        yield Row("step", step, number, megabytes, seconds)
    yield Row("weight", "partials", number, megabytes, weight / _MILLION)
    with datasets():
        tracemalloc.start()
        plan("measured", logs)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    yield Row("weight", "plan", number, megabytes, most / _MILLION)
    yield Row("count", "files", number, megabytes, done.files)
    yield Row("count", "requests", number, megabytes, requests)


def memory(logs: str, millions: tuple[int, ...], folder: Path) -> Iterator[Row]:
    """Weigh a process that resolves requests: at once, and in buckets."""
    with datasets():
        combine(work := plan("measured", logs), map(load_part, work.partitions))
        copies = store.read("measured").copies
    requests = copies["message_id"].n_unique()
    for many in millions:
        given, place = folder / "copies", folder / "buckets"
        shutil.rmtree(given, ignore_errors=True)
        given.mkdir(parents=True)
        tiles = -(-many * _MILLION // requests)
        for tile in range(tiles):
            again = pl.col("message_id") + f"x{tile}"
            copies.with_columns(again).write_parquet(given / f"{tile:06d}.parquet")
        for how, code in RESOLVE.items():
            place.mkdir(exist_ok=True)
            words = [sys.executable, "-c", _IMPORTS + code, str(given), str(place), str(many)]
            yield Row("memory", how, tiles, tiles * requests / _MILLION, peak_mib(Command(words)))
            shutil.rmtree(place)
        shutil.rmtree(given)


def main(words: list[str] | None = None) -> int:
    """Measure, keep the results, write the page's end, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fleet", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="for logs")
    parser.add_argument("--megabytes", type=int, default=MEGABYTES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--millions", type=int, nargs="+", default=MILLIONS)
    parser.add_argument("--to", type=Path, help="a folder for the results, for a try")
    given = parser.parse_args(words)
    made = make(Input("R" if available("R") else "S", given.megabytes), given.folder)
    logs = str(made.folder)
    rows = [*loads(logs, made.bytes, given.rounds), *parts(logs, made.bytes)]
    rows += memory(logs, tuple(given.millions), given.folder)
    results = given.to / RESULTS.name if given.to else RESULTS
    write(rows, results)
    print(fleet_page.section(read(results)))
    if not given.to:
        fleet_page.write(read())
    return 0


if __name__ == "__main__":
    sys.exit(main())
