"""Say what is published of revenue, and what a bill's cache share says of it."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.facts import facts
from analysis.measures.published import published_share
from analysis.measures.revenue import OWN, TEXT_DAY, product_usd, shares
from analysis.words.numbers import count, day, share, usd
from analysis.words.sources import published

RUN_RATE = published("run-rate")
IMPLIED = f"these logs and {published('cases', 'run-rate')}"
REPLIES = published("replies")
_TEXT_S = ("session", "snapshot")  # states of the write-up's session
_DIGITS = 3  # of a share, as the text prints it


def billions(value: float) -> str:
    """Write dollars in billions.

    >>> billions(2.4433e9), billions(14e9)
    ('$2.44 billion', '$14 billion')
    """
    return f"${value / 1e9:.3g} billion"


def run_rates(frame: pl.DataFrame) -> str:
    """Caption the run-rates."""
    if frame.is_empty():
        return "No run-rate is published."
    both = shares().filter(pl.col("said_day") <= TEXT_DAY).row(-1, named=True)
    return (
        f"Claude Code is {_about(both)} {share(both['share'])} of the published run-rate of "
        f"{day(both['said_day'])}: {both['product_bound']} {billions(both['product_usd'])} of "
        f"{both['firm_bound']} {billions(both['firm_usd'])} a year. A run-rate is not revenue: "
        "sales by consumption of the last 28 days times 13, and a month of subscriptions times "
        "12, as a person familiar with the matter told Reuters Breakingviews (10 March 2026). How "
        "the two parts split is not published. Labels in billions; press and analysts, not "
        "accounts; several of the points are lower ends."
    )


def _about(both: dict[str, Any]) -> str:
    """Say what a share is whose part, whole or both are lower ends.

    >>> _about({"product_bound": "over", "firm_bound": "about"})
    'at least about'
    """
    ends = {("over", "about"): "at least about", ("about", "over"): "at most about"}
    return ends.get((both["product_bound"], both["firm_bound"]), "about")


def run_rates_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the run-rates."""
    points = [
        f"{r['who']} {billions(r['usd_a_year'])} on {day(r['said_day'])}" for r in frame.to_dicts()
    ]
    return f"Two rising lines on a log scale: {'; '.join(points)}." if points else "Empty axes."


def step(found: pl.DataFrame) -> str:
    """Say what the text's step from a session to revenue would give, and for whom."""
    others = found.filter(pl.col("case") != OWN)
    text = published_share()
    start = (
        f"The text takes {share(text)}, one session's share of list-price dollars, and asks what "
        f"if it were representative: of {billions(product_usd())} that would be "
        f"{billions(text * product_usd())} a year for reads and writes. "
    )
    if others.is_empty():
        return f"{start}No other account is published."
    low, high = others["low"].min(), others["high"].max()
    own = found.filter(pl.col("case") == OWN)["low"].to_list()
    yours = f"; these logs have {share(own[0])}" if own else ""
    return (
        f"{start}{count(others.height, 'published account')} have {share(low)} to {share(high)}"  # type: ignore[arg-type]
        f"{yours} ([](#tab-revenue-accounts)), from {billions(others['low_usd'].min())} to "  # type: ignore[arg-type]
        f"{billions(others['high_usd'].max())}. That is the range if every dollar were billed "  # type: ignore[arg-type]
        "by token at list price. No account is a sample of customers."
    )


def billed(frame: pl.DataFrame) -> str:
    """Caption cache revenue by the part that is billed by token."""
    if frame.is_empty():
        return "No account is published, and these logs have no priced request."
    last = frame.row(-1, named=True)
    return (
        f"Cache revenue of Claude Code lies between $0 and {billions(last['high_usd'])} of "
        f"{billions(product_usd())} a year, as far as published shares say. Across: the part of "
        "that revenue that is billed by token, which is not published. A subscriber pays by the "
        "month whatever is read or written, so nothing of that price is for the cache: reads cost "
        f"a subscriber quota, not dollars. At the right end, all billed at list price: "
        f"{billions(last['low_usd'])} to {billions(last['high_usd'])}, and "
        f"{billions(last['text_usd'])} at the text's {share(published_share())}. Shares are of "
        "list-price dollars for reads and writes."
    )


def billed_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in cache revenue by the part billed by token."""
    if frame.is_empty():
        return "Empty axes."
    last = frame.row(-1, named=True)
    return (
        "A wedge that begins at nothing on the left and ends between "
        f"{billions(last['low_usd'])} and {billions(last['high_usd'])} on the right; a dashed line "
        "near its upper edge."
    )


def accounts(frame: pl.DataFrame) -> str:
    """Caption the accounts."""
    others = frame.filter(pl.col("case") != OWN)
    reaches = others.filter(pl.col("high").round(_DIGITS) >= published_share())
    own = reaches.filter(pl.col("case").is_in(_TEXT_S)).height
    return (
        f"{reaches.height:,} of {count(others.height, 'published account')} can have the text's "
        f"share of {share(published_share())} or more, and {own:,} of them are states of its own "
        "session. Low and high: over what an account does not publish. "
        "Dollars: that share of Claude Code's run-rate, were all of it billed by token in this mix "
        "at list price. [](#fig-margin-positions) has the shares as a figure; that the two shares "
        "the text sets side by side have different units is told in [](#03-margin)."
    )


def listed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the accounts as a table, dollars in billions."""
    return frame.select(
        pl.col("label").alias("account"),
        "covers",
        pl.col("low").alias("low share"),
        pl.col("high").alias("high share"),
        (pl.col("low_usd") / 1e9).alias("low billions"),
        (pl.col("high_usd") / 1e9).alias("high billions"),
    )


def plan(session_usd: float) -> str:
    """Say why a subscription has no price by token, by the text's own session."""
    dearest = facts("plans").sort("usd_a_month").row(-1, named=True)
    return (
        f"The write-up's own session is worth {usd(session_usd)} at list price and was made on a "
        f"subscription. On {dearest['plan']}, at {usd(dearest['usd_a_month'])} a month, "
        f"{dearest['usd_a_month'] / session_usd:.1f} such sessions have the month's price; the "
        "fourth earns nothing more, and costs as much to serve."
    )


def said(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the statements as a table."""
    return frame.select(
        pl.col("said_day").alias("day"),
        pl.col("before").alias("before the text"),
        "who",
        "topic",
        pl.format("{} ({})", "says", "source").alias("what was said, in our words, and source"),
    )


def replies(frame: pl.DataFrame) -> str:
    """Caption what the firm has said."""
    before = frame.filter("before").height
    costed = frame.filter("gives_cost").height
    none = "none gives" if not costed else f"{costed:,} give"
    return (
        f"Of {count(frame.height, 'statement')} found, {before:,} came before the write-up, and "
        f"{none} a cost of serving or a margin by token class. The text says that the firm has "
        "not publicly addressed how revenue maps to compute. It had said that a high hit rate "
        "lowers its cost and allows more generous limits, and that a plan's use can be worth many "
        "times its price; it has not said what either costs it. What we found is no "
        "list of everything that was said."
    )
