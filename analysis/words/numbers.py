"""Numbers as they stand in sentences."""

from __future__ import annotations


def share(value: float | None, decimals: int = 1) -> str:
    """Write a share.

    Examples
    --------
    >>> share(0.9766), share(None)
    ('97.7 %', 'no share')
    """
    return "no share" if value is None else f"{100 * value:.{decimals}f} %"


def ratio(value: float | None) -> str:
    """Write a ratio to one.

    Examples
    --------
    >>> ratio(8.004), ratio(1309.88)
    ('8.0:1', '1,310:1')
    """
    if value is None:
        return "no ratio"
    return f"{value:,.0f}:1" if value >= 100 else f"{value:.1f}:1"


def usd(value: float | None) -> str:
    """Write dollars.

    Examples
    --------
    >>> usd(1550.5299)
    '$1,550.53'
    """
    return "an unknown sum" if value is None else f"${value:,.2f}"


def count(number: int, thing: str) -> str:
    """Write a number of things.

    Examples
    --------
    >>> count(1, "line"), count(1200, "request")
    ('1 line', '1,200 requests')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
