"""Read log files into one new batch."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.logs import batches, stamps
from analysis.logs.discover import Listed, LogFile
from analysis.logs.manifest import Log, Manifest, Rows

if TYPE_CHECKING:
    from analysis.logs.frames import Framed
    from analysis.logs.parts import Part, Task

#: Reads files, with the dataset's secret: each of them is in exactly one part.
Parts = Callable[[Sequence["Task"], bytes], Generator["Part | Framed"]]

#: Wraps the files to read and their size in bytes; it is asked for the next when one is read.
Progress = Callable[[list[LogFile], int], Iterable[LogFile]]


def add_batch(
    folder: Path,
    manifest: Manifest,
    logs: list[LogFile],
    listed: Mapping[str, Listed],
    progress: Progress = lambda files, size: files,
    parts: Parts | None = None,
) -> int:
    """Read logs into a batch of a dataset's folder and enter them in the manifest.

    The caller commits the manifest.

    Parameters
    ----------
    parts
        What reads the files; by default this machine, with all its cores.

    Returns
    -------
    int
        How many bytes there were to read.

    Raises
    ------
    StoreError
        When the batch cannot be written.
    """
    import shutil
    from contextlib import closing

    from analysis.logs.frames import Writer, relabel
    from analysis.logs.grown import before
    from analysis.logs.parts import Task
    from analysis.models import public_name

    if parts is None:
        from analysis.logs import workers

        parts = workers.parts
    key = bytes.fromhex(manifest.key)
    batch = f"batch-{manifest.next:06d}-{stamps.parser()}"
    sizes = {log.place: stamps.bytes_of(listed[log.place].stat) for log in logs}
    grew = [p for p, size in sizes.items() if _only_grew(manifest.files.get(p), p, size)]
    known = before(folder, manifest, grew) if grew else {}
    tasks, by_number = [], {}
    for number, log in enumerate(logs, manifest.next):
        project = label(manifest.projects, "project", log.project)
        path = log.place
        tasks.append(Task.of(log, number, project, sizes[path], known.get(path)))
        by_number[number] = log
    manifest.next += len(tasks)
    making = folder / f".{batch}.making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    entries: dict[int, Log] = {}

    writer, size = Writer(making), sum(task.left for task in tasks)
    steps = iter(progress(logs, size))
    with closing(parts(tasks, key)) as read:
        for part in read:
            unread = set()
            for number, found in part.found.items():
                next(steps, None)
                path = by_number[number].place
                if found.skipped and (old := manifest.files.get(path)):
                    old.stat = None  # what was read of it before stands, and it is tried again
                    unread.add(number)
                    continue
                entry = Log(number, batch, prefix=found.prefix, names=found.names)
                entry.size = sizes[path]
                if found.skipped != "unreadable":  # that is tried again
                    entry.stat = stamps.stamp(listed[path].stat)
                entries[number] = entry
            writer.add(part, unread)
    writer.close()
    for _ in steps:  # a bar has an end
        pass
    rewritten = []
    for number, entry in sorted(entries.items()):
        path = by_number[number].place
        old = manifest.files.get(path)
        if old and old.prefix is not None and old.prefix != stamps.prefix(path, old.size):
            rewritten.append(old.before())
        manifest.files[path] = entry
        for model in entry.names["models"]:
            label(manifest.models, "other", model)
        if ids := entry.names.pop("ids", None):
            manifest.ids = sorted({*manifest.ids, *ids})
    _forget_moved(manifest, listed, {by_number[n].place: log for n, log in entries.items()})
    if not entries:
        shutil.rmtree(making)
        return size
    if any(entry.names["models"] for entry in entries.values()):
        labels = {public_name(model, key): label for model, label in manifest.models.items()}
        relabel(making, labels)
    manifest.kept += _unheld(folder, manifest, rewritten, making)
    manifest.batches[batch] = batches.seal(making)
    _measure(manifest, batch, making)
    target = folder / batch
    shutil.rmtree(target, ignore_errors=True)
    making.rename(target)
    return size


def _forget_moved(manifest: Manifest, listed: Mapping[str, Listed], new: Mapping[str, Log]) -> None:
    """Forget logs that are gone from where they were and have just been read elsewhere.

    Under another name only as they were; under their own also if they have grown since, as on
    another machine.
    """
    read = {(log.size, log.prefix) for log in new.values() if log.size and log.prefix is not None}
    by_name: dict[str, list[str]] = {}
    for path in new:
        by_name.setdefault(os.path.basename(path), []).append(path)
    for path, log in list(manifest.files.items()):
        if path in listed or not log.size or log.prefix is None:
            continue
        same = by_name.get(os.path.basename(path), ())
        grown = (p for p in same if new[p].size > log.size)
        if (log.size, log.prefix) in read or any(
            stamps.prefix(p, log.size) == log.prefix for p in grown
        ):
            del manifest.files[path]


def _unheld(folder: Path, manifest: Manifest, rewritten: list[Rows], making: Path) -> list[Rows]:
    """Return what rewritten logs said before, of those that have lost some of it."""
    if not rewritten:
        return []
    import polars as pl

    from analysis import schema
    from analysis.logs.overlap import unheld

    columns = schema.dtypes("copies").names()
    live = {rows.batch for rows in rewritten}
    sound = {batch: parts for batch, parts in manifest.batches.items() if batch in live}
    before = batches.table(folder, sound, "copies", columns)
    now = pl.read_parquet(sorted(making.glob("copies*.parquet")), columns=columns)
    lost = unheld([rows.number for rows in rewritten], before, now)
    return [rows for rows in rewritten if rows.number in lost]


def _only_grew(log: Log | None, path: str, size: int) -> bool:
    """Return whether a log begins as it did when this parser read it, and is longer."""
    if (
        log is None
        or log.stat is None
        or not log.size < size
        or not log.batch.endswith(stamps.parser())
    ):
        return False
    return log.prefix == stamps.prefix(path, log.size)


def _measure(manifest: Manifest, batch: str, folder: Path) -> None:
    """Enter how much the files of a new batch say: what is lost if it is lost."""
    said = batches.extents(folder)
    for log in manifest.files.values():
        if log.batch == batch:
            log.lines, log.requests, log.first, log.last = said[log.number]


def label(labels: dict[str, str], word: str, name: str) -> str:
    """Return a name's label; labels are given in order of appearance and never move."""
    return labels.setdefault(name, f"{word}-{len(labels) + 1:02d}")
