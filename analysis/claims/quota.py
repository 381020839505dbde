"""Checks of what is claimed of a subscription's quota: published figures alone."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading, value_of
from analysis.facts import case, facts
from analysis.measures.quota import burn, multiples
from analysis.measures.quota_reports import used
from analysis.measures.quota_weights import weights, written

_HOURS = 24
_MEASURES = ("messages in five hours", "hours of Sonnet 4 a week")


def _multiple(plan: str) -> Callable[[], list[Reading]]:
    """Compute a plan's multiple of Pro: of a five-hour session first, as the plan page says."""

    def check() -> list[Reading]:
        rows = multiples().filter(pl.col("plan") == plan, pl.col("measure").is_in(_MEASURES))
        found = dict(rows.select("measure", "low").iter_rows())
        return [Reading(f"{measure}, over those of Pro", found[measure]) for measure in _MEASURES]

    return check


def _window(limit: str, unit_hours: int) -> Callable[[], list[Reading]]:
    def check() -> list[Reading]:
        row = facts("quota-limits").row(by_predicate=pl.col("limit") == limit, named=True)
        return [Reading(f"length by the header {row['header']}", row["hours"] / unit_hours)]

    return check


def _answered(*questions: str) -> pl.DataFrame:
    return facts("disclosures").filter(pl.col("question").is_in(questions))


def _undisclosed() -> list[Reading]:
    asked = _answered("budget", "writes", "multiple")
    some = asked.filter(pl.col("disclosed") != "no").height
    full = asked.filter(pl.col("disclosed") == "yes").height
    return [
        Reading("of three questions, with anything published", some, some == 0, "count"),
        Reading("of three questions, answered in tokens", full, full == 0, "count"),
    ]


def _reads() -> list[Reading]:
    """Count Anthropic's statements on what cached content weighs in a plan's limits."""
    asked = _answered("reads", "projects").filter(pl.col("disclosed") == "yes")
    code = asked.filter(pl.col("covers") == "plan")
    return [
        Reading(
            "statements on cached content in the limits that claude.ai and Claude Code share",
            asked.height,
            asked.is_empty(),
            "count",
        ),
        Reading("statements on cache reads of Claude Code", code.height, code.is_empty(), "count"),
    ]


def _cost_display() -> list[Reading]:
    said = _answered("cost").filter(pl.col("disclosed") == "yes").height
    return [Reading("statements that give the reason", said, said == 0, "count")]


def _community() -> list[Reading]:
    """Ask whether public figures near 1 were there when the text was written, or came later."""
    known = weights().filter(pl.col("known") != "rule", pl.col("weight").is_not_null())
    full = known.filter(pl.col("weight") == 1)
    said = weights().filter(pl.col("known") == "asserted", pl.col("day") <= written()).height
    then = full.filter(pl.col("day") <= written()).height
    return [
        Reading("public figures of 1 by the day of the text", then, then > 0, "count"),
        Reading(
            f"of {known.height} public figures to date, 1: all inferred",
            full.height,
            2 * full.height > known.height,
            "count",
        ),
        Reading("by the day of the text, asserted without a weight", said, said > 0, "count"),
    ]


def _weight() -> list[Reading]:
    rows = weights().filter(pl.col("known") != "rule", pl.col("weight").is_not_null())
    fully = bool((rows["weight"] == 1).all())
    how = {"yes": "inferred", "no": "read off the headers"}
    return [
        Reading(f"{r['day']:%B %Y}, {how[r['known']]}", r["weight"], fully, "weight")
        for r in rows.to_dicts()
    ]


def _classes() -> list[Reading]:
    """Ask whether every class of tokens moves the quota."""
    classes = facts("quota-classes")
    counted = value_of(classes, (pl.col("weight") > 0).sum())
    whole = counted == classes.height
    return [
        Reading("classes of tokens that moved the meter in December 2025", counted, whole, "count"),
        *(
            Reading(f"weight of {token}, input being 1", weight, whole, "weight")
            for token, weight in classes.select("token", "weight").iter_rows()
        ),
    ]


def _burn_spread() -> list[Reading]:
    rates = burn()
    slowest = value_of(rates, pl.col("rate").min())
    return [
        Reading(
            "fastest over slowest, an hour of wall clock",
            value_of(rates, pl.col("rate").max()) / slowest,
        ),
        Reading(
            "median of the stretches under five hours, over the slowest",
            value_of(rates.filter("fits"), pl.col("rate").median()) / slowest,
        ),
    ]


def _burn_day() -> list[Reading]:
    rates = burn().with_columns(day=pl.col("begins").dt.date(), until=pl.col("ends").dt.date())
    within = rates.filter(pl.col("day") == pl.coalesce("until", "day"))
    by_day = within.group_by("day").agg(pl.col("rate").max() / pl.col("rate").min())
    most = value_of(by_day, pl.col("rate").max())
    ends = rates.sort("rate")["until"]
    days = rates["day"].n_unique()
    return [
        Reading("calendar days that the table spans", days, days == 1, "days"),
        Reading(
            "slowest and fastest end on one day; spread of those within a day",
            most,
            ends[0] == ends[-1],
            "multiple",
        ),
    ]


def _points() -> list[Reading]:
    found = used()
    return [
        Reading("points used, last reading less first", found["points"]),
        Reading("level reached", found["level"]),
    ]


def _plan_sessions() -> list[Reading]:
    plan = value_of(facts("plans").filter(pl.col("plan") == "Max 20x"), pl.col("usd_a_month"))
    sessions = plan / case("session")["total_cost"].item()
    return [
        Reading("sessions that the plan's price covers at list", sessions),
        Reading("whole ones", int(sessions)),
    ]


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "five-fold": _multiple("Max 5x"),
    "twenty-fold": _multiple("Max 20x"),
    "session-window": _window("session", 1),
    "week-window": _window("week", _HOURS),
    "undisclosed": _undisclosed,
    "reads-undisclosed": _reads,
    "cost-display": _cost_display,
    "quota-community": _community,
    "quota-weight": _weight,
    "quota-classes": _classes,
    "burn-spread": _burn_spread,
    "burn-day": _burn_day,
    "points-used": _points,
    "plan-sessions": _plan_sessions,
}
