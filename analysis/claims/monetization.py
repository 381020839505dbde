"""Checks of what is claimed of plans, products and customers, and of a rival: published facts."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading, claims
from analysis.facts import facts
from analysis.measures.monetization import (
    AUDIENCES,
    COPIES,
    PLANS,
    max_alone,
    moves,
    reach,
    shares,
    text_day,
)
from analysis.measures.seats import seats, tiers

_COPY = {"later": "later copy of 2026", "2026-02": "copy of February 2026"}
_MOST = 0.5  # of something: what most of it is


def _api() -> list[Reading]:
    """Divide API sales by revenue: as reported, within their rounding, and for the later year."""
    row = shares().filter(pl.col("part") == "API sales").row(0, named=True)
    sums = facts("revenue-mix").filter(pl.col("part") == "API sales").row(0, named=True)
    later = shares().filter(pl.col("part") == "API and related applications").row(0, named=True)
    printed = claims().filter(pl.col("check") == "api-share")["printed"].item()
    low, high = 100 * row["low"], 100 * row["high"]
    return [
        Reading(
            f"API sales over revenue of {row['covers']}, both as retold",
            100 * sums["part_usd"] / sums["whole_usd"],
        ),
        Reading(
            f"the same within the rounding of both, {low:.1f} to {high:.1f} %: the nearest",
            min(max(printed, low), high),
        ),
        Reading(f"over this for {later['covers']}, with related applications", 100 * later["low"]),
    ]


def _moves() -> list[Reading]:
    """Count the products of the section that says so, which were out, then of all it names."""
    named = moves()
    own = named.filter(pl.col("part") == "evolved")
    return [
        Reading(
            f"of {rows.height} products that {where}, Anthropic's and out by its day",
            rows.filter("out").height,
            rows["out"].all(),
            "products",
        )
        for rows, where in ((own, "this section names"), (named, "the whole write-up names"))
    ]


def _one_subscription() -> list[Reading]:
    """Count what was sold without the coding product, then plans for one audience alone."""
    companies, individual = seats(), reach()
    without = companies.filter(~pl.col("coding")).height
    plans = individual["plan"].n_unique()
    alone = individual.filter(pl.min_horizontal(AUDIENCES) == 0)["plan"].n_unique()
    return [
        Reading(
            f"of {companies.height + plans} paid seats and plans, without Claude Code in them",
            without,
            without == 0,
            "seats",
        ),
        Reading(
            f"of {plans} individual plans, by either copy, with products for one audience alone",
            alone,
            alone == 0,
            "plans",
        ),
    ]


def _alone(copy: str, kinds: tuple[str, ...]) -> int:
    """Count what Max has alone by a copy, but for some kinds."""
    return max_alone(copy).filter(~pl.col("kind").is_in(kinds)).height


def _max_alone() -> list[Reading]:
    """Count what Max has beyond usage and early features: anything, then products."""
    told = [
        Reading(f"more that Max has alone, {_COPY[copy]}", n, n == 0, "features")
        for copy in COPIES
        for n in [_alone(copy, ("usage", "early access"))]
    ]
    return [*told, *_max_products()]


def _max_products() -> list[Reading]:
    """Count the products that Max has alone, by the copy with a day first."""
    kinds = ("usage", "early access", "limit", "priority", "model")
    return [
        Reading(f"products that Max has alone, {_COPY[copy]}", n, n == 0, "products")
        for copy in COPIES
        for n in [_alone(copy, kinds)]
    ]


def _hours() -> list[Reading]:
    """Count hours: on the plan page, then among the measures of the guidance."""
    on_page = facts("plan-page").filter(pl.col("feature").str.contains("hour")).height
    guided = facts("plan-guidance")
    hours = guided.filter(pl.col("measure").str.starts_with("hours of")).height
    return [
        Reading("features of the plan page in hours", on_page, on_page > 0, "features"),
        Reading(
            f"of {guided.height} figures of the help centre's guidance, hours with a model",
            hours,
            hours > 0,
            "figures",
        ),
    ]


def _figure() -> list[Reading]:
    """Count copies of the page's words of the write-up's month, then plans that copies price."""
    rows = facts("plan-page")
    copies = rows.filter(pl.col("copy") == f"{text_day():%Y-%m}")["copy"].n_unique()
    listed = rows.drop_nulls(["usd_a_month", "feature"])["plan"].n_unique()
    return [
        Reading("copies of the page's words dated in its month", copies, copies > 0, "copies"),
        Reading(
            f"of {len(PLANS)} plans, with price and features in copies of other days",
            listed,
            listed == len(PLANS),
            "plans",
        ),
    ]


def _rival_ads() -> list[Reading]:
    """Count the rival's tiers with ads: most of them, then any."""
    rows = tiers()
    shown = int(rows["ads"].sum())
    text = f"of {rows.height} tiers of ChatGPT, with ads by the write-up's day"
    return [
        Reading(f"{text}: most of them", shown, shown > _MOST * rows.height, "tiers"),
        Reading(f"{text}, as a test: any", shown, shown > 0, "tiers"),
    ]


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "api-share": _api,
    "product-moves": _moves,
    "one-subscription": _one_subscription,
    "max-alone": _max_alone,
    "max-products": _max_products,
    "hours-metric": _hours,
    "page-figure": _figure,
    "rival-ads": _rival_ads,
}
