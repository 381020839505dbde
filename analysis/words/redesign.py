"""Say what the simulated plans rest on."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.facts import facts
from analysis.measures.assumed import WORTH
from analysis.words.numbers import count, extent, minus, share
from analysis.words.sources import published

PERSONAS = published("personas")
LINE_UPS = published("line-ups")
ASSUMED = published("redesign-assumptions")
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
        "has for its user. Office tools: what they are worth a month."
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
    own = frame.filter(pl.col("line_up") == "caps").height
    return (
        f"Of {count(frame['line_up'].n_unique(), 'line-up')}, one is on sale: today's "
        f"{count(own, 'plan')}. The write-up gives no price for its proposal; the others change "
        "one thing at a time, at today's fees and units of Pro's cap, so that what differs is what "
        "was changed. A user takes the plan of a line-up that leaves most, or none."
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
    assumed = frame.filter(pl.col("kind") == "assumed").height
    return (
        f"Of {count(frame.height, 'number')} that the simulation needs beside personas and "
        f"line-ups, {assumed:,} are assumed: nobody publishes them. Where one has a range, draws "
        "go through all of it. Each can be set: parameters are listed in the README."
    )


def listed_assumptions(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the assumptions as a table, their numbers written with their units."""
    return pl.DataFrame(
        {
            "assumption": r["label"],
            "range": f"{amount(r['low'], r['unit'])} to {amount(r['high'], r['unit'])}",
            "middle": amount(r["middle"], r["unit"]),
            "kind": r["kind"],
            "why this range, and source": f"{r['reason']} ({r['source']})",
        }
        for r in frame.to_dicts()
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
