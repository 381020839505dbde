"""How near simulated logs come to others: the same distributions taken of both."""

from __future__ import annotations

import polars as pl

from analysis.logs.dataset import Logs
from analysis.measures.margin import final

#: Quantiles that a comparison prints.
QUANTILES = (0.1, 0.5, 0.9)

_CHAIN = ("session", "agent")


def distributions(logs: Logs) -> dict[str, pl.Series]:
    """Take the distributions by which logs are compared.

    Returns
    -------
    dict
        By name, one value per request, turn, prompt or session; no nulls.
    """
    requests = logs.requests
    main = _chained(requests.filter(~pl.col("is_sidechain")))
    prompts = logs.events.filter(pl.col("kind") == "prompt")
    priced = final(requests)
    read = pl.col("read_tokens") / pl.col("context_tokens")
    found = {
        "seconds between requests": main["gap"],
        "seconds to the first line": requests.select(
            (pl.col("first_seen") - pl.col("requested_at")).dt.total_milliseconds() / 1000
        ).to_series(),
        "context tokens": main["context_tokens"],
        "context tokens, first request": main.filter(pl.col("gap").is_null())["context_tokens"],
        "context growth": main["growth"],
        "write tokens": requests["write_tokens"],
        "read tokens": requests["read_tokens"],
        "read share of the prompt": requests.select(read).to_series(),
        "output tokens, final counts": priced["output_tokens"],
        "lines per request": requests["lines"],
        "requests per prompt": _per_prompt(main, prompts),
        "requests per session": requests.group_by("session").len()["len"],
        "requests per subagent": requests.filter(pl.col("is_sidechain"))
        .group_by(_CHAIN)
        .len()["len"],
        "prompt characters": prompts["chars"],
        "text characters": requests["text_chars"],
        "tool-input characters": requests["tool_chars"],
        "signature characters": requests["signature_chars"],
    }
    return {name: values.drop_nulls().cast(pl.Float64) for name, values in found.items()}


def shares(logs: Logs) -> dict[str, float]:
    """Take the shares by which logs are compared, each between 0 and 1."""
    requests, kinds = logs.requests, logs.events["kind"].to_list()
    happened = {
        "tool errors per request": kinds.count("tool_error") / requests.height,
        "prompts per request": kinds.count("prompt") / requests.height,
        "compactions per request": kinds.count("compaction") / requests.height,
    }
    parts = {
        "requests by subagents": pl.col("is_sidechain").mean(),
        "requests with thinking": (pl.col("signature_chars") > 0).mean(),
        "requests with text": (pl.col("text_chars") > 0).mean(),
        "requests with a tool call": (pl.col("tool_chars") > 0).mean(),
        "writes kept one hour": pl.col("write_1h_tokens").sum() / pl.col("write_tokens").sum(),
        "reads among prompt tokens": pl.col("read_tokens").sum() / pl.col("context_tokens").sum(),
    }
    return happened | requests.select(**parts).row(0, named=True)


def compare(one: Logs, other: Logs) -> pl.DataFrame:
    """Compare two datasets.

    Returns
    -------
    pl.DataFrame
        `name`, the `QUANTILES` of both (`one_10`, ..., `other_90`; a share stands as the median),
        and `distance`: after Kolmogorov and Smirnov, or the difference of two shares.
    """
    left, right = distributions(one), distributions(other)
    parts, others = shares(one), shares(other)
    rows: list[dict[str, object]] = []
    for name, values in left.items():
        both = _quantiles("one", values) | _quantiles("other", right[name])
        rows.append({"name": name, **both, "distance": distance(values, right[name])})
    for name, share in parts.items():
        both = {"one_50": share, "other_50": others[name]}
        rows.append({"name": name, **both, "distance": abs(share - others[name])})
    columns = [f"{side}_{100 * q:.0f}" for side in ("one", "other") for q in QUANTILES]
    return pl.DataFrame(rows).select("name", *columns, "distance")


def distance(one: pl.Series, other: pl.Series) -> float:
    """Return the largest difference of two empirical distribution functions.

    Examples
    --------
    >>> distance(pl.Series([1.0, 2.0]), pl.Series([2.0, 3.0]))
    0.5
    """
    points = pl.concat([one, other]).unique().sort()
    apart = _below(one, points) - _below(other, points)
    return float(apart.abs().max())  # type: ignore[arg-type]


def _below(values: pl.Series, points: pl.Series) -> pl.Series:
    """Return the share of values at or below each point."""
    return values.sort().search_sorted(points, side="right") / values.len()


def _chained(requests: pl.DataFrame) -> pl.DataFrame:
    """Add each request's distance from the one before it in its chain."""
    gap = pl.col("first_seen").diff().over(_CHAIN).dt.total_milliseconds() / 1000
    return requests.sort("first_seen").with_columns(
        gap=gap, growth=pl.col("context_tokens").diff().over(_CHAIN)
    )


def _per_prompt(requests: pl.DataFrame, prompts: pl.DataFrame) -> pl.Series:
    """Count the requests that follow each prompt before the next one in its session."""
    asked = prompts.select("session", "at", prompt="at").drop_nulls().sort("at")
    answered = requests.join_asof(
        asked, left_on="first_seen", right_on="at", by="session", check_sortedness=False
    )
    return answered.drop_nulls("prompt").group_by("session", "prompt").len()["len"]


def _quantiles(side: str, values: pl.Series) -> dict[str, float | None]:
    return {f"{side}_{100 * q:.0f}": values.quantile(q) for q in QUANTILES}
