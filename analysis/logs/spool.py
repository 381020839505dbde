"""Files that frames are put aside in for a while, one after the other, and read back so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def append(path: Path, rows: pl.DataFrame) -> None:
    """Put rows behind those that are in a file."""
    with path.open("ab") as stream:
        rows.write_ipc_stream(stream, compression="lz4")


def frames(path: Path) -> Iterator[pl.DataFrame]:
    """Yield what was appended to a file, each as it came; nothing where there is none."""
    import polars as pl
    import pyarrow as pa

    if not path.exists():
        return
    size = path.stat().st_size
    with path.open("rb") as stream:
        while stream.tell() < size:
            yield pl.DataFrame(pl.from_arrow(pa.ipc.open_stream(stream).read_all()))


def chunks(several: Iterator[pl.DataFrame], rows: int) -> Iterator[pl.DataFrame]:
    """Yield the same rows in fewer frames: each of so many, or a little more.

    Examples
    --------
    >>> import polars as pl
    >>> [len(frame) for frame in chunks(iter([pl.DataFrame({"a": [1, 2]})] * 5), 4)]
    [4, 4, 2]
    """
    import polars as pl

    held: list[pl.DataFrame] = []
    for frame in several:
        held.append(frame)
        if sum(map(len, held)) >= rows:
            yield pl.concat(held)
            held = []
    if held:
        yield pl.concat(held)
