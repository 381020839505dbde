"""What can be checked: a day that another firm disclosed, and prices of later models."""

from __future__ import annotations

from functools import cache

import polars as pl

from analysis.facts import facts
from analysis.measures.architectures import of_model
from analysis.measures.bounds import least
from analysis.measures.pricing import prices
from analysis.measures.serving import assumptions

_DAY = 86_400  # seconds


@cache
def disclosed() -> dict[str, float]:
    """Return the numbers of the day that DeepSeek disclosed, by name.

    Examples
    --------
    >>> disclosed()["hit_rate"]
    0.563
    """
    return dict(facts("disclosed").select("name", "value").rows())


def day() -> pl.DataFrame:
    """Split the disclosed day by phase: its nodes, cost and revenue.

    A node's two rates say how many nodes each phase took; together they are compared with the
    printed mean.

    Returns
    -------
    pl.DataFrame
        `phase` (prompts, answers, both), `nodes`, `cost_usd`, `revenue_usd`, `margin` (at R1's
        prices, had every token been billed); `printed_nodes`, `printed_cost_usd` and
        `printed_revenue_usd` for both, else null.

    Examples
    --------
    >>> [round(n, 1) for n in day()["nodes"]]
    [95.5, 131.4, 226.9]
    """
    d = disclosed()
    missed = d["input_tokens"] - d["hit_tokens"]
    hits = d["hit_tokens"] * d["hit_price"]
    rows = [
        ("prompts", d["input_tokens"] / d["prefill_rate"], hits + missed * d["miss_price"]),
        ("answers", d["output_tokens"] / d["decode_rate"], d["output_tokens"] * d["output_price"]),
    ]
    a_node = d["node_accelerators"] * d["accelerator_hour"] * 24
    frame = pl.DataFrame(rows, ["phase", "seconds", "micros"], orient="row").select(
        "phase",
        nodes=pl.col("seconds") / _DAY,
        cost_usd=pl.col("seconds") / _DAY * a_node,
        revenue_usd=pl.col("micros") / 1e6,
    )
    both = frame.sum().with_columns(phase=pl.lit("both"))
    printed = {"nodes": "nodes", "cost_usd": "day_cost", "revenue_usd": "day_revenue"}
    whole = pl.col("phase") == "both"
    return pl.concat([frame, both]).with_columns(
        *(pl.when(whole).then(d[key]).alias(f"printed_{name}") for name, key in printed.items()),
        margin=1 - pl.col("cost_usd") / pl.col("revenue_usd"),
    )


def hits_from() -> float:
    """Return the least margin on that day's hits: all cost of prompts charged to them.

    Examples
    --------
    >>> round(hits_from(), 3)
    0.234
    """
    d, prompts = disclosed(), day().row(0, named=True)
    revenue = d["hit_tokens"] * d["hit_price"] / 1e6
    return least(revenue / prompts["revenue_usd"], prompts["margin"])


def checks() -> pl.DataFrame:
    """Set what the disclosed day implies beside the range that is assumed.

    Prompts are taken to be computed by arithmetic alone, with 16-bit numbers at their peak rate;
    hits are taken to cost nothing, which makes the implied utilisation a lower end. Only a range
    that was set without DeepSeek's numbers can fail.

    Returns
    -------
    pl.DataFrame
        `name`, `label`, `implied`, `low`, `high`, `unit`, `deepseek` (its part in the range: an
        `end` of it, `seen` when it was set, or `no`), `inside`.
    """
    d = disclosed()
    fresh_rate = d["prefill_rate"] * (1 - d["hit_tokens"] / d["input_tokens"])
    known = {row["name"]: row for row in assumptions().to_dicts()}
    model = of_model()
    busy = fresh_rate * 2 * model["active_parameters"] / d["node_accelerators"]
    implied = {
        "accelerator_hour": d["accelerator_hour"],
        "occupancy": d["nodes"] / d["peak_nodes"],
        "utilisation": busy / known["peak_flops"]["low"],
        "decode_multiple": fresh_rate / d["decode_rate"],
        "kv_bytes": model["kv_bytes"],
        "active_parameters": model["active_parameters"],
        "attention_flops": model["attention_flops"],
    }
    rows = pl.DataFrame(
        {"name": list(implied), "implied": [float(value) for value in implied.values()]}
    )
    return (
        rows.join(assumptions(), on="name", maintain_order="left")
        .select("name", "label", "implied", "low", "high", "unit", "deepseek")
        .with_columns(inside=pl.col("implied").is_between("low", "high"))
    )


def read_prices() -> pl.DataFrame:
    """Group models by what a read costs, as a multiple of input.

    Returns
    -------
    pl.DataFrame
        Dearest first: `read_multiple`, `models` (with the first day of a price that came later).
    """
    base = prices().filter(pl.col("above") == 0, pl.col("read_multiple").is_not_null())
    return (
        base.with_columns(pl.col("read_multiple").round(4))
        .unique(["name", "read_multiple"], keep="first", maintain_order=True)
        .with_columns(name=pl.coalesce(pl.format("{} (from {})", "name", "first"), "name"))
        .group_by("read_multiple", maintain_order=True)
        .agg(pl.col("name").str.join(", ").alias("models"))
        .sort("read_multiple", descending=True)
    )
