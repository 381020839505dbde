"""Say what turns, sessions, days and months cost at list price, and how far a month can be told."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.facts import facts
from analysis.measures.months import DRAWS, EVERY
from analysis.measures.months import LATELY as SILENT
from analysis.measures.resample import FEWEST
from analysis.measures.turns import EVER, LATELY, MONTH
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
    turn, ever, lately = rows["human turn"], rows[EVER], rows.get(LATELY)
    if not turn["count"]:
        return NOTHING
    since = (
        f" {_dollars(lately['mean'])} since the last silence of a month ({_of_plans(lately)}), and "
        f"{_dollars(ever['mean'])} since the first day, silent months in it ({_of_plans(ever)})"
        if lately
        else f" {_dollars(ever['mean'])} ({_of_plans(ever)})"
    )
    return (
        f"The median human turn costs {_dollars(turn['median'])} at list, and {MONTH} days of all "
        f"projects together, perhaps of several people,{since}. A turn has its subagents' requests "
        "with it; [](#12-monetization) counts main chains alone. Low and high: 10 and 90 %. A "
        "subscriber pays the plan's price, and how much use it allows is not known in dollars "
        "([](#06-quota)): none of this says which plan would have suited."
    )


def _of_plans(row: dict[str, Any]) -> str:
    """Say how many times the cheapest plan's price it is; the table has the others."""
    plan, usd = facts("plans").sort("usd_a_month").select("plan", "usd_a_month").row(0)
    return f"{row[plan]:.2g} times {plan}'s ${usd:,}"


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
    one = f", and {_below(others, last['usd'])} of one project's days" if others.height else ""
    return (
        f"{_below(every, last['usd'])} of {count(every.height, 'active day')} of all projects "
        f"together cost less than ${last['usd']:,} at list{one}. The mean day is "
        f"{_dollars(every['usd'].mean())}. "  # type: ignore[arg-type]
        f"Dashed lines: what Anthropic documents as the average of a developer's active day, "
        f"${known['usd']:,} at last; diamonds: what {share(last['quantile'], 0)} of *users* stay "
        "below per active day: a share of users, not of days. These logs may be of several people, "
        "or of a part of one's work."
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
            f"A month cannot be told from these logs: fewer than {MONTH} days of the calendar lie "
            "between the first request with a price and the last."
        )
    rows = _last(frame)
    single = frame.filter(~pl.col("project").is_in([EVERY, SILENT]))
    each = (
        f" Of {count(single['project'].n_unique(), 'project')} with a month of days, it is "
        f"{extent(single['cv'], '{:.2f}'.format)}."
        if single.height
        else ""
    )
    ends = "; ".join(
        f"by {r['by']} 90{NARROW_SPACE}% of drawn months cost {_dollars(r['low'])} to "
        f"{_dollars(r['high'])}"
        for r in rows
    )
    first = rows[0]
    return (
        f"A month of {first['project']} (perhaps of several people) is "
        f"{_dollars(first['mean'])} at list: {ends}. Spread: the standard deviation of a drawn "
        f"month over the mean.{each} {DRAWS:,} months drawn from the days of the calendar, silent "
        f"ones too; weeks keep busy days together. Fewer than {MONTH} days, or {FEWEST} weeks, "
        f"draw nothing. The table has the {_LISTED} projects with the most dollars a month."
    )


def _last(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of all projects, since the last long silence where there was one."""
    known = frame["project"].unique(maintain_order=True).to_list()
    name = SILENT if SILENT in known else known[0]
    return frame.filter(pl.col("project") == name).to_dicts()


def month_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the months as a table: all projects, then the few with the most dollars."""
    order = pl.col("project").replace_strict({EVERY: 0, SILENT: 1}, default=2)
    listed = frame.sort(order, "mean", descending=[False, True], maintain_order=True)
    few = listed["project"].unique(maintain_order=True)
    every = few.is_in([EVERY, SILENT])
    few = pl.concat([few.filter(every), few.filter(~every).head(_LISTED)])
    return listed.filter(pl.col("project").is_in(few.implode())).select(
        pl.col("project").alias("logs of"),
        pl.col("by").alias("drawn by"),
        "since",
        pl.col("days").alias("days of the calendar"),
        pl.col("active").alias("active"),
        pl.col("mean").alias("mean_usd"),
        pl.col("low").alias("low_usd"),
        pl.col("high").alias("high_usd"),
        pl.col("cv").alias("spread"),
    )


def predictable(frame: pl.DataFrame) -> str:
    """Say what a flat price does to the spread of a month."""
    if frame.is_empty():
        return "How predictable a month is, these logs do not say: they have too few days."
    rows = _last(frame)
    ways = " and ".join(f"{share(r['cv'], 0)} drawn by {r['by']}" for r in rows)
    return (
        "The write-up asks for predictability. A plan with a flat price has it in dollars, and "
        "moves the doubt to whether the work fits. Paid by token, a month of "
        f"{rows[0]['project']} would have a standard deviation of {ways}, as a share of its mean. "
        "That is if days to come are like those seen: with a new project, model or habit they "
        "are not."
    )
