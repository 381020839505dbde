"""What five-hour windows used, and how many there are under each rule."""

from __future__ import annotations

import polars as pl

from analysis.measures.windows import RULES, windowed


def per_window(rows: pl.DataFrame) -> pl.DataFrame:
    """Sum what each window used.

    Parameters
    ----------
    rows
        `windowed`, of `reconstruct.outputs`.

    Returns
    -------
    pl.DataFrame
        One row per window, by account and time: `account`, `begins`, `ends`, `hit_at` (null where
        it saw no limit), `requests`, `projects`, `read_tokens`, `write_tokens`, `input_tokens`,
        `output_tokens` (expected where the log has a placeholder), `cost_usd` (at list, with that
        output; null where nothing has a price).
    """
    nano = pl.col("total_nano") + pl.col("rest_nano")
    output = pl.col("expected_output_tokens").sum().round().cast(pl.Int64)
    return (
        rows.group_by("account", "begins", "ends")
        .agg(
            pl.col("hit_at").first(),
            pl.len().cast(pl.Int64).alias("requests"),
            pl.col("project").n_unique().cast(pl.Int64).alias("projects"),
            pl.col("read_tokens", "write_tokens", "input_tokens").sum(),
            output.alias("output_tokens"),
            pl.when(nano.count() > 0).then(nano.sum() / 1e9).alias("cost_usd"),
        )
        .sort("account", "begins")
    )


def by_rule(requests: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Count windows under both rules, of all requests together and of each project by itself.

    Parameters
    ----------
    requests
        `reconstruct.outputs`.

    Returns
    -------
    pl.DataFrame
        One row per rule and way to take accounts: `rule`, `account` (all, project), `windows`,
        `hits` (windows that saw a limit), medians of a window's `requests`, tokens by class and
        `cost_usd`, and `most_usd` of one.
    """
    middle = ("requests", "read_tokens", "write_tokens", "input_tokens", "output_tokens")
    found = [
        per_window(windowed(requests, events, rule, account)).select(
            pl.lit(rule).alias("rule"),
            pl.lit(account or "all").alias("account"),
            pl.len().cast(pl.Int64).alias("windows"),
            pl.col("hit_at").count().cast(pl.Int64).alias("hits"),
            pl.col(*middle, "cost_usd").median(),
            pl.col("cost_usd").max().alias("most_usd"),
        )
        for rule in RULES
        for account in (None, "project")
    ]
    return pl.concat(found)
