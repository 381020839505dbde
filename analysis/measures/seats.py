"""Beside the individual plans: seats of companies, a rival's ads, tests of models."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.monetization import text_day

#: Columns of scores, as the families stand on the price list: dearest first.
FAMILIES = ("opus", "sonnet", "haiku")


def seats() -> pl.DataFrame:
    """Return the seats that companies could buy on the last day that the write-up can have.

    Returns
    -------
    pl.DataFrame
        `plan`, `seat`, `coding` (whether Claude Code is in it), `source`.

    Examples
    --------
    >>> seats().filter(~pl.col("coding")).select("plan", "seat").rows()
    [('Enterprise', 'standard'), ('Enterprise', 'Chat')]
    """
    day, own = (
        text_day(),
        facts("seats").with_columns(pl.col("from_day", "until_day").cast(pl.Date)),
    )
    begun = pl.col("from_day").is_null() | (pl.col("from_day") <= day)
    lasts = pl.col("until_day").is_null() | (pl.col("until_day") >= day)
    named = own.filter(begun, lasts).with_columns(coding=pl.col("claude_code") == "yes")
    return named.select("plan", "seat", "coding", "source")


def tiers() -> pl.DataFrame:
    """Return the tiers of the rival's chatbot, and whether each had ads by the write-up's day.

    Returns
    -------
    pl.DataFrame
        `tier`, `paid` and `ads` (booleans), `from_day`, `source`.

    Examples
    --------
    >>> tiers()["ads"].sum(), tiers().height
    (2, 7)
    """
    rows = facts("rival-ads").with_columns(pl.col("from_day").cast(pl.Date))
    shown = (pl.col("ads") == "yes") & (pl.col("from_day") <= text_day()).fill_null(False)
    return rows.select("tier", pl.col("paid") == "yes", shown.alias("ads"), "from_day", "source")


def tests() -> pl.DataFrame:
    """Return published tests of the three families that the write-up names.

    Returns
    -------
    pl.DataFrame
        `test`, `who` (the maker or others), `opus`, `sonnet`, `haiku` (scores in `unit`, null
        where an order alone is told), `unit`, `leads` (the family that did best), `dearest`
        (whether that is the dearest), `source`.

    Examples
    --------
    >>> tests()["dearest"].sum(), tests().height
    (4, 6)
    """
    rows = facts("model-tests").with_columns(pl.col(FAMILIES).cast(pl.Float64))
    return rows.with_columns(dearest=pl.col("leads") == FAMILIES[0])
