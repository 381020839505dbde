"""What the first requests of a session cost, beside later ones.

Throughout, a prompt is what was read from the cache, written to it and sent uncached. What hinges
on output is taken from requests whose output count is final.
"""

from __future__ import annotations

import polars as pl

from analysis.counted import with_writes
from analysis.facts import facts
from analysis.measures.margin import final
from analysis.measures.published import write_nano

#: Ways to tell early from late, and where each of their stages begins. The second is published
#: for issue #17084, the third for ArkNill.
STAGES = {
    "request": (1, 2, 11, 51),
    "session of requests": (1, 11, 51, 101),
    "quarter of the session": (1, 2, 3, 4),
}
_QUARTERS = 4


def stages(stretched: pl.DataFrame, policy: str = "largest") -> pl.DataFrame:
    """Split requests by how far into their session they are, three ways.

    Parameters
    ----------
    stretched
        Priced requests from `analysis.measures.growth.stretches`. Those whose writes are not
        known are left out.
    policy
        How they were counted.

    Returns
    -------
    pl.DataFrame
        One row per way and stage that has requests: `by`, `stage`, `requests`, `prompt_tokens`
        (mean), `hit_rate` (of prompt tokens, read), `write_share` (of prompt tokens, written),
        `write_usd`, `read_usd`, `input_usd` (mean a request; null without a price), `cache_share`
        (reads and writes, of dollars, in `final` requests with a price), and of published
        accounts `published_hit_rate`, `published_write_share`, `account`. A quarter is of a
        session of at least four requests.
    """
    size = pl.len().over("chain")
    ways = {
        "request": pl.col("number"),
        "session of requests": size,
        "quarter of the session": pl.when(size >= _QUARTERS).then(
            (pl.col("number") - 1) * _QUARTERS // size + 1
        ),
    }
    rows = with_writes(stretched).with_row_index("row")
    sure = final(rows, policy).select("row").with_columns(final=True)
    made = (
        rows.join(sure, on="row", how="left", maintain_order="left")
        .with_columns(write_nano(), final=pl.col("final").fill_null(False))
        .with_columns(at.cast(pl.Int64).alias(by) for by, at in ways.items())
    )
    found = [_by(made, by, begins) for by, begins in STAGES.items()]
    published = (
        facts("stages")
        .filter(pl.col("by").is_in(list(STAGES)))
        .select(
            "by",
            "first",
            "account",
            published_hit_rate="hit_rate",
            published_write_share="write_share",
        )
    )
    return (
        pl.concat(found)
        .join(published, on=["by", "first"], how="left", maintain_order="left")
        .drop("first")
    )


def _by(made: pl.DataFrame, by: str, begins: tuple[int, ...]) -> pl.DataFrame:
    """Sum requests by the stage in which a column of theirs lies."""
    ends = [*(at - 1 for at in begins[1:]), None]
    names = [_stage(by, first, last) for first, last in zip(begins, ends, strict=True)]
    prompt = pl.sum_horizontal("read_tokens", "write_tokens", "input_tokens")
    usd = [(pl.col(f"{c}_nano").mean() / 1e9).alias(f"{c}_usd") for c in ("write", "read", "input")]
    cache = (pl.col("read_nano") + pl.col("write_nano")).filter(pl.col("final"))
    total = pl.col("total_nano").filter(pl.col("final"))
    return (
        made.drop_nulls(by)
        .with_columns(stage=sum((pl.col(by) >= at).cast(pl.Int64) for at in begins[1:]))
        .group_by("stage")
        .agg(
            pl.len().cast(pl.Int64).alias("requests"),
            prompt.mean().alias("prompt_tokens"),
            (pl.col("read_tokens").sum() / prompt.sum()).alias("hit_rate"),
            (pl.col("write_tokens").sum() / prompt.sum()).alias("write_share"),
            *usd,
            (cache.sum() / total.sum()).alias("cache_share"),
        )
        .sort("stage")
        .select(
            pl.lit(by).alias("by"),
            pl.col("stage").replace_strict(dict(enumerate(names)), return_dtype=pl.String),
            "requests",
            "prompt_tokens",
            pl.col("hit_rate", "write_share").fill_nan(None),
            "write_usd",
            "read_usd",
            "input_usd",
            pl.col("cache_share").fill_nan(None),
            first=pl.col("stage").replace_strict(dict(enumerate(begins)), return_dtype=pl.Int64),
        )
    )


def _stage(by: str, first: int, last: int | None) -> str:
    reach = f"{first}" if last == first else f"{first} to {last}" if last else f"{first} on"
    if by == "session of requests":
        return f"sessions of {reach.replace(' on', ' or more')}"
    if by != "request":
        return f"quarter {first}"
    return f"request {reach}" if last == first else f"requests {reach}"
