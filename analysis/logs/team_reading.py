"""Files that came for a team, decoded where they can do no harm: in processes with little room.

A decoder allocates what a page says that it unpacks to, and may stumble over what no other file
has. So each file is read in a process whose memory is bounded and whose time is; where that dies,
the file is refused and the next one is read in another. One process reads many files, since it
takes a third of a second to start.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from analysis.logs import spool, team_file
from analysis.logs.team_footer import UnsoundError
from analysis.logs.team_rules import newest
from analysis.logs.workers import cores

#: Address space of a process, in bytes, and seconds that it has for a file.
ROOM = 2**31
SECONDS = 120

_CHILD = (
    "import sys; sys.path += sys.argv[2:]; from analysis.logs.team_reading import work;"
    "work(int(sys.argv[1]))"
)
_LEAN = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}


class Read(NamedTuple):
    """What became of a file: its rows, or the rule that it breaks."""

    rows: int
    fault: str = ""


def read_all(paths: Sequence[Path], to: Path) -> list[Read]:
    """Check files and put their rows aside, those of the n-th in the file `n` of a folder.

    Parameters
    ----------
    paths
        The files.
    to
        A folder that is there.
    """
    lanes = min(cores(), len(paths))
    tasks = [(path, to / str(number)) for number, path in enumerate(paths)]
    with ThreadPoolExecutor(lanes) as pool:
        read = pool.map(_lane, (tasks[lane::lanes] for lane in range(lanes)))
        found = dict(pair for some in read for pair in some)
    return [found[path] for _, path in tasks]


def _lane(tasks: Sequence[tuple[Path, Path]]) -> list[tuple[Path, Read]]:
    """Read files one after the other in a process, and in another one where that died."""
    found, child = [], None
    try:
        for path, to in tasks:
            child = child or _start()
            read = _ask(child, path, to)
            if read is None:
                _end(child)
                child, read = None, Read(0, "it cannot be decoded in the room and time it has")
            if read.fault:
                to.unlink(missing_ok=True)
            found.append((to, read))
    finally:
        if child:
            _end(child)
    return found


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(ROOM), *sys.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | _LEAN,
    )


def _ask(child: subprocess.Popen[bytes], path: Path, to: Path) -> Read | None:
    """Let a process read a file; null where it dies or takes too long."""
    assert child.stdin
    assert child.stdout
    try:
        child.stdin.write(json.dumps([os.fspath(path), os.fspath(to)]).encode() + b"\n")
        child.stdin.flush()
    except BrokenPipeError:
        return None
    if not select.select([child.stdout], [], [], SECONDS)[0]:
        return None
    line = child.stdout.readline()
    return Read(*json.loads(line)) if line else None


def _end(child: subprocess.Popen[bytes]) -> None:
    with suppress(BrokenPipeError):
        child.kill()
        child.communicate()


def work(room: int) -> None:
    """Read the files that standard input names, until it ends."""
    import resource

    with suppress(ValueError, OSError):  # where a system does not bound it, time still is
        resource.setrlimit(resource.RLIMIT_AS, (room, room))
    for line in sys.stdin:
        path, to = map(Path, json.loads(line))
        sys.stdout.write(json.dumps(read_one(path, to)) + "\n")
        sys.stdout.flush()


def read_one(path: Path, to: Path) -> Read:
    """Check a file and put its rows aside, in this process."""
    count = 0
    try:
        for rows in team_file.decode(team_file.read_whole(path), newest()):
            spool.append(to, rows)
            count += len(rows)
    except UnsoundError as error:
        return Read(count, str(error))
    return Read(count)
