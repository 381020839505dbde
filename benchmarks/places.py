"""Time logs in object storage beside the same logs as files, packed and not.

`python -m benchmarks.places` serves S3's API from a process of its own on this machine, and puts
the same logs there plain, as gzip and as zstd. A round lists, fetches and scans each, and scans the
files in between, all in one process. It prints and keeps nothing.
"""

from __future__ import annotations

import argparse
import gzip
import logging
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any
from unittest.mock import patch

from analysis.logs import discover, places
from analysis.logs.discover import LogFile
from analysis.logs.scan import scan
from benchmarks.inputs import Input, available, make
from benchmarks.text import seconds, table

MEGABYTES = 100
ROUNDS = 3
FILES = "files"

_BUCKET = "measured"


def _zstd(data: bytes) -> bytes:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd.compress(data)


#: What a log is packed with, by what its name then ends with.
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": lambda data: gzip.compress(data, 6),
    ".zst": _zstd,
}


@dataclass
class Found:
    """What was measured of one way to keep logs: seconds, and those of a core in this process."""

    way: str
    bytes: int = 0
    wall: list[float] = field(default_factory=list)
    fetch: list[float] = field(default_factory=list)
    scan: list[float] = field(default_factory=list)


def _serve(pipe: Connection, logs: Mapping[str, bytes]) -> None:
    """Serve logs until told to stop; say where, and of how many requests afterwards."""
    from moto.s3.models import s3_backends
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").disabled = True
    storage: Any = s3_backends["123456789012"]["aws"]
    storage.create_bucket(_BUCKET, "us-east-1")
    for name, data in logs.items():
        for suffix, pack in PACKED.items():
            storage.put_object(_BUCKET, f"logs{suffix}/projects/{name}{suffix}", pack(data))
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    pipe.send("http://{}:{}".format(*server.get_host_and_port()))
    pipe.recv()
    server.stop()


@contextmanager
def serving(logs: Mapping[str, bytes]) -> Iterator[None]:
    """Serve logs in a process of its own, and let the environment say where."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(there, dict(logs)), daemon=True)
    process.start()
    own = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    try:
        with patch.dict(os.environ, own | {"AWS_ENDPOINT_URL": here.recv()}):
            yield
        here.send(None)
    finally:
        process.join(10)
        process.terminate()


def measured(folder: Path, rounds: int) -> list[Found]:
    """Measure the logs of a folder: as files, and behind an address packed in each way."""
    root = discover.roots(str(folder))[0]
    files = discover.log_files([root])
    logs = {log.path.relative_to(root).as_posix(): log.path.read_bytes() for log in files}
    found = [Found(FILES, sum(map(len, logs.values()))), *(Found(suffix) for suffix in PACKED)]
    with serving(logs):
        for _ in range(rounds):
            for one in found:
                _round(one, files)
    return found


def _round(one: Found, files: list[LogFile]) -> None:
    if one.way == FILES:
        one.wall.append(0.0)
        one.fetch.append(0.0)
        one.scan.append(_scanned(files))
        return
    begun, busy = perf_counter(), process_time()
    listed = places.listing(f"s3://{_BUCKET}/logs{one.way}")
    logs = places.placed(listed)
    with places.fetched([log.place for log in logs]) as here:
        one.wall.append(perf_counter() - begun)
        one.fetch.append(process_time() - busy)
        one.bytes = sum(path.stat().st_size for path in here.values())
        one.scan.append(_scanned([log._replace(path=here[log.place]) for log in logs]))


def _scanned(logs: list[LogFile]) -> float:
    busy = process_time()
    for number, log in enumerate(logs):
        scan(log, number, "project-01", b"key")
    return process_time() - busy


def said(found: list[Found]) -> str:
    """Return what was measured as a table; each time is a median, and held against files."""
    plain, files = found[0].bytes, median(found[0].scan)
    lines = []
    for one in found:
        wall, fetch, read = median(one.wall), median(one.fetch), median(one.scan)
        name = "files on this machine" if one.way == FILES else f"objects, `.jsonl{one.way}`"
        asked = [seconds(wall), seconds(fetch)] if wall else ["", ""]
        ratio = f"{(fetch + read) / files:.2f}"
        lines.append([name, f"{one.bytes / plain:.2f}", *asked, seconds(read), ratio])
    head = ["logs", "bytes, of plain", "list and fetch", "its cpu", "scan, cpu"]
    return table([*head, "cpu of both, of files'"], lines)


def main(words: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=MEGABYTES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args(words)
    wanted = Input("R" if available("R") else "S", asked.megabytes)
    with tempfile.TemporaryDirectory() as folder:
        made = make(wanted, Path(folder))
        print(f"{made.wanted.name}: {made.bytes / 1e6:,.0f} MB in {made.files:,} files\n")  # noqa: T201
        print(said(measured(made.folder, asked.rounds)))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
