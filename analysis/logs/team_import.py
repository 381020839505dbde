"""Files that people handed over into the store of a team: all of them, or none."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from analysis.logs import frames, spool, team_merge, team_reading
from analysis.logs.files import (
    StoreError,
    check_name,
    digest,
    folder,
    is_team,
    locked,
    private,
    public,
    replace_whole,
    team_manifest,
)
from analysis.logs.manifest import write
from analysis.logs.sound import ArchiveError
from analysis.logs.team import VERSION, Part, Team, parts_of, read_team
from analysis.logs.team_given import listed


class Taken(NamedTuple):
    """What an import did: files it read, and left alone; requests that were not there; the team.

    Of the requests that were there `other` have other counts now, and `moved` are another
    person's; `claimed` have come, or were there, with the labels of several people.
    """

    files: int
    left: int
    new: int
    other: int
    moved: int
    claimed: int
    team: Team


def take_in(name: str, given: Sequence[Path]) -> Taken:
    """Take files that people handed over into a team, all of them or none.

    Parameters
    ----------
    name
        The team; it need not be there. No dataset of logs has this name.
    given
        Files that `archive --anonymous` wrote, and folders of such files.

    Raises
    ------
    ArchiveError
        When one of them is not sound; names each that is not, and why. Nothing was changed.
    StoreError
        When the name holds logs, or the team is damaged.
    """
    if check_name(name) == "sample" or public(name).exists() or private(name).exists():
        raise StoreError(f"NAME={name} holds logs: a team has a name of its own")
    paths, left = listed(given)
    there, changes = folder(name).exists(), team_merge.Changes()
    with locked(folder(name) / ".lock"):
        making = folder(name) / "team" / ".making"
        shutil.rmtree(making, ignore_errors=True)
        (making / "files").mkdir(parents=True)
        try:
            before = read_team(name) if is_team(name) else None
            rows = _read(paths, making / "files")
            team = _united(name, before, rows, making, changes)
        finally:
            shutil.rmtree(making, ignore_errors=True)
            if not there and not is_team(name):
                shutil.rmtree(folder(name), ignore_errors=True)
        _sweep(name, team)
    new = team.requests - (before.requests if before else 0)
    told = (new, changes.other, changes.moved, changes.claimed)
    return Taken(len(paths), left, *told, team)


def _read(paths: Sequence[Path], to: Path) -> int:
    """Check files and put their rows aside; return how many these are."""
    read = team_reading.read_all(paths, to)
    faults = [(path, one.fault) for path, one in zip(paths, read, strict=True) if one.fault]
    if faults:
        said = "".join(f"\n  {_shown(path)}: {fault}" for path, fault in faults)
        raise ArchiveError(
            f"{len(faults):,} of {len(paths):,} files do not fit, so none was taken in.{said}"
        )
    return sum(one.rows for one in read)


def _shown(path: Path) -> str:
    """Return a path as a terminal may show it: others chose the names of files."""
    return "".join(sign if sign.isprintable() else "?" for sign in str(path))


def _united(
    name: str, before: Team | None, rows: int, making: Path, changes: team_merge.Changes
) -> Team:
    """Write the parts of what was there and what came, and commit them."""

    def came() -> Iterator[pl.DataFrame]:
        for path in sorted((making / "files").iterdir()):
            yield from spool.frames(path)
            path.unlink()

    parts, days = {}, set[str]()
    merging = making / "merging"
    merging.mkdir()
    total = rows + (before.requests if before else 0)
    known = parts_of(name, before) if before else ()
    every = team_merge.united(came(), total, merging, known, changes)
    for number, part in enumerate(every, 1):
        file, said = _write(name, number, part)
        parts[file] = said
        days.update(part["hour"].dt.strftime("%Y-%m-%d").unique())
    team = Team(VERSION, parts, min(days), max(days))
    write(team_manifest(name), team)
    return team


def _write(name: str, number: int, rows: pl.DataFrame) -> tuple[str, Part]:
    made = io.BytesIO()
    rows.rechunk().write_parquet(made, **frames.FORMAT)
    said = Part(digest(made.getvalue()), len(rows), rows["person"].n_unique())
    file = f"part-{number:03d}-{said.digest[:8]}.parquet"
    replace_whole(folder(name) / "team" / file, made.getvalue(), 0o644)
    return file, said


def _sweep(name: str, team: Team) -> None:
    """Remove parts that are no longer of the team."""
    for path in (folder(name) / "team").iterdir():
        if path.name not in team.parts:
            path.unlink()
