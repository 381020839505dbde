"""Read log files into one new batch."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.logs import batches
from analysis.logs.manifest import Log, Manifest, Rows, Stamp

if TYPE_CHECKING:
    from analysis.logs.discover import Listed, LogFile

#: Source files that decide what a log becomes; when one changes, files at hand are read again.
PARSER = (
    "logs/limits.py",
    "logs/scan.py",
    "logs/usage.py",
    "logs/records.py",
    "logs/names.py",
    "schema.py",
    "models.py",
)


def parser() -> str:
    """Return the version of the parser, by which batches are named."""
    package = Path(__file__).parents[1]
    return hashlib.sha256(b"".join((package / p).read_bytes() for p in PARSER)).hexdigest()[:8]


def add_batch(
    folder: Path, manifest: Manifest, files: Iterable[LogFile], listed: Mapping[str, Listed]
) -> None:
    """Read files into a batch of a dataset's folder and enter them in the manifest.

    The caller commits the manifest.
    """
    import polars as pl

    from analysis import schema
    from analysis.logs.scan import scan
    from analysis.models import public_name

    key = bytes.fromhex(manifest.key)
    rows: dict[str, list[Any]] = {"copies": [], "events": [], "files": []}
    batch = f"batch-{manifest.next:06d}-{parser()}"
    for log in files:
        path, number = str(log.path), manifest.next
        old, size = manifest.files.get(path), bytes_of(listed[path].stat)
        found = scan(log, number, _label(manifest.projects, "project", log.project), key)
        unread = found.ledger["skipped"] is not None
        if unread and old:  # what was read of it before stands, and it is tried again
            old.stat = None
            continue
        if old and old.prefix != prefix(path, old.size):
            manifest.kept.append(Rows(*(getattr(old, f) for f in Rows.__struct_fields__)))
        manifest.next += 1
        rows["copies"] += found.copies
        rows["events"] += found.events
        rows["files"].append([found.ledger[c.name] for c in schema.FILES])
        said = {k: sorted(v) for k, v in found.names.items()}
        entry = Log(number, batch, size=size, prefix=prefix(path, size), names=said)
        entry.stat = None if unread else stamp(listed[path].stat)
        manifest.files[path] = entry
        for model in said["models"]:
            _label(manifest.models, "other", model)
    if not rows["files"]:
        return
    target = folder / batch
    making = target.with_name(f".{batch}.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    models = {public_name(model, key): label for model, label in manifest.models.items()}
    for table, found_rows in rows.items():
        frame = pl.DataFrame(found_rows, schema=schema.dtypes(table), orient="row")
        frame = frame.with_columns(pl.col("^(model|detail)$").replace(models))
        if not schema.fits(frame, table):
            schema.validate(frame, table)
        frame.write_parquet(making / f"{table}.parquet")
    manifest.batches[batch] = batches.seal(making)
    _measure(manifest, batch, making)
    shutil.rmtree(target, ignore_errors=True)
    making.rename(target)


def _measure(manifest: Manifest, batch: str, folder: Path) -> None:
    """Enter how much the files of a new batch say: what is lost if it is lost."""
    said = batches.extents(folder)
    for log in manifest.files.values():
        if log.batch == batch:
            log.lines, log.requests, log.first, log.last = said[log.number]


def _label(labels: dict[str, str], word: str, name: str) -> str:
    """Return a name's label; labels are given in order of appearance and never move."""
    return labels.setdefault(name, f"{word}-{len(labels) + 1:02d}")


def stamp(found: os.stat_result | None) -> Stamp | None:
    """Return what changes when a file does; null when it cannot be read."""
    return found and (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def bytes_of(found: os.stat_result | None) -> int:
    """Return a file's size; 0 when it cannot be read."""
    return found.st_size if found else 0


def prefix(path: str, size: int) -> str | None:
    """Return a digest of both ends of a file's first `size` bytes; a log that grew keeps it."""
    try:
        with open(path, "rb") as stream:
            head = stream.read(min(size, 4096))
            stream.seek(max(size - 4096, 0))
            tail = stream.read(min(size, 4096))
    except OSError:
        return None
    return hashlib.sha256(head + tail).hexdigest()[:16]
