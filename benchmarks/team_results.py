"""What was measured of a team's store, as a table."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("team.csv")


@dataclass(frozen=True)
class Row:
    """What one step took on a team; disk is the most of the team's folder, with what it put aside.

    `largest` is how many requests one person has, `a_year` how many a person-year has, by logs that
    are of no team. A run that was not asked for its disk has none.
    """

    requests: int
    people: int
    largest: int
    step: str
    cores: int
    seconds: float
    peak_mib: float
    disk_mib: float | None
    files_mib: float
    a_year: int


def read(path: Path = RESULTS) -> list[Row]:
    """Read results; none where there is no file."""
    if not path.exists():
        return []
    kinds: dict[str, Any] = {"int": int, "float": float, "str": str, "float | None": _perhaps}
    columns = {field.name: kinds[str(field.type)] for field in fields(Row)}
    with path.open(newline="") as stream:
        return [Row(**{n: columns[n](v) for n, v in r.items()}) for r in csv.DictReader(stream)]


def _perhaps(cell: str) -> float | None:
    return float(cell) if cell else None


def write(rows: Sequence[Row], path: Path = RESULTS) -> None:
    """Write results, four digits of each measured number."""
    with path.open("w", newline="") as stream:
        table = csv.DictWriter(stream, [f.name for f in fields(Row)], lineterminator="\n")
        table.writeheader()
        for row in rows:
            cells = asdict(row).items()
            table.writerow({n: f"{v:.4g}" if isinstance(v, float) else v for n, v in cells})
