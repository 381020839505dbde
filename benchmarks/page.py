"""`docs/speed.md`, and the tables that `make bench` prints: results in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from analysis.paths import ROOT
from benchmarks.results import Row
from benchmarks.targets import Reached, reached

PAGE = ROOT / "docs" / "speed.md"

HOW = Path(__file__).with_name("how.md")


def page(rows: Sequence[Row]) -> str:
    """Return the page that says how fast logs are loaded."""
    parts = ["# Speed", _lead(rows), "## What was asked, and what was reached", verdicts(rows)]
    if costs := _start(rows):
        parts += [costs]
    if linear := _linear(rows):
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
    versions = {r.tool: r.version for r in rows if r.version}
    said = ", ".join(f"{tool} {version}" for tool, version in versions.items())
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
        _seconds(one.ours) if ratio else "",
        _seconds(one.theirs) if ratio else "",
        shown(one.value),
        one.verdict,
    ]


def _start(rows: Sequence[Row]) -> str:
    """Say what of a cold process is not loading: the interpreter and polars."""
    found = {(r.input, r.case): r.wall for r in rows if r.tool == "ours" and r.wall is not None}
    said = [
        f"{name} {_seconds(start)} of {_seconds(found[name, 'cold'])}"
        for (name, case), start in found.items()
        if case == "start" and (name, "cold") in found
    ]
    if not said:
        return ""
    return f"Of a cold process, the start of Python and polars takes: {', '.join(said)}."


def _linear(rows: Sequence[Row]) -> str:
    """Return seconds by size and by number of files."""
    cold = {r.input: r for r in rows if (r.tool, r.case) == ("ours", "cold") and r.wall}
    rival = {r.input: r for r in rows if (r.tool, r.case) == ("ccusage", "cold") and r.wall}
    lines = [_sized(r, rival.get(r.input)) for r in sorted(cold.values(), key=_by_size)]
    if len(lines) < 3:
        return ""
    head = ["input", "MB", "files", "cold", "a GB", "cpu a GB", "peak", "of ccusage"]
    return table(head, lines)


def _by_size(row: Row) -> tuple[str, float, int]:
    return row.input[0], row.megabytes, row.files


def _sized(row: Row, rival: Row | None) -> list[str]:
    gigabytes = row.megabytes / 1000
    return [
        row.input,
        f"{row.megabytes:,.0f}",
        f"{row.files:,}",
        _seconds(row.wall),
        _seconds(row.wall / gigabytes if row.wall else None),
        _seconds(row.cpu / gigabytes if row.cpu else None),
        _mib(row.peak_mib),
        f"{row.wall / rival.wall:.2f}" if row.wall and rival and rival.wall else "",
    ]


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
        _seconds(row.wall),
        f"{_seconds(row.wall_min)} to {_seconds(row.wall_max)}",
        _seconds(row.cpu),
        _mib(row.peak_mib),
    ]


def _seconds(value: float | None) -> str:
    """Return seconds as they are said.

    Examples
    --------
    >>> _seconds(12.345), _seconds(1.2345), _seconds(0.0123), _seconds(None)
    ('12.3 s', '1.23 s', '12 ms', '')
    """
    if value is None:
        return ""
    if value < 1:
        return f"{value * 1000:.0f} ms"
    return f"{value:.1f} s" if value >= 10 else f"{value:.2f} s"


def _mib(value: float | None) -> str:
    return "" if value is None else f"{value:.0f} MiB"


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a table that reads well both as text and rendered.

    Examples
    --------
    >>> print(table(["tool", "wall"], [["ours", "1 s"]]))
    | tool | wall |
    | ---- | ---- |
    | ours | 1 s  |
    """
    cells = [list(head), *map(list, lines)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    cells.insert(1, ["-" * width for width in widths])
    rows = ([c.ljust(w) for c, w in zip(row, widths, strict=True)] for row in cells)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def write(rows: Sequence[Row], path: Path = PAGE) -> None:
    """Write the page."""
    path.write_text(page(rows))
