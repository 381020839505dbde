"""How often something goes wrong along a session: raw, within projects and within sessions."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.changes import ROW, changes
from analysis.measures.degradation import OUTCOMES, TOOLS
from analysis.measures.levels import wider
from analysis.measures.within import Slope, by_cluster, leader

#: What a rate is compared along: its column, and what one more of it is.
ALONG = {
    "context": "100,000 tokens of context",
    "progress": "100 requests into the session",
}

#: Bins of a curve, with as many units each, and units that a bin needs.
BINS, FULL = 8, 30

#: Requests at the end of each session that a check leaves out: what ends it may be what fails.
LAST = 5

#: Requests of sessions that all reach so far: the same sessions stand at every point.
COMMON = 50

#: Tokens of the window that most models had before Opus 4.6, in 100,000.
_WINDOW = 2


def main(units: pl.DataFrame) -> pl.DataFrame:
    """Keep the units of main chains: no subagent's."""
    return units.filter(~pl.col("subagent"))


def curve(units: pl.DataFrame, outcome: str = "failed", by: str = "context") -> pl.DataFrame:
    """Return the rate of an outcome along a session: raw, within projects and within sessions.

    Within projects nothing but the project is held fixed: what is left of the raw change there is
    not one of who works on what.

    Parameters
    ----------
    units
        `analysis.measures.degradation.units`, of main chains.

    Returns
    -------
    pl.DataFrame
        A row per bin of equal counts: `bin`, `at` (mean of `by`), `from`, `to`, `units`, `events`,
        `sessions`, `raw`, `raw_low`, `raw_high`, `project`, `project_low`, `project_high`,
        `adjusted`, `low`, `high`: of the intervals by session and by project the wider.
    """
    some = units.drop_nulls(outcome)
    bins = max(min(BINS, some.height // FULL), 1)
    place = (pl.col(by).rank("average") - 0.5) / pl.len()
    some = some.with_columns(bin=(place * bins).floor().cast(pl.Int64))
    where = some.group_by("bin").agg(
        pl.col(by).mean().alias("at"),
        pl.col(by).min().alias("from"),
        pl.col(by).max().alias("to"),
    )
    raw = wider(some, outcome, "bin", fixed=None)
    project = wider(some, outcome, "bin", fixed="project", held=())
    within = wider(some, outcome, "bin").rename({"rate": "adjusted"})
    return (
        where.join(_named(raw, "raw"), on="bin")
        .join(_named(project, "project").drop("units", "events", "sessions"), on="bin")
        .join(within.select("bin", "adjusted", "low", "high"), on="bin")
        .sort("bin")
    )


def _named(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    return frame.rename({"rate": name, "low": f"{name}_low", "high": f"{name}_high"})


def slopes(units: pl.DataFrame) -> pl.DataFrame:
    """Say of each outcome how far its rate moves along a session, raw, and within what.

    Returns
    -------
    pl.DataFrame
        A row per outcome of `OUTCOMES` and way of `ALONG`: `outcome`, `unit`, `along`, `units`,
        `events`; `raw`, `raw_low`, `raw_high`, `project` (the change within projects, nothing
        else held), `adjusted` (within sessions), `low`, `high`, `least` and `chance` by `by`, what
        gives the wider interval; and for both, session and project: `sessions` (with an event),
        `sessions_low`, `sessions_high`, `sessions_all`, `sessions_effective`, `sessions_largest`
        (see `within.Slope`). Changes are of a share; null where nothing varies or too few have an
        event.
    """
    rows = [
        {"outcome": outcome, "unit": unit, "along": along} | changes(units, column, along)
        for outcome, (column, unit) in OUTCOMES.items()
        for along in ALONG
    ]
    return pl.DataFrame(rows, dict.fromkeys(("outcome", "unit", "along"), pl.String) | ROW)


def groups(units: pl.DataFrame, outcome: str = "failed", by: str = "context") -> pl.DataFrame:
    """Repeat the comparison in parts of the requests, and leave out what may mislead it.

    Returns
    -------
    pl.DataFrame
        A row per part that has units, but for one that is all of them: `kind` (of part), `part`,
        and the numbers of `slopes`.
    """
    mains = main(units)
    runs = pl.sum_horizontal(f"calls_{kind}" for kind in TOOLS) == pl.col("calls_run")
    edits = pl.col("calls_edit") > 0
    long = pl.col("number") + pl.col("left") >= COMMON
    parts = {
        ("all", "all of main chains"): mains,
        ("trigger", "led to by a human turn"): mains.filter("human"),
        ("trigger", "led to by a tool's result"): mains.filter(~pl.col("human")),
        ("calls", "calls that edit"): mains.filter(edits),
        ("calls", "calls that run commands alone"): mains.filter(runs & ~edits),
        ("calls", "calls of all other kinds"): mains.filter(~runs & ~edits),
        ("check", f"without each session's last {LAST}"): mains.filter(pl.col("left") >= LAST),
        ("check", f"the first {COMMON}, of sessions that have them"): mains.filter(
            long, pl.col("number") <= COMMON
        ),
        ("check", f"prompts up to {_WINDOW}00,000 tokens"): mains.filter(
            pl.col("context") <= _WINDOW
        ),
        ("check", "without the leading project"): mains.filter(
            ~pl.col("project").fill_null("").is_in([leader(mains, outcome, by) or ""])
        ),
        **{
            (
                "client version",
                f"version {era}" if era[0].isdigit() else f"version: {era}",
            ): mains.filter(pl.col("era") == era)
            for era in facts("eras")["era"]
        },
        ("subagents", "subagents"): units.filter("subagent"),
    }
    rows = [
        {"kind": kind, "part": part} | changes(some, outcome, by)
        for (kind, part), some in parts.items()
    ]
    found = pl.DataFrame(rows, dict.fromkeys(("kind", "part"), pl.String) | ROW)
    some = (pl.col("kind") == "all") | (pl.col("units") != pl.col("units").first())
    return found.filter(pl.col("units") > 0, some)


def in_points(slopes: pl.DataFrame) -> pl.DataFrame:
    """Return changes in percentage points, for a table.

    Parameters
    ----------
    slopes
        `slopes`.
    """
    names = ("raw", "project", "adjusted", "low", "high", "least", "sessions_low", "sessions_high")
    points = (pl.col(names) * 100).round(3)
    counts = ("units", "events", "sessions")
    return slopes.select("outcome", "along", *counts, points, "by").rename(
        {
            "project": "within projects",
            "adjusted": "within sessions",
            "by": "interval by",
            "sessions_low": "low by session",
            "sessions_high": "high by session",
        }
    )


def headline(units: pl.DataFrame, outcome: str = "failed", by: str = "context") -> Slope:
    """Return the adjusted slope of main chains, with the wider of its intervals."""
    return by_cluster(main(units), outcome, by)[0]
