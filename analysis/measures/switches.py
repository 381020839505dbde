"""How long cache writes were kept, by day, and when that changed for good."""

from __future__ import annotations

import datetime as dt

import polars as pl

from analysis.sessions import wrote

#: A lifetime stays that as many requests in a row write, or requests over as long a time. Fewer
#: are a side request, or a second client of another version at the same time.
STAYS = 20
STAYS_FOR = dt.timedelta(days=1)


def timed(switches: pl.DataFrame) -> pl.DataFrame:
    """Return the switches with day and time of day (UTC) apart, as a table prints them."""
    at = pl.col("at")
    return switches.select(
        "project",
        at.dt.date().alias("day"),
        at.dt.strftime("%H:%M:%S").alias("time"),
        pl.exclude("project", "at"),
    )


def by_day(requests: pl.DataFrame, timezone: str = "UTC") -> pl.DataFrame:
    """Sum what main conversations wrote by project and day, by lifetime.

    Returns
    -------
    pl.DataFrame
        `project`, `day`, `written_5m_tokens`, `written_1h_tokens`, `hour_share` (of the two).
        Writes that a log does not split are not here.
    """
    five, hour = pl.col("write_5m_tokens").sum(), pl.col("write_1h_tokens").sum()
    return (
        requests.filter(~pl.col("is_sidechain"), pl.col("write_tokens") > 0)
        .drop_nulls("write_1h_tokens")
        .group_by("project", day=pl.col("first_seen").dt.convert_time_zone(timezone).dt.date())
        .agg(
            five.alias("written_5m_tokens"),
            hour.alias("written_1h_tokens"),
            (hour / (five + hour)).alias("hour_share"),
        )
        .sort("project", "day")
    )


def switches(requests: pl.DataFrame) -> pl.DataFrame:
    """Find when the lifetime that a project's main conversations write changed and stayed.

    In each project, requests that wrote are put in order of time. A run is as many in a row that
    wrote the same lifetime; runs of fewer than `STAYS` requests that took less than `STAYS_FOR`
    are left out, and two runs of one lifetime without another between them are one. A switch is
    the first request of a run. Two clients side by side are none: where a run has another version
    than the run before, that version must not write its old lifetime again later, nor the new
    version have written the new one earlier.

    Returns
    -------
    pl.DataFrame
        A row per switch, in order of time: `project`, `at` (first line of the answer), `before`,
        `after` (5m or 1h), `version_before`, `version_after` (of the client, at the last request
        before and the first after).
    """
    main = (
        requests.filter(~pl.col("is_sidechain"))
        .select("project", "first_seen", "message_id", "version", kept=wrote())
        .drop_nulls("kept")
        .sort("project", "first_seen", "message_id")
    )
    runs = (
        main.with_columns(run=pl.struct("project", "kept").rle_id())
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("project", "kept", "first_seen").first(),
            first=pl.col("version").first(),
            last=pl.col("version").last(),
            requests=pl.len(),
            ended=pl.col("first_seen").last(),
        )
        .filter(
            (pl.col("requests") >= STAYS)
            | (pl.col("ended") - pl.col("first_seen") >= pl.lit(STAYS_FOR))
        )
    )
    before = pl.col("kept").shift().over("project")
    turned = runs.with_columns(
        before=before, version_before=pl.col("last").shift().over("project")
    ).filter(pl.col("kept") != pl.col("before"))
    return (
        _alone(turned, main)
        .select(
            "project",
            "before",
            "version_before",
            at="first_seen",
            after="kept",
            version_after="first",
        )
        .select("project", "at", "before", "after", "version_before", "version_after")
        .sort("at", "project")
    )


def _alone(turned: pl.DataFrame, main: pl.DataFrame) -> pl.DataFrame:
    """Leave out what two clients side by side make of one project."""
    spans = main.group_by("project", "version", "kept").agg(
        begun=pl.col("first_seen").min(), left=pl.col("first_seen").max()
    )
    old = spans.select("project", "left", version_before="version", before="kept")
    new = spans.select("project", "begun", first="version", kept="kept")
    both = turned.join(old, on=["project", "version_before", "before"], how="left").join(
        new, on=["project", "first", "kept"], how="left"
    )
    beside = (pl.col("left") > pl.col("first_seen")) | (pl.col("begun") < pl.col("first_seen"))
    other = pl.col("first") != pl.col("version_before")
    return both.filter(~(other & beside).fill_null(False))
