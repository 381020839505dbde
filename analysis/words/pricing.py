"""Say what a cached token costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from analysis.facts import facts
from analysis.pricebook import price_book
from analysis.words.numbers import count, day, extent, share, usd
from analysis.words.scorecard import number

#: The text's rules on the price of caching: claims of the scorecard, as the text has them.
RULES = ("T3.3", "T3.4", "T3.5", "T3.6", "T3.7", "T4.17")

PRICES = (
    f"the list prices of genai-prices {price_book().version}, put right by "
    "`data/raw/facts/price-corrections.csv`; first days from `data/raw/facts/models.csv`"
)
LIST = dict.fromkeys(("input", "write_5m", "write_1h", "read", "output"), "usd-list")
PAID = {
    "written": "tokens",
    "write, of input": "percent",
    "read, of input": "percent",
    "premium": "usd",
}
RULES_SOURCE = "`data/raw/facts/claims.csv`, list prices, and these logs"


def times(value: float) -> str:
    """Write a multiple as fine as it is.

    Examples
    --------
    >>> times(1.25), times(2.0), times(0.025)
    ('1.25×', '2×', '0.025×')
    """
    return f"{value:,.3g}×"


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
    long = f", prompts over {row['above']:,} tokens" if row["above"] else ""
    start = f", from {row['first']}" if row["first"] else ""
    end = f", to {row['last']}" if row["last"] else ""
    return f"{row['family']}{versions}{long}{start}{end}"


def multiples(frame: pl.DataFrame) -> str:
    """Caption the multiples."""
    base, long = frame.filter(pl.col("above") == 0), frame.filter(pl.col("above") > 0)
    usual = {p: base[f"{p}_multiple"].mode().min() for p in ("read", "write_5m", "write_1h")}
    odd = sorted({v for v in base["read_multiple"] if v != usual["read"]})
    listed = ", ".join(times(v) for v in odd)
    tiers = " and ".join(f"{n // 1000}k" for n in sorted(set(long["above"]), reverse=True))
    return (
        f"A cache read costs {times(usual['read'])} the base input price, a write "
        f"{times(usual['write_5m'])} for five minutes and {times(usual['write_1h'])} for an hour, "
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
        "prices, $ per million tokens. Since: the model, as far as is known. First and last: days "
        "on which the price holds; a dash is open. Above: prompt tokens beyond which the row holds "
        "for every token of a request."
    )


def price_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of the list prices that a table shows."""
    return frame.select(
        pl.col("name").alias("model"),
        "since",
        "first",
        "last",
        "above",
        "input",
        "write_5m",
        "write_1h",
        "read",
        "output",
    )


def _usd(value: float) -> str:
    return f"${value:,.2f}"


def costs(even: pl.DataFrame) -> str:
    """Caption the cost of a write and its reads."""
    five, hour = even["whole_5m"].max(), even["whole_1h"].max()
    return (
        f"A write kept five minutes pays from {_nth(five)} read on, a write kept an hour from "
        f"{_nth(hour)}, whatever the model. Lines: the multiples of most models; band: all that "
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
        "tier of long prompts raises every price alike and has the same break-even."
    )


def even_table(even: pl.DataFrame) -> pl.DataFrame:
    """Return the break-even as a table."""
    written = {"write_5m": "write, 5 minutes", "write_1h": "write, 1 hour", "read": "read"}
    return even.select(
        "models",
        *(
            pl.col(f"{part}_multiple").map_elements(times, pl.String).alias(name)
            for part, name in written.items()
        ),
        pl.col("reads_5m").alias("reads, 5 minutes"),
        pl.col("whole_5m").alias("whole, 5 minutes"),
        pl.col("reads_1h").alias("reads, 1 hour"),
        pl.col("whole_1h").alias("whole, 1 hour"),
        pl.col("breaks_1h").alias("breaks"),
        pl.col("rewritten_share"),
    )


def _nth(whole: int) -> str:
    return {1: "its first", 2: "its second", 3: "its third"}.get(whole, f"read {whole}, each")


def paid(frame: pl.DataFrame) -> str:
    """Caption what these logs paid."""
    if frame.is_empty():
        return "No request of these logs has a price, so nothing was paid for a cached token."
    whole = frame.row(-1, named=True)
    said = [
        f"{share(whole[f'{part}_multiple'])} of the input price per token {name}"
        for part, name in (("write", "written"), ("read", "read"))
        if whole[f"{part}_multiple"] is not None
    ]
    rest = (
        "Hour: share of the tokens written that are kept an hour, where the log splits them. "
        "Write and read: paid per token, over the base input price of its model, day and mode. "
        "Even: reads per write at which these multiples have paid. Premium: what long prompts "
        "paid over the base price. Writes that the log does not split count as five minutes."
    )
    return f"These logs paid {' and '.join(said) or 'for no cached token'} at list. {rest}"


def paid_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return what these logs paid as a table; formats are `PAID`."""
    return frame.select(
        pl.col("model").fill_null("all models"),
        "requests",
        pl.col("write_tokens").alias("written"),
        "hour_share",
        pl.col("write_multiple").alias("write, of input"),
        pl.col("read_multiple").alias("read, of input"),
        "reads_per_write",
        "even",
        pl.col("premium_requests").alias("long prompts"),
        pl.col("premium_usd").alias("premium"),
        "total_usd",
    )


def premium(frame: pl.DataFrame) -> str:
    """Say how much fell in a tier of long prompts."""
    if frame.is_empty():
        return "No request of these logs has a price, so none paid a premium for a long prompt."
    whole = frame.row(-1, named=True)
    if not whole["premium_requests"]:
        return (
            f"None of {count(whole['requests'], 'request')} with a price fell in a tier of long "
            "prompts, so no premium was paid."
        )
    return (
        f"{count(whole['premium_requests'], 'request')} fell in a tier of long prompts and paid "
        f"{usd(whole['premium_usd'])} over the base price, {share(whole['premium_share'])} of all "
        "list-price dollars."
    )


def kept(frame: pl.DataFrame) -> str:
    """Caption the reads of a written token."""
    seen = frame.drop_nulls("reads_per_write")
    if seen.is_empty():
        return "No cached token was written in these logs, so none was read again."
    whole = seen.row(-1, named=True)
    even = whole["even"]
    said = f"In these logs {whole['reads_per_write']:,.1f} tokens were read per token written"
    if even is not None:
        verdict = "paid" if whole["reads_per_write"] > even else "did not pay"
        said += f"; at their prices a write has paid at {even:,.2f}, so the cache {verdict}"
    return (
        f"{said}. By model: the dot is tokens read over tokens written, the bar the reads at which "
        "a write has paid at this model's multiples and mix of lifetimes. A token that was written "
        "before these logs begin, or by somebody else's request, is read here and not written."
    )


def kept_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the reads of a written token."""
    seen = frame.drop_nulls("reads_per_write").to_dicts()
    listed = "; ".join(f"{r['model'] or 'all models'} {r['reads_per_write']:,.1f}" for r in seen)
    return f"A dot far or near from a bar in each row, on a log axis: {listed or 'none'}."


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
    lower = frame.filter(pl.col("above") == 0, pl.col("read_multiple") < 0.1)
    first = lower["first"].drop_nulls().min()
    named = ", ".join(dict.fromkeys(lower["name"]))
    dated = f"; one price fell on {day(first)}" if first else ""
    return f"Reads are below a tenth of the input price on {named}{dated}."
