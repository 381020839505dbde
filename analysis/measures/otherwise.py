"""The same work with several things otherwise at once, of the ways that `measures.ways` has singly.

First what the cache keeps and for how long, then shorter sessions, then smaller contexts, then
longer answers, then another model. What one step has cut or lost the next one finds so.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from analysis.measures.cuts import compacted, restarted, stretches
from analysis.measures.lists import LIST_DAY, at_list
from analysis.measures.reconstruct import outputs
from analysis.measures.restarts import CARRY_OVER
from analysis.measures.retimed import kept_for, staked, undying
from analysis.measures.rewrites import NANO, Nano, Reprice, added, all_at, bare, grouped

#: What a cache may be: as it was, with one lifetime of two, one that never expires, none.
CACHES = ("", "5m", "1h", "never", "none")

#: Token classes of a bill, and the columns of their dollars.
CLASSES = {
    "cache reads": ("read_nano",),
    "cache writes": ("write_5m_nano", "write_1h_nano"),
    "uncached input": ("input_nano",),
    "output": ("output_nano",),
    "web searches": ("search_nano",),
}


class Otherwise(NamedTuple):
    """What is otherwise; by default nothing."""

    cache: str = ""  #: one of `CACHES`
    length: int = 0  #: requests after which a main chain begins anew; 0: as it was
    carry_over: int = CARRY_OVER  #: tokens that it then takes over
    size: int = 0  #: tokens beyond which a context is compacted; 0: as it was
    output: float = 1.0  #: times the output as logged
    model: str = ""  #: whose list everything is priced at; empty: each request's own

    @property
    def moved(self) -> bool:
        """Whether anything is otherwise: what is carried over matters where something is."""
        return self._replace(carry_over=CARRY_OVER) != Otherwise()


def lived(rows: pl.DataFrame, cache: str) -> pl.DataFrame:
    """Give everything written another lifetime.

    Parameters
    ----------
    rows
        `analysis.measures.rewrites.known`.
    cache
        One of `CACHES`; without a cache nothing lives, which is a matter of prices.
    """
    if cache in ("", "none"):
        return rows
    if cache == "never":
        return _again(rows, all_at(undying(rows), "5m")).with_columns(lifetime=pl.lit("5m"))
    found = kept_for(staked(rows), cache).select(rows.columns)
    return _again(rows, found).with_columns(lifetime=pl.lit(cache))


def cut(work: pl.DataFrame, asked: Otherwise) -> pl.DataFrame:
    """Cut sessions short, then contexts to a size.

    Parameters
    ----------
    work
        `analysis.measures.cuts.stretches`.
    """
    if asked.length and asked.size:
        work = _fresh(work.with_row_index("row"), asked)
    elif asked.length:
        work = restarted(work, asked.length, asked.carry_over)
    return compacted(work, asked.size) if asked.size else work


def regrouped(lived: pl.DataFrame, asked: Otherwise) -> pl.DataFrame:
    """Return what is to be priced: `analysis.measures.rewrites.grouped`, of what is left."""
    whole = not asked.length and not asked.size
    return grouped(lived if whole else cut(stretches(lived), asked))


def priced(groups: pl.DataFrame, asked: Otherwise, reprice: Reprice) -> Nano:
    """Price what is left, with longer answers, without a cache and at another model's list."""
    return added(listed(groups, asked, reprice))


def listed(groups: pl.DataFrame, asked: Otherwise, reprice: Reprice) -> pl.DataFrame:
    """Return groups with what they cost, as `priced` adds them up."""
    longer = (pl.col("output_tokens") * asked.output).round().cast(pl.Int64)
    groups = groups.with_columns(output_tokens=longer)
    if asked.cache == "none":
        groups = bare(groups)
    if not asked.model:
        return reprice(groups)
    return reprice(at_list(groups, asked.model), date=LIST_DAY)


def reconstructed(rebuilt: pl.DataFrame) -> pl.DataFrame:
    """Return how many times the logged output the reconstructed one is, in dollars.

    Parameters
    ----------
    rebuilt
        `analysis.measures.rebuilds.rebuilt`.

    Returns
    -------
    pl.DataFrame
        One row: `times`; null where no output has a price.
    """
    known = outputs(rebuilt).filter(pl.col("total_nano").is_not_null())
    output, rest = pl.col("output_nano").sum(), pl.col("rest_nano").sum()
    return known.select(times=pl.when(output > 0).then(1 + rest / output))


def by_class(now: Nano, then: Nano) -> pl.DataFrame:
    """Set two bills beside each other.

    Returns
    -------
    pl.DataFrame
        A row for each of `CLASSES` and one for the `total`: `class`, `now_nano`, `then_nano`,
        `difference_nano`; null where a class has no price.

    Examples
    --------
    >>> bill = dict.fromkeys(NANO, 2)
    >>> by_class(bill, bill | {"read_nano": 5}).row(-1)
    ('total', 12, 15, 3)
    """
    parts = CLASSES | {"total": NANO}
    rows = [(name, _sum(now, of), _sum(then, of)) for name, of in parts.items()]
    kinds = {"class": pl.String, "now_nano": pl.Int64, "then_nano": pl.Int64}
    found = pl.DataFrame(rows, kinds, orient="row")
    return found.with_columns(difference_nano=pl.col("then_nano") - pl.col("now_nano"))


def _sum(bill: Nano, of: tuple[str, ...]) -> int | None:
    known = [value for name in of if (value := bill[name]) is not None]
    return sum(known) if len(known) == len(of) else None


def _again(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Count what is written beside what was written before as rebuilt: it had been there."""
    more = after["write_tokens"] - before["write_tokens"]
    return after.with_columns(rebuilt_tokens=(before["rebuilt_tokens"] + more).clip(0))


def _fresh(work: pl.DataFrame, asked: Otherwise) -> pl.DataFrame:
    """Cut sessions short, and let a stretch end where one of them does."""
    made = restarted(work, asked.length, asked.carry_over).sort("row")
    begins = (pl.col("number") == 0) | (pl.col("is_main") & (pl.col("number") % asked.length == 0))
    prompt = pl.col("input_tokens") + pl.col("write_tokens") + pl.col("read_tokens")
    return (
        _again(work, made)
        .drop("row")
        .with_columns(stretch=begins.cum_sum(), prompt_tokens=prompt)
        .with_columns(
            longest=pl.col("prompt_tokens").max().over("stretch"),
            reached=pl.col("prompt_tokens").cum_max().over("stretch"),
        )
    )
