"""How much of a difference between line-ups is the luck of who was simulated, by groups of users.

Each group is a whole population by itself (`measures.population`), and the same in every line-up.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analysis.measures.line_ups import TODAY


def differences(
    found: pl.DataFrame, line_up: str, other: str = TODAY, columns: Sequence[str] = ("profit_usd",)
) -> pl.DataFrame:
    """Return by how much one line-up has more of `columns` than another, row by row.

    Parameters
    ----------
    found
        `measures.totals.totals`, or frames made of it: the rows of both stand in the same order.

    Examples
    --------
    >>> found = pl.DataFrame({"group": [0, 1] * 2, "line_up": ["a", "a", "caps", "caps"],
    ...                       "profit_usd": [3.0, 4.0, 1.0, 1.0]})
    >>> differences(found, "a")["profit_usd"].to_list()
    [2.0, 3.0]
    """
    one, two = (found.filter(pl.col("line_up") == name) for name in (line_up, other))
    return one.with_columns(one[name] - two[name] for name in columns)


def noise(of: pl.Expr) -> pl.Expr:
    """Return twice the standard error of a mean over groups; null with one group.

    Examples
    --------
    >>> pl.DataFrame({"of": [1.0, 3.0]}).select(noise(pl.col("of"))).item()
    2.0
    """
    return 2 * of.std() / of.len().sqrt()


def told(value: float, noise: float | None) -> int:
    """Return the sign of a difference, 0 where it lies within its noise.

    Examples
    --------
    >>> told(2.0, 0.5), told(-0.3, 0.5), told(-0.3, None)
    (1, 0, -1)
    """
    return 0 if abs(value) <= (noise or 0) else (1 if value > 0 else -1)
