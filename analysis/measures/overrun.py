"""What a cut of the planned gross margin implies of the cost that overran."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.gross_margins import margins, planned
from analysis.measures.revenue import FIRM

_HALF = 0.005  # a margin or an overrun told in whole percent lies so far off at most
#: Revenue over plan: as planned, and ends to show how much rests on it.
REVENUES = (0.95, 1.0, 1.05)


def first_planned() -> float:
    """Return the gross margin of 2025 as planned before it was cut, on paying users.

    Examples
    --------
    >>> first_planned()
    0.5
    """
    said = margins().filter(pl.col("whose") == FIRM, pl.col("status") == "planned")
    return float(said["margin"][0])


def over() -> float:
    """Return by what share inference is reported to have cost more than planned.

    Examples
    --------
    >>> over()
    0.23
    """
    return _told("inference_over")


def _told(name: str) -> float:
    return float(facts("overruns").filter(name=name)["value"].item())


def rise(before: float, after: float, revenue: float = 1) -> float:
    """Return how much more all cost of revenue is, if a gross margin falls.

    Parameters
    ----------
    before, after
        Gross margins, shares of revenue.
    revenue
        Revenue over the one that `before` is a margin of.

    Examples
    --------
    >>> round(rise(0.5, 0.4), 3)
    0.2
    """
    return revenue * (1 - after) / (1 - before) - 1


def implied(revenue: float = 1) -> float:
    """Return the share of planned cost that inference must have been, to be the whole reason.

    All other cost is as planned; above 1 it cannot be the whole reason.

    Examples
    --------
    >>> round(implied(), 2)
    0.87
    """
    return rise(first_planned(), planned(), revenue) / over()


def by_revenue() -> pl.DataFrame:
    """Return that share by revenue over plan, and how far rounding of the figures moves it.

    Returns
    -------
    pl.DataFrame
        `case` (assumed, or reported), `revenue` (over plan), `rise` (of all cost of revenue),
        `share`, `low`, `high` (of planned cost that inference must be). As planned first.
    """
    told = _told("revenue_expected") / _told("revenue_planned")
    cases = [("as planned" if r == 1 else "assumed", r) for r in REVENUES] + [("reported", told)]
    rows = [
        {
            "case": case,
            "revenue": revenue,
            "rise": rise(first_planned(), planned(), revenue),
            "share": implied(revenue),
            "low": rise(first_planned() - _HALF, planned() + _HALF, revenue) / (over() + _HALF),
            "high": rise(first_planned() + _HALF, planned() - _HALF, revenue) / (over() - _HALF),
        }
        for case, revenue in cases
    ]
    return pl.DataFrame(rows).sort(pl.col("case") != "as planned", "revenue")
