"""A report needs no network, and asks for none."""

import shutil
import subprocess
import sys

import pytest
from conftest import require
from trees import surroundings

from analysis.paths import ROOT

REPORT = [sys.executable, "-m", "analysis", "report"]

#: Writes down what any Python of the run looks up or connects to, kernels included.
WATCH = """
import os, sys

def watch(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        with open(os.environ["WATCHED"], "a") as log:
            log.write(f"{event} {args[-1] if event == 'socket.connect' else args[0]!r}\\n")

sys.addaudithook(watch)
"""

#: Brings the loopback up, which kernels talk over, in a namespace without any other interface.
LOOPBACK = """
import fcntl, os, socket, struct, sys
UP, SIOCSIFFLAGS = 0x1, 0x8914
fcntl.ioctl(socket.socket(), SIOCSIFFLAGS, struct.pack("16sh", b"lo", UP))
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


@pytest.mark.long
def test_a_report_looks_nothing_up_and_connects_to_nothing(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    log = tmp_path / "watched"
    env = surroundings(
        PYTHONPATH=str(tmp_path), WATCHED=str(log), CACHE_MARGIN_OUT=str(tmp_path / "out")
    )
    subprocess.run(
        [sys.executable, "-c", "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"],
        env=env,
        check=True,
    )
    known = "socket.connect ('127.0.0.1', 9)\n"
    assert log.read_text() == known  # it watches
    done = subprocess.run(REPORT, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert log.read_text() == known


@pytest.mark.long
@pytest.mark.exhaustive  # the test before watches every look-up and connection
def test_a_report_is_made_where_there_is_no_network(tmp_path):
    alone = [shutil.which("unshare") or "unshare", "--map-root-user", "--net"]
    require("namespace", _works([*alone, "true"]), "no network namespace can be made here")
    env = surroundings(CACHE_MARGIN_OUT=str(tmp_path / "out"))
    command = [*alone, sys.executable, "-c", LOOPBACK, *REPORT[1:]]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/reports/sample/index.html").stat().st_size > 100_000


def _works(command):
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False
