"""Say what was handed over to a team, and what a team took in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.measures.suppress import FEWEST
from analysis.words.numbers import count

if TYPE_CHECKING:
    from analysis.logs.team_import import Taken
    from analysis.report.anonymous import Handed

#: What stands in a file, and what does not, whatever the logs.
HOLDS = (
    "in it: per request a label, its session's, the hour, source, model, token counts, tier, and "
    "what was rebuilt and why",
    "not in it: prompts, answers, names, paths, projects, versions, ids, and times finer than the "
    "hour",
)


def exported(name: str, target: str, done: Handed, *, keyed: bool) -> str:
    """Say what one person's file has, and how they find themselves in the team."""
    much = f"{count(done.requests, 'request')} in {count(done.sessions, 'session')}"
    lines = [
        f"exported {name}: {much}, {done.first} to {done.last} UTC, "
        f"{done.size / 1e6:.2f} MB to {target} (mode 0600)",
        f"you are   {done.person}",
        *HOLDS,
    ]
    if done.sums:
        lines.append(
            f"left out: {count(done.sums, 'row')} of other reports, which are sums and no requests"
        )
    if not keyed:
        lines.append(
            "without --team-key the labels are of a key that is gone: of two such files nobody can "
            "tell that they are of one person, nor that a request is in both"
        )
    return "\n".join(lines)


def imported(name: str, done: Taken) -> str:
    """Say what files brought to a team."""
    files = count(done.files, "file")
    new = f"{count(done.new, 'request')} that {'was' if done.new == 1 else 'were'} not there"
    first = f"imported nothing into {name}: all of {files} {'is' if done.files == 1 else 'are'} "
    some = done.new or done.other or done.moved
    lines = [f"imported into {name}: {files}, {new}" if some else f"{first}there already"]
    if done.other:
        have = "has" if done.other == 1 else "have"
        lines.append(f"changed   {count(done.other, 'request')} that {have} other counts now")
    if done.moved:
        are = "is another person's" if done.moved == 1 else "are other people's"
        lines.append(f"moved     {count(done.moved, 'request')} that {are} now")
    if done.claimed:
        lines.append(
            f"claimed   {count(done.claimed, 'request')} with the labels of several people: each "
            "counts once, for whose copy speaks (docs/team.md)"
        )
    if done.left:
        lines.append(f"left alone: {count(done.left, 'file')} whose names do not end in .parquet")
    team = done.team
    people = f"{team.people:,} {'person' if team.people == 1 else 'people'}"
    lines.append(
        f"team      {name}: {people}, {count(team.requests, 'request')}, "
        f"{team.first} to {team.last} UTC"
    )
    if team.people < FEWEST:
        lines.append(f"a report shows nothing of it before there are {FEWEST} people")
    return "\n".join(lines)
