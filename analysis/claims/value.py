"""Checks of what is claimed of the hours that an answer and a workflow spare."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading
from analysis.measures.spared import EXPERIENCED, MEASURED, studies
from analysis.measures.value import MINUTES

ABOUT = 2  # within this factor of an hour is about an hour
_SEVERAL = 2  # hours: fewer are not several


def _answer() -> list[Reading]:
    """Ask what an answer was measured to spare, then what was estimated without measuring."""
    known = studies().filter(pl.col("work") == "answer").drop_nulls("hours")
    measured = pl.col("how").is_in(MEASURED)
    found = [
        ("most hours by a study that measured the share of time", known.filter(measured)),
        ("Anthropic's estimate by Claude, checking left out", known.filter(~measured)),
    ]
    return [
        Reading(f"{name} ({_longest(rows)})", hours, 1 / ABOUT <= hours <= ABOUT, "hours")
        for name, rows in found
        for hours in [_most(rows)]
    ]


def _workflow() -> list[Reading]:
    """Ask what a task was measured to spare: experienced developers, then anybody."""
    known = (
        studies()
        .filter(pl.col("work") == "workflow", pl.col("how").is_in(MEASURED))
        .drop_nulls("hours")
    )
    found = [
        ("experienced developers", known.filter(pl.col("who") == EXPERIENCED)),
        ("anybody", known),
    ]
    return [
        Reading(
            f"most hours spared {who}, by a study that measured the share of time "
            f"({_longest(rows)})",
            hours,
            hours >= _SEVERAL,
            "hours",
        )
        for who, rows in found
        for hours in [_most(rows)]
    ]


def _most(rows: pl.DataFrame) -> float:
    return float(rows["hours"].max())  # type: ignore[arg-type]


def _longest(rows: pl.DataFrame) -> str:
    """Say how long the longest piece of work was: no study finds more hours than that spared."""
    hours = float(rows["task_hours"].max())  # type: ignore[arg-type]
    length = f"{hours * MINUTES:.0f} minutes" if hours < 1 else f"{hours:.1f} hours"
    rest = ", some lengths assumed" if (rows["length"] == "assumed").any() else ""
    return f"no task over {length}{rest}"


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "answer-hours": _answer,
    "workflow-hours": _workflow,
}
