"""List-price dollars of human turns, sessions, days and months, and what turns are worth.

A *human turn* is what is asked for at once: all requests from one that follows a typed prompt, or
begins a main chain, to the next such one, subagents included. Output is reconstructed.
"""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.growth import main_chains
from analysis.sessions import steps, triggered

#: Requests of a turn that is called an answer, and of one that is called a workflow, at least.
ANSWER, WORKFLOW = 1, 10
MONTH = 30  # days
#: Since when a month is taken: the first day, or the last silence of a month or more.
EVER, LATELY = "30 days, since the first day", "30 days, since the last long silence"
UNITS = ("human turn", "session", "active day", EVER, LATELY)
_QUANTILES = {"low": 0.1, "median": 0.5, "high": 0.9}


def costed(outputs: pl.DataFrame, timezone: str = "UTC") -> pl.DataFrame:
    """Give each request its dollars and its day.

    Parameters
    ----------
    outputs
        `measures.reconstruct.outputs`.
    timezone
        Whose days.

    Returns
    -------
    pl.DataFrame
        The requests that have a price, with `usd` (list price, output reconstructed) and `day`.
    """
    nano = pl.col("total_nano") + pl.col("rest_nano").fill_null(0)
    return outputs.filter(pl.col("total_nano").is_not_null()).with_columns(
        usd=nano / 1e9, day=pl.col("first_seen").dt.convert_time_zone(timezone).dt.date()
    )


def turns(spent: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Sum requests by human turn.

    Parameters
    ----------
    spent
        `costed`.
    events
        The `events` of the same logs.

    Returns
    -------
    pl.DataFrame
        `project`, `session`, `turn` (from 1), `requests`, `usd`, `kind` (answer: one request;
        workflow: `WORKFLOW` or more; else between). A subagent's requests belong to the turn in
        which they were answered; those before any turn of their session to its first.
    """
    ordered = triggered(steps(spent), events)
    begins = (pl.col("step") == 0) | (pl.col("trigger") == "human turn")
    heads = (
        main_chains(ordered)
        .filter(begins)
        .select("session", "first_seen")
        .unique()
        .sort("session", "first_seen")
        .with_columns(turn=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("session"))
    )
    placed = ordered.sort("first_seen").join_asof(
        heads.sort("first_seen"), on="first_seen", by="session", check_sortedness=False
    )
    kind = (
        pl.when(pl.col("requests") <= ANSWER)
        .then(pl.lit("answer"))
        .when(pl.col("requests") >= WORKFLOW)
        .then(pl.lit("workflow"))
        .otherwise(pl.lit("between"))
    )
    return (
        placed.with_columns(pl.col("turn").fill_null(1))
        .group_by("project", "session", "turn")
        .agg(pl.len().cast(pl.Int64).alias("requests"), pl.col("usd").sum())
        .with_columns(kind=kind)
        .sort("project", "session", "turn")
    )


def daily(spent: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Sum dollars by day on which there was a request, and by other columns where asked."""
    return spent.group_by(*by, "day").agg(pl.col("usd").sum()).sort(*by, "day")


def units(spent: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Summarise dollars by human turn, session, active day, and 30 days.

    Returns
    -------
    pl.DataFrame
        One row for each of `UNITS`: `unit`, `count`, `mean`, `low`, `median`, `high` (10, 50 and
        90 %) in dollars, and for each plan of `facts/plans.csv` what part of its monthly price a
        median one comes to at list. Thirty days are the calendar's to the last day, silent ones
        too, and their count need not be whole; they have a mean alone, and a part by it. `LATELY`
        has a row where there was such a silence, and a month or more after it. Null where there is
        nothing.
    """
    plans = facts("plans").select("plan", "usd_a_month").iter_rows()
    days = daily(spent)
    found = {
        "human turn": turns(spent, events)["usd"],
        "session": spent.group_by("session", maintain_order=True).agg(pl.col("usd").sum())["usd"],
        "active day": days["usd"],
    }
    ends = [(n, s.len(), s.mean(), *_quantiles(s)) for n, s in found.items()]
    for name, some in ((EVER, days), (LATELY, recent(days))):
        months = span(some) / MONTH
        if name == LATELY and (some.height == days.height or months < 1):
            continue
        mean = float(some["usd"].sum()) / months if months else None
        ends.append((name, months, mean, None, None, None))
    schema = {"unit": pl.String} | dict.fromkeys(("count", "mean", *_QUANTILES), pl.Float64)
    middle = pl.coalesce("median", "mean")
    return pl.DataFrame(ends, schema, orient="row").with_columns(
        (middle / usd).alias(plan) for plan, usd in plans
    )


def span(days: pl.DataFrame) -> int:
    """Return the number of calendar days from the first to the last, both counted; 0 for none."""
    if days.is_empty():
        return 0
    first, last = days.select(pl.col("day").min(), last=pl.col("day").max()).row(0)
    return int((last - first).days + 1)


def recent(days: pl.DataFrame) -> pl.DataFrame:
    """Return the days since the last silence of `MONTH` days or more; all where there was none.

    Examples
    --------
    >>> import datetime as dt
    >>> days = [dt.date(2026, 1, 1), dt.date(2026, 3, 1), dt.date(2026, 3, 5)]
    >>> recent(pl.DataFrame({"day": days}))["day"].to_list() == days[1:]
    True
    """
    silences = (pl.col("day").diff().dt.total_days() > MONTH).fill_null(value=False).cum_sum()
    return days.sort("day").filter(silences == silences.max())


def _quantiles(usd: pl.Series) -> list[float | None]:
    return [usd.quantile(q, "linear") for q in _QUANTILES.values()]


def by_kind(found: pl.DataFrame) -> pl.DataFrame:
    """Summarise the turns that are answers and those that are workflows.

    Parameters
    ----------
    found
        `turns`.

    Returns
    -------
    pl.DataFrame
        `kind`, `count`, `low`, `median`, `high` (10, 50 and 90 % of dollars); a kind without a
        turn has no row.
    """
    ends = [pl.col("usd").quantile(q, "linear").alias(name) for name, q in _QUANTILES.items()]
    return (
        found.filter(pl.col("kind") != "between")
        .group_by("kind")
        .agg(pl.len().cast(pl.Int64).alias("count"), *ends)
        .sort("kind")
    )
