"""Checks of what is claimed of plans, models and customers: published figures, and your logs."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading, claims
from analysis.facts import facts
from analysis.measures import input_side, list_ratios, model_costs
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
            f"API sales over revenue, both as forecast for {row['covers']}",
            100 * sums["part_usd"] / sums["whole_usd"],
        ),
        Reading(
            f"the same within the rounding of both, {low:.1f} to {high:.1f} %: the nearest",
            min(max(printed, low), high),
        ),
        Reading(f"over this for {later['covers']}, with related applications", 100 * later["low"]),
    ]


def _burn() -> list[Reading]:
    """Ask whether the first family costs more than the second at list, and the third less."""
    rows = list_ratios.list_ratios().filter(pl.col("day") == text_day())
    big, middle, small = rows.iter_rows(named=True)
    holds = big["low"] > middle["high"] and small["high"] < middle["low"]
    names = f"{big['model']} over {small['model']}, on every token class at list price"
    return [Reading(names, big["low"], holds, "multiple")]


def _moves() -> list[Reading]:
    found = moves()
    out = found.filter("out").height
    text = f"of {found.height} products that the text names, out by its day"
    return [Reading(text, out, out == found.height, "products")]


def _one_subscription() -> list[Reading]:
    """Count paid plans whose products are for one audience alone."""
    rows = reach()
    alone = rows.filter(pl.min_horizontal(AUDIENCES) == 0).height
    text = f"of {rows.height} paid plans in two copies, with products for one audience alone"
    return [Reading(text, alone, alone == 0, "plans")]


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
    """Count the products that Max has alone, in the copy nearest to the text first."""
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
    """Ask what is left of the picture: itself, then the page's words."""
    listed = facts("plan-page").drop_nulls(["usd_a_month", "feature"])["plan"].n_unique()
    return [
        Reading("pictures of the page that we could see", 0, False, "pictures"),
        Reading(
            f"of {len(PLANS)} plans, with price and features in copies of the page's words",
            listed,
            listed == len(PLANS),
            "plans",
        ),
    ]


def _coding_products() -> list[Reading]:
    """Ask for a published part of revenue that came by coding products."""
    rows = shares().filter(pl.col("part").str.contains("coding products"))
    highest = rows["high"].max()
    part = 0.0 if highest is None else 100 * float(highest)  # type: ignore[arg-type]
    text = "of revenue by Cursor and GitHub Copilot in summer 2025, nearly"
    return [Reading(text, part, part > 0, "percent")]


def _input_side() -> list[Reading]:
    """Ask whether the input side has most of every published account's dollars."""
    found = input_side.published()
    least = float(found["dollars_low"].min())  # type: ignore[arg-type]
    text = f"least share of the input side, of dollars of {found.height} accounts"
    return [Reading(text, 100 * least, least > _MOST, "percent")]


def _own_input_side(priced: pl.DataFrame, policy: str) -> list[Reading]:
    own = input_side.input_side(priced, policy).filter(pl.col("case") == input_side.YOU)
    ways = {"dollars": "of list-price dollars", "tokens": "of tokens"}
    return [
        Reading(
            f"input side, {text}, output reconstructed", 100 * row[f"{way}_low"], unit="percent"
        )
        for row in own.to_dicts()
        for way, text in ways.items()
        if row[f"{way}_low"] is not None
    ]


def _own_burn(priced: pl.DataFrame, events: pl.DataFrame) -> list[Reading]:
    """Compare what human turns cost on the models of these logs."""
    found = model_costs.by_model(model_costs.turns(priced, events))
    if found.height < 2:
        return []
    measure = found.filter("measure")["model"][0]
    return [
        Reading(f"a human turn on {r['model']} over one on {measure}", r["turn"], unit="multiple")
        for r in found.filter(~pl.col("measure")).to_dicts()
    ]


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "api-share": _api,
    "burn": _burn,
    "product-moves": _moves,
    "one-subscription": _one_subscription,
    "max-alone": _max_alone,
    "max-products": _max_products,
    "hours-metric": _hours,
    "page-figure": _figure,
    "coding-products": _coding_products,
    "input-side": _input_side,
}

YOURS: dict[str, Callable[[pl.DataFrame, str], list[Reading]]] = {"input-side": _own_input_side}

LOGGED: dict[str, Callable[[pl.DataFrame, pl.DataFrame], list[Reading]]] = {"burn": _own_burn}
