"""Say what a Code Review must spare to be worth its price."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl

from analysis.facts import facts
from analysis.measures import spared
from analysis.measures.value import PARTS
from analysis.words.assumptions import assumed, origins
from analysis.words.numbers import NARROW_SPACE, count, extent, minus, share
from analysis.words.sources import published

RANGES = published("value-assumptions")
REVIEW = published("value-assumptions", "code-reviews")
_LEVELS = ("even: worth its price", "half of the worth", "a tenth of the worth")
MINUTES = 60


def per_dollar(value: float) -> str:
    """Write dollars of work for a dollar.

    >>> per_dollar(337.6), per_dollar(4.64), per_dollar(-0.47), per_dollar(1.0)
    ('$338', '$4.64', '−$0.47', '$1')
    """
    size = abs(value)
    plain = size >= 10 or size == round(size)
    text = f"${size:,.0f}" if plain else f"${size:,.2f}"
    return f"−{text}" if value < 0 else text


def amount(value: float, unit: str) -> str:
    r"""Write the value of an assumption with its unit.

    >>> amount(116, "usd/hour"), amount(0.54, "share"), amount(15, "usd"), amount(1000, "tokens")
    ('$116 an hour', '54\u202f%', '$15', '1,000 tokens')
    >>> amount(-0.15, "hours"), amount(3, "hours")
    ('−9\u202fmin', '3\u202fh')
    """
    if unit == "share":
        return share(value, 0)
    if unit == "hours":
        short = abs(value) < 1
        return minus(
            f"{value * MINUTES:.0f}{NARROW_SPACE}min" if short else f"{value:.3g}{NARROW_SPACE}h"
        )
    if unit == "tokens":
        return f"{value:,.0f} tokens"
    return f"${value:,.3g}" + (" an hour" if unit == "usd/hour" else "")


def break_even(frame: pl.DataFrame, known: pl.DataFrame) -> str:
    """Caption how long a review must spare."""
    a = {r["name"]: r for r in known.to_dicts()}
    success, wage = a["success_rate"], a["wage_usd"]
    ends = [p / wage["middle"] / success["middle"] * MINUTES for p in _prices(a)]
    person = spared.person_hours()
    more = "less" if max(ends) < MINUTES * person else "more"
    return (
        f"A Code Review of ${a['review_usd']['low']:,.0f} to ${a['review_usd']['high']:,.0f} is "
        f"worth its price once those that spare any time spare {ends[0]:,.0f} to {ends[1]:,.0f} "
        f"minutes of a senior developer, if {share(success['middle'], 0)} do and an hour costs "
        f"${wage['middle']:,.0f}. At the high price that is {more} than about "
        f"{MINUTES * person:,.0f} minutes, a person's review: a quotient made here, of the mean "
        "hours a week and the median number of changes that developers at Google reviewed, as "
        "published in 2018. Nobody has measured how much of it a review by agents spares, reading "
        f"its findings included. Bands: ${wage['low']:,.0f} to ${wage['high']:,.0f} an hour."
    )


def _prices(a: dict[str, dict[str, Any]]) -> tuple[float, float]:
    return a["review_usd"]["low"], a["review_usd"]["high"]


def break_even_alt(frame: pl.DataFrame, known: pl.DataFrame) -> str:
    """Say what is seen in the minutes that a review must spare."""
    if frame.is_empty():
        return "Empty axes."
    even = frame.filter(pl.col("success_rate") == 1)["minutes"].sort().to_list()
    return (
        "Two falling curves with bands, one for each price; at the right, where every review "
        f"spares something, they end at {even[0]:,.0f} and {even[-1]:,.0f} minutes. A dashed line "
        f"across marks about {MINUTES * spared.person_hours():,.0f} minutes, a person's review."
    )


def ranges(frame: pl.DataFrame) -> str:
    """Caption the ranges."""
    labels, own = assumed(frame, _defaults())
    named = f" Assumed: {', '.join(labels)}." if labels else ""
    return (
        f"{len(labels):,} of {count(frame.height, 'range')} that the worth of a review rests on "
        f"{'is' if len(labels) == 1 else 'are'} assumed{own}.{named} The parameters `wage_usd`, "
        "`hours_spared` and `success_rate` set a middle of your own, and its range moves along."
    )


def _defaults() -> pl.DataFrame:
    """Return the middle of each assumption of the chapter where the reader sets none."""
    return pl.concat(
        facts(f"{table}-assumptions").select("name", pl.col("middle").cast(pl.Float64))
        for table in ("value", "work")
    )


def range_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return assumptions as a table, their numbers written with their units."""
    rows = zip(frame.to_dicts(), origins(frame, _defaults(), amount), strict=True)
    return pl.DataFrame(
        {
            "assumption": row["label"],
            "range": extent([row["low"], row["high"]], partial(amount, unit=row["unit"])),
            "middle": amount(row["middle"], row["unit"]),
        }
        | origin
        for row, origin in rows
    )


def simulated(found: dict[str, float], draws: int) -> str:
    """Say what the drawn worth of a review comes to."""
    return (
        f"Drawn {draws:,} times from the ranges of [](#tab-value-ranges), a dollar of a review's "
        f"price spares {per_dollar(found['low'])} to {per_dollar(found['high'])} of a senior "
        f"developer's work (90{NARROW_SPACE}% of draws; median {per_dollar(found['median'])}). "
        f"It spares less than it costs in {share(found['below'], 0)} of draws. Its price is half "
        f"of what it spares or less in {share(found['half'], 0)}, and a tenth or less in "
        f"{share(found['cheap'], 0)}. The draws rest on hours that are assumed, up to "
        "those that the write-up gives a workflow: they say what follows from the ranges, not what "
        "reviews spare."
    )


def needs(frame: pl.DataFrame, known: pl.DataFrame) -> str:
    """Caption what would have to be true for a review to be too cheap."""
    tenth = frame.row(-1, named=True)
    a = {r["name"]: r for r in known.to_dicts()}
    within = [tenth["low"] <= a["hours_spared"]["high"], tenth["high"] <= a["hours_spared"]["high"]]
    where = {
        2: "within the range taken here at both prices",
        1: "within the range taken here at the low price alone",
        0: "beyond the range taken here at both prices",
    }[sum(within)]
    return (
        "For the claim that a review billed by its tokens is too cheap to hold, at a tenth of the "
        f"worth, a review that spares any time must spare {tenth['low']:.1f} to "
        f"{tenth['high']:.1f} hours: {where}. Wage and share of success are in the middle. A tenth "
        "is this chapter's own mark; what part of the worth a seller may take is a matter of what "
        "else there is to buy."
    )


def needs_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the hours as a table."""
    return frame.select(
        pl.Series("the price is", _LEVELS),
        (pl.col("low") * MINUTES).round().cast(pl.Int64).alias("minutes at the low price"),
        (pl.col("high") * MINUTES).round().cast(pl.Int64).alias("minutes at the high price"),
    )


def swings(frame: pl.DataFrame) -> str:
    """Caption how far each assumption moves the worth of a review."""
    first = frame.row(0, named=True)
    flips = frame.drop_nulls("flips").to_dicts()
    turns = " or ".join(f"the {r['label']} at {amount(r['flips'], r['unit'])}" for r in flips)
    rest = " No other assumption alone gets there." if len(flips) < frame.height else ""
    tail = (
        f"A review just pays with {turns}, the others in the middle.{rest}"
        if flips
        else "No assumption alone takes a review across its price, within its range."
    )
    return (
        f"Whether a Code Review is worth its price hangs first on the {first['label']}: a dollar "
        f"of its price spares {per_dollar(first['at_low'])} to {per_dollar(first['at_high'])} over "
        f"that range, and {per_dollar(first['middle'])} in the middle. {tail}"
    )


def swings_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the swings."""
    rows = [
        f"{r['label']} {per_dollar(r['at_low'])} to {per_dollar(r['at_high'])}"
        for r in frame.to_dicts()
    ]
    return f"Bars, widest on top: {'; '.join(rows)}." if rows else "Empty axes."


def ending(known: pl.DataFrame) -> str:
    """Say what the sums of a review come to, as an item of a list."""
    a = {r["name"]: r for r in known.to_dicts()}
    low, high = (p / a["wage_usd"]["middle"] / a["success_rate"]["middle"] for p in _prices(a))
    return (
        f"- A Code Review is worth its published price if one that spares anything spares "
        f"{low * MINUTES:,.0f} to {high * MINUTES:,.0f} minutes of a senior developer, at the "
        "wage and the share of success taken here ([](#fig-value-break-even)). That it is too "
        f"cheap, at a tenth of its worth, needs {low / PARTS[-1]:.1f} to {high / PARTS[-1]:.1f} "
        "hours ([](#tab-value-needs))."
    )
