"""What is so by the terms of line-ups, whoever the users are and whatever else is assumed."""

from __future__ import annotations

import numpy as np
import polars as pl

from analysis.measures.redesign import TODAY


def same_but_for(plans: pl.DataFrame, line_up: str, columns: list[str]) -> bool:
    """Tell whether a line-up has today's plans, changed in these columns alone.

    Examples
    --------
    >>> from analysis.facts import facts
    >>> same_but_for(facts("line-ups"), "degrade", ["at_cap"])
    True
    """
    said = ["line_up", "label", "reason", "source"]
    one, now = (
        plans.filter(pl.col("line_up") == name).drop([*said, *columns], strict=False)
        for name in (line_up, TODAY)
    )
    return one.height > 0 and one.equals(now)


def never_better(plans: pl.DataFrame, review_list: float) -> list[str]:
    """Return the labels of line-ups whose every plan one of today's is as good as, term by term.

    Nobody can gain by such a line-up, whatever else is assumed.

    Parameters
    ----------
    plans
        `measures.redesign.line_ups`.
    review_list
        List-price dollars of a review's tokens.

    Examples
    --------
    >>> from analysis.facts import facts
    >>> never_better(facts("line-ups"), 20.0)[-1]
    'a knowledge-work seat'
    """
    sold = pl.col("reviews").replace_strict(
        {"none": np.inf, "included": 0.0, "token": None, "checkpoint": None}
    )
    by_token = pl.col("rate") * review_list
    priced = plans.with_columns(
        pl.col("units").cast(pl.Float64).fill_null(np.inf),
        tools=(pl.col("office") == "yes").cast(pl.Int8),
        review=pl.coalesce(
            sold, pl.when(pl.col("reviews") == "token").then(by_token), pl.col("review_usd")
        ).cast(pl.Float64),
    ).with_row_index("plan_at")
    today = priced.filter(pl.col("line_up") == TODAY)
    pairs = priced.filter(pl.col("line_up") != TODAY).join(today, how="cross", suffix="_now")
    as_good = (
        (pl.col("fee_usd_now") <= pl.col("fee_usd"))
        & (pl.col("units_now") >= pl.col("units"))
        & (pl.col("at_cap_now") == pl.col("at_cap"))
        & (pl.col("review_now") <= pl.col("review"))
        & (pl.col("tools_now") >= pl.col("tools"))
    )
    by_plan = pairs.group_by("label", "plan_at", maintain_order=True).agg(as_good.any().alias("ok"))
    by_line_up = by_plan.group_by("label", maintain_order=True).agg(pl.col("ok").all())
    return by_line_up.filter("ok")["label"].to_list()
