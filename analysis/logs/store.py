"""The store: immutable Parquet batches of tables without names, and a private manifest.

A load adds one batch with the files that are new or have changed. The private manifest says which
file numbers are live; its rename is the commit, so a load that dies leaves the dataset as it was,
and the next one finishes what it left. Files that are gone from disk keep their rows: logs are
deleted after 30 days, history is not.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from analysis import paths
from analysis.logs import batches, discover, update
from analysis.logs.discover import Listed
from analysis.logs.manifest import (
    Manifest,
    Rows,
    StoreError,
    Summary,
    again,
    check_name,
    public,
    read_dataset,
    read_manifest,
)

if TYPE_CHECKING:
    from analysis.logs.dataset import Logs


#: Bytes of new logs from which a load is large: it takes long enough to say so.
LARGE = update.LARGE

#: Bytes a second of a first large load, to say about how long it takes.
SPEED = 500e6


class Loaded(NamedTuple):
    """What a load did.

    Files found; read because new or changed; gone from disk, their rows kept; and lost, their
    rows damaged or removed while the log is gone too.
    """

    name: str
    files: int
    read: int
    gone: int
    lost: int = 0
    lost_rows: tuple[Rows, ...] = ()


def load_logs(
    name: str,
    logs: str,
    progress: update.Progress = lambda files, size: files,
    *,
    keep: bool = True,
) -> Loaded:
    """Bring dataset `name` up to date with the logs the user points at.

    Parameters
    ----------
    name
        Letters, digits, `-` and `_`.
    logs
        See `discover.roots`.
    progress
        Wraps the files to read and their total size in bytes, to show how far it is.
    keep
        Whether files that are gone from disk stay in the dataset.

    Raises
    ------
    discover.NoLogsError
        When nothing is there to read.
    StoreError
        When the name already holds other roots.
    """
    now = time.time_ns()
    roots = discover.roots(logs)
    listed = discover.listing(roots)
    if not listed:
        places = ", ".join(str(r) for r in roots)
        raise discover.NoLogsError(f"no *.jsonl logs under {places}: is this a Claude Code folder?")
    manifest = update.opened(check_name(name), roots, keep=keep)
    if (todo := update.news(name, manifest, listed, keep=keep)) is None:
        return _done(name, manifest, listed)
    with locked(paths.PROCESSED / name / ".lock"):
        manifest = update.opened(name, roots, keep=keep)  # another load may have been at work
        if (todo := update.news(name, manifest, listed, keep=keep)) is None:
            return _done(name, manifest, listed)
        manifest.listed = now
        lost = update.carry_out(name, manifest, todo, listed, progress, keep=keep)
        return _done(name, manifest, listed, len(todo.changed), lost)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock: whoever else wants it waits."""
    from filelock import FileLock

    lock = FileLock(path)
    while not lock.is_locked:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # the folder was removed by who held it
            lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _done(
    name: str,
    manifest: Manifest,
    listed: Mapping[str, Listed],
    read: int = 0,
    lost: Sequence[Rows] = (),
) -> Loaded:
    gone = len(manifest.files.keys() - listed.keys())
    return Loaded(name, len(listed), read, gone, len(lost), tuple(lost))


def summary(name: str) -> Summary | None:
    """Return what a dataset says, as counted when its tables last changed; null without one."""
    dataset = read_dataset(name)
    return dataset.summary if dataset else None


def only_here(name: str) -> int:
    """Return how many files have rows in a dataset that cannot be read from disk again."""
    manifest = read_manifest(check_name(name))
    if manifest is not None:
        return len(manifest.kept) + sum(not Path(path).exists() for path in manifest.files)
    dataset = read_dataset(name)  # nothing says which logs the tables are of
    return len(dataset.live) if dataset else len([*public(name).parent.glob("batch-*")])


def speed(name: str) -> float:
    """Return how many bytes a second the last large load read."""
    manifest = read_manifest(name)
    return manifest.speed if manifest and manifest.speed else SPEED


def read(name: str) -> Logs:
    """Read the tables of a dataset.

    Raises
    ------
    StoreError
        When there is no such dataset; lists those there are. When it is damaged; says where.
    """
    import polars as pl

    from analysis import schema
    from analysis.logs.dataset import Logs

    if not public(check_name(name)).exists():
        known = ", ".join(datasets()) or "none yet"
        raise StoreError(
            f"no dataset {name!r} (there are: {known}): `make data LOGS=... NAME={name}`"
        )
    folder = public(name).parent
    with locked(folder / ".lock"):
        dataset = read_dataset(name)
        if dataset is None:
            raise StoreError(
                f"{public(name)} is damaged or of an earlier version: {again(name)} writes it anew"
            )

        def table(kind: str, more: list[int]) -> pl.DataFrame:
            wanted = [pl.col(n).cast(t) for n, t in schema.dtypes(kind).items()]
            rows = batches.table(folder, dataset.batches, kind, wanted)
            return rows.filter(pl.col("file").is_in(dataset.live + more))

        copies, events = table("copies", dataset.kept), table("events", [])
        files = table("files", [])
        manifest = read_manifest(name)
    return Logs(
        name,
        copies,
        events,
        files,
        synthetic=bool(copies["message_id"].str.starts_with("msg_synthetic").any()),
        reconstruction=bool(copies["message_id"].str.starts_with("msg_reconstruction").any()),
        labels=manifest.models if manifest else {},
    )


def datasets() -> list[str]:
    """Return the names of the datasets there are."""
    return sorted(p.parent.name for p in paths.PROCESSED.glob("*/dataset.json"))
