"""The tools to compare with: native binaries from npm, each in a folder of its own."""

from __future__ import annotations

import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from analysis.crosscheck.rules import VERSION

_MACHINE = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())


@dataclass(frozen=True)
class Rival:
    """A tool, its version, and the npm package that has its binary for this platform.

    The package is the binary's own: the launcher before it needs node and adds its start.
    """

    name: str
    version: str
    package: str

    def binary(self, folder: Path) -> Path:
        """Return where the binary is once it is installed under `folder`."""
        return folder / self.name / "node_modules" / self.package / "bin" / self.name


CCUSAGE = Rival("ccusage", VERSION, f"@ccusage/ccusage-linux-{_MACHINE}")
TOKSCALE = Rival("tokscale", "4.17.0", f"@tokscale/cli-linux-{_MACHINE}-gnu")


def install(rival: Rival, folder: Path) -> str:
    """Install a rival under `folder`, unless it is there; return why it cannot be, or nothing."""
    binary = rival.binary(folder)
    if _answers(rival, binary):
        return ""
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed"
    own = folder / rival.name
    own.mkdir(parents=True, exist_ok=True)
    words = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(own)]
    command = [npm, "install", *words, f"{rival.package}@{rival.version}"]
    done = subprocess.run(command, cwd=own, capture_output=True, text=True)
    if done.returncode != 0:
        return f"npm has no {rival.package} {rival.version} here"
    binary.chmod(0o755)
    return "" if _answers(rival, binary) else "its binary does not run here"


def _answers(rival: Rival, binary: Path) -> bool:
    """Return whether a binary runs and is of the version."""
    try:
        said = subprocess.run([binary, "--version"], capture_output=True, text=True)
    except OSError:
        return False
    return said.stdout.split()[-1:] == [rival.version]
