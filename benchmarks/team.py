"""Measure whether a team's memory is flat: people by the thousand, imported and summed up.

`python -m benchmarks.team --folder FOLDER` makes files of people, imports those of the first of
them into a team until it has as many requests as asked, and computes what the chapter needs: once
for each size, each step in a process of its own. It keeps the results and writes the end of
`docs/team.md`; FOLDER is used for files and teams, and what is in it then can be removed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from unittest.mock import patch

import polars as pl
import psutil
from pyarrow.parquet import read_metadata
from tqdm import tqdm

from analysis import load
from analysis.logs import store
from analysis.logs.files import replace_whole
from analysis.logs.team_file import encode
from analysis.logs.workers import cores
from analysis.synth.people import person, sizes
from benchmarks import team_page
from benchmarks.inputs import PUBLIC
from benchmarks.measure import Command, RunError, _start
from benchmarks.team_page import DAYS
from benchmarks.team_results import RESULTS, Row, read, write

SIZES = (1_000_000, 10_000_000, 50_000_000)
MEAN = 50_000  # requests of a person, in the mean
SEED = 10
_FEW = 10  # people
_MORE = 50  # of so many people, one more: some of what is drawn is of another file too
_BETWEEN_SECONDS = 0.02  # two looks at the memory; at the disk a hundred times as long
_MEBIBYTE = 2**20

#: Steps, each a process: what it runs with the files to import.
STEPS = {
    "import": "from pathlib import Path; from analysis.logs.team_import import take_in;"
    "take_in('crew', [Path(sys.argv[1])])",
    "sum": "from analysis.team import load_team; load_team('crew')",
}


def a_year() -> int:
    """Return the requests of a person-year: of a day of a project in public logs, times days.

    Raises
    ------
    RunError
        When those logs are not here.
    """
    if not PUBLIC.is_dir():
        raise RunError("the public logs are not here: they say what a day of a project has")
    with tempfile.TemporaryDirectory() as place:
        processed, private = Path(place) / "processed", Path(place) / "private"
        with patch.multiple("analysis.paths", PROCESSED=processed, PRIVATE=private):
            store.load_logs("public", str(PUBLIC))
            requests = load("public").requests
    made = requests.group_by("project", pl.col("first_seen").dt.date()).len()
    return round(float(made["len"].sum()) / made.height * DAYS)


def make(folder: Path, requests: int, mean: int) -> list[tuple[Path, int]]:
    """Write files of people, as many as have so many requests; return each with its number.

    What an earlier run has written there is used again.
    """
    to = folder / f"{requests}-{mean}-{SEED}"
    to.mkdir(parents=True, exist_ok=True)
    people = -(-requests // mean)
    wanted = sizes(people, mean, SEED) + [mean] * -(-people // _MORE)
    if len(wanted) <= _FEW:  # processes take longer to start
        return [*map(partial(_write, to), range(len(wanted)), wanted)]
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(cores(), mp_context=spawned) as pool:
        made = pool.map(partial(_write, to), range(len(wanted)), wanted)
        return [*tqdm(made, total=len(wanted), desc="people", disable=None)]


def _write(folder: Path, number: int, requests: int) -> tuple[Path, int]:
    path = folder / f"{number:06d}.parquet"
    if path.exists():
        return path, int(read_metadata(path).num_rows)
    rows = person(number, requests, SEED)
    replace_whole(path, encode(rows), 0o644)
    return path, len(rows)


def first(files: Sequence[tuple[Path, int]], requests: int) -> list[tuple[Path, int]]:
    """Return the first files that together have as many requests as asked, about.

    Examples
    --------
    >>> [rows for _, rows in first([(Path("a"), 5), (Path("b"), 9), (Path("c"), 9)], 12)]
    [5, 9]
    """
    found, held = [], 0
    for path, rows in files:
        if held >= requests:
            break
        found.append((path, rows))
        held += rows
    return found


def watched(step: str, given: Path, out: Path) -> tuple[float, float, float]:
    """Run a step; return its seconds, most memory and most disk in MiB, with its processes."""
    env = os.environ | {"CACHE_MARGIN_OUT": str(out)}
    words = [sys.executable, "-c", f"import sys; {STEPS[step]}", str(given)]
    command, peak, disk = Command(words, env=env), 0, 0.0
    with tempfile.TemporaryFile() as wrong:
        begun, looks = time.perf_counter(), 0
        process = _start(command, wrong, wrong)
        tree = psutil.Process(process.pid)
        while process.poll() is None:
            with suppress(psutil.Error):
                peak = max(peak, sum(_bytes(p) for p in [tree, *tree.children(recursive=True)]))
            if looks % 100 == 0:
                disk = max(disk, size(out))
            looks += 1
            time.sleep(_BETWEEN_SECONDS)
        took = time.perf_counter() - begun
        if process.returncode:
            wrong.seek(0)
            raise RunError(f"{step} failed: {wrong.read().decode(errors='replace')[-500:]}")
    return took, peak / _MEBIBYTE, max(disk, size(out))


def _bytes(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0


def size(folder: Path) -> float:
    """Return what is below a folder, in MiB."""
    found = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            found += path.stat().st_size if path.is_file() else 0
    return found / _MEBIBYTE


def measure(folder: Path, asked: Sequence[int], mean: int, year: int) -> list[Row]:
    """Measure each size in a folder."""
    files, rows = make(folder / "files", max(asked), mean), []
    for requests in asked:
        some, given, out = first(files, requests), folder / "given", folder / "out"
        for used in (given, out):
            shutil.rmtree(used, ignore_errors=True)
            used.mkdir()
        for path, _ in some:
            os.link(path, given / path.name)
        each = [many for _, many in some]
        counts = sum(each), len(each), max(each)
        for step in STEPS:
            took = watched(step, given, out)
            rows.append(Row(*counts, step, cores(), *took, size(given), year))
            print(f"{sum(each):,} requests, {step}: {took[0]:.1f} s, {took[1]:.0f} MiB", flush=True)
    return rows


def main(words: list[str] | None = None) -> int:
    """Measure, keep the results, write the page's end, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.team", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="for files and teams")
    parser.add_argument("--requests", type=int, nargs="+", default=SIZES)
    parser.add_argument("--mean", type=int, default=MEAN, help="requests of a person")
    parser.add_argument("--to", type=Path, help="a folder for the results, for a try")
    given = parser.parse_args(words)
    rows = measure(given.folder, given.requests, given.mean, a_year())
    results = given.to / RESULTS.name if given.to else RESULTS
    write(rows, results)
    print(team_page.section(read(results)))
    if not given.to:
        team_page.write(read())
    return 0


if __name__ == "__main__":
    sys.exit(main())
