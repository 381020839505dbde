"""Say whether list price keeps up with worth, from an answer to a workflow."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.measures.resample import FEWEST
from analysis.measures.turns import WORKFLOW
from analysis.words.numbers import NARROW_SPACE, count, extent

VERDICTS = {
    "more": "rises more than",
    "less": "falls behind",
    "open": "may or may not keep up with",
}
_WHOLE = 25  # times: from here without decimals


def finding(frame: pl.DataFrame, beside: pl.DataFrame) -> str:
    """Say whether list price keeps up with the write-up's hours."""
    rows = {r["answer"]: r for r in beside.to_dicts()}
    if not rows:
        return too_few(frame)
    chat, logged = rows["chat"], rows["answer"]
    ends = f"{chat['worth_low']:.2g} to {chat['worth_high']:.2g}"
    meet = "; they meet" if chat["low"] <= chat["worth_high"] and keeps_up(chat) == "more" else ""
    return (
        f"List price {VERDICTS[keeps_up(chat)]} worth, from a short answer in a chat to a "
        f"workflow: {_times(chat)} ({_ends(chat)}) against {chat['worth']:.1f} by the write-up's "
        f"hours ({ends}). The first range is over assumed tokens and drawn turns, the second over "
        f"what *an hour or so* and *a few* can mean{meet}. Beside an answer inside a session, "
        f"which is not what the write-up means, a workflow costs {_times(logged)} as much "
        f"({_ends(logged)})."
    )


def too_few(frame: pl.DataFrame) -> str:
    """Say that turns are too few to compare."""
    turns = dict(frame.drop_nulls("turns").select("work", "turns").iter_rows())
    workflows, answers = turns.get("workflow", 0), turns.get("answer", 0)
    return (
        f"Too few turns to say whether list price keeps up with worth: {count(workflows, 'turn')} "
        f"of {WORKFLOW} requests or more and {answers:,} of one, where {FEWEST} of each, out of "
        f"{FEWEST} sessions, are the least."
    )


def keeps_up(row: dict[str, Any]) -> str:
    """Say whether a workflow is dearer by more than it is worth: more, less, or open."""
    if row["low"] > row["worth"]:
        return "more"
    return "less" if row["high"] < row["worth"] else "open"


def sensitive(found: pl.DataFrame) -> str:
    """Say how far the comparison inside sessions hangs on what is called a workflow.

    Parameters
    ----------
    found
        `measures.dearer.dearer`.
    """
    rows = found.drop_nulls("median_low").to_dicts()
    if not rows:
        return "These logs have too few turns to try other ideas of a workflow."
    parts = [
        f"of {r['least']:,} requests or more {_figure(r, 'median')} by medians and "
        f"{_figure(r, 'mean')} by means ({count(r['count'], 'turn')})"
        for r in rows
    ]
    by = _listed(list(dict.fromkeys(f"{r['drawn']}s" for r in rows)))
    return (
        "Inside sessions, how much dearer than an answer a workflow is hangs on what is called "
        f"one: a turn {'; '.join(parts)}. Brackets: 90{NARROW_SPACE}% intervals, {by} "
        "drawn."
    )


def ending(beside: pl.DataFrame, ratios: pl.DataFrame) -> str:
    """Say whether list price follows the write-up's hours, as an item of a list.

    Parameters
    ----------
    beside, ratios
        `measures.dearer.compared` and `dearer`.
    """
    rows = {r["answer"]: r for r in beside.to_dicts()}
    if not rows:
        ways = [value for name in ("median", "mean") for value in ratios[name].drop_nulls()]
        asked = (
            "List price rises with the length of a turn; whether it does with worth"
            if min(ways, default=0) > 1
            else "Whether list price rises with worth"
        )
        return (
            f"- {asked} these logs cannot say: they have too few turns of one request, or of "
            f"{WORKFLOW} and more ([](#fig-value-work))."
        )
    chat, logged = rows["chat"], rows["answer"]
    return (
        f"- By the write-up's own hours a workflow is worth {chat['worth']:.1f} times an answer. "
        f"At list price it costs {_times(chat)} a short answer in a chat ({_ends(chat)}), so list "
        f"price {VERDICTS[keeps_up(chat)]} that worth; and {_times(logged)} an answer inside a "
        f"session ({_ends(logged)}; [](#fig-value-work)). The proportion hangs first on what is "
        "called an answer, then on what is called a workflow."
    )


def _figure(row: dict[str, Any], name: str) -> str:
    return f"{row[name]:.1f} times ({row[f'{name}_low']:.1f} to {row[f'{name}_high']:.1f})"


def _times(row: dict[str, Any]) -> str:
    return f"{row['times']:.1f} times" if row["times"] < _WHOLE else f"{row['times']:.0f} times"


def _ends(row: dict[str, Any]) -> str:
    write = "{:.1f}".format if row["times"] < _WHOLE else "{:.0f}".format
    return extent([row["low"], row["high"]], write)


def _listed(parts: list[str]) -> str:
    """Join parts.

    >>> _listed(["a", "b", "c"]), _listed(["a"])
    ('a, b and c', 'a')
    """
    *head, last = parts
    return f"{', '.join(head)} and {last}" if head else last
