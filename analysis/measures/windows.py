"""The five-hour windows of a subscription's quota, as far as logs show them.

A log does not name the account that it belongs to. Windows are of all requests together, main
chains and subagents of every project: one account is assumed. Where the logs are of several
people they have no windows in common, and `account` can be a column of theirs, such as `project`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

LENGTH = dt.timedelta(hours=5)
#: What was asked before a limit was hit may be answered for so long after it.
ON_ITS_WAY = dt.timedelta(minutes=10)
#: Resets told less than this apart are one: some are told in hours, some in minutes.
SAME = dt.timedelta(minutes=10)
RULES = {
    "server": "opens with the first request after the last closed, lasts five hours",
    "tools": "begins on the full hour before its first request, lasts five hours",
}

_LENGTH, _HOUR = LENGTH // dt.timedelta(microseconds=1), 3_600_000_000
_NEVER = np.iinfo(np.int64).max
_ADDED = ("begins", "ends", "hit_at")
Array = npt.NDArray[np.int64]


def hits(events: pl.DataFrame) -> pl.DataFrame:
    """Return when the five-hour limit was hit: the first refusal of each window.

    A limit that resets in over five hours is another one, and one whose reset is not told cannot
    be set in a window: neither is a hit. A weekly limit in its last five hours passes for one.

    Returns
    -------
    pl.DataFrame
        One row per window that a project saw refused: `project`, `hit_at`, `resets_at`.
    """
    left = pl.col("resets_at") - pl.col("at")
    return (
        events.filter(pl.col("kind") == "limit", left > dt.timedelta(), left <= LENGTH)
        .group_by("project", "resets_at")
        .agg(pl.col("at").min().alias("hit_at"))
        .select("project", "hit_at", "resets_at")
        .sort("resets_at", "hit_at", "project")
    )


def contradicted(found: pl.DataFrame) -> bool:
    """Tell whether hits cannot be one account's: two of their windows overlap in part.

    Parameters
    ----------
    found
        `hits`.

    Examples
    --------
    >>> noon = dt.datetime(2026, 3, 19, 12)
    >>> resets = [noon, noon + dt.timedelta(hours=2)]
    >>> contradicted(pl.DataFrame({"resets_at": resets}))
    True
    >>> contradicted(pl.DataFrame({"resets_at": [noon, noon + LENGTH]}))
    False
    """
    apart = pl.col("resets_at").sort().diff()
    return bool(found.select((apart.is_between(SAME, LENGTH, closed="none")).any()).item())


def account(events: pl.DataFrame) -> str | None:
    """Return the column that tells accounts apart: none, or `project` where hits contradict one."""
    return "project" if contradicted(hits(events)) else None


def windowed(
    requests: pl.DataFrame, events: pl.DataFrame, rule: str = "server", account: str | None = None
) -> pl.DataFrame:
    """Put every request in its window.

    Parameters
    ----------
    rule
        A key of `RULES`. *tools* is what ccusage does and ccusage_go took over (their code of
        April 2026): the hour is that of UTC, and the last moment belongs to the window. It is
        closed as well where an entry is more than five hours from the one before, but such an
        entry is so far from the beginning too. *server* is what the vendor's
        help says; where a hit tells a reset, that less five hours is where the window began. If
        every reset told is on a full hour, as in 2025, windows begin on theirs.
    account
        The column that tells accounts apart; one account by default.

    Returns
    -------
    pl.DataFrame
        The rows by time, with `account`, `begins`, `ends` and `hit_at` (null where the window saw
        no limit).
    """
    told = hits(events)
    every = requests.with_columns(account=pl.col(account) if account else pl.lit("all"))
    found = [
        _one(rows.sort("first_seen", "message_id"), _own(told, account, name), rule)
        for (name,), rows in every.sort("account").group_by("account", maintain_order=True)
    ]
    time = requests.schema["first_seen"]
    head = every.clear().with_columns(pl.lit(None, time).alias(n) for n in _ADDED)
    return pl.concat([head, *found])


def _own(told: pl.DataFrame, account: str | None, name: object) -> pl.DataFrame:
    """Return an account's hits: one a window, the first of those that tell the same reset."""
    mine = told.filter(pl.col("project") == name) if account == "project" else told
    fresh = pl.col("resets_at").diff().fill_null(LENGTH) >= SAME
    return (
        mine.sort("resets_at")
        .with_columns(window=fresh.cum_sum())
        .group_by("window", maintain_order=True)
        .agg(pl.col("hit_at").min(), pl.col("resets_at").min())
        .drop("window")
    )


def _one(rows: pl.DataFrame, told: pl.DataFrame, rule: str) -> pl.DataFrame:
    """Put one account's requests in windows, and each hit in the window that it ended."""
    kind = rows.schema["first_seen"]
    times, resets = (_microseconds(s) for s in (rows["first_seen"], told["resets_at"]))
    found = _tools(times) if rule == "tools" else _server(times, resets)
    spans = np.array(list(found), np.int64).reshape(-1, 3)
    edges = pl.DataFrame(spans[:, 1:], ["begins", "ends"]).select(pl.all().cast(kind))
    at = told.select(pl.col("hit_at").cast(kind)).sort("hit_at")
    of = edges.join_asof(at, left_on="begins", right_on="hit_at", strategy="forward")
    hit = pl.when(pl.col("hit_at") < pl.col("ends")).then("hit_at").alias("hit_at")
    which = np.searchsorted(spans[:, 0], np.arange(rows.height), side="right") - 1
    return rows.hstack(of.with_columns(hit)[which].select(_ADDED))


def _microseconds(times: pl.Series) -> Array:
    return times.dt.timestamp("us").to_numpy()


def _tools(times: Array) -> Iterator[tuple[int, int, int]]:
    """Yield each window's first row, beginning and end, by the rule of the tools."""
    number = 0
    while number < len(times):
        begin = int(times[number]) // _HOUR * _HOUR
        yield number, begin, begin + _LENGTH
        number = int(np.searchsorted(times, begin + _LENGTH, side="right"))


def _server(times: Array, resets: Array) -> Iterator[tuple[int, int, int]]:
    """Yield each window's first row, beginning and end; windows that are told stand first."""
    whole = len(resets) > 0 and not (resets % _HOUR).any()
    number, free = 0, 0  # the next row, and where the window before it ended
    while number < len(times):
        at = int(times[number])
        reset = int(min(resets[np.searchsorted(resets, at, side="right") :], default=_NEVER))
        if reset - _LENGTH <= at:
            begin, end = max(free, reset - _LENGTH), reset
        else:
            begin = max(free, at // _HOUR * _HOUR) if whole else at
            end = min(begin + _LENGTH, reset - _LENGTH)
        yield number, begin, end
        number, free = int(np.searchsorted(times, end, side="left")), end
