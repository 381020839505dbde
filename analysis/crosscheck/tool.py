"""The tool we compare with: ccusage, its own binary from npm, in a folder of its own."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.crosscheck.rules import VERSION
from analysis.crosscheck.seen import Counts, Said
from analysis.logs.files import locked

REPORTS = ("session", "daily")

#: Packages of the binary: the launcher before it needs node and adds nothing.
_SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
_MACHINES = {"x86_64": "x64", "AMD64": "x64", "aarch64": "arm64", "arm64": "arm64"}

#: What the tool sees of its surroundings: no other agent's logs, no settings of its user.
_KEPT = ("PATH", "LANG", "TMPDIR")


class CrosscheckError(Exception):
    """The logs cannot be compared with the tool; says what is missing and what to do."""


def package() -> str:
    """Return the package with the binary for this machine.

    Raises
    ------
    CrosscheckError
        When there is none.
    """
    system = _SYSTEMS.get(platform.system())
    machine = _MACHINES.get(platform.machine())
    if system is None or machine is None:
        raise CrosscheckError(
            f"ccusage {VERSION} has no package for {platform.system()} on {platform.machine()}: "
            "compare the logs on Linux or macOS, x86-64 or ARM"
        )
    return f"@ccusage/ccusage-{system}-{machine}"


def install() -> Path:
    """Install the tool unless it is there, and return its binary.

    Raises
    ------
    CrosscheckError
        Without npm, without its registry, or when the binary does not run here.
    """
    name, folder = package(), paths.TOOLS / f"ccusage-{VERSION}"
    binary = folder / "node_modules" / name / "bin" / "ccusage"
    if answers(binary):
        return binary
    with locked(folder / ".lock"):
        if answers(binary):
            return binary
        npm = shutil.which("npm")
        if npm is None:
            raise CrosscheckError(
                f"npm is not installed, which brings ccusage {VERSION} to compare with: install "
                "Node.js with npm, then again. Nothing else here needs it"
            )
        words = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder)]
        command = [npm, "install", *words, f"{name}@{VERSION}"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if done.returncode != 0 or not binary.exists():
            raise CrosscheckError(
                f"npm could not install {name} {VERSION}: its registry is out of reach or has no "
                f"such package. With a network, again; or put it there: npm install --prefix "
                f"{folder} {name}@{VERSION}"
            )
        binary.chmod(0o755)
        if not answers(binary):
            raise CrosscheckError(f"{binary} does not run on this machine: remove {folder}")
    return binary


def answers(binary: Path) -> bool:
    """Return whether a binary runs and is of the version."""
    try:
        said = subprocess.run([binary, "--version"], capture_output=True, text=True)
    except OSError:
        return False
    return said.stdout.split()[-1:] == [VERSION]


def reports(binary: Path, roots: Sequence[Path]) -> dict[str, Said]:
    """Let the tool count the logs below some `projects` folders, by each of its reports.

    It is shown links to them in a folder that is removed again, and a home of its own, so that it
    reads these logs alone and writes nothing beside them.

    Raises
    ------
    CrosscheckError
        When it fails, or answers something else than its reports.
    """
    with tempfile.TemporaryDirectory(prefix="crosscheck-") as name:
        place, configs = Path(name), []
        for number, root in enumerate(roots):
            config = place / f"logs-{number}"
            config.mkdir()
            (config / "projects").symlink_to(root.resolve(), target_is_directory=True)
            configs.append(str(config))
        home = place / "home"
        home.mkdir()
        env = {key: os.environ[key] for key in _KEPT if key in os.environ}
        env |= {"HOME": str(home), "CLAUDE_CONFIG_DIR": ",".join(configs)}
        return {report: said(_run(binary, report, home, env)) for report in REPORTS}


def _run(binary: Path, report: str, home: Path, env: Mapping[str, str]) -> Any:
    words = ["claude", report, "--json", "--offline", "--timezone", "UTC"]
    done = subprocess.run([binary, *words], cwd=home, env=dict(env), capture_output=True)
    try:
        if done.returncode == 0:
            return json.loads(done.stdout, parse_float=Decimal)
    except ValueError:
        pass
    raise CrosscheckError(f"ccusage {VERSION} gave no answer to `ccusage claude {report} --json`")


def said(answer: Any) -> Said:
    """Add up a report of the tool, as it printed it.

    Raises
    ------
    CrosscheckError
        When it is none.

    Examples
    --------
    >>> row = {"inputTokens": 1, "outputTokens": 2, "cacheCreationTokens": 3}
    >>> row |= {"cacheReadTokens": 4}
    >>> part = row | {"modelName": "claude-opus-4-6", "cost": Decimal("0.5")}
    >>> found = said({"daily": [{"modelBreakdowns": [part]}], "totals": row | {"totalCost": 0.5}})
    >>> found.tokens["claude-opus-4-6"], found.nano["claude-opus-4-6"]
    (Counts(input=1, output=2, write=3, read=4), 500000000)
    """
    try:
        totals = answer["totals"]
        rows = [row for key, rows in answer.items() if key != "totals" for row in rows]
        tokens: dict[str, Counts] = {}
        dollars: dict[str, Decimal] = {}
        for part in (part for row in rows for part in row["modelBreakdowns"]):
            model = part["modelName"]
            tokens[model] = tokens.get(model, Counts()).plus(_counts(part))
            dollars[model] = dollars.get(model, Decimal(0)) + Decimal(part["cost"])
        whole = _counts(totals)
        for counts in tokens.values():
            whole = whole.minus(counts)
        rest = Decimal(totals["totalCost"]) - sum(dollars.values())
    except (KeyError, TypeError, ValueError, AttributeError):
        raise CrosscheckError(f"ccusage {VERSION} answered something else than a report") from None
    if any(whole):
        tokens[""] = whole
    nano = {model: _nano(value) for model, value in dollars.items()}
    if apart := _nano(rest):
        nano[""] = apart
    return Said(tokens, nano)


def _counts(row: Mapping[str, int]) -> Counts:
    names = ("inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens")
    return Counts(*(int(row[name]) for name in names))


def _nano(dollars: Decimal) -> int:
    return int((dollars * 10**9).to_integral_value(ROUND_HALF_EVEN))
