"""Say how long cache writes were kept, and when that changed."""

from __future__ import annotations

import polars as pl

from analysis.measures.switches import STAYS
from analysis.words.numbers import count, day, share
from analysis.words.sources import published

PUBLISHED = f"these logs and {published('switches')}"

TIMELINE_ALT = (
    "A row for each project and a dot for each day: one colour for days of five-minute writes, "
    "one for one-hour writes, diamonds for both; strokes where the lifetime switched."
)


def timeline(frame: pl.DataFrame, switches: pl.DataFrame, rows: int) -> str:
    """Caption the lifetimes by day."""
    five, hour = (int(frame[f"written_{name}_tokens"].sum()) for name in ("5m", "1h"))
    if not five + hour:
        return "No log here says how long what it wrote is kept."
    projects = frame["project"].n_unique()
    shown = "" if rows == projects else f" Of {projects:,} projects, the {rows} that wrote most."
    where = count(switches["project"].n_unique(), "project")
    said = f"and changed to another lifetime {_times(switches.height)} in {where}"
    said = said if switches.height else "and no project changed for good"
    return (
        f"Main conversations wrote {share(hour / (five + hour))} of tokens for one hour, "
        f"{said}. A switch is the first request of a run that writes another lifetime than "
        f"the run before; a run is {STAYS} requests or more, or a day or longer. Two clients side "
        "by side, of which each keeps its lifetime, are no switch. Why is not "
        f"known. Dashed: days on which others saw theirs, where these logs reach them.{shown}"
    )


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def switched(frame: pl.DataFrame) -> str:
    """Caption the switches."""
    if frame.is_empty():
        return "No project here changed for good how long its writes are kept."
    same = frame.filter(pl.col("version_before") == pl.col("version_after")).height
    first, last = frame["at"].min(), frame["at"].max()
    span = " to ".join(dict.fromkeys(day(at.date()) for at in (first, last)))  # type: ignore[union-attr]
    return (
        f"{same:,} of {count(frame.height, 'change')} of lifetime came without another client "
        f"version ({span}). Where the version is another, the client may have decided; where it "
        "is the same, the account or the server. Versions: at the last request before and the "
        "first after."
    )


def elsewhere(frame: pl.DataFrame) -> str:
    """Caption the published switches.

    Parameters
    ----------
    frame
        Facts `switches`.
    """
    days = frame.select(pl.col("switched_day").max() - pl.col("switched_day").min()).item().days
    return (
        f"{count(frame.height, 'user')} published the day of their switch, {days} days "
        f"apart: it did not come to all at once."
    )
