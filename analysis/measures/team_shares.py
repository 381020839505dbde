"""A team's shares, as a whole and person by person: of one person, shares are all that is shown."""

from __future__ import annotations

import polars as pl

from analysis.measures.resample import intervals
from analysis.measures.suppress import FEWEST

#: Decimals of a person's share: more could tell what it is a share of.
DECIMALS = 3
#: What is said of each person: shares, never sums.
SHARES = ("share", "rate", "pair")

_ENDS = ("low", "high")
_WHOLES = {
    "share": ("cache_nano", "final_nano"),
    "rate": ("read_tokens", "prompt_tokens"),
    "pair": ("counted_tokens", "cached_tokens"),
}


def shares(people: pl.DataFrame, seed: int = 1) -> pl.DataFrame:
    """Compute the shares of the team as a whole, each with an interval over people.

    Returns
    -------
    pl.DataFrame
        A row for each of `SHARES`, and `final` (requests whose output count is the answer's
        last): `figure`, `value`, `low`, `high` (90 %, people drawn; null of fewer than
        `resample.FEWEST`), `people` (who has any of its whole; null where that would tell of few).
    """
    whole = people.with_columns(pl.col("requests").alias("all_requests"))
    wanted = _WHOLES | {"final": ("final_requests", "all_requests")}
    columns = sorted({column for pair in wanted.values() for column in pair})
    figures = {
        name: lambda s, part=part, of=of: s[part] / s[of] for name, (part, of) in wanted.items()
    }
    drawn = intervals(
        whole, {c: pl.col(c).sum() for c in columns}, figures, cluster="label", seed=seed
    )
    rows = []
    for name, (part, of) in wanted.items():
        has = int((whole[of] > 0).sum())
        value = int(whole[part].sum()) / int(whole[of].sum()) if has >= FEWEST else None
        ends = drawn[name][:2] if value is not None else (None, None)
        rows.append((name, value, *ends, heads(has, whole.height)))
    kinds = dict.fromkeys(("value", *_ENDS), pl.Float64)
    return pl.DataFrame(rows, {"figure": pl.String} | kinds | {"people": pl.Int64}, orient="row")


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
    rows = people.select("label", pl.col(name).alias("value"), *ends).drop_nulls("value")
    rounded = rows.with_columns(pl.col("value", *_ENDS).round(DECIMALS))
    sort = rounded.sort("value", "label", descending=[True, False])
    return sort if sort.height >= FEWEST else sort.clear()
