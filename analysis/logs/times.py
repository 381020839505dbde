"""Times of a log."""

from __future__ import annotations

import datetime as dt

#: No log is older, and none of a sane clock is younger.
EARLIEST = dt.datetime(2023, 1, 1, tzinfo=dt.UTC)
LATEST = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def microseconds(at: dt.datetime) -> int:
    """Return a time as microseconds since 1970, UTC: what a table holds.

    Examples
    --------
    >>> microseconds(dt.datetime(2026, 3, 19, 9, tzinfo=dt.UTC))
    1773910800000000
    """
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
