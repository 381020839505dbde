"""The issues that the write-up cites: when they were filed, and in what state they were read."""

from __future__ import annotations

import datetime as dt
from itertools import zip_longest

import polars as pl

from analysis.facts import facts

#: Every state in which an issue was read, in the order drawn.
STATES = ("open", "closed", "not found")


def issues() -> pl.DataFrame:
    """Return the issues that the write-up cites, those it lists as open first, then by number.

    Returns
    -------
    pl.DataFrame
        The columns of `data/raw/facts/issues.csv`, with `state` one of `STATES` (no state was
        read of what was not reached).

    Examples
    --------
    >>> issues()["issue"].head(5).to_list()
    [22435, 24147, 24185, 26193, 26761]
    """
    return (
        facts("issues")
        .drop_nulls("section")
        .with_columns(pl.col("state").fill_null(pl.lit("not found")))
        .sort(pl.col("listed") != "yes", "issue")
    )


def listed() -> pl.DataFrame:
    """Return the issues that the write-up lists as open without reply.

    Examples
    --------
    >>> listed()["state"].to_list()
    ['open', 'open', 'closed', 'not found', 'not found']
    """
    return issues().filter(pl.col("listed") == "yes")


def rules() -> pl.DataFrame:
    """Return the rules by which the tracker's robot closes idle issues, in order.

    Examples
    --------
    >>> rules()["closed_days"].to_list()
    [60, 28]
    """
    return facts("closing-rules").sort("from_day")


def states(cited: pl.DataFrame) -> pl.DataFrame:
    """Count issues by state as read, those that are listed and all that are cited.

    Parameters
    ----------
    cited
        `issues`.

    Returns
    -------
    pl.DataFrame
        `state`, `listed`, `cited`; a row for each of `STATES`.

    Examples
    --------
    >>> states(issues()).row(0)
    ('open', 2, 3)
    """
    of = pl.DataFrame({"state": STATES})
    found = cited.group_by("state").agg(
        listed=(pl.col("listed") == "yes").sum().cast(pl.Int64), cited=pl.len().cast(pl.Int64)
    )
    return of.join(found, on="state", how="left", maintain_order="left").fill_null(0)


def idle(filed: dt.date, on: dt.date) -> dt.date | None:
    """Return the day on which an issue without any activity since it was filed is closed.

    Parameters
    ----------
    filed
        When it was filed.
    on
        The rules known on this day are used, each from its own first day.

    Returns
    -------
    datetime.date or None
        None where no rule held by then.

    Notes
    -----
    A rule that begins while an issue is idle marks it once it has been idle for long enough, on
    the rule's first day at the earliest, and closes it after its own time from the mark.

    Examples
    --------
    >>> idle(dt.date(2026, 2, 8), dt.date(2026, 3, 25)).isoformat()
    '2026-03-08'
    >>> idle(dt.date(2025, 9, 18), dt.date(2026, 3, 25)).isoformat()
    '2025-11-17'
    """
    found = []
    held = rules().filter(pl.col("from_day") <= on).to_dicts()
    for rule, later in zip_longest(held, held[1:]):
        marked = max(filed + dt.timedelta(rule["marked_days"]), rule["from_day"])
        closed = marked + dt.timedelta(rule["closed_days"] - rule["marked_days"])
        if later is None or closed < later["from_day"]:
            found.append(closed)
    return min(found, default=None)
