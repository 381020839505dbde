"""Two periods or two projects beside each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import polars as pl

from analysis.explore.choices import Choices
from analysis.explore.controls import Options, Pick
from analysis.explore.data import Data
from analysis.explore.view import View
from analysis.measures import compare as measure
from analysis.plots.compare import plot_compare
from analysis.words import compare as words
from analysis.words.uncounted import of_how_many

#: A span of more weeks has months alone.
_WEEKS = 26
_PROJECT = "project:"
_NEVER = dt.date(1970, 1, 1)  # of no requests
_DAY = dt.timedelta(1)


def compare(data: Data, choices: Choices, *, a: str = "", b: str = "") -> View:
    """Compare two sets of what was chosen; without any, its halves: half of the requests each."""
    halves = [side for _, side in _halves(data, choices)]
    a, b = a or halves[0], b or halves[1]
    sides = [chosen(choices, side) for side in (a, b)]
    one, other = map(data.within, sides)
    frame = measure.compare(one, other, choices.timezone)
    known = of_how_many(pl.concat([one, other]))
    none = one.is_empty() or other.is_empty()
    if none or sides[0] == sides[1]:
        said = words.NOTHING if none else words.same(called(a))
        return View("compare", said, f"{words.CHOOSE} {known}".strip(), frame.clear())
    both = data.rows.filter(*(wanted for side in sides for wanted in side.kept())).height
    sizes = words.sizes(one.height, other.height, both, halves=[a, b] == halves)
    return View(
        "compare",
        words.title(frame, called(a), called(b)),
        f"{sizes}{words.READING}{words.by_project(frame)} {known}".strip(),
        frame,
        partial(plot_compare, frame),
        words.alt(frame),
    )


def chosen(choices: Choices, side: str) -> Choices:
    """Return a set as choices: of what was chosen, a project or a span of days.

    Examples
    --------
    >>> chosen(Choices(since="2026-03-09"), "2026-03-01/2026-03-31").since
    '2026-03-09'
    """
    if side.startswith(_PROJECT):
        return replace(choices, project=side.removeprefix(_PROJECT))
    since, until = side.split("/")
    until = min(until, choices.until or until)
    return replace(choices, since=max(since, choices.since), until=until)


def called(side: str) -> str:
    """Say which set it is.

    >>> called("project:project-01"), called("2026-03-01/2026-03-31")
    ('project-01', '2026-03-01 to 2026-03-31')
    """
    return side.removeprefix(_PROJECT).replace("/", " to ")


def sides(data: Data, choices: Choices) -> Options:
    """Return what can be compared: halves of what was chosen, projects, months and weeks."""
    found = _halves(data, choices)
    if not choices.project and len(data.projects) > 1:
        found += [(data.named(label), f"{_PROJECT}{label}") for label in data.projects]
    first, last = _ends(_days(data, choices))
    found += [(f"{day:%B %Y}", _side(day, until)) for day, until in _months(first, last)]
    weeks = [*_weeks(first, last)]
    if len(weeks) <= _WEEKS:
        found += [(f"week of {day}", _side(day, until)) for day, until in weeks]
    return found


def _others(data: Data, choices: Choices) -> Options:
    """Return the same, the second half first."""
    first, second, *rest = sides(data, choices)
    return [second, first, *rest]


def _halves(data: Data, choices: Choices) -> list[tuple[str, str]]:
    """Return what was chosen in two, between the days that leave most nearly half on each side."""
    days = _days(data, choices)
    first, last = _ends(days)
    before = pl.col("requests").cum_sum() - pl.col("requests")
    split = days.with_columns(off=(2 * before - pl.col("requests").sum()).abs()).slice(1)
    begins = split.sort("off", "day")["day"][0] if split.height else last + _DAY
    halves = (first, begins - _DAY), (begins, last)
    names = "first half of requests", "second half of requests"
    return [(name, _side(*half)) for name, half in zip(names, halves, strict=True)]


def _days(data: Data, choices: Choices) -> pl.DataFrame:
    """Count the requests of each day that has any."""
    day = pl.col("first_seen").dt.convert_time_zone(choices.timezone).dt.date().alias("day")

    def counted(rows: pl.DataFrame) -> pl.DataFrame:
        return rows.group_by(day).len("requests").cast({"requests": pl.Int64}).sort("day")

    return data.once("requests by day", choices, counted)


def _ends(days: pl.DataFrame) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of what was chosen."""
    return (days["day"][0], days["day"][-1]) if days.height else (_NEVER, _NEVER)


def _months(first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    day = first.replace(day=1)
    while day <= last:
        after = (day + dt.timedelta(31)).replace(day=1)
        yield day, after - dt.timedelta(1)
        day = after


def _weeks(first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    day = first - dt.timedelta(first.weekday())
    while day <= last:
        yield day, day + dt.timedelta(6)
        day += dt.timedelta(7)


def _side(first: dt.date, last: dt.date) -> str:
    return f"{first}/{last}"


#: What its panel has.
CONTROLS = {"a": Pick("A", sides), "b": Pick("B", _others)}
