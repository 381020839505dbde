"""Whether the time grows with the bytes, and what more files cost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from benchmarks.results import Row
from benchmarks.text import mib, seconds, table

#: Between sizes measured one after the other, on a machine whose speed drifts.
LINEAR = 1.25


class Size(NamedTuple):
    """Our cold load of one input, and ccusage's seconds on the wall in the same rounds."""

    input: str
    megabytes: float
    files: int
    wall: float
    cpu: float
    peak: float | None
    rival: float | None


def scaling(rows: Sequence[Row]) -> str:
    """Return seconds by size and by number of files; nothing for fewer than three inputs."""
    rival = {r.input: r.wall for r in rows if (r.tool, r.case) == ("ccusage", "cold")}
    cold = [
        Size(r.input, r.megabytes, r.files, r.wall, r.cpu, r.peak_mib, rival.get(r.input))
        for r in rows
        if (r.tool, r.case) == ("ours", "cold") and r.wall is not None and r.cpu is not None
    ]
    if len(cold) < 3:
        return ""
    cold.sort(key=lambda size: (size.input[0], size.megabytes, size.files))
    plain = {k: [s for s in cold if re.fullmatch(rf"{k}\d+", s.input)] for k in "RS"}
    cut = [size for size in cold if "x" in size.input]
    said = [_slopes(kind, sizes) for kind, sizes in plain.items() if len(sizes) >= 3]
    said += [_a_file(few, many) for few, many in pairwise(cut)]
    head = ["input", "MB", "files", "cold", "a GB", "cpu a GB", "peak", "of ccusage"]
    return "\n\n".join([table(head, map(_line, cold)), *said])


def _line(size: Size) -> list[str]:
    gigabytes = size.megabytes / 1000
    return [
        size.input,
        f"{size.megabytes:,.0f}",
        f"{size.files:,}",
        seconds(size.wall),
        seconds(size.wall / gigabytes),
        seconds(size.cpu / gigabytes),
        mib(size.peak),
        f"{size.wall / size.rival:.2f}" if size.rival else "",
    ]


def _slopes(kind: str, sizes: Sequence[Size]) -> str:
    """Say what each further GB takes, and whether it is the same everywhere."""
    steps = [*pairwise(sizes)]
    each = [1000 * (b.cpu - a.cpu) / (b.megabytes - a.megabytes) for a, b in steps]
    said = ", ".join(
        f"{seconds(slope)} from {a.megabytes:,.0f} to {b.megabytes:,.0f} MB"
        for slope, (a, b) in zip(each, steps, strict=True)
    )
    linear = 0 < max(each) <= LINEAR * min(each)
    return (
        f"{kind}, cpu of each further GB: {said}. That is {'' if linear else 'not '}linear, if the "
        f"dearest may be {LINEAR:g} times the cheapest."
    )


def _a_file(few: Size, many: Size) -> str:
    """Say what a file more takes when the bytes stay the same."""
    more = (many.cpu - few.cpu) / (many.files - few.files)
    return (
        f"{many.input} and {few.input} are the same bytes: {more * 1e6:.0f} µs of cpu a file more."
    )
