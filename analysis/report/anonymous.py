"""One person's requests for a team: without content, ids, names and exact times.

What needs true times or versions is computed here, on the machine that has them: whether an
output count is final, and what was written to the cache again and why.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from analysis import paths, schema
from analysis.logs import team_file
from analysis.logs.dataset import Logs
from analysis.logs.export import may_write, write_archive
from analysis.logs.files import PRIVATE, StoreError, private
from analysis.logs.identity import summed
from analysis.logs.manifest import read_manifest
from analysis.logs.merge import spelled
from analysis.logs.sound import refuse
from analysis.logs.store import read
from analysis.logs.team_labels import KeyFileError, Labels, read_key
from analysis.logs.team_merge import once
from analysis.logs.team_rules import broken
from analysis.measures.margin import is_final
from analysis.measures.rebuilds import rebuilt
from analysis.report.privacy import gate
from analysis.strings import whole


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
            f"{private(name)} is gone, so nobody can tell which names must stay out: load its logs "
            "again"
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
    if fault := broken(rows):
        refuse(target, f"what it would hold breaks a rule of a team ({fault})")
    data = team_file.encode(rows)
    _look_at(data, name)
    write_archive(target, data)
    days = rows.select(pl.col("hour").min().dt.date(), last=pl.col("hour").max().dt.date())
    first, last = (day.isoformat() for day in days.row(0))
    sessions = rows["session"].drop_nulls().n_unique()
    sums = summed(logs.copies).height
    return Handed(who, rows.height, sessions, first, last, len(data), sums)


def for_team(logs: Logs, labels: Labels, person: str, odd: Mapping[str, str]) -> pl.DataFrame:
    """Return a dataset's requests as the table `team`, in the order of their labels.

    Parameters
    ----------
    labels
        Makes the labels of requests and sessions.
    person
        The person's label.
    odd
        The ids that digests of the dataset are of, so that labels meet those of other machines.
    """
    priced = logs.priced()
    found = rebuilt(priced.with_columns(final=is_final(priced)), logs.events)
    public = pl.col("model").str.contains(whole("public model"))
    made = found.with_columns(
        pl.Series("request", labels.of("request", _requests(found, odd)), pl.String),
        _sessions(found["session"], labels, odd),
        person=pl.lit(person),
        model=pl.when(public | pl.col("model").is_null()).then("model").otherwise(pl.lit("other")),
        hour=pl.col("first_seen").dt.truncate("1h"),
    )
    return once(made.select(schema.dtypes("team").names()))


def _requests(found: pl.DataFrame, odd: Mapping[str, str]) -> list[object]:
    """Return what makes each a request, as `identity.key` has it."""
    said = found.select(
        "message_id",
        pl.col("session", "request_id").replace(odd),
        pl.col("first_seen").dt.strftime("%Y-%m-%dT%H:%M:%S.%6f"),
    )
    unique = said["message_id"].str.starts_with("msg_")
    return [row[0] if alone else row for row, alone in zip(said.iter_rows(), unique, strict=True)]


def _sessions(ids: pl.Series, labels: Labels, odd: Mapping[str, str]) -> pl.Series:
    known = ids.drop_nulls().unique()
    texts = [odd.get(each, each) for each in known]
    made = dict(zip(known, labels.of("session", texts), strict=True))
    return ids.replace_strict(made, return_dtype=pl.String)


def _look_at(data: bytes, name: str) -> None:
    """Let the gate look at a file before it lies where others may find it."""
    with tempfile.TemporaryDirectory(dir=paths.PRIVATE / name) as place:
        path = Path(place) / "team.parquet"
        path.touch(PRIVATE)
        path.write_bytes(data)
        gate(path.parent, name)


def _may_replace(target: Path) -> None:
    """Refuse a place where something else than such a file lies."""
    if os.path.lexists(target):
        try:
            for _ in team_file.decode(team_file.read_whole(target)):
                pass
        except team_file.UnsoundError:
            refuse(target, "something else lies there: name another file")
