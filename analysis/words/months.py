"""Say what turns, sessions, days and months cost at list price, and how far a month can be told."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.facts import facts
from analysis.measures.months import DRAWS, EVERY
from analysis.measures.resample import FEWEST
from analysis.measures.turns import MONTH
from analysis.words.numbers import NARROW_SPACE, count, extent, money, share, usd
from analysis.words.sources import published

DAYS = f"these logs and {published('documented-spend')}"
SPENT = f"these logs and {published('plans')}"
_LISTED = 5  # projects in the table of months
NOTHING = "No request of these logs has a price."
FORMATS = {
    f"of {p['plan']}'s ${p['usd_a_month']}": "multiple" for p in facts("plans").to_dicts()
} | {"number": "integer"}


def documented() -> pl.DataFrame:
    r"""Return the documented dollars a day with a short label each.

    >>> documented()["short"].to_list()[:2]
    ['$6\n2025', '$12\n2025']
    """
    per_day = facts("documented-spend").filter(pl.col("per").str.contains("day"))
    parts = pl.col("what").str.split(", ")
    return per_day.with_columns(short=pl.format("${}\n{}", "usd", parts.list.last()))


def units(frame: pl.DataFrame) -> str:
    """Caption dollars per turn, session, day and month."""
    rows = {r["unit"]: r for r in frame.to_dicts()}
    turn, month = rows["human turn"], rows["30 days"]
    if not turn["count"]:
        return NOTHING
    plans = facts("plans").to_dicts()
    parts = [f"{month[p['plan']]:.2g} times {p['plan']}'s ${p['usd_a_month']:,}" for p in plans]
    return (
        f"The median human turn costs {_dollars(turn['median'])} at list, and {MONTH} days of the "
        f"calendar {_dollars(month['mean'])}: {', '.join(parts)}. List price is what the tokens "
        "would cost one by one; a subscriber pays the plan's price, and how much use it allows is "
        "not known in dollars ([](#06-quota)). So none of this says which plan would have suited. "
        "Low and high: 10 and 90 %; output reconstructed; 30 days count silent days too."
    )


def _dollars(value: float | None) -> str:
    return usd(value) if value is None else money(value)(value)


def unit_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return dollars per unit as a table."""
    plans = facts("plans").to_dicts()
    return frame.select(
        pl.col("unit").alias("per"),
        pl.col("count").alias("number"),
        *(pl.col(name).alias(f"{name}_usd") for name in ("low", "median", "mean", "high")),
        *(pl.col(p["plan"]).alias(f"of {p['plan']}'s ${p['usd_a_month']}") for p in plans),
    )


def days(frame: pl.DataFrame) -> str:
    """Caption what days cost."""
    every = frame.filter(pl.col("days") == EVERY)
    if every.is_empty():
        return NOTHING
    last = documented().drop_nulls("quantile").row(-1, named=True)
    known = documented().filter(pl.col("quantile").is_null()).row(-1, named=True)
    others = frame.filter(pl.col("days") != EVERY)
    one = (
        f" Of days of one project, {_below(others, last['usd'])} do. Where the projects are of "
        "several people, those are nearer to what is documented."
        if others.height
        else ""
    )
    mean = every["usd"].mean()
    return (
        f"{_below(every, last['usd'])} of {count(every.height, 'active day')} stay below "
        f"${last['usd']:,} at list, where Anthropic documents {share(last['quantile'], 0)} of its "
        f"enterprise users.{one} The mean day is {_dollars(mean)} against the documented "  # type: ignore[arg-type]
        f"${known['usd']:,}. Diamonds and dashed lines: documented averages and what "
        f"90{NARROW_SPACE}% of users stay below, in the text of 2025 and in that of 2026, per "
        "developer and day; these logs may be of several people or of a part of one's work."
    )


def _below(frame: pl.DataFrame, limit: float) -> str:
    return share(frame.select((pl.col("usd") < limit).mean()).item(), 0)


def days_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the days."""
    if frame.is_empty():
        return "Empty axes."
    middle = frame.group_by("days", maintain_order=True).agg(pl.col("usd").median()).to_dicts()
    parts = [f"{r['days']}: half of the days below {_dollars(r['usd'])}" for r in middle]
    marks = [f"{r['what']}: ${r['usd']:,}" for r in documented().to_dicts()]
    return f"Rising steps on a log scale. {'; '.join(parts)}. Marks: {'; '.join(marks)}."


def months(frame: pl.DataFrame) -> str:
    """Caption how far a month can be told."""
    if frame.is_empty():
        return (
            f"A month cannot be told from these logs: fewer than {FEWEST} days of the calendar lie "
            "between the first request with a price and the last, and fewer make no interval."
        )
    row = _widest(frame)
    single = frame.filter(pl.col("project") != EVERY)
    each = (
        f" Of {count(single['project'].n_unique(), 'project')} with enough days, the coefficient "
        f"of variation is {extent(single['cv'], '{:.2f}'.format)}."
        if single.height
        else ""
    )
    return (
        f"A month of all these logs is {_dollars(row['mean'])} at list, and 90{NARROW_SPACE}% of "
        f"drawn months lie between {_dollars(row['low'])} and {_dollars(row['high'])}: from "
        f"{share(row['low'] / row['mean'], 0)} to {share(row['high'] / row['mean'], 0)} of the "
        f"mean.{each} {DRAWS:,} months drawn from {row['days']:,} days of the calendar, of which "
        f"{row['active']:,} had requests; by weeks, busy days stay together. The "
        f"table has the {_LISTED} projects with the most dollars a month. Under {FEWEST} days, "
        "or weeks, nothing is drawn. As if the days to come were like those seen: with a new "
        "project, model or habit they are not."
    )


def _widest(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the row of all projects whose months vary most, or of the first project."""
    every = frame.filter(pl.col("project") == frame["project"][0])
    return every.sort("cv").row(-1, named=True)


def month_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the months as a table: all projects, then the few with the most dollars."""
    order = pl.col("project") != EVERY
    listed = frame.sort(order, "mean", descending=[False, True], maintain_order=True)
    few = listed["project"].unique(maintain_order=True).head(_LISTED + 1)
    return listed.filter(pl.col("project").is_in(few.implode())).select(
        pl.col("project").alias("logs of"),
        pl.col("by").alias("drawn by"),
        pl.col("days").alias("days of the calendar"),
        pl.col("active").alias("active"),
        pl.col("mean").alias("mean_usd"),
        pl.col("low").alias("low_usd"),
        pl.col("high").alias("high_usd"),
        pl.col("cv").alias("coefficient of variation"),
    )


def predictable(frame: pl.DataFrame) -> str:
    """Say what a flat price does to the spread of a month."""
    if frame.is_empty():
        return "How predictable a month is, these logs do not say: they have too few days."
    row = _widest(frame)
    return (
        "The write-up asks for predictability. A plan with a flat price has it in dollars, and "
        "moves the doubt to whether the work fits. Paid by token, a month of these logs would have "
        f"a standard deviation of {share(row['cv'], 0)} of its mean, from the spread of days "
        "alone."
    )
