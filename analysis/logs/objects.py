"""Objects behind an address of `fsspec`: opened as the user's environment says, and fetched.

Nothing here writes to a place. What fails for a while is tried again by `asked` alone: what s3fs
and botocore do of it by themselves is turned off, for five times five times five is a siege.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.logs import sources
from analysis.logs.asking import PlaceError, asked, is_empty

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

#: Requests under way at once.
AT_ONCE = 32

#: What makes a library get an object by one request, so that it is one version.
_WHOLE = {"gs": {"concurrency": 1}, "gcs": {"concurrency": 1}}

_LONGEST = 255  # bytes of a file's name


def opened(address: str) -> AbstractFileSystem:
    """Return the file system that an address is of.

    Raises
    ------
    PlaceError
        When no library is installed that knows the protocol, or it refuses the address.
    """
    protocol = address.partition("://")[0]
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    if protocol in ("s3", "s3a") and endpoint and not endpoint.startswith(("http://", "https://")):
        raise PlaceError("AWS_ENDPOINT_URL begins with http:// or https://, which yours does not")
    try:
        from fsspec.core import url_to_fs

        files: AbstractFileSystem = url_to_fs(address, **_options(protocol))[0]
    except ImportError:
        raise PlaceError(
            f"no package for {protocol}:// is installed: `python -m analysis setup fleet` "
            "installs those for s3, gs and az"
        ) from None
    except ValueError:
        raise PlaceError(
            f"{protocol}:// is unknown to fsspec, or needs an account that nobody names: known are "
            "s3, gs, az and more"
        ) from None
    if protocol in ("s3", "s3a"):
        files.retries = 1
    return files


def _options(protocol: str) -> dict[str, Any]:
    """Return how a file system is opened, beside what the user's environment says.

    An object comes by one request, so that it is one version; botocore asks once, s3fs once.
    """
    if protocol not in ("s3", "s3a"):
        return {}
    from fsspec.config import conf

    own = conf.get(protocol, {}).get("config_kwargs", {})
    once = {"max_pool_connections": AT_ONCE} | own | {"retries": {"total_max_attempts": 1}}
    return {"max_concurrency": 1, "config_kwargs": once}


@contextmanager
def fetched(addresses: Iterable[str], size: int | None = None) -> Iterator[dict[str, Path]]:
    """Bring objects to this machine for as long as they are read.

    Parameters
    ----------
    addresses
        Of the objects.
    size
        How many bytes of each; null for all.

    Yields
    ------
    dict[str, Path]
        A file for each address, whose name and folders are those of the address; beside it is
        what its source reads with it. Where the object is gone there is no file.

    Raises
    ------
    PlaceError
        When the place goes on failing.

    Examples
    --------
    >>> from fsspec import filesystem
    >>> filesystem("memory").pipe("/shown/a/b.jsonl", b"{}")
    >>> with fetched(["memory://shown/a/b.jsonl"]) as files:
    ...     [(file.name, file.read_bytes()) for file in files.values()]
    [('b.jsonl', b'{}')]
    """
    with _folder() as folder:
        groups: dict[str, int] = {}
        files: dict[str, Path] = {}
        wanted: dict[Path, str] = {}
        for at in addresses:
            below = Path(folder, str(groups.setdefault(at.rpartition("/")[0], len(groups))))
            files[at] = _local(below, at)
            wanted |= {_local(below, near): near for near in _beside(at)} | {files[at]: at}
        _bring(wanted, size)
        yield files


@contextmanager
def _folder() -> Iterator[str]:
    """Make a folder for a while, and remove those of processes that were killed."""
    from filelock import FileLock, Timeout

    above = Path(tempfile.gettempdir(), f"analysis-{os.getuid()}")
    with suppress(FileExistsError):
        above.mkdir(mode=0o700)
    about = above.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid() or about.st_mode & 0o077:
        above = Path(tempfile.mkdtemp(prefix="analysis-"))  # others have laid that one out
    for lock in above.glob("*.lock"):
        with suppress(Timeout, OSError), FileLock(lock, blocking=False):
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            lock.unlink()
    with FileLock(above / f"{secrets.token_hex(8)}.lock") as mine:
        folder = Path(mine.lock_file).with_suffix("")
        folder.mkdir(mode=0o700)
        try:
            yield str(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.unlink(mine.lock_file)


def _bring(wanted: Mapping[Path, str], size: int | None) -> None:
    """Write objects to files, some at once."""
    places = {at: at[: (at + "/").index("/", at.index("://") + 3)] for at in wanted.values()}
    systems = {place: opened(place) for place in sorted(set(places.values()))}
    what = f"{len(wanted)} object{'s' * (len(wanted) != 1)}"

    def bring(file: Path, at: str) -> None:
        files = systems[places[at]]
        with suppress(FileNotFoundError):
            asked(lambda: _copy(files, at, file, size), places[at], what)

    for file in wanted:
        file.parent.mkdir(parents=True, exist_ok=True)
    together = all(files.async_impl for files in systems.values())
    pool = ThreadPoolExecutor(min(len(wanted), AT_ONCE if together else 1) or 1)
    try:
        for _ in pool.map(bring, wanted, wanted.values()):
            pass
    finally:
        pool.shutdown(cancel_futures=True)


def _copy(files: AbstractFileSystem, at: str, file: Path, size: int | None) -> None:
    """Write an object, or its head, to a file, whole or not at all."""
    name = files._strip_protocol(at)
    try:
        if size is None:
            files.get_file(name, str(file), **_WHOLE.get(at.partition("://")[0], {}))
        else:
            file.write_bytes(files.cat_file(name, start=0, end=size))
    except Exception as error:
        if not is_empty(error):
            file.unlink(missing_ok=True)
            raise
        file.touch()


def path_of(address: str) -> Path:
    """Return what stands behind an address's protocol, as a path from the root.

    Examples
    --------
    >>> path_of("s3://bucket/logs").as_posix()
    '/bucket/logs'
    """
    return Path("/" + address.partition("://")[2].lstrip("/"))


def _beside(address: str) -> Iterator[str]:
    """Yield the addresses of what is read with an object, if it is there."""
    path = str(path_of(address))
    start = address[: len(address) - len(address.partition("://")[2].lstrip("/"))]
    for near in sources.beside(path):
        yield start + near.removeprefix("/")


def _local(folder: Path, address: str) -> Path:
    """Return where an object is kept here: its own path, as far as a file can have it."""
    parts = (part.replace("\0", "_") for part in address.partition("://")[2].split("/"))
    return folder.joinpath(*(_short(part) for part in parts if part))


def _short(name: str) -> str:
    if name in (".", ".."):
        return "_"
    said = name.encode(errors="surrogateescape")
    if len(said) <= _LONGEST:
        return name
    end = said[-_LONGEST // 2 :].decode(errors="ignore")
    return f"{hashlib.sha256(said).hexdigest()[:16]}{end}"
