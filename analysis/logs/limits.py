"""Limits and interruptions: how to tell them, and when a limit ends, from what the client says."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from zoneinfo import ZoneInfo

#: What is said of a limit, over all versions; the first words name it (5-hour, weekly, Opus ...).
_LIMIT = re.compile(
    r"\b(?:limit reached|hit your [\w'’ -]{0,40}?limit|reached your [\w'’ -]{0,60}?limits?)\b"
    r"|out of extra usage\b|rate_limit_error",
    re.IGNORECASE,
)
#: What sounds like one: the context is full, or the server is.
_NO_LIMIT = re.compile(r"\bcontext (?:window )?limit reached|not your usage limit", re.IGNORECASE)

_INTERRUPTION = "[Request interrupted by user"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EPOCH = re.compile(r"usage limit reached\|(\d{10})\b")  # versions 1.0
_UTC = re.compile(r"regain access on (\d{4}-\d\d-\d\d) at (\d\d:\d\d) UTC\b", re.ASCII)
_CLOCK = re.compile(
    rf"\breset(?:s(?: at)?| at)\s(?:({'|'.join(_MONTHS)}) (\d{{1,2}})(?:, (20\d\d))?(?:,| at) )?"
    r"(\d{1,2})(?::([0-5]\d))?\s?([ap]m)\s\(([A-Za-z0-9_+/-]+)\)",
    re.IGNORECASE,
)


def is_limit(text: str, error: str | None = None) -> bool:
    """Tell whether the client says that a limit of use was hit.

    Parameters
    ----------
    text
        What it says in the model's name.
    error
        What it calls the error; not all versions do.

    Examples
    --------
    >>> is_limit("You've hit your weekly limit · resets 4am (Europe/Madrid)")
    True
    >>> is_limit("Context limit reached · /compact or /clear to continue")
    False
    """
    if _NO_LIMIT.search(text):
        return False
    return error == "rate_limit" or _LIMIT.search(text) is not None


def is_interruption(text: str) -> bool:
    """Tell whether a text of the user's stands for a press of Esc.

    Examples
    --------
    >>> is_interruption("[Request interrupted by user for tool use]")
    True
    """
    return text.lstrip().startswith(_INTERRUPTION)


def resets_at(text: str, at: dt.datetime | None) -> dt.datetime | None:
    """Return when a limit resets.

    Parameters
    ----------
    text
        What the client says: with a Unix time, or with a local time and its zone.
    at
        When it says so. A local time is the next one after it; one with a date and no year is the
        nearest.

    Returns
    -------
    datetime.datetime or None
        UTC; null where the text has no time, or one that cannot be read.

    Examples
    --------
    >>> said = dt.datetime(2026, 3, 19, 9, tzinfo=dt.UTC)
    >>> resets_at("You've hit your limit · resets 4pm (Asia/Kuala_Lumpur)", said).isoformat()
    '2026-03-20T08:00:00+00:00'
    >>> resets_at("Weekly limit reached ∙ resets Mar 23, 5pm (Europe/Oslo)", said).isoformat()
    '2026-03-23T16:00:00+00:00'
    """
    if reset := _EPOCH.search(text):
        return dt.datetime.fromtimestamp(int(reset[1]), dt.UTC)
    try:
        if access := _UTC.search(text):
            return dt.datetime.fromisoformat(f"{access[1]}T{access[2]}Z")
        told = _CLOCK.search(text)
        if told is None or at is None or not 1 <= int(told[4]) <= 12:
            return None
        hour = int(told[4]) % 12 + 12 * (told[6].lower() == "pm")
        clock = dt.time(hour, int(told[5] or 0), tzinfo=ZoneInfo(told[7]))
        if told[1] is None:
            return _next(at, clock)
        return _nearest(at, clock, told[3], _MONTHS.index(told[1].title()) + 1, int(told[2]))
    except (KeyError, ValueError, OSError, OverflowError):  # no such zone, or a folder of zones
        return None


def _next(at: dt.datetime, clock: dt.time) -> dt.datetime:
    """Return the first such time after another; an hour that a clock repeats comes twice."""
    today = at.astimezone(clock.tzinfo).date()
    times = []
    for day in (today, today + dt.timedelta(days=1)):
        once = dt.datetime.combine(day, clock).astimezone(dt.UTC)
        again = dt.datetime.combine(day, clock.replace(fold=1)).astimezone(dt.UTC)
        times += [once, max(once, again)]  # an hour that is left out has an earlier one, not again
    return min(time for time in times if time > at)


def _nearest(
    at: dt.datetime, clock: dt.time, year: str | None, month: int, day: int
) -> dt.datetime:
    years = [int(year)] if year else [at.year - 1, at.year, at.year + 1]
    dates = [dt.date(y, month, day) for y in years if day <= monthrange(y, month)[1]]
    times = [dt.datetime.combine(date, clock).astimezone(dt.UTC) for date in dates]
    return min(times, key=lambda time: abs(time - at))
