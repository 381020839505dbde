"""One person's requests to a file for a team, once the gate has looked at it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import NamedTuple

import polars as pl

from analysis import paths
from analysis.logs import team_file
from analysis.logs.export import may_write, write_archive
from analysis.logs.files import PRIVATE, StoreError, private
from analysis.logs.identity import summed
from analysis.logs.manifest import read_manifest
from analysis.logs.merge import spelled
from analysis.logs.sound import refuse
from analysis.logs.store import read
from analysis.logs.team_footer import UnsoundError
from analysis.logs.team_labels import KeyFileError, Labels, read_key
from analysis.logs.team_rules import broken, newest
from analysis.measures.handed import for_team
from analysis.report.privacy import gate


class Handed(NamedTuple):
    """What was written: for whom, how much, from which day to which, and what was left out."""

    person: str
    requests: int
    sessions: int
    first: str
    last: str
    size: int
    sums: int


def export_anonymous(name: str, target: Path, key: Path | None = None, person: str = "") -> Handed:
    """Write a dataset's requests to one file for a team, which may be shown to all of it.

    Parameters
    ----------
    name
        The dataset.
    target
        The file. One that this has written is replaced, and nothing else is.
    key
        The file of the team's key; without, labels are made with a key that is thrown away, so
        that nobody can tell the same request, session or person in two files.
    person
        The name that the person's label is made of; wanted with a key.

    Raises
    ------
    StoreError
        When there is no such dataset, or it has no requests.
    KeyFileError
        When the key cannot be used.
    ArchiveError
        When the file cannot be written there.
    PrivacyError
        When it would hold anything that tells of the logs. Nothing was written.
    """
    logs, manifest = read(name), read_manifest(name)
    if manifest is None:
        raise StoreError(
            f"{private(name)} is gone, which says what must not be handed over: load its logs again"
        )
    if key is not None and not person.strip():
        raise KeyFileError("say who you are with --person NAME: only a label of it is written")
    labels = Labels(read_key(key) if key else None)
    may_write(target, manifest)
    _may_replace(target)
    who = labels.person(person if key else "")
    rows = for_team(logs, labels, who, spelled(manifest))
    if rows.is_empty():
        raise StoreError(f"dataset {name!r} has no single requests, which is what a team is handed")
    if fault := broken(rows, latest=newest()):
        refuse(target, f"what it would hold breaks a rule of a team ({fault})")
    data = team_file.encode(rows)
    _look_at(data, name)
    write_archive(target, data)
    days = rows.select(pl.col("hour").min().dt.date(), last=pl.col("hour").max().dt.date())
    first, last = (day.isoformat() for day in days.row(0))
    sessions = rows["session"].drop_nulls().n_unique()
    sums = summed(logs.copies).height
    return Handed(who, rows.height, sessions, first, last, len(data), sums)


def _look_at(data: bytes, name: str) -> None:
    """Let the gate look at a file before it lies where others may find it."""
    with tempfile.TemporaryDirectory(dir=paths.PRIVATE / name) as place:
        path = Path(place) / "team.parquet"
        path.touch(PRIVATE)
        path.write_bytes(data)
        gate(path.parent, name, what="the file for a team")


def _may_replace(target: Path) -> None:
    """Refuse a place where something else than such a file lies."""
    if os.path.lexists(target):
        try:
            for _ in team_file.decode(team_file.read_whole(target)):
                pass
        except UnsoundError:
            refuse(target, "something else lies there: name another file")
