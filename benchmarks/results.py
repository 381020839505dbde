"""The results as a table: a row for each tool, case and input."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import Took

RESULTS = Path(__file__).with_name("results.csv")


@dataclass(frozen=True)
class Row:
    """What one tool took in one case on one input.

    Seconds are medians over the rounds with the least and the most; `peak_mib` is the median of
    the runs whose memory was looked at. A row without rounds has `absent`, the reason.
    """

    input: str
    megabytes: float
    files: int
    tool: str
    case: str
    version: str
    cores: int
    rounds: int = 0
    wall: float | None = None
    wall_min: float | None = None
    wall_max: float | None = None
    cpu: float | None = None
    cpu_min: float | None = None
    cpu_max: float | None = None
    peak_mib: float | None = None
    absent: str = ""


def seconds(took: Sequence[Took]) -> dict[str, Any]:
    """Return a row's columns of time.

    Examples
    --------
    >>> seconds([Took(2, 3), Took(1, 4), Took(9, 2)])["wall"]
    2
    """
    found: dict[str, Any] = {"rounds": len(took)}
    for name in ("wall", "cpu"):
        values = [getattr(t, name) for t in took]
        found |= {name: median(values), f"{name}_min": min(values), f"{name}_max": max(values)}
    return found


def read(path: Path = RESULTS) -> list[Row]:
    """Read results; none where there is no file."""
    if not path.exists():
        return []
    with path.open(newline="") as stream:
        return [_row(found) for found in csv.DictReader(stream)]


def keep(rows: Sequence[Row], path: Path = RESULTS) -> list[Row]:
    """Write results in place of older ones of the same inputs; return all there are now.

    The rows of an input stay together: they come from one run, so their ratios can be trusted.
    """
    new = {row.input for row in rows}
    both = [row for row in read(path) if row.input not in new] + list(rows)
    write(both, path)
    return read(path)


def write(rows: Iterable[Row], path: Path = RESULTS) -> None:
    """Write results, four digits of each number."""
    with path.open("w", newline="") as stream:
        table = csv.DictWriter(stream, [f.name for f in fields(Row)], lineterminator="\n")
        table.writeheader()
        for row in rows:
            table.writerow({n: _cell(value) for n, value in asdict(row).items()})


def kept(row: Row) -> Row:
    """Return a row as a file keeps it: what is printed is what will be read again."""
    values: dict[str, Any] = {
        name: float(_cell(v)) for name, v in asdict(row).items() if isinstance(v, float)
    }
    return replace(row, **values)


def _cell(value: Any) -> Any:
    return f"{value:.4g}" if isinstance(value, float) else value


def _row(found: dict[str, str]) -> Row:
    texts = {"input", "tool", "case", "version", "absent"}
    whole = {"files", "cores", "rounds"}
    values: dict[str, Any] = {}
    for name, text in found.items():
        if name in texts:
            values[name] = text
        elif name in whole:
            values[name] = int(text)
        else:
            values[name] = float(text) if text else None
    return Row(**values)
