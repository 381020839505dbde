"""The 30-day account's reads by week, each week with the days that it has."""

from __future__ import annotations

import datetime as dt

import polars as pl

from analysis.facts import case, facts

_WEEK = dt.timedelta(days=6)  # from a week's first day to its last


def by_week() -> pl.DataFrame:
    """Put issue #24147's weekly reads over the days of its span that each week covers.

    A week is taken to end on the Sunday that names it: did it begin there, the last would be the
    span's last day alone, for which the issue gives a count of its own (`last_day`).

    Returns
    -------
    pl.DataFrame
        One row per week: `label_day`, `days` (inside the account's span), `read_tokens`,
        `tokens_a_day`, `over_before` (reads over the week before's), `over_before_a_day` (the same
        a day), `printed_multiple` (the issue's, null where it gives none).

    Examples
    --------
    >>> weeks = by_week()
    >>> weeks["days"].to_list(), [round(x, 2) for x in weeks["over_before"][1:3]]
    ([3, 7, 7, 7, 7], [3.5, 1.23])
    """
    first, last = case("issue-24147").select("first_day", "last_day").row(0)
    begin = pl.max_horizontal(pl.col("label_day") - _WEEK, pl.lit(first))
    end = pl.min_horizontal(pl.col("label_day"), pl.lit(last))
    tokens, a_day = pl.col("read_tokens"), pl.col("tokens_a_day")
    return (
        facts("weeks")
        .filter(pl.col("period") == "week")
        .with_columns(days=(end - begin).dt.total_days() + 1)
        .with_columns(tokens_a_day=tokens / pl.col("days"))
        .select(
            "label_day",
            "days",
            "read_tokens",
            "tokens_a_day",
            over_before=tokens / tokens.shift(),
            over_before_a_day=a_day / a_day.shift(),
            printed_multiple="printed_multiple",
        )
    )


def last_day() -> int:
    """Return the reads that the issue gives for the last day of its span.

    Examples
    --------
    >>> last_day()
    218548562
    """
    day = case("issue-24147")["last_day"].item()
    rows = facts("weeks").filter(pl.col("period") == "day", pl.col("label_day") == day)
    return int(rows["read_tokens"].item())
