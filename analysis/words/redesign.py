"""Say what the simulated plans rest on."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.facts import facts
from analysis.measures.assumed import WORTH
from analysis.measures.redesign import PROPOSAL, TODAY
from analysis.params import KNOWN
from analysis.words.assumptions import assumed, origins
from analysis.words.numbers import count, extent, minus, share
from analysis.words.sources import published

PERSONAS = published("personas")
LINE_UPS = published("line-ups")
ASSUMED = published("redesign-assumptions")
#: Line-ups that change more than one thing of today's, and what they change.
_MORE = {
    "tier": "taken out of two plans and put into the fee of the third",
    "knowledge": "the office tools out of today's plans and into a new one",
    "metered": "no fee and no cap",
    "base": "another fee, another rate and no cap",
}
RANGE = str(WORTH["unit"])
_AT_CAP = {
    "shut off": "refuses until the window ends",
    "overage": "bills list price",
    "degrade": "goes on with the smaller model",
}


def amount(value: float, unit: str) -> str:
    r"""Write a quantity of an assumption with its unit.

    What each persona's work is worth has a range of its own: there only its ends have a name.

    Examples
    --------
    >>> amount(6.3, "usd"), amount(20, "usd/hour"), amount(0.4, "share"), amount(1.2, "multiple")
    ('$6.3', '$20/hour', '40\u202f%', '1.2×')
    >>> amount(-1.1, "percent for one percent"), amount(9, "windows"), amount(0.6, "log units")
    ('−1.1', '9', '0.6')
    """
    if unit == "share":
        return share(value, 0)
    if unit == "multiple":
        return f"{value:g}×"
    if unit == RANGE:
        return {0.0: "low ends", 0.5: "middle", 1.0: "high ends"}.get(value, f"{value:g}")
    if unit.startswith("usd"):
        return f"${value:g}{unit.removeprefix('usd')}"
    return minus(f"{value:g}")


def personas(frame: pl.DataFrame) -> str:
    """Caption the personas."""
    coders = frame.filter(pl.col("reviews_month") > 0)
    days = pl.col("share") * pl.col("active_days")
    mean = coders.select((days * pl.col("day_usd")).sum() / days.sum())
    return (
        f"The {count(frame.height, 'persona')} are declared, not found: who the users are is not "
        "published. The dollars a day of the developers among them have a mean of "
        f"${mean.item() or 0:.0f} a developer and active day, near the documented one; the rest "
        "is assumed, with its reason. Worth: dollars of value that a list-price dollar of work "
        "has for its user. Office tools: what the model inside spreadsheets and slides is worth a "
        "month."
    )


def listed_personas(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the personas as a table."""
    return pl.DataFrame(
        {
            "persona": r["label"],
            "share": share(r["share"], 0),
            "list-price $ a day": f"{r['day_usd']:g}",
            "active days": share(r["active_days"], 0),
            "reviews a month": f"{r['reviews_month']:g}",
            "worth": _ranged(r, "worth"),
            "office tools": f"${r['office']:g}",
            "why, and source": f"{r['reason']} ({r['source']})",
        }
        for r in frame.to_dicts()
    )


def _ranged(row: dict[str, Any], name: str) -> str:
    low, middle, high = (f"{row[name + end]:g}" for end in ("_low", "", "_high"))
    return f"{middle} ({low} to {high})"


def line_ups(frame: pl.DataFrame) -> str:
    """Caption the line-ups."""
    own = frame.filter(line_up=TODAY).height
    labels = dict(frame.select("line_up", "label").iter_rows())
    more = [f"{labels[name]} ({what})" for name, what in _MORE.items() if name in labels]
    each = [name for key, name in labels.items() if key not in (TODAY, PROPOSAL, *_MORE)]
    return (
        f"A line-up is all plans that the firm offers at once. Of {len(labels):,}, one is on sale: "
        f"today's {count(own, 'plan')}. The write-up gives no price for its proposal. One thing "
        f"is changed, at today's fees and caps, in: {'; '.join(each)}. More than one in: "
        f"{'; '.join(more)}; and in the proposal, which does three things at once. A unit is what "
        "Pro's cap holds in a five-hour window; larger plans hold several. The "
        "write-up does not define a checkpoint; here it is one review at one price, whatever "
        "tokens it takes. Office tools: the model inside spreadsheets and slides. A user takes the "
        "plan of a line-up that leaves most (worth of the work, reviews and tools, less the bill "
        "and the cost of blocked hours), or none."
    )


def listed_line_ups(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the line-ups as a table, a row each."""
    rows = []
    for (label,), plans in frame.group_by("label", maintain_order=True):
        first = plans.row(0, named=True)
        rows.append(
            {
                "line-up": label,
                "plans: fee a month (units of Pro's cap)": "; ".join(map(_plan, plans.to_dicts())),
                "at the cap": _at_cap(first),
                "reviews": "; ".join(dict.fromkeys(map(_reviews, plans.to_dicts()))),
                "why": first["reason"],
            }
        )
    return pl.DataFrame(rows)


def _plan(plan: dict[str, Any]) -> str:
    cap = f" ({plan['units']:g})" if plan["units"] else ""
    tools = "" if plan["office"] == "yes" else ", no office tools"
    return f"{plan['plan']} ${plan['fee_usd']:g}{cap}{tools}"


def _at_cap(plan: dict[str, Any]) -> str:
    if plan["units"] == 0:
        return "no cap: all is billed" + (
            "" if plan["rate"] == 1 else f" at {plan['rate']:g} × list"
        )
    return _AT_CAP[plan["at_cap"]]


def _reviews(plan: dict[str, Any]) -> str:
    if plan["reviews"] == "checkpoint":
        return f"${plan['review_usd']:g} each"
    if plan["reviews"] == "token":
        return "list price per token" if plan["rate"] == 1 else f"{plan['rate']:g} × list per token"
    return {"none": f"none in {plan['plan']}", "included": f"in the fee of {plan['plan']}"}[
        plan["reviews"]
    ]


def assumptions(frame: pl.DataFrame) -> str:
    """Caption the assumptions."""
    labels, own = assumed(frame, facts("redesign-assumptions"))
    settable = frame.filter(pl.col("name").is_in(list(KNOWN))).height
    return (
        f"Of {count(frame.height, 'number')} that the simulation needs beside personas and "
        f"line-ups, {len(labels):,} are assumed, since nobody publishes them{own}. Where "
        "one has a range, draws go through all of it. Those with a parameter can be set "
        f"({settable:,} of {frame.height:,}), as the README says; who is simulated and a review's "
        "price per checkpoint have parameters, too."
    )


def listed_assumptions(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the assumptions as a table, their numbers written with their units."""
    rows = zip(frame.to_dicts(), origins(frame, facts("redesign-assumptions"), amount), strict=True)
    return pl.DataFrame(
        {
            "assumption": row["label"],
            "range": f"{amount(row['low'], row['unit'])} to {amount(row['high'], row['unit'])}",
            "middle": amount(row["middle"], row["unit"]),
        }
        | origin
        for row, origin in rows
    )


def elasticities() -> str:
    """Say what is published of demand's response to price."""
    told = [
        f"{extent((r['low'], r['high']), _elastic)} ({r['what']}, {r['between']})"
        for r in facts("elasticities").drop_nulls("low").to_dicts()
    ]
    weak = [r["what"] for r in facts("elasticities").filter(pl.col("low").is_null()).to_dicts()]
    return (
        "A cheaper unit raises the bill only if demand answers by more than its own percent: "
        f"Jevons's case needs an elasticity beyond −1. Published estimates: {'; '.join(told)}; "
        f"called weak or modest, without a number: {'; '.join(weak)}."
    )


def _elastic(value: float | None) -> str:
    return "unknown" if value is None else minus(f"{value:g}")
