"""The same logs give the same bytes, wherever, whenever and by whomever the report is made.

The clock is moved by libfaketime where that is installed, else by a module that Python imports at
its start, which moves what Python tells of the time.
"""

import os
import shutil
import subprocess
import sys

import pytest
from conftest import TEAM, hand_over
from trees import copied, surroundings

from analysis.logs.batches import STORED

#: Moves the clock of Python by so many days.
LATER = """
import datetime, time
SECONDS = 40 * 86_400
told = {name: getattr(time, name) for name in ("time", "gmtime", "localtime", "time_ns")}
time.time = lambda: told["time"]() + SECONDS
time.time_ns = lambda: told["time_ns"]() + SECONDS * 10**9
time.gmtime = lambda seconds=None: told["gmtime"](time.time() if seconds is None else seconds)
time.localtime = lambda seconds=None: told["localtime"](time.time() if seconds is None else seconds)

class Moved(type(datetime.datetime)):
    def __instancecheck__(cls, other):
        return isinstance(other, real)

real = datetime.datetime

class Later(real, metaclass=Moved):
    @classmethod
    def now(cls, tz=None):
        return real.fromtimestamp(time.time(), tz)

    @classmethod
    def utcnow(cls):
        return real.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)

datetime.datetime = Later
"""

#: What is different about the second build.
CHANGES = {
    "home": {"HOME": "{place}/another home"},
    "zone": {"TZ": "Asia/Tokyo"},
    "language": {"LANG": "de_DE.UTF-8", "LC_ALL": "C", "LANGUAGE": "de"},
    "threads": {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "3", "OPENBLAS_NUM_THREADS": "3"},
    "hashes": {"PYTHONHASHSEED": "4711"},
    "clock": {"PYTHONPATH": "{place}/later"},
    "kernels": {"FRESH_KERNELS": "yes"},  # of each notebook its own, in place of forks
    "folder": {},
}


def rebuild(built, place, changes):
    """Make the report of the same logs again, with some of its surroundings changed."""
    (place / "later").mkdir()
    (place / "later" / "sitecustomize.py").write_text(LATER)
    own = {k: v.format(place=place) for name in changes for k, v in CHANGES[name].items()}
    faketime = shutil.which("faketime") if "clock" in changes else None
    if faketime:
        del own["PYTHONPATH"]
    words = [faketime, "-f", "+40d"] if faketime else []
    root = copied(place / "elsewhere") if "folder" in changes else None
    command = [*words, sys.executable, "-m", "analysis", "report", "--name", "toy"]
    hand_over(place / "out")
    done = subprocess.run(
        [*command, "--logs", str(built[0] / "logs"), f"team={TEAM}"],
        cwd=root,
        env=surroundings(**own) | {"CACHE_MARGIN_OUT": str(place / "out")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return place / "out"


def published(out):
    """Return all there is of a report: the page, notebooks and tables, each with its bytes."""
    report = out / "reports" / "toy"
    stored = [p for table in STORED for p in out.glob(f"data/processed/toy/*/{table}.parquet")]
    files = [*report.rglob("*"), *out.glob("build/toy/[0-9]*.ipynb"), *stored]
    found = {p: p.relative_to(report if report in p.parents else out) for p in files}
    return {str(name): p.read_bytes() for p, name in found.items() if p.is_file()}


def compare(built, place, changes):
    first, second = published(built[0]), published(rebuild(built, place, changes))
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    kinds = {os.path.splitext(name)[1] for name in first}
    assert {".html", ".svg", ".csv", ".json", ".ipynb", ".parquet"} <= kinds


@pytest.mark.long
def test_a_second_build_with_all_surroundings_changed_is_the_same_to_the_byte(built, tmp_path):
    compare(built, tmp_path, CHANGES)


@pytest.mark.long
@pytest.mark.exhaustive
@pytest.mark.parametrize("change", CHANGES)
def test_a_second_build_with_one_thing_changed_is_the_same_to_the_byte(built, tmp_path, change):
    compare(built, tmp_path, [change])
