"""Say when a cache write pays."""

from __future__ import annotations

import polars as pl

from analysis.words.numbers import extent
from analysis.words.pricing import reads, times

_NAMED = 6  # models in a cell; of more, their number


def costs(even: pl.DataFrame) -> str:
    """Caption the cost of a write and its reads."""
    five, hour = (max(even[f"whole_{lifetime}"].to_list()) for lifetime in ("5m", "1h"))
    return (
        f"A write kept five minutes pays from {_nth(five)} read on, a write kept an hour from "
        f"{_nth(hour)}, whatever the model. Lines: the multiples of most models; grey: all that "
        "are on the list. Dashed at one: the same tokens sent uncached each time. A write costs "
        "*w* times input and a read *r* times, so *n* reads have paid at *n* = (*w* - 1) / "
        "(1 - *r*)."
    )


def costs_alt(even: pl.DataFrame) -> str:
    """Say what is seen in the cost of a write and its reads."""
    return (
        "Two falling curves over the number of reads. Without a read they begin at "
        f"{extent(even['write_5m_multiple'], times)} and {extent(even['write_1h_multiple'], times)}"
        f"; they cross one at {extent(even['reads_5m'], reads)} and "
        f"{extent(even['reads_1h'], reads)}."
    )


def break_even(even: pl.DataFrame) -> str:
    """Caption the break-even."""
    return (
        f"One spared rewrite pays for the hour: {extent(even['breaks_1h'], '{:.2f}'.format)} of "
        "one, to be exact. Reads: per write, at which it has paid; whole: from which it is "
        "cheaper. Breaks: of more than five minutes and less than an hour, at which one write kept "
        "an hour has paid against a five-minute write after each. Rewritten: if an hour would "
        "have kept more than this share of the tokens written at five minutes, it is cheaper. A "
        "tier of long prompts raises all prices of prompt tokens alike and has the same break-even."
    )


def even_table(even: pl.DataFrame) -> pl.DataFrame:
    """Return the break-even as a table."""
    written = {"write_5m": "write, 5 min", "write_1h": "write, 1 h", "read": "read"}
    many = pl.col("models").str.count_matches(",") + 1
    others = pl.when(many > _NAMED).then(pl.format("{} others", many)).otherwise("models")
    return even.sort(many).select(
        others.alias("models"),
        *(
            pl.col(f"{part}_multiple").map_elements(times, pl.String).alias(name)
            for part, name in written.items()
        ),
        pl.col("reads_5m").alias("reads, 5 min"),
        pl.col("whole_5m").alias("whole, 5 min"),
        pl.col("reads_1h").alias("reads, 1 h"),
        pl.col("whole_1h").alias("whole, 1 h"),
        pl.col("breaks_1h").alias("breaks"),
        pl.col("rewritten_share").alias("rewritten share"),
    )


def _nth(whole: int) -> str:
    return {1: "its first", 2: "its second", 3: "its third"}.get(whole, f"read {whole}, each")
