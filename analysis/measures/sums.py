"""What other reports say of many requests at once: sums beside the requests, never among them."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.counted import known_sum
from analysis.logs.dataset import Logs
from analysis.logs.identity import summed
from analysis.logs.sources import labels
from analysis.measures.data import share_of
from analysis.measures.published import write_nano

TOKENS = ("input_tokens", "output_tokens", "write_tokens", "read_tokens")

_USAGE, _COST = "admin-usage", "admin-cost"
_DAY = pl.col("first_seen").dt.date().alias("day")

_DOLLARS = ("list_usd", "share", "stated_usd")

#: How long a row's span is, in words, up to so many seconds.
_SPANS = {60: "a minute", 3_600: "an hour", 86_400: "a day", 7 * 86_400: "a week"}
_SPANS |= {31 * 86_400: "a month"}


def rows(logs: Logs, price_date: str = "") -> pl.DataFrame:
    """Return each row of a report once, priced at list.

    A row that is in several files counts once: the one with the most output, as a report that was
    saved later has it. No tier applies to a sum, since no prompt's length is known.

    Returns
    -------
    pl.DataFrame
        The rows of `copies` that are sums, with nano-dollars by token class; null where the
        report has no count of a class that has a price.
    """
    reprice: Callable[..., pl.DataFrame] = logs.pricing(price_date)
    return reprice(summed(logs.copies).with_columns(aggregate=pl.lit(True))).sort(
        "source", "first_seen", "message_id"
    )


def by_report(rows: pl.DataFrame) -> pl.DataFrame:
    """Sum each report by itself. Two reports may count the same requests, and are never added.

    Parameters
    ----------
    rows
        Of `rows`.

    Returns
    -------
    pl.DataFrame
        One row per report: `report` (with the span of its rows), `rows`, `list_usd` (null where
        nothing has a price), `share` (cache, of these dollars), `stated_usd` (dollars that the
        report itself gives), `token_share` (cache reads and writes, of tokens; null where one of
        these is not counted), tokens by class (null where the report has none of it), `first`,
        `last` (day, UTC).
    """
    span = (pl.col("last_seen") - pl.col("first_seen")).dt.total_seconds()
    said = pl.coalesce(*(pl.when(span == s).then(pl.lit(name)) for s, name in _SPANS.items()))
    counted = pl.any_horizontal(pl.col(TOKENS).is_not_null())
    nano, cache = pl.col("total_nano").filter(counted), pl.col("read_nano") + pl.col("write_nano")
    read, write = pl.col("read_tokens"), pl.col("write_tokens")
    dollars = pl.when(nano.count() > 0).then(nano.sum())
    stated = pl.col("stated_nano")
    known = pl.when((read.count() > 0) & (write.count() > 0)).then(read.sum() + write.sum())
    return (
        rows.with_columns(write_nano(), each=said)
        .group_by("source", report="parent_message_id")
        .agg(
            pl.len().cast(pl.Int64).alias("rows"),
            pl.when(pl.col("each").n_unique() == 1).then(pl.col("each").first()).alias("each"),
            pl.col("first_seen").min().dt.date().alias("first"),
            pl.col("first_seen").max().dt.date().alias("last"),
            *map(known_sum, TOKENS),
            share_of(known, pl.sum_horizontal(pl.col(name).sum() for name in TOKENS)).alias(
                "token_share"
            ),
            (dollars / 1e9).alias("list_usd"),
            share_of(
                cache.filter(counted & pl.col("total_nano").is_not_null()).sum(), dollars
            ).alias("share"),
            pl.when(stated.count() > 0).then(stated.sum() / 1e9).alias("stated_usd"),
        )
        .sort("source", "first", "rows", "report")
        .with_columns(pl.col("source").replace_strict(labels()).alias("label"))
        .with_columns(
            pl.when(pl.col("each").is_null())
            .then("label")
            .otherwise(pl.format("{}, {} a row", "label", "each"))
            .alias("report")
        )
        .drop("source", "label", "each")
        .select("report", "rows", *_DOLLARS, "token_share", *TOKENS, "first", "last")
    )


def reconciled(rows: pl.DataFrame) -> pl.DataFrame:
    """Set what the cost report charges beside the list price of the usage report's tokens.

    By model, on the days that both have. Of several reports of a kind, the one with the most rows.

    Parameters
    ----------
    rows
        Of `rows`.

    Returns
    -------
    pl.DataFrame
        `model` (null for what is of none, such as web searches), `days`, `list_usd`,
        `stated_usd`, `difference_usd` (stated less list; null where one is not known), the
        largest first. Empty where one of the reports is not at hand.
    """
    usage = _longest(rows.filter(pl.col("source") == _USAGE, pl.col("model").is_not_null()))
    cost = _longest(rows.filter(pl.col("source") == _COST))
    days = set(usage["day"]) & set(cost["day"])
    both = pl.col("day").is_in(list(days))
    listed = pl.when(pl.col("total_nano").count() == pl.len()).then(pl.col("total_nano").sum())
    known = usage.filter(both).group_by("model").agg((listed / 1e9).alias("list_usd"))
    stated = (
        cost.filter(both)
        .group_by("model")
        .agg((pl.col("stated_nano").sum() / 1e9).alias("stated_usd"))
    )
    return (
        known.join(stated, on="model", how="full", coalesce=True, nulls_equal=True)
        .with_columns(
            days=pl.lit(len(days), pl.Int64),
            difference_usd=pl.col("stated_usd") - pl.col("list_usd"),
        )
        .sort("stated_usd", "list_usd", "model", descending=[True, True, False], nulls_last=True)
        .select("model", "days", "list_usd", "stated_usd", "difference_usd")
    )


def _longest(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of one report, the one with the most, and their days: others repeat them."""
    sizes = rows.group_by("parent_message_id").len().sort("len", "parent_message_id")
    chosen = sizes["parent_message_id"].tail(1).implode()
    return rows.filter(pl.col("parent_message_id").is_in(chosen)).with_columns(_DAY)
