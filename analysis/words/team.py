"""Say what may be said of a team."""

from __future__ import annotations

import polars as pl

from analysis.measures.resample import FEWEST as CLUSTERS
from analysis.measures.resample import LEVEL
from analysis.measures.suppress import FEWEST
from analysis.measures.turns import MONTH
from analysis.words.numbers import count, day, extent, share, usd

FEW = f"This team has fewer than {FEWEST} people: nothing of it is shown."
_WHAT = (
    f"what is of fewer than {FEWEST} people, what one person makes up, and what such a number "
    "could be computed from."
)
DASH, HELD = (
    f"A dash is for what there is not, or is withheld: {_WHAT}",
    f"Withheld is {_WHAT}",
)
LOGGED = "as logged"

#: What each share of a person or a team is, by the name of its column.
DEFINED = {
    "share": "cache reads and writes, of list-price dollars of requests with a final output count",
    "rate": "reads, of all prompt tokens: read, written and sent uncached",
    "pair": "reads, of reads and writes",
    "final": "requests whose logged output count is the answer's last, of all",
}
#: The same for an axis.
AXES = {"share": "cache, share of list-price dollars", "rate": "hit rate: reads, of prompt tokens"}
SHARES = {"value": "percent"}
ONE = {"share": "the cache's share of dollars", "rate": "the hit rate"}


def source(people: pl.DataFrame) -> str:
    """Say where the numbers come from.

    Parameters
    ----------
    people
        `measures.team.everyone`.
    """
    whose = "synthetic people" if made_up(people) else "people"
    return f"rows that the {whose} of a team handed over, without content"


def opening(people: pl.DataFrame, sums: pl.DataFrame, shares: pl.DataFrame) -> str:
    """Say whom the chapter is of, and what they come to.

    Parameters
    ----------
    people
        `measures.team.everyone`.
    sums, shares
        `measures.team_tables`.
    """
    if people.height < FEWEST:
        return FEW
    known = dict(sums.select("figure", "value").iter_rows())
    begins, ends = people.select(pl.col("begins").min(), pl.col("ends").max()).row(0)
    requests = known["requests"]
    many = "" if requests is None else f" {count(round(requests), 'request')},"
    paid = known["dollars"]
    cost = (
        f"{usd(paid)} at list price {LOGGED}, which is not an invoice"
        if paid is not None
        else "what they come to is withheld, since one person makes up most of it"
    )
    mean = known["dollars a person a month"]
    each = "" if mean is None else f"That is {usd(mean)} a person in {MONTH} days. "
    return (
        f"{_synthetic(people)}{people.height:,} people,{many} {day(begins)} to {day(ends)}: "
        f"{cost}. {each}{_bare(people, known)}{_final(people, shares)}"
    )


def made_up(people: pl.DataFrame) -> bool:
    """Tell whether none of a team ever was."""
    return people.height > 0 and bool(people["synthetic"].all())


def _synthetic(people: pl.DataFrame) -> str:
    some = int(people["synthetic"].sum())
    if made_up(people):
        return "**This team is synthetic**: its people never were. "
    many = f"{count(some, 'person', 'people')} of these {people.height:,}"
    return f"**Synthetic: {many}.** " if some else ""


def _bare(people: pl.DataFrame, known: dict[str, float | None]) -> str:
    """Say that some tokens have no price."""
    if not (people["unpriced_tokens"] > 0).any():
        return ""
    part = known["without a price"]
    some = "Some" if part is None else f"{share(part)} of"
    return f"{some} tokens are of models without a price, and in no dollars. "


def _final(people: pl.DataFrame, shares: pl.DataFrame) -> str:
    """Say how many output counts are final."""
    final = shares.filter(pl.col("figure") == "final")["value"].item()
    if (people["final_requests"] == people["requests"]).all():
        return "Every output count is final."
    part = "not all" if final is None else share(final)
    return (
        f"Of requests, {part} have an output count that is final; dollars are too few by what "
        "the others leave out, and the cache's share is taken of the final ones alone."
    )


def shares(frame: pl.DataFrame) -> str:
    """Caption the shares of the team as a whole."""
    first = frame.row(0, named=True)
    lead = (
        "What the cache has of the team's list-price dollars is withheld, or there is nothing to "
        "take it of."
        if first["value"] is None
        else f"{share(first['value'])} of the team's list-price dollars are cache reads and "
        "writes, over requests with a final output count."
    )
    return f"{lead} They are of this team, and say nothing of other people. {DASH}"


def shares_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the shares with what each is."""
    named = pl.col("figure").replace_strict(DEFINED).alias("share of what")
    return frame.select(named, "value", "people")


def people(frame: pl.DataFrame, name: str) -> str:
    """Caption a share of each person.

    Parameters
    ----------
    frame
        `measures.team_shares.by_person`.
    name
        Its column.
    """
    if frame.is_empty():
        return f"Of fewer than {FEWEST} people {ONE[name]} is known, so none is shown."
    middle = extent([frame["value"].min(), frame["value"].max()])  # type: ignore[list-item]
    sure = frame["low"].count()
    return (
        f"{_first(ONE[name])} goes from {middle} over {frame.height:,} people: {DEFINED[name]}. A "
        f"line is the {share(LEVEL, 0)} interval, that person's sessions drawn; it takes "
        f"{CLUSTERS} sessions, all known, which {_some(sure, frame.height)}. Lines that overlap "
        "tell nobody apart. Labels are in no order of use; no dollars and no counts stand beside "
        "them, which would say who works most."
    )


def _first(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _some(some: int, of: int) -> str:
    """Say how many have so many, without telling of few.

    >>> _some(12, 12), _some(3, 12), _some(0, 12)
    ('all have', 'some have', 'nobody has')
    """
    return {of: "all have", 0: "nobody has"}.get(some, "some have")


def people_alt(frame: pl.DataFrame) -> str:
    """Say what is seen of people's shares."""
    if frame.is_empty():
        return "Empty axes."
    return f"Points in falling order, the highest at {share(frame['value'][0])}, most on a line."
