"""Copies of the project for a test to change and run, apart from the one it stands in."""

import os
import shutil
import subprocess
import sys
from string import Template

from analysis.paths import ROOT
from analysis.scaffold import FILES

_NEVER = shutil.ignore_patterns(
    ".git",
    ".venv*",
    ".tools",
    "__pycache__",
    ".*_cache",
    ".hypothesis",
    ".ipynb_checkpoints",
    "prices.csv",
)
_MADE = [ROOT / made for made in ("build", "reports", "data/processed", "data/private")]


#: What the docs take as an example: whoever followed them has it, and the tests lay it out again.
_EXAMPLES = ("20-habits",)


def copied(target):
    """Copy what is committed: nothing generated, and no chapter that is the docs' example."""

    def left_out(folder, names):
        made = any(made.samefile(folder) for made in _MADE if made.exists())
        return _NEVER(folder, names) | ({*names} - {".gitignore"} if made else set())

    tree = shutil.copytree(ROOT, target, ignore=left_out)
    for stem in _EXAMPLES:
        _forget(tree, stem)
    return tree


def _forget(tree, stem):
    module = stem.partition("-")[2].replace("-", "_")
    for place in FILES.values():
        (tree / Template(place).substitute(stem=stem, module=module)).unlink(missing_ok=True)
    for name, mark in (("README.md", f"| {stem} |"), ("tests/gallery.py", f'"{module}.plot_')):
        lines = (tree / name).read_text().splitlines(keepends=True)
        (tree / name).write_text("".join(line for line in lines if mark not in line))


def with_environment(tree):
    """Let a copy use the environment that runs these tests, in place of a `.venv` of its own."""
    folder = tree / ".venv" / "bin"
    folder.mkdir(parents=True)
    for name in ("python", "python3"):
        (folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        (folder / name).chmod(0o755)
    for stamp in (".report", ".test", ".fleet"):
        (tree / ".venv" / stamp).touch()
    return tree


def surroundings(**own):
    """Return an environment without what an outer make or another test has set."""
    outer = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "CACHE_MARGIN_OUT")
    return {k: v for k, v in os.environ.items() if k not in outer} | own


def shell(tree, command, **own):
    """Run a line as a reader would, in a shell at the root of a copy."""
    path = f"{tree / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        cwd=tree,
        env=surroundings(PATH=path, **own),
        capture_output=True,
        text=True,
    )
