"""Checks of what is claimed of context files: published, and from your logs."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading, value_of
from analysis.facts import facts
from analysis.measures.context_files import effect, effects, studies
from analysis.measures.rebuilds import rebuilt
from analysis.measures.resample import LEVEL
from analysis.measures.spend import parted
from analysis.measures.standing import filed
from analysis.schema import dtypes

_STUDY = "arXiv 2602.11988"
_HALVES = ("model-lite", "model-agentbench")
_BREAK = 5  # minutes: from where a written prompt may have expired
_MOST = 0.5  # of requests


def _tasks() -> list[Reading]:
    lite, other = (effect(name)["tasks"] for name in _HALVES)
    return [
        Reading("tasks of both halves", lite + other),
        Reading("tasks of SWE-bench Lite, the half without people's files", lite),
    ]


def _first() -> list[Reading]:
    """Count earlier studies that ran agents with and without such files."""
    rows = studies()
    day = rows.row(by_predicate=pl.col("study") == _STUDY, named=True)["published_day"]
    before = rows.filter(pl.col("published_day") < day)
    success = before.filter(pl.col("measured_success") == "yes").height
    return [
        Reading(
            "earlier studies that ran agents with and without", before.height, not before.height
        ),
        Reading("of them, those that measured success", success, success == 0),
    ]


def _lowers() -> list[Reading]:
    """Look at what chance does, and then at the sign of what is published."""
    halves = [effect(name) for name in _HALVES]
    highest = max(half["success_points"] for half in halves)
    worse = effect("model-intro")
    part = 100 * worse["settings_worse"] / worse["settings"]
    far = min(abs(half["success_points"]) / half["narrow_points"] for half in halves)
    surely = f"least change over the reach of chance in one unpaired run each, {LEVEL:.0%}"
    return [
        Reading(surely.replace("%", " %"), far, far > 1, "multiple"),
        Reading(
            "higher of the two mean changes of success, in points", highest, highest < 0, "points"
        ),
        Reading("of settings that were tried, worse with the file", part, part > 50, "percent"),
    ]


def _dearer() -> list[Reading]:
    by_agent = effects().drop_nulls("with_usd")
    lite, other = (effect(name)["cost_percent"] for name in _HALVES)
    return [
        Reading("mean over agents of cost with a file over that without, less one",
                value_of(by_agent, pl.col("cost_percent").mean())),
        Reading("as published for SWE-bench Lite", lite),
        Reading("as published for AGENTbench", other),
    ]  # fmt: skip


def _every_turn() -> list[Reading]:
    """Ask how many messages can read a file at all: the first, and one after a break, write."""
    messages = facts("examples")["messages"].item()
    gaps = facts("gaps")
    soon = pl.col("from_minutes") < _BREAK
    read = value_of(gaps, pl.col("requests").filter(soon).sum() / pl.col("requests").sum())
    example = 100 * (messages - 1) / messages
    return [
        Reading("of the text's own messages, all but the first", example, example == 100,
                "percent"),
        Reading("of #17084's messages, without a break of 5 minutes before them: not all of them",
                100 * read, read == 1, "percent"),
        Reading("the same: most of them", 100 * read, read > _MOST, "percent"),
    ]  # fmt: skip


def _own_every_turn(priced: pl.DataFrame, policy: str) -> list[Reading]:
    none = pl.DataFrame(schema=dtypes("events"))
    size = facts("examples")["file_tokens"].item()
    found = filed(parted(rebuilt(priced, none)), size)
    if not found.height:
        return []
    share = value_of(found, pl.col("covers").mean())
    return [Reading("of requests, read their whole standing prefix", 100 * share, unit="percent")]


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "study-tasks": _tasks,
    "first-study": _first,
    "files-lower": _lowers,
    "files-cost": _dearer,
    "every-turn": _every_turn,
}

YOURS: dict[str, Callable[[pl.DataFrame, str], list[Reading]]] = {
    "every-turn": _own_every_turn,
}
