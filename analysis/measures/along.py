"""How often something goes wrong along a session, raw and within sessions."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.facts import facts
from analysis.measures.degradation import OUTCOMES, TOOLS
from analysis.measures.within import Slope, levels, slope

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
    """Return the rate of an outcome along a session, raw and within sessions.

    Parameters
    ----------
    units
        `analysis.measures.degradation.units`, of main chains.

    Returns
    -------
    pl.DataFrame
        A row per bin of equal counts: `bin`, `at` (mean of `by`), `from`, `to`, `units`, `events`,
        `sessions`, `raw`, `raw_low`, `raw_high`, `adjusted`, `low`, `high`.
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
    raw = levels(some, outcome, "bin", fixed=None).rename(
        {"rate": "raw", "low": "raw_low", "high": "raw_high"}
    )
    within = levels(some, outcome, "bin").rename({"rate": "adjusted"})
    return (
        where.join(raw, on="bin")
        .join(within.select("bin", "adjusted", "low", "high"), on="bin")
        .sort("bin")
    )


def slopes(units: pl.DataFrame) -> pl.DataFrame:
    """Say of each outcome how far its rate moves along a session, raw and within sessions.

    Returns
    -------
    pl.DataFrame
        A row per outcome of `OUTCOMES` and way of `ALONG`: `outcome`, `unit`, `along`, `units`,
        `events`, `sessions` (with an event), `raw`, `raw_low`, `raw_high`, `adjusted`, `low`,
        `high`, `least` (changes of a share; null where nothing varies or too few sessions have an
        event).
    """
    rows = [
        {"outcome": outcome, "unit": unit, "along": along} | _both(units, column, along)
        for outcome, (column, unit) in OUTCOMES.items()
        for along in ALONG
    ]
    return pl.DataFrame(rows, dict.fromkeys(("outcome", "unit", "along"), pl.String) | _ROW)


_NUMBERS = ("raw", "raw_low", "raw_high", "adjusted", "low", "high", "least")
_ROW: dict[str, Any] = dict.fromkeys(("units", "events", "sessions"), pl.Int64) | dict.fromkeys(
    _NUMBERS, pl.Float64
)


def _both(units: pl.DataFrame, column: str, along: str) -> dict[str, float | int | None]:
    raw = slope(units, column, along, fixed=None, held=())
    within = slope(units, column, along)
    return {
        "units": within.units,
        "events": within.events,
        "sessions": within.interval.clusters,
        "raw": raw.value,
        "raw_low": raw.interval.low,
        "raw_high": raw.interval.high,
        "adjusted": within.value,
        "low": within.interval.low,
        "high": within.interval.high,
        "least": within.least,
    }


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
        {"kind": kind, "part": part} | _both(some, outcome, by)
        for (kind, part), some in parts.items()
    ]
    found = pl.DataFrame(rows, dict.fromkeys(("kind", "part"), pl.String) | _ROW)
    some = (pl.col("kind") == "all") | (pl.col("units") != pl.col("units").first())
    return found.filter(pl.col("units") > 0, some)


def in_points(slopes: pl.DataFrame) -> pl.DataFrame:
    """Return changes in percentage points, for a table.

    Parameters
    ----------
    slopes
        `slopes`.
    """
    changes = (pl.col("raw", "adjusted", "low", "high", "least") * 100).round(3)
    counts = ("units", "events", "sessions")
    return slopes.select("outcome", "along", *counts, changes).rename({"adjusted": "within"})


def headline(units: pl.DataFrame, outcome: str = "failed", by: str = "context") -> Slope:
    """Return the adjusted slope of main chains."""
    return slope(main(units), outcome, by)
