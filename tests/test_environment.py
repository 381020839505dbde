"""environment.yml, pyproject.toml and requirements.lock describe one environment."""

import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from analysis import environment
from analysis.paths import ROOT

LOCK = (ROOT / "requirements.lock").read_text()
HEAVY = ("scipy", "statsmodels", "matplotlib", "seaborn")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def named(requirements):
    found = [Requirement(r) for r in requirements]
    assert len({r.name for r in found}) == len(found)
    return {canonicalize_name(r.name): r.specifier for r in found}


def conda():
    wanted = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    plain = [d for d in wanted if isinstance(d, str)]
    (pip,) = (d["pip"] for d in wanted if isinstance(d, dict))
    return named([*plain, *(p for p in pip if not p.startswith("--"))])


def pyproject():
    groups = PROJECT["dependency-groups"]
    assert set(groups) == {"report", "lab", "test", "fleet"}
    python = f"python{PROJECT['project']['requires-python']}"
    wanted = PROJECT["project"]["dependencies"] + [r for g in groups.values() for r in g]
    return named([*wanted, python, "pip"])


def locked():
    pins: dict[str, set[str]] = {}
    for line in LOCK.splitlines():
        if line and line[0] not in "# ":
            pin = Requirement(line.removesuffix(" \\"))
            (specifier,) = pin.specifier
            assert specifier.operator == "=="
            pins.setdefault(canonicalize_name(pin.name), set()).add(specifier.version)
    return pins


def test_conda_and_pip_ask_for_the_same_packages():
    assert conda() == pyproject()


def test_every_pin_of_the_lock_satisfies_both():
    pins = locked()
    for name, specifier in conda().items():
        if name not in {"python", "pip"}:
            assert pins[name], name
            assert all(version in specifier for version in pins[name]), name


def test_the_lock_has_hashes_and_no_addresses():
    assert "://" not in LOCK
    for entry in re.split(r"\n(?=[a-zA-Z0-9])", LOCK.strip())[1:]:
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_statistics_are_imported_where_they_are_used():
    """Scipy and statsmodels take seconds to import, and most chapters need neither."""
    names = [f"analysis.measures.{p.stem}" for p in (ROOT / "analysis/measures").glob("[a-z]*.py")]
    assert len(names) > 3
    code = f"import sys, {', '.join(names)}; print([m for m in sys.modules if m in {HEAVY}])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (found.stdout.strip(), found.stderr) == ("[]", "")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("error: dns error: failed to lookup", "no package index reachable"),
        ("satisfies the requirement uv (from versions: none)", "no package index reachable"),
        ("No space left on device", "could not install group report\n"),
        ("ensurepip is not available", "apt install python3-venv"),
        ("No module named venv", "apt install python3-venv"),
    ],
)
def test_a_failed_step_says_what_and_shows_its_end(said, told, tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "BUILD", tmp_path / "build")
    command = [sys.executable, "-c", f"print({said!r}); raise SystemExit(1)"]
    with pytest.raises(environment.SetupError, match=re.escape(told)) as error:
        environment._run(command, "could not install group report")
    assert said in str(error.value)


def test_no_python_that_is_new_enough_is_said(monkeypatch):
    monkeypatch.setattr(environment.shutil, "which", lambda name: None)
    with pytest.raises(environment.SetupError, match=r"3\.11 or newer .* PYTHON="):
        environment.newer_python()


def test_a_newer_python_is_found_and_a_broken_one_passed_over(tmp_path, monkeypatch):
    for name, status in (("python3.19", 1), ("python3.12", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {status}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert environment.newer_python() == str(tmp_path / "python3.12")


@pytest.mark.parametrize("call", ["load()", "describe('requests')"])
def test_python_code_without_the_environment_says_which_package_lacks(call):
    code = f"from analysis import load, describe; {call}"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], text=True, cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 1
    told = done.stderr.splitlines()[-1]
    assert re.match(
        r"analysis\.environment\.SetupError: \w+ is not installed for this Python", told
    )
    assert ".venv/bin/python" in told
    assert "ModuleNotFoundError" not in done.stderr


def test_a_module_of_ours_that_lacks_is_a_fault_and_told_as_such():
    with pytest.raises(ModuleNotFoundError), environment.installed():
        __import__("analysis.nothing")


def test_setup_imports_nothing_that_is_not_there_yet():
    code = "import sys; import analysis.__main__; print(*sys.modules)"
    loaded = subprocess.check_output(
        [sys.executable, "-S", "-c", code], text=True, cwd=ROOT
    ).split()
    assert not {"polars", "msgspec", "yaml", "tqdm"} & set(loaded)
