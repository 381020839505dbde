"""Rows of many files to each request once, and to parts of whole people, in little memory.

Rows go to files by a hash of their request, so that all copies of one meet; what is left of each
goes to files by people in order; those are cut into parts. What comes out depends on the rows
alone: not on their order, nor on the files that they came in.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from analysis.logs import spool
from analysis.logs.sound import ArchiveError
from analysis.logs.team_footer import MOST_ROWS

#: Rows that are in memory at once: of a chunk, of what a hash puts together, and of a part.
ROWS = 2**18


def once(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep each request once, in the order of their labels: the copy with most output speaks.

    Among several with as much the last of all columns in turn does, whatever their order was.

    Examples
    --------
    >>> rows = pl.DataFrame({"request": ["r-2", "r-1", "r-2"], "output_tokens": [7, None, 9]})
    >>> once(rows).rows()
    [('r-1', None), ('r-2', 9)]
    """
    several = rows["request"].is_duplicated()
    others = [name for name in rows.columns if name not in ("request", "output_tokens")]
    ranked = rows.filter(several).sort("output_tokens", *others, descending=True, nulls_last=True)
    spoken = ranked.unique("request", keep="first", maintain_order=True)
    return pl.concat([rows.filter(~several), spoken]).sort("request")


class Changes:
    """What an import changes beside what it adds, in requests.

    `other` have other counts now, `moved` are another person's now, and `claimed` came, or were
    there, with the labels of several people.
    """

    def __init__(self) -> None:
        self.other = self.moved = self.claimed = 0

    def add(self, copies: pl.DataFrame, kept: pl.DataFrame) -> None:
        """Compare copies, of which `_known` were there before, with those that speak.

        Examples
        --------
        >>> rows = {"person": ["p-1", "p-2"], "request": ["r-1", "r-1"], "output_tokens": [7, 9]}
        >>> copies, changes = pl.DataFrame(rows | {"_known": [True, False]}), Changes()
        >>> changes.add(copies, once(copies.drop("_known")))
        >>> changes.other, changes.moved, changes.claimed
        (0, 1, 1)
        """
        several = copies.filter(copies["request"].is_duplicated())
        if several.is_empty():
            return
        people = several.group_by("request").agg(pl.col("person").n_unique())["person"]
        self.claimed += int((people > 1).sum())
        known = several.filter("_known").drop("_known")
        gone = known.join(kept, on=known.columns, how="anti", nulls_equal=True)
        same = gone.join(kept, on=["request", "person"], how="semi").height
        self.other += same
        self.moved += gone.height - same


def united(
    came: Iterator[pl.DataFrame],
    total: int,
    place: Path,
    known: Iterable[pl.DataFrame] = (),
    changes: Changes | None = None,
) -> Iterator[pl.DataFrame]:
    """Yield parts of the table `team`: each request once, and each person in one part.

    Parameters
    ----------
    came
        Rows of the table `team`, any number of them and in any order.
    total
        About how many rows there are.
    place
        An empty folder for what does not fit into memory.
    known
        The parts that were there before.
    changes
        What is changed of these is added to it.

    Yields
    ------
    pl.DataFrame
        Whole people by label, their rows by request; at most `ROWS`, or one person.

    Raises
    ------
    ArchiveError
        When a person has more requests than may be of one.
    """
    buckets, people = -(-total // ROWS), Counter[str]()
    changes = Changes() if changes is None else changes
    number = pl.col("request").hash(secrets.randbits(64)) % buckets
    for frames, there in ((iter(known), True), (came, False)):
        for chunk in spool.chunks(frames, ROWS):
            people.update(_rows(chunk))
            _put(chunk.with_columns(_known=pl.lit(there), _at=number), place, "requests")
    groups, most = _groups(people), Counter[str]()
    for bucket in range(buckets):
        path = place / f"requests-{bucket}"
        if held := [*spool.frames(path)]:
            path.unlink()
            copies = pl.concat(held)
            kept = once(copies.drop("_known"))
            changes.add(copies, kept)
            most.update(_rows(kept))
            at = pl.col("person").replace_strict(groups, return_dtype=pl.Int64)
            _put(kept.with_columns(_at=at), place, "people")
    if max(most.values(), default=0) > MOST_ROWS:
        raise ArchiveError(
            f"a person would have more than {MOST_ROWS:,} requests, so none was taken in"
        )
    yield from _parts(place, 1 + max(groups.values(), default=-1))


def _rows(chunk: pl.DataFrame) -> dict[str, int]:
    return dict(chunk["person"].value_counts().iter_rows())


def _put(rows: pl.DataFrame, place: Path, word: str) -> None:
    for (at,), some in rows.partition_by("_at", as_dict=True, include_key=False).items():
        spool.append(place / f"{word}-{at}", some)


def _groups(people: Counter[str]) -> dict[str, int]:
    """Return the number of each person's group: people in order, as many as fit into memory."""
    found, group, held = {}, 0, 0
    for person, rows in sorted(people.items()):
        if held and held + rows > ROWS:
            group, held = group + 1, 0
        found[person] = group
        held += rows
    return found


def _parts(place: Path, groups: int) -> Iterator[pl.DataFrame]:
    """Cut groups of people into parts that do not depend on how they were grouped."""
    rest: list[pl.DataFrame] = []
    for group in range(groups):
        held = [*spool.frames(path := place / f"people-{group}")]
        if not held:  # others have said as much of all their requests
            continue
        path.unlink()
        rows = pl.concat([*rest, *held]).sort("person", "request")
        begin = end = 0
        for many in rows["person"].rle().struct.field("len"):
            if end > begin and end + many - begin > ROWS:
                yield rows[begin:end]
                begin = end
            end += many
        rest = [rows[begin:]]
    yield from rest
