"""What was asked of the loader, as data, and whether a result reaches it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.results import Row

Bounds = Mapping[str, "Bound"]


class Bound(NamedTuple):
    """The most that is asked for, and what would be better still."""

    at_most: float
    stretch: float | None = None


@dataclass(frozen=True)
class Target:
    """Our seconds on the wall in a case against a rival's, or a number of ours as it is.

    `bounds` is by kind of input; a number that no input changes has one under `any`. `against` is
    a tool and its case; without one, `measure` is a column of the results, and `scale` brings it
    to `unit`.
    """

    what: str
    case: str
    bounds: Bounds
    against: tuple[str, str] | None = None
    measure: str = "wall"
    unit: str = ""
    scale: float = 1
    megabytes: int = 1500


@dataclass(frozen=True)
class Reached:
    """A target on one input: what was asked, what was reached (null: not measured)."""

    target: Target
    input: str
    bound: Bound
    ours: float | None
    theirs: float | None
    value: float | None

    @property
    def verdict(self) -> str:
        """Return `stretch`, `met`, `missed` or `not measured`."""
        if self.value is None:
            return "not measured"
        if self.bound.stretch is not None and self.value <= self.bound.stretch:
            return "stretch"
        return "met" if self.value <= self.bound.at_most else "missed"


def _both(r: Bound, s: Bound) -> Bounds:
    return {"R": r, "S": s}


_COLD = "cold, whole process, to copies and requests in polars"
_CCUSAGE, _TOKSCALE, _TOKSCALE_WARM = (
    ("ccusage", "cold"),
    ("tokscale", "cold"),
    ("tokscale", "warm"),
)

TARGETS = (
    Target(_COLD, "cold", _both(Bound(0.60, 0.40), Bound(1.10, 0.75)), _CCUSAGE),
    Target(
        "cold, `load()` in a running kernel",
        "cold in a kernel",
        _both(Bound(0.50, 0.35), Bound(0.85, 0.55)),
        _CCUSAGE,
    ),
    Target(_COLD, "cold", _both(Bound(0.25, 0.15), Bound(0.30, 0.15)), _TOKSCALE),
    Target(
        "warm, nothing changed, printed summary",
        "warm summary",
        _both(Bound(0.30, 0.17), Bound(0.30, 0.17)),
        _TOKSCALE_WARM,
    ),
    Target(
        "warm, `load()` in a running kernel",
        "warm in a kernel",
        _both(Bound(0.06, 0.04), Bound(0.08, 0.04)),
        _CCUSAGE,
    ),
    Target("peak memory", "cold", _both(Bound(350), Bound(300)), measure="peak_mib", unit="MiB"),
    Target(
        "peak memory",
        "cold",
        _both(Bound(450), Bound(400)),
        measure="peak_mib",
        unit="MiB",
        megabytes=6000,
    ),
    Target("`import analysis`", "import", {"any": Bound(60)}, unit="ms", scale=1000),
)


def reached(rows: Sequence[Row], megabytes: int = 1500) -> list[Reached]:
    """Hold results against every target.

    `megabytes` is the size of the main inputs, other than 1500 only to try the benchmark out.
    """
    found = {(row.input, row.tool, row.case): row for row in rows}

    def number(name: str, tool: str, case: str, measure: str) -> float | None:
        row = found.get((name, tool, case))
        value: float | None = getattr(row, measure) if row else None
        return value

    def one(target: Target, kind: str, bound: Bound) -> Reached:
        size = megabytes if target.megabytes == 1500 else target.megabytes
        names = [f"{k}{size}" for k in ("R", "S") if kind in (k, "any")]
        name = next((n for n in names if (n, "ours", target.case) in found), names[0])
        ours, theirs = number(name, "ours", target.case, target.measure), None
        if target.against:
            theirs = number(name, *target.against, target.measure)
            value = ours / theirs if ours is not None and theirs else None
        else:
            value = ours * target.scale if ours is not None else None
        return Reached(target, name if kind != "any" else "any", bound, ours, theirs, value)

    return [one(target, kind, b) for target in TARGETS for kind, b in target.bounds.items()]
