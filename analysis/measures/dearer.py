"""How many times an answer a workflow costs, by what is called one, with an interval.

Turns of one project, and of one session, are alike: so projects are drawn, or sessions where there
are too few projects, never turns.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.measures.resample import FEWEST, LEVEL
from analysis.measures.turns import WORKFLOW
from analysis.measures.work import CHAT, LOGGED, TEXT, TURN

Array = npt.NDArray[np.float64]

#: Requests, at least, of a turn that could be called a workflow.
LEASTS = (5, WORKFLOW, 20)
_CELLS = 4_000_000  # of the table of draws, at most
_DRAWS = 1000
_FIGURES = ("usd", "median", "mean")
_SCHEMA = {"least": pl.Int64, "count": pl.Int64, "answers": pl.Int64, "drawn": pl.String} | {
    f"{name}{end}": pl.Float64 for name in _FIGURES for end in ("", "_low", "_high")
}


def dearer(found: pl.DataFrame, seed: int = 1) -> pl.DataFrame:
    """Compute how many times an answer a workflow costs, by what is called one.

    Parameters
    ----------
    found
        `measures.turns.turns`.

    Returns
    -------
    pl.DataFrame
        A row for each of `LEASTS` that some turn reaches: `least` (requests), `count` (of such
        turns), `answers` (count), `drawn` (project, session; null with fewer than
        `resample.FEWEST` of both, or of such turns, or of answers), `usd` (median of such turns),
        `median` and `mean` (of such turns, over that of answers; null without an answer that
        costs), each with `_low` and `_high` (90 %, percentile bootstrap by what is drawn; null
        without).
    """
    rows = []
    for least in LEASTS:
        longer = found.filter(pl.col("requests") >= least).with_columns(long=pl.lit(value=True))
        answers = found.filter(pl.col("kind") == "answer").with_columns(long=pl.lit(value=False))
        if longer.is_empty():
            continue
        both = pl.concat([longer, answers]).sort("usd", "project", "session", "turn")
        by = _drawn(both)
        plain = _figures(both, np.ones((1, both.height)))
        ends = _ends(_figures(both, _weights(both, by, seed))) if by else {}
        row = {name: _known(values[0]) for name, values in plain.items()}
        counts = {"least": least, "count": longer.height, "answers": answers.height}
        rows.append({**counts, "drawn": by, **row, **ends})
    return pl.DataFrame(rows, _SCHEMA)


def compared(found: pl.DataFrame, ratios: pl.DataFrame) -> pl.DataFrame:
    """Set how many times an answer a workflow costs beside how many times it is worth.

    Parameters
    ----------
    found
        `measures.work.worth`: the write-up's hours are taken.
    ratios
        `dearer`.

    Returns
    -------
    pl.DataFrame
        For an answer in a chat, and for one in these logs: `answer` (chat, answer), `times` (a
        workflow costs, by medians), `low`, `high` (90 % of draws; for a chat also over its assumed
        tokens), `worth` (times that of an answer), `worth_low`, `worth_high` (over the write-up's
        hours). No row without ends of `times`: fewer than `resample.FEWEST` turns, sessions.
    """
    said = {r["work"]: r for r in found.filter(pl.col("hours_by") == TEXT).to_dicts()}
    known = ratios.filter(pl.col("least") == WORKFLOW, pl.col("median_low").is_not_null())
    rows = []
    for row in known.to_dicts():
        chat, workflow = said[CHAT], said[TURN]
        senior = {e: workflow["wage"] * workflow[e] for e in ("hours_low", "hours", "hours_high")}
        junior = {e: chat["wage"] * chat[e] for e in senior}
        worth = (
            senior["hours"] / junior["hours"],
            senior["hours_low"] / junior["hours_high"],
            senior["hours_high"] / junior["hours_low"],
        )
        over = (
            row["usd"] / chat["usd"],
            row["usd_low"] / chat["usd_high"],
            row["usd_high"] / chat["usd_low"],
        )
        rows.append((CHAT, *over, *worth))
        rows.append((LOGGED, row["median"], row["median_low"], row["median_high"], *worth))
    columns = ("times", "low", "high", "worth", "worth_low", "worth_high")
    schema = {"answer": pl.String} | dict.fromkeys(columns, pl.Float64)
    return pl.DataFrame(rows, schema, orient="row")


def _drawn(both: pl.DataFrame) -> str | None:
    """Return what is drawn: projects, or sessions where there are too few, or nothing."""
    longer = int(both["long"].sum())
    if min(longer, both.height - longer) < FEWEST:
        return None
    enough = (by for by in ("project", "session") if both[by].n_unique() >= FEWEST)
    return next(enough, None)


def _weights(both: pl.DataFrame, by: str, seed: int) -> Array:
    """Return how often each turn is in each draw: one row a draw."""
    cluster = both[by].rank("dense").to_numpy().astype(int) - 1
    number = int(cluster.max()) + 1
    draws = max(min(_DRAWS, _CELLS // both.height), 100)
    drawn = np.random.default_rng(seed).multinomial(number, np.full(number, 1 / number), draws)
    return np.asarray(drawn[:, cluster], dtype=float)


def _figures(both: pl.DataFrame, weights: Array) -> dict[str, Array]:
    usd, long = both["usd"].to_numpy(), both["long"].to_numpy()
    middles, means = (
        [figure(usd[part], weights[:, part]) for part in (long, ~long)]
        for figure in (medians, _means)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "usd": middles[0],
            "median": middles[0] / middles[1],
            "mean": means[0] / means[1],
        }


def medians(ordered: Array, weights: Array) -> Array:
    """Return the median of values that are repeated, a row of whole weights at a time.

    Parameters
    ----------
    ordered
        Values, least first.
    weights
        How often each is there: one row a draw.

    Examples
    --------
    >>> medians(np.array([1.0, 2.0, 4.0]), np.array([[1, 1, 0], [0, 1, 1], [5, 1, 1]]))
    array([1.5, 3. , 1. ])
    """
    if not ordered.size:
        return np.full(len(weights), np.nan)
    reached = weights.cumsum(axis=1)
    half = reached[:, -1:] / 2
    low, high = (reached >= half).argmax(axis=1), (reached > half).argmax(axis=1)
    return np.where(half[:, 0] > 0, (ordered[low] + ordered[high]) / 2, np.nan)


def _means(values: Array, weights: Array) -> Array:
    with np.errstate(invalid="ignore"):
        return np.asarray(weights @ values / weights.sum(axis=1))


def _ends(drawn: dict[str, Array]) -> dict[str, float | None]:
    """Return the interval of each figure; draws without a workflow or an answer are left out."""
    found: dict[str, float | None] = {}
    for name, values in drawn.items():
        known = values[np.isfinite(values)]
        if known.size:
            low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
            found |= {f"{name}_low": float(low), f"{name}_high": float(high)}
    return found


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
