"""The published figures, computed again from their published inputs.

*Cache* is reads and writes together, *API* (the write-ups' word) is uncached input and output, a
share says of what, and dollars are list-price equivalents.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from analysis.facts import case, facts
from analysis.prices import price

_WHOLE_UNDERCOUNT = range(1, 18)  # all published undercounts but one lie in it


def bill(cases: pl.DataFrame, lifetime: str = "5m") -> pl.DataFrame:
    """Price published cases whose writes all live `5m` or `1h`.

    Returns
    -------
    pl.DataFrame
        The cases with nano-dollars by class; a case is a sum of requests, so no tier applies.

    Examples
    --------
    >>> bill(case("session"))["total_nano"].item()
    55938072250
    """
    hour = pl.col("write_tokens") if lifetime == "1h" else pl.lit(0, pl.Int64)
    priced = cases.with_columns(
        pl.col("price_day").alias("first_seen"),
        write_1h_tokens=hour,
        aggregate=pl.lit(True),
    )
    return price(priced).with_columns(write_nano())


def write_nano() -> pl.Expr:
    """Return what cache writes of both lifetimes cost together."""
    return (pl.col("write_5m_nano") + pl.col("write_1h_nano")).alias("write_nano")


def split_io(cases: pl.DataFrame) -> pl.DataFrame:
    """Give a case that publishes input and output as one sum its two extremes.

    Returns
    -------
    pl.DataFrame
        Such a case twice, `io` saying `all input` or `all output`; any other once, `io` null.
    """
    known = cases.filter(pl.col("io_tokens").is_null()).with_columns(io=pl.lit(None, pl.String))
    zero, total = pl.lit(0, pl.Int64), pl.col("io_tokens")
    open_ = cases.filter(total.is_not_null())
    extremes = [
        open_.with_columns(io=pl.lit("all input"), input_tokens=total, output_tokens=zero),
        open_.with_columns(io=pl.lit("all output"), input_tokens=zero, output_tokens=total),
    ]
    return pl.concat([known, *extremes])


def headline() -> pl.DataFrame:
    """Split the two published headline rows in tokens and in dollars.

    The first row's token table seems to be of an earlier state of its session (inferred from its
    digits): no other is published.

    Returns
    -------
    pl.DataFrame
        One row per bar and part: `case`, `label`, `unit`, `io_split`, `part` (read, write, io),
        `value` (tokens or dollars), `share` (of the bar).

    Examples
    --------
    >>> bars = headline().filter(pl.col("case") == "session", pl.col("unit") == "dollars")
    >>> [round(100 * s, 2) for s in bars["share"]]
    [80.77, 16.89, 2.34]
    """
    rows = pl.concat([case("session"), case("issue-24147")])
    tokens = rows.select(
        "case",
        "label",
        unit=pl.lit("tokens"),
        io_split=pl.lit(None, pl.String),
        read=pl.col("read_tokens").cast(pl.Float64),
        write=pl.col("write_tokens").cast(pl.Float64),
        io=_io_tokens().cast(pl.Float64),
    )
    dollars = bill(split_io(rows)).select(
        "case",
        "label",
        pl.lit("dollars").alias("unit"),
        pl.col("io").alias("io_split"),
        pl.col("read_nano").alias("read") / 1e9,
        pl.col("write_nano").alias("write") / 1e9,
        ((pl.col("input_nano") + pl.col("output_nano")) / 1e9).alias("io"),
    )
    bar = ["case", "label", "unit", "io_split"]
    return (
        pl.concat([tokens, dollars])
        .unpivot(["read", "write", "io"], index=bar, variable_name="part", value_name="value")
        .with_columns(share=pl.col("value") / pl.col("value").sum().over(bar))
        .sort(
            pl.col("case") != "session", pl.col("unit") != "tokens", "io_split", maintain_order=True
        )
    )


def _io_tokens() -> pl.Expr:
    return pl.coalesce("io_tokens", pl.col("input_tokens") + pl.col("output_tokens"))


def definitions() -> pl.DataFrame:
    """Compute every ratio that is called 43:1 or 1,310:1, and the one of reuse to work.

    Returns
    -------
    pl.DataFrame
        One row per definition and case: `printed` (the ratio in the text it may explain),
        `case`, `unit`, `definition`, `ratio`.

    Examples
    --------
    >>> rows = definitions().filter(pl.col("definition") == "reads : input and output")
    >>> round(rows["ratio"].item(), 1)
    1309.9
    """
    session, issue, later = bill(case("session")), case("issue-24147"), case("snapshot")
    read, write = pl.col("read_nano"), pl.col("write_nano")
    api = pl.col("input_nano") + pl.col("output_nano")
    paid, total = pl.col("api_cost"), pl.col("total_cost")
    all_cache = pl.col("read_tokens") + pl.col("write_tokens")
    printed = facts("headlines")
    shares = pl.col("cache_share") / pl.col("rest_share")
    overhead, whole = "cache : API", "total : API"
    by_share = "printed shares, one by the other"

    def row(
        number: int, name: str, unit: str, text: str, frame: pl.DataFrame, value: pl.Expr
    ) -> dict[str, object]:
        claim = printed.filter(pl.col("row") == number)["ratio"].item()
        ratio = frame.select(value.cast(pl.Float64)).item()
        return {"printed": claim, "case": name, "unit": unit, "definition": text, "ratio": ratio}

    first, second = (printed.filter(pl.col("row") == n) for n in (1, 2))
    return pl.DataFrame(
        [
            row(1, "session", "dollars", overhead, session, (read + write) / api),
            row(1, "session", "dollars", whole, session, (read + write + api) / api),
            row(1, "snapshot", "dollars", overhead, later, (total - paid) / paid),
            row(1, "snapshot", "dollars", whole, later, total / paid),
            row(1, "text", "dollars", by_share, first, shares),
            row(
                1,
                "session",
                "tokens",
                "cache : input and output",
                case("session"),
                all_cache / _io_tokens(),
            ),
            row(1, "session", "dollars", "reused : computed", session, read / (write + api)),
            row(
                2,
                "issue-24147",
                "tokens",
                "reads : input and output",
                issue,
                pl.col("read_tokens") / _io_tokens(),
            ),
            row(
                2,
                "issue-24147",
                "tokens",
                "cache : input and output",
                issue,
                all_cache / _io_tokens(),
            ),
            row(2, "text", "tokens", by_share, second, shares),
        ]
    )


def readings() -> pl.DataFrame:
    """Compute the three readings of the 30-day issue's 99.93 %.

    Returns
    -------
    pl.DataFrame
        `reading`, `share` (of tokens).

    Examples
    --------
    >>> [f"{100 * s:.3f}" for s in readings()["share"]]
    ['99.926', '99.924', '96.579']
    """
    read, write, io = pl.col("read_tokens"), pl.col("write_tokens"), _io_tokens()
    shares = case("issue-24147").select(
        ((read + write) / (read + write + io)).alias("reads and writes, of all tokens"),
        (read / (read + io)).alias("reads, of reads, input and output"),
        (read / (read + write + io)).alias("reads, of all tokens"),
    )
    return shares.unpivot(variable_name="reading", value_name="share")


def uncached(cases: pl.DataFrame) -> pl.DataFrame:
    """Price the same tokens without a cache: every prompt token at the input price.

    Examples
    --------
    >>> uncached(case("session"))["total_nano"].item() / 1e9
    460.669...
    """
    prompt = pl.col("input_tokens") + pl.col("write_tokens") + pl.col("read_tokens")
    zero = pl.lit(0, pl.Int64)
    return bill(cases.with_columns(input_tokens=prompt, write_tokens=zero, read_tokens=zero))


def recomputed() -> pl.DataFrame:
    """Set the published session's bill beside our computation of it.

    Returns
    -------
    pl.DataFrame
        `part`, `tokens`, `dollars` (ours), `published` (dollars), `share of dollars` (ours); the
        last row is the whole.
    """
    cost = bill(case("session")).row(0, named=True)
    api_tokens = cost["input_tokens"] + cost["output_tokens"]
    api_nano = cost["input_nano"] + cost["output_nano"]
    rows = [
        ("cache reads", cost["read_tokens"], cost["read_nano"], cost["read_cost"]),
        ("cache writes", cost["write_tokens"], cost["write_nano"], cost["write_cost"]),
        ("input and output", api_tokens, api_nano, cost["api_cost"]),
        ("all", None, cost["total_nano"], cost["total_cost"]),
    ]
    whole = pl.col("part") == "all"
    return pl.DataFrame(rows, ["part", "tokens", "nano", "published"], orient="row").select(
        "part",
        pl.when(whole).then(pl.col("tokens").sum()).otherwise("tokens").alias("tokens"),
        (pl.col("nano") / 1e9).alias("dollars"),
        "published",
        (pl.col("nano") / cost["total_nano"]).alias("share of dollars"),
    )


def published_share() -> float:
    """Return the printed cache share of dollars, the first headline row's."""
    return float(facts("headlines").filter(pl.col("row") == 1)["cache_share"].item())


def undercount(factors: Iterable[float] = _WHOLE_UNDERCOUNT) -> pl.DataFrame:
    """Compute the published session's share if its true output was `k` times the logged.

    Returns
    -------
    pl.DataFrame
        One row per factor and lifetime of the writes: `k`, `lifetime`, `share` (cache, of
        dollars), `ratio` (cache : API).

    Examples
    --------
    >>> undercount([1, 2.7]).filter(lifetime="5m")["share"].round(3).to_list()
    [0.977, 0.94]
    """
    rows = []
    for lifetime in ("5m", "1h"):
        cost = bill(case("session"), lifetime).row(0, named=True)
        cache = cost["read_nano"] + cost["write_nano"]
        for k in factors:
            api = cost["input_nano"] + k * cost["output_nano"]
            rows.append((float(k), lifetime, cache / (cache + api), cache / api))
    return pl.DataFrame(rows, ["k", "lifetime", "share", "ratio"], orient="row")


def undercounts(reach: float = max(_WHOLE_UNDERCOUNT) + 1) -> pl.DataFrame:
    """Return the published undercounts that lie inside the curve, smallest first.

    Returns
    -------
    pl.DataFrame
        `label`, `low`, `high` (true output as a multiple of the logged), `how`, `source`.
    """
    return facts("undercounts").filter(pl.col("high") <= reach).sort("low", "high", "label")
