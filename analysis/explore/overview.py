"""What was used when: dollars, tokens and shares by day, and by the hours of a week."""

from __future__ import annotations

from functools import partial

from analysis.explore.choices import Choices
from analysis.explore.controls import Pick
from analysis.explore.data import Data
from analysis.explore.view import View
from analysis.measures import overview as measure
from analysis.plots import overview as plots
from analysis.words import overview as words
from analysis.words import uncounted
from analysis.words.explore import of

#: What the panel of days can show, and that of hours.
SHOWN = Pick("Show", [("dollars", "usd"), ("tokens", "tokens"), ("shares", "shares")])
SUMS = Pick(
    "Show", [("dollars", "total_usd"), ("requests", "requests"), ("output tokens", "output_tokens")]
)


def by_day(data: Data, choices: Choices, *, unit: str = "usd") -> View:
    """Show dollars, tokens or shares by day."""
    rows = data.within(choices)
    frame, rest = measure.by_day(rows, choices.timezone), uncounted.of_how_many(rows)
    if unit == "shares":
        return View(
            "days",
            words.shares(frame, of(choices)),
            f"{words.SHARES_READING} {rest}".strip(),
            frame,
            partial(plots.plot_shares, frame),
            words.SHARES_ALT,
        )
    title, reading = words.days(frame, of(choices)), f"{words.days_reading(frame)} {rest}".strip()
    return View(
        "days", title, reading, frame, partial(plots.plot_days, frame, unit), words.DAYS_ALT
    )


def by_hour(data: Data, choices: Choices, *, column: str = "total_usd") -> View:
    """Show the hours of a week."""
    frame = measure.by_hour(data.within(choices), choices.timezone)
    title, reading = words.hours(frame, of(choices), column), words.hours_reading(choices.timezone)
    draw = partial(plots.plot_hours, frame, column)
    return View("hours", title, reading, frame, draw, words.HOURS_ALT)
