"""Another tool's totals on the same logs: ccusage, an independent reader in another language."""

import json
import os
import platform
import shutil
import subprocess

import pytest
from conftest import require

from analysis.logs import store
from analysis.paths import SAMPLE

PACKAGE = "@ccusage/ccusage-linux-x64@20.0.24"


@pytest.fixture(scope="module")
def ccusage(tmp_path_factory):
    """Install ccusage in a folder of its own; return a function that runs it on some logs."""
    npm = shutil.which("npm")
    require("node", npm is not None, "npm is not installed")
    require("node", platform.machine() == "x86_64", "ccusage is packaged for x86-64")
    home = tmp_path_factory.mktemp("ccusage")
    command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(home), PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True, cwd=home)
    require("node", done.returncode == 0, "the npm registry is out of reach")
    (binary,) = home.glob("node_modules/@ccusage/*/bin/ccusage")
    binary.chmod(0o755)

    def run(logs):
        env = os.environ | {"HOME": str(home), "CLAUDE_CONFIG_DIR": str(logs)}
        words = [str(binary), "daily", "--json", "--offline", "--timezone", "UTC"]
        return json.loads(subprocess.check_output(words, env=env))

    return run


def test_the_sample_is_counted_alike_to_the_token_and_the_cent(ccusage, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "private")
    store.load_logs("sample", str(SAMPLE))
    ours, theirs = store.read("sample").priced(), ccusage(SAMPLE)["totals"]
    assert ours["input_tokens"].sum() == theirs["inputTokens"]
    assert ours["output_tokens"].sum() == theirs["outputTokens"]
    assert ours["write_tokens"].sum() == theirs["cacheCreationTokens"]
    assert ours["read_tokens"].sum() == theirs["cacheReadTokens"]
    assert ours["total_nano"].sum() / 1e9 == pytest.approx(theirs["totalCost"], abs=1e-6)
