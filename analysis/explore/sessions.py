"""The session browser: a list of sessions, and what happened along one of them."""

from __future__ import annotations

from functools import partial

import polars as pl

from analysis.explore.choices import Choices
from analysis.explore.controls import Options, Pick
from analysis.explore.data import Data
from analysis.explore.view import View
from analysis.measures import session as measure
from analysis.plots import session as plots
from analysis.words import session as words
from analysis.words import uncounted
from analysis.words.explore import of

#: Sessions of a list, and rows of any table, that are shown.
MOST = 1_000

#: By what the list can be sorted, and what can stand across a session's picture.
ORDER = Pick(
    "First",
    [
        ("the dearest", "total_usd"),
        ("the longest", "requests"),
        ("the most rebuilt", "premium_usd"),
        ("the latest", "begins"),
    ],
)
ALONG = Pick("Along", [("requests", "number"), ("the clock", "hours")])

_FORMATS = {"hours": "number-one", "begins": "minute"}


def listed(data: Data, choices: Choices, *, order: str = "total_usd") -> View:
    """List the sessions of what was chosen; a row that is chosen is the session looked at."""
    found = data.once("sessions", choices, measure.sessions)
    frame = found.sort(order, "session", descending=[True, False], nulls_last=True)
    head = frame.head(MOST)
    at = pl.col("begins").dt.convert_time_zone(choices.timezone)
    return View(
        "sessions",
        words.listed(frame, head.height, of(choices)),
        f"{words.LISTED_READING} {uncounted.of_how_many(data.within(choices))}".strip(),
        frame,
        shown=head.select(at, pl.exclude("begins", "session", "rebuilt_tokens")),
        formats=_FORMATS,
        picks=("session", head["session"].to_list()),
    )


def offered(data: Data, choices: Choices) -> Options:
    """Return the sessions to pick from, the dearest first, as they are called."""
    found = data.once("sessions", choices, measure.sessions).with_row_index("rank")
    kept = found.filter((pl.col("rank") < MOST) | (pl.col("session") == choices.session))
    zone, rows = choices.timezone, kept.iter_rows(named=True)
    return [(words.called(r, data.named(r["project"]), zone), r["session"]) for r in rows]


def picked(data: Data, choices: Choices) -> str:
    """Return the session that is looked at: the chosen one, else the dearest."""
    found = data.once("sessions", choices, measure.sessions)["session"]
    return choices.session or (found[0] if found.len() else "")


#: Which session is looked at, for all panels.
SESSION = Pick("Session", offered)


def course(data: Data, choices: Choices, *, along: str = "number") -> View:
    """Show one whole session along its requests, or along the clock."""
    session = picked(data, choices)
    zone = pl.col("at").dt.convert_time_zone(choices.timezone)
    own = data.rows.filter(pl.col("session") == session)
    frame = measure.course(own, session).with_columns(zone)
    cuts = measure.compactions(data.events, frame.with_columns(_utc()), session)
    project = own["project"].head(1).to_list()
    return View(
        "session",
        words.course(frame, cuts.height, project[0] if project else ""),
        f"{words.course_reading(frame, along)} {uncounted.of_how_many(own)}".strip(),
        frame,
        partial(plots.draw_both, frame, cuts, along),
        words.COURSE_ALT,
    )


def _utc() -> pl.Expr:
    return pl.col("at").dt.convert_time_zone("UTC")
