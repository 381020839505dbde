"""`docs/speed.md`, and the tables that `make bench` prints: results in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis.paths import ROOT
from benchmarks.results import Row
from benchmarks.scaling import scaling
from benchmarks.subjects import STEPS
from benchmarks.targets import Reached, reached
from benchmarks.text import mib, seconds, table

PAGE = ROOT / "docs" / "speed.md"

_CORE_SECONDS = (
    "Seconds of a core, over all processes of a cold load. The steps were measured in one process "
    "each, as far as that step; a step is what it takes beyond the one before, the first one with "
    "the start of Python."
)

HOW = Path(__file__).with_name("how.md")


def page(rows: Sequence[Row]) -> str:
    """Return the page that says how fast logs are loaded."""
    parts = ["# Speed", _lead(rows), "## What was asked, and what was reached", verdicts(rows)]
    if steps := _steps(rows):
        parts += ["## Where the time goes", _CORE_SECONDS, steps]
    if linear := scaling(rows):
        parts += ["## Is it linear?", linear]
    if rows:
        parts += ["## Everything that was measured", *measured(rows)]
    return "\n\n".join([*parts, HOW.read_text()])


def _lead(rows: Sequence[Row]) -> str:
    first = (
        "How long the loader takes from logs to tables, beside other tools on the same logs in the "
        "same minutes. `make bench` measures it again and writes this page. "
    )
    if not rows:
        return f"{first}Nothing has been measured yet."
    versions: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.version:
            versions.setdefault(row.tool, {})[row.version] = None
    said = ", ".join(f"{tool} {' and '.join(known)}" for tool, known in versions.items())
    cores = " and ".join(str(c) for c in sorted({r.cores for r in rows}))
    return f"{first}Measured on {cores} cores: {said}."


def verdicts(rows: Sequence[Row], megabytes: int = 1500) -> str:
    """Return the table of targets: what was asked, what was reached, met or missed."""
    head = [
        "what",
        "against",
        "input",
        "at most",
        "stretch",
        "ours",
        "theirs",
        "reached",
        "verdict",
    ]
    return table(head, [_verdict(r) for r in reached(rows, megabytes)])


def _verdict(one: Reached) -> list[str]:
    target, unit = one.target, f" {one.target.unit}" if one.target.unit else ""
    ratio = target.against is not None
    digits = 2 if ratio else 0

    def shown(value: float | None) -> str:
        return "" if value is None else f"{value:.{digits}f}{unit}"

    return [
        target.what,
        " ".join(target.against) if target.against else "",
        one.input,
        shown(one.bound.at_most),
        shown(one.bound.stretch),
        seconds(one.ours) if ratio else "",
        seconds(one.theirs) if ratio else "",
        shown(one.value),
        one.verdict,
    ]


def _steps(rows: Sequence[Row]) -> str:
    """Say where the time of a cold process goes, in seconds of a core."""
    head = ["input", "start of Python and polars", "read", "split into lines", "decode"]
    head += ["count what they say", "tables, store and the rest", "in all"]
    found = {(r.input, r.case): r.cpu for r in rows if r.tool == "ours" and r.cpu is not None}
    lines = []
    for name in dict.fromkeys(row.input for row in rows):
        own = [found.get((name, case)) for case in ("start", *STEPS, "cold")]
        if None in own:
            continue
        start, read, split, decode, scan, whole = (cpu or 0.0 for cpu in own)
        parts = (start, read, split - read, decode - split, scan - decode, whole - start - scan)
        lines.append([name, *map(seconds, parts), seconds(whole)])
    return table(head, lines) if lines else ""


def measured(rows: Sequence[Row]) -> list[str]:
    """Return a table for each input, every subject a line."""
    parts = []
    for name in dict.fromkeys(row.input for row in rows):
        own = [row for row in rows if row.input == name]
        size = f"{own[0].megabytes:,.0f} MB in {own[0].files:,} files"
        rounds = max(row.rounds for row in own)
        times = "1 round" if rounds == 1 else f"{rounds} rounds"
        head = ["tool", "case", "wall", "least to most", "cpu", "peak"]
        parts += [f"**{name}**: {size}, {times}.", table(head, map(_measured, own))]
    return parts


def _measured(row: Row) -> list[str]:
    if row.absent:
        return [row.tool, row.case, row.absent, "", "", ""]
    return [
        row.tool,
        row.case,
        seconds(row.wall),
        f"{seconds(row.wall_min)} to {seconds(row.wall_max)}",
        seconds(row.cpu),
        mib(row.peak_mib),
    ]


def write(rows: Sequence[Row], path: Path = PAGE) -> None:
    """Write the page."""
    path.write_text(page(rows))
