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
    "logs/scan.py",
    "logs/usage.py",
    "logs/records.py",
    "logs/names.py",
    "schema.py",
    "models.py",
)


class StoreError(Exception):
    """A dataset cannot be used as asked; says what, where and what to do."""


@dataclass(frozen=True)
class Loaded:
    """What a load did: files found, read because new or changed, and gone from disk but kept."""

    name: str
    files: int
    read: int
    gone: int


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
    parser = _parser()
    stale = manifest["parser"] != parser
    seen = {str(f.path): _stat(f) for f in found}
    changed = [
        f
        for f in found
        if stale or manifest["files"].get(str(f.path), {}).get("stat") != seen[str(f.path)]
    ]
    gone = set(manifest["files"]) - set(seen)
    if not keep:
        manifest["files"] = {p: f for p, f in manifest["files"].items() if p not in gone}
    if changed:
        _sweep(name, manifest)
        manifest["parser"] = parser
        size = sum(seen[str(f.path)][2] for f in changed)
        _add_batch(name, manifest, progress(changed, size), seen)
        _write(_private(name), manifest, mode=0o600)
    live = {"live": sorted(f["number"] for f in manifest["files"].values())}
    if _read(public(name)) != live:
        _write(public(name), live)
    return Loaded(name, len(found), len(changed), len(gone) if keep else 0)


def only_here(name: str) -> int:
    """Return how many log files of a dataset are gone from disk: their rows exist nowhere else."""
    files = (_read(_private(check_name(name))) or {}).get("files", {})
    return sum(not Path(path).exists() for path in files)


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
        "projects": {},
        "models": {},
    } | (_read(_private(name)) or {})
    if manifest["roots"] != wanted and not keep:  # the checkout was moved
        manifest |= {"roots": wanted, "files": {}}
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
    first = manifest["next"]
    for log in files:
        number = manifest["next"]
        manifest["next"] += 1
        found = scan(log, number, _label(manifest["projects"], "project", log.project), key)
        rows["copies"] += found.copies
        rows["events"] += found.events
        rows["files"].append([found.ledger[c.name] for c in schema.FILES])
        said = {k: sorted(v) for k, v in found.names.items()}
        manifest["files"][str(log.path)] = {"number": number, "stat": seen[str(log.path)], **said}
        for model in said["models"]:
            _label(manifest["models"], "other", model)
    batch = paths.PROCESSED / name / f"batch-{first:06d}"
    making = batch.with_name(f".{batch.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    models = {public_name(model, key): label for model, label in manifest["models"].items()}
    for table, found_rows in rows.items():
        frame = pl.DataFrame(found_rows, schema=schema.dtypes(table), orient="row")
        frame = frame.with_columns(pl.col("^(model|detail)$").replace(models))
        schema.validate(frame, table).write_parquet(making / f"{table}.parquet")
    shutil.rmtree(batch, ignore_errors=True)
    making.rename(batch)


def _label(labels: dict[str, str], word: str, name: str) -> str:
    """Return a name's label; labels are given in order of appearance and never move."""
    return labels.setdefault(name, f"{word}-{len(labels) + 1:02d}")


def _sweep(name: str, manifest: dict[str, Any]) -> None:
    """Remove batches that no commit knows, left by a load that died."""
    for folder in (paths.PROCESSED / name).glob("batch-*"):
        if int(folder.name.removeprefix("batch-")) >= manifest["next"]:
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
    live = (_read(public(name)) or {})["live"]
    folder = public(name).parent

    def table(kind: str) -> pl.DataFrame:
        batches = [pl.scan_parquet(p) for p in sorted(folder.glob(f"batch-*/{kind}.parquet"))]
        wanted = [pl.col(n).cast(t) for n, t in schema.dtypes(kind).items()]
        return (
            pl.concat(batches, how="diagonal_relaxed")
            .filter(pl.col("file").is_in(live))
            .select(wanted)
            .collect()
        )

    copies = table("copies")
    return Logs(
        name,
        copies,
        table("events"),
        table("files"),
        synthetic=bool(copies["message_id"].str.starts_with("msg_synthetic").any()),
        labels=(_read(_private(name)) or {}).get("models", {}),
    )


def datasets() -> list[str]:
    """Return the names of the datasets there are."""
    return sorted(p.parent.name for p in paths.PROCESSED.glob("*/dataset.json"))


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
            f"{path} is damaged: `make clean NAME={path.parent.name}`, load again"
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
