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
    ends = {step: _ends(rows, step) for step in _STEPS}
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
    grew = "; ".join(
        f"{_STEPS[step]}: {last.requests / first.requests:.0f} times the requests in "
        f"{last.peak_mib / first.peak_mib:.2f} times the memory"
        for step, (first, last) in ends.items()
    )
    return "\n\n".join(
        [
            f"{lead}Measured on {rows[0].cores} cores, which other work may have shared. Memory is "
            "the most that all processes of a step had together, where a page of two counts "
            "twice; disk is the most of the team's folder, with what an import puts aside.",
            measured,
            f"From the smallest team to the largest, {grew}. What is in memory is a part of whole "
            "people and not the team: it grows with the person who has most, and with nobody else.",
            f"{_large(*(last for _, last in ends.values()))}\n",
        ]
    )


def _ends(rows: Sequence[Row], step: str) -> tuple[Row, Row]:
    """Return the smallest and the largest team on which a step was measured."""
    found = sorted((row for row in rows if row.step == step), key=lambda row: row.requests)
    return found[0], found[-1]


def _large(imported: Row, summed: Row) -> str:
    """Carry what the largest team took to more people and a year."""
    wanted = PEOPLE * imported.a_year
    times = wanted / imported.requests
    hours = [row.seconds * wanted / row.requests / 3600 for row in (imported, summed)]
    disk = ""
    if imported.disk_mib is not None:
        disk = f", {imported.disk_mib * times / 1024:.0f} GiB of disk while they are merged"
    return (
        f"**{PEOPLE:,} people for a year.** In the public logs that the tests use, a project has "
        f"{imported.a_year / DAYS:.0f} requests on a day on which it has any; {DAYS} such days are "
        f"{imported.a_year:,} requests a person-year, so {wanted / 1e6:,.0f} million in all, "
        f"{times:.1f} times the largest team above. Time and disk grow with the requests: "
        f"{hours[0]:.1f} hours to import everything at once, {hours[1]:.1f} hours for the chapter, "
        f"{imported.files_mib * times / 1024:.0f} GiB of files that people hand over{disk}. Memory "
        "stays what it is where nobody has more requests than the most of one above. Extrapolated, "
        "not measured."
    )


def write(rows: Sequence[Row]) -> None:
    """Write the section in place of what the page has."""
    before = PAGE.read_text().partition(f"{TITLE}\n")[0]
    PAGE.write_text(f"{before.rstrip()}\n\n{section(rows)}")
