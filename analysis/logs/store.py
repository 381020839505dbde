"""The store: immutable Parquet batches of tables without names, and a private manifest.

A load adds one batch with the files that are new or have changed. The private manifest says which
file numbers are live; its rename is the commit, so a load that dies leaves the dataset as it was.
Files that are gone from disk keep their rows: logs are deleted after 30 days, history is not.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import paths
from analysis.logs import discover
from analysis.logs.discover import LogFile

if TYPE_CHECKING:
    from analysis.logs.dataset import Logs

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


#: The tables of a batch.
STORED = ("copies", "events", "files")


class StoreError(Exception):
    """A dataset cannot be used as asked; says what, where and what to do."""


@dataclass(frozen=True)
class Loaded:
    """What a load did.

    Files found; read because new or changed; gone from disk, their rows kept; and lost, their
    rows removed by somebody while the log is gone too.
    """

    name: str
    files: int
    read: int
    gone: int
    lost: int = 0


def public(name: str) -> Path:
    """Return the dataset file whose change means that the tables changed."""
    return paths.PROCESSED / name / "dataset.json"


def _private(name: str) -> Path:
    return paths.PRIVATE / name / "manifest.json"


def load_logs(
    name: str,
    logs: str,
    progress: Callable[[list[LogFile], int], Iterable[LogFile]] = lambda files, size: files,
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
    with locked(paths.PROCESSED / check_name(name) / ".lock"):
        return _load(name, discover.roots(logs), progress, keep=keep)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock: whoever else wants it waits."""
    from filelock import FileLock

    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path):
        yield


def _load(
    name: str,
    roots: list[Path],
    progress: Callable[[list[LogFile], int], Iterable[LogFile]],
    *,
    keep: bool,
) -> Loaded:
    found = discover.log_files(roots)
    if not found:
        places = ", ".join(str(r) for r in roots)
        raise discover.NoLogsError(f"no *.jsonl logs under {places}: is this a Claude Code folder?")
    manifest = _manifest(name, roots, keep=keep)
    parser, seen = _parser(), {str(f.path): _stat(f) for f in found}
    stale = manifest["parser"] != parser
    lost = _drop_lost(name, manifest, set(seen))
    known = manifest["files"]
    changed = [
        f for f in found if stale or known.get(str(f.path), {}).get("stat") != seen[str(f.path)]
    ]
    gone = set(known) - set(seen)
    dropped = bool(gone) and not keep
    if not keep:
        manifest |= {"files": {p: f for p, f in known.items() if p not in gone}, "kept": []}
    if changed:
        _sweep(name, manifest)
        manifest["parser"] = parser
        size = sum(seen[str(f.path)][2] for f in changed)
        _add_batch(name, manifest, progress(changed, size), seen)
        manifest["kept"] = manifest["kept"] if keep else []  # nor does it keep what was rewritten
    if changed or lost or dropped:
        _write(_private(name), manifest, mode=0o600)
    numbers = {
        "live": sorted(f["number"] for f in manifest["files"].values()),
        "kept": sorted(f["number"] for f in manifest["kept"]),
    }
    if _read(public(name)) != numbers:
        _write(public(name), numbers)
        _sweep(name, manifest)
    return Loaded(name, len(found), len(changed), len(gone) if keep else 0, lost)


def _entries(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is live: each file's rows, and those a file has lost since they were read."""
    return [*manifest["files"].values(), *manifest["kept"]]


def _drop_lost(name: str, manifest: dict[str, Any], seen: set[str]) -> int:
    """Forget rows whose batch somebody removed; return how many files cannot be read again."""
    there = {
        folder.name
        for folder in (paths.PROCESSED / name).glob("batch-*")
        if all((folder / f"{table}.parquet").exists() for table in STORED)
    }
    files = {p: f for p, f in manifest["files"].items() if f.get("batch") in there}
    kept = [f for f in manifest["kept"] if f["batch"] in there]
    lost = len(set(manifest["files"]) - set(files) - seen) + len(manifest["kept"]) - len(kept)
    manifest |= {"files": files, "kept": kept}
    return lost


def only_here(name: str) -> int:
    """Return how many files have rows in a dataset that cannot be read from disk again."""
    manifest = _read(_private(check_name(name)))
    if manifest is None:  # nothing says which logs the tables are of
        return len((_read(public(name)) or {"live": []})["live"])
    return len(manifest["kept"]) + sum(not Path(path).exists() for path in manifest["files"])


def check_name(name: str) -> str:
    """Return a dataset's name, or refuse it: it becomes the name of folders."""
    if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii():
        raise StoreError(f"NAME={name!r}: use letters, digits, - and _ only")
    return name


def _manifest(name: str, roots: list[Path], *, keep: bool) -> dict[str, Any]:
    wanted = [str(r) for r in roots]
    manifest: dict[str, Any] = {
        "roots": wanted,
        "parser": "",
        "key": secrets.token_hex(16),
        "next": 1,
        "files": {},
        "kept": [],
        "projects": {},
        "models": {},
    }
    found = _read(_private(name))
    if found is None and keep and public(name).exists():
        raise StoreError(
            f"{_private(name)} is gone, which says what the tables of {name!r} are of: bring it "
            f"back, take another NAME, or `make clean NAME={name} FORCE=yes` to start over"
        )
    manifest |= found or {}
    if manifest["roots"] != wanted and not keep:  # the checkout was moved
        manifest |= {"roots": wanted, "files": {}, "kept": []}
    if manifest["roots"] != wanted:
        raise StoreError(
            f"dataset {name!r} holds the logs of {', '.join(manifest['roots'])}: "
            f"give these another name with NAME=..., or `make clean NAME={name}` to start over"
        )
    return manifest


def _add_batch(
    name: str, manifest: dict[str, Any], files: Iterable[LogFile], seen: dict[str, list[int]]
) -> None:
    import polars as pl

    from analysis import schema
    from analysis.logs.scan import scan
    from analysis.models import public_name

    key = bytes.fromhex(manifest["key"])
    rows: dict[str, list[Any]] = {"copies": [], "events": [], "files": []}
    batch = f"batch-{manifest['next']:06d}"
    for log in files:
        number, old = manifest["next"], manifest["files"].get(str(log.path))
        found = scan(log, number, _label(manifest["projects"], "project", log.project), key)
        unread, stat = found.ledger["skipped"] is not None, seen[str(log.path)]
        if unread and old:  # what was read of it before stands, and it is tried again
            old["stat"] = None
            continue
        if old and old["prefix"] != _prefix(log.path, old["size"]):
            manifest["kept"].append({"number": old["number"], "batch": old["batch"]})
        manifest["next"] += 1
        rows["copies"] += found.copies
        rows["events"] += found.events
        rows["files"].append([found.ledger[c.name] for c in schema.FILES])
        said = {k: sorted(v) for k, v in found.names.items()}
        entry = {"number": number, "batch": batch, "stat": None if unread else stat}
        entry |= {"size": stat[2], "prefix": _prefix(log.path, stat[2])}
        manifest["files"][str(log.path)] = entry | said
        for model in said["models"]:
            _label(manifest["models"], "other", model)
    if not rows["files"]:
        return
    target = paths.PROCESSED / name / batch
    making = target.with_name(f".{batch}.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    models = {public_name(model, key): label for model, label in manifest["models"].items()}
    for table, found_rows in rows.items():
        frame = pl.DataFrame(found_rows, schema=schema.dtypes(table), orient="row")
        frame = frame.with_columns(pl.col("^(model|detail)$").replace(models))
        schema.validate(frame, table).write_parquet(making / f"{table}.parquet")
    shutil.rmtree(target, ignore_errors=True)
    making.rename(target)


def _label(labels: dict[str, str], word: str, name: str) -> str:
    """Return a name's label; labels are given in order of appearance and never move."""
    return labels.setdefault(name, f"{word}-{len(labels) + 1:02d}")


def _sweep(name: str, manifest: dict[str, Any]) -> None:
    """Remove batches with nothing live in them: superseded, or left by a load that died."""
    live = {f["batch"] for f in _entries(manifest)}
    for folder in (paths.PROCESSED / name).glob("batch-*"):
        if folder.name not in live:
            shutil.rmtree(folder)


def read(name: str) -> Logs:
    """Read the tables of a dataset.

    Raises
    ------
    StoreError
        When there is no such dataset; lists those there are.
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

    def table(kind: str, more: list[int]) -> pl.DataFrame:
        batches = [pl.scan_parquet(p) for p in sorted(folder.glob(f"batch-*/{kind}.parquet"))]
        if not batches:
            raise StoreError(f"the tables of {name!r} are gone: make data LOGS=... NAME={name}")
        wanted = [pl.col(n).cast(t) for n, t in schema.dtypes(kind).items()]
        return (
            pl.concat(batches, how="diagonal_relaxed")
            .filter(pl.col("file").is_in(numbers["live"] + more))
            .select(wanted)
            .collect()
        )

    with locked(folder / ".lock"):
        numbers = _read(public(name)) or {}
        copies, events = table("copies", numbers["kept"]), table("events", [])
        files = table("files", [])
    return Logs(
        name,
        copies,
        events,
        files,
        synthetic=bool(copies["message_id"].str.starts_with("msg_synthetic").any()),
        reconstruction=bool(copies["message_id"].str.starts_with("msg_reconstruction").any()),
        labels=(_read(_private(name)) or {}).get("models", {}),
    )


def datasets() -> list[str]:
    """Return the names of the datasets there are."""
    return sorted(p.parent.name for p in paths.PROCESSED.glob("*/dataset.json"))


def _prefix(path: Path, size: int) -> str | None:
    """Fingerprint the first `size` bytes by their two ends; a log that grew keeps it."""
    try:
        with path.open("rb") as stream:
            head = stream.read(min(size, 4096))
            stream.seek(max(size - 4096, 0))
            tail = stream.read(min(size, 4096))
    except OSError:
        return None
    return hashlib.sha256(head + tail).hexdigest()[:16]


def _stat(log: LogFile) -> list[int]:
    try:
        found = log.path.stat()
    except OSError:
        return [0, 0, 0, 0]
    return [found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns]


def _parser() -> str:
    package = Path(__file__).parents[1]
    return hashlib.sha256(b"".join((package / p).read_bytes() for p in PARSER)).hexdigest()[:16]


def _read(path: Path) -> dict[str, Any] | None:
    try:
        value: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    except ValueError:
        raise StoreError(
            f"{path} is damaged: `make clean NAME={path.parent.name} FORCE=yes`, load again"
        ) from None
    return value


def _write(path: Path, value: dict[str, Any], mode: int = 0o644) -> None:
    """Write JSON so that a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}.making")
    handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "w") as stream:
        json.dump(value, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(making, path)
