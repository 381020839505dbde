"""What studies found that work with a model spares, and what is published of reviews."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts

#: How a number was come by that rests on measured time or output.
MEASURED = ("randomised", "observed")
EXPERIENCED = "experienced developers"


def studies() -> pl.DataFrame:
    """Return what studies found, as a share of the time that a piece of work takes without.

    A change of output at given hours is one of time per piece: a third more is a quarter less.

    Returns
    -------
    pl.DataFrame
        `study`, `label`, `work` (answer, workflow), `who`, `how`, `task_hours`, `length` (stated by
        the source, or assumed here), `share` (of the time, spared; negative: it took longer), `low`
        and `high` (its interval, where published), `hours`, `low_hours`, `high_hours` (where the
        length of a task is known), `said_day`, `source`.

    Examples
    --------
    >>> found = studies().filter(pl.col("study") == "metr-2025")
    >>> found.select("share", "hours").row(0)
    (-0.19, -0.38)
    """
    frame = facts("hours-spared").with_columns(
        pl.col("low", "change", "high").cast(pl.Float64), pl.col("task_hours").cast(pl.Float64)
    )
    more = pl.col("change_of") == "output"

    def spared(name: str) -> pl.Expr:
        return pl.when(more).then(1 - 1 / (1 + pl.col(name))).otherwise(-pl.col(name))

    ends = spared("low"), spared("high")
    found = frame.with_columns(
        share=spared("change"), low=pl.min_horizontal(*ends), high=pl.max_horizontal(*ends)
    )
    hours = [
        (pl.col(name) * pl.col("task_hours")).alias(f"{name}_hours") for name in ("low", "high")
    ]
    return found.with_columns(*hours, hours=pl.col("share") * pl.col("task_hours")).select(
        *("study", "label", "work", "who", "how", "task_hours", "length", "share"),
        *("low", "high", "hours", "low_hours", "high_hours", "said_day", "source"),
    )


def review(name: str) -> float:
    """Return a published number of reviews.

    Examples
    --------
    >>> review("before"), review("after")
    (0.16, 0.54)
    """
    return float(facts("code-reviews").filter(pl.col("name") == name)["value"].item())


def person_hours() -> float:
    """Return about how many hours a person takes to review a change, by two numbers of Google.

    Nobody published it: hours a week are a mean, changes a week a median, and the quotient of
    them, made here, is rough.

    Examples
    --------
    >>> person_hours()
    0.8
    """
    return review("review_hours_mean") / review("reviews_week")


def hourly(wage: str) -> float:
    """Return what an hour of somebody's work costs an employer: wage and benefits.

    Examples
    --------
    >>> round(hourly("developer-50")), round(hourly("office-mean"))
    (91, 33)
    """
    costs = dict(facts("employer-costs").select("name", "value").iter_rows())
    year = facts("wages").filter(pl.col("wage") == wage)["usd_a_year"].item()
    return float(year / costs["work_hours"] / costs["wage_share"])
