"""How near simulated logs come to others: the same distributions taken of both."""

from __future__ import annotations

import polars as pl

from analysis.logs.dataset import Logs
from analysis.measures.margin import final
from analysis.sessions import CHAIN, steps

#: Quantiles that a comparison prints.
QUANTILES = (0.1, 0.5, 0.9)

#: What a row says whose distance is null.
NOTHING = "nothing to compare"

_HOUR = 3600  # seconds


def distributions(logs: Logs) -> dict[str, pl.Series]:
    """Take the distributions by which logs are compared.

    Returns
    -------
    dict
        By name, one value per request, turn, prompt or session; no nulls.
    """
    requests = logs.requests
    main = steps(requests.filter(~pl.col("is_sidechain")))
    prompts = logs.events.filter(pl.col("kind") == "prompt")
    gaps = main["gap_seconds"].drop_nulls()
    found = {
        "seconds between requests": gaps,
        "seconds between requests, over an hour": gaps.filter(gaps > _HOUR),
        "seconds until a prompt": _pauses(main, prompts),
        "seconds to the first line": requests.select(
            (pl.col("first_seen") - pl.col("requested_at")).dt.total_milliseconds() / 1000
        ).to_series(),
        "context tokens": main["context_tokens"],
        "context tokens, first request": main.filter(pl.col("step") == 0)["context_tokens"],
        "context growth": main["context_tokens"] - main["previous_context_tokens"],
        "write tokens": requests["write_tokens"],
        "read tokens": requests["read_tokens"],
        "read share of the prompt": requests["read_tokens"] / requests["context_tokens"],
        "output tokens, final counts": final(requests)["output_tokens"],
        "lines per request": requests["lines"],
        "requests per prompt": _per_prompt(main, prompts),
        "requests per session": requests.group_by("session").len()["len"],
        "prompts per session": prompts.group_by("session").len()["len"],
        "requests per subagent": requests.filter("is_sidechain").group_by(CHAIN).len()["len"],
        "prompt characters": prompts["chars"],
        "text characters": requests["text_chars"],
        "tool-input characters": requests["tool_chars"],
        "signature characters": requests["signature_chars"],
    }
    return {name: values.drop_nulls().cast(pl.Float64) for name, values in found.items()}


def shares(logs: Logs) -> dict[str, float | None]:
    """Take the shares by which logs are compared, from 0 to 1; null where there is nothing."""
    requests, kinds = logs.requests, logs.events["kind"].to_list()
    main = steps(requests.filter(~pl.col("is_sidechain")))
    happened = {
        f"{name} per request": kinds.count(kind) / requests.height if requests.height else None
        for name, kind in _EVENTS.items()
    }
    held = (pl.col("read_tokens") + pl.col("write_tokens")).shift().over(CHAIN)
    grown = pl.col("context_tokens") >= pl.col("previous_context_tokens")  # no compaction
    between = {
        "requests after over an hour": (pl.col("gap_seconds") > _HOUR).mean(),
        "requests whose cache was lost": (grown & (pl.col("read_tokens") < held / 2)).mean(),
    }
    parts = {
        "requests by subagents": pl.col("is_sidechain").mean(),
        "requests with thinking": (pl.col("signature_chars") > 0).mean(),
        "requests with text": (pl.col("text_chars") > 0).mean(),
        "requests with a tool call": (pl.col("tool_chars") > 0).mean(),
        "writes kept one hour": _part("write_1h_tokens", "write_tokens"),
        "reads among prompt tokens": _part("read_tokens", "context_tokens"),
    }
    some = main.select(**between).row(0, named=True)
    return happened | some | requests.select(**parts).row(0, named=True)


_EVENTS = {
    "tool errors": "tool_error",
    "prompts": "prompt",
    "compactions": "compaction",
    "API errors": "api_error",
}


def compare(one: Logs, other: Logs) -> pl.DataFrame:
    """Compare two datasets.

    Returns
    -------
    pl.DataFrame
        `name`, the `QUANTILES` of both (`one_10`, ..., `other_90`; a share stands as the median),
        `distance`: after Kolmogorov and Smirnov, or of two shares the part of the greater that
        the other lacks; and `note`: where one side has nothing, the distance is null and this
        says so.
    """
    left, right = distributions(one), distributions(other)
    parts, others = shares(one), shares(other)
    rows: list[dict[str, object]] = []
    for name, values in left.items():
        both = _quantiles("one", values) | _quantiles("other", right[name])
        rows.append({"name": name, **both, "distance": distance(values, right[name])})
    for name, share in parts.items():
        both = {"one_50": share, "other_50": others[name]}
        rows.append({"name": name, **both, "distance": lacking(share, others[name])})
    numbers = [f"{side}_{100 * q:.0f}" for side in ("one", "other") for q in QUANTILES]
    types = {"name": pl.String} | dict.fromkeys([*numbers, "distance"], pl.Float64)
    return pl.DataFrame(rows, schema=types).with_columns(
        note=pl.when(pl.col("distance").is_null()).then(pl.lit(NOTHING))
    )


def distance(one: pl.Series, other: pl.Series) -> float | None:
    """Return the largest difference of two empirical distribution functions; null without any.

    Examples
    --------
    >>> distance(pl.Series([1.0, 2.0]), pl.Series([2.0, 3.0]))
    0.5
    """
    if one.is_empty() or other.is_empty():
        return None
    points = pl.concat([one, other]).unique().sort()
    apart = _below(one, points) - _below(other, points)
    return float(apart.abs().max())  # type: ignore[arg-type]


def lacking(one: float | None, other: float | None) -> float | None:
    """Return the part of the greater of two shares that the other lacks; null without one.

    Examples
    --------
    >>> lacking(0.02, 0.01), lacking(0.0, 0.01), lacking(0.0, 0.0)
    (0.5, 1.0, 0.0)
    """
    if one is None or other is None:
        return None
    return abs(one - other) / (max(one, other) or 1)


def _part(part: str, whole: str) -> pl.Expr:
    """Return a share of sums; null where there is no whole."""
    total = pl.col(whole).sum()
    return pl.when(total > 0).then(pl.col(part).sum() / total)


def _below(values: pl.Series, points: pl.Series) -> pl.Series:
    """Return the share of values at or below each point."""
    return values.sort().search_sorted(points, side="right") / values.len()


def _pauses(requests: pl.DataFrame, prompts: pl.DataFrame) -> pl.Series:
    """Return how long after an answer's last line a person asked again."""
    asked = prompts.select("session", requested_at="at").unique()
    return requests.join(asked, on=["session", "requested_at"])["gap_seconds"]


def _per_prompt(requests: pl.DataFrame, prompts: pl.DataFrame) -> pl.Series:
    """Count the requests that follow each prompt before the next one in its session."""
    asked = prompts.select("session", "at", prompt="at").drop_nulls().sort("at")
    answered = requests.join_asof(
        asked, left_on="first_seen", right_on="at", by="session", check_sortedness=False
    )
    return answered.drop_nulls("prompt").group_by("session", "prompt").len()["len"]


def _quantiles(side: str, values: pl.Series) -> dict[str, float | None]:
    return {f"{side}_{100 * q:.0f}": values.quantile(q) for q in QUANTILES}
