"""What was measured of a fleet, as a table."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

RESULTS = Path(__file__).with_name("fleet.csv")


@dataclass(frozen=True)
class Row:
    """Seconds of a `load` or a `step`, megabytes of a `weight`, a `count`, MiB of `memory`.

    `megabytes` is of logs; of memory it is millions of requests. `least` and `most` are of rounds.
    """

    kind: str
    name: str
    partitions: int
    megabytes: float
    value: float
    least: float = 0.0
    most: float = 0.0


def read(path: Path = RESULTS) -> list[Row]:
    """Read results; none where there is no file."""
    if not path.exists():
        return []
    kinds: dict[str, type] = {"int": int, "float": float, "str": str}
    columns = {field.name: kinds[str(field.type)] for field in fields(Row)}
    with path.open(newline="") as stream:
        return [Row(**{n: columns[n](v) for n, v in r.items()}) for r in csv.DictReader(stream)]


def write(rows: Sequence[Row], path: Path = RESULTS) -> None:
    """Write results, four digits of each measured number."""
    with path.open("w", newline="") as stream:
        table = csv.DictWriter(stream, [f.name for f in fields(Row)], lineterminator="\n")
        table.writeheader()
        for row in rows:
            cells = asdict(row).items()
            table.writerow({n: f"{v:.6g}" if isinstance(v, float) else v for n, v in cells})
