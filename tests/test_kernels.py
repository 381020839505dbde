"""A kernel that is a fork does what a fresh one does, and knows nothing of another notebook."""

import json
import os
import shutil
import subprocess
import sys
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis import params
from analysis.params import notebooks
from analysis.paths import ROOT
from analysis.report import run, sockets
from analysis.report.run import surroundings


def forks(out, *written, **env):
    """Run notebooks on the dataset `mine` below `out`, as `make report` does."""
    command = [sys.executable, "-m", "analysis.report.runs", "mine", *map(str, written)]
    env = os.environ | surroundings() | {"CACHE_MARGIN_OUT": str(out)} | env
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)


PANIC = """
from analysis.report import kernels, runs
def panic(*_, **__):
    raise type("PanicException", (BaseException,), {})("canary")
kernels.preload, runs._run = lambda: "", panic
print(runs.main("mine", "01.ipynb"))
"""


def test_a_worker_that_panics_says_no_content_and_ends_there(tmp_path):
    env = os.environ | {"CACHE_MARGIN_OUT": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", PANIC], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.splitlines()) == (0, ["1"])
    assert done.stderr.startswith(
        "01: stopped by __main__.PanicException at analysis/report/runs.py, line"
    )
    assert "canary" not in done.stderr
    assert "Traceback" not in done.stderr


def write(out, stem, *sources):
    """Write a notebook of some cells, with its parameters for the dataset `mine`."""
    first = new_code_cell('dataset: str = "sample"', metadata={"tags": ["parameters"]})
    cells = [first, *map(new_code_cell, sources)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(
        new_notebook(cells=cells, metadata={"kernelspec": kernel}), out / f"{stem}.ipynb"
    )
    values = out / "build" / "mine" / f"{stem}.params.json"
    values.parent.mkdir(parents=True, exist_ok=True)
    values.write_text(json.dumps({"dataset": "mine"}))
    return out / f"{stem}.ipynb"


def printed(out, stem):
    node = nbformat.read(out / "build" / "mine" / f"{stem}.ipynb", as_version=4)
    return [o.text for c in node.cells for o in c.get("outputs", [])]


#: What makes a notebook fail, and what is said of it.
FAILURES = {
    "1 / 0": "ZeroDivisionError",
    "import sys; sys.exit(0)": "did not run",
    "import os; os._exit(0)": "the kernel died",
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)": "the kernel died",
    "import ctypes; ctypes.string_at(0)": "the kernel died",
    "import warnings; warnings.warn('x')": "wrote to stderr",
    "while True: pass": "took longer than 5 s",
}


def test_whatever_fails_is_told_leaves_nothing_and_stops_no_other(tmp_path):
    bad = [write(tmp_path, f"{n:02}-bad", source) for n, source in enumerate(FAILURES)]
    good = write(tmp_path, "99-good", "print(dataset)")
    done = forks(tmp_path, *bad, good, CELL_TIMEOUT="5")
    assert done.returncode == 1
    for path, told in zip(bad, FAILURES.values(), strict=True):
        (said,) = [line for line in done.stderr.splitlines() if line.startswith(f"{path.stem}: ")]
        assert told in said
        assert not (tmp_path / "build" / "mine" / path.name).exists()
    assert "Traceback" not in done.stderr
    assert printed(tmp_path, good.stem) == ["mine\n"]
    left = nbformat.read(tmp_path / "build/mine/00-bad.running.ipynb", as_version=4)
    assert [c.source for c in left.cells][-2:-1] == ["1 / 0"]


POLLUTE = """
import builtins, os, random, matplotlib, numpy
matplotlib.rcParams["font.size"] = 99
numpy.random.seed(1), random.seed(1)
builtins.left = os.environ["LEFT"] = "here"
os.chdir("/")
"""
LOOK = """
import builtins, os, matplotlib
print(matplotlib.rcParams["font.size"], hasattr(builtins, "left"), os.environ.get("LEFT"))
print(os.getcwd())
"""


def test_a_notebook_sees_nothing_of_another(tmp_path, monkeypatch):
    written = [write(tmp_path, f"{n:02}", POLLUTE, LOOK) for n in (1, 2)]
    written += [write(tmp_path, f"{n:02}", LOOK) for n in (3, 4)]
    assert forks(tmp_path, *written).returncode == 0
    assert printed(tmp_path, "02") == ["99.0 True here\n/\n"]
    clean = f"10.0 False None\n{ROOT}\n"
    assert printed(tmp_path, "03") == printed(tmp_path, "04") == [clean]


def test_sets_have_one_order_and_no_thread_of_polars_is_forked(tmp_path):
    source = (
        "import os, sys\n"
        "print({'a', 'b', 'c'}, 'polars' in sys.modules, 'seaborn' in sys.modules)\n"
        "print(os.environ['PYTHONHASHSEED'], sys.flags.hash_randomization)"
    )
    written = write(tmp_path, "01", source)
    assert forks(tmp_path, written).returncode == 0
    said = printed(tmp_path, "01")
    assert said[0].splitlines()[0].endswith(" False True")
    assert said[0].splitlines()[1] == "0 0"
    assert forks(tmp_path, written).returncode == 0
    assert printed(tmp_path, "01") == said


def test_where_nothing_can_be_forked_kernels_are_fresh_and_it_is_said_once(tmp_path):
    written = [
        write(tmp_path, f"{n:02}", "import sys\nprint('seaborn' in sys.modules)") for n in (1, 2)
    ]
    done = forks(tmp_path, *written, FRESH_KERNELS="yes")
    said = "each notebook has a fresh kernel, which takes longer (FRESH_KERNELS asks for it)"
    assert done.stdout.count(said) == 1
    assert printed(tmp_path, "01") == printed(tmp_path, "02") == ["False\n"]


def test_a_result_is_as_old_as_the_process_that_imported_the_code(tmp_path):
    begun = time.time_ns()
    written = [write(tmp_path, f"{n:02}", "print(1)") for n in range(3)]
    assert forks(tmp_path, *written).returncode == 0
    stamps = {(tmp_path / "build" / "mine" / n.name).stat().st_mtime_ns for n in written}
    assert len(stamps) == 1
    assert begun < min(stamps) < time.time_ns()


def test_a_long_folder_for_temporary_files_and_a_long_project_have_kernels(tmp_path):
    out = tmp_path / ("long-" * 21)
    out.mkdir()
    written = write(out, "01", "import sys\nprint('seaborn' in sys.modules)")
    done = forks(out, written, TMPDIR=str(out))
    assert (done.returncode, done.stderr) == (0, "")
    assert printed(out, "01") == ["True\n"]


def test_where_no_socket_can_be_there_is_no_folder(monkeypatch):
    monkeypatch.setattr(sockets, "_fits", lambda place: False)
    with sockets.folder() as place:
        assert place is None


def test_what_a_killed_run_left_is_swept_and_what_another_holds_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.paths.BUILD", tmp_path)
    left = tmp_path / ".kernels" / "kernels-left"
    left.mkdir(parents=True)
    (left / "7.json").write_text("key")
    with sockets.folder() as one:
        assert not left.exists()
        assert one.parent == tmp_path / ".kernels"
        assert one.stat().st_mode & 0o077 == 0
        with sockets.folder() as other:
            assert one.exists()
            assert other != one
    assert [*(tmp_path / ".kernels").iterdir()] == []


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "soon"])
def test_a_timeout_that_is_none_is_refused(monkeypatch, text):
    monkeypatch.setenv("CELL_TIMEOUT", text)
    with pytest.raises(run.RunError, match=f"CELL_TIMEOUT={text}: write whole seconds"):
        run.cell_timeout()


def again(built, monkeypatch, place, stems):
    """Run notebooks of the built report in fresh kernels; return those that differ."""
    out = built[0]
    for made in ("processed", "private"):
        shutil.copytree(out / "data" / made, place / "data" / made)
    (place / "build").mkdir()
    monkeypatch.setattr(run, "BUILD", place / "build")
    monkeypatch.setattr(params, "BUILD", place / "build")
    monkeypatch.setenv("CACHE_MARGIN_OUT", str(place))
    differ = []
    for stem in stems:
        (source,) = (n for n in notebooks() if n.stem == stem)
        (place / "build" / "toy").mkdir(exist_ok=True)
        shutil.copy(out / "build" / "toy" / f"{stem}.params.json", place / "build" / "toy")
        fresh = run.execute(source, "toy").read_bytes()
        if fresh != (out / "build" / "toy" / f"{stem}.ipynb").read_bytes():
            differ.append(stem)
    return differ


def test_a_fork_gives_what_a_fresh_kernel_gives(built, monkeypatch, tmp_path):
    assert again(built, monkeypatch, tmp_path, ["00-data", "13-adoption"]) == []
