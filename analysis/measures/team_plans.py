"""Which plan would hold each person's use, and what plans for all would cost.

No plan says how many dollars of list price it holds: that is an assumption of chapter 15, computed
from what was published of a few accounts. Plans are those of individuals, one account a person.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from analysis.facts import facts
from analysis.measures.redesign import assumptions
from analysis.measures.suppress import Parts, withheld
from analysis.measures.turns import MONTH

#: Use that no plan holds.
BEYOND = "more than any"
#: Use of which too much has no price.
NOT_KNOWN = "not known"
#: Tokens without a price, of a person's: of more, what they used is not known.
BARE = 0.1

_MIDDLES = dict(assumptions().select("name", "middle").iter_rows())
#: What Pro holds in a window, in dollars of list price, and how many such a week holds. Fixed:
#: who could choose them would have two tables of one team, and their difference can be one person.
CAP_USD, WEEK_WINDOWS = float(_MIDDLES["cap_usd"]), float(_MIDDLES["week_windows"])


def held(
    people: pl.DataFrame, cap_usd: float = CAP_USD, week_windows: float = WEEK_WINDOWS
) -> pl.DataFrame:
    """Name the least plan that holds each person's fullest window and week.

    Parameters
    ----------
    people
        `measures.team.everyone`.
    cap_usd, week_windows
        As `CAP_USD` and `WEEK_WINDOWS`; of other plans by their multiple of Pro.

    Returns
    -------
    pl.DataFrame
        The rows with `plan`: a plan's name, `BEYOND`, or `NOT_KNOWN`.
    """
    plan = pl.lit(BEYOND)
    for row in facts("plans").sort("multiple_of_pro", descending=True).iter_rows(named=True):
        cap = cap_usd * row["multiple_of_pro"] * 1e9
        fits = (pl.col("window_nano") <= cap) & (pl.col("week_nano") <= cap * week_windows)
        plan = pl.when(fits).then(pl.lit(row["plan"])).otherwise(plan)
    bare = pl.col("unpriced_tokens") > BARE * pl.sum_horizontal("prompt_tokens", "output_tokens")
    return people.with_columns(plan=pl.when(bare).then(pl.lit(NOT_KNOWN)).otherwise(plan))


def fit(people: pl.DataFrame) -> pl.DataFrame:
    """Count the people whose least plan each is, and set its price for all.

    Counts alone: dollars by plan, beside the curve of Lorenz, can be one person's.

    Returns
    -------
    pl.DataFrame
        A row per plan, least first, then `BEYOND`, then `NOT_KNOWN` where anybody is, then `all`:
        `plan`, `usd_a_month` (a seat), `people` (whose least plan it is; null where they would be
        few, as `measures.suppress` has it), `seats_usd` (a month of this plan for everyone).
    """
    known = held(people)
    plans = facts("plans").sort("multiple_of_pro")
    names = [*plans["plan"], BEYOND, NOT_KNOWN]
    heads = np.eye(len(names))[np.array([names.index(name) for name in known["plan"]], int)]
    hidden = withheld([heads])
    rows = [
        (name, None if hidden[n] else int(heads[:, n].sum()))
        for n, name in enumerate(names)
        if name != NOT_KNOWN or heads[:, n].any()
    ]
    rows.append(("all", known.height))
    price = pl.col("usd_a_month").cast(pl.Float64)
    return (
        pl.DataFrame(rows, {"plan": pl.String, "people": pl.Int64}, orient="row")
        .join(plans.select("plan", "usd_a_month"), on="plan", how="left", maintain_order="left")
        .select("plan", price, "people", seats_usd=price * known.height)
    )


def bill(fitted: pl.DataFrame) -> tuple[float, float]:
    """Return the least and most that a team pays where each has the least plan that holds them.

    From what is shown alone: people who are withheld may have any plan that is, and people whose
    use is not known any at all. Who uses more than any plan holds has the largest, and pays for
    what is beyond it besides.

    Parameters
    ----------
    fitted
        `fit`.

    Examples
    --------
    >>> shown = {"plan": ["Pro", "Max 5x", BEYOND, "all"], "people": [9, None, None, 16]}
    >>> bill(pl.DataFrame(shown | {"usd_a_month": [20.0, 100.0, None, None]}))
    (880.0, 880.0)
    """
    known = ~pl.col("plan").is_in(["all", NOT_KNOWN])
    parts = fitted.filter(known).with_columns(
        price=pl.col("usd_a_month").fill_null(pl.col("usd_a_month").max())
    )
    shown = parts.drop_nulls("people")
    sure = float((shown["price"] * shown["people"]).sum())
    rest = int(fitted.filter(pl.col("plan") == "all")["people"].item()) - int(shown["people"].sum())
    any_ = NOT_KNOWN in fitted["plan"]
    open_ = (parts if any_ else parts.filter(pl.col("people").is_null()))["price"]
    low, high = (open_.min(), open_.max()) if open_.len() else (0.0, 0.0)
    return sure + rest * float(low), sure + rest * float(high)  # type: ignore[arg-type]


def monthly(people: pl.DataFrame) -> Parts:
    """Return each person's list-price dollars in a month of their own days.

    From a person's first day to their last, which are a month at least: of fewer days, nobody knows
    what a month of them would be.

    Examples
    --------
    >>> import datetime as dt
    >>> days = [dt.datetime(2026, 3, 1), dt.datetime(2026, 4, 29)]
    >>> of = {"total_nano": [6_000_000_000] * 2, "begins": days[:1] * 2, "ends": days}
    >>> monthly(pl.DataFrame(of))
    array([6., 3.])
    """
    days = (pl.col("ends").dt.date() - pl.col("begins").dt.date()).dt.total_days() + 1
    months = pl.max_horizontal(days.cast(pl.Float64) / MONTH, 1.0)
    found = people.select(pl.col("total_nano").cast(pl.Float64) / 1e9 / months)
    return np.asarray(found.to_series().to_numpy())
