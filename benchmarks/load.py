"""Measure how long logs take to load, beside other tools: what `make bench` calls."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

import psutil

from analysis.paths import ROOT
from benchmarks import inputs, page, results
from benchmarks.inputs import Input, InputError, Made
from benchmarks.measure import Command, RunError, Took, peak_mib, timed
from benchmarks.results import Row
from benchmarks.scaling import scaling
from benchmarks.subjects import Subject, subjects

ROUNDS = 7  # fewer are shown and not kept
LOOKS = 3  # runs whose memory is looked at
SIZES = (100, 500, 6000)  # megabytes, beside the main inputs' 1500
FILES = (1000, 10_000)
FILES_MEGABYTES = 500
LARGE = 2000  # megabytes; a larger input is removed once it has been measured
SPARE_BYTES = 2 * 10**9  # memory that the tools need beside the logs in the page cache

#: What is measured where only size or number of files matters.
SCALING = {("ours", "cold"), ("ours", "cold in a kernel"), ("ccusage", "cold")}


def main(words: list[str] | None = None) -> int:
    """Measure, print what was reached and keep the results; return the exit status."""
    given = _parser().parse_args(words)
    try:
        rows = _run(given)
    except (InputError, RunError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped, nothing kept", file=sys.stderr)
        return 130
    rows = [results.kept(row) for row in rows]
    parts = [*page.measured(rows), scaling(rows), page.verdicts(rows, given.megabytes)]
    print("\n\n".join(filter(None, parts)))
    if given.to:
        given.to.mkdir(parents=True, exist_ok=True)
        _keep(rows, given.to / results.RESULTS.name, given.to / page.PAGE.name)
    elif given.rounds >= ROUNDS:
        _keep(rows, results.RESULTS, page.PAGE)
    else:
        print(f"\nnot kept: medians are of at least {ROUNDS} rounds (--to FOLDER keeps them there)")
    return 0


def _keep(rows: list[Row], table: Path, text: Path) -> None:
    page.write(results.keep(rows, table), text)
    print(f"\nkept in {table} and {text}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    add = parser.add_argument
    add("--inputs", default="R,S", help="R: real logs, S: synthetic ones (default: R,S)")
    add("--megabytes", type=int, default=1500, help="size of the main inputs (default: 1500)")
    add("--sizes", default="", help="other sizes to scale over, in MB: 100,500,6000")
    add("--files", default="", help="numbers of files to cut 500 MB of R into: 1000,10000")
    add("--full", action="store_true", help="all sizes and numbers of files as well")
    add("--only-scaling", action="store_true", help="not the main inputs")
    add("--rounds", type=int, default=ROUNDS, help=f"of which medians are (default: {ROUNDS})")
    add("--folder", type=Path, default=ROOT / "build" / "bench", help="inputs, rivals, stores")
    add("--to", type=Path, help="keep results in this folder, not in the project's")
    return parser


def _run(given: argparse.Namespace) -> list[Row]:
    folder = given.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    tools = subjects(folder)
    for tool in {s.tool: s for s in tools if s.absent}.values():
        _say(f"{tool.tool}: {tool.absent}")
    rows: list[Row] = []
    for wanted in _plan(given):
        if not inputs.available(wanted.kind):
            print(f"{wanted.name} is not measured: no public logs at {inputs.PUBLIC}")
            continue
        chosen = [s for s in tools if _main(wanted, given) or (s.tool, s.case) in SCALING]
        made = inputs.make(wanted, folder)
        rows += measure(made, chosen, given.rounds, folder / "out")
        if wanted.megabytes > LARGE:
            inputs.remove(wanted, folder)
    return rows


def _plan(given: argparse.Namespace) -> list[Input]:
    kinds = given.inputs.split(",")
    sizes = [int(s) for s in given.sizes.split(",") if s] or list(SIZES * given.full)
    files = [int(f) for f in given.files.split(",") if f] or list(FILES * given.full)
    plan = [Input(k, given.megabytes) for k in kinds if not given.only_scaling]
    plan += [Input("R", FILES_MEGABYTES, files=n) for n in files if "R" in kinds]
    return plan + [Input(k, size) for size in sizes for k in kinds]


def _main(wanted: Input, given: argparse.Namespace) -> bool:
    return wanted == Input(wanted.kind, given.megabytes)


def measure(made: Made, tools: list[Subject], rounds: int, out: Path) -> list[Row]:
    """Run every tool in turn, round after round, then look at their memory."""
    free = psutil.virtual_memory().available
    if free < made.bytes + SPARE_BYTES:
        raise InputError(
            f"{made.wanted.name} has {made.bytes / 1e9:.1f} GB and {free / 1e9:.1f} GB of memory "
            "are free: the logs would not stay in the page cache"
        )
    shutil.rmtree(out, ignore_errors=True)
    own = {s: out / f"{s.tool} {s.case}".replace(" ", "-") for s in tools}
    commands = {s: s.command(made.folder, own[s]) for s in tools if not s.absent}
    out.mkdir(parents=True)
    for command in commands.values():  # fills the page cache, compiles modules
        timed(command)
    took: dict[Subject, list[Took]] = {s: [] for s in commands}
    for number in range(1, rounds + 1):
        _say(f"{made.wanted.name}: round {number} of {rounds}")
        for subject, command in commands.items():
            took[subject].append(timed(command))
    _say(f"{made.wanted.name}: memory")
    peaks = {s: _peak(command, min(rounds, LOOKS)) for s, command in commands.items()}
    shutil.rmtree(out)
    return [_row(made, s, took.get(s, []), peaks.get(s)) for s in tools]


def _peak(command: Command, looks: int) -> float:
    return median(peak_mib(command) for _ in range(looks))


def _row(made: Made, subject: Subject, took: Sequence[Took], peak: float | None) -> Row:
    row = Row(
        made.wanted.name,
        made.bytes / inputs.MEGABYTE,
        made.files,
        subject.tool,
        subject.case,
        subject.version,
        os.cpu_count() or 1,
        absent=subject.absent,
    )
    return replace(row, **results.seconds(took), peak_mib=peak) if took else row


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
