"""Say what context files did in a published study."""

from __future__ import annotations

import polars as pl

from analysis.measures.context_files import SOLVED, effect, other_agents, tasks_needed
from analysis.measures.resample import LEVEL
from analysis.words.numbers import NARROW_SPACE, share
from analysis.words.sources import published

SOURCE = published("context-files")
PERCENT = f"{NARROW_SPACE}%"
_MEANS = pl.col("wide_points").is_not_null() & pl.col("cost_percent").is_not_null()


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


def percent(value: float) -> str:
    r"""Write a change in percent.

    Examples
    --------
    >>> percent(20), percent(-16.58)
    ('+20\u202f%', '−16.6\u202f%')
    """
    return f"{_signed(value)}{PERCENT}"


def effects_caption(frame: pl.DataFrame) -> str:
    """Caption success against cost."""
    means = frame.filter(_MEANS, pl.col("half") != "both")
    if means.is_empty():
        return "No effect with cost and success is published."
    written = means.filter(pl.col("written_by") == "model").sort("cost_percent")
    outside = (means["success_points"].abs() > means["narrow_points"]).sum()
    costs = " and ".join(percent(v) for v in written["cost_percent"])
    moved = " and ".join(points(v) for v in written["success_points"])
    return (
        f"Context files written by a model changed cost by {costs} and success by {moved}; "
        f"{outside or 'none'} of {means.height} mean changes of success, people's files included, "
        f"is beyond chance. Runs are taken as unpaired. Bars: {share(LEVEL, 0)} binomial "
        "intervals of two unpaired runs, thick if each agent's run stands for itself, thin if "
        "agents succeed at the same tasks. The share "
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
        f"{percent(r['cost_percent'])}, success {points(r['success_points'])}"
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
            "success": span(r["success_low_points"], r["success_high_points"], " points"),
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


def span(low: float | None, high: float | None, unit: str) -> str | None:
    """Write a range of changes; an end that is not known is open.

    Examples
    --------
    >>> span(1, 2, " points"), span(None, -2, " points"), span(None, None, " points")
    ('+1 to +2 points', '−2 points or less', None)
    """
    if low is None and high is None:
        return None
    if low is None:
        return f"{_signed(high or 0)}{unit} or less"
    if high is None:
        return f"over {_signed(low)}{unit}"
    return f"{_signed(low)}{unit}" if low == high else f"{_signed(low)} to {_signed(high)}{unit}"


def _cost(row: dict[str, float]) -> str | None:
    if row["with_usd"] is not None:
        dollars = f"${row['without_usd']:.2f} to ${row['with_usd']:.2f}"
        return f"{percent(round(row['cost_percent']))} ({dollars})"
    if row["cost_low_percent"] is None and row["cost_high_percent"] is not None:
        return f"up to {percent(row['cost_high_percent'])}"
    return span(row["cost_low_percent"], row["cost_high_percent"], PERCENT)


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
