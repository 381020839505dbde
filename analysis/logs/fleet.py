"""The same load on many machines: partitions planned here, read by a Dask cluster, combined here.

The scan, the store and every rule are those of one machine. `plan`, `load_part` and `combine` need
no engine: `load` runs them on Dask, and docs/fleet.md on Ray. Dask is imported by
`analysis.logs.cluster` alone, and only when a cluster is asked for.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.logs import partial, places, shelf, update
from analysis.logs.discover import Listed, none_in
from analysis.logs.files import (
    PRIVATE,
    StoreError,
    check_name,
    folder,
    locked,
    private,
    refuse_team,
)
from analysis.logs.frames import Framed
from analysis.logs.ingest import Parts
from analysis.logs.manifest import Manifest, read_manifest, write
from analysis.logs.partial import SIZE, Partition, load_part
from analysis.logs.parts import Task
from analysis.logs.store import Loaded, Progress

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FleetError", "Plan", "combine", "given", "load", "load_part", "plan"]


class FleetError(Exception):
    """A fleet cannot go on; says what is done, what is not, and how to go on from there."""


class Plan(NamedTuple):
    """What a load has to read: the listing at a time, in ns, and its new logs in partitions."""

    name: str
    key: bytes
    roots: list[str]
    listed: dict[str, Listed]
    at: int
    keep: bool
    partitions: list[Partition]


def plan(name: str, logs: str, *, keep: bool = True, size: int = SIZE) -> Plan:
    """List logs, compare them with a dataset, and pack what is new or has changed.

    Parameters
    ----------
    name
        The dataset; it need not be there.
    logs
        Folders on this machine or addresses, as `LOGS=` takes them.
    keep
        Whether files that are gone stay in the dataset.
    size
        Bytes of a partition: it has between this and twice as much.

    Raises
    ------
    NoLogsError
        When nothing is there to read.
    PlaceError
        When an address cannot be listed.
    StoreError
        When the name already holds other logs.

    Examples
    --------
    Of what is loaded nothing is left to read:

    >>> from analysis.paths import SAMPLE
    >>> plan("sample", str(SAMPLE)).partitions
    []
    """
    refuse_team(check_name(name))
    at = time.time_ns()
    roots = places.roots(logs)
    listed = places.listed(roots, known=_known_roots(name) if keep else ())
    if not listed and not (keep and private(name).exists()):
        none_in(roots)
    with locked(folder(name) / ".lock"):
        manifest = update.opened(name, roots, keep=keep)
        if read_manifest(name) is None:  # labels are made with its key: who goes on needs the same
            write(private(name), Manifest([], manifest.key), PRIVATE)
        changed = update.news(name, manifest, listed, keep=keep).changed
    logs_of = places.placed({path: listed[path] for path in changed})
    key = bytes.fromhex(manifest.key)
    packed = partial.partitions(logs_of, listed, key, size)
    return Plan(name, key, roots, listed, at, keep, packed)


def _known_roots(name: str) -> list[str]:
    """Return the roots of a dataset's logs; none where there is no dataset."""
    found = read_manifest(name)
    return found.roots if found and found.files else []


def combine(
    work: Plan, tables: Iterable[pa.Table], progress: Progress = lambda files, size: files
) -> Loaded:
    """Bring a dataset up to date with what partitions say.

    Parameters
    ----------
    work
        The plan.
    tables
        What `load_part` returned of its partitions, in any order, from whatever engine.
    progress
        As of `store.load_logs`.

    Raises
    ------
    FleetError
        When a partition is missing. Nothing was changed.
    StoreError
        When another load of the dataset came between.
    """
    with locked(folder(work.name) / ".lock"):
        manifest = update.opened(work.name, work.roots, keep=work.keep)
        if manifest.listed > work.at or bytes.fromhex(manifest.key) != work.key:
            raise StoreError(f"another load of {work.name!r} came between: start this one again")
        news = update.news(work.name, manifest, work.listed, keep=work.keep)
        manifest.listed = work.at

        lost = update.carry_out(
            work.name,
            manifest,
            news,
            work.listed,
            progress,
            keep=work.keep,
            parts=given(work.partitions, tables),
        )
    return Loaded.of(work.name, work.listed, news, lost, manifest)


def given(partitions: Iterable[Partition], tables: Iterable[pa.Table]) -> Parts:
    """Return what reads files for a batch where others have read them already.

    Parameters
    ----------
    partitions
        In which the files are.
    tables
        What `load_part` returned of them, in any order; of other partitions nothing is taken.

    Raises
    ------
    FleetError
        When a file is in none that came.
    """

    def parts(tasks: Sequence[Task], key: bytes) -> Generator[Framed]:
        of = {part.name: part for part in partitions}
        left = {task.path: task for task in tasks}
        for table in tables:
            part = of.pop(partial.name_of(table), None)
            if part is None:  # it came twice
                continue
            own = ((task.file, left.pop(task.path, None)) for task in part.tasks)
            yield partial.framed(table, {n: (t.file, t.project) for n, t in own if t is not None})
        if left:
            raise FleetError(
                f"{len(left):,} of {len(tasks):,} files are in no partition that came: nothing "
                "was changed; run what is missing, then combine again"
            )

    return parts


def load(
    name: str,
    logs: str,
    cluster: Any = None,
    progress: Progress = lambda files, size: files,
    *,
    keep: bool = True,
    partials: str = "",
    size: int = SIZE,
) -> Loaded:
    """Bring a dataset up to date on a Dask cluster.

    A load that was stopped, however, goes on where it was: what has its partial is not read again.

    Parameters
    ----------
    name, logs, progress, keep, size
        As of `plan` and `store.load_logs`.
    cluster
        A `distributed.Client`, the address of a scheduler, or `local:4` for four workers on this
        machine; nothing reads all in this process.
    partials
        A folder or an address that all machines share, for what they hand each other; by default
        `data/private/NAME/partials` of this one. What is there is private.

    Raises
    ------
    FleetError
        When the cluster cannot be used, or some partitions cannot be read on it.
    """
    work = plan(name, logs, keep=keep, size=size)
    place = shelf.place_of(name, work.key, partials)
    if cluster is None or not work.partitions:
        done = combine(work, map(load_part, work.partitions), progress)
    else:
        from analysis.logs.cluster import Run, connected

        shelf.prepare(place)
        with (
            connected(cluster) as client,
            closing(Run(client, place).tables(work.partitions)) as tables,
        ):
            done = combine(work, tables, progress)
    shelf.clear(place)
    return done
