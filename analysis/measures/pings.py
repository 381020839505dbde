"""The same work with the cache kept alive across pauses, by requests that only read the prompt."""

from __future__ import annotations

import polars as pl

from analysis.measures.rebuilds import SECONDS
from analysis.measures.retimed import undying
from analysis.measures.rewrites import NANO, Reprice, known, of_chain, written

#: A ping comes so long before an entry would expire.
MARGIN_SECONDS = 30

#: How long pings may go on, in minutes.
PAUSES = (10, 30, 60, 120, 240, 480, 1440)


def pings(rows: pl.DataFrame, reprice: Reprice, pauses: tuple[int, ...] = PAUSES) -> pl.DataFrame:
    """Price the work with main chains kept alive across pauses by requests that read the prompt.

    Nobody knows how long a pause will be: pings come through each one up to the longest, and
    after the last request as well. A ping's own answer is left out.

    Returns
    -------
    pl.DataFrame
        One row for each longest pause: `pause_minutes`, `pings`, `kept` (prompts that had expired
        and are read), `ping_nano`, nano-dollars by class and `total_nano`.
    """
    bill = {name: int(rows[name].sum()) for name in NANO}
    plan = _plan(rows.with_row_index("row"), reprice)
    return pl.DataFrame([_pinged(plan, bill, pause) for pause in pauses])


def _plan(rows: pl.DataFrame, reprice: Reprice) -> pl.DataFrame:
    """Return the requests of main chains that a ping may follow, and what it costs and saves."""
    life = pl.col("lifetime").replace_strict(SECONDS, default=SECONDS["5m"], return_dtype=pl.Int64)
    hour, short = pl.col("write_1h_tokens") > 0, pl.col("write_5m_tokens") > 0
    wrote = pl.when(hour).then(SECONDS["1h"]).when(short).then(SECONDS["5m"])
    ready = rows.with_columns(
        gap=of_chain(pl.col("gap_seconds"), -1),
        every=pl.coalesce(wrote, life) - MARGIN_SECONDS,
        before=of_chain(pl.col("row"), 1),
    )
    none = pl.lit(0, pl.Int64)
    asks = ready.filter("is_main", (pl.col("gap") >= pl.col("every")).fill_null(True))
    read = asks.with_columns(
        read_tokens="context_tokens", input_tokens=none, output_tokens=none, web_searches=none
    )
    expired = ready.filter(pl.col("cause") == "expiry").drop_nulls("before")
    kept = reprice(undying(expired))
    saved = expired.select(
        pl.col("before").alias("row"),
        pl.lit(True).alias("saves"),
        *(kept[name] - expired[name] for name in NANO),
    )
    one = reprice(written(read, none, none))["read_nano"]
    return asks.select("row", "gap", "every", one=one).join(saved, on="row", how="left")


def bridged(rebuilt: pl.DataFrame, reprice: Reprice) -> pl.DataFrame:
    """Return `pings` as a table, longest pause by longest pause, with times the bill.

    Returns
    -------
    pl.DataFrame
        `minutes` (the longest pause), `pings`, `kept`, `pings_usd`, `total_usd`, `times the bill`
        (null where nothing costs anything).
    """
    rows = known(rebuilt)
    bill = int(rows["total_nano"].sum())
    return pings(rows, reprice).select(
        pl.col("pause_minutes").alias("minutes"),
        "pings",
        "kept",
        (pl.col("ping_nano") / 1e9).alias("pings_usd"),
        (pl.col("total_nano") / 1e9).alias("total_usd"),
        pl.when(bill > 0).then(pl.col("total_nano") / bill).alias("times the bill"),
    )


def _pinged(plan: pl.DataFrame, bill: dict[str, int], pause: int) -> dict[str, int]:
    """Price one longest pause."""
    away = pl.min_horizontal(pl.col("gap").fill_null(float("inf")), pl.lit(60.0 * pause))
    pings = (away / pl.col("every")).floor().cast(pl.Int64)
    until = (pings + 1) * pl.col("every") + MARGIN_SECONDS
    alive = pl.col("saves").fill_null(False) & (pings > 0) & (pl.col("gap") <= until)
    found = plan.select(
        pings=pings.sum(),
        kept=alive.sum(),
        ping_nano=(pings * pl.col("one")).sum(),
        **{name: pl.col(name).filter(alive).sum() for name in NANO},
    ).row(0, named=True)
    money = {name: bill[name] + int(found[name]) for name in NANO}
    money["read_nano"] += int(found["ping_nano"])
    counts = {name: int(found[name]) for name in ("pings", "kept", "ping_nano")}
    return {"pause_minutes": pause, **counts, **money, "total_nano": sum(money.values())}
