"""Where partials lie while a fleet works: a folder, or an address that its machines share.

A partial is believed only by the digest at its end. What lies here is private, and only whoever
asked the fleet makes the folder and removes it: a worker that is late writes nowhere.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import paths
from analysis.logs.asking import PlaceError, asked
from analysis.logs.files import digest
from analysis.logs.objects import opened
from analysis.logs.places import is_address

if TYPE_CHECKING:
    import pyarrow as pa
    from fsspec import AbstractFileSystem

_SUFFIX = ".arrow"
_DIGEST = 16  # bytes
_WHAT = "PARTIALS=, which is read and written"


def place_of(name: str, key: bytes, partials: str = "") -> str:
    """Return where the partials of a dataset lie.

    Examples
    --------
    >>> place_of("mine", b"secret", "s3://bucket/partials/")
    's3://bucket/partials/mine-8f64bfc250ac98ecf5a0f6a52cde7ec5'
    """
    if not partials:
        return str(paths.PRIVATE / name / "partials")
    own = f"{name}-{digest(key)}"
    if is_address(partials):
        return f"{partials.rstrip('/')}/{own}"
    return str(Path(partials).expanduser().absolute() / own)


def prepare(place: str) -> None:
    """Make the folder, for its owner alone; an address needs none."""
    if not is_address(place):
        os.makedirs(Path(place).parent, exist_ok=True)
        os.makedirs(place, mode=0o700, exist_ok=True)


def found(place: str) -> set[str]:
    """Return the names of the partials that are there, whole or not.

    Raises
    ------
    PlaceError
        When the address cannot be listed.
    """
    names: list[str] = []
    if is_address(place):
        files, folder = _behind(place)
        files.invalidate_cache()
        try:
            names = asked(lambda: files.find(folder), place, _WHAT)
        except FileNotFoundError:
            return set()
    else:
        with suppress(FileNotFoundError):
            names = os.listdir(place)
    paths_ = (Path(name) for name in names)
    return {path.stem for path in paths_ if path.suffix == _SUFFIX}


def read(name: str, place: str) -> pa.Table | None:
    """Read a partial; null when there is none that is whole.

    Raises
    ------
    PlaceError
        When the address that it may be at cannot be read.
    """
    with suppress(FileNotFoundError):
        if not is_address(place):
            return decoded(Path(place, name + _SUFFIX).read_bytes())
        files, folder = _behind(place)
        return decoded(asked(lambda: files.cat_file(f"{folder}/{name}{_SUFFIX}"), place, _WHAT))
    return None


def write(name: str, place: str, table: pa.Table) -> None:
    """Write a partial, whole or not at all; where there is no folder any more, nothing."""
    data = encoded(table)
    if is_address(place):  # where an object is there whole, or not at all
        files, folder = _behind(place)
        asked(lambda: files.pipe_file(f"{folder}/{name}{_SUFFIX}", data), place, _WHAT)
        return
    target = Path(place, name + _SUFFIX)
    making = target.with_name(f".{name}.{os.urandom(8).hex()}.making")
    with suppress(FileNotFoundError):
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with open(os.open(making, flags, 0o600), "wb") as stream:
                stream.write(data)  # what a crash tears has another digest
            os.replace(making, target)
        finally:
            making.unlink(missing_ok=True)


def forget(name: str, place: str) -> None:
    """Remove one partial, which is not to be used."""
    with suppress(FileNotFoundError):
        if not is_address(place):
            Path(place, name + _SUFFIX).unlink()
            return
        files, folder = _behind(place)
        asked(lambda: files.rm_file(f"{folder}/{name}{_SUFFIX}"), place, _WHAT)


def clear(place: str) -> None:
    """Remove all partials of a dataset, once their rows are in it; leave what cannot be removed."""
    if not is_address(place):
        shutil.rmtree(place, ignore_errors=True)
        return
    with suppress(FileNotFoundError, PlaceError, OSError):
        files, folder = _behind(place)
        asked(lambda: files.rm(folder, recursive=True), place, _WHAT)


def encoded(table: pa.Table) -> bytes:
    """Return a table as a stream of Arrow's, with a digest behind its end.

    Examples
    --------
    >>> import pyarrow as pa
    >>> data = encoded(pa.table({"a": [1]}))
    >>> decoded(data).num_rows, decoded(data[:-1])
    (1, None)
    """
    import pyarrow as pa

    made = pa.BufferOutputStream()
    packed = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(made, table.schema, options=packed) as stream:
        stream.write_table(table)
    data: bytes = made.getvalue().to_pybytes()
    return data + bytes.fromhex(digest(data))


def decoded(data: bytes) -> pa.Table | None:
    """Return the table of a partial; null when it is not whole."""
    import pyarrow as pa

    body = data[:-_DIGEST]
    if len(data) <= _DIGEST or bytes.fromhex(digest(body)) != data[-_DIGEST:]:
        return None
    return pa.ipc.open_stream(pa.py_buffer(body)).read_all()


def _behind(place: str) -> tuple[AbstractFileSystem, str]:
    files = opened(place)
    return files, files._strip_protocol(place).rstrip("/")
