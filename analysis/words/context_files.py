"""Say what context files did in a published study, and what the text leaves out of it."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.context_files import (
    SOLVED,
    effect,
    effects,
    other_agents,
    studies,
    tasks_needed,
)
from analysis.measures.resample import LEVEL
from analysis.words.numbers import NARROW_SPACE, share
from analysis.words.sources import published

SOURCE = published("context-files")
STUDIES_SOURCE = published("context-studies")
LEFT_OUT_SOURCE = published("context-files", "context-studies", "wrappers")
STUDIES = {"tasks": "integer"}
_MEANS = pl.col("wide_points").is_not_null() & pl.col("cost_percent").is_not_null()
_STUDY = "arXiv 2602.11988"  # the text's


def points(value: float) -> str:
    r"""Write a change in percentage points.

    Examples
    --------
    >>> points(-2.0), points(4.0), points(-0.5)
    ('−2 points', '+4 points', '−0.5 points')
    """
    return f"{_signed(value)} points"


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'}{abs(value):.3g}"


def _percent(value: float) -> str:
    return f"{_signed(value)}{NARROW_SPACE}%"


def effects_caption(frame: pl.DataFrame) -> str:
    """Caption success against cost."""
    means = frame.filter(_MEANS, pl.col("half") != "both")
    if means.is_empty():
        return "No effect with cost and success is published."
    written = means.filter(pl.col("written_by") == "model").sort("cost_percent")
    outside = (means["success_points"].abs() > means["narrow_points"]).sum()
    costs = " and ".join(_percent(v) for v in written["cost_percent"])
    moved = " and ".join(points(v) for v in written["success_points"])
    return (
        f"Files written by a model raised cost by {costs} and moved success by {moved}; "
        f"{outside or 'none'} of {means.height} mean changes, people's files with them, lies outside "
        f"what chance does in one run of so few tasks. Bars: {share(LEVEL, 0)} binomial intervals of two unpaired runs, thick if "
        "each agent's run stands for itself, thin if agents succeed at the same tasks. The share "
        f"of tasks solved, published as bars alone, is assumed to be {share(SOLVED, 0)}, where the "
        "intervals are widest. How runs with and without a file go together is not known: if "
        "nearly every task has the same outcome in both, the intervals are narrower, at best as "
        "[](#tab-context-files-effects) says. Arrows: at most so much. Shaded: only one of the two "
        "is published."
    )


def effects_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the plane of success and cost."""
    means = frame.filter(_MEANS, pl.col("half") != "both").to_dicts()
    listed = "; ".join(
        f"by {'a model' if r['written_by'] == 'model' else 'people'}, {r['half']}: cost "
        f"{_percent(r['cost_percent'])}, success {points(r['success_points'])}"
        for r in means
    )
    return (
        "A plane with change of cost across and of success up; squares for a model's files, "
        f"discs for people's. {listed or 'Empty'}. Strips at the left and below for what has "
        "only one of the two."
    )


def effects_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the effects as a table: who wrote the file, where, both changes, the reaches."""
    rows = [
        {
            "file by": r["written_by"],
            "tasks": f"{r['tasks']:,} {_half(r['half'])}" if r["tasks"] else "not said",
            "agent": r["agent"] or f"mean of {r['agents']}",
            "success": _range(r["success_low_points"], r["success_high_points"], " points"),
            "cost": _cost(r),
            "unpaired": _reach(r["narrow_points"], r["wide_points"]),
            "paired at best": _reach(r["paired_points"]),
        }
        for r in frame.to_dicts()
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String))


COLUMNS = ("file by", "tasks", "agent", "success", "cost", "unpaired", "paired at best")


def _half(name: str) -> str:
    return "of both" if name == "both" else f"of {name}"


def _range(low: float | None, high: float | None, unit: str) -> str | None:
    if low is None and high is None:
        return None
    if low is None:
        return f"{_signed(high or 0)}{unit} or less"
    if high is None:
        return f"over {_signed(low)}{unit}"
    return f"{_signed(low)}{unit}" if low == high else f"{_signed(low)} to {_signed(high)}{unit}"


def _cost(row: dict[str, float]) -> str | None:
    unit = f"{NARROW_SPACE}%"
    if row["with_usd"] is not None:
        return f"{_percent(round(row['cost_percent']))} (${row['without_usd']:.2f} to ${row['with_usd']:.2f})"
    if row["cost_low_percent"] is None and row["cost_high_percent"] is not None:
        return f"up to {_percent(row['cost_high_percent'])}"
    return _range(row["cost_low_percent"], row["cost_high_percent"], unit)


def _reach(*values: float | None) -> str | None:
    known = [f"{value:.1f}" for value in values if value is not None]
    return f"±{' to '.join(dict.fromkeys(known))}" if known else None


def table_caption(frame: pl.DataFrame) -> str:
    """Caption the table of effects."""
    people, model = effect("people-agentbench"), effect("model-agentbench")
    intro = effect("model-intro")
    need = tasks_needed(model["success_points"], model["agents"])
    return (
        f"People's files brought {points(people['success_points'])} in the mean of four agents, "
        f"but {points(effect('people-sonnet')['success_high_points'])} or less with Sonnet 4.5 and "
        f"at most {points(effect('people-gpt')['success_high_points'])} with GPT-5.2: the two "
        f"smaller models must have gained {other_agents():.0f} points or more on average. "
        f"Unpaired, paired at best: half-widths of {share(LEVEL, 0)} intervals, in points. To tell "
        f"a change of {abs(model['success_points']):.3g} points from nothing in unpaired runs of "
        f"four agents would take some {need:,.0f} tasks. The paper's introduction has "
        f"{points(intro['success_points'])} on average, which its two halves "
        f"({points(effect('model-lite')['success_points'])} and "
        f"{points(model['success_points'])}) do not give: both stand. Which half the costs by "
        "agent belong to is not said where we read them."
    )


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
        f"{r['cost_of']} ({_percent(r['cost_low_percent'])}), not success"
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
        ("T7.3", f"cost {_percent(lite['cost_percent'])}", f"{_percent(model['cost_percent'])} on "
         f"the other half; {_percent(round(min(costs)))} to {_percent(round(max(costs)))} by agent"),
        ("T7.4", f"people's files {points(people['success_points'])}", "they cost up to "
         f"{_percent(people['cost_high_percent'])} more"),
        ("T7.5", "no gain for Claude Code alone", f"one model, one run of {sonnet['tasks']} tasks: "
         f"{points(sonnet['success_high_points'])} or less, where chance reaches "
         f"±{sonnet['wide_points']:.1f}"),
        ("T7.2", "", "with the repositories' other documentation removed, a model's files bring "
         f"{points(effect('model-no-docs')['success_points'])}"),
        ("T7.8", f"“{quoted['words']}”", f"the same client ({omitted['version']}) puts "
         f"“{omitted['words']}” before the file; both strings are there {omitted['copies']} times, "
         "and both are in a message, not in the system prompt"),
    ]  # fmt: skip
    return pl.DataFrame(
        [(f"[](#claim-{c.lower().replace('.', '-')})", *rest) for c, *rest in rows],
        schema=dict.fromkeys(("claim", "the text", "left out"), pl.String),
        orient="row",
    )


def left_out_caption(frame: pl.DataFrame) -> str:
    """Caption what the text leaves out."""
    same = " as often" if facts("wrappers")["copies"].n_unique() == 1 else ""
    return (
        f"The text tells one half of the study, and one half of what the client says: "
        f"{frame.height} omissions. The instruction that it quotes stands{same} beside its "
        "opposite. Each claim's verdict is in [](#17-scorecard)."
    )


def studies_table() -> pl.DataFrame:
    """Return the studies, with their changes in words."""
    rows = [
        {
            "study": r["study"],
            "day": str(r["published_day"]),
            "file by": r["written_by"],
            "tasks": r["tasks"],
            "success": _range(r["success_low_points"], r["success_high_points"], " points"),
            "cost": _other_cost(r),
            "note": r["found"],
        }
        for r in studies().to_dicts()
    ]
    kinds = dict.fromkeys(("study", "day", "file by", "tasks", "success", "cost", "note"), pl.String)
    return pl.DataFrame(rows, schema=kinds | {"tasks": pl.Int64})


def _other_cost(row: dict[str, float | str]) -> str | None:
    low, high = row["cost_low_percent"], row["cost_high_percent"]
    if high is None:
        return None
    if low is None:
        return f"up to {_percent(float(high))} of {row['cost_of']}"
    return f"{_percent(float(low))} of {row['cost_of']}"


def studies_caption() -> str:
    """Caption the studies."""
    found = studies()
    after = found.filter(pl.col("published_day") > pl.date(2026, 3, 25)).height
    tested = found.filter(pl.col("measured_success") == "yes").height
    return (
        f"{found.height} studies ran agents with and without such files, {after} of them after "
        f"the text; {tested} measured success, and they do not agree. Success in points of tasks "
        "solved, as each study has it; of those that are summed up by others we read the summary "
        "alone. They differ in agents, tasks and files, so that they are not averaged here."
    )
