"""What a load has to do, and doing it: compare with the disk, read what is new, commit."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import structs

from analysis.logs import batches, ingest, places, stamps
from analysis.logs.discover import Listed
from analysis.logs.files import PRIVATE, StoreError, digest_of_manifest, folder, private, public
from analysis.logs.manifest import (
    Dataset,
    Log,
    Manifest,
    Old,
    Rows,
    read_dataset,
    read_manifest,
    write,
)
from analysis.logs.places import is_address
from analysis.logs.store import LARGE, Progress
from analysis.logs.summary import summarise


def opened(name: str, roots: Sequence[Path | str], *, keep: bool) -> Manifest:
    """Return the manifest of a dataset of these roots: a new one if there is none."""
    wanted = [str(r) for r in roots]
    found = existing(name) if keep or read_manifest(name) else None
    if found is None:
        return Manifest(wanted, os.urandom(16).hex())
    if not found.roots:  # all it has was imported
        found.roots = wanted
    if found.roots != wanted and not keep:  # the checkout was moved
        found.roots, found.files, found.kept = wanted, {}, []
    if found.roots != wanted:
        raise StoreError(
            f"dataset {name!r} holds the logs of {', '.join(found.roots)}: "
            f"give these another name with NAME=..., or `make clean NAME={name}` to start over"
        )
    return found


def existing(name: str) -> Manifest | None:
    """Return the manifest of a dataset, as this release has it; null where there is none."""
    found = read_manifest(name)
    if found is None and public(name).exists():
        raise StoreError(
            f"{private(name)} is gone, which says what the tables of {name!r} are of: bring it "
            f"back, take another NAME, or `make clean NAME={name} FORCE=yes` to start over"
        )
    return _upgraded(name, found) if isinstance(found, Old) else found


def _upgraded(name: str, old: Old) -> Manifest:
    """Take the batches of the first release as they are now: it had no digests to compare with."""
    found = Manifest(*(getattr(old, f) for f in Manifest.__struct_fields__))
    for batch in {rows.batch for rows in found.rows()}:
        parts = batches.seal(folder(name) / batch)
        if {batches.kind_of(part) for part in parts} >= set(batches.STORED):
            found.batches[batch] = parts
    return found


class News(NamedTuple):
    """What is to be done: logs to read, batches that are damaged, and whether logs are gone."""

    changed: list[str]
    damaged: set[str]
    gone: bool


def news(name: str, manifest: Manifest, listed: Mapping[str, Listed], *, keep: bool) -> News:
    """Compare a dataset with the disk."""
    damaged = batches.damaged(folder(name), manifest.batches)
    damaged |= {rows.batch for rows in manifest.rows()} - set(manifest.batches)
    parser = stamps.parser()
    sound = {b for b in manifest.batches if b.endswith(parser)} - damaged
    changed = [
        path
        for path, found in listed.items()
        if (log := manifest.files.get(path)) is None
        or log.batch not in sound
        or log.stat != (now := stamps.stamp(found.stat))
        or (now and stamps.racy(now, manifest.listed) and _rewritten(path, log))
    ]
    gone = not keep and bool(manifest.kept or manifest.files.keys() - listed.keys())
    return News(changed, damaged, gone)


def carry_out(
    name: str,
    manifest: Manifest,
    todo: News,
    listed: Mapping[str, Listed],
    progress: Progress,
    *,
    keep: bool,
    parts: ingest.Parts | None = None,
) -> list[Rows]:
    """Do what there is to do; return what is lost for good."""
    lost = _drop_damaged(manifest, todo.damaged, listed)
    if not keep:
        manifest.files = {p: log for p, log in manifest.files.items() if p in listed}
    if todo.changed:
        logs = places.placed({path: listed[path] for path in todo.changed})
        begun = time.perf_counter()
        size = ingest.add_batch(folder(name), manifest, logs, listed, progress, parts)
        if size >= LARGE:
            manifest.speed = size / (time.perf_counter() - begun)
    if not keep:  # nor what was rewritten
        manifest.kept = []
    marked = _mark_gone(manifest, listed)
    forget_batches(manifest)
    if marked or todo.changed or todo.damaged or todo.gone:
        write(private(name), manifest, PRIVATE)
    dataset = read_dataset(name)
    if dataset is None or not dataset.tells(manifest):
        publish(name, manifest, _seen(manifest, listed))
    elif (seen := _seen(manifest, listed)) is not None:
        _look_sooner(
            name, structs.replace(dataset, listing=seen, manifest=digest_of_manifest(name))
        )
    return lost


def forget_batches(manifest: Manifest) -> None:
    """Leave out the batches in which nothing is live."""
    live = {rows.batch for rows in manifest.rows()}
    manifest.batches = {b: parts for b, parts in manifest.batches.items() if b in live}


def _mark_gone(manifest: Manifest, listed: Mapping[str, Listed]) -> bool:
    """Note which logs are gone since the last load, or have come back; return whether any.

    What lies in a folder that cannot be listed now is not known to be gone; what could never be
    read and is there no more, such as that folder once it can be listed, is forgotten.
    """
    day = dt.datetime.fromtimestamp(manifest.listed // 10**9, dt.UTC).date().isoformat()
    hidden = tuple(path + os.sep for path, found in listed.items() if found.stat is None)
    marked = False
    for path, log in list(manifest.files.items()):
        if path not in listed and log.stat is None and log.prefix is None and not log.imported:
            del manifest.files[path]
            marked = True
        away = path not in listed and not path.startswith(hidden)
        if log.imported is None and away != (log.gone is not None):
            log.gone, marked = day if away else None, True
    return marked


def publish(name: str, manifest: Manifest, listing: str | None) -> Dataset:
    """Write what the tables are, for those who read them and for the next load; return it."""
    summary = summarise(folder(name), manifest)
    dataset = Dataset.of(manifest, summary, digest_of_manifest(name), listing)
    write(public(name), dataset)
    batches.sweep(folder(name), manifest.batches)
    return dataset


def _seen(manifest: Manifest, listed: Mapping[str, Listed]) -> str | None:
    """Return the digest by which the next load tells that nothing has changed, if it can."""
    told = all(
        (stamp := stamps.stamp(found.stat)) == manifest.files[path].stat
        and not (stamp and stamps.racy(stamp, manifest.listed))
        for path, found in listed.items()
    )
    return stamps.listing(map(Path, manifest.roots), listed) if told else None


def _look_sooner(name: str, dataset: Dataset) -> None:
    """Note what a load has seen; the tables are the same, so the file keeps its time for make."""
    then = public(name).stat()
    write(public(name), dataset)
    os.utime(public(name), ns=(then.st_atime_ns, then.st_mtime_ns))


def _drop_damaged(
    manifest: Manifest, damaged: set[str], listed: Mapping[str, Listed]
) -> list[Rows]:
    """Forget rows that cannot be believed; return those that cannot be read again."""
    broken = {path: log for path, log in manifest.files.items() if log.batch in damaged}
    lost: list[Rows] = [r for r in manifest.kept if r.batch in damaged]
    lost += [log for path, log in broken.items() if path not in listed or _rewritten(path, log)]
    manifest.files = {p: log for p, log in manifest.files.items() if p not in broken}
    manifest.kept = [r for r in manifest.kept if r.batch not in damaged]
    return lost


def _rewritten(path: str, log: Log) -> bool:
    """Return whether a file does not begin as it did when it was read.

    An object does, as long as its stamp is the same.
    """
    return (
        not is_address(path)
        and log.prefix is not None
        and log.prefix != stamps.prefix(path, log.size)
    )
