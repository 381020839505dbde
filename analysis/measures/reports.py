"""The issues that the write-up cites on long sessions, beside what was published of their days."""

from __future__ import annotations

import polars as pl

from analysis.claims import claims
from analysis.facts import facts

#: The section of the write-up that is about long sessions.
SECTION = "6"

#: The claim that says how long a reporter had seen what #7824 reports.
_SPANS = {7824: "T6.4"}

_REPORTED = pl.coalesce("began_day", "filed_day")


def reports() -> pl.DataFrame:
    """Return the cited issues by the day they were filed, and the faults of their days.

    Returns
    -------
    pl.DataFrame
        One row per issue, those without a day first: the columns of `facts/issues.csv`, with
        `began_day` (the first day that it reports on, where it says for how long), `faults_filed`
        (those of `facts/faults.csv` that ran on the vendor's own platform on the day it was
        filed), `faults_elsewhere` (that ran on another platform alone on that day), `faults` (that
        ran on some day from `began_day` until it was filed) and `faults_named` (the names of
        these, joined).

    Examples
    --------
    >>> reports()["issue"].to_list()
    [3377, 5810, 7824, 29230, 36241]
    """
    cited = facts("issues").filter(pl.col("section").str.split(" ").list.contains(SECTION))
    days = claims().filter(pl.col("claim").is_in(list(_SPANS.values()))).select("claim", "printed")
    spans = pl.DataFrame({"issue": list(_SPANS), "claim": list(_SPANS.values())}).join(
        days, on="claim"
    )
    begun = pl.col("filed_day") - pl.duration(days=pl.col("printed").cast(pl.Int64))
    dated = (
        cited.join(spans, on="issue", how="left")
        .with_columns(began_day=begun)
        .drop("claim", "printed")
    )
    filed, last = pl.col("filed_day"), pl.coalesce("everywhere_day", "until_day")
    ran = (
        dated.select("issue", "filed_day", first=_REPORTED)
        .join(facts("faults"), how="cross")
        .filter(pl.col("from_day") <= filed, last >= pl.col("first"))
        .group_by("issue")
        .agg(
            (pl.col("until_day") >= filed).sum().cast(pl.Int64).alias("faults_filed"),
            ((pl.col("until_day") < filed) & (last >= filed))
            .sum()
            .cast(pl.Int64)
            .alias("faults_elsewhere"),
            (pl.col("until_day") >= pl.col("first")).sum().cast(pl.Int64).alias("faults"),
            pl.col("fault").sort().alias("names"),
        )
        .with_columns(faults_named=pl.col("names").list.join("; "))
        .drop("names")
    )
    return (
        dated.join(ran, on="issue", how="left")
        .with_columns(pl.col("faults_filed", "faults_elsewhere", "faults").fill_null(0))
        .sort("filed_day", "issue", nulls_last=False)
    )
