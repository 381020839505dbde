"""Logs that have only grown since they were read: what the tables say of them so far."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.logs import batches
from analysis.logs.manifest import Manifest

if TYPE_CHECKING:
    import polars as pl

    from analysis.logs.resume import Before


def before(folder: Path, manifest: Manifest, grown: Iterable[str]) -> dict[str, Before]:
    """Return what earlier scans found of grown logs, by path.

    Parameters
    ----------
    folder, manifest
        The dataset's.
    grown
        Paths of logs that begin as they did when the manifest's batches were written. One whose
        end could not be remembered is left out.
    """
    import msgspec
    import polars as pl

    from analysis import schema
    from analysis.logs.resume import Before, End

    logs = {manifest.files[path].number: path for path in grown}
    live = {manifest.files[path].batch for path in logs.values()}
    sound = {batch: parts for batch, parts in manifest.batches.items() if batch in live}

    def rows(kind: str, columns: list[str]) -> pl.DataFrame:
        found = batches.table(folder, sound, kind, columns)
        return found.filter(pl.col("file").is_in(list(logs)))

    ends = dict(rows("ends", ["file", "end"]).iter_rows())
    said = {kind: rows(kind, schema.dtypes(kind).names()) for kind in batches.STORED}
    spelled = {label: name for name, label in manifest.models.items()}
    copies = said["copies"].with_columns(pl.col("model").replace(spelled))
    by_file = {
        kind: frame.partition_by("file", as_dict=True, maintain_order=True)
        for kind, frame in (said | {"copies": copies}).items()
    }

    def of(kind: str, number: int) -> list[dict[str, object]]:
        found = by_file[kind].get((number,))
        return [] if found is None else found.to_dicts()

    return {
        path: Before(
            msgspec.msgpack.decode(ends[number], type=End),
            of("copies", number),
            of("events", number),
            of("files", number)[0],
            manifest.files[path].names,
        )
        for number, path in logs.items()
        if number in ends
    }
