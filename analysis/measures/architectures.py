"""Open models of published size: what a cached token takes of the arithmetic of a computed one."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.facts import case, facts
from analysis.measures.revenue import FIRM

_MODEL = "DeepSeek-V3"  # whose day was disclosed


def attention() -> pl.DataFrame:
    """Compute how much arithmetic a cached token saves in open models, on the published session.

    A token of the prompt takes two operations by parameter and attends to half of the prompt on
    average. Cached or not, each new token attends to it. Memory, and what it costs to keep and to
    bring back its state, are left out.

    Returns
    -------
    pl.DataFrame
        One row per model: `model`, `maker`, `active_parameters`, `attention_flops` (of a token to
        one other), `kv_bytes`, `fresh_flops` and `cached_flops` (of a token of the mean prompt),
        `share` (cached over fresh).

    Examples
    --------
    >>> [f"{100 * s:.1f}" for s in attention()["share"]]
    ['2.9', '2.2', '1.7']
    """
    session = case("session").row(0, named=True)
    prompt = sum(session[f"{p}_tokens"] for p in ("read", "write", "input")) / session["requests"]
    new = sum(session[f"{p}_tokens"] for p in ("write", "input", "output")) / session["requests"]
    width = pl.col("key_width") + pl.col("value_width")
    once = 2 * pl.col("layers") * pl.col("heads") * width
    return (
        facts("architectures")
        .with_columns(attention_flops=once.cast(pl.Float64))
        .with_columns(cached_flops=pl.col("attention_flops") * new)
        .with_columns(
            fresh_flops=2 * pl.col("active_parameters")
            + pl.col("attention_flops") * prompt / 2
            + pl.col("cached_flops")
        )
        .select(
            "model",
            "maker",
            "active_parameters",
            "attention_flops",
            "kv_bytes",
            "fresh_flops",
            "cached_flops",
            share=pl.col("cached_flops") / pl.col("fresh_flops"),
        )
    )


def of_model(name: str = _MODEL) -> dict[str, Any]:
    """Return the row of `attention` of one model.

    Examples
    --------
    >>> of_model()["kv_bytes"]
    70272
    """
    return attention().row(by_predicate=pl.col("model") == name, named=True)


def sizes_of(maker: str = FIRM) -> int:
    """Count the models of a maker whose size is published.

    Examples
    --------
    >>> sizes_of()
    0
    """
    return attention().filter(pl.col("maker") == maker).height
