"""What is said of revenue, and how far the cache's share of a bill goes towards a share of it.

Revenue here is a *run-rate*, as the firm defines it: sales by consumption of the last 28 days times
13, and a month of subscriptions times 12. A bill is at list price, an account's or a session's.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from analysis.facts import facts
from analysis.measures.margin import accounts
from analysis.measures.published import published_share

FIRM, PRODUCT = "Anthropic", "Claude Code"
#: The day on which the write-up is dated.
TEXT_DAY = dt.date(2026, 3, 25)
OWN = "you"
_STEPS = 20  # of the part that is billed by token, from none to all


def run_rates() -> pl.DataFrame:
    """Return the published run-rates, in order of days.

    Returns
    -------
    pl.DataFrame
        `said_day`, `who`, `usd_a_year`, `bound` (about, or over), `how`, `source`.
    """
    return facts("run-rate").sort("said_day", "who")


def shares() -> pl.DataFrame:
    """Return the product's share of the firm's run-rate on each day that has both.

    Returns
    -------
    pl.DataFrame
        `said_day`, `firm_usd`, `firm_bound`, `product_usd`, `product_bound`, `share`.

    Examples
    --------
    >>> [f"{100 * s:.1f}" for s in shares()["share"]]
    ['10.0', '17.9']
    """
    rates = run_rates()
    firm, product = (
        rates.filter(pl.col("who") == who).select(
            "said_day",
            pl.col("usd_a_year").alias(f"{name}_usd"),
            pl.col("bound").alias(f"{name}_bound"),
        )
        for who, name in ((FIRM, "firm"), (PRODUCT, "product"))
    )
    both = firm.join(product, on="said_day")
    return both.with_columns(share=pl.col("product_usd") / pl.col("firm_usd")).sort("said_day")


def product_usd() -> float:
    """Return the product's run-rate in the text: the last published before it, in dollars a year.

    Examples
    --------
    >>> product_usd() / 1e9
    2.5
    """
    said = run_rates().filter(pl.col("who") == PRODUCT, pl.col("said_day") <= TEXT_DAY)
    return float(said["usd_a_year"][-1])


def implied(own_share: float | None = None, label: str = "These logs") -> pl.DataFrame:
    """Compute what each account's cache share would make of the product's revenue.

    As if every dollar of it were billed by token, at list price, in that account's mix.

    Parameters
    ----------
    own_share
        The reader's cache share of list-price dollars, output reconstructed.

    Returns
    -------
    pl.DataFrame
        Highest share first: `case`, `label`, `covers`, `low`, `high` (share of dollars, over what
        the account does not publish), `low_usd`, `high_usd` (a year).
    """
    known = accounts().select("case", "label", "covers", "low", "high")
    own = pl.DataFrame(
        [(OWN, f"{label}, output reconstructed", "these logs", own_share, own_share)],
        known.schema,
        orient="row",
    )
    usd = product_usd()
    return (
        pl.concat([known, own])
        .drop_nulls("low")
        .with_columns(low_usd=usd * pl.col("low"), high_usd=usd * pl.col("high"))
        .sort(pl.col("low") + pl.col("high"), descending=True, maintain_order=True)
    )


def billed(found: pl.DataFrame) -> pl.DataFrame:
    """Compute cache revenue by the part of the product's revenue that is billed by token.

    A subscription is paid by the month: no part of it is for reads or writes.

    Parameters
    ----------
    found
        `implied`.

    Returns
    -------
    pl.DataFrame
        `billed` (the part, 0 to 1), `low_usd`, `high_usd` (over the accounts), `text_usd` (at the
        share that the text prints), dollars a year; no rows where there is no account.
    """
    parts = pl.DataFrame({"billed": [n / _STEPS for n in range(_STEPS + 1)]})
    if not found.height:
        parts = parts.clear()
    low, high = found["low_usd"].min(), found["high_usd"].max()
    text = product_usd() * published_share()
    return parts.with_columns(
        low_usd=pl.col("billed") * pl.lit(low, pl.Float64),
        high_usd=pl.col("billed") * pl.lit(high, pl.Float64),
        text_usd=pl.col("billed") * text,
    )


def replies() -> pl.DataFrame:
    """Return what the firm has said that bears on the cache's cost, plans or revenue, by day.

    Returns
    -------
    pl.DataFrame
        `said_day`, `before` (whether it was said before the write-up), `who`, `topic`, `says`,
        `gives_cost` (whether it gives a cost of serving, or a margin, by token class), `source`.
    """
    return (
        facts("replies")
        .with_columns(
            before=pl.col("said_day") <= TEXT_DAY, gives_cost=pl.col("gives_cost") == "yes"
        )
        .sort("said_day")
        .select("said_day", "before", "who", "topic", "says", "gives_cost", "source")
    )
