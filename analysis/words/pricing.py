"""Say what a cached token costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from analysis.facts import facts
from analysis.pricebook import price_book
from analysis.words.numbers import count, day, extent
from analysis.words.scorecard import number

#: The text's rules on the price of caching: claims of the scorecard, as the text has them.
RULES = ("T3.3", "T3.4", "T3.5", "T3.6", "T3.7", "T4.17")

PRICES = (
    f"the list prices of genai-prices {price_book().version}, put right by "
    "`data/raw/facts/price-corrections.csv`; first days from `data/raw/facts/models.csv`"
)
LIST = dict.fromkeys(("input", "write_5m", "write_1h", "read", "output"), "usd-list")
RULES_SOURCE = "`data/raw/facts/claims.csv`, list prices, and these logs"


def times(value: float) -> str:
    """Write a multiple as fine as it is.

    Examples
    --------
    >>> times(1.25), times(2.0), times(0.025)
    ('1.25×', '2×', '0.025×')
    """
    return f"{value:,.3g}×"


def usual(values: pl.Series) -> float:
    """Return the value that most have.

    Examples
    --------
    >>> usual(pl.Series([0.1, 0.12, 0.1]))
    0.1
    """
    return float(values.value_counts(sort=True)[values.name][0])


def reads(value: float) -> str:
    """Write a number of reads.

    Examples
    --------
    >>> reads(5 / 18), reads(31.0)
    ('0.28 reads', '31.00 reads')
    """
    return f"{value:,.2f} reads"


def row_name(row: Mapping[str, Any]) -> str:
    """Name a row of `measures.pricing.multiples`: models, long prompts, days."""
    versions = "" if row["versions"] == row["family"] else f" {row['versions']}"
    long = f", prompts over {row['above'] // 1000}k" if row["above"] else ""
    start = f", from {row['first']}" if row["first"] else ""
    end = f", to {row['last']}" if row["last"] else ""
    return f"{row['family']}{versions}{long}{start}{end}"


def multiples(frame: pl.DataFrame) -> str:
    """Caption the multiples."""
    base, long = frame.filter(pl.col("above") == 0), frame.filter(pl.col("above") > 0)
    read, five, hour = (
        usual(base[f"{part}_multiple"]) for part in ("read", "write_5m", "write_1h")
    )
    odd = sorted({value for value in base["read_multiple"] if value != read})
    listed = ", ".join(map(times, odd))
    tiers = " and ".join(f"{n // 1000}k" for n in sorted(set(long["above"]), reverse=True))
    return (
        f"A cache read costs {times(read)} the base input price, a write "
        f"{times(five)} for five minutes and {times(hour)} for an hour, "
        f"with exceptions: reads at {listed}, and long prompts. What is not as usual is labelled. "
        f"Hollow: prompts over {tiers} tokens, where every token of the request costs more; the "
        "multiple is of the base price for shorter ones. Dashed: input. Models of a family with "
        "the same multiples share a row; [](#tab-pricing-prices) has each in dollars."
    )


def multiples_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the multiples."""
    listed = "; ".join(
        f"{row_name(row)}: read {times(row['read_multiple'])}, writes "
        f"{times(row['write_5m_multiple'])} and {times(row['write_1h_multiple'])}"
        for row in frame.to_dicts()
    )
    return f"Three marks in each row on a log axis. {listed}."


def prices(frame: pl.DataFrame) -> str:
    """Caption the list prices."""
    models = frame["model"].n_unique()
    return (
        f"A million tokens read from the cache cost {extent(frame['read'], _usd)} on the list of "
        f"{count(models, 'model')}, a million of input {extent(frame['input'], _usd)}. List "
        "prices, $ per million tokens. From: the first day of the price or of the model, as far as "
        "is known; to: the last, where there is one. A row of long prompts holds for every token "
        "of such a request."
    )


def price_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of the list prices that a table shows."""
    above = pl.col("above").map_elements("{:,}".format, pl.String)
    long = pl.format(", prompts over {} tokens", above)
    tier = pl.when(pl.col("above") > 0).then(long).otherwise(pl.lit(""))
    return frame.select(
        pl.concat_str("name", tier).alias("model"),
        pl.coalesce(pl.col("first").cast(pl.String), "since").alias("from"),
        pl.col("last").alias("to"),
        *LIST,
    )


def _usd(value: float) -> str:
    return f"${value:,.2f}"


def rules(card: pl.DataFrame) -> pl.DataFrame:
    """Return the text's rules with their verdicts, as a table.

    Parameters
    ----------
    card
        `measures.scorecard.scorecard`.
    """
    rows = [_rule(row) for row in card.filter(pl.col("claim").is_in(RULES)).to_dicts()]
    columns = ("claim", "rule", "printed", "ours", "these logs", "verdict")
    return pl.DataFrame(rows, dict.fromkeys(columns, pl.String))


def _rule(row: Mapping[str, Any]) -> dict[str, str | None]:
    def values(name: str) -> str | None:
        found = [f"{number(r['value'], r['unit'])} ({r['definition']})" for r in row[name]]
        return "; ".join(found) or None

    return {
        "claim": f"[](#claim-{row['claim'].lower().replace('.', '-')})",
        "rule": row["says"],
        "printed": number(row["printed"], row["unit"], row["step"]),
        "ours": values("ours"),
        "these logs": values("yours"),
        "verdict": f"**{row['verdict']}**",
    }


def rules_caption(card: pl.DataFrame) -> str:
    """Caption the rules."""
    rows = card.filter(pl.col("claim").is_in(RULES))
    held = rows.filter(pl.col("verdict").is_in(["exact", "rounding"])).height
    hour = facts("lifetimes").filter(pl.col("kind") == "optional")["minutes"].item()
    return (
        f"{held} of {count(rows.height, 'rule')} on the price of caching hold as printed, on the "
        "day and for the model of the text. Left out by the text: the write that lives "
        f"{hour} minutes and costs more. Ours: from the price list; a second reading is that "
        "write's. These logs: what they paid, which has no part in the verdict."
    )


def today(frame: pl.DataFrame) -> str:
    """Say since when the text's rule on reads has exceptions."""
    base = frame.filter(pl.col("above") == 0)
    most = usual(base["read_multiple"])
    lower = base.filter(pl.col("read_multiple") < most)
    first = min(lower["first"].drop_nulls(), default=None)
    named = ", ".join(dict.fromkeys(lower["name"]))
    dated = f"; one price fell on {day(first)}" if first else ""
    return f"Reads cost less than {times(most)} the input price on {named}{dated}."
