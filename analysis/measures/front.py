"""The numbers of the report's first screen, of public sessions and of the reader's logs alike.

They are made of the frames that chapters show, so that the front and a chapter cannot differ.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from statistics import NormalDist
from typing import Any

import polars as pl

from analysis.measures.expiry import EDGES, LIFETIMES
from analysis.measures.margin import totals
from analysis.measures.reconstruct import ALL
from analysis.measures.resample import LEVEL
from analysis.measures.ways import BARE, BILL

#: What a chapter shows by its label: figures and tables, as frames or as read from their CSV.
Shown = Mapping[str, pl.DataFrame]

#: Seconds after which an entry that was not read is gone: its lifetime, and the class of gaps in
#: which it may or may not be there.
GONE = {
    life: min(edge for edge in EDGES.values() if edge and edge > seconds)
    for life, seconds in LIFETIMES.items()
}

ERAS, LOSSES = "fig-margin-eras", "fig-expiry-losses"
WAYS, WEIGHTS, BOUNDS = "fig-counterfactual-ratios", "tab-quota-ways", "fig-revenue-bounds"

KINDS = pl.Schema(
    {
        "measure": pl.String,
        "value": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "count": pl.Int64,
    }
)


def numbers(priced: pl.DataFrame, shown: Shown) -> pl.DataFrame:
    """Collect the numbers of the front.

    Parameters
    ----------
    priced
        The requests that the chapters are of.
    shown
        What chapters show of them. What rests on a chapter that is not there is left out.

    Returns
    -------
    pl.DataFrame
        `measure`, `value`, `low`, `high` (null where unknown, or where there is no interval),
        `count` (what it rests on: requests, or limit hits). What each measure is of, its unit and
        its definition are in facts `public-sessions`.
    """
    rows: list[dict[str, Any]] = [_row("token-share", totals(priced)["token_share"], priced.height)]
    for label, of in _FROM.items():
        if label in shown and (label != WAYS or ERAS in shown):
            rows += of(shown)
    return pl.DataFrame(rows, KINDS)


def miscounted(eras: pl.DataFrame) -> pl.DataFrame:
    """Return the eras whose logs hold less output than was written, the worst first.

    Parameters
    ----------
    eras
        `measures.reconstruct.by_era`.

    Returns
    -------
    pl.DataFrame
        Its rows of single eras, with `held_share` (mean tokens logged, of those expected).
    """
    held = pl.col("mean_output_tokens") / pl.col("mean_expected_tokens")
    seen = pl.col("era") != ALL, pl.col("share").is_not_null(), pl.col("mean_expected_tokens") > 0
    return (
        eras.filter(*seen)
        .with_columns(held_share=held)
        .filter(pl.col("held_share") < _SHORT)
        .sort("held_share")
    )


_SHORT = 0.95  # of the output: an era that logs more is not said to miscount


def same(mine: pl.DataFrame, theirs: pl.DataFrame) -> bool:
    """Tell whether a table of logs is one of the facts, counts to the last and others as printed.

    Parameters
    ----------
    mine
        `numbers`, or `measures.reconstruct.by_era`.
    theirs
        Facts that have its columns, and others.
    """
    if mine.height != theirs.height or not set(mine.columns) <= set(theirs.columns):
        return False
    return all(_close(mine[name], theirs[name]) for name in mine.columns)


def _close(mine: pl.Series, theirs: pl.Series) -> bool:
    if not theirs.dtype.is_float():
        return mine.equals(theirs)
    off = (mine.cast(pl.Float64) - theirs).abs()
    near = (off <= _DIGITS * theirs.abs().clip(0.1)).all()  # where both are known
    return bool(near) and mine.is_null().equals(theirs.is_null())


_DIGITS = 1e-4  # of a number: another machine's sums may differ by less


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Return Wilson's interval of a share at `LEVEL`, without the second that statsmodels takes.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(61, 62)]
    [0.931, 0.996]
    """
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    share, wide = part / whole, z**2 / whole
    half = math.sqrt(wide * (share * (1 - share) + wide / 4))
    low, high = ((share + wide / 2 + sign * half) / (1 + wide) for sign in (-1, 1))
    return low, high


def _row(
    measure: str,
    value: float | None,
    count: int,
    low: float | None = None,
    high: float | None = None,
) -> dict[str, Any]:
    return {"measure": measure, "value": value, "low": low, "high": high, "count": count}


def _whole(shown: Shown) -> dict[str, Any]:
    return shown[ERAS].filter(pl.col("era") == ALL).row(0, named=True)


def _shares(shown: Shown) -> Iterator[dict[str, Any]]:
    whole = _whole(shown)
    ends = (whole["low"], whole["high"]) if whole["rest_usd"] else (None, None)
    yield _row("cache-share", whole["share"], whole["requests"], *ends)
    yield _row("logged-share", whole["logged_share"], whole["requests"])


def _bare(shown: Shown) -> Iterator[dict[str, Any]]:
    """Set what no cache would have cost beside the bill, both with what the log leaves out."""
    nano = dict(shown[WAYS].select("scenario", "total_nano").rows())
    bill, bare, whole = int(nano[BILL] or 0), nano.get(BARE), _whole(shown)
    if not bill or bare is None:
        yield _row("without-cache", None, 0)
        return

    def times(rest_usd: float) -> float:
        return (int(bare) / 1e9 + rest_usd) / (bill / 1e9 + rest_usd)

    def left_out(share: float) -> float:
        return float(whole["cost_usd"] * (whole["logged_share"] / share - 1))

    rest = whole["rest_usd"] if whole["share"] is not None else 0
    ends = [times(left_out(whole[end])) for end in ("low", "high")] if rest else (None, None)
    yield _row("without-cache", times(rest), whole["requests"], *ends)


def _losses(shown: Shown) -> Iterator[dict[str, Any]]:
    """Pool gaps within a lifetime, and those past it; not the minutes in which it may be either."""
    names, edges = list(EDGES), list(EDGES.values())
    for life in LIFETIMES:
        sure, gone = edges.index(LIFETIMES[life]) + 1, edges.index(GONE[life]) + 1
        for when, classes in (("within", names[:sure]), ("past", names[gone:])):
            gaps = shown[LOSSES].filter(pl.col("lifetime") == life, pl.col("gap").is_in(classes))
            lost, whole = int(gaps["lost"].sum()), int(gaps["requests"].sum())
            share, ends = (lost / whole, wilson(lost, whole)) if whole else (None, (None, None))
            yield _row(f"lost-{life}-{when}", share, whole, *ends)


def _weight(shown: Shown) -> Iterator[dict[str, Any]]:
    ways = shown[WEIGHTS]
    hits = int(ways["hits"].max() or 0)  # type: ignore[arg-type]
    ends = (ways["low"].min(), ways["high"].max()) if hits else (None, None)
    yield _row("read-weight", None, hits, *ends)  # type: ignore[arg-type]


def _margin(shown: Shown) -> Iterator[dict[str, Any]]:
    first = shown[BOUNDS].filter(pl.col("class") == "read", pl.col("step") == 0)
    ends = first.select("low", "high").row(0) if first.height else (None, None)
    count = int(_whole(shown)["requests"]) if ERAS in shown else 0
    yield _row("read-margin", None, count, *ends)


_FROM: dict[str, Callable[[Shown], Iterator[dict[str, Any]]]] = {
    ERAS: _shares,
    WAYS: _bare,
    LOSSES: _losses,
    WEIGHTS: _weight,
    BOUNDS: _margin,
}
