"""Copies in buckets, for as many as no memory holds: those of one request are always together.

They are one request by their message id, and telemetry of a request is one with its log by the
request id. So telemetry is compared with the logs first, in buckets of request ids; then all goes
into buckets of message ids, which `identity.resolve` can take one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.logs import spool
from analysis.logs.identity import TELEMETRY

if TYPE_CHECKING:
    import polars as pl

_SEED = 1  # of a hash that only has to spread


def by_request(
    frames: Iterable[pl.DataFrame], place: Path, buckets: int, *, telemetry: bool = True
) -> Iterator[pl.DataFrame]:
    """Yield copies again, in frames such that all copies of a request are in one.

    Parameters
    ----------
    frames
        Parts of the `copies` table, of one dataset, or of several with one key.
    place
        An empty folder on a disk with as much room as all of them need; it is left as it was.
    buckets
        How many frames there will be at most: memory is for one of them.
    telemetry
        Whether there may be telemetry of requests that logs have as well.

    Yields
    ------
    pl.DataFrame
        `resolve` of each says what `resolve` of all would, without telemetry that a log has.

    Examples
    --------
    >>> import tempfile
    >>> import polars as pl
    >>> from analysis import load
    >>> from analysis.logs.identity import resolve
    >>> logs = load("sample")
    >>> with tempfile.TemporaryDirectory() as place:
    ...     found = [resolve(rows) for rows in by_request([logs.copies], Path(place), 8)]
    >>> pl.concat(found).sort("first_seen", "message_id").equals(logs.requests)
    True
    """
    import polars as pl

    echo = pl.col("source") == TELEMETRY
    keyed = pl.col("request_id").is_not_null() & (pl.col("origin") != "sum")
    for rows in frames:
        if telemetry:
            logged = rows.filter(keyed & ~echo).select("request_id").unique()
            _put(logged, "request_id", place, "logged", buckets)
            _put(rows.filter(keyed & echo), "request_id", place, "told", buckets)
            rows = rows.filter(~(keyed & echo))
        _put(rows, "message_id", place, "all", buckets)
    for path in sorted(place.glob("logged-*")):
        told = path.with_name(path.name.replace("logged", "told"))
        known = _taken(path)
        for rows in spool.frames(told):
            _put(rows.join(known, on="request_id", how="anti"), "message_id", place, "all", buckets)
        told.unlink(missing_ok=True)
    for told in sorted(place.glob("told-*")):  # of which no log has any
        _put(_taken(told), "message_id", place, "all", buckets)
    for path in sorted(place.glob("all-*")):
        yield _taken(path)


def _put(rows: pl.DataFrame, by: str, place: Path, kind: str, buckets: int) -> None:
    """Put each row aside in its bucket."""
    import polars as pl

    numbered = rows.with_columns(_bucket=pl.col(by).hash(_SEED) % buckets)
    for (number,), some in numbered.partition_by(
        "_bucket", as_dict=True, include_key=False
    ).items():
        spool.append(place / f"{kind}-{number:06d}", some)


def _taken(path: Path) -> pl.DataFrame:
    """Return the rows of a bucket, which is gone then."""
    import polars as pl

    found = pl.concat(spool.frames(path))
    path.unlink()
    return found
