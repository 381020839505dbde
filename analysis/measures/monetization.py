"""What is sold and to whom: shares of revenue, customers, what plans have, what a unit costs."""

from __future__ import annotations

import datetime as dt

import polars as pl

from analysis.facts import facts
from analysis.measures.quota import multiples

FREE, PRO, MAX = PLANS = ("Free", "Pro", "Max")
#: Copies of the plan page, in the order of time; the later one has no day of its own.
COPIES = ("2026-02", "later")
AUDIENCES = ("coders", "knowledge workers")
_HOURS = "hours of Sonnet 4 a week"
_HALF = 0.05e9  # dollars: half of the last digit of sums in tenths of a billion


def text_day() -> dt.date:
    """Return the last day that the write-up can have: its month is known.

    Examples
    --------
    >>> text_day()
    datetime.date(2026, 3, 31)
    """
    day: dt.date = facts("write-ups").filter(pl.col("text") == "business")["published_day"].item()
    return day


def shares() -> pl.DataFrame:
    """Return the published shares of revenue; of two sums, what their rounding leaves open.

    Returns
    -------
    pl.DataFrame
        `part` (of revenue), `low`, `high` (shares, null where the end is open), `covers`, `status`
        (forecast, retold, stated, reported or estimated), `said_day`, `source`.

    Examples
    --------
    >>> row = shares().filter(pl.col("part") == "API sales").row(0, named=True)
    >>> round(row["low"], 3), round(row["high"], 3)
    (0.789, 0.828)
    """
    part, whole = pl.col("part_usd"), pl.col("whole_usd")
    return (
        facts("revenue-mix")
        .with_columns(pl.col("low_percent", "high_percent").cast(pl.Float64) / 100)
        .select(
            "part",
            pl.coalesce("low_percent", (part - _HALF) / (whole + _HALF)).alias("low"),
            pl.coalesce("high_percent", (part + _HALF) / (whole - _HALF)).alias("high"),
            "covers",
            "status",
            "said_day",
            "source",
        )
    )


def page() -> pl.DataFrame:
    """Return what each plan has by each copy of the plan page.

    Returns
    -------
    pl.DataFrame
        One row per feature, in the order of the page: `feature`, `kind`, `audience`, and for each
        copy the cheapest plan that has it (`2026-02`, `later`; null where the copy lists none).
    """
    rows = facts("plan-page")
    order = rows.with_row_index("place").group_by("feature").agg(pl.col("place").min())
    return (
        rows.pivot("copy", index=["feature", "kind", "audience"], values="plan")
        .join(order, on="feature")
        .sort(pl.col("later").is_null(), "place")
        .select("feature", "kind", "audience", *COPIES)
    )


def max_alone(copy: str) -> pl.DataFrame:
    """Return what Max has and Pro lacks, by a copy of the page: `feature`, `kind`.

    Examples
    --------
    >>> max_alone("later")["kind"].to_list()
    ['usage', 'limit', 'early access', 'priority']
    """
    listed = facts("plan-page").filter(pl.col("copy") == copy, pl.col("plan") == MAX)
    return listed.select("feature", "kind")


def reach() -> pl.DataFrame:
    """Say of each paid plan which audiences its products are for, by copy.

    Returns
    -------
    pl.DataFrame
        `copy`, `plan`, and by audience the number of products made for it alone; a dearer plan
        has those of a cheaper one.

    Examples
    --------
    >>> reach().filter(pl.col("copy") == "later").row(0)
    ('later', 'Pro', 1, 3)
    """
    products = facts("plan-page").filter(pl.col("kind") == "product")
    rows = []
    for copy in COPIES:
        for place, plan in enumerate(PLANS[1:], 2):
            has = products.filter(pl.col("copy") == copy, pl.col("plan").is_in(PLANS[:place]))
            counts = {a: has.filter(pl.col("audience") == a).height for a in AUDIENCES}
            rows.append({"copy": copy, "plan": plan, **counts})
    return pl.DataFrame(rows)


def units() -> pl.DataFrame:
    """Compute what a unit of Pro costs a month on each plan, by two readings of the multiple.

    Returns
    -------
    pl.DataFrame
        One row per plan, cheapest first: `plan`, `usd_a_month`, `sold` and `hours` (multiples of
        Pro: as sold, and by weekly hours of Sonnet 4), `sold_usd` and `hours_usd` (dollars a month
        and unit), `low_hour_usd`, `high_hour_usd` (dollars an hour, if all of a week's guided
        hours are worked).

    Examples
    --------
    >>> units().select("plan", "sold", "hours", "sold_usd", "hours_usd").row(2)
    ('Max 20x', 20.0, 6.0, 10.0, 33.333333333333336)
    """
    weeks = 365.25 / 12 / 7  # in a month
    price = pl.col("usd_a_month").cast(pl.Float64)
    guided = facts("plan-guidance").filter(pl.col("measure") == _HOURS)
    week = multiples().filter(pl.col("measure") == _HOURS)
    return (
        facts("plans")
        .join(guided.select("plan", "low", "high"), on="plan", maintain_order="left")
        .join(week.select("plan", hours="low"), on="plan", how="left", maintain_order="left")
        .with_columns(
            pl.col("multiple_of_pro").cast(pl.Float64).alias("sold"), pl.col("hours").fill_null(1.0)
        )
        .select(
            "plan",
            price.alias("usd_a_month"),
            "sold",
            "hours",
            sold_usd=price / pl.col("sold"),
            hours_usd=price / pl.col("hours"),
            low_hour_usd=price / weeks / pl.col("high"),
            high_hour_usd=price / weeks / pl.col("low"),
        )
    )


def moves() -> pl.DataFrame:
    """Return the products that the write-up names, in the order in which they could be had.

    Returns
    -------
    pl.DataFrame
        `product`, `seller`, `audience`, `part` (of the write-up: what has `evolved`, or what is
        `proposed` alone), `out_day`, `out` (by the write-up's day, and Anthropic's), `plans` (who
        could have it), `what`, `source`.

    Examples
    --------
    >>> moves().filter(~pl.col("out"))["product"].to_list()
    ['Claude for Copilot']
    """
    out = (pl.col("out_day") <= text_day()) & (pl.col("seller") == "Anthropic")
    columns = "product", "seller", "audience", "part", "out_day", "out", "plans", "what", "source"
    return facts("product-moves").with_columns(out=out).sort("out_day").select(columns)
