"""The ledger of rebuilds: what was written to the cache though it had been there, and why."""

from __future__ import annotations

from functools import partial

import polars as pl

from analysis.explore.choices import Choices
from analysis.explore.controls import Pick
from analysis.explore.data import Data
from analysis.explore.sessions import MOST, picked
from analysis.explore.view import View
from analysis.measures import rebuilds as measure
from analysis.plots.rebuilds import plot_causes
from analysis.report.markdown import title_and_rest
from analysis.words import ledger as words
from analysis.words import rebuilds as again
from analysis.words import uncounted
from analysis.words.explore import of

#: Of what the ledger is: of everything chosen, or of the session that is looked at.
OF = Pick("Of", [("everything chosen", "everything"), ("the session above", "session")])

_FORMATS = {"at": "minute", "pause_minutes": "number-one", "premium_usd": "usd-fine"}


def rebuilds(data: Data, choices: Choices, *, scope: str = "everything") -> View:
    """List every rebuild, the dearest first, with sums."""
    rows = _rows(data, choices, scope)
    frame = measure.detailed(rows)
    head = frame.head(MOST)
    at = pl.col("at").dt.convert_time_zone(choices.timezone)
    whose = " of this session" if scope == "session" else of(choices)
    return View(
        "rebuilds",
        uncounted.known(rows, words.ledger(frame, head.height, whose)),
        words.READING,
        frame,
        shown=head.select(at, pl.exclude("at", "session")),
        formats=_FORMATS,
        picks=("session", head["session"].to_list()),
    )


def causes(data: Data, choices: Choices, *, scope: str = "everything") -> View:
    """Show what rebuilds cost by cause."""
    rows = _rows(data, choices, scope)
    frame = measure.by_cause(rows)
    title, reading = title_and_rest(uncounted.known(rows, again.causes(frame)))
    return View("causes", title, reading, frame, partial(plot_causes, frame), again.CAUSES_ALT)


def _rows(data: Data, choices: Choices, scope: str) -> pl.DataFrame:
    if scope == "session":
        return data.rows.filter(pl.col("session") == picked(data, choices))
    return data.within(choices)
