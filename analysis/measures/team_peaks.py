"""The most that each person used in one span of hours, such as a window of a subscription."""

from __future__ import annotations

import numpy as np
import polars as pl

#: Hours of what a subscription limits: a window, and a week.
SPANS = {"window": 5, "week": 7 * 24}
_HOUR = 3_600_000_000  # microseconds


def peaks(spent: pl.DataFrame, hours: int) -> pl.DataFrame:
    """Find the most that each person used in one span of hours.

    A span opens with the first hour that has a request after the one before has ended. As hours
    are floored, what it holds is right to the hour.

    Parameters
    ----------
    spent
        `person`, `hour`, `total_nano`: one row an hour of a person.

    Returns
    -------
    pl.DataFrame
        `person`, `nano`.

    Examples
    --------
    >>> import datetime as dt
    >>> day = dt.datetime(2026, 3, 19, tzinfo=dt.UTC)
    >>> at = [day + dt.timedelta(hours=n) for n in (0, 4, 5, 9)]
    >>> peaks(pl.DataFrame({"person": "p", "hour": at, "total_nano": [1, 2, 4, 8]}), 5).rows()
    [('p', 12)]
    """
    rows = spent.sort("person", "hour")
    names = rows["person"].unique(maintain_order=True)
    at = rows["hour"].dt.timestamp("us").to_numpy() // _HOUR
    of = rows["person"].rle_id().to_numpy().astype(np.int64)
    apart = at.max(initial=0) - at.min(initial=0) + hours + 1  # no span reaches the next person
    place = of * apart + at
    ends = np.searchsorted(place, place + hours)
    sums = np.concatenate([[0], np.cumsum(rows["total_nano"].to_numpy(), dtype=np.int64)])
    most = np.zeros(len(names), np.int64)
    now = np.searchsorted(of, np.arange(len(names)))
    last = np.append(now[1:], len(of))
    who = np.arange(len(names))
    while who.size:
        np.maximum.at(most, who, sums[ends[now]] - sums[now])
        now = ends[now]
        more = now < last[who]
        who, now = who[more], now[more]
    return pl.DataFrame({"person": names, "nano": most}, {"person": pl.String, "nano": pl.Int64})
