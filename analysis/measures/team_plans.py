"""Which plan would hold each person's use, and what plans for all would cost beside the list.

No plan says how many dollars of list price it holds: that is an assumption of chapter 15, computed
from what was published of a few accounts. Plans are those of individuals, one account a person.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from analysis.facts import facts
from analysis.measures.suppress import safe, withheld
from analysis.measures.turns import MONTH

#: Use that no plan holds.
BEYOND = "more than any"


def held(people: pl.DataFrame, cap_usd: float, week_windows: float) -> pl.DataFrame:
    """Name the least plan that holds each person's fullest window and week.

    Parameters
    ----------
    people
        `measures.team.everyone`.
    cap_usd, week_windows
        What Pro holds in a window, in dollars of list price, and how many such a week holds; of
        other plans by their multiple of Pro.

    Returns
    -------
    pl.DataFrame
        The rows with `plan`: a plan's name, or `BEYOND`.
    """
    plan = pl.lit(BEYOND)
    for row in facts("plans").sort("multiple_of_pro", descending=True).iter_rows(named=True):
        cap = cap_usd * row["multiple_of_pro"] * 1e9
        fits = (pl.col("window_nano") <= cap) & (pl.col("week_nano") <= cap * week_windows)
        plan = pl.when(fits).then(pl.lit(row["plan"])).otherwise(plan)
    return people.with_columns(plan=plan)


def fit(people: pl.DataFrame, cap_usd: float, week_windows: float) -> pl.DataFrame:
    """Count the people whose least plan each is, and set its price for all beside the list.

    Returns
    -------
    pl.DataFrame
        A row per plan, least first, then `BEYOND`, then `all`: `plan`, `usd_a_month` (a seat),
        `people` (whose least plan it is), `list_usd` (their use at list price, in a month of the
        days that the team's rows span), `seats_usd` (a month of this plan for everyone). `people`
        and `list_usd` are null where they would tell of few, as `measures.suppress` has it.
    """
    known = held(people, cap_usd, week_windows)
    plans = facts("plans").sort("multiple_of_pro")
    names = [*plans["plan"], BEYOND]
    which = np.array([names.index(name) for name in known["plan"]], int)
    heads = np.eye(len(names))[which]
    dollars = heads * known["total_nano"].to_numpy()[:, None] / 1e9 / months(people)
    few = withheld([heads]).cells
    dear = withheld([heads, dollars], first=few).cells
    whole = safe(dollars.sum(axis=1))
    rows = [
        (
            name,
            None if few[n] else int(heads[:, n].sum()),
            None if dear[n] or not whole else float(dollars[:, n].sum()),
        )
        for n, name in enumerate(names)
    ]
    rows.append(("all", known.height, float(dollars.sum()) if whole else None))
    kinds = {"plan": pl.String, "people": pl.Int64, "list_usd": pl.Float64}
    return (
        pl.DataFrame(rows, kinds, orient="row")
        .join(plans.select("plan", "usd_a_month"), on="plan", how="left", maintain_order="left")
        .select(
            "plan",
            pl.col("usd_a_month").cast(pl.Float64),
            "people",
            "list_usd",
            seats_usd=pl.col("usd_a_month").cast(pl.Float64) * known.height,
        )
    )


def bill(fitted: pl.DataFrame) -> tuple[float, float]:
    """Return the least and most that a team pays where each has the least plan that holds them.

    From what is shown alone: people who are withheld may have any plan that is. Who uses more than
    any plan holds has the largest, and pays for what is beyond it besides.

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
    parts = fitted.filter(pl.col("plan") != "all").with_columns(
        price=pl.col("usd_a_month").fill_null(pl.col("usd_a_month").max())
    )
    shown = parts.drop_nulls("people")
    sure = float((shown["price"] * shown["people"]).sum())
    rest = int(fitted.filter(pl.col("plan") == "all")["people"].item()) - int(shown["people"].sum())
    open_ = parts.filter(pl.col("people").is_null())["price"]
    low, high = (open_.min(), open_.max()) if open_.len() else (0.0, 0.0)
    return sure + rest * float(low), sure + rest * float(high)  # type: ignore[arg-type]


def months(people: pl.DataFrame) -> float:
    """Return how many months of days the rows of a team span, from its first day to its last."""
    if people.is_empty():
        return 1.0
    first, last = people.select(
        pl.col("begins").min().dt.date(), pl.col("ends").max().dt.date()
    ).row(0)
    return float((last - first).days + 1) / MONTH
