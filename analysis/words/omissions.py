"""Say what the text leaves out on context files, and what other studies found."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.carrying import DAY
from analysis.measures.context_files import effect, effects, studies
from analysis.words.context_files import PERCENT, percent, points, span
from analysis.words.sources import published

SOURCE = published("context-files", "context-studies", "wrappers")
STUDIES_SOURCE = published("context-studies")
STUDIES = {"tasks": "integer"}
_STUDY = "arXiv 2602.11988"  # the text's


def left_out() -> pl.DataFrame:
    """Return what the text says of the study beside what it leaves out."""
    lite, model, people = (
        effect(n) for n in ("model-lite", "model-agentbench", "people-agentbench")
    )
    intro, costs = effect("model-intro"), effects().drop_nulls("with_usd")["cost_percent"]
    sonnet = effect("people-sonnet")
    others = studies()
    study = others.row(by_predicate=pl.col("study") == _STUDY, named=True)
    earlier = others.filter(pl.col("published_day") < study["published_day"]).to_dicts()
    named = "; ".join(
        f"{r['study']} ran agents with and without such files on {r['tasks']} tasks, and "
        f"was out {(study['published_day'] - r['published_day']).days} days earlier; it measured "
        f"{r['cost_of']} ({percent(r['cost_low_percent'])}), not success"
        for r in earlier
    )
    omitted = facts("wrappers").filter(pl.col("left_out") == "yes").row(0, named=True)
    quoted = facts("wrappers").filter(pl.col("left_out") == "no").row(0, named=True)
    rows = [
        ("T7.1", f"{lite['tasks']} tasks", f"{model['tasks']} more, of AGENTbench: the half that "
         f"has people's files. {intro['tasks']} in all"),
        ("T7.9", "the first evaluation", named or "none earlier is known to us"),
        ("T7.2", "a model's files lower success", f"{points(lite['success_points'])} and "
         f"{points(model['success_points'])}; {intro['settings_worse']} of {intro['settings']} "
         "settings are worse. One run of each task; no significance is given"),
        ("T7.3", f"cost {percent(lite['cost_percent'])}", f"{percent(model['cost_percent'])} on "
         f"the other half; {span(round(min(costs)), round(max(costs)), PERCENT)} by agent"),
        ("T7.4", f"people's files {points(people['success_points'])}", "they cost up to "
         f"{percent(people['cost_high_percent'])} more"),
        ("T7.5", "no gain for Claude Code alone", f"one model, one run of {sonnet['tasks']} tasks: "
         f"{points(sonnet['success_high_points'])} or less, where chance reaches "
         f"±{sonnet['wide_points']:.1f}"),
        ("T7.2", "the same", "with the repositories' other documentation removed, a model's files "
         f"bring {points(effect('model-no-docs')['success_points'])}"),
        ("T7.8", f"“{quoted['words']}”", f"the same client ({omitted['version']}) puts "
         f"“{omitted['words']}” before the file; both are there {omitted['copies']} times, "
         "and both are in a message, not in the system prompt"),
    ]  # fmt: skip
    return pl.DataFrame(
        [(f"[](#claim-{c.lower().replace('.', '-')})", *rest) for c, *rest in rows],
        schema=dict.fromkeys(("claim", "the text", "left out"), pl.String),
        orient="row",
    )


def left_out_caption(frame: pl.DataFrame) -> str:
    """Caption what the text leaves out."""
    copies = facts("wrappers")["copies"]
    often = ", equally often" if copies.n_unique() == 1 else ""
    return (
        f"The text tells one half of the study, and one half of what the client says: "
        f"{frame.height} omissions. Of the sentence that it quotes the client has the opposite as "
        f"well{often}. Each claim's verdict is in [](#17-scorecard)."
    )


def studies_table() -> pl.DataFrame:
    """Return the studies, with their changes in words."""
    rows = [
        {
            "study": r["study"],
            "day": r["published_day"],
            "file by": r["written_by"],
            "tasks": r["tasks"],
            "success": span(r["success_low_points"], r["success_high_points"], " points"),
            "cost": _other_cost(r),
            "note": r["found"],
        }
        for r in studies().to_dicts()
    ]
    kinds = dict.fromkeys(
        ("study", "day", "file by", "tasks", "success", "cost", "note"), pl.String
    )
    return pl.DataFrame(rows, schema=kinds | {"tasks": pl.Int64, "day": pl.Date})


def _other_cost(row: dict[str, float | str]) -> str | None:
    low, high = row["cost_low_percent"], row["cost_high_percent"]
    if high is None:
        return None
    if low is None:
        return f"up to {percent(float(high))} of {row['cost_of']}"
    return f"{percent(float(low))} of {row['cost_of']}"


def studies_caption() -> str:
    """Caption the studies."""
    found = studies()
    after = found.filter(pl.col("published_day") > DAY).height
    tested = found.filter(pl.col("measured_success") == "yes").height
    lows, highs = (
        found["success_low_points"].drop_nulls(),
        found["success_high_points"].drop_nulls(),
    )
    agree = "" if (lows > 0).all() or (highs < 0).all() else ", and they do not agree"
    return (
        f"{found.height} studies ran agents with and without such files, {after} of them after "
        f"the text; {tested} measured success{agree}. Success in points of tasks "
        "solved, as each study has it; of those that are summed up by others we read the summary "
        "alone. They differ in agents, tasks and files, so that they are not averaged here."
    )
