"""The store: immutable Parquet batches of tables without names, and a private manifest.

A load adds one batch with the files that are new or have changed. The private manifest says which
file numbers are live; its rename is the commit, so a load that dies leaves the dataset as it was,
and the next one finishes what it left. Files that are gone from disk keep their rows: logs are
deleted after 30 days, history is not.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis import paths
from analysis.logs import batches, discover, stamps
from analysis.logs.discover import Listed, LogFile
from analysis.logs.files import (
    StoreError,
    again,
    check_name,
    digest_of_manifest,
    folder,
    locked,
    public,
    unsealed,
)

if TYPE_CHECKING:
    from analysis.logs.dataset import Logs
    from analysis.logs.manifest import Rows

Progress = Callable[[list[LogFile], int], Iterable[LogFile]]

#: Bytes of new logs from which a load is large: it says how much there is, and takes its speed.
LARGE = 200_000_000

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
    progress: Progress = lambda files, size: files,
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
        raise discover.none_in(roots)
    if (done := _unchanged(check_name(name), roots, listed, keep=keep)) is not None:
        return done
    from analysis.logs import update

    with locked(folder(name) / ".lock"):
        manifest = update.opened(name, roots, keep=keep)
        news = update.news(name, manifest, listed, keep=keep)
        manifest.listed = now
        lost = update.carry_out(name, manifest, news, listed, progress, keep=keep)
    gone = len(manifest.files.keys() - listed.keys())
    return Loaded(name, len(listed), len(news.changed), gone, len(lost), tuple(lost))


def _unchanged(
    name: str, roots: list[Path], listed: Mapping[str, Listed], *, keep: bool
) -> Loaded | None:
    """Return what there is if all is as the last load left it; null when it has to be looked at."""
    known = _public(name)
    if known is None or known.get("listing") != stamps.listing(roots, listed):
        return None
    gone = known["summary"]["files"] - len(listed)
    if known["manifest"] != digest_of_manifest(name) or (not keep and (gone or known["kept"])):
        return None
    if batches.damaged(folder(name), known["batches"]):
        return None
    return Loaded(name, len(listed), 0, gone)


def _public(name: str) -> dict[str, Any] | None:
    """Read the public part of a dataset; null when it is not whole."""
    try:
        whole = unsealed(public(name).read_bytes())
    except FileNotFoundError:
        return None
    return json.loads(whole[1]) if whole else None


def summary(name: str) -> dict[str, Any] | None:
    """Return what a dataset says, as counted when its tables last changed; null without one."""
    known = _public(name)
    return known["summary"] if known else None


def only_here(name: str) -> int:
    """Return how many files have rows in a dataset that cannot be read from disk again."""
    from analysis.logs.manifest import read_dataset, read_manifest

    manifest = read_manifest(check_name(name))
    if manifest is not None:
        return len(manifest.kept) + sum(not Path(path).exists() for path in manifest.files)
    dataset = read_dataset(name)  # nothing says which logs the tables are of
    return len(dataset.live) if dataset else len([*folder(name).glob("batch-*")])


def speed(name: str) -> float:
    """Return how many bytes a second the last large load read."""
    from analysis.logs.manifest import read_manifest

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
    from analysis.logs.manifest import read_dataset, read_manifest

    if not public(check_name(name)).exists():
        known = ", ".join(datasets()) or "none yet"
        raise StoreError(
            f"no dataset {name!r} (there are: {known}): `make data LOGS=... NAME={name}`"
        )
    with locked(folder(name) / ".lock"):
        dataset = read_dataset(name)
        if dataset is None:
            raise StoreError(
                f"{public(name)} is damaged or of an earlier version: {again(name)} writes it anew"
            )

        def table(kind: str, more: list[int]) -> pl.DataFrame:
            wanted = [pl.col(n).cast(t) for n, t in schema.dtypes(kind).items()]
            rows = batches.table(folder(name), dataset.batches, kind, wanted)
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
