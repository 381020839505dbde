"""What another lifetime of cache entries would have served, and what it would have cost.

The cache of these measures loses an entry to nothing but time: each request reads what it has in
common with the prompt before if the gap is no longer than the lifetime, and writes the rest. What
a request reads that does not go on from the one before, it reads at any lifetime.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.counted import with_writes
from analysis.facts import facts
from analysis.measures.expiry import GRID, LIFETIMES, goes_on
from analysis.measures.rates import rates
from analysis.measures.resample import Interval, interval
from analysis.pricebook import rates as list_rates
from analysis.sessions import steps


def hits(gone_on: pl.DataFrame, grid: Sequence[float] = GRID) -> pl.DataFrame:
    """Compute which share of prompt tokens a cache of each lifetime would have served.

    Of the requests that came, hence on condition of return; weighted by tokens. An entry is read
    if the gap is no longer than the lifetime, whatever else made it miss.

    Returns
    -------
    pl.DataFrame
        `lifetime_seconds`, `share` (of all prompt tokens of requests that go on); no rows where
        there are no such requests.
    """
    total = int(gone_on["context_tokens"].sum())
    if not total:
        return pl.DataFrame(schema={"lifetime_seconds": pl.Float64, "share": pl.Float64})
    gaps = gone_on.select("gap_seconds", "shared_tokens").sort("gap_seconds")
    served = np.concatenate([[0], gaps["shared_tokens"].cum_sum().to_numpy()])
    within = np.searchsorted(gaps["gap_seconds"].to_numpy(), grid, side="right")
    return pl.DataFrame({"lifetime_seconds": list(grid), "share": served[within] / total})


def hit_intervals(gone_on: pl.DataFrame, seed: int = 1) -> dict[float, Interval]:
    """Resample sessions at the lifetimes that somebody published a share for."""
    shared, prompt = pl.col("shared_tokens"), pl.col("context_tokens")
    return {
        seconds: interval(
            gone_on,
            {
                "served": shared.filter(pl.col("gap_seconds") <= seconds).sum(),
                "all": prompt.sum(),
            },
            lambda sums: sums["served"] / sums["all"],
            seed=seed,
        )
        for seconds in facts("hits")["lifetime_seconds"].to_list()
    }


def published_hits(gone_on: pl.DataFrame, seed: int = 1) -> pl.DataFrame:
    """Set the published population's shares beside those of these logs.

    Returns
    -------
    pl.DataFrame
        `lifetime_seconds`, `published` (share of prompt tokens), `share`, `low`, `high` (these
        logs; the interval by resampling sessions, null where they are too few), `source`.
    """
    rows = facts("hits").select(
        pl.col("lifetime_seconds").cast(pl.Float64), published="share", source="source"
    )
    own = hits(gone_on, rows["lifetime_seconds"].to_list())
    found = hit_intervals(gone_on, seed).values()
    return rows.join(own, on="lifetime_seconds", how="left", maintain_order="left").select(
        "lifetime_seconds",
        "published",
        "share",
        pl.Series("low", [i.low for i in found], pl.Float64),
        pl.Series("high", [i.high for i in found], pl.Float64),
        "source",
    )


def break_even(priced: pl.DataFrame, grid: Sequence[float] = GRID) -> pl.DataFrame:
    """Compute at which price of writes each lifetime costs as much as five minutes.

    The multiple w* of the input price for which all writes of these requests, kept that long,
    and all their reads come to what they cost at five minutes and its price. Longer lives write
    less, so they may cost more a token. Two lifetimes have a price; no list sells another.

    Returns
    -------
    pl.DataFrame
        `lifetime_seconds`, `multiple` (w*), `listed` (the list's own multiple, at its two
        lifetimes, weighted by what is written; else null). No rows without a price.
    """
    own = _costs(priced)
    if not own.height or not own["new"].sum():
        none = ("lifetime_seconds", "multiple", "listed")
        return pl.DataFrame(schema=dict.fromkeys(none, pl.Float64))
    seconds = sorted({*grid, *map(float, LIFETIMES.values())})
    written = {name: _written(own, seconds, f"{name}_rate") for name in ("input", *_WRITES)}
    read = _read(own, seconds)
    base = seconds.index(LIFETIMES["5m"])
    cost = written["write_5m"][base] + read[base]
    found = pl.DataFrame(
        {"lifetime_seconds": seconds, "multiple": (cost - read) / written["input"]}
    )
    listed = {
        float(life): float(
            written[part][seconds.index(life)] / written["input"][seconds.index(life)]
        )
        for part, life in zip(_WRITES, LIFETIMES.values(), strict=True)
    }
    at = pl.col("lifetime_seconds").replace_strict(listed, default=None, return_dtype=pl.Float64)
    return found.with_columns(listed=at)


def by_session(priced: pl.DataFrame) -> pl.DataFrame:
    """Apply to each session the exact rule by which one hour beats five minutes.

    Where W is what a session writes at one hour, and M what five minutes would write besides (the
    prompts that gaps of five minutes to an hour lose): one hour costs W times the difference of
    the two write prices more, and saves M times the difference of the five-minute write price
    and the read price. At list, 0.75 W against 1.15 M input prices: it wins where M / W is over
    0.65. Here each request has its own prices, so the rule is in dollars.

    Returns
    -------
    pl.DataFrame
        A row per session with a price: `project`, `session`, `extra_nano`, `saved_nano` (Int64),
        `hour_wins`; by what one hour gains, highest first.
    """
    own = _costs(priced)
    gap = pl.col("gap_seconds")
    missed = pl.when(gap > LIFETIMES["5m"], gap <= LIFETIMES["1h"]).then("shared").otherwise(0)
    longer = pl.when(gap > LIFETIMES["1h"]).then("shared").otherwise(0)
    extra = (pl.col("new") + longer) * (pl.col("write_1h_rate") - pl.col("write_5m_rate"))
    saved = missed * (pl.col("write_5m_rate") - pl.col("read_rate"))
    sums = [e.sum().round().cast(pl.Int64) for e in (extra, saved)]
    return (
        own.group_by("project", "session")
        .agg(sums[0].alias("extra_nano"), sums[1].alias("saved_nano"))
        .with_columns(hour_wins=pl.col("saved_nano") > pl.col("extra_nano"))
        .sort(pl.col("extra_nano") - pl.col("saved_nano"), "project", "session")
    )


def rule(model: str, day: dt.date) -> tuple[float, float]:
    """Return what the rule of `by_session` weighs at a model's list prices, in input prices.

    Returns
    -------
    tuple of float
        What a token written again costs above a read at five minutes, and what a token written
        for one hour costs above one for five minutes.

    Examples
    --------
    >>> [round(value, 2) for value in rule("claude-opus-4-6", dt.date(2026, 3, 19))]
    [1.15, 0.75]
    """
    row = list_rates([model], [day]).row(0, named=True)
    again, longer = row["write_5m"] - row["read"], row["write_1h"] - row["write_5m"]
    return again / row["input"], longer / row["input"]


def ranked(sessions: pl.DataFrame) -> pl.DataFrame:
    """Return the sessions by place, without their ids, in dollars.

    Parameters
    ----------
    sessions
        `by_session`.
    """
    dollars = [(pl.col(f"{name}_nano") / 1e9).alias(f"{name}_usd") for name in ("extra", "saved")]
    return sessions.with_row_index("place", 1).select("place", "project", *dollars, "hour_wins")


_WRITES = ("write_5m", "write_1h")


def _costs(priced: pl.DataFrame) -> pl.DataFrame:
    """Return what each request would write new or share with the one before, by growing gap.

    `gap_seconds` is null and `shared` 0 where a request does not go on from another.
    """
    rows = steps(with_writes(priced))
    follows = goes_on().fill_null(False)
    prompt = pl.col("read_tokens") + pl.col("write_tokens")
    shared = pl.when(follows).then(pl.min_horizontal("previous_context_tokens", prompt))
    fixed = pl.when(follows).then(0).otherwise("read_tokens")
    return (
        rows.select(
            "project",
            "session",
            pl.when(follows).then("gap_seconds").alias("gap_seconds"),
            shared.fill_null(0).alias("shared"),
            fixed.alias("fixed"),
            (prompt - shared.fill_null(0) - fixed).alias("new"),
        )
        .hstack(rates(rows))
        .drop_nulls([f"{name}_rate" for name in ("input", "read", *_WRITES)])
        .sort("gap_seconds", nulls_last=True)
    )


def _written(own: pl.DataFrame, seconds: Sequence[float], rate: str) -> npt.NDArray[np.float64]:
    """Return what writes cost by lifetime: the new, and what a longer gap had lost."""
    new = float(own.select((pl.col("new") * pl.col(rate)).sum()).item())
    shared, within = _within(own, seconds, rate)
    written: npt.NDArray[np.float64] = new + shared[-1] - shared[within]
    return written


def _read(own: pl.DataFrame, seconds: Sequence[float]) -> npt.NDArray[np.float64]:
    """Return what reads cost by lifetime."""
    fixed = float(own.select((pl.col("fixed") * pl.col("read_rate")).sum()).item())
    shared, within = _within(own, seconds, "read_rate")
    read: npt.NDArray[np.float64] = fixed + shared[within]
    return read


def _within(
    own: pl.DataFrame, seconds: Sequence[float], rate: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return sums of shared prompts at a price by growing gap, and where each lifetime ends."""
    gaps = own.drop_nulls("gap_seconds")
    cost = gaps.select((pl.col("shared") * pl.col(rate)).cum_sum()).to_series()
    sums: npt.NDArray[np.float64] = np.concatenate([[0.0], cost.to_numpy()])
    return sums, np.searchsorted(gaps["gap_seconds"].to_numpy(), seconds, side="right")
