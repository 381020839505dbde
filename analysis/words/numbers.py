"""Numbers as they stand in sentences."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from typing import Any

#: Keeps a number and its unit on one line.
NARROW_SPACE = "\u202f"

#: Of fewer than so many, a share has digits that nobody measured.
FEW = 10


def minus(text: str) -> str:
    """Write the sign of a negative number as it is set in print.

    Examples
    --------
    >>> minus("-0.62"), minus("4.7")
    ('−0.62', '4.7')
    """
    return text.replace("-", "−", 1)


def share(value: float | None, decimals: int = 1) -> str:
    r"""Write a share.

    Examples
    --------
    >>> share(0.9766), share(None), share(0.0004)
    ('97.7\u202f%', 'no share', 'under 0.1\u202f%')
    """
    if value is None:
        return "no share"
    step = 10.0**-decimals
    if 0 < 100 * value < step / 2:
        return f"under {step:.{decimals}f}{NARROW_SPACE}%"
    return minus(f"{100 * value:z.{decimals}f}{NARROW_SPACE}%")


def part(some: int, whole: int) -> str:
    r"""Write how many of how many, as a share where there are enough of them.

    Examples
    --------
    >>> part(4, 4), part(136, 142)
    ('4 of 4', '95.8\u202f% of 142')
    """
    return f"{some if whole < FEW else share(some / whole)} of {whole:,}"


def signed(value: float) -> str:
    r"""Write a share of more or less than something.

    Examples
    --------
    >>> signed(0.055), signed(-0.246), signed(-0.0001)
    ('+5.5\u202f%', '−24.6\u202f%', 'under 0.1\u202f%')
    """
    size = share(abs(value))
    return size if size.startswith("under") else f"{'−' if value < 0 else '+'}{size}"


def day(date: dt.date) -> str:
    """Write a day so that it stays on one line.

    Examples
    --------
    >>> day(dt.date(2026, 3, 5)).split()
    ['5', 'March', '2026']
    """
    return f"{date.day}\u00a0{date:%B}\u00a0{date.year}"


def ratio(value: float | None) -> str:
    """Write a ratio to one.

    Examples
    --------
    >>> ratio(8.004), ratio(1309.88)
    ('8.0:1', '1,310:1')
    """
    if value is None:
        return "no ratio"
    if value >= 1e6:
        return f"{compact(value)}:1"
    return f"{value:,.0f}:1" if value >= 100 else f"{value:.1f}:1"


def compact(value: float) -> str:
    r"""Write a large number with three digits.

    Examples
    --------
    >>> compact(5_090_000_000), compact(999)
    ('5.09\u202fB', '999')
    """
    for size, unit in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size * 0.9995:
            digits = f"{value / size:#.3g}".rstrip(".") if abs(value) < 999.5e12 else None
            return f"{digits or format(value / size, ',.0f')}{NARROW_SPACE}{unit}"
    return f"{value:,.0f}"


def usd(value: float | None) -> str:
    """Write dollars.

    Examples
    --------
    >>> usd(1550.5299)
    '$1,550.53'
    """
    return "an unknown sum" if value is None else f"${value:,.2f}"


def money(largest: float) -> Callable[[float], str]:
    """Return how dollars are written beside each other: all with the decimals of the largest.

    Examples
    --------
    >>> write = money(0.115)
    >>> write(0.115), write(0.05), money(12)(3)
    ('$0.115', '$0.050', '$3.00')
    """
    decimals = 2 - math.floor(math.log10(largest)) if largest > 0 else 2
    decimals = max(decimals, 2) if decimals > 0 else 0
    return lambda value: f"${value:,.{decimals}f}"


def extent(values: Iterable[float | None], write: Callable[[Any], str] = share) -> str:
    r"""Write how far values go, as one where they read alike; missing ones do not count.

    Where all are missing, `write` says what it says of None.

    Examples
    --------
    >>> extent([0.5, None, 0.25]), extent([0.5]), extent([None])
    ('25.0\u202f% to 50.0\u202f%', '50.0\u202f%', 'no share')
    """
    known = [value for value in values if value is not None]
    if not known:
        return write(None)
    return " to ".join(dict.fromkeys(write(end) for end in (min(known), max(known))))


def count(number: int, thing: str, plural: str = "s") -> str:
    """Write a number of things.

    Examples
    --------
    >>> count(1, "line"), count(1200, "request"), count(2, "stretch", "es")
    ('1 line', '1,200 requests', '2 stretches')
    """
    return f"{number:,} {thing}{'' if number == 1 else plural}"
