"""Time a whole report beside the same notebooks through `jupyter nbconvert --execute`.

`python -m benchmarks.report` makes the sample's report in a new folder: logs are loaded, every
notebook runs, one page is bound, looked through by the gate, and published. Then nbconvert runs
the same notebooks on the same tables, one after another, to a page each; their parameters have
defaults. Rounds alternate. It prints and keeps nothing.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from analysis.params import notebooks
from analysis.paths import ROOT
from benchmarks.measure import Command, timed
from benchmarks.text import seconds, table

ROUNDS = 3
#: How long a report may take, over what nbconvert takes.
AT_MOST = 0.5

ANALYSIS = [sys.executable, "-m", "analysis"]
NBCONVERT = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html", "--log-level=ERROR"]


def ours(out: Path, words: list[str]) -> Command:
    """Return a report of the sample in a new folder, or only some of its steps."""
    return Command(_in(out, [[*ANALYSIS, *words]]))


def theirs(out: Path, chosen: list[Path]) -> Command:
    """Return a page of each notebook, one after another, on tables that are there."""
    return Command(_in(out, [[*NBCONVERT, f"--output-dir={out}", str(n)] for n in chosen]))


def _in(out: Path, steps: list[list[str]]) -> list[str]:
    """Return a shell that takes steps with generated folders below `out`."""
    begin = f"cd {shlex.quote(str(ROOT))} && export CACHE_MARGIN_OUT={shlex.quote(str(out))}"
    return ["sh", "-c", " && ".join([begin, *map(shlex.join, steps)])]


def one_round(chosen: list[Path], whole: bool) -> tuple[float, float]:
    """Return the seconds of both: of every notebook and the page, or of some notebooks alone."""
    stems = [notebook.stem for notebook in chosen]
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        if not whole:
            timed(ours(Path(first), ["prepare"]))
        mine = timed(ours(Path(first), ["report"] if whole else ["run", *stems])).wall
        timed(ours(Path(second), ["load"]))
        return mine, timed(theirs(Path(second), chosen)).wall


def main(words: list[str] | None = None) -> int:
    """Time both, print medians over rounds, and return 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("notebooks", nargs="*", help="some alone, without a page: 13-adoption")
    given = parser.parse_args(words)
    chosen = [n for n in notebooks() if n.stem in given.notebooks or not given.notebooks]
    rounds = [one_round(chosen, not given.notebooks) for _ in range(given.rounds)]
    mine, others = (median(times) for times in zip(*rounds, strict=True))
    rows = [
        ["ours" if given.notebooks else "ours, from logs to the page", seconds(mine)],
        ["nbconvert --execute, one after another", seconds(others)],
    ]
    print(f"{len(chosen)} notebooks, {os.cpu_count()} cores, medians of {given.rounds} rounds\n")
    print(table(["what", "wall"], rows))
    met = "met" if mine <= AT_MOST * others else "missed"
    print(f"\n{mine / others:.2f} of nbconvert; at most {AT_MOST} asked: {met}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
