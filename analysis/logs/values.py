"""Values of other sources' records as the tables hold them: texts, times, money, folders."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal

from analysis.logs.times import EARLIEST, LATEST

#: Ten million dollars: no line of a log comes near.
MAX_NANO = 10**16


def text(value: object) -> str | None:
    """Return a value that is a text, and null for any other."""
    return value if isinstance(value, str) else None


def nano(dollars: object) -> int | None:
    """Return dollars as whole nano-dollars; null for what is no sum of money.

    Examples
    --------
    >>> nano(0.25), nano("1.5"), nano(-1), nano(float("nan")), nano(None)
    (250000000, 1500000000, None, None, None)
    """
    try:
        said = Decimal(str(dollars)) * 10**9
        return int(said.to_integral_value(ROUND_HALF_UP)) if 0 <= said <= MAX_NANO else None
    except ArithmeticError:
        return None


def cents(amount: object) -> int | None:
    """Return cents, as a text or a number, as whole nano-dollars; null for what is no sum of money.

    Examples
    --------
    >>> cents("123.78912"), cents(25), cents("-1"), cents("much")
    (1237891200, 250000000, None, None)
    """
    try:
        return nano(Decimal(str(amount)) / 100)
    except ArithmeticError:
        return None


def folder(path: str) -> str:
    """Return a folder's path as Claude Code spells it, so that all tools' projects are one.

    Examples
    --------
    >>> folder("/home/ada/acme.com")
    '-home-ada-acme-com'
    """
    return re.sub("[^A-Za-z0-9]", "-", path)


def moment(value: object) -> dt.datetime | None:
    """Return a time of a log: of an ISO text with a zone, or a number of milliseconds.

    Examples
    --------
    >>> moment("2026-03-19T09:00:00Z") == moment(1773910800000)
    True
    >>> moment("yesterday"), moment("2026-03-19T09:00:00"), moment(10**30)
    (None, None, None)
    """
    try:
        if isinstance(value, str):
            at = dt.datetime.fromisoformat(value)
            if at.tzinfo is None:
                return None
        elif isinstance(value, int | float) and not isinstance(value, bool):
            at = dt.datetime.fromtimestamp(value / 1000, dt.UTC)
        else:
            return None
        at = at.astimezone(dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if EARLIEST <= at < LATEST else None
