"""The store of a team: requests of many people, each once, in parts of whole people.

It holds nothing but what was handed over: labels, hours and counts. A manifest says which parts
there are and the digest of each; its rename is the commit, so an import that dies leaves the team
as it was. The same requests give the same files, whatever came first.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from analysis import paths
from analysis.logs.files import StoreError, check_name, digest, folder, team_manifest, unsealed
from analysis.logs.manifest import decode

if TYPE_CHECKING:
    import polars as pl

#: The shape of a team's manifest and columns.
VERSION = 1


class Part(Struct):
    """A file of whole people."""

    digest: str
    rows: int
    people: int


class Team(Struct):
    """What a team's store holds, by the files of its parts; days are of UTC."""

    version: int
    parts: dict[str, Part]
    first: str
    last: str

    @property
    def requests(self) -> int:
        """How many requests there are, each counted once."""
        return sum(part.rows for part in self.parts.values())

    @property
    def people(self) -> int:
        """How many people they are of."""
        return sum(part.people for part in self.parts.values())


def teams() -> list[str]:
    """Return the names of the teams that there are."""
    return sorted(found.parent.name for found in paths.PROCESSED.glob("*/team.json"))


def stamp(name: str) -> str:
    """Return the digest of what a team's store says it holds; empty without a name or a team."""
    try:
        return digest(team_manifest(name).read_bytes()) if name else ""
    except FileNotFoundError:
        return ""


def read_team(name: str) -> Team:
    """Read what a team's store holds.

    Raises
    ------
    StoreError
        When there is no such team, or it is damaged.
    """
    try:
        whole = unsealed(team_manifest(check_name(name)).read_bytes())
    except FileNotFoundError:
        raise StoreError(
            f"no team {name!r}: `archive --import FILES --name {name}` makes one (docs/team.md)"
        ) from None
    found = decode(whole[1], Team) if whole else None
    if found is None or found.version != VERSION:
        raise StoreError(
            f"{team_manifest(name)} is damaged, or of another version: `make clean NAME={name}`, "
            "then import the files again"
        )
    return found


def read_parts(name: str) -> Iterator[pl.DataFrame]:
    """Yield a team's requests part by part, so that memory does not grow with the team.

    Yields
    ------
    pl.DataFrame
        A table `team`: whole people by label, their rows by request.

    Raises
    ------
    StoreError
        When there is no such team, or a part is gone or damaged.
    """
    yield from parts_of(name, read_team(name))


def parts_of(name: str, team: Team) -> Iterator[pl.DataFrame]:
    """Yield the parts that a team's manifest names; see `read_parts`."""
    import polars as pl

    for file, part in team.parts.items():
        try:
            data = (folder(name) / "team" / file).read_bytes()
        except FileNotFoundError:
            data = b""
        if digest(data) != part.digest:
            raise StoreError(
                f"the team {name!r} is damaged, or an import ended meanwhile (team/{file}): again; "
                f"or `make clean NAME={name}`, then import the files again"
            )
        yield pl.read_parquet(io.BytesIO(data))
