"""A team's shares, as a whole and person by person: of one person, shares are all that is shown."""

from __future__ import annotations

import numpy as np
import polars as pl

from analysis.measures.suppress import FEWEST, Parts, safe

#: Decimals of a share, in the files as on the page: more could tell what it is a share of.
DECIMALS = 3
#: What is said of each person: shares, never sums.
SHARES = ("share", "rate", "pair")

_ENDS = ("low", "high")
_WHOLES = {
    "share": ("cache_nano", "final_nano"),
    "rate": ("read_tokens", "prompt_tokens"),
    "pair": ("counted_tokens", "cached_tokens"),
    "final": ("final_requests", "requests"),
}
#: What of a total each leaves out: with the total it could be computed, and so must be safe too.
_LEFT = {
    "share": (("total_nano", "final_nano"), ("requests", "final_requests")),
    "rate": (),
    "pair": (("read_tokens", "counted_tokens"),),
    "final": (("total_nano", "final_nano"),),
}


def shares(people: pl.DataFrame, classes: pl.DataFrame) -> pl.DataFrame:
    """Compute the shares of the team as a whole, those that give nothing back that is withheld.

    A share and a total tell both of its parts, so each part must be `suppress.safe`, and so must
    what the share leaves out of the total. Without a whole table of classes there is no share of
    dollars or tokens.

    Parameters
    ----------
    people
        `measures.team.everyone`.
    classes
        `measures.team_tables.classes`.

    Returns
    -------
    pl.DataFrame
        A row for each of `SHARES`, and `final` (requests whose output count is the answer's
        last): `figure`, `value`, rounded, `people` (who has any of its whole; null where that would
        tell of few).
    """
    whole = classes.row(-1, named=True)["tokens"] is not None
    rows = []
    for name, (part, of) in _WHOLES.items():
        total, some = _amounts(people, of), _amounts(people, part)
        parts = [
            some,
            total - some,
            *(_amounts(people, a) - _amounts(people, b) for a, b in _LEFT[name]),
        ]
        known = total.sum() > 0 and all(map(safe, parts)) and (whole or name == "final")
        value = round(float(some.sum() / total.sum()), DECIMALS) if known else None
        rows.append((name, value, heads(int((total > 0).sum()), people.height)))
    kinds = {"figure": pl.String, "value": pl.Float64, "people": pl.Int64}
    return pl.DataFrame(rows, kinds, orient="row")


def heads(some: int, people: int) -> int | None:
    """Return how many of a team have something, or None where they or the rest are few.

    Examples
    --------
    >>> heads(6, 12), heads(4, 12), heads(9, 12), heads(12, 12), heads(0, 12)
    (6, None, None, 12, 0)
    """
    few = any(0 < part < FEWEST for part in (some, people - some))
    return None if few else some


def by_person(people: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return a share of each person, highest first.

    Who is in one figure and not in another would be told as one of few: where those who lack any of
    what is drawn are fewer than `suppress.FEWEST`, they are in none.

    Parameters
    ----------
    name
        One of `SHARES`.

    Returns
    -------
    pl.DataFrame
        `label`, `value`, `low`, `high`, rounded; who has nothing to take it of has no row, and
        where fewer than `suppress.FEWEST` have, none has.
    """
    ends = [pl.col(f"{name}_{end}").alias(end) for end in _ENDS]
    drawn = people.drop_nulls(["share", "rate"])
    few = people.height - drawn.height < FEWEST
    rows = (drawn if few else people).select("label", pl.col(name).alias("value"), *ends)
    rounded = rows.drop_nulls("value").with_columns(pl.col("value", *_ENDS).round(DECIMALS))
    sort = rounded.sort("value", "label", descending=[True, False])
    return sort if sort.height >= FEWEST else sort.clear()


def _amounts(people: pl.DataFrame, column: str) -> Parts:
    return np.asarray(people[column].fill_null(0).cast(pl.Float64).to_numpy())
