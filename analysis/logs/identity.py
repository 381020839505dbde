"""Which copies are one request, and which copy speaks for it."""

from __future__ import annotations

import polars as pl

from analysis.logs.policies import POLICIES, Policy
from analysis.schema import REQUESTS

_TOKENS = ("input_tokens", "write_tokens", "write_5m_tokens", "write_1h_tokens", "read_tokens")


def resolve(copies: pl.DataFrame, policy: str = "largest") -> pl.DataFrame:
    """Resolve copies to requests.

    The rule is a total order, so the result does not depend on the order of files or lines:
    a real record before agent progress, the main chain before a sidechain, most output, then
    the earliest, then ids. Times span all copies.

    Parameters
    ----------
    copies
        The `copies` table, of one dataset or of several joined.
    policy
        A name from `POLICIES`.

    Returns
    -------
    pl.DataFrame
        The `requests` table, ordered by time and message id.

    Raises
    ------
    ValueError
        When the policy is unknown; lists the known ones.

    Examples
    --------
    >>> from analysis.schema import dtypes
    >>> resolve(pl.DataFrame(schema=dtypes("copies"))).height
    0
    """
    if policy not in POLICIES:
        raise ValueError(f"unknown policy {policy!r}: choose one of {', '.join(POLICIES)}")
    rule = POLICIES[policy]
    own = [pl.col(name).alias(f"_key_{name}") for name in rule.key]
    order = [
        pl.col("origin") == "agent_progress",
        "is_sidechain",
        -pl.col("output_tokens"),
        "first_seen",
        "session",
        "request_id",
        "file",
    ]
    spans = [pl.col("first_seen").min(), pl.col("last_seen").max(), pl.col("lines").sum()]
    spoken = [
        c.name for c in REQUESTS if c.name not in {"first_seen", "last_seen", "copies", "lines"}
    ]
    requests = (
        copies.lazy()
        .filter(pl.lit(rule.subagents) | ~pl.col("is_sidechain"))
        .filter(pl.lit(rule.progress) | (pl.col("origin") != "agent_progress"))
        .with_columns(_counted(rule))
        .sort(order, nulls_last=True)
        .group_by(*key(), *own, maintain_order=True)
        .agg(
            *(pl.col(n).first() for n in spoken if n != "message_id"),
            *spans,
            pl.len().alias("copies"),
        )
    )
    return (
        requests.select(c.name for c in REQUESTS)
        .sort("first_seen", "message_id", "origin", maintain_order=True)
        .collect()
    )


def key() -> list[pl.Expr]:
    """Return what makes two copies one request.

    The API's message ids are unique. A gateway may answer one id for ever, so any other id counts
    only together with session, request id and time.
    """
    other = ~pl.col("message_id").str.starts_with("msg_")
    return [
        pl.col("message_id"),
        pl.when(other).then(pl.col("session")).alias("_session"),
        pl.when(other).then(pl.col("request_id")).alias("_request"),
        pl.when(other).then(pl.col("first_seen")).alias("_at"),
    ]


def _counted(rule: Policy) -> list[pl.Expr]:
    """Return token columns as the policy counts them; the true ones stay what they are."""
    output = pl.col(rule.output).alias("output_tokens")
    if not rule.lines:
        return [output]
    return [output, *(pl.col(name) * pl.col("lines") for name in _TOKENS)]
