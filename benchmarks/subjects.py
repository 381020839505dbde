"""What is measured: ours, our previous release, the rivals, and reading alone."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

from analysis.paths import ROOT
from benchmarks import snippets
from benchmarks.measure import Command, timed
from benchmarks.rivals import CCUSAGE, TOKSCALE, Rival, install

PREVIOUS = "813ae65"  # the commit of the release before this one


#: What one process does with logs, each with all before it.
STEPS = ("read", "split", "decode", "scan")


@dataclass(frozen=True)
class Subject:
    """A tool in one case: how to run it on logs, with a folder of its own for what it keeps.

    `absent` says why it cannot be measured here.
    """

    tool: str
    case: str
    version: str
    command: Callable[[Path, Path], Command]
    absent: str = ""


def subjects(folder: Path) -> list[Subject]:
    """Return all subjects in the order of a round; what they need is installed under `folder`."""
    return [
        *_ours("ours", _version(), ROOT),
        Subject("ours", "start", _version(), partial(_python, ROOT, snippets.START)),
        *(Subject("ours", step, _version(), partial(_step, step)) for step in STEPS),
        Subject("ours", "import", _version(), partial(_python, ROOT, snippets.IMPORT, inner=True)),
        *_previous(folder / f"release-{PREVIOUS}"),
        *_rival(CCUSAGE, folder / "rivals", {"cold": _ccusage}),
        *_rival(TOKSCALE, folder / "rivals", {"cold": _tokscale_cold, "warm": _tokscale_warm}),
        Subject("wc -l", "every core", "", _read),
    ]


def _ours(tool: str, version: str, tree: Path, absent: str = "") -> list[Subject]:
    summary = ["-m", "analysis", "load", "--name", "bench", "--logs"]
    kernel, more = ["-c", snippets.LOAD_IN_KERNEL], ("requests",)
    commands = {
        "cold": partial(_cold, tree, snippets.LOAD, inner=False),
        "cold in a kernel": partial(_cold, tree, snippets.LOAD_IN_KERNEL, inner=True),
        "warm summary": partial(_warm, tree, summary, inner=False),
        "warm in a kernel": partial(_warm, tree, kernel, inner=True),
        "warm in a kernel, to requests": partial(_warm, tree, kernel, inner=True, more=more),
    }
    return [Subject(tool, case, version, command, absent) for case, command in commands.items()]


def _previous(folder: Path) -> list[Subject]:
    """Return what is measured of the previous release: it takes long, so no more than it must."""
    ours = _ours("previous release", PREVIOUS, *_release(folder))
    return [subject for subject in ours if subject.case in ("cold", "warm summary")]


def _python(tree: Path, code: str, logs: Path, own: Path, *, inner: bool = False) -> Command:
    return Command([sys.executable, "-c", code], tree, _env(own), times_itself=inner)


def _step(step: str, logs: Path, own: Path) -> Command:
    return Command([sys.executable, "-c", snippets.STEP, step, str(logs)], ROOT, _env(own))


def _cold(tree: Path, code: str, logs: Path, own: Path, *, inner: bool) -> Command:
    words = [sys.executable, "-c", code, str(logs)]
    return Command(words, tree, _env(own), partial(_forget, own), inner)


def _warm(
    tree: Path,
    words: list[str],
    logs: Path,
    own: Path,
    *,
    inner: bool,
    more: tuple[str, ...] = (),
) -> Command:
    first = _cold(tree, snippets.LOAD, logs, own, inner=False)
    command = [sys.executable, *words, str(logs), *more]
    return Command(command, tree, _env(own), partial(_once, first, own), inner)


def _rival(
    rival: Rival, folder: Path, cases: dict[str, Callable[[Path, Path, Path], Command]]
) -> list[Subject]:
    absent = install(rival, folder)
    binary = rival.binary(folder)
    return [
        Subject(rival.name, case, rival.version, partial(command, binary), absent)
        for case, command in cases.items()
    ]


def _ccusage(binary: Path, logs: Path, own: Path) -> Command:
    words = ["claude", "daily", "--json", "--offline", "--timezone", "UTC"]
    env = _env(own) | {"CLAUDE_CONFIG_DIR": str(logs)}
    return Command([str(binary), *words], own.parent, env)


def _tokscale_cold(binary: Path, logs: Path, own: Path) -> Command:
    words = ["models", "--json", "--no-spinner", "--client", "claude"]
    # without prices at hand it would wait for the network
    env = _env(own) | {"CLAUDE_CONFIG_DIR": str(logs), "TOKSCALE_PRICING_CACHE_ONLY": "1"}
    return Command([str(binary), *words], own.parent, env, partial(_forget, own))


def _tokscale_warm(binary: Path, logs: Path, own: Path) -> Command:
    first = _tokscale_cold(binary, logs, own)
    return Command(first.words, first.cwd, first.env, partial(_once, first, own))


def _read(logs: Path, own: Path) -> Command:
    text = snippets.READ.format(logs=shlex.quote(str(logs)), cores=os.cpu_count())
    return Command(["sh", "-c", text])


def _env(own: Path) -> dict[str, str]:
    """Return surroundings in which a tool keeps what it keeps in a folder of its own."""
    outer = ("PYTHONPATH", "CLAUDE_CONFIG_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    kept = {name: value for name, value in os.environ.items() if name not in outer}
    return kept | {"HOME": str(own), "CACHE_MARGIN_OUT": str(own)}


def _forget(own: Path) -> None:
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(parents=True)


def _once(first: Command, own: Path) -> None:
    """Let a tool run on these logs for the first time, if it has not."""
    if not own.exists():
        timed(first)


def _release(folder: Path) -> tuple[Path, str]:
    """Unpack the previous release, unless it is there; return where, and why it cannot be."""
    if not folder.exists():
        git = shutil.which("git")
        if git is None:
            return folder, "git is not installed"
        words = [git, "archive", PREVIOUS, "analysis", "data/raw"]
        done = subprocess.run(words, cwd=ROOT, capture_output=True)
        if done.returncode != 0:
            return folder, f"commit {PREVIOUS} is not in this copy"
        with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
            archive.extractall(folder, filter="data")
    return folder, ""


def _version() -> str:
    """Return this release's number, with the commit and a + for what is changed since."""
    number = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        return str(number)
    words = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    return f"{number} {subprocess.check_output(words, cwd=ROOT, text=True).strip()}"
