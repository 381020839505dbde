"""Checks of what is claimed of models and of input: published figures, and the reader's logs."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading
from analysis.facts import facts
from analysis.measures import input_side, list_ratios, model_costs
from analysis.measures.monetization import text_day
from analysis.measures.seats import FAMILIES, tests

_MOST = 0.5  # of something: what most of it is


def _burn() -> list[Reading]:
    """Ask for hours of each family under a cap, then for the order of list prices."""
    known = [hours for family in FAMILIES if (hours := _hours(family)) is not None]
    rows = list_ratios.list_ratios().filter(pl.col("day") == text_day())
    big, middle, small = rows.iter_rows(named=True)
    dearer = big["low"] > middle["high"] and small["high"] < middle["low"]
    names = f"{big['model']} over {small['model']}"
    return [
        Reading(
            f"of {len(FAMILIES)} families, with weekly hours of a plan, fewest of the dearest",
            len(known),
            len(known) == len(FAMILIES) and known == sorted(set(known)),
            "families",
        ),
        Reading(
            f"{names} at list price on every token class, if a cap counts such dollars",
            big["low"],
            dearer,
            "multiple",
        ),
    ]


def _hours(family: str) -> float | None:
    """Return the most weekly hours of a family that a plan is guided to have, if any are."""
    rows = facts("plan-guidance").filter(
        pl.col("measure").str.to_lowercase().str.contains(f"hours of {family} .*a week")
    )
    return float(rows["low"].cast(pl.Float64).max()) if rows.height else None  # type: ignore[arg-type]


def _better() -> list[Reading]:
    """Count the published tests that the dearest family led: all of them, then most."""
    rows = tests()
    led = int(rows["dearest"].sum())
    text = f"of {rows.height} published tests of the three families, led by the dearest"
    return [
        Reading(f"{text}: all of them", led, led == rows.height, "tests"),
        Reading(f"{text}: most of them", led, led > _MOST * rows.height, "tests"),
    ]


def _input_side() -> list[Reading]:
    """Ask whether the input side has most of every account: of a quota, then of dollars."""
    found = input_side.published()
    ways = {"quota": "of a quota by its published weights", "dollars": "of list-price dollars"}
    readings = []
    for way, text in ways.items():
        known = found[f"{way}_low"].drop_nulls()
        least = float(known.min() or 0)  # type: ignore[arg-type]
        name = f"least share of the input side, {text}, of {known.len()} accounts"
        readings.append(Reading(name, 100 * least, least > _MOST, "percent"))
    return readings


def _own_input_side(priced: pl.DataFrame, policy: str) -> list[Reading]:
    own = input_side.input_side(priced, policy).filter(pl.col("case") == input_side.YOU)
    ways = {"quota": "of a quota", "dollars": "of list-price dollars", "tokens": "of tokens"}
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
    "burn": _burn,
    "better-answers": _better,
    "input-side": _input_side,
}

YOURS: dict[str, Callable[[pl.DataFrame, str], list[Reading]]] = {"input-side": _own_input_side}

LOGGED: dict[str, Callable[[pl.DataFrame, pl.DataFrame], list[Reading]]] = {"burn": _own_burn}
