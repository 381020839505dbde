"""However a report ends, what is shown is the whole old one or the whole new one.

A kill point is one SIGKILL to every process of a run at a moment drawn at random. Some hit
`publish` alone, which takes milliseconds; others a whole `make report` of two small notebooks,
half of them while it renders and publishes. Death of the machine is not tried, only that files
are brought to the disk before a name leads to them.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress

import nbformat
import pytest
from conftest import require
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from trees import copied, surroundings, with_environment

from analysis.paths import ROOT
from analysis.report import publish
from analysis.report.publish import differences

#: Publishes two builds in turns for as long as it lives.
PUBLISHER = """
import sys
from pathlib import Path
from analysis.report.publish import publish
old, new, target = map(Path, sys.argv[1:])
publish(new, target)
print("ready", flush=True)
while True:
    publish(old, target)
    publish(new, target)
"""

PARAMETERS = """
dataset: str = "sample"  # which logs
since: str = ""  # first day, inclusive
until: str = ""  # last day, inclusive
timezone: str = "UTC"  # whose days
price_date: str = ""  # whose list
policy: str = "largest"  # which copy counts
"""
TABLE = """
from analysis import load
from analysis.report.figures import table
table(load(dataset).requests.select("input_tokens").head(3), "tab-{word}-first", "The first three.")
"""


def build(folder, text, files=8):
    """Write a build of some files, all of which say the same."""
    (folder / "tables").mkdir(parents=True)
    names = ["index.html", *(f"tables/tab-{n}.csv" for n in range(files))]
    for name in names:
        (folder / name).write_text(text)
    digests = {name: publish.sha256(text.encode()) for name in names}
    (folder / "manifest.json").write_text(json.dumps({"files": digests}))
    return folder


def killed(process):
    """Kill a whole process group, and wait until it is gone."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_a_kill_while_publishing_leaves_one_whole_report(tmp_path):
    old, new = build(tmp_path / "old", "old"), build(tmp_path / "new", "new")
    target = tmp_path / "reports" / "mine"
    publish.publish(old, target)
    chance = random.Random(8)
    command = [sys.executable, "-c", PUBLISHER, str(old), str(new), str(target)]
    seen = []
    for _ in range(20):
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True, text=True
        )
        process.stdout.readline()
        time.sleep(chance.uniform(0, 0.1))
        killed(process)
        process.stdout.close()
        assert differences(target) == []
        seen.append((target / "index.html").read_text())
    assert {*seen} == {"old", "new"}
    publish.publish(new, target)
    assert (target / "index.html").read_text() == "new"
    assert len([p for p in (target.parent / ".builds").iterdir() if p.is_dir()]) == 1


def chapter(tree, stem, said):
    """Write a small notebook that says something and has a table."""
    first = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    word = stem.partition("-")[2]
    cells = [
        new_markdown_cell(f"# What is {said}?"),
        first,
        new_code_cell(TABLE.format(word=word)),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    node = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    for number, cell in enumerate(node.cells):
        cell.id = f"{stem}-{number}"
    nbformat.write(node, tree / "notebooks" / f"{stem}.ipynb")


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the project with two notebooks and the report of one log."""
    tree = with_environment(copied(tmp_path_factory.mktemp("kills") / "tree"))
    for notebook in (tree / "notebooks").glob("[0-9]*.ipynb"):
        notebook.unlink()
    chapter(tree, "01-one", "the first round")
    chapter(tree, "02-two", "the same")
    logs = tree / "data" / "raw" / "sample" / "projects"
    for more in sorted(logs.rglob("*.jsonl"))[1:]:
        more.unlink()
    made(tree, "the first round")
    return tree


def made(tree, said):
    """Let `make report` end well, and look at what it shows."""
    process = start(tree)
    _, told = process.communicate()
    assert process.returncode == 0, told
    assert shown(tree) == said


def start(tree, *words, **env):
    command = ["make", "report", *words]
    return subprocess.Popen(
        command,
        cwd=tree,
        env=surroundings(**env),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )


def shown(tree):
    """Return what the first chapter of the page says, once every file of it is there."""
    assert differences(tree / "reports" / "sample") == []
    page = (tree / "reports" / "sample" / "index.html").read_text()
    return page.split("What is ")[1].split("?")[0]


def survive(tree, kills, *, repaired):
    """Kill `make report` at so many moments; look at the report after each of them."""
    chance = random.Random(8)
    page = tree / "build" / "sample" / ".page"
    begun = time.monotonic()
    chapter(tree, "01-one", "round 0")
    made(tree, "round 0")
    whole = time.monotonic() - begun
    old, said, stopped = "round 0", "round 0", 0
    for number in range(kills):
        if old == said:
            said = f"round {number + 1}"
            chapter(tree, "01-one", said)
        process = start(tree)
        if number % 2:
            while not page.exists() and process.poll() is None:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, whole / 2))
        else:
            time.sleep(chance.uniform(0, whole))
        stopped += process.poll() is None
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert shown(tree) in (old, said)
        if repaired:
            made(tree, said)
        old = shown(tree)
    made(tree, said)
    assert not page.exists()
    assert not [p for p in (tree / "build/sample").iterdir() if "running" in p.name]
    assert len([p for p in (tree / "reports/.builds").iterdir() if p.is_dir()]) == 1
    return stopped


@pytest.mark.long
def test_a_kill_at_some_moments(tree):
    assert survive(tree, 8, repaired=False) >= 4


@pytest.mark.long
@pytest.mark.exhaustive
def test_a_kill_at_two_hundred_moments(tree):
    assert survive(tree, 200, repaired=True) >= 120


ENDS = {
    "import sys; sys.exit(0)": {},
    "import os; os._exit(0)": {},
    "import os, signal; os.kill(os.getppid(), signal.SIGKILL)": {},
    "undefined": {},
    "while True: pass": {"CELL_TIMEOUT": "3"},
}


@pytest.mark.long
def test_whatever_a_cell_does_the_old_report_stays_and_the_next_run_repairs_it(tree):
    old = shown(tree)
    for source, env in ENDS.items():
        chapter(tree, "01-one", "bad")
        path = tree / "notebooks" / "01-one.ipynb"
        node = nbformat.read(path, as_version=4)
        node.cells.insert(2, new_code_cell(source, id="bad"))
        nbformat.write(node, path)
        process = start(tree, **env)
        _, said = process.communicate()
        assert process.returncode, source
        assert "Traceback" not in said
        assert shown(tree) == old, source
    again = start(tree, CELL_TIMEOUT="3")  # a second time it is no success either
    again.communicate()
    assert again.returncode
    chapter(tree, "01-one", "good")
    made(tree, "good")


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_ends_its_kernels(tree, how):
    old = shown(tree)
    chapter(tree, "01-one", "slow")
    path = tree / "notebooks" / "01-one.ipynb"
    node = nbformat.read(path, as_version=4)
    mark = tree / f"kernel-{how}"
    source = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    node.cells.insert(2, new_code_cell(source, id="slow"))
    nbformat.write(node, path)
    process = start(tree)
    while not (mark.exists() and mark.read_text()):
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, how)
    _, said = process.communicate()
    assert process.returncode
    assert "Traceback" not in said
    for _ in range(100):
        if not os.path.exists(f"/proc/{mark.read_text()}"):
            break
        time.sleep(0.05)
    else:
        pytest.fail("the kernel lives on")
    assert shown(tree) == old


#: Publishes into a file system with so many kilobytes left, which only this process sees.
FULL = """
import os, subprocess, sys
from pathlib import Path
from analysis.report.publish import differences, publish
old, new, place = map(Path, sys.argv[1:4])
for left in map(int, sys.argv[4:]):
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], check=True)
    target = place / "reports" / "mine"
    publish(old, target)
    room = os.statvfs(place)
    (place / "filler").write_bytes(bytes(room.f_bavail * room.f_frsize - left * 1024))
    try:
        publish(new, target)
        ended = "done"
    except OSError as error:
        ended = error.strerror
    shown = (target / "index.html").read_text()[:3]
    assert differences(target) == [], differences(target)
    assert (ended, shown) in (("done", "new"), ("No space left on device", "old")), (ended, shown)
    (place / "filler").unlink()
    publish(new, target)
    assert differences(target) == [] and (target / "index.html").read_text()[:3] == "new"
    assert len([p for p in (place / "reports/.builds").iterdir() if p.is_dir()]) == 1
    print(ended)
    subprocess.run(["umount", place], check=True)
"""


def alone():
    """Return the start of a command that may mount a file system of its own."""
    unshare = shutil.which("unshare")
    command = [unshare or "unshare", "--map-root-user", "--mount"]
    tried = unshare and subprocess.run([*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"])
    require("namespace", bool(tried and not tried.returncode), "no file system can be mounted here")
    return command


def test_a_full_disk_at_twenty_sizes_leaves_one_whole_report(tmp_path):
    old, new = build(tmp_path / "old", "old" * 20_000), build(tmp_path / "new", "new" * 20_000)
    (tmp_path / "full").mkdir()
    sizes = [str(n) for n in range(0, 1000, 50)]
    command = [*alone(), sys.executable, "-c", FULL, *map(str, (old, new, tmp_path / "full"))]
    done = subprocess.run([*command, *sizes], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    ended = done.stdout.splitlines()
    assert len(ended) == 20
    assert {*ended} == {"done", "No space left on device"}
