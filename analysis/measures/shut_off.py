"""How long a reached five-hour cap shuts a user out: what is left of the window, by its rule."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.windows import LENGTH, hits

HOURS = LENGTH.total_seconds() / 3600
#: Work wanted in a window over what its cap holds.
MULTIPLES = (1.1, 1.5, 2.0, 4.0)
_ENDS = {"low": 0.1, "median": 0.5, "high": 0.9}


#: How a wait is known.
TOLD, RULED = "told", "by the rule"


def reported() -> pl.DataFrame:
    """Return published waits from a limit to its reset; where no reset is told, by the rule.

    A report whose next window began before the rule lets it, contradicts the rule and has no wait.

    Returns
    -------
    pl.DataFrame
        `report`, `hours` of wait (null where the report contradicts the rule), `known` (`TOLD`,
        or `RULED`), `source`.

    Examples
    --------
    >>> reported().filter(report="#7641").select("hours", "known").row(0)
    (3.5, 'told')
    """
    times = pl.col("began", "hit", "resets", "next_began").str.to_datetime("%Y-%m-%d %H:%M")
    told = (pl.col("resets") - pl.col("hit")).dt.total_minutes() / 60
    ruled = HOURS - (pl.col("hit") - pl.col("began")).dt.total_minutes() / 60
    went_on = (pl.col("next_began") - pl.col("hit")).dt.total_minutes() / 60
    agrees = (went_on >= ruled).fill_null(value=True)
    return (
        facts("limit-waits")
        .with_columns(times)
        .select(
            "report",
            pl.coalesce(told, pl.when(agrees).then(ruled)).alias("hours"),
            pl.when(pl.col("resets").is_null())
            .then(pl.lit(RULED))
            .otherwise(pl.lit(TOLD))
            .alias("known"),
            "source",
        )
    )


def told_waits() -> pl.Series:
    """Return the hours of the reports that tell when their limit reset.

    Examples
    --------
    >>> round(told_waits().median(), 6)
    2.416667
    """
    return reported().filter(known=TOLD)["hours"]


def logged(events: pl.DataFrame) -> pl.Series:
    """Return the hours from each limit hit of the logs to the reset that it tells."""
    left = (pl.col("resets_at") - pl.col("hit_at")).dt.total_seconds() / 3600
    return hits(events).select(left.alias("hours"))["hours"]


def waits(rows: pl.DataFrame) -> pl.DataFrame:
    """Compute when a smaller cap would have been reached in the windows of logs, and the wait.

    A cap is taken as a part of what a window used at list price: at a multiple of 2 it holds half
    of it. Windows weigh by their dollars, since a cap is hit where much is used.

    Parameters
    ----------
    rows
        `windows.windowed`, with `total_nano`.

    Returns
    -------
    pl.DataFrame
        One row per multiple: `multiple`, `windows`, `low`, `median`, `high` (hours of wait, 10, 50
        and 90 % of dollars). No rows where no window has a price and two requests.
    """
    window = ("account", "begins")
    known = (
        rows.drop_nulls("total_nano")
        .sort("first_seen")
        .with_columns(
            whole=pl.col("total_nano").sum().over(window),
            used=pl.col("total_nano").cum_sum().over(window),
            requests=pl.len().over(window),
            left=HOURS - (pl.col("first_seen") - pl.col("begins")).dt.total_seconds() / 3600,
        )
        .filter(pl.col("requests") > 1, pl.col("whole") > 0)
    )
    found = [
        known.filter(pl.col("used") * multiple >= pl.col("whole"))
        .group_by(window)
        .agg(pl.col("left").max().clip(0, HOURS), pl.col("whole").first())
        .sort("left", *window)
        .with_columns(
            place=(pl.col("whole").cum_sum() - pl.col("whole") / 2) / pl.col("whole").sum()
        )
        .select(
            pl.lit(multiple).alias("multiple"),
            pl.len().cast(pl.Int64).alias("windows"),
            *(
                pl.col("left").gather((pl.col("place") - end).abs().arg_min()).first().alias(name)
                for name, end in _ENDS.items()
            ),
        )
        .head(1)
        for multiple in MULTIPLES
    ]
    return pl.concat(found).filter(pl.col("windows") > 0)
