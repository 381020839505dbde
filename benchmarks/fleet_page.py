"""The end of `docs/fleet.md`: what a fleet costs, and what a terabyte and a hundred would take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from analysis.paths import ROOT
from benchmarks.fleet_results import Row
from benchmarks.text import mib, seconds, table

PAGE = ROOT / "docs" / "fleet.md"

#: What the section begins with; all that follows is written by the benchmark.
TITLE = "## What it costs, and how far it goes"

#: What is asked of two workers at 64 MB, over one process.
AT_MOST = 1.2

#: The plan's sizes in terabytes, and the minutes that its reading is to take.
TERABYTES, MINUTES = (1, 100), 60

#: Memory of the machine that combines, in GiB, of which its tables may have half.
MEMORY_GIB = 64

_TERABYTE = 10**6  # megabytes
_MILLION = 10**6
_CASES = {
    "one process": "one process, no cluster",
    "all cores": "this machine's own workers, no cluster",
    "64 MB": "two workers of Dask, 64 MB",
}


class Measured(NamedTuple):
    """What the plan is made of."""

    mean: float  # megabytes of a partition
    read: float  # seconds of a core for a megabyte
    overhead: float  # seconds of a partition
    combine: float  # seconds for a million requests
    requests: float  # of a megabyte
    files: float  # of a megabyte
    weight: float  # megabytes of partials for one of logs
    memory: float  # MiB for a million requests, at once
    plan: float  # megabytes of memory to plan the files of one


def section(rows: Sequence[Row]) -> str:
    """Return the section: what was measured, and the plan that follows."""
    lead = (
        f"{TITLE}\n\n`python -m benchmarks.fleet --folder FOLDER` measures this and writes this "
        "section. "
    )
    if not rows:
        return f"{lead}Nothing has been measured yet.\n"
    return "\n\n".join([lead + _beside(rows), _memory(rows), _plan(measured(rows))]) + "\n"


def _beside(rows: Sequence[Row]) -> str:
    timed = {row.name: row for row in rows if row.kind == "load"}
    one = timed["one process"]
    lines = [
        [
            _CASES.get(row.name, "two workers of Dask"),
            "" if row.name in ("one process", "all cores") else f"{row.partitions:,}",
            seconds(row.value),
            f"{seconds(row.least)} to {seconds(row.most)}",
            f"{row.value / one.value:.2f}",
        ]
        for row in timed.values()
    ]
    told = table(["loaded by", "partitions", "median", "least to most", "of one process"], lines)
    ratio = timed["64 MB"].value / one.value
    verdict = "That is kept" if ratio <= AT_MOST else "That is missed"
    return (
        f"Loads of the same {one.megabytes:,.0f} MB of real sessions, tiled, on two cores, from "
        "logs to a dataset; the start of the cluster is not counted.\n\n"
        f"{told}\n\n"
        f"Two workers at 64 MB were to take at most {AT_MOST:g} times what one process takes. "
        f"{verdict}: {ratio:.2f}. A partition more costs "
        f"{1000 * measured(rows).overhead:.1f} ms, by the difference between the most and the "
        "fewest partitions: the scheduler's work, a partial written and read again, and its rows "
        "put among the others."
    )


def _memory(rows: Sequence[Row]) -> str:
    used = [row for row in rows if row.kind == "memory"]
    sizes = sorted({row.megabytes for row in used})
    by = {(row.megabytes, row.name): row.value for row in used}
    lines = [
        [
            f"{size:.1f} million",
            *(mib(by[size, how]) for how in ("nothing", "at once", "in buckets")),
        ]
        for size in sizes
    ]
    told = table(["requests", "Python and polars", "at once", "in buckets of a million"], lines)
    flat = by[sizes[-1], "in buckets"] / by[sizes[0], "in buckets"]
    return (
        "The combine holds the rows of one partition; counting what they say, and every notebook, "
        f"holds all requests. The most memory of a process that resolves them:\n\n{told}\n\n"
        f"At once it is {measured(rows).memory:,.0f} MiB for each million more; in buckets, "
        f"{sizes[-1] / sizes[0]:.0f} times the requests take {flat:.2f} times the memory."
    )


def measured(rows: Sequence[Row]) -> Measured:
    """Return what a plan is made of."""
    timed = {row.name: row for row in rows if row.kind == "load"}
    cut = sorted((r for r in timed.values() if r.partitions > 1), key=lambda row: row.partitions)
    few, many = cut[0], cut[-1]
    step = {row.name: row for row in rows if row.kind in ("step", "weight", "count")}
    size = step["read"].megabytes
    at_once = sorted(
        (row.megabytes, row.value) for row in rows if (row.kind, row.name) == ("memory", "at once")
    )
    (low, less), (high, more) = at_once[0], at_once[-1]
    return Measured(
        mean=size / step["read"].partitions,
        read=step["read"].value / size,
        overhead=max((many.value - few.value) / (many.partitions - few.partitions), 0.0),
        combine=step["combine"].value / step["requests"].value * _MILLION,
        requests=step["requests"].value / size,
        files=step["files"].value / size,
        weight=step["partials"].value / size,
        memory=(more - less) / (high - low),
        plan=step["plan"].value / size,
    )


def _plan(of: Measured) -> str:
    ends = MEMORY_GIB * 1024 / 2 / of.memory * _MILLION / of.requests  # megabytes
    columns = [_planned(of, terabytes * _TERABYTE) for terabytes in TERABYTES]
    told = table(
        ["", *(f"{t:,} TB" for t in TERABYTES)],
        [[name, *(column[name] for column in columns)] for name in columns[0]],
    )
    return (
        "### A terabyte, and a hundred\n\n"
        "Computed from what was measured above, and measured nowhere. Assumed: logs like these, "
        f"stored plain ({of.requests:,.0f} requests and {of.files:.1f} files a megabyte), cores "
        "like these, and a storage and a network that keep up with the workers. Where they do not, "
        "bytes over bandwidth is the time. For gzip and zstd the bytes to fetch are fewer and the "
        f"rest is as it is.\n\n{told}\n\n"
        f"**Where one machine's memory ends.** A machine of {MEMORY_GIB} GiB that gives half of "
        f"them to tables holds {MEMORY_GIB * 1024 / 2 / of.memory:,.0f} million requests, "
        f"{ends / _TERABYTE:.1f} TB of such logs. A load goes on beyond it: more than 20 million "
        "copies are counted in buckets. The notebooks do not: narrow first, by project or days, or "
        "take requests from `analysis.logs.buckets.by_request`, a bucket at a time. Planning holds "
        "the list of all files, so very many are loaded in parts, each address a dataset of its "
        "own.\n\n"
        "Not in these numbers: what a storage takes to answer. A partial in object storage is "
        "asked for by its worker, written, read by the machine that combines, one after the "
        "other, and removed."
    )


def _planned(of: Measured, megabytes: float) -> dict[str, str]:
    partitions = megabytes / of.mean
    core = megabytes * of.read
    workers = max(core / (MINUTES * 60), 1)
    requests = megabytes * of.requests / _MILLION
    sends = partitions * of.overhead + requests * of.combine
    return {
        "partitions": f"{partitions:,.0f}",
        "hours of a core to read them": f"{core / 3600:,.0f}",
        f"workers, to read in {MINUTES} minutes": f"{workers:,.0f}",
        "minutes of the machine that combines": f"{sends / 60:,.0f}",
        "LIST requests, of 1,000 objects": f"{megabytes * of.files / 1000:,.0f}",
        "GET requests, one an object": f"{megabytes * of.files / _MILLION:,.1f} million",
        "partials": f"{megabytes * of.weight / 1000:,.1f} GB",
        "requests": f"{requests:,.0f} million",
        "memory to plan it at once": f"{megabytes * of.plan / 1000:,.1f} GB",
        "memory for all requests at once": f"{requests * of.memory / 1024:,.0f} GiB",
        "buckets of five million": f"{max(requests / 5, 1):,.0f}",
    }


def write(rows: Sequence[Row]) -> None:
    """Write the section in place of what the page has."""
    before = PAGE.read_text().partition(f"{TITLE}\n")[0]
    PAGE.write_text(before + section(rows))
