"""What context files did to coding agents in a published study, and what its size lets it say.

Of arXiv 2602.11988 means over agents are published, from one run of each task, without
intervals. Success is in percentage points of tasks solved, cost in percent of that without a file.
"""

from __future__ import annotations

from statistics import NormalDist

import polars as pl

from analysis.facts import facts
from analysis.measures.resample import LEVEL

#: The share of tasks solved, assumed: it is published as bars alone, and a half is the widest.
SOLVED = 0.5
#: How far an interval reaches, in standard errors.
_REACH = NormalDist().inv_cdf((1 + LEVEL) / 2)
_POINTS = 100  # in one


def effects() -> pl.DataFrame:
    """Return the published effects of a file, and how far chance reaches.

    The reach is that of a difference of two binomial shares at `SOLVED`. It is not known how the
    runs with a file go with those without: a task that is solved once may be solved again, which
    narrows it, at the most to where every change of a task goes one way.

    Returns
    -------
    pl.DataFrame
        The rows of `facts/context-files.csv`, with `success_points` and `cost_percent` (the middle
        of what is published; null where nothing is) and three half-widths in points: `wide_points`
        (agents succeed at the same tasks), `narrow_points` (each run for itself),
        `paired_points` (every task that changes goes one way, agents alike). Null without tasks.

    Examples
    --------
    >>> rows = effects().filter(pl.col("effect") == "model-agentbench")
    >>> rows.select("success_points", pl.col("^(wide|narrow|paired)_points$").round(1)).row(0)
    (-2.0, 9.9, 5.0, 2.0)
    """
    spread = 2 * SOLVED * (1 - SOLVED)
    change = (pl.col("success_points") / _POINTS).abs()
    with_usd = _POINTS * (pl.col("with_usd") / pl.col("without_usd") - 1)
    return (
        facts("context-files")
        .with_columns(
            success_points=pl.mean_horizontal("success_low_points", "success_high_points"),
            cost_percent=pl.coalesce(
                pl.mean_horizontal("cost_low_percent", "cost_high_percent"), with_usd
            ),
        )
        .with_columns(
            wide_points=_reach(spread / pl.col("tasks")),
            narrow_points=_reach(spread / (pl.col("tasks") * pl.col("agents"))),
            paired_points=_reach((change - change**2) / pl.col("tasks")),
        )
    )


def _reach(variance: pl.Expr) -> pl.Expr:
    return _POINTS * _REACH * variance.sqrt()


def effect(name: str) -> dict[str, float]:
    """Return one row of `effects` by its name.

    Examples
    --------
    >>> effect("model-lite")["tasks"]
    300
    """
    return effects().row(by_predicate=pl.col("effect") == name, named=True)


def tasks_needed(points: float, agents: float = 1) -> float:
    """Return the tasks at which a change would lie outside the reach of unpaired runs.

    Examples
    --------
    >>> round(tasks_needed(2, agents=4))
    845
    """
    return 2 * SOLVED * (1 - SOLVED) * (_POINTS * _REACH / points) ** 2 / agents


def other_agents() -> float:
    """Return the least mean change, in points, of the two agents that have none published.

    People's files brought a published mean over four agents, of which two are known within
    bounds: what is left is the other two's.

    Examples
    --------
    >>> other_agents()
    8.0
    """
    whole = effect("people-agentbench")
    known = [effect(name)["success_high_points"] for name in ("people-sonnet", "people-gpt")]
    agents = whole["agents"]
    return (agents * whole["success_points"] - sum(known)) / (agents - len(known))


def studies() -> pl.DataFrame:
    """Return published studies that ran agents with and without such files, by day."""
    return facts("context-studies").sort("published_day")
