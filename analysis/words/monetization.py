"""Say what is sold and to whom, what plans have, and what a unit of one costs."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.monetization import COPIES, MAX, PRO, max_alone, text_day
from analysis.words.numbers import count, day, extent, share
from analysis.words.pricing import times
from analysis.words.revenue import billions
from analysis.words.sources import published

SHARES = published("revenue-mix")
CUSTOMERS = published("customers")
PAGE = published("plan-page")
UNITS = published("plans", "plan-guidance")
_BUSINESS = "business customers"


def shares(frame: pl.DataFrame) -> str:
    """Caption the shares of revenue."""
    sold, business = (
        frame.filter(pl.col("part") == part).row(0, named=True) for part in ("API sales", _BUSINESS)
    )
    ahead = frame.filter(pl.col("part") == "API and related applications").row(0, named=True)
    sums = facts("revenue-mix").filter(pl.col("part") == "API sales").row(0, named=True)
    return (
        f"Two shares of about {share(business['low'], 0)} are not one: the first is of what was "
        "sold, the second of whom it was sold to. A business can buy the API or seats, and a "
        "person the API, so neither bounds the other. The year of the first is in doubt: retold, "
        f"it is {billions(sums['part_usd'])} of {billions(sums['whole_usd'])} for "
        f"{sold['covers']}, {extent((sold['low'], sold['high']))} within rounding, and over "
        f"{share(ahead['low'], 0)} for {ahead['covers']}. The report itself we did not find. "
        "On what coding products resell, two sources differ by more than their wholes do; both "
        "stand."
    )


def shares_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the shares of revenue as a table."""

    def said(row: dict[str, float | None]) -> str:
        low, high = row["low"], row["high"]
        if low is None:
            return f"nearly {share(high, 0)}"
        if high is None:
            return f"over {share(low, 0)}"
        return extent((low, high), lambda v: share(v, 0))

    return frame.select(
        pl.col("part").alias("part of revenue"),
        pl.Series("share", [said(r) for r in frame.to_dicts()]),
        pl.col("covers").alias("of"),
        "status",
        pl.col("said_day").alias("day"),
        "source",
    )


def customers(frame: pl.DataFrame) -> str:
    """Caption the customers."""
    known = frame.filter(pl.col("said_day") <= text_day())
    first, last = (known.sort("said_day").row(n, named=True) for n in (0, -1))
    return (
        f"Over {last['number']:,} business customers were said on {day(first['said_day'])} and "
        f"again on {day(last['said_day'])}: the number of late 2025 is one of summer. What makes a "
        "customer a business is not said. Later rows count the large ones."
    )


def customers_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the customers as a table."""
    return frame.select(
        pl.col("said_day").alias("day"),
        "who",
        pl.format(
            "{} {}", "bound", pl.col("number").map_elements(lambda n: f"{n:,}", pl.String)
        ).alias("how many"),
        pl.format("{} ({})", "what", "source").alias("said, and source"),
    )


def run_rate(rates: pl.DataFrame) -> str:
    """Say what Claude Code's run-rate was when the write-up has it."""
    own = rates.filter(pl.col("who") == "Claude Code").sort("said_day")
    near = own.filter(pl.col("usd_a_year") == 1e9).row(0, named=True)
    after = own.filter(pl.col("said_day") > near["said_day"]).row(0, named=True)
    return (
        f"Claude Code's run-rate of {near['bound']} {billions(near['usd_a_year'])} is of "
        f"{near['said_day']:%B %Y}; by {day(after['said_day'])}, before the write-up, it was "
        f"{after['bound']} {billions(after['usd_a_year'])} ([](#fig-revenue-run-rate)). A "
        "run-rate is no revenue, and Claude Code is sold both by subscription and by token, in "
        "shares that are not published: so it is part of neither share above for certain."
    )


def page(frame: pl.DataFrame) -> str:
    """Caption the plan page."""
    more = {copy: max_alone(copy) for copy in COPIES}
    beyond = {
        copy: rows.filter(~pl.col("kind").is_in(["usage", "early access"]))["feature"].to_list()
        for copy, rows in more.items()
    }
    first, last = COPIES
    product = more[first].filter(pl.col("kind") == "product")["feature"].to_list()
    unlisted = frame[last].null_count()
    return (
        f"Beyond usage, {MAX} has {' and '.join(beyond[last])} as well as new features early. By "
        f"the copy of February 2026 {count(len(product), 'product')} was {MAX}'s alone, "
        f"{product[0]}; by the later copy none is, and it had come to {PRO} about 20 February "
        f"([](#tab-monetization-moves)). That copy has no day, and may be cut short: it lists "
        f"{count(unlisted, 'feature')} of these nowhere (a dash). A cell has the cheapest plan "
        "that lists the feature; dearer plans have it too. The write-up's picture we could not see."
    )


def page_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the plan page as a table."""
    return frame.select(
        "feature",
        "kind",
        pl.col("audience").alias("for"),
        pl.col("2026-02").alias("from, February 2026"),
        pl.col("later").alias("from, later in 2026"),
    )


def units(frame: pl.DataFrame) -> str:
    """Caption what a unit of Pro costs."""
    if frame.is_empty():
        return "No plan is published."
    base, last = frame.row(0, named=True), frame.row(-1, named=True)
    dearer = frame.filter(pl.col("plan") != base["plan"])
    sold = " and ".join(times(v) for v in dearer["sold"])
    hours = " and ".join(times(v) for v in dearer["hours"])
    return (
        f"On {last['plan']} a unit of {PRO} costs ${last['sold_usd']:.2f} a month by the multiple "
        f"as sold, and ${last['hours_usd']:.2f} by weekly hours of Sonnet: "
        f"{_off(last['sold_usd'] / base['sold_usd'])} or "
        f"{_off(last['hours_usd'] / base['hours_usd'])} to {PRO}. Unit: as much usage as {PRO} "
        f"has. Sold as {sold} of it, guided as {hours} its weekly hours (July to October 2025, "
        "most users). Both are Anthropic's, of two limits ([](#fig-quota-plans)); which one a "
        "buyer meets first decides."
    )


def _off(ratio: float) -> str:
    """Write a price against another as what is off or on it.

    >>> _off(0.5).split()[-1], _off(5 / 3).split()[-1]
    ('discount', 'premium')
    """
    return f"a {share(abs(1 - ratio), 0)} {'discount' if ratio < 1 else 'premium'}"


def units_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the units."""
    if frame.is_empty():
        return "Empty axes."
    listed = "; ".join(
        f"{r['plan']} ${r['sold_usd']:.2f} as sold, ${r['hours_usd']:.2f} by hours"
        for r in frame.to_dicts()
    )
    return f"In each row a tick and a dot, which move apart from Pro to the dearest. {listed}."


def hour(frame: pl.DataFrame) -> str:
    """Say what an hour of the guidance costs."""
    ends = [v for r in frame.to_dicts() for v in (r["low_hour_usd"], r["high_hour_usd"])]
    return (
        f"Divided by the guided hours of a month, all of them worked, a plan costs "
        f"{100 * min(ends):.0f} to {100 * max(ends):.0f} cents for an hour of Sonnet, and the "
        "dearest plan costs most. Nobody is billed so, and few work all of them. The write-up "
        "calls hours the plans' value metric: they are guidance, and what the plan page sells is "
        "a multiple. A knowledge worker is told neither hours nor tokens."
    )
