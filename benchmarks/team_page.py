"""The end of `docs/team.md`: how far a team's store goes, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.paths import ROOT
from benchmarks.text import mib, seconds, table

if TYPE_CHECKING:
    from benchmarks.team_results import Row

PAGE = ROOT / "docs" / "team.md"

#: What the section begins with; all that follows is written by the benchmark.
TITLE = "## How far it goes"

#: A large company: what the results are carried to.
PEOPLE = 10_000

#: What a person works in a year: weeks without holidays, of five days.
DAYS = 44 * 5

_STEPS = {"import": "import", "sum": "all that the chapter shows"}


def section(rows: Sequence[Row]) -> str:
    """Return the section: what was measured, and what that means for a large team."""
    lead = (
        f"{TITLE}\n\n`python -m benchmarks.team --folder FOLDER` makes people who never were, "
        "imports their files and computes the chapter's numbers, each step in a process of its "
        "own, and writes this section. "
    )
    if not rows:
        return f"{lead}Nothing has been measured yet.\n"
    first, last = rows[0], rows[-1]
    measured = table(
        ["requests", "people", "most of one", "step", "wall", "most memory", "most disk"],
        (
            [
                f"{row.requests:,}",
                f"{row.people:,}",
                f"{row.largest:,}",
                _STEPS[row.step],
                seconds(row.seconds),
                mib(row.peak_mib),
                mib(row.disk_mib),
            ]
            for row in rows
        ),
    )
    grew = " and ".join(
        f"{_peak(rows, step, last.requests) / _peak(rows, step, first.requests):.2f} times the "
        f"memory ({_STEPS[step]})"
        for step in _STEPS
    )
    return "\n\n".join(
        [
            f"{lead}Measured on {last.cores} cores. Memory is the most that all processes of a "
            "step had together, where a page that two share counts twice; disk is the most of the "
            "team's folder, with what an import puts aside meanwhile.",
            measured,
            f"{last.requests / first.requests:.0f} times the requests take {grew}: what is in "
            "memory is a part of whole people and not the team, so it grows with the person who "
            "has most and with nobody else.",
            f"{_large(rows, last)}\n",
        ]
    )


def _peak(rows: Sequence[Row], step: str, requests: int) -> float:
    return next(row.peak_mib for row in rows if (row.step, row.requests) == (step, requests))


def _large(rows: Sequence[Row], last: Row) -> str:
    """Carry what the largest size took to a large team and a year."""
    wanted = PEOPLE * last.a_year
    times = wanted / last.requests
    took = {row.step: row for row in rows if row.requests == last.requests}
    hours = {step: row.seconds * times / 3600 for step, row in took.items()}
    return (
        f"**{PEOPLE:,} people for a year.** In the public logs that the tests use, a project has "
        f"{last.a_year / DAYS:.0f} requests on a day on which it has any; {DAYS} such days are "
        f"{last.a_year:,} requests a person-year, so {wanted / 1e6:,.0f} million in all, "
        f"{times:.1f} times the largest team above. Time and disk grow with the requests: "
        f"{hours['import']:.1f} hours to import everything at once, {hours['sum']:.1f} hours for "
        f"the chapter, {last.files_mib * times / 1024:.0f} GiB of files that people hand over, "
        f"{took['import'].disk_mib * times / 1024:.0f} GiB of disk while they are merged. Memory "
        "stays what it is where nobody has more requests than the most of one above. Extrapolated, "
        "not measured."
    )


def write(rows: Sequence[Row]) -> None:
    """Write the section in place of what the page has."""
    before = PAGE.read_text().partition(f"{TITLE}\n")[0]
    PAGE.write_text(before + section(rows))
