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
#: Other lengths that could be called one.
LEASTS = (5, WORKFLOW, 20)
UNITS = ("human turn", "session", "active day", "30 days")
MONTH = 30  # days
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
        median one comes to at list. Thirty days are the calendar's from the first day to the last,
        silent ones too, and their count need not be whole; they have a mean alone, and a part by
        it. Null where there is nothing.
    """
    plans = facts("plans").select("plan", "usd_a_month").iter_rows()
    days = daily(spent)
    found = {
        "human turn": turns(spent, events)["usd"],
        "session": spent.group_by("session").agg(pl.col("usd").sum())["usd"],
        "active day": days["usd"],
    }
    ends = [(n, s.len(), s.mean(), *map(s.quantile, _QUANTILES.values())) for n, s in found.items()]
    months = span(days) / MONTH
    mean = float(days["usd"].sum()) / months if months else None
    ends.append((UNITS[-1], months, mean, None, None, None))
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
    ends = [pl.col("usd").quantile(q).alias(name) for name, q in _QUANTILES.items()]
    return (
        found.filter(pl.col("kind") != "between")
        .group_by("kind")
        .agg(pl.len().cast(pl.Int64).alias("count"), *ends)
        .sort("kind")
    )


def dearer(found: pl.DataFrame) -> pl.DataFrame:
    """Compute how many times an answer a workflow costs, by what is called one.

    Parameters
    ----------
    found
        `turns`.

    Returns
    -------
    pl.DataFrame
        A row for each of `LEASTS` that some turn reaches: `least` (requests), `count`, `median`
        and `mean` (of such turns, over that of answers). No rows without an answer that costs.
    """
    answers = found.filter(pl.col("kind") == "answer")["usd"]
    some = answers.median() and answers.mean()
    rows = [found.filter(pl.col("requests") >= least)["usd"] for least in LEASTS if some]
    known = [(n, usd.len(), usd.median(), usd.mean()) for n, usd in zip(LEASTS, rows, strict=False)]
    schema = {"least": pl.Int64, "count": pl.Int64, "median": pl.Float64, "mean": pl.Float64}
    return (
        pl.DataFrame(known, schema, orient="row")
        .filter(pl.col("count") > 0)
        .with_columns(
            pl.col("median") / pl.lit(answers.median(), pl.Float64),
            pl.col("mean") / pl.lit(answers.mean(), pl.Float64),
        )
    )
