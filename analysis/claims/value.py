"""Checks of what is claimed of the hours that an answer and a workflow spare."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading
from analysis.measures.spared import EXPERIENCED, MEASURED, studies

_ABOUT = 2  # within this factor of an hour is about an hour
_SEVERAL = 2  # hours: fewer are not several


def _answer() -> list[Reading]:
    """Ask what an answer was measured to spare, then what was estimated without measuring."""
    known = studies().filter(pl.col("work") == "answer").drop_nulls("hours")
    measured = pl.col("how").is_in(MEASURED)
    ways = {
        "most hours that a study measured an answer to spare": known.filter(measured),
        "Anthropic's estimate by Claude, of all users' chats, checking left out": known.filter(
            ~measured
        ),
    }
    most = {name: float(rows["hours"].max()) for name, rows in ways.items()}  # type: ignore[arg-type]
    return [
        Reading(name, hours, 1 / _ABOUT <= hours <= _ABOUT, "hours") for name, hours in most.items()
    ]


def _workflow() -> list[Reading]:
    """Ask what a task was measured to spare: experienced developers, then anybody."""
    known = studies().filter(pl.col("work") == "workflow", pl.col("how").is_in(MEASURED))
    ways = {
        "most hours that a study measured a task to spare experienced developers": known.filter(
            pl.col("who") == EXPERIENCED
        ),
        "most hours that a study measured a task to spare anybody": known,
    }
    most = {name: float(rows["hours"].max()) for name, rows in ways.items()}  # type: ignore[arg-type]
    return [Reading(name, hours, hours >= _SEVERAL, "hours") for name, hours in most.items()]


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "answer-hours": _answer,
    "workflow-hours": _workflow,
}
