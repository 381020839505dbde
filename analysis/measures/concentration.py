"""How much of the dollars the dearest sessions, days and projects have.

A project is not a user, and one reader's logs hold one user, or few.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.facts import facts
from analysis.measures.resample import FEWEST, LEVEL
from analysis.measures.turns import daily

Array = npt.NDArray[np.float64]

TOP = 0.1
UNITS = ("sessions", "days", "projects")
_POINTS = 100  # of a curve
_CELLS = 4_000_000  # of the table of draws, at most
_DRAWS = 1000


def amounts(spent: pl.DataFrame) -> dict[str, Array]:
    """Return the dollars of each session, day and project.

    Parameters
    ----------
    spent
        `measures.turns.costed`.
    """
    found = {
        "sessions": spent.group_by("session", maintain_order=True).agg(pl.col("usd").sum()),
        "days": daily(spent),
        "projects": spent.group_by("project", maintain_order=True).agg(pl.col("usd").sum()),
    }
    return {name: np.sort(frame["usd"].to_numpy())[::-1] for name, frame in found.items()}


def top_share(ordered: Array, top: float | Array = TOP) -> Array:
    """Return what the top part has of the whole, along the last axis, dearest first.

    A part that is no whole number of rows takes a part of the next.

    Examples
    --------
    >>> top_share(np.array([6.0, 2.0, 1.0, 1.0]), np.array([0.25, 0.375, 1.0]))
    array([0.6, 0.7, 1. ])
    """
    number = ordered.shape[-1]
    sums = np.concatenate(
        [np.zeros((*ordered.shape[:-1], 1)), np.cumsum(ordered, axis=-1)], axis=-1
    )
    place = np.asarray(top) * number
    below = np.minimum(place.astype(int), number - 1)
    reached = sums[..., below] + (place - below) * ordered[..., below]
    return np.asarray(reached / sums[..., -1:] if np.ndim(top) else reached / sums[..., -1])


def lorenz(spent: pl.DataFrame) -> pl.DataFrame:
    """Compute the share of dollars of the dearest sessions, days and projects.

    Returns
    -------
    pl.DataFrame
        `unit`, `top` (part of them, 0 to 1), `share` (of dollars). A unit of which there are
        fewer than `resample.FEWEST`, or which costs nothing, has no rows.
    """
    top = np.linspace(0, 1, _POINTS + 1)
    curves = [
        pl.DataFrame({"unit": name, "top": top, "share": top_share(usd, top)})
        for name, usd in amounts(spent).items()
        if usd.size >= FEWEST and usd.sum() > 0
    ]
    empty = pl.DataFrame(schema={"unit": pl.String, "top": pl.Float64, "share": pl.Float64})
    return pl.concat([empty, *curves])


def tops(spent: pl.DataFrame, seed: int = 1) -> pl.DataFrame:
    """Compute the share of dollars of the top tenth, with an interval.

    The interval is the percentile bootstrap: as many sessions (days, projects) drawn with
    replacement.

    Returns
    -------
    pl.DataFrame
        A row for each of `UNITS`: `unit`, `count`, `share`, `low`, `high` (90 %); the shares null
        where there are fewer than `resample.FEWEST`.
    """
    rows = []
    for name, usd in amounts(spent).items():
        found: tuple[float | None, ...] = (None, None, None)
        if usd.size >= FEWEST and usd.sum() > 0:
            draws = max(min(_DRAWS, _CELLS // usd.size), 100)
            rng = np.random.default_rng(seed)
            some = usd[np.sort(rng.integers(usd.size, size=(draws, usd.size)), axis=1)]
            ends = np.quantile(top_share(some), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
            found = (float(top_share(usd)), *map(float, ends))
        rows.append((name, usd.size, *found))
    head = {"unit": pl.String, "count": pl.Int64}
    return pl.DataFrame(
        rows, head | dict.fromkeys(("share", "low", "high"), pl.Float64), orient="row"
    )


def published() -> pl.DataFrame:
    """Return what is published of how usage spreads over users.

    Returns
    -------
    pl.DataFrame
        `account`, `label`, `users`, `top` (part of the users), `share` (of the whole that they
        have), `times_median` (what one of them uses, over the median), `unit`, `covers`, `source`.
    """
    return facts("concentration")
