"""Set up `.venv` from the lock. Standard library only: it runs before anything is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis import OLDEST
from analysis.paths import BUILD, ROOT

#: What takes long in silence.
_SIZES = {
    "report": "about 1 GB once unpacked: a minute or more, most of it the download",
    "test": "some 400 MB more",
}

#: What Python says where venv or pip is packaged apart from it.
_NO_VENV = ("ensurepip", "No module named venv")

#: What pip and uv say when they reach no index.
_UNREACHABLE = ("dns error", "error sending request", "Connection", "timed out", "versions: none")


class SetupError(Exception):
    """The environment cannot be made; says why and what to do."""


def setup(group: str, folder: str = ".venv") -> None:
    """Make the environment and install a dependency group into it, as the lock pins it.

    Parameters
    ----------
    group
        A group of `pyproject.toml`: report, lab, test or fleet.
    folder
        Where the environment lives. The lab has one of its own: JupyterLab slows papermill.

    Raises
    ------
    SetupError
        No Python of the right age, no venv module, or no package index reachable.
    """
    venv = ROOT / folder
    python = venv / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not _works([str(python), "-m", "pip", "--version"]):
        _say(f"making {folder}")
        _run([sys.executable, "-m", "venv", "--clear", str(venv)], f"could not make {folder}")
    if not _works([str(python), "-m", "uv", "--version"]):
        _say("installing uv, which installs the rest")
        _run([str(python), "-m", "pip", "install", "--quiet", "uv"], "could not install uv")
    about = f" ({_SIZES[group]})" if group in _SIZES else ""
    _say(f"installing group {group}{about}")
    lock, project = ROOT / "requirements.lock", ROOT / "pyproject.toml"
    uv = [str(python), "-m", "uv", "pip", "install", "--quiet", "--python", str(python)]
    wanted = ["-c", str(lock), "-r", str(project), "--group", f"{project}:{group}"]
    _run([*uv, "--compile-bytecode", *wanted], f"could not install group {group}")
    site = subprocess.check_output(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    )
    Path(site.strip(), "analysis.pth").write_text(f"{ROOT}\n")
    (venv / f".{group}").touch()


@contextmanager
def installed() -> Iterator[None]:
    """Say of a package that lacks which it is and where it is installed.

    Raises
    ------
    SetupError
        When something within needs a package that this Python has not.

    Examples
    --------
    >>> with installed():
    ...     import no_such_package
    Traceback (most recent call last):
    analysis.environment.SetupError: no_such_package is not installed for this Python: ...
    """
    try:
        yield
    except ModuleNotFoundError as error:
        lacks = (error.name or "").partition(".")[0]
        if lacks in ("", "analysis"):
            raise
        raise SetupError(
            f"{lacks} is not installed for this Python: `make report` makes one that has it, "
            ".venv/bin/python"
        ) from None


def newer_python() -> str:
    """Return a Python on the path that is new enough.

    Raises
    ------
    SetupError
        When there is none.
    """
    for minor in range(20, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and _works([found, "--version"]):
            return found
    raise SetupError("Python 3.11 or newer is needed: install it, or name it with PYTHON=/path")


def _works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def _run(command: list[str], failed: str) -> None:
    BUILD.mkdir(exist_ok=True)
    log = BUILD / "setup.log"
    with log.open("w") as stream:
        # pip trusts what the machine trusts; uv does too when asked
        env = {"UV_SYSTEM_CERTS": "1"} | os.environ
        done = subprocess.run(command, stdout=stream, stderr=subprocess.STDOUT, cwd=ROOT, env=env)
    if done.returncode:
        tail = log.read_text(errors="replace").strip().splitlines()[-8:]
        if any(sign in line for sign in _NO_VENV for line in tail):
            failed += ": install the venv module (Debian: apt install python3-venv)"
        if any(sign in line for sign in _UNREACHABLE for line in tail):
            failed += ": no package index reachable (check the network or the index you configured)"
        raise SetupError(
            "\n".join([failed, *(f"  {line}" for line in tail), f"  all of it: {log}"])
        )


def _say(text: str) -> None:
    sys.stderr.write(f"{text} ...\n")
