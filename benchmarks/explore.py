"""Time what the workbench draws when a picker changes, beside pandas and seaborn.

`python -m benchmarks.explore` makes a million synthetic requests in memory, with every rebuild
found, and then draws each view of another project: rows filtered, summed, drawn and encoded. The
rival has the same rows as a pandas frame and does the same with `groupby` and seaborn, to a PNG
as a notebook shows it, or to a table of HTML. Rounds alternate. It prints and keeps nothing.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any

import matplotlib.pyplot as plt
import seaborn as sns

from analysis.explore import compare, ledger, otherwise, overview, plans, sessions
from analysis.explore.choices import Choices
from analysis.explore.data import Data
from analysis.explore.view import View
from analysis.report.figures import use_theme
from benchmarks.measures import make
from benchmarks.text import table

REQUESTS = 1_000_000
ROUNDS = 5

#: Milliseconds that a view may take, drawn and encoded.
AT_MOST = 1_000

PARTS = ["read_nano", "write_5m_nano", "input_nano", "output_nano"]
SHOWN = sessions.MOST

Frame = Any
Rival = Callable[[Frame], object]


def days(frame: Frame) -> object:
    """Dollars by day and token class, as stacked bars."""
    day = frame["first_seen"].dt.floor("D").rename("day")
    sums = frame.groupby(day)[PARTS].sum().reset_index()
    long = sums.melt("day", var_name="class", value_name="nano")
    return sns.histplot(long, x="day", weights="nano", hue="class", multiple="stack", bins=70)


def hours(frame: Frame) -> object:
    """Dollars by the hours of a week, as a heat map."""
    at = frame["first_seen"].dt
    sums = frame.groupby([at.day_of_week.rename("weekday"), at.hour.rename("hour")])[
        "total_nano"
    ].sum()
    return sns.heatmap(sums.unstack())


def listed(frame: Frame) -> object:
    """List sessions, the dearest first."""
    sums = frame.groupby("session").agg(
        project=("project", "first"),
        begins=("first_seen", "min"),
        ends=("first_seen", "max"),
        requests=("message_id", "size"),
        longest=("context_tokens", "max"),
        rebuilt=("rebuilt_tokens", "sum"),
        premium=("premium_nano", "sum"),
        total=("total_nano", "sum"),
    )
    return sums.sort_values("total", ascending=False).head(SHOWN).to_html()


def course(frame: Frame) -> object:
    """Draw the prompt along the dearest session, with rebuilds, above its dollars."""
    totals = frame.groupby("session")["total_nano"].sum()
    own = frame[frame["session"] == totals.idxmax()].sort_values("first_seen").reset_index()
    _, (upper, lower) = plt.subplots(2, 1)
    sns.lineplot(x=own.index, y=own["context_tokens"], ax=upper)
    again = own[own["rebuilt_tokens"] > 0]
    sns.scatterplot(x=again.index, y=again["context_tokens"], hue=again["cause"], ax=upper)
    return sns.lineplot(x=own.index, y=own["total_nano"].cumsum(), ax=lower)


def causes(frame: Frame) -> object:
    """Draw what rebuilds cost by cause."""
    sums = frame.groupby("cause")["premium_nano"].sum().sort_values().reset_index()
    return sns.barplot(sums, x="premium_nano", y="cause")


def rebuilds(frame: Frame) -> object:
    """List rebuilds, the dearest first."""
    again = frame[frame["cause"].notna()].sort_values("premium_nano", ascending=False)
    shown = ["first_seen", "project", "model", "cause", "rebuilt_tokens", "premium_nano"]
    return again[shown].head(SHOWN).to_html()


def cut_short(data: Data, choices: Choices) -> View:
    """Cut sessions short, where every length is tried for the cheapest."""
    return otherwise.otherwise(data, choices, length=50)


#: Each view and what the rival does for it; for the last, which are models, it has nothing.
VIEWS: dict[Callable[..., View], Rival | None] = {
    overview.by_day: days,
    overview.by_hour: hours,
    sessions.listed: listed,
    sessions.course: course,
    ledger.causes: causes,
    ledger.rebuilds: rebuilds,
    otherwise.otherwise: None,
    cut_short: None,
    plans.plans: None,
    compare.compare: None,
}


@dataclass(frozen=True)
class Took:
    """Milliseconds of one drawing: by the clock, and of all threads on a core."""

    wall: float
    cpu: float


def took(work: Callable[[], object]) -> Took:
    """Do it once, timed."""
    wall, cpu = perf_counter(), process_time()
    work()
    return Took(1e3 * (perf_counter() - wall), 1e3 * (process_time() - cpu))


def ours(data: Data, view: Callable[..., View], project: str) -> None:
    """Draw a view of a project that nobody has asked for."""
    data.forget()
    found = view(data, Choices(project=project))
    found.outputs()
    if found.draw is None:
        found.written()


def theirs(rows: Frame, rival: Rival, project: str) -> None:
    """Draw the rival's view of a project."""
    drawn = rival(rows[rows["project"] == project])
    if not isinstance(drawn, str):
        plt.gcf().savefig(io.BytesIO(), format="png")
        plt.close("all")


def one_round(data: Data, rows: Frame, project: str) -> list[tuple[Took, Took | None]]:
    """Time every view, ours and the rival's."""
    return [
        (
            took(lambda view=view: ours(data, view, project)),  # type: ignore[misc]
            took(lambda do=rival: theirs(rows, do, project)) if rival else None,  # type: ignore[misc]
        )
        for view, rival in VIEWS.items()
    ]


def middle(times: Sequence[Took]) -> Took:
    """Return the medians of several times.

    >>> middle([Took(1, 5), Took(2, 6), Took(9, 1)])
    Took(wall=2, cpu=5)
    """
    return Took(median(t.wall for t in times), median(t.cpu for t in times))


def report(times: Sequence[tuple[Took, Took | None]]) -> str:
    """Say what each view took, and whether each is as fast as asked.

    Examples
    --------
    >>> print(report([(Took(250, 240), Took(500, 480))] * len(VIEWS)).splitlines()[-1])
    slowest 250 ms, at most 1,000 asked: met
    """
    rows = [
        [
            view.__name__,
            *_ms(mine),
            *_ms(other),
            f"{mine.cpu / other.cpu:.2f}" if other else "",
        ]
        for view, (mine, other) in zip(VIEWS, times, strict=True)
    ]
    slowest = max(mine.wall for mine, _ in times)
    said = "met" if slowest <= AT_MOST else "missed"
    rival = "pandas and seaborn, ms"
    heads = ["view", "ours, ms", "cpu", rival, "cpu", "ours over theirs, cpu"]
    return f"{table(heads, rows)}\n\nslowest {slowest:,.0f} ms, at most {AT_MOST:,} asked: {said}"


def _ms(of: Took | None) -> list[str]:
    return [f"{of.wall:,.0f}", f"{of.cpu:,.0f}"] if of else ["", ""]


def main(words: list[str] | None = None) -> int:
    """Time every view, print medians over rounds, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.explore", description=__doc__)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args(words)
    use_theme()
    logs = make(given.requests)
    begun = perf_counter()
    data = Data.of(logs)
    once = perf_counter() - begun
    rows = data.rows.to_pandas()
    ours(data, overview.by_day, data.projects[0])  # fonts are looked for once
    rounds = [one_round(data, rows, data.projects[n % 3]) for n in range(given.rounds)]
    begun = perf_counter()
    data.at("2026-03-01")
    again = perf_counter() - begun
    print(
        f"{data.rows.height:,} requests, {os.cpu_count()} cores, medians of {given.rounds} rounds"
    )
    print(
        f"once, priced and with every rebuild: {once:.1f} s; at another day's prices: {again:.1f} s"
    )
    print()
    medians = [
        (
            middle([r[n][0] for r in rounds]),
            middle([t for r in rounds if (t := r[n][1])]) if rival else None,
        )
        for n, rival in enumerate(VIEWS.values())
    ]
    print(report(medians))
    return 0


if __name__ == "__main__":
    sys.exit(main())
