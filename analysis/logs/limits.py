"""When a limit ends, from what the client says of it."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

_EPOCH = re.compile(r"usage limit reached\|(\d{10})\b")  # versions 1.0
_CLOCK = re.compile(r"\bresets (\d{1,2})(?::([0-5]\d))?(am|pm) \(([\w+/-]+)\)", re.ASCII)


def resets_at(text: str, at: dt.datetime | None) -> dt.datetime | None:
    """Return when a limit resets.

    Parameters
    ----------
    text
        What the client says: with a Unix time, or with a local time and its zone.
    at
        When it says so. A local time is the next one after it.

    Returns
    -------
    datetime.datetime or None
        UTC; null where the text has no time, or one that cannot be read.

    Examples
    --------
    >>> said = dt.datetime(2026, 3, 19, 9, tzinfo=dt.UTC)
    >>> resets_at("You've hit your limit · resets 4pm (Asia/Kuala_Lumpur)", said).isoformat()
    '2026-03-20T08:00:00+00:00'
    """
    if reset := _EPOCH.search(text):
        return dt.datetime.fromtimestamp(int(reset[1]), dt.UTC)
    told = _CLOCK.search(text)
    if told is None or at is None or not 1 <= int(told[1]) <= 12:
        return None
    hour = int(told[1]) % 12 + 12 * (told[3] == "pm")
    try:
        return _next(at, dt.time(hour, int(told[2] or 0), tzinfo=ZoneInfo(told[4])))
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
