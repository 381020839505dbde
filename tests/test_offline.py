"""A report needs no network, and asks for none."""

import shutil
import subprocess
import sys

import pytest
from conftest import require, watched
from trees import surroundings

from analysis.paths import ROOT

REPORT = [sys.executable, "-m", "analysis", "report"]

#: Brings the loopback up, which kernels talk over, in a namespace without any other interface.
LOOPBACK = """
import fcntl, os, socket, struct, sys
UP, SIOCSIFFLAGS = 0x1, 0x8914
fcntl.ioctl(socket.socket(), SIOCSIFFLAGS, struct.pack("16sh", b"lo", UP))
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def test_a_report_looks_nothing_up_and_connects_to_nothing(built):
    assert not (built[0] / "watched").exists()


def test_what_connects_is_written_down(tmp_path):
    subprocess.run(
        [sys.executable, "-c", "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"],
        env=surroundings(**watched(tmp_path)),
        check=True,
    )
    assert (tmp_path / "watched").read_text() == "socket.connect ('127.0.0.1', 9)\n"


@pytest.mark.long
@pytest.mark.exhaustive  # the report that all tests read is watched for that
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
