"""A subscription's quota as published: plans and burn rates.

A *point* is one percent of a quota. Nothing here is of the reader's logs.
"""

from __future__ import annotations

import polars as pl

from analysis.facts import facts


def session_hours() -> float:
    """Return how long a window of the shorter quota lasts.

    Examples
    --------
    >>> session_hours()
    5.0
    """
    return float(facts("quota-limits").filter(pl.col("limit") == "session")["hours"].item())


def multiples() -> pl.DataFrame:
    """Set each plan's stated multiple against the guidance that was published for it.

    Returns
    -------
    pl.DataFrame
        One row per dearer plan and measure of work: `plan`, `base` (the cheapest plan that has
        the measure), `measure`, `stated` (multiple of the base), `low` and `high` (the same of
        the guidance's ends, the upper null where there is none), `usd_a_month`, and what a
        unit of the base costs a month: `stated_usd`, `low_usd`.

    Examples
    --------
    >>> rows = multiples().filter(pl.col("measure") == "hours of Sonnet 4 a week")
    >>> rows.select("plan", "stated", "low", "high").rows()
    [('Max 5x', 5.0, 3.5, 3.5), ('Max 20x', 20.0, 6.0, 6.0)]
    """
    plans = facts("plans").select("plan", "usd_a_month", "multiple_of_pro")
    listed = (
        plans.join(facts("plan-guidance").drop("source"), on="plan", maintain_order="left_right")
        .with_columns(pl.col("multiple_of_pro", "low", "high").cast(pl.Float64))
        .sort("measure", "multiple_of_pro", descending=[True, False])
    )
    first = pl.all().first().over("measure")
    return (
        listed.with_columns(first.name.suffix("_base"))
        .filter(pl.col("plan") != pl.col("plan_base"))
        .select(
            "plan",
            pl.col("plan_base").alias("base"),
            "measure",
            stated=pl.col("multiple_of_pro") / pl.col("multiple_of_pro_base"),
            low=pl.col("low") / pl.col("low_base"),
            high=pl.col("high") / pl.col("high_base"),
            usd_a_month=pl.col("usd_a_month").cast(pl.Float64),
        )
        .with_columns(
            stated_usd=pl.col("usd_a_month") / pl.col("stated"),
            low_usd=pl.col("usd_a_month") / pl.col("low"),
        )
    )


def burn() -> pl.DataFrame:
    """Compute the burn rates of #22435's windows again, from their timestamps.

    A quota window lasts five hours from its first request. Of a stretch that is longer, the
    first and the last reading are of different windows, and what the last one says was used in
    five hours at most: that is a lower bound of the rate, the only one its data give for hours
    of work. When somebody worked is not published.

    Returns
    -------
    pl.DataFrame
        `window`, `begins`, `ends`, `printed_rate`, `hours` (of wall clock; as printed where no end
        is), `points`, `rate` (points an hour of wall clock), `at_least` (points an hour, in one
        quota window), `fits` (whether the stretch fits in one quota window), `reset_hours` (from
        its start at nothing to the next start at nothing: no less than five by the published
        rule).

    Examples
    --------
    >>> rows = burn()
    >>> [round(rate, 1) for rate in rows["rate"]]
    [9.3, 9.6, 55.5, 5.6, 60.0, 56.1, 40.0]
    >>> [round(rate, 1) for rate in rows.filter(~pl.col("fits"))["at_least"]]
    [16.6, 20.0, 18.8]
    >>> rows.filter(pl.col("reset_hours") < session_hours())["window"].to_list()
    [3, 5, 6]
    """
    whole = session_hours()
    span = (pl.col("ends") - pl.col("begins")).dt.total_minutes() / 60
    empty = pl.when(pl.col("from_percent") == 0).then("begins")
    return (
        facts("burn-rates")
        .with_columns(pl.col("begins", "ends").str.to_datetime("%Y-%m-%d %H:%M"))
        .with_columns(
            hours=pl.coalesce(span, "printed_hours"),
            points=pl.col("to_percent") - pl.col("from_percent"),
        )
        .with_columns(rate=pl.col("points") / pl.col("hours"), fits=pl.col("hours") <= whole)
        .with_columns(
            at_least=pl.when("fits").then("rate").otherwise(pl.col("to_percent") / whole),
            reset_hours=(empty.shift(-1) - empty).dt.total_minutes() / 60,
        )
        .drop("from_percent", "to_percent", "printed_hours", "source")
    )
