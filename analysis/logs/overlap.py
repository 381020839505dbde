"""What of an archive a dataset does not have yet, log by log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

import polars as pl

from analysis.logs.identity import key
from analysis.logs.manifest import Log, Manifest, Rows

#: What makes two rows of two states of one log the same answer.
_SAME = ("message_id", "_session", "request_id", "origin", "first_seen")
_GROWS = ("lines", "output_tokens")  # and never shrinks, while a log is written


class Chosen(NamedTuple):
    """What is to be done.

    Logs that enter, by path; what enters as rows alone, since a log of that path says something
    else; logs of the dataset that go, since one that enters has all they say; and those whose
    path is taken, of which the rows stay.
    """

    files: dict[str, Log]
    kept: list[Rows]
    held: list[str]
    displaced: list[str]


def choose(
    manifest: Manifest,
    ours: pl.DataFrame,
    files: Mapping[str, Log],
    kept: Iterable[Rows],
    theirs: pl.DataFrame,
) -> Chosen:
    """Compare the logs of an archive with those of a dataset.

    Parameters
    ----------
    manifest, ours
        The dataset's, and its copies.
    files, kept, theirs
        The archive's logs by path, the rows that it keeps beside them, and its copies, with the
        digests of ids that the dataset has.

    Returns
    -------
    Chosen
        Nothing at all where the dataset has all that the archive has.
    """
    by_name = defaultdict(list)
    for path in manifest.files:
        by_name[PurePosixPath(path).name].append(path)
    known = {_content(log) for log in manifest.files.values()} - {None}
    new = {
        p: log
        for p, log in files.items()
        if _content(log) not in known and not _as_it_is(log, manifest.files.get(p))
    }
    pairs = [(p, q) for p in new for q in by_name[PurePosixPath(p).name]]
    later = _held(new, theirs, manifest.files, ours, pairs)
    earlier = _held(manifest.files, ours, new, theirs, [(q, p) for p, q in pairs])
    enter: dict[str, Log] = {}
    apart: list[Rows] = list(kept)
    held: list[str] = []
    displaced: list[str] = []
    for path, log in new.items():
        others = by_name[PurePosixPath(path).name]
        if any((path, other) in later for other in others):
            continue
        goes = [o for o in others if (o, path) in earlier and not manifest.files[o].here]
        there = manifest.files.get(path)
        if there is not None and path not in goes:
            if there.here or there.size >= log.size:
                apart.append(log.before())
                continue
            displaced.append(path)
        enter[path] = log
        held += goes
    stays = ours.filter(~pl.col("file").is_in([manifest.files[path].number for path in {*held}]))
    enters = theirs.filter(pl.col("file").is_in([log.number for log in enter.values()]))
    news = _says_more([rows.number for rows in apart], theirs, [stays, enters])
    return Chosen(enter, [r for r in apart if r.number in news], sorted({*held}), displaced)


def unheld(before: Collection[int], rows: pl.DataFrame, now: pl.DataFrame) -> set[int]:
    """Return the files of which an answer, as it was before, is not among those of now."""
    return _says_more(before, rows, [now])


def _content(log: Log) -> tuple[int, str] | None:
    """Return what tells a log wherever it lies; null for an empty one, and for one not read."""
    return (log.size, log.prefix) if log.size and log.prefix is not None else None


def _as_it_is(log: Log, there: Log | None) -> bool:
    """Whether a log of this path is known and this one says no more."""
    return there is not None and (
        log.prefix is None or (log.size, log.prefix) == (there.size, there.prefix)
    )


def _held(
    inner: Mapping[str, Log],
    rows: pl.DataFrame,
    outer: Mapping[str, Log],
    others: pl.DataFrame,
    pairs: Iterable[tuple[str, str]],
) -> set[tuple[str, str]]:
    """Return the pairs of logs of which the first is an earlier state of the second.

    One without an answer tells too little, unless both have one path.
    """
    likely = {
        (inner[one].number, outer[other].number): (one, other)
        for one, other in pairs
        if inner[one].size <= outer[other].size and (inner[one].requests or one == other)
    }
    if not likely:
        return set()
    numbers = pl.DataFrame([*likely], ["file", "other"], orient="row")
    numbers = numbers.cast(pl.Int32)
    had = numbers.join(_answers(rows), on="file")
    more = _answers(others).rename({"file": "other"})
    found = had.join(more, on=["other", *_SAME], how="left", nulls_equal=True, suffix="_more")
    lacking = found.filter(_lacking())
    return {likely[pair] for pair in {*likely} - {*lacking.select("file", "other").rows()}}


def _says_more(
    numbers: Collection[int], rows: pl.DataFrame, tables: list[pl.DataFrame]
) -> set[int]:
    """Return the files of which a row says more than any row of some tables."""
    mine = _answers(rows.filter(pl.col("file").is_in(list(numbers))))
    most = pl.concat(map(_answers, tables)).drop("file").group_by(_SAME).max()
    found = mine.join(most, on=_SAME, how="left", nulls_equal=True, suffix="_more")
    return {*found.filter(_lacking())["file"]}


def _answers(copies: pl.DataFrame) -> pl.DataFrame:
    """Return each copy's file, what makes it the same, and what grows."""
    message, session, *_ = key()
    return copies.select("file", message, session, *_SAME[2:], *_GROWS)


def _lacking() -> pl.Expr:
    """Return whether a row was not found, or has grown less where it was."""
    less = [pl.col(f"{c}_more").fill_null(-1) < pl.col(c).fill_null(-1) for c in _GROWS]
    return pl.col("lines_more").is_null() | pl.any_horizontal(less)
