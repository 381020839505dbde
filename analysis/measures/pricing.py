"""What a cached token costs: the list, when a write pays, and what was paid here.

A *multiple* is a price over the base input price of the same model on the same day. A write pays
once its tokens cost less than the same tokens sent uncached each time: w + n r < 1 + n, where w
and r are the multiples of a write and of a read, and n is the reads that follow the write.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import polars as pl

from analysis.facts import facts
from analysis.logs.dataset import Logs
from analysis.measures.published import write_nano
from analysis.overrides import CLASSES
from analysis.pricebook import changes, known_models, quote
from analysis.prices import price

#: The classes of tokens that a cache has, with the words for them.
CACHED = {
    "write_1h": "written, kept one hour",
    "write_5m": "written, kept five minutes",
    "read": "read",
}
_MULTIPLE = {part: f"{part}_multiple" for part in ("input", *CACHED)}
_MULTIPLES = [*_MULTIPLE.values()]
_PROBE = 10**6  # tokens: prices are $ per million


def prices() -> pl.DataFrame:
    """Return the list prices of every Claude model that caches, with their days.

    Returns
    -------
    pl.DataFrame
        One row per model, stretch of days and tier, in the order of `facts/models.csv`: `model`,
        `name`, `since` (of the model, as far as is known), `first` and `last` day of the price
        (null: open), `above` (prompt tokens beyond which it holds; 0 for the base), $ per million
        tokens by class, `input_multiple`, `write_5m_multiple`, `write_1h_multiple`,
        `read_multiple` (of the base input price).

    Examples
    --------
    >>> prices().filter(pl.col("model") == "claude-haiku-3")["read_multiple"].item()
    0.12
    """
    known = facts("models").select("model", "name", "since")
    rows = [row for model in known_models() for row in _stretches(model)]
    kinds = dict.fromkeys((*CLASSES, *_MULTIPLES), pl.Float64)
    head = {"model": pl.String, "first": pl.Date, "last": pl.Date, "above": pl.Int64}
    order = pl.col("model").replace_strict(known["model"], range(known.height), default=None)
    return (
        pl.DataFrame(rows, head | kinds)
        .join(known, on="model", how="left")
        .with_columns(pl.coalesce("name", "model").alias("name"))
        .sort(order, "model", "first", "above", nulls_last=[True, True, False, False])
        .select("model", "name", "since", "first", "last", "above", *kinds)
    )


def _stretches(model: str) -> list[dict[str, Any]]:
    """Return the rows of one model: a stretch lasts from one change of its prices to the next."""
    starts = [None, *changes(model)]
    rows = []
    for first, after in zip(starts, [*starts[1:], None], strict=True):
        last = after - dt.timedelta(days=1) if after else None
        found = quote(model, first or last or dt.date(dt.MAXYEAR, 1, 1))
        if found is None or "read" not in found.base:
            continue
        tiers = {0: found.base} | ({found.threshold: found.above} if found.threshold else {})
        days = {"model": model, "first": first, "last": last}
        for above, paid in tiers.items():
            times = {m: float(paid[p] / found.base["input"]) for p, m in _MULTIPLE.items()}
            rows.append(days | {"above": above} | {p: float(paid[p]) for p in CLASSES} | times)
    return rows


def multiples(listed: pl.DataFrame) -> pl.DataFrame:
    """Put models of one family that have the same multiples in one row.

    Parameters
    ----------
    listed
        `prices`.

    Returns
    -------
    pl.DataFrame
        `family`, `versions`, `first` and `last` day where the multiples changed (null: open), `above`
        (prompt tokens), and the multiples.
    """
    same = ["family", "above", *_MULTIPLES]
    family = pl.col("name").str.split(" ").list.first().alias("family")
    version = pl.col("name").str.split(" ").list.last()
    ends = [
        pl.when(pl.col(c).is_null().any()).then(None).otherwise(getattr(pl.col(c), how)()).alias(c)
        for c, how in (("first", "min"), ("last", "max"))
    ]
    return (
        listed.with_columns(family, place=pl.int_range(pl.len()).min().over(family))
        .group_by("name", "place", *same, maintain_order=True)
        .agg(ends)
        .group_by("place", *same, "first", "last", maintain_order=True)
        .agg(version.str.join(", ").alias("versions"))
        .sort("place", "above", maintain_order=True)
        .select("family", "versions", "first", "last", "above", *_MULTIPLES)
    )


def reads_needed(write: Fraction, read: Fraction) -> Fraction:
    """Return the reads at which a write has paid for itself; one token more and it is cheaper.

    Examples
    --------
    >>> reads_needed(Fraction("1.25"), Fraction("0.1"))
    Fraction(5, 18)
    """
    return (write - 1) / (1 - read)


def breaks_needed(short: Fraction, long: Fraction, read: Fraction) -> Fraction:
    """Return the rewrites that a one-hour write must spare to beat five-minute writes.

    Both write a token once. Each break that outlives five minutes and not the hour costs another
    five-minute write there and a read here.

    Examples
    --------
    >>> breaks_needed(Fraction("1.25"), Fraction(2), Fraction("0.1"))
    Fraction(15, 23)
    """
    return (long - short) / (short - read)


def break_even(listed: pl.DataFrame) -> pl.DataFrame:
    """Compute when a write pays, for each set of multiples on the list.

    The multiples of a tier are those of the base: every price of a long prompt rises alike.

    Parameters
    ----------
    listed
        `prices`.

    Returns
    -------
    pl.DataFrame
        `models`; the three multiples; `reads_5m`, `reads_1h` (reads per write at which it has
        paid), `whole_5m`, `whole_1h` (whole reads from which it is cheaper), `breaks_1h` (breaks
        of five minutes to an hour at which one hour has paid), `whole_breaks_1h`, and
        `rewritten_share` (of the tokens written at five minutes: if one hour would have kept more
        than these, it is cheaper).
    """
    base = listed.filter(pl.col("above") == 0)
    found = base.group_by(*_MULTIPLES[1:], maintain_order=True).agg(
        pl.col("name").unique(maintain_order=True).str.join(", ").alias("models")
    )
    rows = [row | _needed(*(row[c] for c in _MULTIPLES[1:])) for row in found.to_dicts()]
    names = ("models", *_MULTIPLES[1:])
    return pl.DataFrame(rows, infer_schema_length=None).select(*names, pl.exclude(names))


def _needed(long: float, short: float, read: float) -> dict[str, float | int]:
    w1, w5, r = (Fraction(str(value)) for value in (long, short, read))
    exact = {
        "reads_5m": reads_needed(w5, r),
        "reads_1h": reads_needed(w1, r),
        "breaks_1h": breaks_needed(w5, w1, r),
    }
    whole = {f"whole_{name.replace('reads_', '')}": n // 1 + 1 for name, n in exact.items()}
    share = float((w1 - w5) / (w1 - r))
    return {name: float(n) for name, n in exact.items()} | whole | {"rewritten_share": share}


def costs(even: pl.DataFrame, most: float = 5) -> pl.DataFrame:
    """Compute what a written token and its reads cost, over the same tokens uncached.

    Parameters
    ----------
    even
        `break_even`.
    most
        Reads up to which it is computed.

    Returns
    -------
    pl.DataFrame
        `reads`, `lifetime`, `low`, `high` (over the read multiples of the list), `usual` (those
        of most models): the cost as a multiple of that without a cache; and `even` (reads at
        which the usual one has paid).
    """
    usual = even.row(int(even["models"].str.count_matches(",").arg_max() or 0), named=True)
    reads = pl.DataFrame({"reads": [n / 20 for n in range(int(20 * most) + 1)]})
    n = pl.col("reads")
    found = []
    for lifetime in ("5m", "1h"):
        all_ = [
            (row[f"write_{lifetime}_multiple"] + n * row["read_multiple"]) / (1 + n)
            for row in [*even.to_dicts(), usual]
        ]
        found.append(
            reads.with_columns(
                lifetime=pl.lit(lifetime),
                low=pl.min_horizontal(all_),
                high=pl.max_horizontal(all_),
                usual=all_[-1],
                even=pl.lit(usual[f"reads_{lifetime}"]),
            )
        )
    return pl.concat(found)


def paid(logs: Logs, price_date: str = "") -> pl.DataFrame:
    """Compute what these logs paid for cached tokens, by model, against the break-even.

    The base input price is that of each request's model, day and mode (fast, in one country,
    batch). A premium is what a request paid over the base price because its prompt was long.

    Returns
    -------
    pl.DataFrame
        One row per model with a price, dearest first, and the whole last (`model` is null):
        `requests`, `write_tokens`, `read_tokens`, `hour_share` (of tokens written, where the log
        splits them), `write_multiple`, `read_multiple` (paid per token, over the base input
        price; weighted by that price over models), `reads_per_write` (tokens read per token
        written), `even` (reads per write at which these multiples have paid), `premium_requests`,
        `premium_usd`, `premium_share` (of dollars), `total_usd`.
    """
    known = _with_base(logs, price_date).filter(pl.col("total_nano").is_not_null())
    if not known.height:
        return known.group_by("model").agg(_paid())
    whole = known.select(pl.lit(None, pl.String).alias("model"), *_paid())
    last, dearest = pl.col("model").is_null(), -pl.col("total_usd")
    return pl.concat([known.group_by("model").agg(_paid()), whole]).sort(last, dearest, "model")


def _with_base(logs: Logs, price_date: str) -> pl.DataFrame:
    """Return priced requests with their base input price, and what base prices come to."""
    day = dt.date.fromisoformat(price_date) if price_date else None
    flat = logs.requests.with_columns(aggregate=pl.lit(True))  # no tier applies to an aggregate
    labels = ("model", "first_seen", "speed", "geo", "service_tier", "aggregate")
    probe = flat.select(*labels, input_tokens=pl.lit(_PROBE, pl.Int64))
    rate = price(probe, date=day, overrides=logs.overrides)["input_nano"] / _PROBE
    base = price(flat, date=day, overrides=logs.overrides)["total_nano"]
    return logs.priced(price_date).with_columns(
        write_nano(), input_rate=rate, premium_nano=pl.col("total_nano") - base
    )


def _paid() -> list[pl.Expr]:
    """Return what was paid for cached tokens, over any requests."""
    split = pl.col("write_1h_tokens").is_not_null()
    written, read = pl.col("write_tokens"), pl.col("read_tokens")
    rate, total = pl.col("input_rate"), pl.col("total_nano").sum()
    premium = pl.col("premium_nano").sum()
    write_multiple = _over(pl.col("write_nano").sum(), (written * rate).sum())
    read_multiple = _over(pl.col("read_nano").sum(), (read * rate).sum())
    return [
        pl.len().cast(pl.Int64).alias("requests"),
        written.sum(),
        read.sum(),
        _over(pl.col("write_1h_tokens").sum(), written.filter(split).sum()).alias("hour_share"),
        write_multiple.alias("write_multiple"),
        read_multiple.alias("read_multiple"),
        _over(read.sum(), written.sum()).alias("reads_per_write"),
        _over(write_multiple - 1, 1 - read_multiple).alias("even"),
        (pl.col("premium_nano") > 0).sum().cast(pl.Int64).alias("premium_requests"),
        (premium / 1e9).alias("premium_usd"),
        _over(premium, total).alias("premium_share"),
        (total / 1e9).alias("total_usd"),
    ]


def _over(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole)
