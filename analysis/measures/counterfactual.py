"""What the same work would have cost otherwise: each way closes to a total of its own."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from analysis.counted import prompt, tell_writes
from analysis.facts import facts
from analysis.measures.published import bill, split_io, uncached
from analysis.measures.rates import rates
from analysis.measures.restarts import CARRY_OVER
from analysis.measures.rewrites import NANO, Reprice, known
from analysis.measures.ways import BARE, BILL, UNDYING, Scenario, ways
from analysis.prices import price


def scenarios(
    rebuilt: pl.DataFrame, reprice: Reprice = price, carry_over: int = CARRY_OVER
) -> pl.DataFrame:
    """Price the work of these requests in every other way.

    Parameters
    ----------
    rebuilt
        `analysis.measures.rebuilds.rebuilt`. Requests without a price have no part.
    reprice
        How rows are priced: `Logs.reprice`, at the price date in use.
    carry_over
        Tokens that a new session takes over from the one before.

    Returns
    -------
    pl.DataFrame
        The bill first: `group`, `scenario`, nano-dollars by class, `total_nano` (their sum; null
        where a class has no price), `ratio` (of the total to the bill's; null where nothing costs
        anything), `assumption`, `bound`. Ways to have written otherwise have no dollars where
        nobody counted what was written.

    Examples
    --------
    >>> from analysis.measures.rebuilds import rebuilt
    >>> from analysis.schema import dtypes
    >>> none = price(pl.DataFrame(schema=dtypes("requests")))
    >>> found = scenarios(rebuilt(none, pl.DataFrame(schema=dtypes("events"))))
    >>> found.row(0, named=True)["scenario"], found["total_nano"].sum()
    ('the bill', 0)
    """
    found = framed(ways(known(rebuilt), reprice, carry_over))
    written = pl.col("group").eq("lifetime") | pl.col("scenario").eq(UNDYING)
    return found.with_columns(
        pl.when(pl.lit(tell_writes(rebuilt)) | ~written).then(pl.col(*NANO, "total_nano", "ratio"))
    )


def framed(found: Iterable[Scenario]) -> pl.DataFrame:
    """Return ways as a frame, the columns of `scenarios`; the first is what others are set against.

    Examples
    --------
    >>> none = dict.fromkeys(NANO, 0)
    >>> framed([Scenario("bill", BILL, none, "as logged")])["total_nano"].item()
    0
    """
    money = dict.fromkeys(NANO, pl.Int64)
    texts = {"group": pl.String, "scenario": pl.String}
    frame = pl.DataFrame(
        [{**s._asdict(), **s.nano} for s in found],
        {**texts, **money, "assumption": pl.String, "bound": pl.Boolean},
    )
    total = pl.sum_horizontal(NANO, ignore_nulls=False)
    return frame.with_columns(total_nano=total).with_columns(
        ratio=pl.when(pl.col("total_nano").first() > 0).then(
            pl.col("total_nano") / pl.col("total_nano").first()
        )
    )


def times_bare(priced: pl.DataFrame) -> float | None:
    """Return what every prompt token would have cost as uncached input, as a multiple of the bill.

    From what each request paid, or would have paid, for a token of input: at the price date in use.
    None where nothing costs anything.
    """
    known = priced.hstack(rates(priced)).filter(pl.col("total_nano").is_not_null())
    bare = prompt() * pl.col("input_rate") + pl.col("output_nano") + pl.col("search_nano")
    paid = int(known["total_nano"].sum())
    return float(known.select(bare.sum()).item()) / paid if paid else None


def listed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `scenarios` as a table: the way, dollars, times the bill, the assumption."""
    return frame.select(
        pl.col("scenario").alias("way"),
        (pl.col("total_nano") / 1e9).alias("total_usd"),
        pl.col("ratio").alias("times the bill"),
        "assumption",
    )


#: Token classes as steps of a waterfall, and the columns of their dollars.
_STEPS = {
    "read": ("cache reads", ("read_nano",)),
    "write": ("cache writes", ("write_5m_nano", "write_1h_nano")),
    "input": ("uncached input", ("input_nano",)),
    "output": ("output", ("output_nano",)),
    "search": ("web searches", ("search_nano",)),
}


def waterfall(frame: pl.DataFrame, *names: str, rest_nano: int = 0) -> pl.DataFrame:
    """Go from the bill to the totals of other ways, token class by token class.

    Parameters
    ----------
    frame
        `scenarios`.
    names
        Which of them: ways that leave the answers as they are.
    rest_nano
        What the log leaves out, in `measures.reconstruct.outputs`; it costs the same in each way.

    Returns
    -------
    pl.DataFrame
        For each way the bill, the classes that change, and its total: `way`, `step`, `class` (null
        for the bill and a total, which start at 0), `start_usd`, `end_usd`. A step starts where
        the one before it ends. None where nothing has a price.
    """
    paid = frame.row(0, named=True)
    found = {row["scenario"]: row for row in frame.to_dicts() if row["total_nano"]}
    rows: list[tuple[str, str, str | None, int, int]] = []
    for name in names if paid["total_nano"] else ():
        if name not in found:
            continue
        at = paid["total_nano"] + rest_nano
        rows.append((name, BILL, None, 0, at))
        for kind, (label, columns) in _STEPS.items():
            if more := sum(found[name][c] - paid[c] for c in columns):
                rows.append((name, label, kind, at, at + more))
                at += more
        rows.append((name, name, None, 0, at))
    texts = dict.fromkeys(("way", "step", "class"), pl.String)
    numbers = dict.fromkeys(("start_usd", "end_usd"), pl.Int64)
    return pl.DataFrame(rows, {**texts, **numbers}, orient="row").with_columns(
        pl.col("start_usd", "end_usd") / 1e9
    )


def readings(rows: pl.DataFrame, label: str = "These logs") -> pl.DataFrame:
    """Set both readings of the cache side by side: its share of the bill, and what it saved.

    Parameters
    ----------
    rows
        `scenarios`.

    Returns
    -------
    pl.DataFrame
        These logs, then the published cases that give token counts: `label`, `bill_usd`, `cache
        share` (reads and writes, of the bill), `without_usd` (the same tokens without a cache),
        `saved share` (of that), `low` and `high` (times the bill; a range over what a case does
        not publish: how input and output split, and the lifetime of writes). The dollars and
        shares of a case are those with five-minute writes and all its input and output as output.
    """
    own, none = rows.row(0, named=True), rows.filter(scenario=BARE).row(0, named=True)
    cache = own["read_nano"] + own["write_5m_nano"] + own["write_1h_nano"]
    mine = pl.DataFrame(
        {
            "label": [label],
            "bill": [own["total_nano"]],
            "cache": [cache],
            "without": [none["total_nano"]],
            "low": [none["ratio"]],
            "high": [none["ratio"]],
        },
        schema_overrides={"low": pl.Float64, "high": pl.Float64},
    )
    some = pl.col("bill") > 0
    return pl.concat([mine, _cases()]).select(
        "label",
        (pl.col("bill") / 1e9).alias("bill_usd"),
        pl.when(some).then(pl.col("cache") / pl.col("bill")).alias("cache share"),
        (pl.col("without") / 1e9).alias("without_usd"),
        pl.when(some).then(1 - pl.col("bill") / pl.col("without")).alias("saved share"),
        "low",
        "high",
    )


def _cases() -> pl.DataFrame:
    """Price published token counts with and without a cache."""
    counted = split_io(
        facts("cases").filter(pl.col("read_tokens").is_not_null(), pl.col("write_tokens") > 0)
    )
    without = uncached(counted)["total_nano"]
    paid = {lifetime: bill(counted, lifetime) for lifetime in ("5m", "1h")}
    times = pl.DataFrame({name: without / frame["total_nano"] for name, frame in paid.items()})
    first = paid["5m"].select(
        "case",
        "label",
        "io",
        bill="total_nano",
        cache=pl.col("read_nano") + pl.col("write_nano"),
        without=without,
        least=times.min_horizontal(),
        most=times.max_horizontal(),
    )
    return (
        first.group_by("case", maintain_order=True)
        .agg(
            pl.col("label", "bill", "cache", "without").last(),
            pl.col("least").min().alias("low"),
            pl.col("most").max().alias("high"),
        )
        .drop("case")
    )
