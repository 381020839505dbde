"""Say which share of businesses pays each firm, and what its changes come to."""

from __future__ import annotations

import datetime as dt

import polars as pl

from analysis.facts import facts
from analysis.measures.adoption import (
    ANY,
    FALL_CLAIM,
    FIRM,
    GROWTH_CLAIM,
    RIVAL,
    change,
    data_month,
    later,
)
from analysis.words.numbers import count, minus, share, signed
from analysis.words.sources import published

SOURCE = published("adoption")
ASPECTS = published("adoption-aspects")
CHANGES = published("adoption", "claims")


def percent(value: float) -> str:
    r"""Write a share that is in percent.

    >>> percent(24.4)
    '24.4\u202f%'
    """
    return share(value / 100)


def signed_points(value: float) -> str:
    """Write a change in points.

    >>> signed_points(-1.5), signed_points(4.899)
    ('−1.5 points', '+4.9 points')
    """
    return f"{'−' if value < 0 else '+'}{abs(value):.1f} points"


def month(date: dt.date) -> str:
    """Write a month so that it stays on one line.

    >>> month(dt.date(2026, 2, 1)).split()
    ['February', '2026']
    """
    return f"{date:%B}\u00a0{date.year}"


def points(frame: pl.DataFrame) -> str:
    """Caption the points."""
    if frame.is_empty():
        return "No point is published."
    own, other = change(FIRM), change(RIVAL)
    rose, fell = said()
    ahead = later().filter(pl.col("method") == "revised", pl.col("lead") > 0).sort("data_month")
    first, last = (ahead.row(n, named=True) for n in (0, -1))
    return (
        f"In {month(data_month())} the share of businesses that pay {FIRM} rose by "
        f"{own.points:.1f} points, which is {share(own.relative)} of it, and {RIVAL}'s fell by "
        f"{-other.points:.1f} points, {share(-other.relative)} of it. The write-up has {rose} and "
        f"{fell}. By month of the payments, one before that of the index; of businesses in the "
        "United States on Ramp that paid the firm anything. A month without a public point is "
        f"blank. Hollow: the method since June 2026, by which {FIRM} is ahead from "
        f"{month(first['data_month'])} on, by {last['lead']:.1f} points in the last month found, "
        f"{month(last['data_month'])}."
    )


def said() -> list[str]:
    r"""Return the rise and the fall as the write-up prints them.

    >>> said()
    ['5\u202f%', '2\u202f%']
    """
    claims = facts("claims").filter(pl.col("claim").is_in([GROWTH_CLAIM, FALL_CLAIM]))
    return [share(p / 100, 0) for p in claims["printed"].cast(pl.Float64)]


def points_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the points."""
    if frame.is_empty():
        return "Empty axes."
    listed = "; ".join(
        f"{firm} {', '.join(f'{m:%Y-%m} {p:g}' for m, p in rows.iter_rows())}"
        for firm, rows in (
            (f, frame.filter(pl.col("firm") == f).select("data_month", "percent"))
            for f in (FIRM, RIVAL)
        )
    )
    return (
        "Two series of dots in percent of businesses; the lower one climbs until it crosses the "
        f"flat one. {listed}."
    )


def changes(frame: pl.DataFrame) -> str:
    """Caption the changes."""
    own, other = change(FIRM), change(RIVAL)
    rose, fell = said()
    return (
        f"As points the write-up's {rose} and {fell} are {own.points:.1f} and "
        f"{-other.points:.1f}, rounded; as percent they are {share(own.relative)} and "
        f"{share(-other.relative)}. Percent are of the share before. Accounts of the index have "
        "the percent sign, too ([](#tab-adoption-aspects)): the slip is older than the write-up. "
        "Ranges: what rounding to a tenth of a percent leaves open of either share."
    )


def changes_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the changes as a table, with what rounding leaves open and what the write-up has."""
    rows = [
        {
            "firm": r["firm"],
            "before": percent(r["before"]),
            "after": percent(r["after"]),
            "in points": f"{signed_points(r['points'])} ({_range(r, 'points')})",
            "relative": f"{signed(r['relative'])} ({_range(r, 'relative')})",
            "the write-up": f"{sign}{told}",
        }
        for r, told, sign in zip(frame.to_dicts(), said(), "+−", strict=True)
    ]
    return pl.DataFrame(rows)


def _range(row: dict[str, float], name: str) -> str:
    """Write both ends of what rounding leaves open, the nearer to zero first."""
    low, high = sorted((row[f"{name}_low"], row[f"{name}_high"]), key=abs)
    scale = 100 if name == "relative" else 1
    return minus(f"{scale * low:.1f}") + " to " + minus(f"{scale * high:.1f}")


def aspects(frame: pl.DataFrame) -> pl.DataFrame:
    """Return what the index measures as a table."""
    return frame.select(
        "aspect", pl.format("{} ({})", "says", "source").alias("what is said, and source")
    )


def aspects_caption(frame: pl.DataFrame) -> str:
    """Caption what the index measures."""
    return (
        "The index counts how many businesses pay a firm at all, not how much: a seat on one card "
        f"and a contract for thousands count alike. {count(frame.height, 'point')} on what it "
        "counts, of whom, and what it leaves out, with the rival's reply, in our words."
    )


def gains() -> str:
    """Say what the shares leave open of who gains from whom."""
    own, other = change(FIRM), change(RIVAL)
    known = facts("adoption").filter(pl.col("firm") == ANY, pl.col("method") == "first")
    wanted = known.filter(pl.col("data_month_day") <= data_month()).sort("data_month_day").tail(2)
    new = float(wanted["percent"][-1] - wanted["percent"][0])
    return (
        f"Who gains from whom cannot be told. In that month {FIRM} gained {own.points:.1f} points, "
        f"{RIVAL} lost {-other.points:.1f}, and those who pay anybody grew by {new:.1f}. A "
        "business may pay both, and most of Anthropic's did. So nearly all of the gain came from "
        "businesses that paid for some AI before, on balance; whether they left another firm, or "
        "took a second one, two shares and a sum do not say. They are net of all who came and "
        "went, too."
    )


def months(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the months as a table."""
    return frame.select(
        pl.format("{}", pl.col("data_month").dt.strftime("%Y-%m")).alias("data of"),
        pl.format("{}", pl.col("index_month").dt.strftime("%Y-%m")).alias("index of"),
        "method",
        (pl.col("anthropic") / 100).alias("Anthropic"),
        (pl.col("openai") / 100).alias("OpenAI"),
        pl.Series("lead", [signed_points(v) for v in frame["lead"]]),
    )


MONTHS = {"Anthropic": "percent", "OpenAI": "percent"}


def months_caption(frame: pl.DataFrame) -> str:
    """Caption the months."""
    first = frame.filter(pl.col("method") == "first").sort("data_month").row(-1, named=True)
    revised = frame.filter(pl.col("method") == "revised").sort("data_month").row(0, named=True)
    return (
        f"The same month, {month(first['data_month'])}, has {FIRM} at "
        f"{percent(first['anthropic'])} by the first method and {percent(revised['anthropic'])} by "
        f"the revised one, so the order of the two firms in that month depends on the method. "
        f"Every month of which a point of both firms was found. Lead: {FIRM} less {RIVAL}. Later "
        "months than these were not found."
    )
