"""List-price dollars by token class: of these logs, and of published accounts."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.margin import PARTS
from analysis.measures.published import bill, split_io, uncached, write_nano
from analysis.measures.rates import rates
from analysis.measures.reconstruct import outputs


def mix(priced: pl.DataFrame, policy: str = "largest") -> pl.DataFrame:
    """Sum list-price dollars by token class, output reconstructed.

    Returns
    -------
    pl.DataFrame
        One row for each of read, write, input and output: `class`, `revenue_usd`, `input_usd` (the
        same tokens, each at its model's input price).
    """
    rows = outputs(priced.hstack(rates(priced)), policy).filter(
        pl.col("total_nano").is_not_null(), pl.col("input_rate").is_not_null()
    )
    output = pl.col("output_nano") + pl.col("rest_nano").fill_null(0)
    revenue = rows.with_columns(write_nano()).with_columns(output_nano=output)
    tokens = {p: pl.col(f"{p}_tokens") for p in PARTS}
    tokens["output"] = charged_output()
    return pl.DataFrame(
        {
            "class": PARTS,
            "revenue_usd": [float(revenue[f"{p}_nano"].sum()) / 1e9 for p in PARTS],
            "input_usd": [
                float(rows.select((t * pl.col("input_rate")).sum()).item() or 0) / 1e9
                for t in tokens.values()
            ],
        }
    )


def charged_output() -> pl.Expr:
    """Return tokens of output that dollars are known of: reconstructed, or as logged."""
    known = pl.col("rest_nano").is_not_null()
    return pl.when(known).then("expected_output_tokens").otherwise("output_tokens")


def published_mixes() -> pl.DataFrame:
    """Return the reads' share of dollars of every published account that gives token counts.

    Returns
    -------
    pl.DataFrame
        `case`, `low`, `high`: over the lifetime of writes, and how input and output split.
    """
    counted = split_io(
        facts("cases").filter(
            pl.col("read_tokens").is_not_null(), pl.col("write_tokens").is_not_null()
        )
    )
    both = pl.concat([bill(counted, lifetime) for lifetime in ("5m", "1h")])
    share = pl.col("read_nano") / pl.col("total_nano")
    return both.group_by("case", maintain_order=True).agg(
        share.min().alias("low"), share.max().alias("high")
    )


def case_mix(name: str) -> pl.DataFrame:
    """Return `mix` of a published case with token counts, its writes living five minutes."""
    row = facts("cases").filter(pl.col("case") == name)
    paid, rate = bill(row), uncached(row)["input_nano"].item()
    prompt = row.select(pl.sum_horizontal("read_tokens", "write_tokens", "input_tokens")).item()
    return pl.DataFrame(
        {
            "class": PARTS,
            "revenue_usd": [paid[f"{p}_nano"].item() / 1e9 for p in PARTS],
            "input_usd": [row[f"{p}_tokens"].item() * rate / prompt / 1e9 for p in PARTS],
        }
    )


def share_of(mixed: pl.DataFrame, name: str) -> float | None:
    """Return a class's share of revenue; None where there is none.

    Examples
    --------
    >>> round(share_of(case_mix("session"), "read"), 4)
    0.8077
    """
    total = float(mixed["revenue_usd"].sum())
    own = float(mixed.filter(pl.col("class") == name)["revenue_usd"].item())
    return own / total if total > 0 else None
