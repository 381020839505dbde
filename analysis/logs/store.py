"""The store: immutable Parquet batches of tables without names, and a private manifest.

A load adds one batch with the files that are new or have changed. The private manifest says which
file numbers are live; its rename is the commit, so a load that dies leaves the dataset as it was,
and the next one finishes what it left. Files that are gone from disk keep their rows: logs are
deleted after 30 days, history is not.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from analysis import paths
from analysis.logs import batches, discover, places, stamps
from analysis.logs.discover import Listed, LogFile
from analysis.logs.files import (
    StoreError,
    again,
    check_name,
    digest_of_manifest,
    folder,
    locked,
    private,
    public,
    refuse_team,
    unsealed,
)

if TYPE_CHECKING:
    from analysis.logs.dataset import Logs
    from analysis.logs.manifest import Manifest, Rows
    from analysis.logs.update import News

Progress = Callable[[list[LogFile], int], Iterable[LogFile]]

#: Bytes of new logs from which a load is large: it says how much there is, and takes its speed.
LARGE = 200_000_000

#: Bytes a second of a first large load, to say about how long it takes.
SPEED = 500e6


class Loaded(NamedTuple):
    """What a load did.

    Files found; read because new or changed; gone from disk, their rows kept; lost, their rows
    damaged or removed while the log is gone too; and those that came from another dataset.
    """

    name: str
    files: int
    read: int
    gone: int
    lost: int = 0
    lost_rows: tuple[Rows, ...] = ()
    imported: int = 0

    @classmethod
    def of(
        cls,
        name: str,
        listed: Mapping[str, Listed],
        news: News,
        lost: Sequence[Rows],
        manifest: Manifest,
    ) -> Loaded:
        """Return what was done: found, looked for, lost, and what is there now."""
        away = [log.imported for log in manifest.files.values() if not log.here]
        gone, imported = away.count(None), len(away) - away.count(None)
        return cls(name, len(listed), len(news.changed), gone, len(lost), tuple(lost), imported)


def load_logs(
    name: str,
    logs: str,
    progress: Progress = lambda files, size: files,
    *,
    keep: bool = True,
    cluster: Any = None,
    partials: str = "",
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
    cluster, partials
        See `fleet.load`; without a cluster this machine reads them.

    Raises
    ------
    discover.NoLogsError
        When nothing is there to read.
    PlaceError
        When object storage does not give what it has.
    FleetError
        When a cluster cannot go on.
    StoreError
        When the name already holds other roots.
    """
    refuse_team(name)
    if cluster or places.is_address(logs):
        from analysis.logs import fleet

        return fleet.load(name, logs, cluster or None, progress, keep=keep, partials=partials)
    now = time.time_ns()
    roots = discover.roots(logs)
    listed = discover.listing(roots)
    if not listed and not (keep and private(check_name(name)).exists()):
        discover.none_in(roots)
    if (done := _unchanged(check_name(name), roots, listed, keep=keep)) is not None:
        return done
    from analysis.logs import update

    with locked(folder(name) / ".lock"):
        manifest = update.opened(name, roots, keep=keep)
        if manifest.listed > now:  # another load came between
            now, listed = time.time_ns(), discover.listing(roots)
        news = update.news(name, manifest, listed, keep=keep)
        manifest.listed = now
        lost = update.carry_out(name, manifest, news, listed, progress, keep=keep)
    return Loaded.of(name, listed, news, lost, manifest)


def _unchanged(
    name: str, roots: list[Path], listed: Mapping[str, Listed], *, keep: bool
) -> Loaded | None:
    """Return what there is if all is as the last load left it; null when it has to be looked at."""
    known = _public(name)
    if known is None or known.get("listing") != stamps.listing(roots, listed):
        return None
    away = known["summary"].get("away", 0)  # nought is not written
    imported = sum(map(len, known["imported"].values()))
    if known["manifest"] != digest_of_manifest(name) or (not keep and (away or known["kept"])):
        return None
    if batches.damaged(folder(name), known["batches"]):
        return None
    return Loaded(name, len(listed), 0, away - imported, imported=imported)


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
        files = manifest.files.items()
        return len(manifest.kept) + sum(
            log.imported is not None or log.gone is not None or not _may_be_there(path)
            for path, log in files
        )
    dataset = read_dataset(name)  # nothing says which logs the tables are of
    return len(dataset.live) if dataset else len([*folder(name).glob("batch-*")])


def _may_be_there(path: str) -> bool:
    return places.is_address(path) or Path(path).exists()


def imported(name: str) -> int:
    """Return how many files of a dataset came from another one and are not on this disk."""
    from analysis.logs.manifest import read_manifest

    manifest = read_manifest(name)
    return sum(log.imported is not None for log in manifest.files.values()) if manifest else 0


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
    from analysis.logs.dataset import Logs
    from analysis.logs.manifest import read_dataset, read_manifest

    if not public(check_name(name)).exists():
        missing(name)
    with locked(folder(name) / ".lock"):
        dataset = read_dataset(name)
        if dataset is None:
            raise StoreError(
                f"{public(name)} is damaged or of an earlier version: {again(name)} writes it anew"
            )

        copies, events, files = batches.tables(folder(name), dataset)
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


def is_place(text: str) -> bool:
    """Return whether a text says where logs are, rather than what a dataset is called.

    Examples
    --------
    >>> is_place("~/.claude"), is_place("auto"), is_place("sample")
    (True, True, False)
    """
    return text == "auto" or any(sign in text for sign in "/\\~,.")


def name_of(logs: str) -> str:
    """Return which dataset holds the logs that a text names; a name that is free if none does."""
    from analysis.logs.manifest import read_manifest

    roots = places.roots(logs)
    there = datasets()
    for name in there:
        if (manifest := read_manifest(name)) and manifest.roots == roots:
            return name
    names = ("mine", *(f"mine-{number}" for number in range(2, len(there) + 3)))
    return next(name for name in names if name not in there)


def missing(name: str) -> NoReturn:
    """Refuse a name that no dataset has."""
    refuse_team(name)
    known = ", ".join(datasets()) or "none yet"
    raise StoreError(f"no dataset {name!r} (there are: {known}): `make data LOGS=... NAME={name}`")


def datasets() -> list[str]:
    """Return the names of the datasets there are."""
    return sorted(p.parent.name for p in paths.PROCESSED.glob("*/dataset.json"))
